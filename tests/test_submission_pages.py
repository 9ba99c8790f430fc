"""The pages of a learner's work, and who finds them."""

import pytest
from django.urls import reverse

from assessments.models import Enrolment, Submission
from assessments.models.lifecycle import State
from reviews.models.decision import Outcome
from tests import factories

QUERIES = 25


@pytest.fixture
def draft(ada, programme):
    return factories.make_draft(ada, programme)


def read(client, person, view, *args, query=""):
    client.force_login(person)
    response = client.get(reverse(view, args=args) + query)
    return response, response.content.decode()


# --- All my work -----------------------------------------------------------------------------------------


def test_without_an_enrolment_the_page_says_how_to_get_one(client, dee):
    response, page = read(client, dee, "submissions")
    assert response.status_code == 200
    assert "not enrolled in a programme yet" in page


def test_ada_starts_from_the_page_and_lands_in_her_draft(client, ada, programme, achievement):
    address = reverse("start-submission", args=[programme.pk, achievement.pk])
    _response, page = read(client, ada, "submissions")
    assert f'action="{address}"' in page
    response = client.post(address)
    assert response["Location"] == reverse("submission", args=[Submission.objects.get().pk])


def test_starting_twice_leads_to_the_open_draft(client, draft):
    client.force_login(draft.learner)
    address = reverse("start-submission", args=[draft.programme_id, draft.achievement_id])
    assert client.post(address)["Location"] == reverse("submission", args=[draft.pk])
    assert Submission.objects.count() == 1


def test_starting_what_was_earned_says_why_not(client, ada, bo, programme, achievement):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    client.force_login(ada)
    response = client.post(reverse("start-submission", args=[programme.pk, achievement.pk]), follow=True)
    assert "You have earned this achievement already." in response.content.decode()


def test_a_stranger_starts_nothing(client, dee, bo, programme, achievement):
    address = reverse("start-submission", args=[programme.pk, achievement.pk])
    client.force_login(dee)
    assert client.post(address).status_code == 404
    client.force_login(bo)
    assert client.post(address).status_code == 403
    assert client.get(address).status_code == 405


@pytest.mark.parametrize(
    ("outcome", "says", "button"),
    [
        (Outcome.APPROVE, "you earned this badge", "See the badge"),
        (Outcome.RETURN, "Show the log", "Open the next attempt"),
        (Outcome.REJECT, "Show the log", "Open the next attempt"),
    ],
)
def test_the_card_says_what_to_do_after_a_decision(client, ada, bo, programme, outcome, says, button):
    factories.make_decision(factories.make_submission(ada, programme), bo, outcome, feedback="Show the log")
    _response, page = read(client, ada, "submissions")
    assert says in page
    assert button in page


def test_the_card_follows_the_work_until_then(client, ada, bo, programme, draft):
    assert "Go on with your draft" in read(client, ada, "submissions")[1]
    factories.make_evidence(draft)
    client.post(reverse("submit", args=[draft.pk]), {"declaration": "on"})
    assert "You have nothing to do." in read(client, ada, "submissions")[1]
    factories.make_review(Submission.objects.get(), bo)
    page = read(client, ada, "submissions")[1]
    assert "An assessor is reading your evidence" in page
    assert "Bo Maes" not in page


def test_the_home_of_much_work_asks_few_questions(
    client, ada, bo, programme, organisation, django_assert_max_num_queries
):
    for number in range(12):
        achievement = factories.make_achievement(organisation, code=f"a{number}")
        programme.achievements.add(achievement)
        outcome = Outcome.RETURN if number % 2 else Outcome.APPROVE
        factories.make_decision(factories.make_submission(ada, programme, achievement), bo, outcome)
    client.force_login(ada)
    with django_assert_max_num_queries(QUERIES):
        assert client.get(reverse("submissions")).content.decode().count("<article") == 13


# --- One attempt -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["alan", "bo", "cy", "mo", "root", "dee"])
@pytest.mark.parametrize("view", ["submission", "add-evidence", "withdraw"])
def test_a_draft_is_found_by_ada_alone(role, view, request, client, draft):
    assert read(client, request.getfixturevalue(role), view, draft.pk)[0].status_code == 404


@pytest.mark.parametrize("view", ["submit", "withdraw"])
@pytest.mark.parametrize("role", ["alan", "bo", "dee"])
def test_nobody_else_hands_in_or_withdraws_a_draft(role, view, request, client, draft):
    client.force_login(request.getfixturevalue(role))
    assert client.post(reverse(view, args=[draft.pk]), {"declaration": "on"}).status_code == 404


@pytest.mark.parametrize("role", ["alan", "bo", "mo", "dee"])
def test_the_evidence_of_a_draft_is_found_by_ada_alone(role, request, client, draft):
    item = factories.make_evidence(draft)
    client.force_login(request.getfixturevalue(role))
    for view in ("edit-evidence", "remove-evidence"):
        address = reverse(view, args=[draft.pk, item.pk])
        assert client.get(address).status_code == 404
        assert client.post(address, {"title": "Mine"}).status_code == 404
    assert draft.evidence.count() == 1


def test_those_who_review_read_what_was_handed_in_and_change_nothing(client, ada, bo, programme):
    done = factories.make_submission(ada, programme)
    response, page = read(client, bo, "submission", done.pk)
    assert response.status_code == 200
    assert reverse("withdraw", args=[done.pk]) not in page
    for view in ("submit", "withdraw", "add-evidence"):
        assert client.post(reverse(view, args=[done.pk]), {"declaration": "on"}).status_code == 403


def test_evidence_is_only_found_under_its_own_submission(client, ada, programme, organisation, draft):
    other = factories.make_achievement(organisation)
    programme.achievements.add(other)
    item = factories.make_evidence(factories.make_draft(ada, programme, other))
    client.force_login(ada)
    assert client.post(reverse("remove-evidence", args=[draft.pk, item.pk])).status_code == 404


def test_the_rubric_with_its_required_levels_is_there_before_handing_in(client, draft):
    _response, page = read(client, draft.learner, "submission", draft.pk)
    assert "Criterion 1" in page
    assert page.count("Required</span>") == 2
    assert "Nobody" not in page


def test_the_page_says_which_criterion_has_no_evidence(client, draft):
    factories.make_evidence(draft, criteria=draft.achievement.criteria[:1])
    _response, page = read(client, draft.learner, "submission", draft.pk)
    assert "1 without evidence" in page
    assert "No evidence yet" in page


def test_ada_hands_in_from_the_page(client, draft):
    factories.make_evidence(draft)
    client.force_login(draft.learner)
    response = client.post(reverse("submit", args=[draft.pk]), {"declaration": "on"}, follow=True)
    assert "Handed in." in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("evidence", "data", "says"),
    [
        (None, {"declaration": "on"}, "Add at least one item of evidence"),
        ({}, {}, "Declare that the work is your own"),
        ({"supports": {}}, {"declaration": "on"}, "Say which criteria"),
    ],
)
def test_a_refusal_to_hand_in_is_said_at_the_form(client, draft, evidence, data, says):
    if evidence is not None:
        factories.make_evidence(draft, **evidence)
    client.force_login(draft.learner)
    response = client.post(reverse("submit", args=[draft.pk]), data)
    assert response.status_code == 422
    assert says in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_handing_in_twice_says_that_it_was_done(client, ada, programme):
    done = factories.make_submission(ada, programme)
    client.force_login(ada)
    for data in ({"declaration": "on"}, {}):
        response = client.post(reverse("submit", args=[done.pk]), data, follow=True)
        assert "This work was handed in already." in response.content.decode()


def test_without_an_enrolment_the_draft_is_kept_and_not_handed_in(client, draft):
    factories.make_evidence(draft)
    Enrolment.objects.all().delete()
    _response, page = read(client, draft.learner, "submission", draft.pk)
    assert "this draft cannot be handed in" in page
    assert client.post(reverse("submit", args=[draft.pk]), {"declaration": "on"}).status_code == 403


def test_withdrawing_asks_first(client, draft):
    _response, page = read(client, draft.learner, "withdraw", draft.pk)
    assert "Withdraw this attempt?" in page
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    client.post(reverse("withdraw", args=[draft.pk]))
    draft.refresh_from_db()
    assert draft.state == State.WITHDRAWN


def test_work_under_review_stays(client, ada, bo, programme):
    done = factories.make_submission(ada, programme)
    factories.make_review(done, bo)
    assert read(client, ada, "withdraw", done.pk)[0].status_code == 302
    response = client.post(reverse("withdraw", args=[done.pk]), follow=True)
    assert "can be withdrawn once they give it back" in response.content.decode()


# --- After the decision ----------------------------------------------------------------------------------


def test_ada_reads_the_feedback_in_full_and_the_level_of_each_criterion(client, ada, bo, programme):
    feedback = "Good order of rules.\n\n<b>Mind</b> the log. " + "Read on. " * 200
    done = factories.make_submission(ada, programme)
    factories.make_decision(done, bo, Outcome.RETURN, feedback=feedback)
    _response, page = read(client, ada, "submission", done.pk)
    assert page.count("Read on.") == 200
    assert "&lt;b&gt;Mind" in page
    assert page.count("Well argued.") >= 2
    assert page.count("Achieved</span>") == 2
    assert "Required: Level 2" in page
    assert "Bo Maes" not in page


def test_a_decision_that_is_not_released_is_not_shown(client, ada, bo, programme):
    done = factories.make_submission(ada, programme)
    decision = factories.make_decision(done, bo, Outcome.RETURN, feedback="Between us")
    decision.released_at = None
    decision.save()
    for view, args in (("submission", [done.pk]), ("submissions", [])):
        page = read(client, ada, view, *args)[1]
        assert "Between us" not in page
        assert "Well argued." not in page


def test_the_earlier_attempt_leads_to_the_later(client, ada, bo, programme, achievement):
    first = factories.make_submission(ada, programme)
    factories.make_decision(first, bo, Outcome.RETURN)
    second = factories.make_draft(ada, programme)
    page = read(client, ada, "submission", first.pk)[1]
    assert reverse("submission", args=[second.pk]) in page
    assert "Go to attempt 2" in page
    assert "from the attempt before" in read(client, ada, "submission", second.pk)[1]


def test_a_page_with_much_evidence_asks_few_questions(
    client, ada, bo, programme, django_assert_max_num_queries
):
    draft = factories.make_draft(ada, programme)
    for number in range(20):
        factories.make_text(draft, f"Text {number}")
    client.force_login(ada)
    with django_assert_max_num_queries(QUERIES):
        page = client.get(reverse("submission", args=[draft.pk])).content.decode()
    assert page.count("evidence-card") == 20
    client.post(reverse("submit", args=[draft.pk]), {"declaration": "on"})
    factories.make_decision(Submission.objects.get(), bo, Outcome.RETURN)
    with django_assert_max_num_queries(QUERIES):
        assert client.get(reverse("submission", args=[draft.pk])).status_code == 200


# --- The evidence forms ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "id_file"),
        ("?form=file", "id_file"),
        ("?form=link", "id_url"),
        ("?form=text", "id_text"),
        ("?form=x", "id_file"),
    ],
)
def test_each_form_is_an_address_of_its_own(client, draft, query, field, django_assert_max_num_queries):
    client.force_login(draft.learner)
    with django_assert_max_num_queries(QUERIES):
        page = client.get(reverse("add-evidence", args=[draft.pk]) + query).content.decode()
    assert f'id="{field}"' in page
    assert "0 of 20 items" in page
    assert "What may the world see?" in page


def test_evidence_is_private_until_ada_says_otherwise(client, draft):
    _response, page = read(client, draft.learner, "add-evidence", draft.pk)
    assert 'value="private" checked' in page


def test_an_item_is_described_anew(client, draft):
    item = factories.make_evidence(draft)
    first = draft.achievement.criteria[0]
    _response, page = read(client, draft.learner, "edit-evidence", draft.pk, item.pk)
    assert "See the comments in the file." in page
    response = client.post(
        reverse("edit-evidence", args=[draft.pk, item.pk]),
        {
            "title": "New",
            "visibility": "private",
            f"supports-{first.pk}": "on",
            f"reason-{first.pk}": "Line 2",
        },
    )
    assert response.status_code == 302
    item.refresh_from_db()
    assert (item.title, item.visibility, item.supports.get().justification) == ("New", "private", "Line 2")


def test_a_refused_edit_keeps_what_was_typed(client, draft):
    item = factories.make_evidence(draft)
    client.force_login(draft.learner)
    response = client.post(
        reverse("edit-evidence", args=[draft.pk, item.pk]),
        {"title": "My new words", "visibility": "private", "kind": "image"},
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="My new words"' in page
    assert "does not hold what its name or kind says" in page
    item.refresh_from_db()
    assert item.title == "Rules of the branch firewall"


def test_taking_out_asks_first(client, draft):
    item = factories.make_evidence(draft)
    assert "Remove this evidence?" in read(client, draft.learner, "remove-evidence", draft.pk, item.pk)[1]
    assert draft.evidence.count() == 1
    client.post(reverse("remove-evidence", args=[draft.pk, item.pk]))
    assert draft.evidence.count() == 0


def test_after_handing_in_the_forms_say_that_nothing_changes(client, ada, programme):
    done = factories.make_submission(ada, programme)
    item = done.evidence.get()
    client.force_login(ada)
    for address in (
        reverse("add-evidence", args=[done.pk]),
        reverse("edit-evidence", args=[done.pk, item.pk]),
        reverse("remove-evidence", args=[done.pk, item.pk]),
    ):
        response = client.post(address, {"title": "x"}, follow=True)
        assert "its evidence can no longer change" in response.content.decode()
    assert done.evidence.count() == 1


def test_what_ada_writes_is_text_and_never_markup(client, draft):
    hostile = "<img src=x onerror=alert(1)>"
    first = draft.achievement.criteria[0]
    factories.make_evidence(draft, title=hostile, narrative=hostile, supports={first: hostile})
    assert "<img src=x" not in read(client, draft.learner, "submission", draft.pk)[1]


@pytest.mark.parametrize("language", ["fr", "nl", "en"])
def test_every_page_exists_in_every_language(client, draft, language):
    item = factories.make_evidence(draft)
    draft.learner.language = language
    draft.learner.save()
    for view, args in (
        ("submissions", []),
        ("submission", [draft.pk]),
        ("add-evidence", [draft.pk]),
        ("edit-evidence", [draft.pk, item.pk]),
        ("account", []),
    ):
        response, page = read(client, draft.learner, view, *args)
        assert response.status_code == 200
        assert f'<html lang="{language}">' in page
