"""Keys are made ahead and put into service later, and everything done with a key is in the register."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from badges.models import Credential, KeyAct, SigningKey
from badges.publishing import did_document, jwks, key_record
from badges.rotating import active_key, prepare_keys, rotate_key
from badges.verifying import verify
from badges.witnessing import Ceremony, forget_witnesses
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event

WATCHED = Ceremony(witnesses="Jan Janssens, auditor", note="Yearly ceremony, room B12.")


# --- Made ahead ------------------------------------------------------------------------------------------


def test_keys_made_ahead_are_published_and_sign_nothing(organisation, ada, bo, programme, settings):
    settings.BASE_URL, settings.HTTPS = "https://badges.example.org", True
    active = rotate_key(organisation, by=None)
    made = prepare_keys(organisation, by=None)
    assert {key.algorithm for key in made} == {"Ed25519", "P-256"}
    document = did_document(organisation)
    held = {method["id"] for method in document["verificationMethod"]}
    for key in made:
        assert (key.state, key.activated_at) == ("pending", None)
        method = key_record(key, document["id"]).verification_method
        assert method in held and method in document["assertionMethod"]
    assert len(jwks(organisation)["keys"]) == 2
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    badge = Credential.objects.get()
    assert badge.signing_key == active and badge.jwt_key not in made


def test_replacing_puts_them_into_service_and_makes_no_others(organisation):
    active_key(organisation)
    made = prepare_keys(organisation, by=None)
    count = SigningKey.objects.count()
    key = rotate_key(organisation, by=None)
    assert key in made and SigningKey.objects.count() == count
    assert set(organisation.signing_keys.active()) == set(made)
    assert not organisation.signing_keys.pending().exists()
    assert all(one.activated_at for one in organisation.signing_keys.active())


def test_what_old_keys_signed_verifies_after_it(organisation, ada, bo, programme):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    prepare_keys(organisation, by=None)
    rotate_key(organisation, by=None)
    badge = Credential.objects.get()
    assert verify(badge.signed.encode()).verified and verify(badge.jwt.encode()).verified


def test_there_is_one_next_key_of_each_kind(organisation):
    made = prepare_keys(organisation, by=None)
    with pytest.raises(DomainError) as refusal:
        prepare_keys(organisation, by=None)
    assert refusal.value.code == "keys-waiting"
    copy = SigningKey.objects.get(pk=made[0].pk)
    copy.pk, copy.version, copy.public_multibase = None, 99, "z6Mkother"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_the_first_badge_of_an_issuer_takes_the_key_made_ahead(organisation, ada, bo, programme):
    made = prepare_keys(organisation, by=None)
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    badge = Credential.objects.get()
    assert badge.signing_key in made and badge.jwt_key in made


@pytest.mark.parametrize("person", ["ada", "bo", "cy", "mo", "dee"])
def test_nobody_else_makes_keys_or_reads_the_register(person, request, organisation, client):
    user = request.getfixturevalue(person)
    with pytest.raises(Forbidden):
        prepare_keys(organisation, by=user)
    rotate_key(organisation, ceremony=WATCHED, by=None)
    with pytest.raises(Forbidden):
        forget_witnesses(KeyAct.objects.first(), by=user)
    client.force_login(user)
    assert client.get("/issuers/lille/keys/register/").status_code == 403


def test_the_command_makes_them(organisation, capsys):
    call_command("prepare_keys", "lille", note="By hand.")
    told = capsys.readouterr().out
    assert all(key.public_multibase in told for key in SigningKey.objects.all())
    with pytest.raises(CommandError, match="wait to be put into service"):
        call_command("prepare_keys", "lille")
    with pytest.raises(CommandError, match="no issuer"):
        call_command("prepare_keys", "nowhere")


# --- The register ----------------------------------------------------------------------------------------


def test_every_act_is_in_the_register_and_in_the_trail(organisation, root):
    rotate_key(organisation, by=None)
    prepare_keys(organisation, ceremony=WATCHED, by=root)
    rotate_key(organisation, ceremony=WATCHED, by=root)
    acts = [(entry.act, entry.key.algorithm, entry.key.version) for entry in KeyAct.objects.all()]
    assert acts == [
        ("made", "Ed25519", 1),
        ("made", "P-256", 1),
        ("made", "Ed25519", 2),
        ("made", "P-256", 2),
        ("retired", "Ed25519", 1),
        ("retired", "P-256", 1),
        ("activated", "Ed25519", 2),
        ("activated", "P-256", 2),
    ]
    for entry in KeyAct.objects.select_related("key", "by"):
        event = Event.objects.get(sequence=entry.event)
        assert (event.verb, event.at, event.actor) == (f"key-{entry.act}", entry.at, entry.by)
        assert event.data["fingerprint"] == entry.key.fingerprint
        assert event.data.get("witnessed_sha256", "") == entry.digest
    assert not list(breaks())


def test_the_trail_holds_no_witness_and_proves_them_all_the_same(organisation, root):
    rotate_key(organisation, ceremony=WATCHED, by=root)
    entry = KeyAct.objects.first()
    event = Event.objects.get(sequence=entry.event)
    assert "Janssens" not in json.dumps(event.data)
    assert event.data["witnessed_sha256"] == entry.digest
    entry.witnesses = "Somebody else"
    assert event.data["witnessed_sha256"] != entry.digest


def test_witnesses_are_taken_out_for_good(organisation, root):
    rotate_key(organisation, ceremony=WATCHED, by=root)
    entry = forget_witnesses(KeyAct.objects.first(), by=root)
    assert (entry.witnesses, entry.note, entry.salt, entry.digest) == ("", "", "", "")
    assert not list(breaks())
    assert Event.objects.filter(verb="key-witnesses-forgotten", data__event=entry.event).exists()
    with pytest.raises(DomainError) as refusal:
        forget_witnesses(entry, by=root)
    assert refusal.value.code == "nothing-to-forget"


@pytest.mark.parametrize(
    ("ceremony", "code"),
    [(Ceremony("x" * 301), "witnesses-too-long"), (Ceremony(note="x" * 1001), "note-too-long")],
)
def test_a_register_is_no_minutes(organisation, ceremony, code):
    with pytest.raises(DomainError) as refusal:
        rotate_key(organisation, ceremony=ceremony, by=None)
    assert refusal.value.code == code


def test_root_makes_keys_ahead_and_reads_the_register(organisation, root, client):
    client.force_login(root)
    assert client.get("/issuers/lille/keys/prepare/").status_code == 200
    answer = client.post("/issuers/lille/keys/prepare/", {"witnesses": "<b>Jan</b>", "note": "Room B12"})
    assert answer.headers["Location"] == "/issuers/lille/keys/"
    page = client.get("/issuers/lille/keys/").content.decode()
    assert "Made ahead" in page and "Make the next keys ahead" not in page
    assert client.post("/issuers/lille/keys/prepare/", {"witnesses": "x" * 301}).status_code == 422
    assert client.post("/issuers/lille/keys/prepare/").status_code == 409
    register = client.get("/issuers/lille/keys/register/").content.decode()
    assert "&lt;b&gt;Jan&lt;/b&gt;" in register and "Room B12" in register and root.name in register
    for key in SigningKey.objects.all():
        assert key.public_multibase in register and key.fingerprint in register
    entry = KeyAct.objects.first()
    client.post(f"/issuers/lille/keys/register/{entry.pk}/forget/")
    assert client.get("/issuers/lille/keys/register/").content.decode().count("Room B12") == 1


def test_an_entry_or_key_of_another_issuer_is_not_there(organisation, root, client):
    elsewhere = factories.make_organisation("elsewhere")
    rotate_key(elsewhere, ceremony=WATCHED, by=None)
    key, entry = elsewhere.signing_keys.first(), elsewhere.key_acts.first()
    client.force_login(root)
    for path in (f"{key.pk}/resign/", f"{key.pk}/compromise/", f"register/{entry.pk}/forget/"):
        assert client.post(f"/issuers/lille/keys/{path}").status_code == 404
