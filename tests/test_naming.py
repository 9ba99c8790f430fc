"""Whose work it is: kept from assessors where the policy says so, until the release."""

import json
import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser

from assessments.models import Submission
from assessments.naming import code_of, is_veiled, learner_name
from assessments.submitting import withdraw
from reviews.deciding import decide
from reviews.models.decision import Outcome
from reviews.models.policy import Markers
from reviews.prescribing import Rules, prescribe
from tests import factories
from workbench.models import Token, User


@pytest.fixture
def hidden(ada, programme, mo) -> Submission:
    prescribe(programme, Rules(hides_learner=True), by=mo)
    return factories.make_submission(ada, programme)


def fresh(person: User) -> User:
    """As the next request knows the person."""
    return User.objects.get(pk=person.pk)


def test_the_code_is_the_attempts_own_and_says_nothing_of_its_id():
    submission = Submission(pk=uuid4())
    assert code_of(submission) == code_of(Submission(pk=submission.pk))
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}", code_of(submission))
    codes = {code_of(Submission(pk=uuid4())) for _number in range(5000)}
    assert len(codes) == 5000
    assert code_of(submission).replace("-", "").lower() not in submission.pk.hex


def test_bo_reads_a_code_and_cy_and_mo_and_ada_the_name(ada, bo, cy, mo, hidden):
    assert learner_name(hidden, fresh(bo)) == f"Learner {code_of(hidden)}"
    assert {learner_name(hidden, fresh(one)) for one in (ada, cy, mo)} == {"Ada Delcourt"}
    assert is_veiled(hidden, AnonymousUser())


def test_without_such_a_policy_everybody_reads_the_name(ada, programme, bo):
    submission = factories.make_submission(ada, programme)
    assert learner_name(submission, bo) == "Ada Delcourt"


def test_who_both_assesses_and_oversees_reads_the_name(programme, bo, hidden):
    factories.grant(bo, "moderator", programme)
    assert not is_veiled(hidden, fresh(bo))


def test_an_achievement_may_be_judged_otherwise(programme, achievement, mo, bo, hidden):
    prescribe(programme, Rules(), achievement=achievement, by=mo)
    assert not is_veiled(hidden, fresh(bo))


def test_the_name_shows_after_the_release_and_goes_again_while_the_next_attempt_waits(
    ada, programme, bo, hidden
):
    factories.make_decision(hidden, bo, Outcome.RETURN)
    hidden.refresh_from_db()
    assert not is_veiled(hidden, fresh(bo))
    again = factories.make_submission(ada, programme)
    assert is_veiled(again, fresh(bo))
    assert is_veiled(hidden, fresh(bo))


def test_work_that_was_taken_back_stays_unnamed(ada, bo, hidden):
    withdraw(hidden, by=ada)
    hidden.refresh_from_db()
    assert is_veiled(hidden, fresh(bo))


def test_no_page_that_bo_opens_names_ada(client, ada, bo, hidden):
    review = factories.make_review(hidden, bo)
    item = hidden.evidence.get()
    client.force_login(bo)
    pages = [
        "/",
        "/queue/",
        "/queue/?mine=on",
        f"/submissions/{hidden.pk}/",
        f"/submissions/{hidden.pk}/notes/",
        f"/submissions/{hidden.pk}/flag/",
        f"/reviews/{review.pk}/",
        f"/reviews/{review.pk}/skip/",
        f"/reviews/{review.pk}/annotations/",
        f"/reviews/{review.pk}/comments/?criterion={review.submission.achievement.criteria[0].pk}",
        f"/files/{item.pk}/view/",
        f"/files/{item.pk}/findings/",
        f"/files/{item.pk}/lines/",
        f"/files/{item.pk}/rules/",
        "/account/notifications/",
        "/programmes/",
    ]
    named = 0
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert "Delcourt" not in page, address
        assert "ada@" not in page, address
        assert str(ada.pk) not in page, address
        named += f"Learner {code_of(hidden)}" in page
    assert named >= 8


def test_no_answer_of_the_api_names_ada_to_bo(client, ada, bo, cy, hidden):
    headers = {"Authorization": f"Bearer {Token.issue(bo, label='script')[1]}"}
    for path in ("/queue", "/submissions", f"/submissions/{hidden.pk}"):
        told = client.get(f"/api/v1{path}", headers=headers).content.decode()
        assert code_of(hidden) in told, path
        assert "Delcourt" not in told, path
        assert str(ada.pk) not in told, path
    shape = client.get(f"/api/v1/submissions/{hidden.pk}", headers=headers).json()
    assert (shape["learner"], shape["learner_name"]) == (None, f"Learner {code_of(hidden)}")
    headers = {"Authorization": f"Bearer {Token.issue(cy, label='script')[1]}"}
    shape = client.get(f"/api/v1/submissions/{hidden.pk}", headers=headers).json()
    assert (shape["learner"], shape["learner_name"]) == (str(ada.pk), "Ada Delcourt")


def test_the_queue_asks_as_much_for_one_as_for_many(
    client, ada, alan, programme, mo, bo, hidden, django_assert_max_num_queries
):
    client.force_login(bo)
    client.get("/queue/")
    with django_assert_max_num_queries(60) as few:
        client.get("/queue/")
    for number in range(4):
        person = factories.make_user(f"Learner{number} Other")
        factories.enrol(programme, person)
        factories.make_submission(person, programme)
    with django_assert_max_num_queries(len(few)):
        client.get("/queue/")


# --- Blind to each other ---------------------------------------------------------------------------------

SECRETS = ("ZEBRA-COMMENT", "ZEBRA-FEEDBACK", "ZEBRA-NOTE", "ZEBRA-FLAG")


def crawl(client, submission, reviews):
    """What every address that names the work, its reviews or notes answers, also to guessed ids."""
    achievement = submission.achievement
    item = submission.evidence.get()
    criterion = achievement.criteria[0]
    paths = [
        "/",
        "/queue/",
        "/queue/?flagged=on",
        "/moderation/",
        "/reports/",
        "/account/notifications/",
        f"/moderation/disagreements/{submission.pk}/",
        f"/programmes/{submission.programme_id}/",
        f"/programmes/{submission.programme_id}/judging/",
        f"/programmes/{submission.programme_id}/comments/",
        f"/programmes/{submission.programme_id}/agreement/",
        f"/submissions/{submission.pk}/",
        f"/submissions/{submission.pk}/notes/",
        f"/submissions/{submission.pk}/flag/",
        *(f"/files/{item.pk}/{name}/" for name in ("view", "findings", "lines", "rules")),
        f"/api/v1/submissions/{submission.pk}",
        f"/api/v1/submissions/{submission.pk}/flag",
        f"/api/v1/submissions/{submission.pk}/disagreement",
        "/api/v1/submissions",
        "/api/v1/queue",
        "/api/v1/moderation",
        "/api/v1/notifications",
    ]
    for review in reviews:
        paths += [
            f"/reviews/{review.pk}/",
            f"/reviews/{review.pk}/annotations/",
            f"/reviews/{review.pk}/comments/?criterion={criterion.pk}",
            f"/api/v1/reviews/{review.pk}",
            f"/api/v1/reviews/{review.pk}/annotations",
            *(f"/reviews/{review.pk}/annotations/{note.pk}/" for note in review.annotations.all()),
        ]
        if decision := getattr(review, "decision", None):
            paths.append(f"/moderation/decisions/{decision.pk}/")
    return {path: client.get(path, headers=client.api) for path in paths}


def as_(client, person):
    client.force_login(person)
    client.api = {"Authorization": f"Bearer {Token.issue(person, label='script')[1]}"}
    return client


@pytest.fixture
def first_marking(ada, programme, mo, bo):
    """Bo's marking of Ada's work, with words in every place where words fit."""
    prescribe(programme, Rules(Markers.DOUBLE_BLIND), by=mo)
    submission = factories.make_submission(ada, programme)
    review = factories.zebra(submission, bo)
    decide(review, outcome=Outcome.RETURN, feedback="ZEBRA-FEEDBACK", by=bo)
    review.refresh_from_db()
    return review


def leaks(answers) -> list[str]:
    return [
        f"{path}: {secret}"
        for path, answer in answers.items()
        for secret in SECRETS
        if secret in answer.content.decode(errors="replace")
    ]


@pytest.mark.parametrize("roles", [(), ("moderator",), ("manager",), ("moderator", "manager")])
@pytest.mark.parametrize("stage", ["before claiming", "while marking", "after marking"])
def test_no_address_tells_the_second_marker_what_the_first_gave(
    client, programme, bea, cy, first_marking, roles, stage
):
    for role in roles:
        factories.grant(bea, role, programme)
    submission = first_marking.submission
    reviews = [first_marking]
    if stage != "before claiming":
        reviews.append(factories.scored(submission, bea, 3, 3))
    if stage == "after marking":
        decide(reviews[1], outcome=Outcome.APPROVE, feedback="", by=bea)
    assert leaks(crawl(as_(client, bea), submission, reviews)) == []


def test_nor_the_first_what_the_second_gave(client, programme, bo, bea, first_marking):
    factories.grant(bo, "moderator", programme)
    submission = first_marking.submission
    second = factories.zebra(submission, bea, flag=False)
    decide(second, outcome=Outcome.REJECT, feedback="ZEBRA-SECOND", by=bea)
    answers = crawl(as_(client, bo), submission, [second])
    assert not [path for path, answer in answers.items() if "ZEBRA-SECOND" in answer.content.decode()]
    assert not [path for path in leaks(answers) if str(second.pk) in path]


def test_cy_who_marks_nothing_reads_all_of_it(client, cy, first_marking):
    submission = first_marking.submission
    found = leaks(crawl(as_(client, cy), submission, [first_marking]))
    assert {one.rpartition(": ")[2] for one in found} == set(SECRETS)


def test_the_second_markers_refusals_tell_nothing(client, bea, first_marking):
    submission = first_marking.submission
    review = factories.scored(submission, bea, 3, None)
    browser = as_(client, bea)
    refused = [
        browser.post(f"/reviews/{review.pk}/decide/", {"outcome": "approve"}),
        browser.post(f"/reviews/{first_marking.pk}/decide/", {"outcome": "approve"}),
        browser.post(f"/submissions/{submission.pk}/flag/", {"note": "Again?"}),
        browser.post(f"/reviews/{review.pk}/scores/", {"version": "99"}),
    ]
    assert [answer.status_code for answer in refused] == [422, 404, 409, 409]
    assert leaks(dict(enumerate(refused))) == []


def test_after_the_release_both_read_what_each_gave_and_what_it_came_to(client, bo, bea, cy, first_marking):
    submission = first_marking.submission
    second = factories.scored(submission, bea, 2, 3)
    decide(second, outcome=Outcome.RETURN, feedback="Log it.", by=bea)
    for person, own in ((bo, first_marking), (bea, second)):
        page = as_(client, person).get(f"/reviews/{own.pk}/").content.decode()
        assert "What the markers gave" in page
        assert "the markers agree" in page
    assert json.loads(as_(client, bea).get(f"/api/v1/reviews/{second.pk}", headers=client.api).content)
