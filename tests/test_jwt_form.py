"""Every badge also exists as a signed JWT, made once by the worker and verified like the other form."""

import io
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from badges import issuing
from badges.headlines import headline
from badges.identifying import jwt_public_half
from badges.issuing import ISSUE, issue, issue_cohort, sign_missing_jwts
from badges.models import Credential, KeyAct, SigningKey
from badges.models.signing_key import Algorithm
from badges.openbadges import baking, base64url, did, jwk, jws, p256, parsing, vc_jwt
from badges.openbadges.proof import ProofInvalid
from badges.publishing import jwks, published_key
from badges.revoking import revoke
from badges.rotating import rotate_key
from badges.signing import jwt_private_half, private_half
from badges.verifying import verify
from tests import factories
from workbench import jobs
from workbench.audit import breaks
from workbench.jobs import run_job
from workbench.models import Event, Job


@pytest.fixture(params=["http://testserver", "https://badges.example.org"], ids=["did:key", "did:web"])
def base(request, settings) -> str:
    settings.BASE_URL = request.param
    settings.HTTPS = request.param.startswith("https")
    settings.ALLOWED_HOSTS = ["*"]
    return request.param


def earn(programme, bo) -> Credential:
    learner = factories.make_user(f"Learner{next(factories.numbers)} X")
    factories.enrol(programme, learner)
    factories.make_decision(factories.make_submission(learner, programme), bo)
    jobs.run_due()
    return Credential.objects.get(learner=learner)


@pytest.fixture
def issued(programme, bo) -> Credential:
    return earn(programme, bo)


@pytest.fixture
def older(issued) -> Credential:
    """A badge as it was issued before there was a JWT form, by an issuer with one key."""
    Credential.objects.update(jwt="", jwt_key=None, jwt_signed_at=None)
    KeyAct.objects.filter(key__algorithm=Algorithm.P256).delete()
    SigningKey.objects.of(Algorithm.P256).delete()
    issued.refresh_from_db()
    return issued


def codes(source) -> list[str]:
    return [check.code for check in verify(source).checks if check.passed is not True]


# --- Issuing ---------------------------------------------------------------------------------------------


def test_the_worker_signs_both_forms_in_one_job(base, issued):
    assert issued.state == "issued" and issued.jwt and issued.signed
    assert issued.jwt_key.algorithm == "P-256" and issued.jwt_signed_at == issued.issued_at
    claims, embedded = parsing.parse(jws.read(issued.jwt).payload), json.loads(issued.signed)
    assert claims["jti"] == claims["id"] == embedded["id"]
    for member in embedded.keys() - {"issuer", "proof"}:
        assert claims[member] == embedded[member]
    assert claims["issuer"]["name"] == embedded["issuer"]["name"]
    if base.startswith("https"):
        assert claims["issuer"] == embedded["issuer"]
    assert Event.objects.get(verb="badge-issued").data["jwt_sha256"]
    assert Job.objects.get(kind=ISSUE).tries == 1


def test_it_verifies_and_says_whose_it_is(base, issued):
    verification = verify(issued.jwt)
    assert verification.verified and verification.issuer_known
    assert verification.summary.record == issued
    assert [check.name for check in verification.checks if check.passed] == [
        check.name for check in verification.checks
    ]


def test_issuing_again_keeps_the_text_that_was_signed(issued):
    before = issued.jwt
    assert issue(issued.pk).jwt == before
    issue_cohort(issued)
    issued.refresh_from_db()
    assert issued.jwt == before


def test_older_badges_get_theirs_by_the_sweep(base, older):
    embedded = older.signed
    assert verify(embedded).verified
    assert sign_missing_jwts() == 1
    jobs.run_due()
    older.refresh_from_db()
    assert older.signed == embedded and verify(older.jwt).verified
    assert older.jwt_signed_at > older.issued_at
    assert Event.objects.filter(verb="badge-issued").count() == 1
    assert Event.objects.filter(verb="badge-issued-as-jwt").count() == 1
    assert sign_missing_jwts() == 0
    assert not list(breaks())


def test_a_revoked_badge_gets_its_jwt_too_and_it_is_red(older, mo):
    revoke(older, reason="Copied.", by=mo)
    sign_missing_jwts()
    jobs.run_due()
    older.refresh_from_db()
    assert older.state == "revoked"
    assert codes(older.jwt) == ["revoked-ours"]


def test_of_two_workers_the_first_text_stays(older):
    """Both have signed before either stores: ECDSA gives each another text."""
    first = Credential.objects.get(pk=older.pk)
    issue(first.pk)
    kept = Credential.objects.get(pk=older.pk).jwt
    with transaction.atomic():
        issuing._store_jwt(older, issuing.jwt_of(older))
    assert older.jwt == kept
    assert Event.objects.filter(verb="badge-issued-as-jwt").count() == 1


def test_a_key_that_is_not_the_published_one_signs_nothing(ada, bo, programme, monkeypatch):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    planned = Credential.objects.get()
    monkeypatch.setattr("badges.issuing.jwt_private_half", lambda key: p256.generate())
    with pytest.raises(ProofInvalid):
        issue(planned.pk)
    assert issue_cohort(planned) == 0
    run_job.call(str(Job.objects.get(subject_id=planned.pk, kind=ISSUE).pk))
    planned.refresh_from_db()
    assert (planned.state, planned.signed, planned.jwt) == ("planned", "", "")
    assert Job.objects.get(subject_id=planned.pk, kind=ISSUE).error == "ProofInvalid"


def test_a_group_gets_both_forms(bo, programme):
    learners = [factories.make_user(f"Learner{number} Group") for number in range(4)]
    factories.enrol(programme, *learners)
    for learner in learners:
        factories.make_decision(factories.make_submission(learner, programme), bo)
    assert issue_cohort(Credential.objects.first()) == 4
    texts = list(Credential.objects.values_list("jwt", flat=True))
    assert len(set(texts)) == 4 and all(verify(text).verified for text in texts)


@pytest.mark.parametrize(
    "change",
    [
        {"jwt": ""},
        {"jwt_key": None},
        {"jwt_signed_at": None},
        {"state": "planned", "signed": ""},
    ],
)
def test_the_database_refuses_a_jwt_without_key_or_time(issued, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=issued.pk).update(**change)


def test_the_database_refuses_a_key_of_an_unknown_kind(issued):
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.update(algorithm="RSA")


# --- Keys ------------------------------------------------------------------------------------------------


def test_after_five_rotations_every_earlier_jwt_verifies(base, programme, bo, mo, organisation):
    badges = [earn(programme, bo)]
    for _number in range(5):
        rotate_key(organisation, by=None)
        badges.append(earn(programme, bo))
    assert len({badge.jwt_key_id for badge in badges}) == 6
    assert all(verify(badge.jwt).verified for badge in badges)
    revoke(badges[0], reason="Copied.", by=mo)
    assert [verify(badge.jwt).verified for badge in badges] == [False] + [True] * 5
    held = jwks(organisation)["keys"]
    assert {jws.read(badge.jwt).header["kid"] for badge in badges} == {key["kid"] for key in held}
    assert all(jwk.decode(key) for key in held) and len(held) == 6


def test_one_key_of_each_kind_is_active(organisation, issued):
    rotate_key(organisation, by=None)
    active = organisation.signing_keys.active()
    assert sorted(active.values_list("algorithm", "version")) == [("Ed25519", 2), ("P-256", 2)]
    key = active.of(Algorithm.P256).get()
    assert jwt_private_half(key).public_key() == jwt_public_half(key)
    told = Event.objects.get(verb="key-rotated").data
    assert told["jwt_public"] == key.public_multibase
    with pytest.raises(IntegrityError), transaction.atomic():
        organisation.signing_keys.of(Algorithm.P256).update(state="active")


def test_what_a_key_signs_is_published_where_anybody_looks(base, issued, client):
    secure = base.startswith("https")
    kid = jws.read(issued.jwt).header["kid"]
    served = json.loads(client.get("/issuers/lille/jwks.json", secure=secure).content)
    (key,) = [one for one in served["keys"] if one["kid"] == kid]
    assert jws.verify(jws.read(issued.jwt), jwk.decode(key))
    document = json.loads(client.get("/issuers/lille/did.json", secure=secure).content)
    (method,) = [one for one in document["verificationMethod"] if one["id"] == kid]
    assert jwk.decode(method["publicKeyJwk"]) == jwk.decode(key)
    assert kid in document["assertionMethod"]
    assert vc_jwt.public_key(published_key(issued.jwt_key)) == jwk.decode(key)
    assert client.get("/issuers/nowhere/jwks.json").status_code == 404


def test_a_dump_of_database_and_storage_shows_no_private_key(issued):
    raws = [
        private_half(issued.signing_key).private_bytes_raw(),
        jwt_private_half(issued.jwt_key).private_numbers().private_value.to_bytes(32, "big"),
    ]
    dump = b"".join(_dump(model) for model in apps.get_models()) + b"".join(_stored())
    assert issued.jwt_key.public_multibase.encode() in dump and issued.jwt.encode() in dump
    for raw in raws:
        number = int.from_bytes(raw, "big")
        forms = (raw, raw[::-1], raw.hex().encode(), base64url.encode(raw).encode(), str(number).encode())
        assert not any(form in dump for form in forms)


def _dump(model) -> bytes:
    return b"\n".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for row in model._base_manager.values_list()
        for value in row
    )


def _stored():
    root = Path(default_storage.path(""))
    return (path.read_bytes() for path in root.rglob("*") if path.is_file())


# --- Serving ---------------------------------------------------------------------------------------------


def test_served_bytes_are_stored_bytes_are_baked_bytes(issued, client):
    answer = client.get(f"/badges/{issued.pk}.jwt")
    assert answer.content == issued.jwt.encode()
    assert answer.headers["Content-Type"] == "application/vc+jwt"
    assert f"{issued.pk}.jwt" in answer.headers["Content-Disposition"]
    for suffix in ("png", "svg"):
        with_jwt = client.get(f"/badges/{issued.pk}.{suffix}?form=jwt")
        assert baking.extract(with_jwt.content) == baking.Extracted(suffix, issued.jwt, is_jwt=True)
        assert f"{issued.pk}-jwt.{suffix}" in with_jwt.headers["Content-Disposition"]
        embedded = client.get(f"/badges/{issued.pk}.{suffix}?form=embedded")
        assert baking.extract(embedded.content).credential_text == issued.signed
        assert client.get(f"/badges/{issued.pk}.{suffix}?form=pdf").status_code == 404
    assert "sandbox" in client.get(f"/badges/{issued.pk}.svg?form=jwt").headers["Content-Security-Policy"]


def test_no_request_signs(issued, client, monkeypatch):
    monkeypatch.setattr("badges.signing.keys.unseal_raw", None)
    for path in (f"{issued.pk}.jwt", f"{issued.pk}.png?form=jwt", f"{issued.pk}.svg?form=jwt"):
        assert client.get(f"/badges/{path}").status_code == 200
    assert client.get("/issuers/lille/jwks.json").status_code == 200


def test_the_badge_page_offers_every_form(issued, client):
    page = client.get(f"/badges/{issued.pk}").content.decode()
    for href in (f"{issued.pk}.jwt", f"{issued.pk}.png?form=jwt", f"{issued.pk}.svg?form=jwt"):
        assert f'href="/badges/{href}"' in page
    assert 'href="/issuers/lille/jwks.json"' in client.get("/issuers/lille").content.decode()


# --- Verifying -------------------------------------------------------------------------------------------


def forms_of(badge, client, base):
    secure = base.startswith("https")
    paths = {"file": ".jwt", "png": ".png?form=jwt", "svg": ".svg?form=jwt"}
    found = {
        name: client.get(f"/badges/{badge.pk}{path}", secure=secure).content for name, path in paths.items()
    }
    return found | {
        "paste": f"  {badge.jwt}\n",
        "address": f"{base}/badges/{badge.pk}.jwt",
        "address of an image": f"{base}/badges/{badge.pk}.png?form=jwt",
    }


def test_each_form_verifies_and_once_revoked_none(base, issued, client, mo):
    found = forms_of(issued, client, base)
    assert {name: codes(form) for name, form in found.items()} == {name: [] for name in found}
    revoke(issued, reason="Copied.", by=mo)
    assert {name: codes(form) for name, form in found.items()} == {name: ["revoked-ours"] for name in found}


def test_page_and_api_take_a_jwt(issued, client):
    page = client.post("/verify", {"credential": issued.jwt}).content.decode()
    assert str(headline(verify(issued.jwt)).title) in page
    assert str(headline(verify(issued.jwt[:-4] + "AAAA")).title) not in page
    file = io.BytesIO(issued.jwt.encode())
    file.name = "badge.jwt"
    assert client.post("/api/v1/verify", {"file": file}).json()["verified"]
    for body in ({"credential": issued.jwt}, {"url": f"{issued.url}.jwt"}):
        assert client.post("/api/v1/verify", body, content_type="application/json").json()["verified"]


def test_an_address_without_its_jwt_yet_is_told_so(older, client):
    answer = client.post("/api/v1/verify", {"url": f"{older.url}.jwt"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "jwt-waiting")


def signed_by(key, badge, *, kid=None, held=None, **changes):
    """What somebody signs well who is not the issuer."""
    claims = parsing.parse(jws.read(badge.jwt).payload) | changes
    header = {"typ": "JWT", "kid": kid, "jwk": held}
    given = {name: value for name, value in header.items() if value is not None}
    return jws.sign(parsing.serialise(claims).encode(), given, key)


def test_dee_signs_nothing_in_the_name_of_lille(base, issued):
    dee = p256.generate()
    kid = jws.read(issued.jwt).header["kid"]
    assert codes(signed_by(dee, issued, kid=kid))[0] == "proof-signature"
    embedded = codes(signed_by(dee, issued, held=jwk.encode(dee.public_key())))
    assert "issuer-impersonation" in embedded
    assert verify(signed_by(dee, issued, held=jwk.encode(dee.public_key()))).summary.record is None
    own = did.jwk_record(did.key_did(dee.public_key()), dee.public_key()).verification_method
    assert "issuer-mismatch" in codes(signed_by(dee, issued, kid=own))


def test_dee_signs_in_her_own_name_and_claims_no_badge_of_ours(issued):
    dee = p256.generate()
    record = did.jwk_record(did.key_did(dee.public_key()), dee.public_key())
    issuer = {"id": record.controller, "type": ["Profile"], "name": "Lille"}
    changes = {"issuer": issuer, "iss": record.controller}
    forged = signed_by(dee, issued, kid=record.verification_method, **changes)
    assert "issuer-impersonation" in codes(forged)


def test_a_foreign_badge_is_told_apart_from_ours(issued):
    dee = p256.generate()
    record = did.jwk_record(did.key_did(dee.public_key()), dee.public_key())
    changes = {
        "issuer": {"id": record.controller, "type": ["Profile"], "name": "Elsewhere"},
        "iss": record.controller,
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "jti": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "credentialStatus": None,
    }
    claims = parsing.parse(jws.read(issued.jwt).payload) | changes
    del claims["credentialStatus"]
    header = {"kid": record.verification_method, "typ": "vc+jwt"}
    verification = verify(jws.sign(parsing.serialise(claims).encode(), header, dee))
    assert verification.verified is True and not verification.issuer_known
    assert codes(jws.sign(parsing.serialise(claims).encode(), header, dee)) == ["evidence-elsewhere"]


def test_a_kid_may_be_the_address_of_our_jwks(base, issued, organisation):
    thumbprint = jwk.thumbprint(jwk.encode(jwt_public_half(issued.jwt_key)))
    private = jwt_private_half(issued.jwt_key)
    kid = f"{base}/issuers/lille/jwks.json#{thumbprint}"
    assert codes(signed_by(private, issued, kid=kid)) == []
    for wrong in ("#other", "", "#"):
        assert "key-not-found" in codes(signed_by(private, issued, kid=kid.partition("#")[0] + wrong))
    elsewhere = codes(signed_by(private, issued, kid="https://evil.example/jwks.json#k"))
    assert "issuer-unreachable" in elsewhere
    assert "key-not-found" in codes(signed_by(private, issued, kid=f"{base}/issuers/nowhere/jwks.json#k"))


HOSTILE = {
    "detached": ("{head}..{signature}", "jwt-detached"),
    "encrypted": ("{head}.a.b.c.d", "jwt-encrypted"),
    "disclosures": ("{head}.{payload}.{signature}~WyJhIl0~", "jwt-selective"),
    "cut": ("{head}.{payload}", "jwt-malformed"),
    "flattened": ('{{"protected":"{head}","payload":"{payload}","signature":"{signature}"}}', "jwt-in-json"),
    "general": ('{{"payload":"{payload}","signatures":[{{"signature":"{signature}"}}]}}', "jwt-in-json"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_other_serialisations_are_refused_clearly(issued, name):
    form, code = HOSTILE[name]
    head, payload, signature = issued.jwt.split(".")
    verification = verify(form.format(head=head, payload=payload, signature=signature))
    assert (verification.checks[0].passed, verification.checks[0].code) == (False, code)
    assert "%(" not in verification.checks[0].detail and code not in verification.checks[0].detail


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "none"}, "jwt-algorithm"),
        ({"alg": "HS256"}, "jwt-algorithm"),
        ({"alg": "ES256", "crit": ["exp"]}, "jwt-header"),
        ({"alg": "ES256", "jku": "https://evil.example"}, "jwt-header"),
    ],
)
def test_another_header_over_the_same_badge_is_refused(issued, header, code):
    _head, payload, signature = issued.jwt.split(".")
    head = base64url.encode(json.dumps(header).encode())
    for last in (signature, ""):
        assert verify(f"{head}.{payload}.{last}").checks[0].code == code


def test_both_proofs_in_one_svg_are_refused(issued, client):
    image = client.get(f"/badges/{issued.pk}.svg?form=jwt").content
    both = image.replace(b'"></openbadges:credential>', b'">{}</openbadges:credential>')
    assert both != image
    assert verify(both).checks[0].code == "image-damaged"
