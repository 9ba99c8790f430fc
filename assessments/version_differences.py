"""What changes for a learner who goes on under another version of an achievement."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from assessments.importing.difference import Difference, difference
from assessments.importing.records import ReferentialRecord
from assessments.importing.rows import read_record
from assessments.models import Achievement, Criterion, Evidence, Level, Referential, Rubric, Submission

JUDGED = ("rubric", "criterion", "level")


@dataclass(frozen=True)
class CriterionChange:
    """A criterion of either version: ``new``, ``gone``, ``changed`` (``notes`` say how) or ``same``."""

    kind: str
    criterion: Criterion
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ItemChange:
    """An evidence item, with the criteria that it goes on supporting and those that are gone."""

    item: Evidence
    kept: list[Criterion]
    lost: list[Criterion]

    @property
    def needs_one(self) -> bool:
        return not self.kept


def rubric_difference(old: Rubric, new: Referential) -> Difference | None:
    """What another version of the referential changes of a rubric; None where it has no such rubric."""
    before, after = read_record(old.referential), read_record(new)
    identifier = str(old.identifier)
    if all(rubric.identifier != identifier for rubric in after.rubrics):
        return None
    found = difference(_only(before, identifier), _only(after, identifier))
    return Difference(
        added=tuple(node for node in found.added if node.kind in JUDGED),
        removed=tuple(node for node in found.removed if node.kind in JUDGED),
        changed=tuple(change for change in found.changed if change.kind in JUDGED),
        unchanged=found.unchanged,
    )


def _only(record: ReferentialRecord, identifier: str) -> ReferentialRecord:
    rubrics = tuple(rubric for rubric in record.rubrics if rubric.identifier == identifier)
    return replace(record, rubrics=rubrics, associations=())


def criterion_changes(old: Achievement, new: Achievement) -> list[CriterionChange]:
    """Both come ``with_rubric``. In the order of the new rubric, then what is gone."""
    before = {criterion.identifier: criterion for criterion in old.criteria}
    after = {criterion.identifier for criterion in new.criteria}
    found = []
    for criterion in new.criteria:
        earlier = before.get(criterion.identifier)
        if earlier is None:
            found.append(CriterionChange("new", criterion, tuple(_required_note(None, new, criterion))))
            continue
        notes = tuple(_notes(old, earlier, new, criterion))
        found.append(CriterionChange("changed" if notes else "same", criterion, notes))
    gone = [one for one in old.criteria if one.identifier not in after]
    return found + [CriterionChange("gone", criterion) for criterion in gone]


def item_changes(submission: Submission, old: Achievement, new: Achievement) -> list[ItemChange]:
    """What the evidence of a draft supports under the new version."""
    staying = {criterion.identifier for criterion in new.criteria}
    by_id: dict[uuid.UUID, Criterion] = {criterion.pk: criterion for criterion in old.criteria}
    found = []
    for item in submission.evidence.in_order().with_supports():
        supported = [
            by_id[support.criterion_id] for support in item.supports.all() if support.criterion_id in by_id
        ]
        kept = [criterion for criterion in supported if criterion.identifier in staying]
        lost = [criterion for criterion in supported if criterion.identifier not in staying]
        found.append(ItemChange(item, kept, lost))
    return found


def _notes(old: Achievement, earlier: Criterion, new: Achievement, later: Criterion) -> Iterator[str]:
    if (earlier.titles, earlier.descriptions) != (later.titles, later.descriptions):
        yield _("It is worded anew.")
    before, after = list(earlier.levels.all()), list(later.levels.all())
    if len(before) != len(after):
        yield _("It has %(after)s levels instead of %(before)s.") % {
            "before": len(before),
            "after": len(after),
        }
    there = {level.identifier: level for level in before}
    reworded = [
        level
        for level in after
        if level.identifier in there and _words(there[level.identifier]) != _words(level)
    ]
    if reworded:
        yield _("Levels worded anew: %(levels)s.") % {
            "levels": ", ".join(level.quality for level in reworded)
        }
        yield from (f"{level.quality}: {level.description}" for level in reworded if level.description)
    if earlier.weight != later.weight:
        yield _("It weighs %(after)s instead of %(before)s.") % {
            "before": _weight(earlier),
            "after": _weight(later),
        }
    yield from _required_note((old, earlier), new, later)


def _required_note(
    before: tuple[Achievement, Criterion] | None, new: Achievement, criterion: Criterion
) -> Iterator[str]:
    required = _required(new, criterion)
    if before is None:
        if required is not None:
            yield _("Required: %(level)s.") % {"level": required.quality}
        return
    earlier = _required(*before)
    if (earlier.position if earlier else None) == (required.position if required else None):
        return
    yield _("Required is now %(after)s, before it was %(before)s.") % {
        "before": earlier.quality if earlier else _("no level"),
        "after": required.quality if required else _("no level"),
    }


def _required(achievement: Achievement, criterion: Criterion) -> Level | None:
    wanted = achievement.required_by_criterion.get(criterion.pk)
    return next((level for level in criterion.levels.all() if level.pk == wanted), None)


def _words(level: Level) -> tuple[object, ...]:
    return level.qualities, level.descriptions


def _weight(criterion: Criterion) -> str:
    return _("nothing") if criterion.weight is None else format(criterion.weight.normalize(), "f")
