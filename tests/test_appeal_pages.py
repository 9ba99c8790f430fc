"""The pages of appeals and investigations, and what an attempt's page says of them."""

import pytest
from django.urls import reverse

from assessments.models import Hold, Submission
from assessments.submitting import start, submit
from reviews.appealing import appeal, rule_on
from reviews.claiming import claim
from reviews.investigating import place_hold
from reviews.models import Appeal, Decision
from reviews.models.decision import Outcome
from tests import factories
from workbench import jobs

REASON = "The log that is asked for stands in line 8."
WORDS = "Line 8 logs what is accepted, not what is dropped."


@pytest.fixture
def returned(ada, bo, programme) -> Decision:
    return factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN, "No log.")


@pytest.fixture
def filed(returned, ada, cy, mo) -> Appeal:
    return appeal(returned, reason=REASON, by=ada)


def read(client, person, name, *args) -> str:
    client.force_login(person)
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200, answer
    return answer.content.decode()


# --- The learner -----------------------------------------------------------------------------------


def test_ada_finds_the_appeal_on_the_page_of_her_work_and_files_it(client, ada, cy, returned):
    address = reverse("file-appeal", args=[returned.submission_id])
    page = read(client, ada, "submission", returned.submission_id)
    assert address in page and "You can appeal this decision until" in page
    form = client.get(address).content.decode()
    assert "cannot open a new attempt" in form and "can be appealed once" in form
    assert client.post(address, {"reason": REASON})["Location"] == reverse(
        "submission", args=[returned.submission_id]
    )
    page = read(client, ada, "submission", returned.submission_id)
    assert REASON in page and "Waits for a ruling" in page and address not in page
    assert "You appealed the decision." in read(client, ada, "submissions")


def test_what_was_written_is_kept_when_it_is_refused(client, ada, returned):
    client.force_login(ada)
    address = reverse("file-appeal", args=[returned.submission_id])
    assert client.post(address, {"reason": " "}).status_code == 422
    answer = client.post(address, {"reason": "y" * 5001})
    assert answer.status_code == 422 and "y" * 5001 in answer.content.decode()


def test_without_a_decision_there_is_no_form(client, ada, programme):
    submission = factories.make_submission(ada, programme)
    client.force_login(ada)
    assert client.get(reverse("file-appeal", args=[submission.pk])).status_code == 302
    assert "Appeal this decision" not in read(client, ada, "submission", submission.pk)


def test_when_it_is_too_late_the_page_offers_none(client, ada, returned, programme):
    programme.appeal_days = None
    programme.save()
    address = reverse("file-appeal", args=[returned.submission_id])
    assert address not in read(client, ada, "submission", returned.submission_id)
    answer = client.get(address, follow=True)
    assert "takes no appeals" in answer.content.decode()


def test_ada_takes_it_back_after_a_question(client, ada, filed):
    client.force_login(ada)
    address = reverse("withdraw-appeal", args=[filed.pk])
    assert address in read(client, ada, "submission", filed.decision.submission_id)
    assert "cannot appeal it again" in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    assert "Taken back" in page
    again = client.post(address, follow=True).content.decode()
    assert "This appeal is closed already." in again
    assert client.get(address).status_code == 302


def test_ada_reads_the_answer_without_a_name(client, ada, cy, filed):
    rule_on(filed, ruling="upheld", words=WORDS, by=cy)
    page = read(client, ada, "submission", filed.decision.submission_id)
    assert WORDS in page and "Decision upheld" in page and cy.name not in page
    client.force_login(ada)
    assert client.get(reverse("appeal", args=[filed.pk]))["Location"] == reverse(
        "submission", args=[filed.decision.submission_id]
    )


def test_what_was_set_aside_stays_readable(client, ada, bo, cy, filed):
    rule_on(filed, ruling="overturned", words=WORDS, by=cy)
    page = read(client, ada, "submission", filed.decision.submission_id)
    assert "Decision set aside after your appeal" in page
    assert "No log." in page and REASON in page and WORDS in page and "Level 1" in page
    assert bo.name not in page and "somebody new judges" in page
    assert "somebody new judges your work" in read(client, ada, "submissions")


def test_during_an_investigation_ada_reads_that_there_is_one(client, ada, cy, returned):
    place_hold(returned.submission, words="Copied?", by=cy)
    for page in (read(client, ada, "submission", returned.submission_id), read(client, ada, "submissions")):
        assert "being looked into" in page and "Copied?" not in page and cy.name not in page
        assert "Open the next attempt" not in page and "Appeal this decision" not in page


# --- Those who oversee -----------------------------------------------------------------------------


def test_cy_finds_it_reads_everything_and_rules(client, bo, cy, filed):
    address = reverse("appeal", args=[filed.pk])
    assert address in read(client, cy, "appeals")
    page = read(client, cy, "appeal", filed.pk)
    for text in (REASON, "No log.", bo.name, "Well argued.", "Rules of the branch firewall", "Your ruling"):
        assert text in page
    answer = client.post(address, {"ruling": "upheld", "words": ""})
    assert answer.status_code == 422 and "Give your reasons" in answer.content.decode()
    page = client.post(address, {"ruling": "upheld", "words": WORDS}, follow=True).content.decode()
    assert WORDS in page and "Your ruling" not in page
    assert client.post(address, {"ruling": "upheld", "words": WORDS}).status_code == 403


def test_mo_reads_and_sees_who_may_rule(client, mo, cy, filed):
    page = read(client, mo, "appeal", filed.pk)
    assert REASON in page and cy.name in page and "Your ruling" not in page


def test_where_nobody_may_rule_the_page_says_what_to_do(client, ada, bo, mo, programme):
    factories.grant(mo, "assessor", programme)
    mo.forget_grants()
    decision = factories.make_decision(factories.make_submission(ada, programme), mo, Outcome.RETURN)
    filed = appeal(decision, reason=REASON, by=ada)
    page = read(client, mo, "appeal", filed.pk)
    assert "Nobody may rule on it" in page and reverse("programme-people", args=[programme.pk]) in page


def test_the_ruler_is_warned_when_nobody_could_judge_anew(client, bo, cy, filed):
    assert "Nobody could judge it anew" in read(client, cy, "appeal", filed.pk)


def test_the_assessor_reads_it_once_it_is_ruled_on(client, bo, bea, cy, filed):
    address = reverse("appeal", args=[filed.pk])
    for person in (bo, bea):
        client.force_login(person)
        assert client.get(address).status_code == 404
    rule_on(filed, ruling="upheld", words=WORDS, by=cy)
    assert WORDS in read(client, bo, "appeal", filed.pk)
    client.force_login(bea)
    assert client.get(address).status_code == 404


def test_the_list_asks_few_questions_and_shows_none_of_ones_own(
    client, ada, alan, bo, cy, programme, organisation, django_assert_max_num_queries
):
    for number in range(5):
        other = factories.make_achievement(organisation, code=f"a{number}")
        programme.achievements.add(other)
        submission = factories.make_submission(ada, programme, other)
        appeal(factories.make_decision(submission, bo, Outcome.RETURN), reason=f"Reason {number}", by=ada)
    mine = factories.make_submission(alan, programme, other)
    own = factories.make_decision(mine, bo, Outcome.RETURN)
    appeal(own, reason="Mine.", by=alan)
    factories.grant(alan, "moderator", programme)
    alan.forget_grants()
    client.force_login(cy)
    with django_assert_max_num_queries(10):
        assert client.get(reverse("appeals")).content.decode().count(ada.name) == 5
    assert alan.name not in read(client, alan, "appeals").split("<main")[1]


def test_an_empty_list_says_what_will_stand_there(client, cy):
    assert "No appeals" in read(client, cy, "appeals")


# --- Investigations --------------------------------------------------------------------------------


def test_cy_holds_work_back_and_ends_that_from_its_page(client, ada, bo, cy, programme):
    submission = factories.make_submission(ada, programme)
    claim(submission, by=bo)
    address = reverse("hold", args=[submission.pk])
    assert address in read(client, cy, "submission", submission.pk)
    assert "Bo Maes holds this work" in read(client, cy, "hold", submission.pk)
    assert client.post(address, {"words": ""}).status_code == 422
    page = client.post(address, {"words": "Word for word Alan's."}, follow=True).content.decode()
    assert "Word for word" in page and "How does it end?" in page
    assert address in read(client, cy, "appeals")
    lift = reverse("lift-hold", args=[Hold.objects.get().pk])
    client.force_login(cy)
    answer = client.post(lift, {"finding": "confirmed", "conclusion": ""})
    assert answer.status_code == 422 and "Give the reasons" in answer.content.decode()
    page = client.post(
        lift, {"finding": "cleared", "conclusion": "A hand-out."}, follow=True
    ).content.decode()
    assert "A hand-out." in page and "Looked into before" in page


def test_the_page_of_a_badge_says_that_it_is_suspended_meanwhile(client, ada, bo, cy, programme):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    assert "suspended meanwhile" in read(client, cy, "hold", decision.submission_id)
    place_hold(decision.submission, words="Copied?", by=cy)
    assert "the badge is suspended" in read(client, cy, "hold", decision.submission_id)


def test_copies_are_named_to_who_oversees_and_counted_to_assessors(client, ada, alan, bo, cy, programme):
    mine = factories.make_submission(ada, programme)
    factories.make_submission(alan, programme)
    review = claim(mine, by=bo)
    page = read(client, bo, "review", review.pk)
    assert "A file was handed in by another learner too" in page and alan.name not in page
    assert alan.name in read(client, cy, "hold", mine.pk)


def test_the_review_says_that_the_work_is_looked_into(client, ada, bo, cy, programme):
    submission = factories.make_submission(ada, programme)
    review = factories.make_review(submission, bo)
    place_hold(submission, words="Copied?", by=cy)
    page = read(client, bo, "review", review.pk)
    assert "This work is being looked into" in page and "Copied?" not in page
    assert "Claim again" not in page


# --- What changed since the attempt before ---------------------------------------------------------


def test_a_further_attempt_opens_with_what_changed(client, ada, bo, returned, programme, achievement):
    again = start(programme, achievement, by=ada)
    factories.make_text(again, "The log stands in line 8.", title="Where the log is")
    submit(again, declaration=True, by=ada)
    review = claim(Submission.objects.get(pk=again.pk), by=bo)
    page = read(client, bo, "review", review.pk)
    assert "Since attempt 1" in page and "1 new item" in page and "1 item as before" in page
    assert "Where the log is" in page


def test_nothing_changed_is_said_too(client, ada, bo, returned, programme, achievement):
    again = start(programme, achievement, by=ada)
    submit(again, declaration=True, by=ada)
    review = claim(Submission.objects.get(pk=again.pk), by=bo)
    assert "No evidence was changed, added or taken out." in read(client, bo, "review", review.pk)


def test_a_first_attempt_has_nothing_before_it(client, ada, bo, programme):
    review = claim(factories.make_submission(ada, programme), by=bo)
    assert "Since attempt" not in read(client, bo, "review", review.pk)
