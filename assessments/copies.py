"""Find files of an attempt that other learners of the same programme handed in too, byte for byte."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.models import Evidence, Submission

# Of one file: a hand-out of the course lies in every attempt, and its list would be long and say nothing.
MOST_SHOWN = 20


@dataclass(frozen=True)
class Copy:
    """A file of an attempt, and the items of others that hold the same bytes, the earliest first."""

    item: Evidence
    others: list[Evidence]

    @property
    def shown(self) -> list[Evidence]:
        return self.others[:MOST_SHOWN]

    @property
    def learners(self) -> int:
        return len({other.submission.learner_id for other in self.others})


def copies_of(submission: Submission, items: Iterable[Evidence]) -> list[Copy]:
    """Exact copies alone: the same digest. A file that was changed by one letter is another one.

    Texts that were typed in count as files. Nothing is said of drafts, which nobody else sees.
    """
    items = [item for item in items if item.blob_id is not None]
    same = (
        Evidence.objects.filter(
            blob__in={item.blob_id for item in items},
            submission__programme=submission.programme_id,
            submission__submitted_at__isnull=False,
        )
        .exclude(submission__learner=submission.learner_id)
        .select_related("submission__learner", "submission__achievement")
        .order_by("submission__submitted_at", "pk")
    )
    found: dict[str | None, list[Evidence]] = defaultdict(list)
    for other in same:
        found[other.blob_id].append(other)
    return [Copy(item, found[item.blob_id]) for item in items if item.blob_id in found]
