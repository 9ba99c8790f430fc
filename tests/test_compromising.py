"""A key that others may have: what it signed is told apart by our own records, and signed again."""

import json
import threading
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from badges import issuing
from badges.compromising import compromise
from badges.identifying import verification_method
from badges.issuing import issue
from badges.listing import sign_due_lists
from badges.models import Credential, FormerSignature, SigningKey, StatusList
from badges.openbadges import did, parsing, proof
from badges.openbadges import status_list as bitstring
from badges.publishing import did_document, jwks
from badges.resigning import RESIGN, resign, resign_all
from badges.revoking import revoke
from badges.rotating import prepare_keys, rotate_key
from badges.signing import private_half
from badges.verifying import verify
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event


@pytest.fixture(params=["http://testserver", "https://badges.example.org"], ids=["did:key", "did:web"])
def base(request, settings) -> str:
    settings.BASE_URL = request.param
    settings.HTTPS = request.param.startswith("https")
    settings.ALLOWED_HOSTS = ["*"]
    return request.param


@pytest.fixture
def badge(base, ada, bo, programme) -> Credential:
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    return Credential.objects.get()


def before(badge: Credential):
    return badge.issued_at - timedelta(minutes=1)


def after(badge: Credential):
    return badge.issued_at + timedelta(microseconds=1)


def issuer_check(text: str):
    return next(check for check in verify(text.encode()).checks if check.name == "issuer")


def forged(badge: Credential, **changes) -> str:
    """What a thief of the key makes, dated long before the theft."""
    document = {name: value for name, value in json.loads(badge.signed).items() if name != "proof"}
    method = verification_method(badge.signing_key)
    signed = proof.sign(document | changes, private_half(badge.signing_key), method, before(badge))
    return parsing.serialise(signed)


def test_what_is_on_record_from_before_stays_and_says_so(badge):
    compromise(badge.signing_key, since=after(badge), by=None)
    verification = verify(badge.signed.encode())
    assert verification.verified
    check = issuer_check(badge.signed)
    assert (check.passed, check.code) == (True, "key-compromised-later")
    badge.refresh_from_db()
    assert badge.is_valid_now


def test_what_is_on_record_from_after_turns_red_everywhere(badge, client):
    compromise(badge.signing_key, since=before(badge), by=None)
    verification = verify(badge.signed.encode())
    assert not verification.verified
    check = issuer_check(badge.signed)
    assert (check.passed, check.code) == (False, "key-compromised")
    assert "Université de Lille" in check.detail
    badge = Credential.objects.select_related("signing_key").get()
    assert not badge.is_valid_now
    page = client.get(f"/badges/{badge.pk}").content.decode()
    assert "To be signed again" in page and "Valid today" not in page


def test_a_backdated_badge_of_the_thief_is_refused_whatever_date_it_bears(badge):
    """Same id as a genuine one, and another one on no record: neither date nor id helps."""
    copy = forged(badge, name="Better badge")
    unknown = forged(badge, id=f"{badge.url[:-12]}000000000000")
    assert verify(copy.encode()).verified  # while nobody knows
    compromise(badge.signing_key, since=after(badge), by=None)
    for text in (copy, unknown):
        assert issuer_check(text).code == "key-compromised"
        assert not verify(text.encode()).verified


def test_the_jwt_form_is_judged_by_its_own_key(badge):
    compromise(badge.jwt_key, since=before(badge), by=None)
    assert issuer_check(badge.jwt).code == "key-compromised"
    assert not verify(badge.jwt.encode()).verified
    assert verify(badge.signed.encode()).verified


def test_the_key_vouches_for_nothing_in_the_documents_of_the_issuer(badge, organisation):
    compromise(badge.signing_key, since=after(badge), by=None)
    compromise(badge.jwt_key, since=after(badge), by=None)
    document = did_document(organisation)
    withdrawn = [method for method in document["verificationMethod"] if "revoked" in method]
    assert len(withdrawn) == 2
    assert {one["revoked"] for one in withdrawn} == {proof.timestamp(after(badge))}
    assert not {one["id"] for one in withdrawn} & set(document["assertionMethod"])
    assert len(document["assertionMethod"]) == 2
    assert len(jwks(organisation)["keys"]) == 1
    for method in withdrawn:
        if document["id"].startswith(did.WEB_PREFIX):
            assert not did.find_in_document(document, method["id"]).may_assert


def test_a_successor_signs_at_once_and_the_lists_with_it(badge, organisation):
    prepared = {key.algorithm: key for key in prepare_keys(organisation, by=None)}
    compromise(badge.signing_key, since=after(badge), by=None)
    active = organisation.signing_keys.active().of("Ed25519").get()
    assert active == prepared["Ed25519"]
    assert not StatusList.objects.get().is_current
    sign_due_lists()
    listing = json.loads(StatusList.objects.get().signed)
    signer = badge.signing_key if listing["issuer"].startswith("did:key:") else active
    assert listing["proof"][0]["verificationMethod"].endswith(f"#{signer.public_multibase}")


def test_what_was_planned_gets_the_new_key(base, ada, bo, programme):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    old = SigningKey.objects.get()
    planned = Credential.objects.get()
    compromise(old, since=timezone.now(), by=None)
    jobs.run_due()
    planned.refresh_from_db()
    assert planned.state == "issued" and planned.signing_key != old
    assert verify(planned.signed.encode()).verified
    listing = json.loads(planned.status_list.signed)
    assert listing["issuer"] == json.loads(planned.signed)["issuer"]["id"]


def test_a_worker_that_signed_with_the_old_key_stores_nothing(base, ada, bo, programme, monkeypatch):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    planned = Credential.objects.get()
    real = issuing.signed_text

    def slow(credential):
        text = real(credential)
        compromise(planned.signing_key, since=timezone.now(), by=None)
        return text

    monkeypatch.setattr(issuing, "signed_text", slow)
    issue(planned.pk)
    planned.refresh_from_db()
    assert (planned.state, planned.signed) == ("planned", "")
    monkeypatch.setattr(issuing, "signed_text", real)
    jobs.run_due()
    planned.refresh_from_db()
    assert planned.state == "issued" and not planned.signing_key.is_compromised


def test_signed_again_it_is_the_same_badge_with_a_new_signature(badge):
    old, old_jwt = badge.signed, badge.jwt
    for key in (badge.signing_key, badge.jwt_key):
        compromise(key, since=before(badge), by=None)
        assert resign_all(key, by=None) == 1
    jobs.run_due()
    sign_due_lists()
    badge.refresh_from_db()
    assert badge.signed != old and badge.jwt != old_jwt
    for text in (badge.signed, badge.jwt):
        verification = verify(text.encode())
        assert verification.verified and issuer_check(text).code == "issuer-ours"
    first, second = json.loads(old), json.loads(badge.signed)
    assert first["id"] == second["id"] and first["validFrom"] == second["validFrom"]
    assert first["credentialSubject"] == second["credentialSubject"]
    assert first["evidence"] == second["evidence"]
    assert FormerSignature.objects.count() == 2
    assert {row.text for row in FormerSignature.objects.all()} == {old, old_jwt}
    assert not list(breaks())


def test_copies_from_before_the_moment_stay_true_after_signing_again(badge):
    old, old_jwt = badge.signed, badge.jwt
    for key in (badge.signing_key, badge.jwt_key):
        compromise(key, since=after(badge), by=None)
        resign_all(key, by=None)
    jobs.run_due()
    for text in (old, old_jwt):
        assert issuer_check(text).code == "key-compromised-later"
        assert verify(text.encode()).verified


def test_a_second_run_changes_nothing(badge):
    compromise(badge.signing_key, since=before(badge), by=None)
    resign(badge.pk)
    badge.refresh_from_db()
    signed = badge.signed
    resign(badge.pk)
    badge.refresh_from_db()
    assert badge.signed == signed
    assert FormerSignature.objects.count() == 1
    with pytest.raises(DomainError) as refusal:
        resign_all(SigningKey.objects.compromised().get(), by=None)
    assert refusal.value.code == "nothing-signed"


def test_a_revoked_badge_stays_revoked_on_its_new_list(badge, mo):
    """Under a did:key it moves to another list: both say it, and the former place is not given again."""
    revoke(badge, reason="Copied.", by=mo)
    old_list, old_index = badge.status_list, badge.status_index
    compromise(badge.signing_key, since=before(badge), by=None)
    resign_all(badge.signing_key, by=None)
    jobs.run_due()
    sign_due_lists()
    badge.refresh_from_db()
    assert not verify(badge.signed.encode()).verified
    for status_list, index in ((badge.status_list, badge.status_index), (old_list, old_index)):
        listing = json.loads(StatusList.objects.get(pk=status_list.pk).signed)
        assert bitstring.is_set(bitstring.decode(listing["credentialSubject"]["encodedList"]), index)
    assert (badge.status_list == old_list) == listing["issuer"].startswith("did:web:")


def test_an_earlier_moment_counts_and_a_later_one_is_refused(badge):
    compromise(badge.signing_key, since=after(badge), by=None)
    assert verify(badge.signed.encode()).verified
    with pytest.raises(DomainError) as refusal:
        compromise(badge.signing_key, since=timezone.now(), by=None)
    assert refusal.value.code == "compromised-already"
    compromise(badge.signing_key, since=before(badge), by=None)
    assert not verify(badge.signed.encode()).verified
    assert SigningKey.objects.active().of("Ed25519").count() == 1


def test_a_moment_to_come_is_refused(badge):
    with pytest.raises(DomainError) as refusal:
        compromise(badge.signing_key, since=timezone.now() + timedelta(minutes=2), by=None)
    assert refusal.value.code == "not-yet"


def test_only_a_compromised_key_has_its_badges_signed_again(badge, organisation):
    rotate_key(organisation, by=None)
    with pytest.raises(DomainError) as refusal:
        resign_all(badge.signing_key, by=None)
    assert refusal.value.code == "not-compromised"
    assert not jobs.Job.objects.filter(kind=RESIGN).exists()


@pytest.mark.parametrize("person", ["ada", "bo", "cy", "mo", "dee"])
def test_nobody_but_the_administrator_says_so(badge, person, request):
    user = request.getfixturevalue(person)
    with pytest.raises(Forbidden):
        compromise(badge.signing_key, since=before(badge), by=user)
    with pytest.raises(Forbidden):
        resign_all(badge.signing_key, by=user)


def test_root_says_so_on_the_page_and_has_the_badges_signed_again(badge, root, client, base):
    client.force_login(root)
    secure = base.startswith("https")
    page = f"/issuers/lille/keys/{badge.signing_key_id}/compromise/"
    assert client.get(page, secure=secure).status_code == 200
    assert client.post(page, {"since": "soon"}, secure=secure).status_code == 422
    since = timezone.localtime(before(badge)).strftime("%Y-%m-%dT%H:%M")
    answer = client.post(
        page,
        {"since": since, "note": "Laptop stolen.", "witnesses": "Two colleagues"},
        secure=secure,
    )
    assert answer.status_code == 302
    badge.signing_key.refresh_from_db()
    assert badge.signing_key.is_compromised
    told = Event.objects.get(verb="key-compromised")
    assert told.actor == root and "Laptop" not in json.dumps(told.data)
    assert "1 badge has the signature" in client.get("/issuers/lille/keys/", secure=secure).content.decode()
    answer = client.post(f"/issuers/lille/keys/{badge.signing_key_id}/resign/", secure=secure)
    assert answer.status_code == 302
    jobs.run_due()
    badge.refresh_from_db()
    assert verify(badge.signed.encode()).verified
    assert "has the signature" not in client.get("/issuers/lille/keys/", secure=secure).content.decode()


def test_the_command_says_so_and_signs_again(badge, capsys):
    public = badge.signing_key.public_multibase
    with pytest.raises(CommandError, match="time zone"):
        call_command("compromise_key", public, since="2026-11-20T09:00")
    with pytest.raises(CommandError, match="time zone"):
        call_command("compromise_key", public, since="2026-13-45T09:00+01:00")
    with pytest.raises(CommandError, match="no such key"):
        call_command("compromise_key", "z6Mknone", since=before(badge).isoformat())
    call_command("compromise_key", public, since=before(badge).isoformat(), resign=True)
    assert "to be signed again: 1" in capsys.readouterr().out
    jobs.run_due()
    badge.refresh_from_db()
    assert verify(badge.signed.encode()).verified
    with pytest.raises(CommandError, match="earlier"):
        call_command("compromise_key", public, since=timezone.now().isoformat())


@pytest.mark.django_db(transaction=True)
def test_reporting_revoking_and_issuing_at_once_lose_nothing(ada, bo, mo, programme):
    """Four at once, taking rows and the trail's lock: nobody waits in a circle, nothing stays unsigned."""
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    first = Credential.objects.get()
    for _number in range(6):
        learner = factories.make_user(f"Learner{next(factories.numbers)} X")
        factories.enrol(programme, learner)
        factories.make_decision(factories.make_submission(learner, programme), bo)
    start = threading.Barrier(4)
    failures: list[Exception] = []

    def at_once(act) -> threading.Thread:
        def run() -> None:
            start.wait()
            try:
                act()
            except (DatabaseError, DomainError) as error:
                failures.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    threads = [
        at_once(lambda: compromise(first.signing_key, since=timezone.now(), by=None)),
        at_once(lambda: revoke(first, reason="Copied.", by=mo)),
        at_once(jobs.run_due),
        at_once(lambda: [sign_due_lists() for _time in range(5)]),
    ]
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    jobs.reconcile()
    jobs.run_due()
    key = SigningKey.objects.compromised().get()
    if Credential.objects.filter(signing_key=key).exists():
        resign_all(key, by=None)
    jobs.run_due()
    sign_due_lists()
    assert Credential.objects.published().exclude(signing_key=key).count() == 7
    others = Credential.objects.exclude(pk=first.pk)
    assert [verify(one.signed.encode()).verified for one in others] == [True] * 6
    assert not verify(Credential.objects.get(pk=first.pk).signed.encode()).verified
    assert not list(breaks())
