"""What somebody tries who means no good, or who clicks twice at the wrong moment."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from assessments.models import Submission
from assessments.submitting import withdraw
from badges.models import Credential
from tests import factories
from workbench import jobs


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    cache.clear()


def earned(submission: Submission, assessor) -> Credential:
    factories.make_decision(submission, assessor)
    jobs.run_due()
    return Credential.objects.get(submission_id=submission.pk)


# --- Drafts that were never handed in ------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bo", "cy", "mo"])
def test_a_draft_that_ada_threw_away_stays_hers_alone(client, ada, programme, who, request):
    person = request.getfixturevalue(who)
    draft = factories.make_draft(ada, programme)
    item = factories.make_evidence(draft, title="Not meant for anybody")
    withdraw(draft, by=ada)
    client.force_login(person)
    assert client.get(reverse("submission", args=[draft.pk])).status_code == 404
    assert client.get(reverse("evidence-file", args=[item.pk])).status_code == 404
    assert not Submission.objects.visible_to(person).exists()
    client.force_login(ada)
    assert client.get(reverse("submission", args=[draft.pk])).status_code == 200
    assert client.get(reverse("evidence-file", args=[item.pk])).status_code == 200


def test_what_ada_handed_in_and_took_back_is_still_known_to_bo(client, ada, bo, programme):
    handed_in = withdraw(factories.make_submission(ada, programme), by=ada)
    client.force_login(bo)
    assert client.get(reverse("submission", args=[handed_in.pk])).status_code == 200
