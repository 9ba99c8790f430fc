"""The pages of moderation: list, check, action points, matrix and policy; and what learners see of it."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Submission
from assessments.models.lifecycle import State
from reviews.claiming import claim
from reviews.deciding import decide
from reviews.flagging import flag
from reviews.models import ActionPoint, Decision, MarkingPolicy, Review, SamplingPolicy, Verification
from reviews.models.decision import Outcome
from reviews.models.review import EvidenceRule, ReviewState
from reviews.moderating import Point, accept, send_back
from reviews.moderation_list import Filters, awaiting, narrow
from reviews.queueing import PAGE_SIZE
from reviews.sampling_policy import Strategy
from reviews.verification_matrix import EARLIEST, LONGEST, days_of, matrix_of
from tests import factories
from workbench.models import Token

ALL = EvidenceRule.values
FORM = {field: str(value) for field, value in vars(Strategy()).items() if value is not True}


@pytest.fixture
def held(ada, bo, programme) -> Decision:
    return factories.make_held(factories.make_submission(ada, programme), bo)


@pytest.fixture
def disagreement(alan, bo, bea, programme) -> Submission:
    """Bo would approve, Bea would not."""
    policy = MarkingPolicy.objects.create(programme=programme, markers="double_blind")
    submission = factories.make_submission(alan, programme)
    decide(factories.make_review(submission, bo), outcome=Outcome.APPROVE, feedback="", by=bo)
    review = factories.make_review(submission, bea, position=2)
    decide(review, outcome=Outcome.RETURN, feedback="Add the capture.", by=bea)
    policy.delete()
    submission.refresh_from_db()
    assert submission.state == State.MODERATION
    return submission


def check_page(decision: Decision) -> str:
    return reverse("check-decision", args=[decision.pk])


def as_(client, person):
    client.force_login(person)
    return client


# --- The list --------------------------------------------------------------------------------------


def test_cy_sees_disagreements_and_held_decisions_oldest_first(client, held, disagreement, cy):
    answer = as_(client, cy).get(reverse("moderation"))
    rows = answer.context["rows"]
    assert [row.submission.pk for row in rows] == [held.submission_id, disagreement.pk]
    assert [row.is_disagreement for row in rows] == [False, True]
    body = answer.content.decode()
    assert "Drawn at random" in body and "The markers disagree" in body
    assert reverse("disagreement", args=[disagreement.pk]) in body and check_page(held) in body
    counters = answer.context["counters"]
    assert (counters.decisions, counters.disagreements, counters.mine) == (1, 1, 2)


def test_mo_reads_along_and_nothing_is_his_to_do(client, held, mo):
    answer = as_(client, mo).get(reverse("moderation"))
    assert [row.may_moderate for row in answer.context["rows"]] == [False]
    assert answer.context["counters"].mine == 0
    body = client.get(check_page(held)).content.decode()
    assert "Moderators check this decision" in body and "Accept and release" not in body


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, {"held", "disagreement"}),
        ({"reason": "random"}, {"held"}),
        ({"reason": "first"}, set()),
        ({"reason": "disagreement"}, {"disagreement"}),
        ({"reason": "held"}, set()),
        ({"assessor": "bea"}, {"disagreement"}),
        ({"assessor": "bo"}, {"held", "disagreement"}),
        ({"mine": True}, {"held", "disagreement"}),
    ],
)
def test_the_list_is_narrowed(held, disagreement, cy, bo, bea, filters, found):
    people = {"bo": bo, "bea": bea}
    if "assessor" in filters:
        filters = filters | {"assessor": people[filters["assessor"]].pk}
    names = {held.submission_id: "held", disagreement.pk: "disagreement"}
    rows = narrow(awaiting(cy), Filters(**filters), user=cy)
    assert {names[row.pk] for row in rows} == found


def test_a_reason_is_found_by_the_whole_of_its_code(held, cy):
    Decision.objects.filter(pk=held.pk).update(sampled_for=["recheck", "flag"])
    assert narrow(awaiting(cy), Filters(reason="flag"), user=cy).exists()
    assert not narrow(awaiting(cy), Filters(reason="check"), user=cy).exists()


def test_filters_stand_in_the_address_and_a_part_answers_htmx(client, held, disagreement, cy, achievement):
    as_(client, cy)
    query = {"reason": "disagreement", "achievement": str(achievement.pk), "programme": "nonsense"}
    answer = client.get(reverse("moderation"), query, headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert "<html" not in body
    assert [row.submission.pk for row in answer.context["rows"]] == [disagreement.pk]


def test_empty_lists_say_so(client, cy):
    as_(client, cy)
    assert "Nothing waits for a moderator" in client.get(reverse("moderation")).content.decode()
    answer = client.get(reverse("moderation"), {"reason": "first"})
    assert "Nothing matches these filters" in answer.content.decode()


def test_work_on_which_cy_took_part_is_shown_as_not_hers(client, held, cy, bo, programme):
    factories.grant(bo, "moderator", programme)
    answer = as_(client, bo).get(reverse("moderation"))
    assert [(row.took_part, row.may_moderate) for row in answer.context["rows"]] == [(True, False)]
    assert "not yours: you marked it" in answer.content.decode()
    assert not narrow(awaiting(bo), Filters(mine=True), user=bo).exists()
    assert "somebody else checks it" in client.get(check_page(held)).content.decode()
    assert client.post(check_page(held), {"act": "accept"}).status_code == 403


def test_nobody_sees_the_own_work_or_that_of_other_programmes(held, ada, dee, programme, organisation):
    for role in ("moderator", "manager"):
        factories.grant(ada, role, programme)
    other = factories.make_programme(organisation, held.submission.achievement)
    factories.grant(dee, "moderator", other)
    for person in (ada, dee):
        person.forget_grants()
        assert not awaiting(person).exists()


def test_pages_follow_each_other_and_ask_the_same_queries(
    client, programme, bo, cy, django_assert_max_num_queries
):
    factories.make_sampling(programme, share=100)
    learners = [factories.make_user(f"Learner{number} Test") for number in range(3)]
    factories.enrol(programme, *learners)
    as_(client, cy)
    factories.make_decision(factories.make_submission(learners[0], programme), bo)
    client.get(reverse("moderation"))
    with django_assert_max_num_queries(20) as one:
        client.get(reverse("moderation"))
    for learner in learners[1:]:
        factories.make_decision(factories.make_submission(learner, programme), bo)
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("moderation"))
    _copy_until_two_pages(learners[0])
    answer = client.get(reverse("moderation"))
    first = [row.submission.pk for row in answer.context["rows"]]
    assert len(first) == PAGE_SIZE
    second = client.get(answer.context["next"]).context["rows"]
    assert not set(first) & {row.submission.pk for row in second}
    assert client.get(reverse("moderation"), {"after": "nonsense"}).status_code == 422


def _copy_until_two_pages(learner) -> None:
    """More waiting work, as rows alone: attempts of other learners."""
    template = Submission.objects.get(learner=learner)
    review = template.reviews.get()
    for number in range(PAGE_SIZE):
        person = factories.make_user(f"Copied{number} Test")
        pk = Submission.objects.get(pk=template.pk)
        pk.pk, pk.learner, pk.previous, pk._state.adding = None, person, None, True
        pk.id = factories.uuid.uuid4()
        pk.save()
        own = Review.objects.create(
            submission=pk, assessor=review.assessor, fence=1, state=ReviewState.DECIDED, outcome="approve"
        )
        Decision.objects.create(
            submission=pk, standing_for=pk, review=own, outcome="approve", decided_by=review.assessor,
            fence=1, sampled_for=["random"], manifest_sha256=pk.manifest_sha256,
        )  # fmt: skip


# --- The check page --------------------------------------------------------------------------------


def test_the_page_shows_what_the_decision_rests_on(client, held, ada, cy, bo):
    flag(held.submission, note="Is it her own?", by=bo)
    Review.objects.filter(pk=held.review_id).update(met=["valid"], seconds=754)
    body = as_(client, cy).get(check_page(held)).content.decode()
    for shown in (
        "Rules of the branch firewall", "Well argued.", "Good work.", "Bo Maes", "Drawn at random",
        "Is it her own?", "just what is required", "Valid: the evidence", "Level 2", "Accept and release",
    ):  # fmt: skip
        assert shown in body, shown
    assert "754" not in body and "12 min" not in body  # time on task is no judgement


def test_two_markers_stand_side_by_side(client, ada, bo, bea, cy, programme):
    MarkingPolicy.objects.create(programme=programme, markers="double_blind", tolerance=1, choice="lower")
    factories.make_sampling(programme, share=100)
    submission = factories.make_submission(ada, programme)
    decide(factories.make_review(submission, bo), outcome=Outcome.APPROVE, feedback="", by=bo)
    review = factories.make_review(submission, bea, position=4)
    decision = decide(review, outcome=Outcome.APPROVE, feedback="", by=bea)
    lines = as_(client, cy).get(check_page(decision)).context["lines"]
    assert [[one.level.position for one in line.given] for line in lines] == [[3, 4], [3, 4]]
    assert [[one.differs for one in line.given] for line in lines] == [[False, True], [False, True]]
    assert [line.result.position for line in lines] == [3, 3]


def test_cy_accepts_on_the_page(client, held, cy):
    answer = as_(client, cy).post(check_page(held), {"act": "accept", "met": ALL, "words": "Well judged."})
    assert answer["Location"] == reverse("moderation")
    assert Submission.objects.get(pk=held.submission_id).state == State.APPROVED
    assert Verification.objects.get().words == "Well judged."
    body = client.get(check_page(held)).content.decode()
    assert "This decision is released" in body and "Well judged." in body


def test_cy_sends_back_on_the_page(client, held, cy, achievement):
    criterion = achievement.criteria[0]
    sent = {
        "act": "send-back",
        f"point-{criterion.pk}": "Which rule?",
        "point-general": "",
        "words": "Nearly.",
    }
    assert as_(client, cy).post(check_page(held), sent)["Location"] == reverse("moderation")
    point = ActionPoint.objects.get()
    assert (point.criterion, point.text) == (criterion, "Which rule?")
    body = client.get(check_page(held)).content.decode()
    assert "counts no longer" in body and "Which rule?" in body and "Not answered yet" in body


def test_a_refusal_loses_nothing_that_was_typed(client, held, cy, achievement):
    criterion = achievement.criteria[1]
    typed = {
        "words": "My <b>remarks</b>.",
        f"point-{criterion.pk}": "A point.",
        "point-general": "All of it.",
    }
    sent = {"act": "accept", "met": ["valid"]} | typed
    answer = as_(client, cy).post(check_page(held), sent)
    body = answer.content.decode()
    assert answer.status_code == 422
    for kept in ("My &lt;b&gt;remarks", "A point.", "All of it.", "Confirm all four rules"):
        assert kept in body
    assert answer.context["met"] == ["valid"]
    assert "<b>remarks" not in body


def test_a_criterion_that_is_none_is_refused(client, held, cy):
    answer = as_(client, cy).post(check_page(held), {"act": "send-back", "point-xyz": "Look."})
    assert answer.status_code == 422
    assert not Verification.objects.exists()


def test_what_was_checked_meanwhile_is_told(client, held, cy, mo, programme):
    dana = factories.make_user("Dana Moderates")
    factories.grant(dana, "moderator", programme)
    accept(held, met=ALL, by=dana)
    answer = as_(client, cy).post(check_page(held), {"act": "send-back", "point-general": "Look."})
    assert answer.status_code == 409
    assert "was released already" in answer.content.decode()


def test_earlier_attempts_and_checks_are_shown(client, ada, bo, bea, cy, programme, achievement):
    first = factories.make_submission(ada, programme)
    factories.make_decision(first, bea, Outcome.RETURN, "Add the log.")
    second = factories.make_held(factories.make_submission(ada, programme, achievement), bo)
    send_back(second, points=[Point("Which rule?")], words="Nearly.", by=cy)
    review = claim(second.submission, by=bo)
    body = as_(client, bo).get(reverse("review", args=[review.pk])).content.decode()
    assert "Sent back by a moderator" in body and "Which rule?" in body and "Nearly." in body
    client.post(
        reverse("answer-action-point", args=[review.pk, ActionPoint.objects.get().pk]), {"answer": "Rule 5."}
    )
    decision = decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    body = as_(client, cy).get(check_page(decision)).content.decode()
    for shown in ("Attempt 1", "Add the log.", "Which rule?", "Rule 5.", "Returned by a moderator before"):
        assert shown in body, shown


def test_the_check_page_asks_the_same_queries(client, held, cy, django_assert_max_num_queries):
    as_(client, cy).get(check_page(held))
    with django_assert_max_num_queries(45):
        client.get(check_page(held))


# --- Action points on the review page --------------------------------------------------------------


@pytest.fixture
def returned(held, bo, cy) -> Review:
    send_back(held, points=[Point("Which rule?")], words="Nearly.", by=cy)
    return claim(held.submission, by=bo)


def answer_page(review: Review) -> str:
    return reverse("answer-action-point", args=[review.pk, ActionPoint.objects.get().pk])


def test_the_returned_review_tells_its_assessor_to_claim_again(client, held, bo, cy):
    send_back(held, points=[Point("Which rule?")], by=cy)
    body = as_(client, bo).get(reverse("review", args=[held.review_id])).content.decode()
    assert "Which rule?" in body and "Claim again" in body and "Claim the work to answer" in body


def test_bo_answers_without_scripts_and_with_them(client, returned, bo):
    as_(client, bo)
    back = f"{reverse('review', args=[returned.pk])}#action-points"
    assert client.post(answer_page(returned), {"answer": "Rule 5."})["Location"] == back
    part = client.post(answer_page(returned), {"answer": "Rule 6."}, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.content.decode() and "Rule 6." in part.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_refused_answer_keeps_its_text(client, returned, bo, headers):
    long = "x" * 1001
    answer = as_(client, bo).post(answer_page(returned), {"answer": long}, headers=headers)
    assert answer.status_code == 422
    assert long in answer.content.decode()


def test_the_points_are_for_the_assessor_and_those_who_oversee(client, returned, bea, mo, ada):
    page = reverse("review", args=[returned.pk])
    assert "Which rule?" in as_(client, mo).get(page).content.decode()
    for person in (bea, ada):
        assert as_(client, person).get(page).status_code == 404


def test_deciding_with_an_open_point_is_refused_and_nothing_is_lost(client, returned, bo):
    sheet = {"version": returned.version, "outcome": "approve", "feedback": "My words."}
    answer = as_(client, bo).post(reverse("decide", args=[returned.pk]), sheet)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert "say for every action point" in body and "My words." in body


def test_an_interim_check_from_page_to_page(client, alan, bo, cy, programme):
    review = factories.make_review(factories.make_submission(alan, programme), bo)
    page = reverse("interim-check", args=[review.pk])
    assert page in as_(client, cy).get(reverse("review", args=[review.pk])).content.decode()
    refused = client.post(page, {"sound": "no", "words": " ", "met": ["current"]})
    assert refused.status_code == 422 and refused.context["met"] == ["current"]
    assert client.post(page, {"sound": "no", "words": "Name the packets."}).status_code == 302
    body = as_(client, bo).get(reverse("review", args=[review.pk])).content.decode()
    assert "Name the packets." in body and "something to improve" in body
    assert page not in body


# --- What the learner sees -------------------------------------------------------------------------


def test_before_release_the_learner_reads_the_stage_and_nothing_else(client, held, ada, cy):
    check_text = "Bo's levels are too high."
    for page in (reverse("submission", args=[held.submission_id]), reverse("submissions"), reverse("home")):
        body = as_(client, ada).get(page).content.decode()
        for secret in ("Good work.", "Well argued.", "Bo Maes", "random", check_text):
            assert secret not in body, (page, secret)
    body = client.get(reverse("submission", args=[held.submission_id])).content.decode()
    assert "A second person checks the assessment" in body
    for page in (check_page(held), reverse("review", args=[held.review_id])):
        assert client.get(page).status_code == 404
    headers = {"Authorization": f"Bearer {Token.issue(ada, label='test')[1]}"}
    told = client.get(f"/api/v1/submissions/{held.submission_id}", headers=headers).content.decode()
    assert json.loads(told)["state"] == "moderation"
    for secret in ("Good work.", "Well argued.", "position", "approve", "sampled"):
        assert secret not in told, secret
    moderation = client.get("/api/v1/moderation", headers=headers)
    assert moderation.json() == {"items": [], "next": None}


def test_after_a_return_by_the_moderator_the_learner_reads_that_it_waits(client, held, ada, cy):
    send_back(held, points=[Point("Which rule?")], words="Nearly.", by=cy)
    for page in (reverse("submission", args=[held.submission_id]), reverse("submissions"), reverse("home")):
        body = as_(client, ada).get(page).content.decode()
        for secret in ("Which rule?", "Nearly.", "Good work.", "Cy Dubois"):
            assert secret not in body, (page, secret)
    headers = {"Authorization": f"Bearer {Token.issue(ada, label='test')[1]}"}
    told = client.get(f"/api/v1/submissions/{held.submission_id}", headers=headers).json()
    assert told["state"] == "submitted"
    assert "Good work." not in json.dumps(told)


# --- The matrix ------------------------------------------------------------------------------------


@pytest.fixture
def judged(programme, achievement, organisation, bo, bea, cy):
    """Bo: three approvals, of which one was accepted and one returned; Bea: a rejection."""
    factories.make_sampling(programme, each_pair=True, first_decisions=2)
    learners = [factories.make_user(f"Learner{number} Test") for number in range(4)]
    factories.enrol(programme, *learners)
    made = [factories.make_decision(factories.make_submission(one, programme), bo) for one in learners[:3]]
    factories.make_decision(factories.make_submission(learners[3], programme), bea, Outcome.REJECT)
    accept(made[0], met=ALL, by=cy)
    send_back(made[1], points=[Point("Say why.")], by=cy)
    return made


def today_matrix(programme):
    today = timezone.localdate()
    return matrix_of(programme, since=today, until=today)


def test_the_matrix_counts_by_assessor_and_achievement(judged, programme, bo, bea):
    matrix = today_matrix(programme)
    assert [row.assessor for row in matrix.rows] == [bea, bo]
    bea_cell, bo_cell = (row.cells[0] for row in matrix.rows)
    assert (bo_cell.made, bo_cell.to_sample, bo_cell.sampled) == (3, 2, 2)
    assert (bo_cell.accepted, bo_cell.returned, bo_cell.compliant) == (1, 1, "yes")
    assert (bea_cell.made, bea_cell.to_sample, bea_cell.compliant) == (1, 0, "")
    assert (matrix.total.made, matrix.total.to_sample, matrix.total.compliant) == (4, 2, "yes")
    assert matrix.missing == []


def test_what_waits_is_not_yet_and_what_was_never_held_is_missing(programme, ada, alan, bo, bea):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    factories.make_sampling(programme, each_pair=True)
    factories.make_decision(factories.make_submission(alan, programme), bea)
    today = timezone.localdate()
    matrix = today_matrix(programme)
    assert [row.cells[0].compliant for row in matrix.rows] == ["not-yet", "not-yet"]
    assert matrix.missing == [
        "Bea Lambert on Firewall management: 0 of 1 checked, 1 waits.",
        "Bo Maes on Firewall management: 0 of 1 checked, none is held.",
    ]
    Decision.objects.update(decided_at=timezone.now() - timedelta(days=3))
    old = matrix_of(programme, since=today - timedelta(days=9), until=today - timedelta(days=2))
    assert [row.cells[0].compliant for row in old.rows] == ["not-yet", "no"]
    assert (old.total.compliant, old.total.to_sample, old.total.made) == ("no", 2, 2)


def test_two_markers_share_a_decision_that_counts_once_in_the_totals(programme, ada, bo, bea, cy):
    MarkingPolicy.objects.create(programme=programme, markers="double_blind")
    factories.make_sampling(programme, share=100)
    submission = factories.make_submission(ada, programme)
    decide(factories.make_review(submission, bo), outcome=Outcome.APPROVE, feedback="", by=bo)
    accept(factories.make_decision(submission, bea), met=ALL, by=cy)
    matrix = today_matrix(programme)
    assert [(row.cells[0].made, row.cells[0].accepted) for row in matrix.rows] == [(1, 1), (1, 1)]
    assert (matrix.total.made, matrix.total.to_sample, matrix.totals[0].sampled) == (1, 1, 1)


def test_what_was_withdrawn_unchecked_is_not_counted(held, programme, cy):
    Decision.objects.filter(pk=held.pk).update(
        standing_for=None, set_aside_at=timezone.now(), set_aside_by=cy
    )
    assert today_matrix(programme).rows == []


def test_the_matrix_asks_the_same_few_queries(judged, programme, django_assert_num_queries):
    with django_assert_num_queries(6):
        today_matrix(programme)


def test_the_page_and_the_sheet_show_the_same(client, judged, programme, cy, bo):
    as_(client, cy)
    body = client.get(reverse("sampling-matrix"), {"programme": str(programme.pk)}).content.decode()
    assert "2 of 2 sampled" in body and "1 accepted, 1 returned" in body and "compliant" in body
    answer = client.get(reverse("sampling-matrix-sheet"), {"programme": str(programme.pk)})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][2:] == [
        "Assessor", "Achievement", "Decisions made", "To sample", "Sampled", "Accepted", "Returned",
        "Waiting", "Compliant",
    ]  # fmt: skip
    assert rows[2][2:] == ["Bo Maes", "Firewall management", "3", "2", "2", "1", "1", "0", "yes"]
    assert rows[-1][4:] == ["4", "2", "2", "1", "1", "0", "yes"]


def test_a_name_that_a_spreadsheet_would_run_is_harmless(client, judged, programme, cy, bo):
    bo.name = "=HYPERLINK(1)"
    bo.save()
    answer = as_(client, cy).get(reverse("sampling-matrix-sheet"))
    assert "'=HYPERLINK(1)" in answer.content.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ({}, -89, 0),
        ({"from": "2026-02-30", "to": "nonsense"}, -89, 0),
        ({"to": "9999-12-31"}, -89, 0),
        ({"from": "0001-01-01"}, -LONGEST.days, 0),
        ({"from": "9999-01-01"}, 0, 0),
    ],
)
def test_days_that_mean_nothing_are_taken_sensibly(client, programme, cy, asked, first, last):
    answer = as_(client, cy).get(reverse("sampling-matrix"), asked)
    today = timezone.localdate()
    matrix = answer.context["matrix"]
    assert answer.status_code == 200
    assert (matrix.since, matrix.until) == (today + timedelta(days=first), today + timedelta(days=last))
    assert "Nothing was decided on these days" in answer.content.decode()


def test_days_before_everything_are_days(programme):
    assert days_of(programme, date.min, date.min) == (EARLIEST, EARLIEST)
    assert matrix_of(programme, since=EARLIEST, until=EARLIEST).rows == []


def test_the_matrix_of_a_programme_elsewhere_is_not_shown(client, cy, organisation, achievement):
    other = factories.make_programme(organisation, achievement)
    answer = as_(client, cy).get(reverse("sampling-matrix"), {"programme": str(other.pk)})
    assert answer.context["matrix"].programme != other


# --- The policy ------------------------------------------------------------------------------------


def policy_page(programme) -> str:
    return reverse("sampling-policy", args=[programme.pk])


def test_mo_sets_changes_and_ends_the_policy(client, programme, mo):
    as_(client, mo)
    assert "No decision is sampled so far" in client.get(policy_page(programme)).content.decode()
    assert client.post(policy_page(programme), FORM | {"share": "25", "tapers": "on"}).status_code == 302
    policy = SamplingPolicy.objects.get()
    assert (policy.share, policy.tapers, policy.each_pair) == (25, True, False)
    body = client.get(policy_page(programme)).content.decode()
    assert "Policy set" in body and "Mo Peeters" in body
    assert "25 % of decisions" in client.get(reverse("judging", args=[programme.pk])).content.decode()
    client.post(policy_page(programme), {"end": "1"})
    assert not SamplingPolicy.objects.exists()
    assert "Sampling ended" in client.get(policy_page(programme)).content.decode()


def test_a_policy_that_means_nothing_is_refused_with_what_was_typed(client, programme, mo):
    answer = as_(client, mo).post(policy_page(programme), FORM | {"share": "5", "least_share": "9"})
    assert answer.status_code == 422
    assert "cannot be more than the share" in answer.content.decode()
    assert answer.context["form"]["least_share"].value() == "9"
    answer = client.post(policy_page(programme), FORM | {"period_days": "99999999999999999999"})
    assert answer.status_code == 422
    assert not SamplingPolicy.objects.exists()


def test_the_preview_follows_the_form(client, programme, ada, bo, mo):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    as_(client, mo)
    page = client.get(policy_page(programme)).content.decode()
    assert "of the 1 decision of the last 90 days 1 would have been checked" in page
    query = FORM | {"share": "0", "least_share": "0", "first_decisions": "0"}
    part = client.get(policy_page(programme), query, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "of the 1 decision of the last 90 days 0 would have been checked" in part
    wrong = client.get(policy_page(programme), query | {"share": "x"}, headers={"HX-Request": "true"})
    assert "cannot be taken" in wrong.content.decode()


def test_without_decisions_there_is_nothing_to_try_it_on(client, programme, mo):
    assert "nothing to try it on" in as_(client, mo).get(policy_page(programme)).content.decode()


# --- The API ---------------------------------------------------------------------------------------


def api(client, person, method, path, body=None):
    headers = {"Authorization": f"Bearer {Token.issue(person, label='test')[1]}"}
    content = "" if body is None else json.dumps(body)
    return client.generic(method, f"/api/v1{path}", content, "application/json", headers=headers)


def test_a_program_lists_and_accepts(client, held, disagreement, cy, bo, bea):
    items = api(client, cy, "GET", "/moderation").json()["items"]
    assert [one["decision"] for one in items] == [str(held.pk), None]
    assert [one["reasons"] for one in items] == [["random"], ["disagreement"]]
    assert items[1]["assessors"] == [str(bo.pk), str(bea.pk)]
    narrowed = api(client, cy, "GET", "/moderation?reason=disagreement&mine=true").json()["items"]
    assert [one["id"] for one in narrowed] == [str(disagreement.pk)]
    answer = api(client, cy, "POST", f"/decisions/{held.pk}/accept", {"remarks": "Well judged."})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["verdict"], told["met"], told["state"]) == ("accepted", ALL, "approved")
    again = api(client, cy, "POST", f"/decisions/{held.pk}/accept")
    assert (again.status_code, again.json()["code"]) == (409, "already-checked")


def test_a_program_sends_back(client, held, cy, achievement):
    criterion = str(achievement.criteria[0].pk)
    points = [{"text": "Which rule?", "criterion": criterion}, {"text": "Say why."}]
    path = f"/decisions/{held.pk}/send-back"
    stranger = {"action_points": [{"text": "Look.", "criterion": str(held.pk)}]}
    assert api(client, cy, "POST", path, stranger).json()["code"] == "unknown-criterion"
    assert api(client, cy, "POST", path, {"action_points": []}).json()["code"] == "action-points-missing"
    answer = api(client, cy, "POST", path, {"remarks": "Nearly.", "action_points": points})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["verdict"], told["state"], told["remarks"]) == ("returned", "submitted", "Nearly.")
    assert {(one["criterion"], one["text"]) for one in told["action_points"]} == {
        (criterion, "Which rule?"),
        (None, "Say why."),
    }


def test_a_program_reads_the_matrix(client, judged, programme, mo, bo, achievement):
    told = api(client, mo, "GET", f"/programmes/{programme.pk}/sampling").json()
    pair = next(one for one in told["pairs"] if one["assessor"] == str(bo.pk))
    assert (pair["achievement"], pair["made"], pair["sampled"]) == (str(achievement.pk), 3, 2)
    assert (told["total"]["compliant"], told["policy"]["each_pair"]) == ("yes", True)
    none = api(client, mo, "GET", f"/programmes/{programme.pk}/sampling?from=2020-01-01&to=2020-02-01").json()
    assert (none["pairs"], none["since"], none["until"]) == ([], "2020-01-01", "2020-02-01")


# --- The first page --------------------------------------------------------------------------------


def test_home_tells_cy_what_waits_and_bo_what_came_back(client, held, programme, bo, cy):
    body = as_(client, cy).get(reverse("home")).content.decode()
    assert f"{reverse('moderation')}?programme={programme.pk}" in body
    assert "Sent back by a moderator" not in as_(client, bo).get(reverse("home")).content.decode()
    send_back(held, points=[Point("Which rule?")], by=cy)
    body = client.get(reverse("home")).content.decode()
    assert "Sent back by a moderator with action points" in body
    assert reverse("review", args=[held.review_id]) in body
    claim(held.submission, by=bo)
    assert "Sent back by a moderator" not in client.get(reverse("home")).content.decode()
