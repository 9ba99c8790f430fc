"""Verifying: genuine badges pass, each forgery fails at the check that names what is wrong."""

import ast
import copy
import json
import socket
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone, translation
from PIL import Image

from badges import explaining
from badges.certificates import certificate
from badges.looking_up import SILENT, TOLD
from badges.models import Credential
from badges.openbadges import baking, did, keys, parsing, proof
from badges.openbadges.did import verification_method
from badges.printing_verdicts import verdict_pdf
from badges.publishing import badge_png, baked_png, baked_svg
from badges.signing import private_half
from badges.verifying import MAX_BYTES, verify
from tests import factories
from workbench import jobs
from workbench.errors import DomainError
from workbench.storage import blob_name

NAMES = ["structure", "context", "proof", "issuer", "status", "dates", "evidence"]


@pytest.fixture(params=["http://testserver", "https://badges.example.org"], ids=["did:key", "did:web"])
def base(request, settings) -> str:
    settings.BASE_URL = request.param
    settings.HTTPS = request.param.startswith("https")
    return request.param


@pytest.fixture
def badge(ada, bo, programme) -> Credential:
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    return Credential.objects.get()


@pytest.fixture(autouse=True)
def no_network(request, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("verifying asked the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def outcome(source) -> dict:
    return {check.name: check.passed for check in verify(source).checks}


def forged(badge: Credential, **changes) -> dict:
    """The badge's words, changed and signed by a key of the forger's."""
    key = keys.generate()
    forger = did.key_did(key.public_key())
    document = {name: value for name, value in json.loads(badge.signed).items() if name != "proof"}
    document["issuer"] = document["issuer"] | {"id": forger}
    document |= changes
    return proof.sign(document, key, verification_method(forger, key.public_key()), timezone.now())


def stolen(badge: Credential, **changes) -> dict:
    """The badge's words, changed and signed with the issuer's own key."""
    document = {name: value for name, value in json.loads(badge.signed).items() if name != "proof"}
    document |= changes
    method = badge.award["key"]["verification_method"]
    return proof.sign(document, private_half(badge.signing_key), method, timezone.now())


def text(credential: dict) -> bytes:
    return parsing.serialise(credential).encode()


# --- What passes -----------------------------------------------------------------------------------------


def test_a_genuine_badge_passes_every_check_in_every_form(base, badge):
    sources = {
        "json": badge.signed.encode(),
        "pasted": badge.signed,
        "png": baked_png(badge),
        "svg": baked_svg(badge),
        "address": badge.url,
        "address of the image": f"{badge.url}.png",
        "spaces around": f"  {badge.url}\n",
        "indented": json.dumps(json.loads(badge.signed), indent=2),
    }
    for form, source in sources.items():
        verification = verify(source)
        assert verification.verified, form
        assert verification.issuer_known
        assert [check.name for check in verification.checks] == NAMES
        assert all(check.passed and check.detail and check.title for check in verification.checks), form
        assert verification.summary.record == badge


def test_a_stranger_with_a_key_of_their_own_is_verified_but_not_known(badge):
    document = forged(badge, id="urn:uuid:9b6c9c2e-7f0e-4a0b-8f63-2d9a3a1f4d11")
    document = {name: value for name, value in document.items() if name != "proof"}
    document.pop("credentialStatus")
    key = keys.generate()
    document["issuer"] = {"id": did.key_did(key.public_key()), "type": ["Profile"], "name": "Elsewhere"}
    signed = proof.sign(
        document, key, verification_method(did.key_did(key.public_key()), key.public_key()), timezone.now()
    )
    verification = verify(text(signed))
    assert verification.verified
    assert not verification.issuer_known
    assert {check.name: check.code for check in verification.checks}["issuer"] == "issuer-unknown"
    assert outcome(text(signed))["evidence"] is None


# --- What is changed -------------------------------------------------------------------------------------


def _set(*path):
    *way, last, value = path

    def change(document: dict) -> None:
        inner = document
        for step in way:
            inner = inner[step]
        inner[last] = value

    return change


def _drop(*path):
    *way, last = path

    def change(document: dict) -> None:
        inner = document
        for step in way:
            inner = inner[step]
        del inner[last]

    return change


OTHER_KEY = did.key_did(keys.generate().public_key())
LATER = (timezone.now() + timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
SUBJECT, ACHIEVEMENT = ("credentialSubject",), ("credentialSubject", "achievement")
TAMPERINGS = {
    "another name": (_set("name", "Master of firewalls"), "proof"),
    "another achievement": (_set(*ACHIEVEMENT, "name", "Nuclear physics"), "proof"),
    "another holder": (_set(*SUBJECT, "identifier", 0, "identityHash", "sha256$" + "0" * 64), "proof"),
    "another salt": (_set(*SUBJECT, "identifier", 0, "salt", "x"), "proof"),
    "a later date": (_set("validFrom", "2020-01-01T00:00:00Z"), "proof"),
    "a longer validity": (_set("validUntil", "2099-01-01T00:00:00Z"), "proof"),
    "a higher level": (
        _set(*SUBJECT, "result", 0, "achievedLevel", "http://testserver/achievements/x#level-4"),
        "proof",
    ),
    "a result left out": (_drop(*SUBJECT, "result", 1), "proof"),
    "other evidence": (_set("evidence", 0, "id", "https://example.org/mine"), "proof"),
    "evidence left out": (_drop("evidence"), "proof"),
    "another digest": (_set("evidence", 0, "description", "SHA-256 of the file: 00"), "proof"),
    "no status": (_drop("credentialStatus"), "proof"),
    "another status index": (_set("credentialStatus", "statusListIndex", "7"), "proof"),
    "another list": (_set("credentialStatus", "statusListCredential", "https://example.org/l"), "proof"),
    "another issuer": (_set("issuer", "id", OTHER_KEY), "issuer"),
    "another issuer's name": (_set("issuer", "name", "Sorbonne"), "proof"),
    "no proof": (_drop("proof"), "proof"),
    "an empty proof": (_set("proof", []), "proof"),
    "half a signature": (_set("proof", 0, "proofValue", "z5VXfj"), "proof"),
    "another purpose": (_set("proof", 0, "proofPurpose", "authentication"), "proof"),
    "another time of signing": (_set("proof", 0, "created", "2020-01-01T00:00:00Z"), "proof"),
    "another key": (_set("proof", 0, "verificationMethod", f"{OTHER_KEY}#{OTHER_KEY[8:]}"), "proof"),
    "a word that is not signed": (_set("grade", "summa cum laude"), "proof"),
    "a null": (_set("description", None), "proof"),
    "an unknown context": (
        lambda document: document["@context"].append("https://example.org/own.json"),
        "context",
    ),
    "no context": (_drop("@context"), "context"),
    "contexts turned round": (lambda document: document["@context"].reverse(), "context"),
    "another type": (_set("type", ["VerifiableCredential"]), "structure"),
    "no achievement": (_drop(*ACHIEVEMENT), "structure"),
    "no holder": (
        lambda document: [document["credentialSubject"].pop(name) for name in ("id", "identifier")],
        "structure",
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_tampered_badge_fails_at_the_right_check(base, badge, name):
    change, wrong = TAMPERINGS[name]
    document = copy.deepcopy(json.loads(badge.signed))
    change(document)
    verification = verify(json.dumps(document).encode())
    assert not verification.verified
    assert wrong in {check.name for check in verification.failed}


def test_a_changed_badge_is_not_said_to_be_signed_by_the_issuer(base, badge):
    document = json.loads(badge.signed)
    document["validFrom"] = "2019-01-01T00:00:00Z"
    found = {check.name: check for check in verify(text(document)).checks}
    assert found["proof"].passed is False
    assert (found["issuer"].passed, found["issuer"].code) == (None, "issuer-unproven")


def test_a_certificate_verifies_by_the_badge_inside(base, badge):
    verification = verify(certificate(badge))
    assert verification.verified and verification.source.container == "pdf"
    assert verification.summary.record == badge


def test_a_sheet_without_a_badge_is_told_so(badge):
    with pytest.raises(DomainError) as refused:
        verify(verdict_pdf(verify(badge.signed), language="en"))
    assert refused.value.code == "printed"


def test_a_changed_byte_inside_the_image_is_refused(badge):
    baked = baked_png(badge)
    broken = baked.replace(b"Firewall management", b"Firewall managemenT", 1)
    assert broken != baked
    assert verify(broken).failed[0].code == "image-damaged"
    rebaked = baking.bake_png(badge_png(badge), badge.signed.replace("management", "managemenT"))
    assert outcome(rebaked)["proof"] is False


# --- Whose signature it is -------------------------------------------------------------------------------


def test_a_forger_with_a_key_of_their_own_cannot_claim_our_address(base, badge):
    verification = verify(text(forged(badge)))
    assert not verification.verified
    assert [check.code for check in verification.failed if check.name == "issuer"] == ["issuer-impersonation"]


def test_a_forger_cannot_name_our_issuer_over_their_own_key(base, badge):
    key = keys.generate()
    document = {name: value for name, value in json.loads(badge.signed).items() if name != "proof"}
    method = verification_method(did.key_did(key.public_key()), key.public_key())
    assert outcome(text(proof.sign(document, key, method, timezone.now())))["issuer"] is False


def test_what_our_key_signed_without_a_record_is_refused(base, badge):
    """A thief of the key still has no row in our database."""
    other = stolen(badge, id=f"{base}/badges/3f0f3cf3-5f5e-4f0c-a2ea-8c65c5b3a111")
    found = {check.name: check for check in verify(text(other)).checks}
    assert found["proof"].passed
    assert found["status"].code == "record-missing"


def test_a_did_web_of_another_host_is_said_to_be_unchecked(base, badge):
    key = keys.generate()
    issuer = "did:web:other.example"
    document = {name: value for name, value in json.loads(badge.signed).items() if name != "proof"}
    document |= {
        "id": "https://other.example/1",
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Other"},
    }
    document.pop("credentialStatus")
    method = verification_method(issuer, key.public_key())
    verification = verify(text(proof.sign(document, key, method, timezone.now())))
    assert not verification.verified and not verification.failed
    codes = {check.name: (check.passed, check.code) for check in verification.checks}
    assert codes["issuer"] == codes["proof"] == (None, "issuer-unreachable")


def test_a_key_our_issuer_never_had_is_a_failure(settings, ada, bo, programme):
    settings.BASE_URL, settings.HTTPS = "https://badges.example.org", True
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    badge = Credential.objects.get()
    key = keys.generate()
    issuer = json.loads(badge.signed)["issuer"]["id"]
    document = {name: value for name, value in json.loads(badge.signed).items() if name != "proof"}
    signed = proof.sign(document, key, verification_method(issuer, key.public_key()), timezone.now())
    found = outcome(text(signed))
    assert found["proof"] is False and found["issuer"] is False


def test_an_old_did_key_badge_still_verifies_after_the_move_to_https(badge, settings):
    settings.BASE_URL, settings.HTTPS = "https://badges.example.org", True
    verification = verify(badge.signed.encode())
    assert verification.verified and verification.issuer_known


# --- Dates, evidence -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"validUntil": "2020-02-01T00:00:00Z"}, "expired"),
        ({"validFrom": LATER}, "not-yet-valid"),
    ],
)
def test_dates_are_checked(badge, changes, code):
    changed = stolen(badge, **({"validFrom": "2020-01-01T00:00:00Z"} | changes))
    found = {check.name: check for check in verify(text(changed)).checks}
    assert (found["dates"].passed, found["dates"].code) == (False, code)
    assert found["proof"].passed


def test_changed_evidence_is_found(badge):
    (evidence,) = badge.learner.submissions.get().evidence.all()
    Path(default_storage.path(blob_name(evidence.sha256))).write_bytes(b"something else")
    verification = verify(badge.signed.encode())
    assert [check.code for check in verification.failed] == ["evidence-changed"]
    assert evidence.title in verification.failed[0].detail


def test_lost_evidence_is_found(badge):
    (evidence,) = badge.learner.submissions.get().evidence.all()
    default_storage.delete(blob_name(evidence.sha256))
    assert [check.code for check in verify(badge.signed.encode()).failed] == ["evidence-missing"]


# --- What is no badge ------------------------------------------------------------------------------------


def _png() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (4, 4)).save(drawn, "PNG")
    return drawn.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (_png(), "no-credential"),
        (_png()[:-8], "image-damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no-credential"),
        (b"<!DOCTYPE svg [<!ENTITY x 'y'>]><svg xmlns='http://www.w3.org/2000/svg'/>", "image-damaged"),
        (b"hello", "not-a-badge"),
        (b"{", "json-invalid"),
        (b'{"a":1,"a":2}', "json-duplicate-key"),
        (b'{"a":NaN}', "json-number"),
        (b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}", "json-too-deep"),
        (b"eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ", "jwt-malformed"),
        ("\ud800", "not-a-badge"),
    ],
)
def test_what_is_no_badge_is_told_so(db, data, code):
    verification = verify(data)
    assert not verification.verified
    first, *others = verification.checks
    assert (first.name, first.passed, first.code) == ("structure", False, code)
    assert all(check.passed is None for check in others)


@pytest.mark.parametrize("document", ["{}", '{"type":7,"proof":{},"issuer":[],"credentialSubject":[[]]}'])
def test_json_that_is_no_badge_is_refused_by_the_checks(db, document):
    verification = verify(document)
    assert not verification.verified
    assert "structure" in {check.name for check in verification.failed}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("", "nothing-to-verify"),
        (b" \n", "nothing-to-verify"),
        (b"x" * (MAX_BYTES + 1), "too-large"),
        ("https://example.org/badges/1", "foreign-address"),
        ("http://testserver.example.org/badges/7b0f2d8e-0000-4000-8000-000000000000", "foreign-address"),
        ("http://testserver/", "foreign-address"),
        ("http://testserver/badges/7b0f2d8e-0000-4000-8000-000000000000", "unknown-badge"),
        ("http://169.254.169.254/latest", "foreign-address"),
    ],
)
def test_what_cannot_be_verified_is_refused(db, source, code):
    with pytest.raises(DomainError) as refusal:
        verify(source)
    assert refusal.value.code == code
    assert refusal.value.status == 422


def test_a_planned_badge_is_unknown_to_strangers(ada, bo, programme):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    with pytest.raises(DomainError, match="no badge"):
        verify(Credential.objects.get().url)


def test_every_outcome_has_a_sentence():
    root = Path(checks_file()).parent
    codes = set()
    for name in (
        *("checks.py", "did.py", "baking.py", "baking_errors.py", "parsing.py", "proof.py", "jws.py"),
        *("vc_jwt.py", "jwt_checks.py", "https_keys.py", "recipient.py", "v2/checks.py", "../opening.py"),
        *("../tracing.py", "../verifying.py", "../trusting.py"),
    ):
        for node in ast.walk(ast.parse((root / name).read_text())):
            codes |= _codes(node)
    assert {"structure-ok", "revoked", "key-not-found", "no-credential", "proof-signature"} <= codes
    codes |= {*TOLD.values(), SILENT}
    assert {"v2-hosted", "v2-absent", "jwt-envelope", "recipient-other", "manifest-changed"} <= codes
    missing = {code for code in codes if code not in explaining.SENTENCES}
    assert not missing


def checks_file() -> str:
    from badges.openbadges import checks

    return checks.__file__


def _codes(node: ast.AST) -> set[str]:
    """The codes that a line of the pure package gives to an outcome."""
    place = {
        "Check": 2,
        "_Settled": 1,
        "KeyNotFound": 0,
        "ProofInvalid": 0,
        "Unreachable": 0,
        "Unreadable": 0,
    }
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in place:
        prefix = "proof-" if node.func.id == "ProofInvalid" else ""
        given = node.args[place[node.func.id] :][:1]
        branches = [side for one in given if isinstance(one, ast.IfExp) for side in (one.body, one.orelse)]
        return {prefix + one.value for one in [*given, *branches] if isinstance(one, ast.Constant)}
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
        return {node.value.value}
    return set()


def test_sentences_fill_their_places():
    values = dict.fromkeys(
        (
            *("missing", "context", "name", "date", "reason", "until", "from", "count", "titles", "claims"),
            *("since", "host", "members", "address"),
        ),
        "x",
    )
    for language in ("en", "fr", "nl"):
        with translation.override(language):
            for code in explaining.SENTENCES:
                assert "%(" not in explaining.sentence(code, values)


# --- The command -----------------------------------------------------------------------------------------


def run(*arguments, capsys) -> tuple[int, str]:
    try:
        call_command("verify_badge", *arguments)
    except SystemExit as end:
        return end.code, capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_the_command_answers_by_exit_code_and_json(badge, tmp_path, capsys):
    good, bad = tmp_path / "good.png", tmp_path / "bad.json"
    good.write_bytes(baked_png(badge))
    bad.write_text(badge.signed.replace("Firewall", "Waterwall"))
    code, out = run(str(good), "--json", capsys=capsys)
    assert code == 0
    assert json.loads(out)["verified"] is True
    assert [check["name"] for check in json.loads(out)["checks"]] == NAMES
    code, out = run(str(bad), "--json", capsys=capsys)
    assert code == 1
    assert {check["name"]: check["passed"] for check in json.loads(out)["checks"]}["proof"] is False
    code, out = run(badge.url, capsys=capsys)
    assert code == 0 and out.splitlines()[-1] == "verified"
    code, out = run(str(bad), capsys=capsys)
    assert code == 1 and out.splitlines()[-1] == "NOT VERIFIED"
    code, out = run("https://example.org/b", "--json", capsys=capsys)
    assert code == 1 and json.loads(out)["verified"] is False
