"""A revoked badge is revoked everywhere at once: page, status list and verification."""

import json
from datetime import datetime, timedelta

import pytest

from badges import listing
from badges.listing import sign_due_lists, sign_list
from badges.models import Credential, StatusList
from badges.openbadges import status_list as bitstring
from badges.revoking import revoke
from badges.verifying import verify
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event

REASON = "The capture was copied."


@pytest.fixture
def badge(ada, bo, programme) -> Credential:
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    return Credential.objects.get()


def is_set(client, badge: Credential) -> bool:
    """What a stranger reads, once the worker has had its turn."""
    sign_due_lists()
    listing = json.loads(client.get(f"/status/{badge.status_list_id}").content)
    return bitstring.is_set(bitstring.decode(listing["credentialSubject"]["encodedList"]), badge.status_index)


def test_a_revocation_is_told_everywhere_at_once(badge, mo, client):
    assert not is_set(client, badge)
    assert verify(badge.signed.encode()).verified
    revoke(badge, reason=REASON, by=mo)
    assert is_set(client, badge)
    verification = verify(badge.signed.encode())
    assert not verification.verified
    (failed,) = verification.failed
    assert failed.name == "status" and REASON in failed.detail
    page = client.get(f"/badges/{badge.pk}").content.decode()
    assert "Revoked on" in page and REASON in page and "Valid today" not in page
    assert client.get(f"/badges/{badge.pk}.json").content == badge.signed.encode()


def test_other_badges_of_the_list_stay_valid(badge, alan, bo, mo, programme, client):
    factories.make_decision(factories.make_submission(alan, programme), bo)
    jobs.run_due()
    other = Credential.objects.exclude(pk=badge.pk).get()
    revoke(badge, reason=REASON, by=mo)
    assert not is_set(client, other)
    assert verify(other.signed.encode()).verified


def test_the_status_list_is_signed_anew_and_verifies_for_strangers(badge, mo, client):
    before = client.get(f"/status/{badge.status_list_id}")
    again = client.get(f"/status/{badge.status_list_id}", headers={"if-none-match": before.headers["ETag"]})
    assert again.status_code == 304
    revoke(badge, reason=REASON, by=mo)
    withdrawn = client.get(
        f"/status/{badge.status_list_id}", headers={"if-none-match": before.headers["ETag"]}
    )
    assert (withdrawn.status_code, withdrawn.headers["Cache-Control"]) == (503, "no-store")
    sign_due_lists()
    after = client.get(f"/status/{badge.status_list_id}", headers={"if-none-match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.headers["Access-Control-Allow-Origin"] == "*"
    assert after.headers["Cache-Control"] == "public, no-cache"
    listing = json.loads(after.content)
    assert listing["issuer"] == json.loads(badge.signed)["issuer"]["id"]
    assert listing["id"] == json.loads(badge.signed)["credentialStatus"]["statusListCredential"]


def test_a_list_is_signed_once_for_each_version(badge, mo, client):
    first = StatusList.objects.get()
    assert first.signed and sign_due_lists() == 0
    client.get(f"/status/{badge.status_list_id}")
    assert StatusList.objects.get().signed_at == first.signed_at


def test_an_old_list_is_signed_anew_before_it_ends(badge, client):
    """Three days are what a list holds; half a day is when it is signed again."""
    listing = json.loads(badge.status_list.signed)
    until = datetime.fromisoformat(listing["validUntil"]) - badge.status_list.signed_at
    assert timedelta(days=2) < until <= timedelta(days=3)
    assert datetime.fromisoformat(listing["validFrom"]) < badge.status_list.signed_at - timedelta(minutes=4)
    old = badge.status_list.signed_at - timedelta(hours=12, seconds=1)
    StatusList.objects.update(signed_at=old)
    assert sign_due_lists() == 1
    assert StatusList.objects.get().signed_at > badge.status_list.signed_at


def test_a_slow_signer_never_puts_an_old_list_back(badge, mo, monkeypatch):
    """Revoked while another process has read the bits and not yet stored its list."""
    real = listing.proof.sign

    def slow(*args, **kwargs):
        monkeypatch.setattr(listing.proof, "sign", real)
        signed = real(*args, **kwargs)
        revoke(badge, reason=REASON, by=mo)
        sign_list(StatusList.objects.get())
        return signed

    monkeypatch.setattr(listing.proof, "sign", slow)
    StatusList.objects.all().changed()
    told = json.loads(sign_list(StatusList.objects.get()).signed)
    assert bitstring.is_set(bitstring.decode(told["credentialSubject"]["encodedList"]), badge.status_index)


def test_revoking_twice_is_refused(badge, mo):
    revoke(badge, reason=REASON, by=mo)
    version = StatusList.objects.get().version
    with pytest.raises(DomainError) as refusal:
        revoke(badge, reason="Again", by=mo)
    assert refusal.value.code == "already-revoked"
    badge.refresh_from_db()
    assert badge.revocation_reason == REASON
    assert StatusList.objects.get().version == version


@pytest.mark.parametrize(("reason", "code"), [("  \n", "reason-missing"), ("x" * 2001, "reason-too-long")])
def test_a_reason_is_needed(badge, mo, reason, code):
    with pytest.raises(DomainError) as refusal:
        revoke(badge, reason=reason, by=mo)
    assert refusal.value.code == code


def test_a_planned_badge_cannot_be_revoked(ada, bo, mo, programme):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    with pytest.raises(DomainError) as refusal:
        revoke(Credential.objects.get(), reason=REASON, by=mo)
    assert refusal.value.code == "not-issued"


@pytest.mark.parametrize("person", ["ada", "alan", "bo", "cy", "dee"])
def test_only_managers_and_administrators_revoke(badge, person, request):
    with pytest.raises(Forbidden):
        revoke(badge, reason=REASON, by=request.getfixturevalue(person))
    badge.refresh_from_db()
    assert badge.state == "issued"


def test_root_may_revoke(badge, root):
    assert revoke(badge, reason=REASON, by=root).is_revoked


def test_the_trail_tells_the_act_and_not_the_reason(badge, mo):
    revoke(badge, reason=REASON, by=mo)
    event = Event.objects.about(badge).in_order().last()
    assert (event.verb, event.actor) == ("badge-revoked", mo)
    assert REASON not in json.dumps(event.data)
    assert not list(breaks())


def test_mo_revokes_on_the_page_after_a_question(badge, mo, client):
    client.force_login(mo)
    assert client.get(f"/badges/{badge.pk}/revoke/").status_code == 200
    assert client.post(f"/badges/{badge.pk}/revoke/", {"reason": " "}).status_code == 422
    badge.refresh_from_db()
    assert not badge.is_revoked
    answer = client.post(f"/badges/{badge.pk}/revoke/", {"reason": REASON})
    assert answer.headers["Location"] == f"/badges/{badge.pk}"
    assert client.post(f"/badges/{badge.pk}/revoke/", {"reason": REASON}).status_code == 409


@pytest.mark.parametrize(("person", "status"), [("ada", 403), ("cy", 403), ("bo", 404), ("dee", 404)])
def test_the_page_is_refused_or_unseen(badge, person, status, request, client):
    client.force_login(request.getfixturevalue(person))
    assert client.post(f"/badges/{badge.pk}/revoke/", {"reason": REASON}).status_code == status
    badge.refresh_from_db()
    assert not badge.is_revoked
