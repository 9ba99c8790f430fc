"""Packages and tables in the shape of real ones."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from assessments.importing.problems import Read
from assessments.importing.records import ReferentialRecord

FOLDER = Path(__file__).parent
PILOT = FOLDER.parents[2] / "assessments" / "importing" / "pilot"

CASE_1_0 = (FOLDER / "case-1.0.json").read_bytes()
CASE_1_1 = (FOLDER / "case-1.1.json").read_bytes()

COMPETENCIES = b"code,parent,title_en,title_fr\nA,,Alpha,Alfa\nB,A,Beta,\n"
RUBRIC = (
    b"criterion,competency,criterion_title_en,weight,level,points,quality_en\n"
    b"C1,B,Care,1,1,0,Low\n"
    b"C1,,,,2,1,High\n"
)
REFERENTIAL = b"field,value\ntitle_en,Small\ncreator,Mo\n"


def tables(
    competencies: bytes = COMPETENCIES, rubric: bytes = RUBRIC, referential: bytes = REFERENTIAL
) -> dict[str, bytes]:
    return {"competencies.csv": competencies, "rubric.csv": rubric, "referential.csv": referential}


def package(**changes: Any) -> dict[str, Any]:
    """A small right package; ``changes`` replace its top-level parts."""
    minimal: dict[str, Any] = {
        "CFDocument": {
            "identifier": "11111111-1111-4111-8111-111111111111",
            "title": "Small",
            "creator": "Mo",
            "lastChangeDateTime": "2026-01-01T00:00:00Z",
        },
        "CFItems": [item(1), item(2)],
    }
    return {**deepcopy(minimal), **changes}


def item(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "identifier": f"22222222-2222-4222-8222-{number:012d}",
        "fullStatement": f"Statement {number}",
        "humanCodingScheme": f"S{number}",
        **changes,
    }


def child_of(child: str, parent: str, **changes: Any) -> dict[str, Any]:
    return {
        "associationType": "isChildOf",
        "originNodeURI": {"identifier": child},
        "destinationNodeURI": {"identifier": parent},
        **changes,
    }


def as_bytes(value: Any) -> bytes:
    return json.dumps(value).encode()


def told(read: Read) -> list[tuple[str, str]]:
    """What went wrong: place and code of each problem."""
    return [(problem.where, problem.code) for problem in read.problems]


def record_of(read: Read) -> ReferentialRecord:
    assert not read.problems, read.problems
    assert read.record is not None
    return read.record
