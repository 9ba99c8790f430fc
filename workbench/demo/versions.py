"""Give the demo world a new version of a rubric, and learners who are asked whether they move."""

from dataclasses import replace

from assessments.importing.records import LevelRecord, ReferentialRecord, RubricRecord
from assessments.importing.rows import read_record
from assessments.importing.saving import adopt, save
from assessments.models import Achievement, Criterion, Level, Rubric
from assessments.models.lifecycle import State
from assessments.versioning import Uptake, new_version, offer_moves, take_up
from workbench.demo import stage

VERSION = "1.1"
REWORDED = {
    "en": "Names the hosts, the protocols and the times, and shows the packets that prove each of them.",
    "fr": "Nomme les hôtes, les protocoles et les heures, et montre les paquets qui prouvent chacun d'eux.",
    "nl": "Noemt de hosts, de protocollen en de tijden, en toont de pakketten die elk daarvan bewijzen.",
}


def bring(built: stage.Stage) -> None:
    """Root adopts it, takes it up in the pilot, and Mo offers the move; nobody has answered yet."""
    root, mo = built.people["root"], built.people["mo"]
    drafts = built.pilot.submissions.filter(state=State.DRAFT).select_related(
        "achievement__rubric__referential"
    )
    # Someone whom visitors sign in as, where there is such a draft.
    known = drafts.filter(learner__in=[built.people["ada"], built.people["alan"]])
    draft = known.order_by("created_at", "pk").first() or drafts.order_by("created_at", "pk").first()
    if draft is None:
        return
    old: Achievement = draft.achievement
    record = _reworded(read_record(old.rubric.referential), str(old.rubric.identifier))
    referential = save(record, organisation=old.organisation, by=root)
    if referential.is_draft:
        referential = adopt(referential, by=root)
    rubric = Rubric.objects.get(referential=referential, identifier=old.rubric.identifier)
    new = new_version(
        old,
        rubric,
        names=old.names,
        descriptions=old.descriptions,
        narratives=old.narratives,
        required=_required(old, rubric),
        competencies=list(
            referential.competencies.filter(identifier__in=old.competencies.values("identifier"))
        ),
        minimum_total=old.minimum_total,
        validity=old.validity,
        max_attempts=old.max_attempts,
        tags=old.tags,
        by=root,
    )
    take_up(built.pilot, new, uptake=Uptake.NEW, by=root)
    offer_moves(built.pilot, new, by=mo)


def _reworded(record: ReferentialRecord, identifier: str) -> ReferentialRecord:
    """The same with the best level of the first criterion worded anew in one rubric."""

    def changed(rubric: RubricRecord) -> RubricRecord:
        first, *others = rubric.criteria
        *levels, best = first.levels
        better: LevelRecord = replace(best, descriptions=REWORDED)
        return replace(rubric, criteria=(replace(first, levels=(*levels, better)), *others))

    rubrics = tuple(changed(one) if one.identifier == identifier else one for one in record.rubrics)
    return replace(record, version=VERSION, rubrics=rubrics)


def _required(old: Achievement, rubric: Rubric) -> dict[Criterion, Level]:
    positions = {
        row.criterion.identifier: row.level.position
        for row in old.required_levels.select_related("criterion", "level")
    }
    return {
        criterion: criterion.levels.get(position=positions[criterion.identifier])
        for criterion in rubric.criteria.all()
        if criterion.identifier in positions
    }
