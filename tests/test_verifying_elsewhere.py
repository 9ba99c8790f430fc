"""Badges of other issuers: their websites are asked where the operator allows it, else the answer is open."""

import json

import pytest
from django.core.management import CommandError, call_command

from badges import looking_up
from badges.fetching import Fetcher, NotFetched
from badges.looking_up import Lookup
from badges.models import Credential
from badges.openbadges import baking, did, jwk, keys, parsing, proof, status_list
from badges.openbadges.did import KeyRecord
from badges.openbadges.status_list import StatusListDefinition
from badges.verifying import verify, verify_at
from tests import factories
from tests.openbadges import jwts, older
from tests.openbadges.awards import DID_WEB, KEY, LIST_URL, MOMENT, did_web_document, signed_badge
from tests.test_spoiled import PNG, SVG
from workbench import jobs
from workbench.errors import DomainError

DID_ADDRESS = did.document_url(DID_WEB)
TEXT = parsing.serialise(signed_badge(DID_WEB))


def signed_list(*indexes: int) -> dict:
    definition = StatusListDefinition(LIST_URL, DID_WEB, "revocation", MOMENT, frozenset(indexes))
    method = did.verification_method(DID_WEB, KEY.public_key())
    return proof.sign(status_list.build(definition), KEY, method, MOMENT)


class Web:
    """Websites by address; what is asked for is remembered."""

    def __init__(self, **sites: object) -> None:
        self.sites = dict(sites)
        self.asked: list[str] = []

    def get(self, address: str) -> bytes:
        self.asked.append(address)
        found = self.sites.get(address)
        if isinstance(found, Exception):
            raise found
        if found is None:
            raise NotFetched("absent")
        return found if isinstance(found, bytes) else json.dumps(found).encode()


def ours(**changes: object) -> Web:
    """What the website of another issuer of Open Badges 3.0 serves."""
    return Web(**{DID_ADDRESS: jwts.document(), LIST_URL: signed_list()} | changes)


def online(web: Web) -> Lookup:
    return Lookup(fetcher=web)


def outcomes(verification) -> dict:
    return {check.name: (check.passed, check.code) for check in verification.checks}


pytestmark = pytest.mark.django_db


# --- Version 3.0 ------------------------------------------------------------------------------------------


def test_a_did_web_badge_is_verified_with_its_issuers_documents():
    web = ours()
    verification = verify(TEXT, lookup=online(web))
    assert verification.verified and verification.trust.kind == "unknown"
    assert verification.trust.identifier == DID_WEB
    assert web.asked == [DID_ADDRESS, LIST_URL]


def test_its_jwt_form_too():
    assert verify(jwts.signed_jwt(), lookup=online(ours())).verified


def test_without_leave_nothing_is_asked_and_the_answer_is_open():
    verification = verify(TEXT)
    assert not verification.verified and not verification.failed
    assert outcomes(verification)["proof"] == (None, "issuer-unreachable")
    assert outcomes(verification)["status"] == (None, "status-unreachable")
    assert verification.trust.kind == "unproven"
    assert all(check.advice for check in verification.unchecked)


def test_the_operator_decides_whether_websites_are_asked(settings):
    assert not looking_up.usual().is_online
    settings.VERIFIER_FETCHES = True
    assert looking_up.usual().is_online


@pytest.mark.parametrize(
    ("changes", "name", "expected"),
    [
        ({DID_ADDRESS: None}, "proof", (None, "key-absent")),
        ({DID_ADDRESS: NotFetched("unreachable")}, "proof", (None, "website-silent")),
        ({DID_ADDRESS: NotFetched("private")}, "proof", (None, "address-refused")),
        ({DID_ADDRESS: b"<html>"}, "proof", (None, "website-silent")),
        (
            {DID_ADDRESS: did_web_document() | {"id": "did:web:evil.example"}},
            "proof",
            (False, "did-document-mismatch"),
        ),
        ({DID_ADDRESS: did_web_document() | {"verificationMethod": []}}, "proof", (False, "key-not-found")),
        ({DID_ADDRESS: did_web_document() | {"assertionMethod": []}}, "issuer", (False, "key-withdrawn")),
        ({LIST_URL: signed_list(94567)}, "status", (False, "revoked")),
        (
            {LIST_URL: signed_list() | {"id": "https://evil.example"}},
            "status",
            (False, "status-list-mismatch"),
        ),
        ({LIST_URL: NotFetched("too-large")}, "status", (None, "status-unreachable")),
        ({LIST_URL: b"not json"}, "status", (None, "status-unreachable")),
    ],
)
def test_what_the_website_says_decides(changes, name, expected):
    verification = verify(TEXT, lookup=online(ours(**changes)))
    assert not verification.verified
    assert outcomes(verification)[name] == expected


def test_a_changed_badge_is_refused_with_every_document_at_hand():
    changed = TEXT.replace("Firewall management", "Nuclear physics", 1)
    found = outcomes(verify(changed, lookup=online(ours())))
    assert found["proof"] == (False, "proof-signature")
    assert found["issuer"] == (None, "issuer-unproven")


# --- Keys at https addresses --------------------------------------------------------------------------------

SITE = "https://badges.lille.example"
JWKS = f"{SITE}/jwks.json"
PUBLIC = jwk.encode(jwts.JWT_KEY.public_key())


def at_https(kid: str, issuer: str = f"{SITE}/issuer") -> str:
    unsigned = jwts.unsigned(status=None)
    unsigned["issuer"] = unsigned["issuer"] | {"id": issuer}
    claims = unsigned | {
        "iss": issuer,
        "jti": unsigned["id"],
        "sub": unsigned["credentialSubject"]["id"],
        "nbf": int(MOMENT.timestamp()),
    }
    return jwts.sign_claims(claims, kid=kid)


@pytest.mark.parametrize(
    ("kid", "document"),
    [
        (f"{JWKS}#1", {"keys": [PUBLIC | {"kid": "1"}]}),
        (f"{JWKS}#1", {"keys": [{"kty": "RSA"}, "odd", PUBLIC | {"kid": f"{JWKS}#1"}]}),
        (f"{JWKS}#{jwk.thumbprint(PUBLIC)}", {"keys": [PUBLIC]}),
        (JWKS, {"keys": [PUBLIC]}),
        (f"{SITE}/keys/1", PUBLIC),
    ],
)
def test_a_key_on_the_issuers_own_host_is_the_issuers(kid, document):
    web = Web(**{kid.partition("#")[0]: document})
    assert verify(at_https(kid), lookup=online(web)).verified
    did_web = verify(at_https(kid, "did:web:badges.lille.example"), lookup=online(web))
    assert did_web.verified


def test_a_controller_document_of_the_issuer_is_read():
    issuer, multikey = f"{SITE}/issuer", keys.encode_public(KEY.public_key())
    record = KeyRecord(f"{issuer}#{multikey}", issuer, multikey)
    document = {name: value for name, value in signed_badge(status=None).items() if name != "proof"}
    document["issuer"] = document["issuer"] | {"id": issuer}
    signed = proof.sign(document, KEY, record.verification_method, MOMENT)
    web = Web(**{issuer: did.document(issuer, [record])})
    assert verify(json.dumps(signed), lookup=online(web)).verified
    alone = {"id": f"{SITE}/keys/2", "type": "Multikey", "controller": issuer, "publicKeyMultibase": multikey}
    signed = proof.sign(document, KEY, f"{SITE}/keys/2", MOMENT)
    assert verify(json.dumps(signed), lookup=online(Web(**{f"{SITE}/keys/2": alone}))).verified
    of_another = alone | {"controller": "https://badges.lille.example/another"}
    found = outcomes(verify(json.dumps(signed), lookup=online(Web(**{f"{SITE}/keys/2": of_another}))))
    assert found["issuer"] == (False, "issuer-mismatch")


@pytest.mark.parametrize(
    "document",
    [
        {"keys": [PUBLIC | {"kid": "1"}]},
        PUBLIC,
        {
            "id": "https://evil.example/k#1",
            "type": "Multikey",
            "controller": f"{SITE}/issuer",
            "publicKeyMultibase": "z",
        },
    ],
)
def test_a_key_on_another_host_is_not_the_issuers_whatever_it_says(document):
    web = Web(**{"https://evil.example/k": document})
    assert outcomes(verify(at_https("https://evil.example/k#1"), lookup=online(web)))["issuer"][0] is not True


@pytest.mark.parametrize(
    "document", [{"keys": []}, {"keys": "x"}, {"keys": [PUBLIC | {"kid": "2"}]}, {}, {"a": 1}]
)
def test_a_key_that_is_not_there_is_a_failure(document):
    found = outcomes(verify(at_https(f"{JWKS}#1"), lookup=online(Web(**{JWKS: document}))))
    assert found["proof"][0] is False and found["proof"][1] in ("key-not-found", "key-unsupported")


# --- Version 2.0 --------------------------------------------------------------------------------------------


def mons(**changes: object) -> Web:
    return Web(**older.website() | changes)


HOSTED = json.dumps(older.assertion())


@pytest.mark.parametrize(
    "source",
    [
        HOSTED.encode(),
        HOSTED,
        older.ASSERTION,
        older.baked_png(PNG, HOSTED),
        older.baked_png(PNG, older.ASSERTION),
        older.baked_png(PNG, older.ASSERTION, kind=b"tEXt"),
        older.baked_svg(SVG, HOSTED),
        older.baked_svg(SVG, HOSTED, verify=older.ASSERTION),
        older.baked_svg(SVG, verify=older.ASSERTION),
        older.signed(),
        older.baked_png(PNG, older.signed()),
        older.baked_png(PNG, older.signed(), kind=b"tEXt"),
        older.baked_svg(SVG, verify=older.signed()),
        older.baked_svg(SVG, older.signed()),
    ],
)
def test_a_badge_of_version_2_is_verified_in_every_form(source):
    verification = verify(source, lookup=online(mons()), recipient="ada@demo.example")
    assert verification.verified, outcomes(verification)
    assert verification.summary.version == "2.0" and verification.summary.name == "Routing"
    assert verification.summary.issuer == "Université de Mons"
    assert verification.trust.kind == "unknown" and verification.trust.identifier == older.ISSUER
    assert outcomes(verification)["recipient"] == (True, "recipient-ok")


def test_a_badge_of_version_2_stays_open_where_no_website_is_asked():
    for source in (HOSTED, older.signed()):
        verification = verify(source)
        assert not verification.verified and not verification.failed
        assert outcomes(verification)["proof"] == (None, "v2-not-fetched")


def test_a_badge_of_version_2_is_refused_when_anything_is_amiss():
    tampered = HOSTED.replace("2024-05-01", "2020-05-01")
    assert outcomes(verify(tampered, lookup=online(mons())))["proof"] == (False, "v2-differs")
    baked = older.baked_png(PNG, tampered)
    assert outcomes(verify(baked, lookup=online(mons())))["proof"] == (False, "v2-differs")
    gone = mons(**{older.ASSERTION: NotFetched("gone")})
    assert outcomes(verify(HOSTED, lookup=online(gone)))["status"] == (False, "revoked")
    by_dee = older.signed(key=older.OTHER_EC_KEY)
    assert outcomes(verify(by_dee, lookup=online(mons())))["proof"] == (False, "proof-signature")
    for_dee = verify(HOSTED, lookup=online(mons()), recipient="dee@demo.example")
    assert not for_dee.verified and outcomes(for_dee)["recipient"] == (False, "recipient-other")


def test_a_badge_of_version_2_cannot_claim_to_live_here(settings):
    settings.BASE_URL, settings.HTTPS = older.SITE, True
    web = mons()
    verification = verify(HOSTED, lookup=online(web))
    assert not verification.verified
    assert web.asked == []


@pytest.mark.parametrize(
    "document",
    [
        {"@context": "https://w3id.org/openbadges/v1", "type": "Assertion"},
        {"uid": "1", "recipient": {}, "badge": "https://x.example", "verify": {"type": "hosted"}},
    ],
)
def test_version_1_is_refused_by_name(document):
    for source in (
        json.dumps(document).encode(),
        older.baked_png(PNG, json.dumps(document)),
        older.signed(document).encode(),
    ):
        (structure, *others) = verify(source).checks
        assert (structure.passed, structure.code) == (False, "older-open-badge")
        assert "1.x" in structure.detail and structure.advice
        assert all(check.passed is None for check in others)


def test_a_badge_of_version_3_in_the_place_of_version_2_is_no_badge():
    assert verify(older.baked_png(PNG, TEXT)).failed[0].code == "not-a-badge"


# --- Addresses ----------------------------------------------------------------------------------------------


def test_an_address_elsewhere_is_asked_when_allowed():
    web = ours(**{"https://wallet.example/1.png": baking.bake_png(PNG, TEXT)})
    assert verify("https://wallet.example/1.png", lookup=online(web)).verified
    assert web.asked[0] == "https://wallet.example/1.png"


@pytest.mark.parametrize(
    ("failure", "word"),
    [
        ("private", "public"),
        ("absent", "nothing"),
        ("gone", "no more"),
        ("too-large", "large"),
        ("busy", "minute"),
        ("unreachable", "not answer"),
    ],
)
def test_an_address_that_brings_nothing_is_told(failure, word):
    with pytest.raises(DomainError, match=word) as refused:
        verify_at(
            "https://wallet.example/1",
            lookup=online(Web(**{"https://wallet.example/1": NotFetched(failure)})),
        )
    assert (refused.value.code, refused.value.status) == ("not-fetched", 422)


# --- Offline ------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "badge.json").write_text(TEXT)
    (tmp_path / "did.json").write_text(json.dumps(did_web_document()))
    (tmp_path / "list.json").write_text(json.dumps(signed_list()))
    (tmp_path / "revoking.json").write_text(json.dumps(signed_list(94567)))
    (tmp_path / "older.jws").write_text(older.signed())
    (tmp_path / "at-https.jwt").write_text(at_https(f"{JWKS}#1"))
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": [PUBLIC | {"kid": "1"}]}))
    for name, document in {
        "class": older.badge_class(),
        "issuer": older.issuer(),
        "key": older.key_document(),
        "revoked": older.revocations(),
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    return tmp_path


def run(*arguments: object, capsys) -> tuple[int, str]:
    try:
        call_command("verify_badge", *map(str, arguments))
    except SystemExit as end:
        return int(end.code or 0), capsys.readouterr().out
    return 0, capsys.readouterr().out


def test_the_command_verifies_on_files_alone(folder, capsys, django_assert_num_queries):
    with django_assert_num_queries(0):
        code, out = run(
            *(folder / "badge.json", "--offline", "--did", folder / "did.json"),
            *("--status", folder / "list.json", "--recipient", "ada@demo.example", "--json"),
            capsys=capsys,
        )
        answer = json.loads(out)
        assert code == 0 and answer["verified"] is True
        assert {check["name"]: check["passed"] for check in answer["checks"]}["recipient"] is True
        assert answer["issuer"]["trust"] == "unknown"
        revoking = ("--offline", "--did", folder / "did.json", "--status", folder / "revoking.json")
        assert run(folder / "badge.json", *revoking, capsys=capsys)[0] == 1
        documents = [
            option
            for name in ("class", "issuer", "key", "revoked")
            for option in ("--document", folder / f"{name}.json")
        ]
        code, out = run(folder / "older.jws", "--offline", *documents, capsys=capsys)
        assert code == 0 and out.splitlines()[-1] == "verified"
        keys_of_lille = ("--offline", "--did", f"{JWKS}={folder / 'jwks.json'}")
        assert run(folder / "at-https.jwt", *keys_of_lille, capsys=capsys)[0] == 0


def test_the_command_says_what_it_could_not_decide(folder, capsys):
    code, out = run(folder / "badge.json", "--offline", capsys=capsys)
    assert code == 2 and out.splitlines()[-1] == "NOT DECIDED"
    code, out = run(folder / "badge.json", "--offline", "--did", folder / "did.json", capsys=capsys)
    assert code == 2 and "status     not checked" in out


def test_the_command_says_which_file_it_cannot_use(folder, capsys):
    for arguments in (
        [folder / "nothing.json"],
        [folder / "badge.json", "--did", folder / "nothing.json"],
        [folder / "badge.json", "--did", folder / "jwks.json"],
        [folder / "badge.json", "--did", folder / "older.jws"],
    ):
        with pytest.raises(CommandError) as refused:
            run(*arguments, capsys=capsys)
        assert refused.value.returncode == 3


def test_the_command_writes_the_verdict(folder, capsys):
    given = ("--offline", "--did", folder / "did.json", "--status", folder / "list.json")
    assert run(folder / "badge.json", *given, "--pdf", folder / "verdict.pdf", capsys=capsys)[0] == 0
    assert (folder / "verdict.pdf").read_bytes().startswith(b"%PDF-")


def test_a_badge_of_ours_verifies_elsewhere_with_what_we_serve(
    settings, ada, bo, programme, client, tmp_path, capsys
):
    """What another installation, or an auditor without a network, needs is what anybody can download."""
    settings.BASE_URL, settings.HTTPS = "https://badges.example.org", True
    settings.ALLOWED_HOSTS = ["*"]
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    badge = Credential.objects.get()
    files = {
        "badge.json": badge.signed.encode(),
        "badge.jwt": badge.jwt.encode(),
        "did.json": client.get(f"/issuers/{badge.organisation.slug}/did.json", secure=True).content,
        "list.json": client.get(f"/status/{badge.status_list_id}", secure=True).content,
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    given = ("--offline", "--did", tmp_path / "did.json", "--status", tmp_path / "list.json")
    for name in ("badge.json", "badge.jwt"):
        assert run(tmp_path / name, *given, "--recipient", ada.email, capsys=capsys)[0] == 0, name


# --- The page -----------------------------------------------------------------------------------------------


def test_the_page_says_whether_websites_are_asked(client, settings):
    assert "no other website is contacted" in client.get("/verify").content.decode()
    settings.VERIFIER_FETCHES = True
    assert "are asked for its issuer" in client.get("/verify").content.decode()


def test_the_page_and_the_api_ask_websites_where_allowed(client, settings, monkeypatch):
    settings.VERIFIER_FETCHES = True
    monkeypatch.setattr(looking_up, "Fetcher", lambda: Web(**older.website(), **ours().sites))
    page = client.post("/verify", {"credential": older.ASSERTION, "recipient": "ada@demo.example"})
    text = page.content.decode()
    assert page.status_code == 200 and "Routing" in text and "Open Badge 2.0" in text
    assert "shows the same badge, word for word" in text
    answer = client.post("/api/v1/verify", json.dumps({"url": older.ASSERTION}), "application/json").json()
    assert answer["verified"] is True and answer["badge"]["version"] == "2.0"
    assert answer["issuer"] == answer["issuer"] | {"trust": "unknown", "id": older.ISSUER}
    missing = client.post("/api/v1/verify", json.dumps({"url": f"{older.SITE}/2"}), "application/json")
    assert (missing.status_code, missing.json()["code"]) == (422, "not-fetched")
    assert client.post("/verify", {"credential": f"{older.SITE}/2"}).status_code == 422


@pytest.mark.parametrize(
    "address", ["http://169.254.169.254/latest", "https://127.0.0.1/", "https://localhost/x"]
)
def test_no_leave_opens_the_way_inside(client, settings, address):
    """With the real fetcher, which refuses before it asks."""
    settings.VERIFIER_FETCHES = True
    answer = client.post("/api/v1/verify", json.dumps({"url": address}), "application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "not-fetched")


def test_a_key_address_inside_is_not_asked_either():
    """What a badge names is guarded like what a reader types."""
    for kid in ("https://127.0.0.1/k#1", "https://localhost/k#1"):
        found = outcomes(verify(at_https(kid, kid.partition("#")[0]), lookup=Lookup(fetcher=Fetcher())))
        assert found["proof"] == (None, "address-refused")
    inside = json.dumps(older.assertion(id="https://127.0.0.1/1", badge="https://localhost/b"))
    assert outcomes(verify(inside, lookup=Lookup(fetcher=Fetcher())))["proof"] == (None, "address-refused")
