"""What is judged: reviews and decisions, how they are checked and appealed, and the reports on them."""

from reviews.models.allocation import AllocationPolicy, Allotment
from reviews.models.annotation import Annotation, FollowUp
from reviews.models.appeal import Appeal
from reviews.models.comment import BankComment
from reviews.models.decision import Decision
from reviews.models.exemplar import AgreedLevel, Calibration, CalibrationScore, Exemplar
from reviews.models.flag import Flag
from reviews.models.policy import MarkingPolicy, SamplingPolicy
from reviews.models.report import Report
from reviews.models.review import Review, Score
from reviews.models.verification import ActionPoint, Verification

__all__ = [
    "ActionPoint",
    "AgreedLevel",
    "AllocationPolicy",
    "Allotment",
    "Annotation",
    "Appeal",
    "BankComment",
    "Calibration",
    "CalibrationScore",
    "Decision",
    "Exemplar",
    "Flag",
    "FollowUp",
    "MarkingPolicy",
    "Report",
    "Review",
    "SamplingPolicy",
    "Score",
    "Verification",
]
