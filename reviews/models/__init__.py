"""What is judged: reviews with their scores, decisions and the reports on them."""

from reviews.models.decision import Decision
from reviews.models.report import Report
from reviews.models.review import Review, Score

__all__ = ["Decision", "Report", "Review", "Score"]
