"""What is asked of a learner, and what a learner hands in."""

from assessments.models.achievement import Achievement, RequiredLevel
from assessments.models.analysis import Analysis, Dismissal
from assessments.models.conflict import Conflict
from assessments.models.evidence import Blob, Evidence, Support
from assessments.models.extension import Extension
from assessments.models.hold import Hold
from assessments.models.move import RubricMove
from assessments.models.programme import Enrolment, Programme
from assessments.models.referential import Association, Competency, Referential
from assessments.models.rubric import Criterion, Level, Rubric
from assessments.models.skip import Skip
from assessments.models.submission import Submission

__all__ = [
    "Achievement",
    "Analysis",
    "Association",
    "Blob",
    "Competency",
    "Conflict",
    "Criterion",
    "Dismissal",
    "Enrolment",
    "Evidence",
    "Extension",
    "Hold",
    "Level",
    "Programme",
    "Referential",
    "RequiredLevel",
    "Rubric",
    "RubricMove",
    "Skip",
    "Submission",
    "Support",
]
