"""What is judged: reviews with their scores and notes, decisions, shared comments and the reports on them."""

from reviews.models.annotation import Annotation, FollowUp
from reviews.models.comment import BankComment
from reviews.models.decision import Decision
from reviews.models.flag import Flag
from reviews.models.report import Report
from reviews.models.review import Review, Score

__all__ = ["Annotation", "BankComment", "Decision", "Flag", "FollowUp", "Report", "Review", "Score"]
