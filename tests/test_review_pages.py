"""The review's page and its answers, with scripts and without."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.evidencing import add_link
from assessments.models import Submission
from assessments.submitting import start, submit
from badges.models import Credential
from reviews import desk
from reviews.claiming import break_lock, claim, release
from reviews.models import Decision, Review
from reviews.models.decision import Outcome
from reviews.models.review import ReviewState
from reviews.scoring import Mark, save_scores
from tests import factories

JSON = {"Accept": "application/json"}


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


@pytest.fixture
def review(bo, handed_in) -> Review:
    return claim(handed_in, by=bo)


@pytest.fixture
def bo_client(client, bo):
    client.force_login(bo)
    return client


def address(name: str, review: Review) -> str:
    return reverse(name, args=[review.pk])


def filled(
    review: Review, *, position: int | None = 3, comment: str = "Well argued.", **fields: str
) -> dict[str, str]:
    """The whole sheet as the browser sends it."""
    data = {"version": str(review.version), "feedback": ""}
    for criterion in review.submission.achievement.criteria:
        if position:
            data[f"level-{criterion.pk}"] = str(criterion.levels.get(position=position).pk)
        data[f"comment-{criterion.pk}"] = comment
    return data | fields


def end_lease(review: Review) -> None:
    Submission.objects.filter(pk=review.submission_id).update(
        lease_until=timezone.now() - timedelta(minutes=1)
    )


def handed_in_with(learner, programme, *contents: bytes, **description) -> Submission:
    draft = factories.make_draft(learner, programme)
    for number, content in enumerate(contents):
        factories.make_evidence(draft, content=content, name=f"file{number}.txt", **description)
    return submit(draft, declaration=True, by=learner)


# --- Who sees it -----------------------------------------------------------------------------------


def test_a_visitor_is_sent_to_sign_in(client, review):
    assert client.get(address("review", review)).status_code == 302


@pytest.mark.parametrize("who", ["ada", "alan", "bea", "root", "dee"])
def test_others_find_nothing(client, who, review, request):
    client.force_login(request.getfixturevalue(who))
    assert client.get(address("review", review)).status_code == 404
    for name in ("save-scores", "heartbeat", "release", "decide"):
        assert client.post(address(name, review)).status_code == 404


@pytest.mark.parametrize("who", ["cy", "mo"])
def test_who_oversees_reads_along_and_changes_nothing(client, who, review, request):
    client.force_login(request.getfixturevalue(who))
    body = client.get(address("review", review)).content.decode()
    assert "Bo Maes is reviewing this work" in body
    assert "data-editable" not in body
    assert address("decide", review) not in body
    for name in ("save-scores", "heartbeat", "release", "decide"):
        assert client.post(address(name, review), filled(review, outcome="approve")).status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.parametrize("name", ["save-scores", "heartbeat", "release", "decide"])
def test_get_changes_nothing(bo_client, name, review):
    assert bo_client.get(address(name, review)).status_code == 405


def test_a_review_that_never_was_is_not_there(bo_client, review):
    assert bo_client.get(reverse("review", args=[uuid.uuid4()])).status_code == 404


# --- What is on the page -----------------------------------------------------------------------------


def test_bo_sees_evidence_rubric_and_how_far_he_is(bo_client, handed_in, review):
    body = bo_client.get(address("review", review)).content.decode()
    evidence = handed_in.evidence.get()
    for text in (
        "Rules of the branch firewall",
        "Written for a branch office",
        "See the comments in the file.",
        evidence.sha256,
        reverse("evidence-file", args=[evidence.pk]),
        f'hx-get="{reverse("evidence-view", args=[evidence.pk])}"',
        "Criterion 1",
        "Shows 2 of 3 things.",
        "Required",
        "Still without a level:",
        "C1, C2",
        "data-editable",
    ):
        assert text in body, text
    assert 'type="module"' in body
    assert "<script>" not in body
    assert " style=" not in body


def test_the_page_asks_few_questions_whatever_the_evidence(bo_client, bo, ada, alan, programme, review):
    def queries(one: Review) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert bo_client.get(address("review", one)).status_code == 200
        return len(captured)

    many = claim(handed_in_with(alan, programme, *[b"line %d\n" % number for number in range(12)]), by=bo)
    bo_client.get(address("review", review))
    assert queries(many) == queries(review) <= 26


def test_what_the_learner_wrote_is_shown_as_text(bo_client, bo, alan, programme):
    hostile = "<img src=x onerror=alert(1)>"
    draft = factories.make_draft(alan, programme)
    factories.make_evidence(
        draft,
        content=b"See " + hostile.encode() + b"\nhello\n",
        name="notes.txt",
        title=f"Title {hostile}",
        narrative=f"Narrative {hostile}",
        supports=dict.fromkeys(draft.achievement.criteria, f"Reason {hostile}"),
    )
    review = claim(submit(draft, declaration=True, by=alan), by=bo)
    body = bo_client.get(address("review", review)).content.decode()
    assert "<img src=x" not in body
    assert body.count("&lt;img src=x onerror=alert(1)&gt;") >= 5


def test_what_the_assessor_wrote_is_shown_as_text(bo_client, review):
    hostile = "</textarea><script>alert(1)</script>"
    bo_client.post(address("save-scores", review), filled(review, comment=hostile, feedback=hostile))
    body = bo_client.get(address("review", review)).content.decode()
    assert "<script>alert(1)" not in body
    assert body.count("&lt;/textarea&gt;&lt;script&gt;alert(1)") == 3


def test_links_open_without_telling_where_they_were_followed(bo_client, bo, alan, programme):
    draft = factories.make_draft(alan, programme)
    add_link(draft, "https://example.org/repo?a=1&b=2", factories.describe(draft), by=alan)
    review = claim(submit(draft, declaration=True, by=alan), by=bo)
    body = bo_client.get(address("review", review)).content.decode()
    assert (
        'href="https://example.org/repo?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow"'
        in body
    )


def test_who_lost_the_role_no_longer_reads_the_evidence(bo_client, bo, programme, handed_in, review):
    bo.groups.clear()
    body = bo_client.get(address("review", review)).content.decode()
    assert "-A INPUT" not in body
    assert handed_in.evidence.get().sha256 not in body
    assert "data-editable" not in body


# --- Saving ------------------------------------------------------------------------------------------


def test_a_save_answers_version_lease_total_and_what_is_missing(bo_client, review):
    first = review.submission.achievement.criteria[0]
    data = {
        "version": "1",
        f"level-{first.pk}": str(first.levels.get(position=2).pk),
        f"comment-{first.pk}": "Line one.\r\nLine two.",
    }
    response = bo_client.post(address("save-scores", review), data, headers=JSON)
    assert response.status_code == 200
    answer = response.json()
    second = review.submission.achievement.criteria[1]
    assert answer["version"] == 2
    assert answer["total"] == "33.33"
    assert answer["missing"] == [str(second.pk)]
    assert answer["below"] == [str(first.pk)]
    assert 44 * 60 < answer["lease_seconds"] <= 45 * 60
    assert answer["lease_until"] > answer["saved_at"]
    assert review.scores.get().comment == "Line one.\nLine two."


def test_a_save_without_scripts_comes_back_to_the_page(bo_client, review):
    response = bo_client.post(address("save-scores", review), filled(review, feedback="Nearly."), follow=True)
    assert response.redirect_chain == [(address("review", review), 302)]
    body = response.content.decode()
    assert "Saved." in body
    assert "Nearly." in body
    assert body.count("checked") == 2


def test_a_stale_save_answers_409_with_what_is_kept(bo_client, review):
    bo_client.post(address("save-scores", review), filled(review, comment="Kept."))
    response = bo_client.post(address("save-scores", review), filled(review, comment="Mine."), headers=JSON)
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    answer = response.json()
    assert (answer["code"], answer["version"], answer["status"]) == ("stale", 2, 409)
    assert [score["comment"] for score in answer["scores"]] == ["Kept.", "Kept."]


def test_a_stale_save_without_scripts_shows_both_and_saves_the_choice(bo_client, review):
    one, two = review.submission.achievement.criteria
    bo_client.post(
        address("save-scores", review), filled(review, position=2, comment="Kept.", feedback="Theirs.")
    )
    stale = filled(review, position=3, comment="Mine <b>bold</b>.", feedback="Ours.")
    response = bo_client.post(address("save-scores", review), stale)
    assert response.status_code == 409
    body = response.content.decode()
    for text in (
        "Kept.",
        "Mine &lt;b&gt;bold&lt;/b&gt;.",
        "Theirs.",
        "Ours.",
        'name="version" value="2"',
        "Level 1",
        "Level 2",
    ):
        assert text in body, text
    choice = {
        "version": "2",
        f"level-{one.pk}": str(one.levels.get(position=3).pk),
        f"comment-{one.pk}": "Mine.",
        f"take-{one.pk}": "both",
        f"level-{two.pk}": str(two.levels.get(position=2).pk),
        f"comment-{two.pk}": "Mine.",
        f"take-{two.pk}": "kept",
        "feedback": "Ours.",
        "take-feedback": "both",
    }
    assert bo_client.post(address("save-scores", review), choice).status_code == 302
    review.refresh_from_db()
    assert review.feedback == "Theirs.\n\nOurs."
    assert [score.comment for score in review.scores.all()] == ["Kept.\n\nMine.", "Kept."]
    assert [score.level.position for score in review.scores.all()] == [3, 2]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("version", "x", "bad-version"),
        ("version", "", "bad-version"),
        ("level-00000000-0000-4000-8000-00000000dead", "", "unknown-criterion"),
        ("comment-nothing", "text", "unknown-criterion"),
        ("feedback", "x" * 10_001, "text-too-long"),
    ],
)
def test_what_cannot_be_saved_is_refused(bo_client, review, field, value, code):
    data = filled(review) | {field: value}
    response = bo_client.post(address("save-scores", review), data, headers=JSON)
    assert (response.status_code, response.json()["code"]) == (422, code)
    page = bo_client.post(address("save-scores", review), data)
    assert page.status_code == 422
    assert "This was not done" in page.content.decode()
    review.refresh_from_db()
    assert (review.version, review.scores.count()) == (1, 0)


def test_a_level_of_another_criterion_is_refused(bo_client, review):
    one, two = review.submission.achievement.criteria
    data = filled(review) | {f"level-{one.pk}": str(two.levels.get(position=1).pk)}
    response = bo_client.post(address("save-scores", review), data, headers=JSON)
    assert (response.status_code, response.json()["code"]) == (422, "unknown-level")


def test_a_text_that_is_too_long_comes_back_in_the_page(bo_client, review):
    response = bo_client.post(address("save-scores", review), filled(review, comment="y" * 5001))
    assert response.status_code == 422
    assert "y" * 5001 in response.content.decode()


# --- The lease ---------------------------------------------------------------------------------------


def test_a_heartbeat_answers_the_new_lease(bo_client, review):
    end_lease(review)
    answer = bo_client.post(address("heartbeat", review), headers=JSON)
    assert answer.status_code == 200
    assert answer.json()["lease_seconds"] > 44 * 60
    assert bo_client.post(address("heartbeat", review)).status_code == 302


def test_a_lost_lease_answers_409_and_the_text_survives_a_new_claim(bo_client, bo, bea, review):
    save_scores(
        review, version=1, marks=[Mark(review.submission.achievement.criteria[0], None, "First.")], by=bo
    )
    review.refresh_from_db()
    end_lease(review)
    taken = claim(review.submission, by=bea)
    for name in ("save-scores", "heartbeat"):
        response = bo_client.post(address(name, review), filled(review), headers=JSON)
        assert (response.status_code, response.json()["code"]) == (409, "lease-lost")

    page = bo_client.post(address("save-scores", review), filled(review, comment="Unsaved words."))
    assert page.status_code == 409
    assert page.content.decode().count("Unsaved words.") == 2
    again = filled(review, comment="Unsaved words.", restore="1")
    refused = bo_client.post(reverse("claim", args=[review.submission_id]), again)
    assert refused.status_code == 409, "Bea holds it now"
    assert "Unsaved words." in refused.content.decode()

    release(taken, by=bea)
    response = bo_client.post(reverse("claim", args=[review.submission_id]), again)
    new = Review.objects.open().get()
    assert response["Location"] == address("review", new)
    assert new.fence == 3
    assert [score.comment for score in new.scores.all()] == ["Unsaved words.", "Unsaved words."]


def test_a_closed_review_offers_to_claim_again(bo_client, bo, mo, review):
    break_lock(review.submission, by=mo)
    body = bo_client.get(address("review", review)).content.decode()
    assert "This review is closed" in body
    assert "Claim again" in body
    assert "data-editable" not in body


def test_giving_back_saves_what_the_page_holds(bo_client, bo, review):
    response = bo_client.post(address("release", review), filled(review, comment="On the way out."))
    assert (response.status_code, response["Location"]) == (302, reverse("queue"))
    review.refresh_from_db()
    assert review.state == ReviewState.RELEASED
    assert review.scores.first().comment == "On the way out."
    assert bo_client.post(address("release", review)).status_code == 409


# --- Deciding ----------------------------------------------------------------------------------------


def test_bo_approves_what_is_on_the_page_and_goes_on_to_the_next(bo_client, bo, review):
    response = bo_client.post(address("decide", review), filled(review, outcome="approve"), follow=True)
    assert response.redirect_chain == [(address("review", review), 302)]
    body = response.content.decode()
    assert "Approved. The badge is being made and signed." in body
    assert "Claim next" in body
    assert "data-decided" in body
    assert "data-editable" not in body
    decision = Decision.objects.get()
    assert (decision.outcome, [row["comment"] for row in decision.results]) == (
        "approve",
        ["Well argued."] * 2,
    )
    assert Credential.objects.count() == 1


@pytest.mark.parametrize("outcome", ["return", "reject"])
def test_bo_says_no_with_a_reason(bo_client, review, outcome):
    data = filled(review, position=1, outcome=outcome, feedback="Show the log rule at work.")
    assert bo_client.post(address("decide", review), data).status_code == 302
    assert Decision.objects.get().feedback == "Show the log rule at work."


def test_a_decision_answers_json(bo_client, review):
    response = bo_client.post(address("decide", review), filled(review, outcome="approve"), headers=JSON)
    assert response.status_code == 201
    assert response.json() == {"id": str(Decision.objects.get().pk), "outcome": "approve"}


@pytest.mark.parametrize(
    ("position", "fields", "code"),
    [
        (3, {}, "outcome-missing"),
        (3, {"outcome": "praise"}, "outcome-missing"),
        (None, {"outcome": "approve"}, "scores-missing"),
        (2, {"outcome": "approve"}, "below-required"),
        (3, {"outcome": "return"}, "feedback-missing"),
        (3, {"outcome": "reject", "feedback": "   "}, "feedback-missing"),
    ],
)
def test_a_refused_decision_loses_nothing_that_was_written(bo_client, review, position, fields, code):
    data = filled(review, position=position, comment="Keep me.", **fields)
    page = bo_client.post(address("decide", review), data)
    assert page.status_code == 422
    assert page.content.decode().count("Keep me.") == 2
    assert page.context["error"].code == code
    assert [score.comment for score in review.scores.all()] == ["Keep me.", "Keep me."]
    assert not Decision.objects.exists()
    review.refresh_from_db()
    answer = bo_client.post(address("decide", review), data | {"version": str(review.version)}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_decision_on_an_old_version_shows_both_and_decides_nothing(bo_client, review):
    bo_client.post(address("save-scores", review), filled(review, comment="Kept."))
    response = bo_client.post(address("decide", review), filled(review, comment="Mine.", outcome="approve"))
    assert response.status_code == 409
    assert "Two versions of one review" in response.content.decode()
    assert not Decision.objects.exists()


def test_a_second_decision_is_refused(bo_client, review):
    data = filled(review, outcome="approve")
    bo_client.post(address("decide", review), data)
    response = bo_client.post(address("decide", review), data | {"outcome": "reject", "feedback": "No."})
    assert response.status_code == 409
    assert "This work was decided already." in response.content.decode()
    assert bo_client.post(address("decide", review), data, headers=JSON).json()["code"] == "already-decided"
    assert (
        bo_client.post(address("save-scores", review), data, headers=JSON).json()["code"] == "already-decided"
    )


@pytest.mark.parametrize("who", ["bo", "cy", "mo"])
def test_a_closed_review_is_read_by_its_assessor_and_who_oversees(client, who, bo, handed_in, request):
    decision = factories.make_decision(handed_in, bo, feedback="Good work <i>indeed</i>.")
    client.force_login(request.getfixturevalue(who))
    response = client.get(address("review", decision.review))
    body = response.content.decode()
    assert response.status_code == 200
    assert "Good work &lt;i&gt;indeed&lt;/i&gt;." in body
    assert "66" in body
    assert "data-editable" not in body
    assert 'name="outcome"' not in body


@pytest.mark.parametrize("who", ["ada", "alan", "bea", "root", "dee"])
def test_a_closed_review_is_not_there_for_others(client, who, bo, handed_in, request):
    decision = factories.make_decision(handed_in, bo)
    client.force_login(request.getfixturevalue(who))
    assert client.get(address("review", decision.review)).status_code == 404


def test_the_attempt_before_stands_beside(bo_client, bo, bea, ada, programme, achievement, handed_in):
    factories.make_decision(handed_in, bea, Outcome.RETURN, "Log what you drop.")
    second = submit(start(programme, achievement, by=ada), declaration=True, by=ada)
    body = bo_client.get(address("review", claim(second, by=bo))).content.decode()
    assert "Decision on attempt 1" in body
    assert "Log what you drop." in body
    assert body.count("Attempt 1: Level 1") == 2
    assert body.count("<p>Well argued.</p>") == 2
    assert "from the attempt before" in body


def test_the_sheet_carries_its_version_and_its_ids(bo_client, review):
    body = bo_client.get(address("review", review)).content.decode()
    assert 'name="version" value="1"' in body
    assert f'data-review="{review.pk}" data-submission="{review.submission_id}"' in body


def test_every_key_of_the_page_does_one_thing():
    told = [key for shortcut in desk.shortcuts() if shortcut["keys"][0] != "Alt" for key in shortcut["keys"]]
    assert [key for key in set(told) - {"…", "Ctrl", "Enter"} if told.count(key) > 1] == []
