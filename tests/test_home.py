"""The first page says what to do now, to each person in their roles."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Submission
from badges.issuing import issue
from badges.models import Credential
from reviews.claiming import claim
from reviews.models.decision import Outcome
from tests import factories


def home(client, person) -> str:
    client.force_login(person)
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_a_visitor_reads_what_this_is_and_can_verify_or_sign_in(client, db):
    response = client.get("/")
    body = response.content.decode()
    assert response.status_code == 200
    assert reverse("verify") in body
    assert reverse("account_login") in body
    assert "What there is to do now" not in body


def test_nothing_is_posted_to_the_first_page(client, db):
    assert client.post("/").status_code == 405


def test_dee_reads_how_to_get_enrolled(client, dee):
    body = home(client, dee)
    assert "How to get into a programme" in body
    assert "dee@example.org" in body
    assert "Review queue" not in body


def test_ada_is_told_to_start_then_to_finish(client, ada, programme):
    assert "Start “Firewall management”" in home(client, ada)
    draft = factories.make_draft(ada, programme)
    body = home(client, ada)
    assert "Finish “Firewall management”" in body
    assert reverse("submission", args=[draft.pk]) in body


def test_ada_sees_what_waits_and_what_came_back(client, ada, bo, programme):
    submission = factories.make_submission(ada, programme)
    assert "Waiting for others" in home(client, ada)
    factories.make_decision(submission, bo, Outcome.RETURN, "Log what you drop.")
    body = home(client, ada)
    assert "Take up “Firewall management” again" in body
    assert "Waiting for others" not in body


def test_ada_sees_a_badge_once_it_is_signed(client, ada, bo, programme):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    credential = Credential.objects.get()
    assert reverse("badge", args=[credential.pk]) not in home(client, ada)
    issue(credential.pk)
    assert reverse("badge", args=[credential.pk]) in home(client, ada)


def test_bo_sees_what_waits_and_what_he_holds(client, bo, ada, alan, programme):
    first, _second = factories.make_submission(ada, programme), factories.make_submission(alan, programme)
    body = home(client, bo)
    assert "Claim next" in body
    review = claim(first, by=bo)
    body = home(client, bo)
    assert reverse("review", args=[review.pk]) in body
    assert "Held for you until" in body
    Submission.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(minutes=1))
    assert "Your time ended; nobody took it yet" in home(client, bo)


def test_bo_without_work_is_offered_none(client, bo):
    body = home(client, bo)
    assert "Nothing waits for review." in body
    assert "Claim next" not in body


@pytest.mark.parametrize(("who", "manages"), [("cy", False), ("mo", True)])
def test_who_oversees_sees_counts_and_locks(client, who, manages, bo, ada, alan, programme, request):
    held = factories.make_submission(ada, programme)
    claim(held, by=bo)
    factories.make_submission(alan, programme)
    Submission.objects.exclude(pk=held.pk).update(submitted_at=timezone.now() - timedelta(days=8))
    body = home(client, request.getfixturevalue(who))
    assert "Held by assessors" in body
    assert "Bo Maes, until" in body
    assert f"?programme={programme.pk}&amp;state=waiting&amp;age=7" in body
    assert (reverse("programme-people", args=[programme.pk]) in body) is manages
    assert (reverse("reports") in body) is manages


def test_root_finds_referentials_keys_and_programmes(client, root, programme):
    body = home(client, root)
    for address in (
        reverse("referentials"),
        reverse("keys", args=["lille"]),
        reverse("programme", args=[programme.pk]),
        reverse("issuer", args=["lille"]),
    ):
        assert address in body


def test_sections_of_several_roles_stand_together_in_few_queries(
    client, root, ada, alan, bo, programme, organisation
):
    everyone = root
    factories.enrol(programme, everyone)
    for role in ("assessor", "moderator", "manager"):
        factories.grant(everyone, role, programme)
    for learner in (ada, alan, everyone):
        factories.make_submission(learner, programme)
    claim(Submission.objects.get(learner=ada), by=bo)
    client.force_login(everyone)
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        body = client.get("/").content.decode()
    for heading in ("learning", "assessing", "overseeing", "organisations"):
        assert f'aria-labelledby="{heading}"' in body
    assert len(queries) <= 18, [query["sql"] for query in queries]  # every role at once


def test_a_learner_never_reads_the_work_of_another(client, ada, alan, programme):
    other = factories.make_submission(alan, programme)
    body = home(client, ada)
    assert str(other.pk) not in body
    assert "Alan" not in body
