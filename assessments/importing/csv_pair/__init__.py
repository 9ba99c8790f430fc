"""The CSV pair: competencies and rubric as two tables that a spreadsheet edits."""

from assessments.importing.csv_pair.reading import read_csv
from assessments.importing.csv_pair.writing import write_csv

__all__ = ["read_csv", "write_csv"]
