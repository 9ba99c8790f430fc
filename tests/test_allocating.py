"""How work finds its assessors: pulled, by hand, equally, by share, by group, in no order."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Conflict, Enrolment, Submission
from assessments.models.lifecycle import State
from reviews.allocating import Part, assign, free, groups_in, set_allocation, unassign
from reviews.claiming import claim, claim_next, release
from reviews.matching import Bonds, Judge, Obstacle, Piece, Rules, match
from reviews.models import AllocationPolicy, Allotment, MarkingPolicy, Review
from reviews.models.allocation import Mode
from reviews.offering import WINDOW
from reviews.queueing import Filters, added_up, counters_by_programme, narrow, queue_of
from reviews.sharing_out import share_out, stuck_in
from reviews.skipping import skip
from reviews.workload import Team
from tests import factories
from workbench.access import Forbidden, take_role
from workbench.errors import DomainError
from workbench.models import Event, Notification, User


@pytest.fixture
def work(programme) -> list[Submission]:
    """Eight pieces by eight learners, handed in one after the other."""
    return [hand_in(programme, f"Learner{number} Noël") for number in range(8)]


def hand_in(programme, name: str, *, group: str = "", language: str = "") -> Submission:
    learner = factories.make_user(name)
    factories.enrol(programme, learner)
    Enrolment.objects.filter(programme=programme, learner=learner).update(group=group)
    submission = factories.make_submission(learner, programme)
    Submission.objects.filter(pk=submission.pk).update(language=language)
    submission.refresh_from_db()
    return submission


def allocate(programme, mode: Mode, by: User, *, random_order: bool = False, **parts: Part) -> None:
    named = {User.objects.get(email=f"{name}@example.org"): part for name, part in parts.items()}
    set_allocation(programme, mode=mode, random_order=random_order, parts=named, by=by)
    share_out()


def assigned(person: User) -> int:
    return Submission.objects.filter(assigned_to=person).count()


def refused(code: str, act, *arguments, **named) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        act(*arguments, **named)
    assert refusal.value.code == code
    return refusal.value


# --- Modes -----------------------------------------------------------------------------------------------


def test_nothing_is_assigned_where_assessors_take_the_next(work, bo, bea):
    assert share_out() == 0
    assert claim_next(queue_of(bo), by=bo).submission == work[0]
    assert claim_next(queue_of(bea), by=bea).submission == work[1]


def test_equal_shares_give_each_the_same(programme, work, bo, bea, mo):
    allocate(programme, Mode.EQUAL, mo)
    assert (assigned(bo), assigned(bea)) == (4, 4)
    assert list(queue_of(bo).oldest_first()) == list(Submission.objects.filter(assigned_to=bo).oldest_first())


def test_what_an_assessor_did_lately_counts_in_the_load(programme, ada, bo, bea, mo):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    allocate(programme, Mode.EQUAL, mo)
    hand_in(programme, "Eve Noël")
    assert share_out() == 1
    assert (assigned(bo), assigned(bea)) == (0, 1)
    Review.objects.update(ended_at=timezone.now() - timedelta(days=31))
    assert [judge.load for judge in Team(programme).judges] == [1, 0]


def test_shares_weigh_the_load(programme, work, bo, bea, mo):
    allocate(programme, Mode.SHARE, mo, bo=Part(3), bea=Part(1))
    assert (assigned(bo), assigned(bea)) == (6, 2)


def test_who_is_absent_gets_nothing_new_and_loses_what_waits(programme, work, bo, bea, mo):
    allocate(programme, Mode.EQUAL, mo)
    allocate(programme, Mode.EQUAL, mo, bo=Part(0))
    assert (assigned(bo), assigned(bea)) == (0, 8)


def test_each_group_goes_to_its_own_assessors(programme, bo, bea, mo):
    lille = hand_in(programme, "Manon Noël", group="Lille  A")
    mons = hand_in(programme, "Élodie Noël", group="Mons")
    lost = hand_in(programme, "Finn Noël", group="Gent")
    none = hand_in(programme, "Gus Noël")
    allocate(programme, Mode.GROUP, mo, bo=Part(1, ("lille a",)), bea=Part(1, ("Mons",)))
    for submission in (lille, mons, lost, none):
        submission.refresh_from_db()
    assert (lille.assigned_to, mons.assigned_to, lost.assigned_to, none.assigned_to) == (bo, bea, None, None)
    stuck = stuck_in(Team(programme))
    assert [one.submission for one in stuck] == [lost, none]
    assert {why for _person, why in stuck[0].why} == {"group"}


def test_what_nobody_can_take_is_told_to_managers_once(programme, ada, bo, mo, cy):
    factories.make_submission(ada, programme)
    Conflict.objects.create(learner=ada, assessor=bo, tie="family", declared_by=ada)
    allocate(programme, Mode.EQUAL, mo)
    share_out()
    assert [one.recipient for one in Notification.objects.filter(kind="unassignable")] == [mo]
    assert stuck_in(Team(programme))[0].why == [(bo, "conflict")]


def test_without_any_assessor_everything_is_stuck(programme, ada, mo):
    factories.make_submission(ada, programme)
    allocate(programme, Mode.EQUAL, mo)
    assert [one.why for one in stuck_in(Team(programme))] == [[]]


def test_shared_out_work_is_told_and_recorded(programme, ada, bo, mo):
    submission = factories.make_submission(ada, programme)
    allocate(programme, Mode.EQUAL, mo)
    notice = Notification.objects.get(kind="assigned")
    assert (notice.recipient, notice.delivery) == (bo, "digest")
    event = Event.objects.about(submission).get(verb="assigned")
    assert (event.actor, event.data) == (None, {"assessor": str(bo.pk)})


def test_sharing_out_again_changes_nothing(programme, work, bo, bea, mo):
    allocate(programme, Mode.EQUAL, mo)
    before = list(Submission.objects.order_by("pk").values_list("pk", "assigned_to", "assigned_at"))
    assert share_out() == 0
    assert list(Submission.objects.order_by("pk").values_list("pk", "assigned_to", "assigned_at")) == before


def test_work_under_investigation_is_not_shared_out(programme, ada, bo, mo):
    factories.make_submission(ada, programme)
    Submission.objects.update(held_at=timezone.now())
    allocate(programme, Mode.EQUAL, mo)
    assert assigned(bo) == 0


# --- Who may take it ---------------------------------------------------------------------------------------


def test_assigned_work_is_claimed_by_its_assessor_alone(programme, ada, bo, bea, mo):
    submission = factories.make_submission(ada, programme)
    assign(submission, to=bo, by=mo)
    assert claim_next(queue_of(bea), by=bea) is None
    refused("not-claimable", claim, submission, by=bea)
    assert submission not in queue_of(bea)
    assert claim_next(queue_of(bo), by=bo).submission == submission


@pytest.mark.parametrize("mode", [Mode.MANUAL, Mode.EQUAL])
def test_nobody_pulls_what_is_still_to_be_assigned(programme, ada, bo, mo, mode):
    set_allocation(programme, mode=mode, random_order=False, parts={}, by=mo)
    submission = factories.make_submission(ada, programme)
    refused("not-claimable", claim, submission, by=bo)
    assert claim_next(queue_of(bo), by=bo) is None
    assert submission in queue_of(mo)
    free(submission, by=mo)
    assert claim_next(queue_of(bo), by=bo).submission == submission


def test_what_was_freed_once_and_given_back_is_shared_out_again(programme, ada, bo, mo):
    submission = factories.make_submission(ada, programme)
    set_allocation(programme, mode=Mode.EQUAL, random_order=False, parts={}, by=mo)
    free(submission, by=mo)
    assert share_out() == 0
    release(claim(submission, by=bo), by=bo)
    assert share_out() == 1
    assert assigned(bo) == 1


def test_assigned_work_that_is_late_is_open_to_all(programme, ada, bo, bea, mo):
    programme.review_days = 5
    programme.save()
    allocate(programme, Mode.EQUAL, mo)
    submission = factories.make_submission(ada, programme)
    share_out()
    late = timezone.now() - timedelta(days=6)
    Submission.objects.update(submitted_at=late)
    assert share_out() == 0  # late, but with its assessor for a moment only
    Submission.objects.update(assigned_at=late)
    assert share_out() == 1
    submission.refresh_from_db()
    assert (submission.assigned_to, submission.freed_at is not None) == (None, True)
    assert share_out() == 0
    assert submission in queue_of(bo)
    assert submission in queue_of(bea)
    assert Event.objects.about(submission).filter(verb="freed", actor=None).exists()


# --- Again, when somebody cannot ---------------------------------------------------------------------------


def test_who_loses_the_role_loses_the_work(programme, work, bo, bea, mo):
    allocate(programme, Mode.EQUAL, mo)
    take_role(bo, "assessor", programme, by=mo)
    share_out()
    assert (assigned(bo), assigned(bea)) == (0, 8)


def test_who_is_switched_off_loses_the_work(programme, work, bo, bea, mo):
    allocate(programme, Mode.EQUAL, mo)
    User.objects.filter(pk=bo.pk).update(is_active=False)
    share_out()
    assert (assigned(bo), assigned(bea)) == (0, 8)


def test_what_bo_skips_goes_to_bea(programme, work, bo, bea, mo):
    allocate(programme, Mode.EQUAL, mo)
    review = claim_next(queue_of(bo), by=bo)
    skip(review, reason="field", by=bo)
    share_out()
    review.submission.refresh_from_db()
    assert review.submission.assigned_to == bea


def test_skipped_work_may_be_assigned_to_the_same_person_by_hand_and_stays(programme, ada, bo, bea, mo):
    submission = factories.make_submission(ada, programme)
    skip(claim(submission, by=bo), reason="language", by=bo)
    assign(submission, to=bo, by=mo)
    share_out()
    assert assigned(bo) == 1


def test_a_conflict_moves_the_work(programme, ada, bo, bea, mo):
    submission = factories.make_submission(ada, programme)
    allocate(programme, Mode.SHARE, mo, bo=Part(100))
    assert assigned(bo) == 1
    Conflict.objects.create(learner=ada, assessor=bo, tie="work", declared_by=bo)
    share_out()
    submission.refresh_from_db()
    assert submission.assigned_to == bea


def test_colleagues_are_not_matched(programme, ada, bo, bea, mo):
    for person, employer in ((ada, "ACME  SA"), (bo, "acme sa")):
        person.employer = employer
        person.save()
    factories.make_submission(ada, programme)
    allocate(programme, Mode.SHARE, mo, bo=Part(100))
    assert (assigned(bo), assigned(bea)) == (0, 1)


def test_the_second_marker_is_never_the_first(programme, ada, bo, bea, mo):
    MarkingPolicy.objects.create(programme=programme, markers="double_blind")
    submission = factories.make_submission(ada, programme)
    allocate(programme, Mode.SHARE, mo, bo=Part(100))
    assert factories.make_decision(submission, bo) is None
    share_out()
    submission.refresh_from_db()
    assert (submission.state, submission.assigned_to) == (State.SUBMITTED, bea)


def test_languages_that_nobody_reads_are_shown(programme, bo, bea, mo):
    User.objects.filter(pk=bo.pk).update(reads=["fr"])
    User.objects.filter(pk=bea.pk).update(reads=["en"])
    french, dutch = hand_in(programme, "Eve", language="fr"), hand_in(programme, "Finn", language="nl")
    allocate(programme, Mode.EQUAL, mo)
    french.refresh_from_db()
    assert french.assigned_to == bo
    assert [(one.submission, dict(one.why)) for one in stuck_in(Team(programme))] == [
        (dutch, {bo: "language", bea: "language"})
    ]


# --- By hand -----------------------------------------------------------------------------------------------


def test_a_moderator_assigns_moves_and_takes_back(programme, ada, bo, bea, cy):
    submission = factories.make_submission(ada, programme)
    assign(submission, to=bo, by=cy)
    assign(submission, to=bea, by=cy)
    assert (assigned(bo), assigned(bea)) == (0, 1)
    unassign(submission, by=cy)
    refused("not-assigned", unassign, submission, by=cy)
    verbs = Event.objects.about(submission).order_by("sequence").values_list("verb", flat=True)
    assert list(verbs)[-3:] == ["assigned", "assigned", "unassigned"]


def test_assigning_twice_to_the_same_person_is_assigning_once(programme, ada, bo, mo):
    submission = factories.make_submission(ada, programme)
    assign(submission, to=bo, by=mo)
    assign(submission, to=bo, by=mo)
    assert Notification.objects.filter(kind="assigned").count() == 1


def test_only_who_oversees_assigns(programme, ada, bo, bea, dee):
    submission = factories.make_submission(ada, programme)
    for person in (ada, bo, bea, dee):
        for act in (unassign, free):
            with pytest.raises(Forbidden):
                act(submission, by=person)
        with pytest.raises(Forbidden):
            assign(submission, to=bo, by=person)


def test_nobody_assigns_their_own_work(programme, mo, bo):
    factories.enrol(programme, mo)
    own = factories.make_submission(mo, programme)
    with pytest.raises(Forbidden):
        assign(own, to=bo, by=mo)


def test_what_binds_an_assessor_binds_the_manager(programme, ada, bo, bea, cy, mo):
    submission = factories.make_submission(ada, programme)
    refused("not-an-assessor", assign, submission, to=cy, by=mo)
    Conflict.objects.create(learner=ada, assessor=bo, tie="taught", declared_by=mo)
    assert "conflict of interest" in str(refused("not-assignable", assign, submission, to=bo, by=mo))
    factories.grant(ada, "assessor", programme)
    assert "their own" in str(refused("not-assignable", assign, submission, to=ada, by=mo))
    claim(submission, by=bea)
    refused("not-waiting", assign, submission, to=bea, by=mo)


# --- The policy --------------------------------------------------------------------------------------------


def test_only_who_manages_sets_the_policy(programme, bo, cy, mo, root):
    for person in (bo, cy):
        with pytest.raises(Forbidden):
            set_allocation(programme, mode=Mode.EQUAL, random_order=False, parts={}, by=person)
    for person in (mo, root):
        set_allocation(programme, mode=Mode.EQUAL, random_order=True, parts={}, by=person)
    assert AllocationPolicy.objects.get().random_order
    assert Event.objects.filter(verb="allocation-set").count() == 2


def test_bad_policies_are_refused(programme, bo, dee, mo):
    def policy(mode="equal", parts=None):
        return set_allocation(programme, mode=mode, random_order=False, parts=parts or {}, by=mo)

    refused("unknown-mode", policy, mode="lottery")
    refused("bad-share", policy, parts={bo: Part(101)})
    refused("bad-share", policy, parts={bo: Part(-1)})
    refused("bad-groups", policy, parts={bo: Part(1, ("x" * 61,))})
    refused("bad-groups", policy, parts={bo: Part(1, tuple(f"g{number}" for number in range(51)))})
    refused("not-an-assessor", policy, parts={dee: Part(1)})
    assert not AllocationPolicy.objects.exists()
    assert not Allotment.objects.exists()


def test_another_mode_shares_out_anew_and_pulling_frees(programme, work, bo, bea, mo):
    allocate(programme, Mode.EQUAL, mo)
    allocate(programme, Mode.SHARE, mo, bo=Part(7), bea=Part(1))
    assert (assigned(bo), assigned(bea)) == (7, 1)
    allocate(programme, Mode.MANUAL, mo)
    assert (assigned(bo), assigned(bea)) == (7, 1)
    allocate(programme, Mode.PULL, mo)
    assert (assigned(bo), assigned(bea)) == (0, 0)
    assert queue_of(bea).count() == 8


def test_what_a_moderator_sent_back_stays_with_its_assessor(programme, ada, bo, bea, mo):
    submission = factories.make_submission(ada, programme)
    review = claim(submission, by=bo)
    Review.objects.filter(pk=review.pk).update(state="returned")
    Submission.objects.update(
        state="submitted", claimed_by=None, lease_until=None, assigned_to=bo, assigned_at=timezone.now()
    )
    allocate(programme, Mode.SHARE, mo, bo=Part(0), bea=Part(1))
    allocate(programme, Mode.PULL, mo)
    assert assigned(bo) == 1
    assert claim_next(queue_of(bea), by=bea) is None


def test_groups_are_named_between_commas():
    assert groups_in(" Lille  A, Mons ,,Lille A\0,") == ("Lille A", "Mons")


# --- In no order -------------------------------------------------------------------------------------------


def test_in_no_order_takes_among_the_oldest_alone(programme, bo, mo):
    work = [hand_in(programme, f"Learner{number} Noël") for number in range(WINDOW + 4)]
    set_allocation(programme, mode=Mode.PULL, random_order=True, parts={}, by=mo)
    taken = []
    for round_ in range(4):
        review = claim_next(queue_of(bo), by=bo)
        taken.append(work.index(review.submission))
        assert taken[-1] < WINDOW + round_
    assert len(set(taken)) == 4


def test_in_no_order_is_not_always_the_oldest(programme, work, bo, mo):
    set_allocation(programme, mode=Mode.PULL, random_order=True, parts={}, by=mo)
    first = set()
    for _round in range(25):  # the oldest of eight each time: once in 8 ** 25
        review = claim_next(queue_of(bo), by=bo)
        first.add(review.submission_id)
        release(review, by=bo)
    assert len(first) > 1


def test_what_waited_for_days_comes_in_its_order(programme, work, bo, mo):
    set_allocation(programme, mode=Mode.PULL, random_order=True, parts={}, by=mo)
    for days, one in ((9, work[5]), (8, work[2])):
        Submission.objects.filter(pk=one.pk).update(submitted_at=timezone.now() - timedelta(days=days))
    assert [claim_next(queue_of(bo), by=bo).submission for _round in range(2)] == [work[5], work[2]]


@pytest.mark.django_db(transaction=True)
def test_eight_claimers_in_no_order_get_eight_pieces(programme, work, mo):
    set_allocation(programme, mode=Mode.PULL, random_order=True, parts={}, by=mo)
    people = [factories.make_user(f"Judge{number} Maes") for number in range(8)]
    for person in people:
        factories.grant(person, "assessor", programme)
    got = factories.at_once(lambda person: claim_next(queue_of(person), by=person), people)
    assert sorted(review.submission_id for review in got) == sorted(one.pk for one in work)


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_out_each_piece_once(programme, work, bo, bea, mo):
    set_allocation(programme, mode=Mode.EQUAL, random_order=False, parts={}, by=mo)
    moved = factories.at_once(lambda _number: share_out(), range(2))
    assert sum(moved) == 8
    assert Event.objects.filter(verb="assigned").count() == 8
    assert Notification.objects.filter(kind="assigned").count() == 8


# --- The queue ---------------------------------------------------------------------------------------------


def test_filters_tell_apart_who_has_the_work(programme, work, bo, bea, mo):
    factories.grant(mo, "assessor", programme)
    for one, person in ((work[0], bo), (work[1], bea), (work[2], mo)):
        assign(one, to=person, by=mo)

    def seen(who: str) -> set[Submission]:
        return set(narrow(queue_of(mo), Filters(assigned=who), user=mo))

    assert seen("me") == {work[2]}
    assert seen("others") == {work[0], work[1]}
    assert seen("none") == set(work[3:])
    assert added_up(counters_by_programme(mo, {})).assigned == 1
    assert added_up(counters_by_programme(bo, {})).waiting == 6  # his one and the five of nobody


def test_the_group_filter_asks_for_the_programme_of_the_work(programme, bo):
    lille = hand_in(programme, "Manon", group="Lille")
    hand_in(programme, "Élodie", group="Mons")
    assert list(narrow(queue_of(bo), Filters(group="Lille"), user=bo)) == [lille]


def test_who_also_assesses_elsewhere_sees_both_by_the_index(organisation, achievement, programme, ada, cy):
    """A moderator here who assesses in another programme: all of this one, there what may be offered."""
    other = factories.make_programme(organisation, achievement)
    factories.enrol(other, ada)
    factories.grant(cy, "assessor", other)
    set_allocation(other, mode=Mode.MANUAL, random_order=False, parts={}, by=manager(other))
    here, there = factories.make_submission(ada, programme), factories.make_submission(ada, other)
    assert list(queue_of(cy)) == [here]
    assign(there, to=cy, by=manager(other))
    assert set(queue_of(cy)) == {here, there}
    for number in range(4):
        learner = factories.make_user(f"Learner{number} Noël")
        for one in (programme, other):
            factories.enrol(one, learner)
            Submission.objects.filter(pk=factories.make_submission(learner, one).pk).update(
                state=State.WITHDRAWN
            )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        assert "submission_queue" in queue_of(cy).oldest_first().values("pk")[:26].explain()


def manager(programme) -> User:
    person = User.objects.filter(email="max@example.org").first() or factories.make_user("Max Manager")
    factories.grant(person, "manager", programme)
    return person


# --- Matching alone ----------------------------------------------------------------------------------------

ids = st.uuids(version=4)


@given(
    st.lists(
        st.builds(Piece, id=ids, learner=ids, achievement=ids), max_size=40, unique_by=lambda one: one.id
    ),
    st.lists(
        st.builds(Judge, id=ids, share=st.integers(1, 5), open=st.integers(0, 9)),
        min_size=1,
        max_size=6,
        unique_by=lambda one: one.id,
    ),
)
def test_nobody_is_passed_over_by_more_than_one(pieces, judges):
    """Whoever got a piece carried no more than any other before it."""
    loads = {judge.id: judge.load for judge in judges}
    for one in match(pieces, judges, Bonds(), Rules()):
        assert loads[one.judge.id] == min(loads.values())
        loads[one.judge.id] += 1


@given(st.sampled_from(Obstacle))
def test_each_obstacle_keeps_the_work_away(what):
    piece = Piece(*map(factories.uuid.UUID, ("1" * 32, "2" * 32, "3" * 32)), language="nl", group="Mons")
    person = piece.learner if what == Obstacle.OWN else factories.uuid.UUID("4" * 32)
    bonds = {
        Obstacle.CONFLICT: Bonds(ties=frozenset({(piece.learner, person)})),
        Obstacle.MARKED: Bonds(marked=frozenset({(piece.id, person)})),
        Obstacle.UNCALIBRATED: Bonds(uncalibrated=frozenset({(piece.achievement, person)})),
        Obstacle.SKIPPED: Bonds(skipped=frozenset({(piece.id, person)})),
    }
    judge = Judge(
        person,
        share=0 if what == Obstacle.ABSENT else 1,
        reads=frozenset({"fr"} if what == Obstacle.LANGUAGE else ()),
        groups=frozenset({"Lille" if what == Obstacle.GROUP else " mons"}),
    )
    (found,) = match([piece], [judge], bonds.get(what, Bonds()), Rules(by_group=True))
    assert (found.judge, found.obstacles) == (None, {person: what})
