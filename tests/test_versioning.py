"""A new version of an achievement: who is hit, who starts with what, keep or move."""

import uuid

import pytest

from assessments.attempts import runs
from assessments.extending import awaited
from assessments.following import work_of
from assessments.impact import impact, numbers
from assessments.models import Achievement, Criterion, Programme, Rubric, RubricMove, Submission
from assessments.models.lifecycle import State
from assessments.submitting import earlier_attempts, start, submit, withdraw
from assessments.version_differences import criterion_changes, item_changes
from assessments.versioning import Uptake, answer_move, new_version, offer_moves, take_up
from reviews.claiming import claim
from reviews.models import MarkingPolicy
from reviews.models.decision import Outcome
from tests import factories
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.jobs import run_due
from workbench.models import Event, Notification


def code_of(act) -> str:
    with pytest.raises(DomainError) as refusal:
        act()
    return refusal.value.code


def now(row):
    return type(row).objects.get(pk=row.pk)


def newer_rubric(old: Rubric, organisation) -> Rubric:
    """C1 stays but for a level worded anew, C2 is gone, C3 is new."""
    referential = factories.make_referential(organisation)
    rubric = factories.make_rubric(referential)
    first, second = rubric.criteria.all()
    Rubric.objects.filter(pk=rubric.pk).update(identifier=old.identifier)
    kept = old.criteria.get(code="C1")
    Criterion.objects.filter(pk=first.pk).update(identifier=kept.identifier)
    for level in first.levels.all():
        level.identifier = kept.levels.get(position=level.position).identifier
        level.save()
    first.levels.filter(position=2).update(descriptions={"en": "Shows half of it."})
    Criterion.objects.filter(pk=second.pk).update(code="C3", titles={"en": "Criterion 3"})
    return Rubric.objects.get(pk=rubric.pk)


def definition_on(rubric: Rubric, position: int = 3) -> dict:
    return {
        "names": {"en": "Firewall management"},
        "descriptions": {"en": "Anew."},
        "narratives": {"en": "Anew."},
        "required": {one: one.levels.get(position=position) for one in rubric.criteria.all()},
        "competencies": list(rubric.referential.competencies.all()),
        "minimum_total": None,
        "validity": None,
        "max_attempts": None,
        "tags": [],
    }


@pytest.fixture
def achievement(achievement) -> Achievement:
    return now(achievement)


@pytest.fixture
def rubric(achievement, organisation) -> Rubric:
    return newer_rubric(achievement.rubric, organisation)


@pytest.fixture
def new(achievement, rubric, root) -> Achievement:
    return new_version(achievement, rubric, by=root, **definition_on(rubric))


@pytest.fixture
def offered(programme, new, root) -> Programme:
    return take_up(programme, new, uptake=Uptake.NEW, by=root)


@pytest.fixture
def draft(ada, programme) -> Submission:
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    return draft


@pytest.fixture
def returned(ada, bo, programme, achievement) -> Submission:
    """Judged before the new version came: it stands before ``offered`` among the arguments."""
    return factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN).submission


@pytest.fixture
def move(draft, offered, new, mo) -> RubricMove:
    return offer_moves(offered, new, by=mo)[0]


# --- The new version -------------------------------------------------------------------------------


def test_root_defines_the_next_version_under_the_same_short_name(achievement, new):
    assert (new.code, new.version, new.replaces) == (achievement.code, "2.0", achievement)
    assert Event.objects.filter(verb="achievement-defined").last().data["replaces"] == str(achievement.pk)


@pytest.mark.parametrize("who", ["ada", "bo", "cy", "mo", "dee"])
def test_nobody_else_defines_it(achievement, rubric, who, request):
    with pytest.raises(Forbidden):
        new_version(achievement, rubric, by=request.getfixturevalue(who), **definition_on(rubric))


def test_it_rests_on_another_version_of_the_same_referential(achievement, organisation, root):
    elsewhere = factories.make_rubric(factories.make_referential(organisation, identifier=uuid.uuid4()))
    for wrong in (elsewhere, achievement.rubric):
        act = lambda wrong=wrong: new_version(achievement, wrong, by=root, **definition_on(wrong))  # noqa: E731
        assert code_of(act) == "not-its-referential"


def test_one_version_has_one_successor(achievement, rubric, new, root):
    act = lambda: new_version(achievement, rubric, by=root, **definition_on(rubric))  # noqa: E731
    assert code_of(act) == "replaced-already"


# --- What a programme makes of it --------------------------------------------------------------------


def test_whoever_starts_from_now_on_takes_the_new_one(offered, achievement, new, ada):
    assert code_of(lambda: start(offered, achievement, by=ada)) == "closed-version"
    assert [work.achievement for work in work_of(ada)] == [new]
    assert start(offered, new, by=ada).achievement == new


def test_both_are_open_where_root_says_so(programme, achievement, new, ada, root):
    take_up(programme, new, uptake=Uptake.BOTH, by=root)
    assert {work.achievement for work in work_of(ada)} == {achievement, new}
    start(programme, achievement, by=ada)
    assert code_of(lambda: start(programme, new, by=ada)) == "already-open"
    assert [work.achievement for work in work_of(ada)] == [achievement]


def test_root_goes_back_to_the_old_one(offered, achievement, new, ada, root):
    take_up(offered, new, uptake=Uptake.OLD, by=root)
    assert code_of(lambda: start(offered, new, by=ada)) == "closed-version"
    assert start(offered, achievement, by=ada).achievement == achievement


def test_only_root_chooses_and_only_what_there_is(programme, achievement, new, mo, root):
    with pytest.raises(Forbidden):
        take_up(programme, new, uptake=Uptake.NEW, by=mo)
    assert code_of(lambda: take_up(programme, new, uptake="", by=root)) == "unknown-uptake"
    assert code_of(lambda: take_up(programme, achievement, uptake="new", by=root)) == "no-version-before"


def test_the_marking_rules_come_along_once(programme, achievement, new, root):
    MarkingPolicy.objects.create(programme=programme, achievement=achievement, markers="double_blind")
    take_up(programme, new, uptake=Uptake.BOTH, by=root)
    MarkingPolicy.objects.filter(achievement=new).update(markers="single")
    take_up(programme, new, uptake=Uptake.NEW, by=root)
    assert {one.achievement: one.markers for one in MarkingPolicy.objects.all()} == {
        achievement: "double_blind",
        new: "single",
    }


def test_a_draft_at_a_closed_version_is_handed_in_all_the_same(draft, offered, ada):
    assert submit(draft, declaration=True, by=ada).state == State.SUBMITTED


# --- Attempts over both versions ---------------------------------------------------------------------


def test_after_a_return_one_goes_on_with_the_version_one_began_with(returned, ada, offered, achievement, new):
    assert code_of(lambda: start(offered, new, by=ada)) == "other-version"
    again = start(offered, achievement, by=ada)
    assert (again.attempt, again.achievement) == (2, achievement)


def test_an_earned_version_is_said_and_the_new_one_may_be_earned_too(
    ada, bo, programme, achievement, new, root
):
    new.max_attempts = achievement.max_attempts = 1
    new.save()
    achievement.save()
    factories.make_decision(factories.make_submission(ada, programme), bo)
    offered = take_up(programme, new, uptake=Uptake.NEW, by=root)
    assert code_of(lambda: start(offered, achievement, by=ada)) == "already-earned"
    unbegun = next(work for work in work_of(ada) if not work.attempts)
    assert (unbegun.achievement, unbegun.earned_before, unbegun.can_start) == (new, "1.0", True)
    draft = start(offered, new, by=ada)
    assert (draft.attempt, draft.evidence.count(), earlier_attempts(draft)) == (2, 0, [])
    assert [work.achievement for work in work_of(ada)] == [new, achievement]


def test_runs_part_where_a_badge_was_earned():
    one, two = uuid.uuid4(), uuid.uuid4()
    attempts = [
        Submission(achievement_id=version, state=state)
        for version, state in ((two, "draft"), (two, "returned"), (one, "approved"), (one, "returned"))
    ]
    assert [len(run) for run in runs(attempts)] == [2, 2]
    assert list(runs([])) == []


def test_withdrawn_work_binds_to_no_version_and_brings_what_fits(draft, offered, new, ada, achievement):
    support = draft.evidence.get().supports.first()
    withdraw(draft, by=ada)
    again = start(offered, new, by=ada)
    kept = set(again.evidence.get().supports.values_list("criterion__identifier", flat=True))
    assert kept <= set(new.rubric.criteria.values_list("identifier", flat=True))
    assert again.previous == draft and support is not None


# --- The offer ---------------------------------------------------------------------------------------


def test_ada_hears_of_the_offer_and_nothing_moves(move, draft, achievement, ada, mo):
    assert (move.old, move.offered_by, now(draft).achievement) == (achievement, mo, achievement)
    assert Notification.objects.get(kind="rubric-changed").recipient == ada
    assert Event.objects.filter(verb="move-offered", subject_id=str(draft.pk)).count() == 1


@pytest.mark.parametrize("who", ["ada", "bo", "cy", "dee"])
def test_nobody_but_mo_and_root_offers(draft, offered, new, who, request):
    with pytest.raises(Forbidden):
        offer_moves(offered, new, by=request.getfixturevalue(who))


def test_the_same_is_not_offered_twice(move, offered, new, ada, mo):
    assert code_of(lambda: offer_moves(offered, new, by=mo)) == "nobody-to-offer"
    answer_move(move, answer="keep", by=ada)
    assert code_of(lambda: offer_moves(offered, new, by=mo)) == "nobody-to-offer"


def test_what_is_not_offered_in_the_programme_is_offered_to_nobody(draft, programme, new, mo):
    assert code_of(lambda: offer_moves(programme, new, by=mo)) == "not-offered"


def test_work_that_was_handed_in_is_never_offered_a_move(ada, alan, bo, programme, new, mo, root):
    factories.make_submission(ada, programme)
    claim(factories.make_submission(alan, programme), by=bo)
    offered = take_up(programme, new, uptake=Uptake.NEW, by=root)
    assert code_of(lambda: offer_moves(offered, new, by=mo)) == "nobody-to-offer"


# --- The answer --------------------------------------------------------------------------------------


def test_to_keep_changes_nothing_and_mo_hears_it(move, draft, achievement, ada, mo):
    answer_move(move, answer="keep", by=ada)
    assert now(draft).achievement == achievement
    told = Notification.objects.get(kind="move-answered")
    assert (told.recipient, told.data["answer"], told.delivery) == (mo, "keep", "digest")


def test_to_move_takes_the_supports_along_by_criterion(move, draft, new, achievement, ada):
    item = draft.evidence.get()
    gone = achievement.rubric.criteria.get(code="C2")
    item.supports.all().delete()
    for code in ("C1", "C2"):
        item.supports.create(criterion=achievement.rubric.criteria.get(code=code), justification=code)
    answer_move(move, answer="move", by=ada)
    draft = now(draft)
    assert draft.achievement == new
    assert [(one.criterion, one.justification) for one in item.supports.all()] == [
        (new.rubric.criteria.get(code="C1"), "C1")
    ]
    event = Event.objects.get(verb="move-answered")
    assert event.data["dropped"] == [{"evidence": str(item.pk), "criterion": str(gone.pk)}]
    assert (event.data["old"], event.data["new"]) == (str(achievement.pk), str(new.pk))
    assert submit(draft, declaration=True, by=ada).manifest["rubric"] == str(new.rubric_id)
    assert list(breaks()) == []


@pytest.mark.parametrize("who", ["alan", "bo", "mo", "root"])
def test_nobody_answers_for_ada(move, who, request):
    with pytest.raises(Forbidden):
        answer_move(move, answer="move", by=request.getfixturevalue(who))


def test_an_answer_is_given_once_and_is_one_of_two(move, ada):
    assert code_of(lambda: answer_move(move, answer="perhaps", by=ada)) == "unknown-answer"
    answer_move(move, answer="keep", by=ada)
    assert code_of(lambda: answer_move(move, answer="move", by=ada)) == "answered-already"


@pytest.mark.parametrize("end", ["submit", "withdraw"])
def test_the_offer_lapses_when_the_work_is_handed_in_or_taken_back(move, draft, ada, end):
    submit(draft, declaration=True, by=ada) if end == "submit" else withdraw(draft, by=ada)
    assert now(move).lapsed_at is not None
    assert code_of(lambda: answer_move(move, answer="move", by=ada)) == "offer-lapsed"


def test_a_version_that_is_no_longer_offered_is_not_moved_to(move, offered, new, ada, root):
    take_up(offered, new, uptake=Uptake.OLD, by=root)
    assert code_of(lambda: answer_move(move, answer="move", by=ada)) == "not-offered"
    assert answer_move(move, answer="keep", by=ada).answer == "keep"


def test_after_a_return_the_next_attempt_moves_and_the_judged_one_stays(
    returned, ada, mo, offered, achievement, new
):
    [move] = offer_moves(offered, new, by=mo)
    answer_move(move, answer="move", by=ada)
    assert now(returned).achievement == achievement
    assert [work.achievement for work in work_of(ada)] == [new]
    assert code_of(lambda: start(offered, achievement, by=ada)) == "other-version"
    again = start(offered, new, by=ada)
    assert (again.attempt, again.previous, earlier_attempts(again)) == (2, returned, [returned])
    assert not awaited().exists()


def test_an_open_offer_goes_with_the_work_into_the_next_draft(returned, ada, mo, offered, achievement, new):
    [move] = offer_moves(offered, new, by=mo)
    draft = start(offered, achievement, by=ada)
    assert now(move).submission == draft
    answer_move(move, answer="move", by=ada)
    assert (now(draft).achievement, now(draft).attempt) == (new, 2)
    assert len(work_of(ada)) == 1


# --- Many at once ------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_counts(move, ada):
    results = factories.at_once(lambda answer: answer_move(move, answer=answer, by=ada), ["keep", "move"])
    lost = [one for one in results if isinstance(one, DomainError)]
    assert [error.code for error in lost] == ["answered-already"], results
    assert Event.objects.filter(verb="move-answered").count() == 1
    assert list(breaks()) == []


@pytest.mark.django_db(transaction=True)
def test_answering_while_handing_in_ends_in_one_version_whole(move, draft, new, achievement, ada):
    acts = {
        "move": lambda: answer_move(move, answer="move", by=ada),
        "submit": lambda: submit(draft, declaration=True, by=ada),
    }
    results = dict(zip(acts, factories.at_once(lambda name: acts[name](), acts), strict=True))
    draft, move = now(draft), now(move)
    assert draft.state == State.SUBMITTED or "criteria-missing" in str(getattr(results["submit"], "code", ""))
    assert draft.achievement == (new if move.answer else achievement), results
    if draft.state == State.SUBMITTED:
        assert draft.manifest["rubric"] == str(draft.achievement.rubric_id)
    assert bool(move.answer) != (move.lapsed_at is not None)
    assert list(breaks()) == []


@pytest.mark.django_db(transaction=True)
def test_two_first_attempts_at_two_versions_at_once_make_one(programme, achievement, new, ada, root):
    take_up(programme, new, uptake=Uptake.BOTH, by=root)
    results = factories.at_once(lambda version: start(programme, version, by=ada), [achievement, new])
    assert sum(isinstance(one, Submission) for one in results) == 1, results
    assert [one.code for one in results if isinstance(one, DomainError)] == ["already-open"]


# --- Who is hit, and what changes ----------------------------------------------------------------------


def test_everything_under_the_old_version_is_counted(ada, alan, bo, programme, rubric, achievement, mo, root):
    people = [factories.make_user(f"Learner{number}") for number in range(4)]
    factories.enrol(programme, *people)
    factories.make_draft(ada, programme)
    factories.make_submission(alan, programme)
    claim(factories.make_submission(people[0], programme), by=bo)
    factories.make_decision(factories.make_submission(people[1], programme), bo, Outcome.RETURN)
    factories.make_decision(factories.make_submission(people[2], programme), bo)
    run_due()
    factories.make_held(factories.make_submission(people[3], programme), bo)
    for person in (mo, root):
        [one] = impact(rubric.referential, seen_by=person)
        [hit] = one.hits
        assert (hit.drafts, hit.returned, hit.submitted, hit.in_review) == (1, 1, 1, 1)
        assert (hit.moderation, hit.badges) == (1, 1)
    assert (one.achievement, one.successor, one.rubric) == (achievement, None, rubric.pk)
    assert {node.code for node in one.difference.removed if node.kind == "criterion"} == {"C2"}
    assert {node.code for node in one.difference.added if node.kind == "criterion"} == {"C3"}
    assert numbers([one]).judged == 3 and numbers([]) is None
    assert impact(achievement.rubric.referential, seen_by=root) == []


def test_mo_sees_no_programme_of_others(programme, organisation, achievement, rubric, mo, root):
    factories.make_programme(organisation, achievement)
    assert [len(impact(rubric.referential, seen_by=person)[0].hits) for person in (mo, root)] == [1, 2]


def test_the_changes_are_said_in_plain_words(draft, achievement, new):
    old, later = (Achievement.objects.with_rubric().get(pk=one.pk) for one in (achievement, new))
    changes = {one.criterion.code: one for one in criterion_changes(old, later)}
    assert {code: one.kind for code, one in changes.items()} == {"C1": "changed", "C3": "new", "C2": "gone"}
    assert changes["C1"].notes == ("Levels worded anew: Level 1.", "Level 1: Shows half of it.")
    assert changes["C3"].notes == ("Required: Level 2.",)
    assert [one.kind for one in criterion_changes(old, old)] == ["same", "same"]
    item = draft.evidence.get()
    item.supports.all().delete()
    item.supports.create(criterion=achievement.rubric.criteria.get(code="C2"))
    [change] = item_changes(draft, old, later)
    assert change.needs_one and [one.code for one in change.lost] == ["C2"]


def test_another_required_level_is_told(achievement, rubric, root):
    new = new_version(achievement, rubric, by=root, **definition_on(rubric, position=4))
    old, later = (Achievement.objects.with_rubric().get(pk=one.pk) for one in (achievement, new))
    assert "Required is now Level 3, before it was Level 2." in criterion_changes(old, later)[0].notes
