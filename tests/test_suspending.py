"""A suspended badge is not to be relied on, for a while: everywhere at once, and restored as it was."""

import json

import pytest

from badges.listing import sign_due_lists
from badges.models import Credential, StatusList
from badges.openbadges import status_list as bitstring
from badges.revoking import revoke
from badges.suspending import reinstate, suspend
from badges.verifying import verify
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event, Token

REASON = "The capture is looked into."


@pytest.fixture
def badge(ada, bo, programme) -> Credential:
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    return Credential.objects.get()


def marks(client, badge: Credential) -> dict[str, bool]:
    """What strangers read on each of the badge's lists."""
    sign_due_lists()
    badge.refresh_from_db()
    places = {"revocation": (badge.status_list_id, badge.status_index)}
    if badge.suspension_list_id:
        places["suspension"] = (badge.suspension_list_id, badge.suspension_index)
    found = {}
    for purpose, (pk, index) in places.items():
        listing = json.loads(client.get(f"/status/{pk}").content)
        assert listing["credentialSubject"]["statusPurpose"] == purpose
        assert listing["issuer"] == json.loads(badge.signed)["issuer"]["id"]
        found[purpose] = bitstring.is_set(
            bitstring.decode(listing["credentialSubject"]["encodedList"]), index
        )
    return found


def test_a_suspension_is_told_everywhere_at_once_and_lifted_everywhere(badge, mo, client):
    assert marks(client, badge) == {"revocation": False}
    suspend(badge, reason=REASON, by=mo)
    assert marks(client, badge) == {"revocation": True, "suspension": True}
    verification = verify(badge.signed.encode())
    assert not verification.verified
    (failed,) = verification.failed
    assert (failed.name, failed.code) == ("status", "suspended-ours") and REASON in failed.detail
    page = client.get(f"/badges/{badge.pk}").content.decode()
    assert "Suspended on" in page and REASON in page and "Valid today" not in page
    reinstate(badge, by=mo)
    assert marks(client, badge) == {"revocation": False, "suspension": False}
    assert verify(badge.signed.encode()).verified
    page = client.get(f"/badges/{badge.pk}").content.decode()
    assert "Valid today" in page and REASON not in page
    badge.refresh_from_db()
    assert (badge.state, badge.suspended_at, badge.suspension_reason) == ("issued", None, "")


def test_it_keeps_its_place_on_the_suspension_list(badge, mo):
    places = []
    for _time in range(3):
        suspended = suspend(badge, reason=REASON, by=mo)
        places.append((suspended.suspension_list_id, suspended.suspension_index))
        reinstate(badge, by=mo)
    assert len(set(places)) == 1
    assert StatusList.objects.get(purpose="suspension").drawn == 1


def test_what_is_signed_never_changes(badge, mo):
    signed = badge.signed
    suspend(badge, reason=REASON, by=mo)
    reinstate(badge, by=mo)
    badge.refresh_from_db()
    assert badge.signed == signed


def test_a_suspended_badge_can_be_revoked_and_is_no_longer_suspended(badge, mo, client):
    suspend(badge, reason=REASON, by=mo)
    revoke(badge, reason="It was copied.", by=mo)
    assert marks(client, badge) == {"revocation": True, "suspension": False}
    with pytest.raises(DomainError) as refusal:
        reinstate(badge, by=mo)
    assert refusal.value.code == "already-revoked"
    badge.refresh_from_db()
    assert badge.is_revoked


@pytest.mark.parametrize(
    ("prepare", "act", "code"),
    [
        ((), "reinstate", "not-suspended"),
        (("suspend",), "suspend", "already-suspended"),
        (("revoke",), "suspend", "already-revoked"),
        (("revoke",), "reinstate", "already-revoked"),
    ],
)
def test_acts_out_of_turn_are_refused(badge, mo, prepare, act, code):
    acts = {
        "suspend": lambda: suspend(badge, reason=REASON, by=mo),
        "reinstate": lambda: reinstate(badge, by=mo),
        "revoke": lambda: revoke(badge, reason=REASON, by=mo),
    }
    for name in prepare:
        acts[name]()
    with pytest.raises(DomainError) as refusal:
        acts[act]()
    assert refusal.value.code == code


@pytest.mark.parametrize(("reason", "code"), [("  \n", "reason-missing"), ("x" * 2001, "reason-too-long")])
def test_a_reason_is_needed(badge, mo, reason, code):
    with pytest.raises(DomainError) as refusal:
        suspend(badge, reason=reason, by=mo)
    assert refusal.value.code == code
    assert not StatusList.objects.filter(purpose="suspension").exists()


def test_a_planned_badge_cannot_be_suspended(ada, bo, mo, programme):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    with pytest.raises(DomainError) as refusal:
        suspend(Credential.objects.get(), reason=REASON, by=mo)
    assert refusal.value.code == "not-issued"


@pytest.mark.parametrize("person", ["ada", "alan", "bo", "cy", "dee"])
def test_only_managers_and_administrators_suspend(badge, person, request):
    with pytest.raises(Forbidden):
        suspend(badge, reason=REASON, by=request.getfixturevalue(person))
    with pytest.raises(Forbidden):
        reinstate(badge, by=request.getfixturevalue(person))


def test_the_holder_is_told_both_times_and_the_trail_keeps_no_reason(badge, ada, mo):
    suspend(badge, reason=REASON, by=mo)
    reinstate(badge, by=mo)
    kinds = list(ada.notifications.order_by("created_at").values_list("kind", flat=True))
    assert kinds[-2:] == ["badge-suspended", "badge-reinstated"]
    told = Event.objects.about(badge).in_order()
    assert [event.verb for event in told][-2:] == ["badge-suspended", "badge-reinstated"]
    assert not any(REASON in json.dumps(event.data) for event in told)
    assert not list(breaks())


def test_mo_suspends_and_restores_on_the_page(badge, mo, client):
    client.force_login(mo)
    assert "Suspend this badge" in client.get(f"/badges/{badge.pk}").content.decode()
    assert client.get(f"/badges/{badge.pk}/suspend/").status_code == 200
    assert client.post(f"/badges/{badge.pk}/suspend/", {"reason": " "}).status_code == 422
    answer = client.post(f"/badges/{badge.pk}/suspend/", {"reason": REASON}, follow=True)
    page = answer.content.decode()
    assert "Suspended on" in page and "Lift the suspension" in page
    assert "as soon as the worker has signed it" in page  # inside a test's transaction there is no worker
    page = client.post(f"/badges/{badge.pk}/reinstate/", follow=True).content.decode()
    assert "Valid today" in page and "Suspend this badge" in page
    assert client.post(f"/badges/{badge.pk}/reinstate/").status_code == 409


def test_the_api_suspends_shows_where_and_restores(badge, mo, client):
    headers = {"Authorization": f"Bearer {Token.issue(mo, label='test')[1]}"}

    def call(path: str, body: object) -> dict:
        answer = client.post(
            f"/api/v1/credentials/{badge.pk}/{path}", json.dumps(body), "application/json", headers=headers
        )
        assert answer.status_code == 200, answer.content
        return answer.json()

    suspended = call("suspend", {"reason": REASON})
    assert (suspended["state"], suspended["suspension_reason"]) == ("suspended", REASON)
    entry = suspended["suspension_entry"]
    sign_due_lists()
    listing = json.loads(client.get(entry["list"].removeprefix("http://testserver")).content)
    assert listing["credentialSubject"]["statusPurpose"] == entry["purpose"] == "suspension"
    assert bitstring.is_set(bitstring.decode(listing["credentialSubject"]["encodedList"]), entry["index"])
    restored = call("reinstate", {})
    assert (restored["state"], restored["suspended_at"]) == ("issued", None)
    assert restored["suspension_entry"] == entry
