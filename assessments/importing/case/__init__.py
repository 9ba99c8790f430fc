"""CASE 1.0 and 1.1 packages (1EdTech Competencies and Academic Standards Exchange)."""

from assessments.importing.case.reading import read_case
from assessments.importing.case.writing import write_case

__all__ = ["read_case", "write_case"]
