"""The sample: what each strategy asks for, how the share tapers, and that nobody can foresee the draw."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from reviews import sampling
from reviews.appealing import appeal, rule_on
from reviews.bordering import Judged, is_borderline
from reviews.claiming import claim
from reviews.deciding import decide
from reviews.drawing import DRAWS, STEPS, Case, Marker, drawn, tapered
from reviews.flagging import flag
from reviews.models import Decision, Review, SamplingPolicy
from reviews.models.appeal import Ruling
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule
from reviews.moderating import Point, accept, send_back
from reviews.replaying import replay
from reviews.sampling_policy import Strategy, end_sampling, history, sampling_in_words, set_sampling
from reviews.scoring import Mark, save_scores
from tests import factories
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event

ALL = EvidenceRule.values


# --- Tapering --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "share"), [(0, 30), (1, 28), (5, 20), (9, 12), (10, 10), (11, 10), (500, 10), (-1, 30)]
)
def test_the_share_falls_in_ten_steps_to_the_least(accepted, share):
    assert tapered(30, 10, accepted) == share


@given(st.integers(0, 100), st.integers(0, 100), st.integers(-5, 50))
def test_a_tapered_share_stays_between_both_and_never_rises_with_acceptance(one, other, accepted):
    least, share = sorted((one, other))
    assert least <= tapered(share, least, accepted) <= share
    assert tapered(share, least, accepted + 1) <= tapered(share, least, accepted)
    assert tapered(share, least, 0) == share
    assert tapered(share, least, STEPS) == least


# --- Drawing ---------------------------------------------------------------------------------------


def rules(**fields) -> SamplingPolicy:
    off = {
        "share": 0, "least_share": 0, "tapers": False, "first_decisions": 0, "each_pair": False,
        "low_agreement": False, "borderline": False, "fast": False,
    }  # fmt: skip
    return SamplingPolicy(**(off | fields))


def case(**fields) -> Case:
    marker = {name: fields.pop(name) for name in list(fields) if name in Marker.__dataclass_fields__}
    one = Marker(**({"made": 50, "pair_checked": True} | marker))
    return Case(**({"is_approval": True, "markers": (one,), "draw": DRAWS - 1} | fields))


@pytest.mark.parametrize(
    ("policy", "facts", "reasons"),
    [
        ({"first_decisions": 3}, {"made": 3}, ["first"]),
        ({"first_decisions": 3}, {"made": 4}, []),
        ({"each_pair": True}, {"pair_checked": False}, ["pair"]),
        ({"each_pair": True}, {"pair_checked": True}, []),
        ({}, {"pair_checked": False}, []),
        ({"share": 10}, {"draw": 999}, ["random"]),
        ({"share": 10}, {"draw": 1000}, []),
        ({"share": 100}, {"draw": DRAWS - 1}, ["random"]),
        ({"share": 0}, {"draw": 0}, []),
        ({"low_agreement": True}, {"agrees_little": True}, ["agreement"]),
        ({}, {"agrees_little": True}, []),
        ({"borderline": True}, {"is_borderline": True}, ["border"]),
        ({}, {"is_borderline": True}, []),
        ({"fast": True}, {"was_fast": True}, ["fast"]),
        ({}, {"was_fast": True}, []),
        ({}, {"is_flagged": True}, ["flag"]),
        ({}, {"was_appealed": True}, ["appeal"]),
        ({}, {"was_sent_back": True}, ["recheck"]),
        ({"share": 30, "least_share": 10, "tapers": True}, {"draw": 1500, "accepted": 10}, []),
        ({"share": 30, "least_share": 10, "tapers": True}, {"draw": 1500, "accepted": 0}, ["random"]),
        ({"share": 30, "least_share": 10}, {"draw": 1500, "accepted": 10}, ["random"]),
    ],
)
def test_each_strategy_asks_for_its_own(policy, facts, reasons):
    assert drawn(case(**facts), rules(**policy)).reasons == reasons


def test_outcomes_that_the_policy_leaves_out_are_checked_only_for_what_somebody_asked():
    policy = rules(share=100, first_decisions=9, each_pair=True, borderline=True, only_approvals=True)
    facts = {"is_approval": False, "made": 1, "pair_checked": False, "is_borderline": True}
    assert drawn(case(**facts), policy).reasons == []
    asked = case(**facts, is_flagged=True, was_appealed=True, was_sent_back=True)
    assert drawn(asked, policy).reasons == ["flag", "appeal", "recheck"]
    policy.only_approvals = False
    assert drawn(case(**facts), policy).reasons == ["first", "pair", "random", "border"]


def test_without_a_policy_only_what_was_returned_is_checked():
    facts = {"is_flagged": True, "was_appealed": True, "made": 1, "agrees_little": True}
    assert drawn(case(**facts), None).reasons == []
    assert drawn(case(**facts, was_sent_back=True), None).reasons == ["recheck"]


def test_of_several_markers_the_one_to_check_most_counts():
    old, new = Marker(50, True, accepted=10), Marker(2, False, accepted=0)
    policy = rules(share=30, least_share=10, tapers=True, first_decisions=3, each_pair=True)
    result = drawn(Case(True, (old, new), draw=2999), policy)
    assert (result.reasons, result.share) == (["first", "pair", "random"], 30)


# --- The border ------------------------------------------------------------------------------------


def judged(*positions: int, required: int | None = 3, weight: int = 1) -> list[Judged]:
    """Levels of 0, 1, 2, 3 points at positions 1 to 4."""
    least = required or 1
    return [
        Judged(at, required, Decimal(at - 1), Decimal(least - 1), Decimal(3), Decimal(weight))
        for at in positions
    ]


@pytest.mark.parametrize(
    ("results", "minimum", "border"),
    [
        (judged(3, 3), None, True),  # exactly what is required
        (judged(3, 4), None, False),  # 83 % where 67 % pass
        (judged(4, 4), None, False),
        (judged(*[3] * 19, 4), None, True),  # one better of twenty: 68 %
        (judged(3, 4), Decimal(80), True),  # 83 % where the minimum is 80 %
        (judged(4, 4), Decimal(100), False),  # no criterion at its required level
        (judged(2, 4), None, True),  # one criterion, one level short
        (judged(1, 4), None, False),  # two levels short
        (judged(2, 2), None, False),  # two criteria short
        (judged(3, 4), Decimal(85), True),  # every level reached, the total just too low
        (judged(3, 3), Decimal(90), False),  # far too low
        (judged(2, 3, required=None), None, False),  # nothing is required
        ([], None, False),
    ],
)
def test_what_lies_at_the_border(results, minimum, border):
    assert is_borderline(results, minimum) is border


def test_levels_without_points_are_at_the_border_by_their_level_alone():
    bare = Judged(3, 3, Decimal(0), Decimal(0), Decimal(0))
    assert is_borderline([bare], None)
    assert not is_borderline([Judged(4, 3, Decimal(0), Decimal(0), Decimal(0))], None)


# --- With the database -----------------------------------------------------------------------------


@pytest.fixture
def learners(programme):
    people = [factories.make_user(f"Learner{number} Test") for number in range(8)]
    factories.enrol(programme, *people)
    return iter(people)


@pytest.fixture
def judge(programme, achievement, learners):
    """Somebody hands in, ``assessor`` decides: ``judge(bo)``."""

    def make(assessor, *, on=None, outcome=Outcome.APPROVE, **fields) -> Decision:
        submission = factories.make_submission(next(learners), programme, on or achievement)
        review = factories.make_review(submission, assessor, position=4 if outcome == "approve" else 2)
        Review.objects.filter(pk=review.pk).update(**fields)
        return decide(review, outcome=outcome, feedback="Read on.", by=assessor)

    return make


def test_without_a_policy_nothing_is_sampled(judge, bo):
    decision = judge(bo)
    assert (decision.sampled_for, decision.is_released) == ([], True)
    assert "sampling" not in decision.basis


def test_the_first_decisions_of_each_assessor_are_held(judge, programme, bo, bea):
    factories.make_sampling(programme, first_decisions=2)
    assert [judge(bo).sampled_for for _ in range(3)] == [["first"], ["first"], []]
    assert judge(bea).sampled_for == ["first"]


def test_what_is_not_checked_does_not_count_as_a_first_decision(judge, programme, bo):
    factories.make_sampling(programme, first_decisions=1)
    assert judge(bo, outcome=Outcome.RETURN).sampled_for == []
    assert judge(bo).sampled_for == ["first"]
    assert judge(bo).sampled_for == []


def test_one_of_every_assessor_on_every_achievement_in_a_period(
    judge, programme, organisation, achievement, bo, bea
):
    other = factories.make_achievement(organisation, achievement.rubric, code="other")
    programme.achievements.add(other)
    factories.make_sampling(programme, each_pair=True, period_days=30)
    first = judge(bo)
    assert first.sampled_for == ["pair"]
    assert judge(bo).sampled_for == []
    assert judge(bo, on=other).sampled_for == ["pair"]
    assert judge(bea).sampled_for == ["pair"]
    Decision.objects.filter(pk=first.pk).update(decided_at=timezone.now() - timedelta(days=31))
    assert judge(bo).sampled_for == ["pair"]


def test_what_was_withdrawn_unchecked_covers_no_pair(judge, programme, bo):
    factories.make_sampling(programme, each_pair=True)
    first = judge(bo)
    Decision.objects.filter(pk=first.pk).update(
        standing_for=None, set_aside_at=timezone.now(), set_aside_by=bo
    )
    assert judge(bo).sampled_for == ["pair"]


def test_a_flag_sends_any_outcome_to_a_moderator(programme, alan, bo, cy):
    factories.make_sampling(programme)
    submission = factories.make_submission(alan, programme)
    flag(submission, note="Look again.", by=cy)
    assert factories.make_decision(submission, bo, Outcome.RETURN).sampled_for == ["flag"]


def test_work_marked_anew_after_an_appeal_is_checked(programme, ada, bo, bea, cy):
    factories.make_sampling(programme)
    decision = factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.REJECT)
    filed = appeal(decision, reason="The second file was not read.", by=ada)
    rule_on(filed, ruling=Ruling.OVERTURNED, words="It was not.", by=cy)
    submission = decision.submission
    submission.refresh_from_db()
    assert factories.make_decision(submission, bea).sampled_for == ["appeal"]


def test_fast_is_said_only_where_times_are_known(judge, programme, bo):
    factories.make_sampling(programme, fast=True, fast_seconds=60)
    assert [judge(bo, seconds=20).sampled_for for _ in range(4)] == [[]] * 4
    assert judge(bo, seconds=20).sampled_for == ["fast"]  # the fifth with a time
    assert judge(bo, seconds=0).sampled_for == []
    assert judge(bo, seconds=60).sampled_for == []


def test_assessors_who_agree_little_are_checked(judge, programme, bo, bea, monkeypatch):
    monkeypatch.setattr(sampling, "low_agreement_assessors", lambda programme: {bo.pk})
    factories.make_sampling(programme, low_agreement=True)
    assert judge(bo).sampled_for == ["agreement"]
    assert judge(bea).sampled_for == []


def test_a_result_just_at_what_is_required_is_checked(programme, ada, alan, bo):
    factories.make_sampling(programme, borderline=True)
    just = factories.make_decision(factories.make_submission(ada, programme), bo)
    assert just.sampled_for == ["border"]
    review = factories.make_review(factories.make_submission(alan, programme), bo, position=4)
    assert decide(review, outcome=Outcome.APPROVE, feedback="", by=bo).sampled_for == []


def test_the_lot_is_recorded_with_the_share_and_can_be_drawn_again(judge, programme, bo):
    factories.make_sampling(programme, share=50)
    decision = judge(bo)
    lot = sampling.lot(decision.pk)
    kept = Decision.objects.get(pk=decision.pk)
    assert kept.basis["sampling"] == {"share": 50, "lot": lot, "of": DRAWS}
    assert Event.objects.get(verb="decided").data["basis"]["sampling"]["lot"] == lot
    assert (kept.sampled_for == ["random"]) is (lot < DRAWS // 2)


def test_the_lot_depends_on_the_secret_and_is_spread_evenly(settings, bo):
    ids = [factories.uuid.uuid5(factories.uuid.NAMESPACE_URL, str(number)) for number in range(4000)]
    lots = [sampling.lot(one) for one in ids]
    assert all(0 <= one < DRAWS for one in lots)
    assert 0.08 < sum(one < DRAWS // 10 for one in lots) / len(lots) < 0.12
    settings.SECRET_KEY = "another"
    assert [sampling.lot(one) for one in ids[:50]] != lots[:50]


def test_the_share_falls_with_acceptance_and_jumps_back_after_a_return(
    judge, programme, bo, bea, cy, monkeypatch
):
    factories.make_sampling(programme, share=100, least_share=0, tapers=True)
    monkeypatch.setattr(sampling, "lot", lambda decision: 0)
    for share in (100, 90, 80):
        decision = judge(bo)
        assert decision.basis["sampling"]["share"] == share
        accept(decision, met=ALL, by=cy)
    returned = judge(bo)
    assert returned.basis["sampling"]["share"] == 70
    send_back(returned, points=[Point("Say why.")], by=cy)
    assert judge(bo).basis["sampling"]["share"] == 100
    assert judge(bea).basis["sampling"]["share"] == 100


# --- The policy ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "bo", "cy", "dee"])
def test_others_set_no_policy(who, programme, request):
    person = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        set_sampling(programme, Strategy(), by=person)
    with pytest.raises(Forbidden):
        end_sampling(programme, by=person)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"share": 101}, "bad-share"),
        ({"share": 5, "least_share": 6}, "bad-share"),
        ({"least_share": -1}, "bad-share"),
        ({"period_days": 6}, "bad-period"),
        ({"period_days": 731}, "bad-period"),
        ({"first_decisions": 51}, "bad-number"),
        ({"fast_seconds": 0}, "bad-number"),
    ],
)
def test_a_policy_that_means_nothing_is_refused(programme, mo, wrong, code):
    with pytest.raises(DomainError) as refusal:
        set_sampling(programme, Strategy(**wrong), by=mo)
    assert refusal.value.code == code
    assert not SamplingPolicy.objects.exists()


def test_every_change_is_in_the_trail(programme, mo, root):
    set_sampling(programme, Strategy(share=20), by=mo)
    set_sampling(programme, Strategy(share=20), by=mo)  # nothing changed
    set_sampling(programme, Strategy(share=30, fast=False), by=root)
    end_sampling(programme, by=mo)
    end_sampling(programme, by=mo)
    ended, changed, begun = history(programme)
    assert ended.ended and ended.by == mo
    assert [(str(name), before, after) for name, before, after in changed.rows] == [
        ("share of decisions, in percent", 20, 30),
        ("very fast reviews", True, False),
    ]
    assert changed.by == root
    assert begun.rows[0][1:] == (None, 20)
    assert not SamplingPolicy.objects.exists()


def test_the_setting_is_told_in_one_sentence(programme, mo):
    assert sampling_in_words(programme) == "No decision is sampled."
    set_sampling(programme, Strategy(share=20, first_decisions=3), by=mo)
    assert sampling_in_words(programme) == (
        "20 % of decisions and the first 3 of each new assessor are checked before release."
    )


# --- Replaying -------------------------------------------------------------------------------------


def test_the_replay_says_what_the_same_policy_did(judge, programme, bo, bea):
    policy = factories.make_sampling(
        programme, first_decisions=1, each_pair=True, share=40, least_share=40, borderline=True
    )
    made = [judge(bo), judge(bo), judge(bea), judge(bo, outcome=Outcome.RETURN), judge(bea)]
    found = replay(programme, policy)
    assert (found.made, found.checked) == (5, sum(bool(one.sampled_for) for one in made))
    for code in ("first", "pair", "random"):
        assert found.reasons.get(code, 0) == sum(code in one.sampled_for for one in made)


def test_the_replay_tries_another_policy_and_changes_nothing(judge, programme, bo):
    made = [judge(bo) for _ in range(3)]
    everything = Strategy(share=100, least_share=100)
    found = replay(programme, everything.policy(programme))
    assert (found.made, found.checked, found.reasons["random"]) == (3, 3, 3)
    assert replay(programme, rules(programme=programme)).checked == 0
    assert not SamplingPolicy.objects.exists()
    assert all(Decision.objects.get(pk=one.pk).sampled_for == [] for one in made)


def test_older_decisions_count_as_made_and_not_in_the_figures(judge, programme, bo):
    old = judge(bo)
    Decision.objects.filter(pk=old.pk).update(decided_at=timezone.now() - timedelta(days=120))
    judge(bo)
    found = replay(programme, rules(programme=programme, first_decisions=1))
    assert (found.made, found.checked) == (1, 0)


def test_the_replay_asks_the_same_few_queries(judge, programme, bo, django_assert_num_queries):
    policy = rules(programme=programme, first_decisions=9, each_pair=True, borderline=True, fast=True)
    judge(bo)
    with django_assert_num_queries(11) as one:
        replay(programme, policy)
    judge(bo)
    judge(bo)
    with django_assert_num_queries(len(one)):
        replay(programme, policy)


def test_an_unfinished_result_is_never_called_borderline(programme, alan, bo):
    factories.make_sampling(programme, borderline=True, only_approvals=False)
    review = claim(factories.make_submission(alan, programme), by=bo)
    first = review.submission.achievement.criteria[0]
    marks = [Mark(first, first.levels.get(position=2), "Almost.")]
    review = save_scores(review, version=review.version, marks=marks, by=bo)
    decision = decide(review, outcome=Outcome.RETURN, feedback="Add the rest.", by=bo)
    assert decision.sampled_for == []
