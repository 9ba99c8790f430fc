"""A small world in which everything exists once: the ground of the access tables."""

from dataclasses import dataclass
from typing import Any

from assessments.models import Submission
from reviews.models import Review
from workbench.models import User


@dataclass
class World:
    organisation: Any
    programme: Any
    achievement: Any
    submission: Submission
    draft: Submission
    review: Review
    credential: Any
    people: dict[str, User]
    report: Any = None
    token: Any = None
    earned_evidence: Any = None
    note: Any = None
    comment: Any = None
    exemplar: Any = None
    calibration: Any = None
    appeal: Any = None
    hold: Any = None
