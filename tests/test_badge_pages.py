"""The pages and documents that strangers and holders of badges see."""

import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from assessments.models import Evidence
from assessments.submitting import submit
from badges.models import Credential
from badges.openbadges import keys
from badges.publishing import baked_png
from tests import factories
from workbench import jobs
from workbench.limits import address

CORS = "Access-Control-Allow-Origin"


@pytest.fixture
def planned(ada, bo, programme) -> Credential:
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft, title="Public rules", narrative="Deny **first**.\n\n<b onclick=x>hi</b>")
    factories.make_text(draft, title="Summary text", visibility="summary")
    factories.make_text(draft, title="Private text", visibility="private")
    jobs.run_due()
    factories.make_decision(submit(draft, declaration=True, by=ada), bo)
    return Credential.objects.get()


@pytest.fixture
def badge(planned) -> Credential:
    jobs.run_due()
    planned.refresh_from_db()
    return planned


def item(title: str) -> Evidence:
    return Evidence.objects.get(title=title)


# --- The badge -------------------------------------------------------------------------------------------


def test_a_stranger_reads_the_badge_and_no_name(badge, ada, client):
    page = client.get(f"/badges/{badge.pk}")
    text = page.content.decode()
    for expected in ("Firewall management", "Valid today", "Université de Lille", "Criterion 1", "Level 2"):
        assert expected in text
    for hidden in (ada.name, ada.email, "Bo Maes", "Private text"):
        assert hidden not in text
    assert "Public rules" in text and f"/evidence/{item('Public rules').pk}" in text
    assert "Summary text" in text


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/html"),
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/json", "application/vc+ld+json"),
        ("application/ld+json", "application/vc+ld+json"),
        ("application/vc+ld+json", "application/vc+ld+json"),
        ("application/json, text/plain, */*", "application/vc+ld+json"),
        ("text/html;q=0.4, application/json;q=0.9", "application/vc+ld+json"),
        ("text/html;q=0.9, application/json;q=0.4", "text/html"),
        ("application/json;q=0, text/html", "text/html"),
        ("nonsense", "text/html"),
    ],
)
def test_the_accept_header_chooses_the_form(badge, client, accept, content_type):
    answer = client.get(f"/badges/{badge.pk}", headers={"accept": accept} if accept else {})
    assert answer.headers["Content-Type"].split(";")[0] == content_type
    assert "Accept" in answer.headers["Vary"]


def test_json_documents_may_be_read_from_anywhere_and_kept(badge, client):
    for path in (
        f"/badges/{badge.pk}.json",
        f"/badges/{badge.pk}.png",
        f"/status/{badge.status_list_id}",
        "/issuers/lille/did.json",
        "/issuers/lille/jwks.json",
        f"/badges/{badge.pk}.jwt",
        f"/badges/{badge.pk}.png?form=jwt",
        f"/achievements/{badge.achievement_id}/image.png",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers[CORS] == "*"
        again = client.get(path, headers={"if-none-match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert client.post(path).status_code == 405, path
    since = client.get(
        f"/badges/{badge.pk}.json",
        headers={"if-modified-since": client.get(f"/badges/{badge.pk}.json").headers["Last-Modified"]},
    )
    assert since.status_code == 304
    assert client.head(f"/badges/{badge.pk}.json").status_code == 200


def test_an_svg_cannot_run_anything(badge, client):
    answer = client.get(f"/badges/{badge.pk}.svg")
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"<script" not in answer.content


def test_a_jwt_form_that_is_not_signed_yet_is_told_to_come(badge, client):
    """Nothing is signed in a request."""
    Credential.objects.update(jwt="", jwt_key=None, jwt_signed_at=None)
    for path in (f"/badges/{badge.pk}.jwt", f"/badges/{badge.pk}.png?form=jwt"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "being signed" in answer.content.decode()
    assert ".jwt" not in client.get(f"/badges/{badge.pk}").content.decode()
    assert not Credential.objects.exclude(jwt="").exists()


def test_a_planned_badge_is_hidden_from_strangers_and_announced_to_its_holder(planned, ada, dee, client):
    assert client.get(f"/badges/{planned.pk}").status_code == 404
    for suffix in ("json", "png", "svg", "pdf", "jwt"):
        assert client.get(f"/badges/{planned.pk}.{suffix}").status_code == 404
    client.force_login(dee)
    assert client.get(f"/badges/{planned.pk}").status_code == 404
    client.force_login(ada)
    waiting = client.get(f"/badges/{planned.pk}")
    assert waiting.status_code == 202
    assert "is signing your badge" in waiting.content.decode()
    assert client.post(f"/badges/{planned.pk}", {"email": ada.email}).status_code == 202


def test_a_badge_that_never_was_is_not_found(db, client):
    unknown = "/badges/7b0f2d8e-0000-4000-8000-000000000000"
    for path in (unknown, f"{unknown}.json", f"{unknown}.pdf"):
        assert client.get(path).status_code == 404


# --- Whose it is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "answer"),
    [
        ("ada@example.org", "Yes: this badge was awarded"),
        (" ADA@Example.org ", "Yes: this badge was awarded"),
        ("alan@example.org", "No: this badge was not awarded"),
    ],
)
def test_a_recruiter_asks_whether_an_address_earned_it(badge, client, email, answer):
    page = client.post(f"/badges/{badge.pk}", {"email": email})
    assert answer in page.content.decode()
    part = client.post(f"/badges/{badge.pk}", {"email": email}, headers={"hx-request": "true"})
    assert answer in part.content.decode() and "<html" not in part.content.decode()


def test_what_is_no_address_is_told(badge, client):
    page = client.post(f"/badges/{badge.pk}", {"email": "ada"}).content.decode()
    assert "valid email" in page and "No: this badge" not in page


def test_guessing_addresses_is_slowed_down(badge, client):
    answers = [client.post(f"/badges/{badge.pk}", {"email": f"a{n}@example.org"}) for n in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert client.get(f"/badges/{badge.pk}").status_code == 200
    other = client.post(f"/badges/{badge.pk}", {"email": "a@example.org"}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 200


def test_an_address_cannot_be_invented_without_a_proxy(rf, settings):
    request = rf.get("/", headers={"x-forwarded-for": "203.0.113.9, 198.51.100.7"}, REMOTE_ADDR="192.0.2.1")
    settings.SECURE_PROXY_SSL_HEADER = None
    assert address(request) == "192.0.2.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert address(request) == "198.51.100.7"
    neighbours = {address(rf.get("/", REMOTE_ADDR=f"2001:db8:1:2::{last}")) for last in (1, 2)}
    assert neighbours == {"2001:db8:1:2::"}


# --- The certificate -------------------------------------------------------------------------------------


def pdf_text(content: bytes) -> str:
    return re.sub(r"\s+", " ", PdfReader(io.BytesIO(content)).pages[0].extract_text())


def test_a_certificate_for_everyone_names_nobody(badge, ada, client):
    answer = client.get(f"/badges/{badge.pk}.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = pdf_text(answer.content)
    assert "Firewall management" in text and "Criterion 2" in text and str(badge.pk) in text
    assert ada.name not in text and ada.email not in text
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == 1
    assert reader.pages[0].mediabox.width > reader.pages[0].mediabox.height
    assert reader.attachments[f"{badge.pk}.json"] == [badge.signed.encode()]


def test_the_holders_certificate_has_the_name_and_is_not_kept(badge, ada, alan, mo, client):
    client.force_login(ada)
    answer = client.get(f"/badges/{badge.pk}.pdf")
    assert ada.name in pdf_text(answer.content) and ada.email not in pdf_text(answer.content)
    assert answer.headers["Cache-Control"] == "private, no-store"
    for person in (alan, mo):
        client.force_login(person)
        text = pdf_text(client.get(f"/badges/{badge.pk}.pdf").content)
        assert ada.name not in text and person.name not in text


def test_a_revoked_certificate_says_so(badge, mo, client):
    from badges.revoking import revoke

    revoke(badge, reason="The capture was copied.", by=mo)
    text = pdf_text(client.get(f"/badges/{badge.pk}.pdf").content)
    assert "Revoked on" in text and "The capture was copied." in text


# --- The issuer ------------------------------------------------------------------------------------------


def test_the_issuer_as_page_and_as_profile(badge, client):
    page = client.get("/issuers/lille").content.decode()
    assert "Université de Lille" in page and "Firewall management" in page
    profile = client.get("/issuers/lille", headers={"accept": "application/json"}).json()
    assert profile["type"] == ["Profile"] and profile["name"] == "Université de Lille"
    assert profile["id"] == json.loads(badge.signed)["issuer"]["id"]
    assert client.get("/issuers/nowhere").status_code == 404
    assert client.get("/issuers/nowhere/did.json").status_code == 404


def test_under_https_the_did_document_answers_for_did_web(organisation, settings, client):
    from badges.rotating import rotate_key

    settings.BASE_URL, settings.HTTPS = "https://badges.example.org", True
    key = rotate_key(organisation, by=None)
    document = json.loads(client.get("/issuers/lille/did.json").content)
    assert document["id"] == "did:web:badges.example.org:issuers:lille"
    method, jwt_method = document["verificationMethod"]
    assert method["publicKeyMultibase"] == key.public_multibase
    assert method["controller"] == jwt_method["controller"] == document["id"]
    assert document["assertionMethod"] == [method["id"], jwt_method["id"]]
    assert keys.decode_public(method["publicKeyMultibase"])
    held = jwt_method["publicKeyJwk"]
    assert jwt_method["type"] == "JsonWebKey"
    assert jwt_method["id"] == f"{document['id']}#{held['kid']}"
    answer = client.get("/issuers/lille/jwks.json")
    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    (published,) = json.loads(answer.content)["keys"]
    assert published == {**held, "kid": jwt_method["id"], "alg": "ES256", "use": "sig"}
    assert set(published) == {"kty", "crv", "x", "y", "kid", "alg", "use"}


def test_an_image_is_drawn_in_the_asked_language(achievement, client):
    path = f"/achievements/{achievement.pk}/image.png"
    english, french = client.get(path), client.get(f"{path}?language=fr")
    assert english.content.startswith(b"\x89PNG") and french.content != english.content
    assert client.get(f"{path}?language=../etc").content == english.content


# --- Evidence --------------------------------------------------------------------------------------------


def test_public_evidence_has_a_page_and_a_file(badge, client):
    evidence = item("Public rules")
    page = client.get(f"/evidence/{evidence.pk}").content.decode()
    assert "<strong>first</strong>" in page
    assert "<b onclick" not in page and "&lt;b onclick" in page
    assert evidence.sha256 in page and "See the comments in the file." in page
    file = client.get(f"/evidence/{evidence.pk}/file")
    assert b"".join(file.streaming_content) == factories.RULES
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_summary_has_a_page_and_no_file(badge, client):
    evidence = item("Summary text")
    page = client.get(f"/evidence/{evidence.pk}").content.decode()
    assert evidence.sha256 in page and f"{evidence.pk}/file" not in page
    assert client.get(f"/evidence/{evidence.pk}/file").status_code == 404


def test_private_evidence_has_neither_not_even_for_its_learner(badge, ada, client):
    evidence = item("Private text")
    client.force_login(ada)
    assert client.get(f"/evidence/{evidence.pk}").status_code == 404
    assert client.get(f"/evidence/{evidence.pk}/file").status_code == 404


def test_evidence_is_public_only_with_an_issued_badge(planned, alan, programme, client):
    assert client.get(f"/evidence/{item('Public rules').pk}").status_code == 404
    draft = factories.make_draft(alan, programme)
    waiting = factories.make_evidence(draft, title="Only a draft")
    assert client.get(f"/evidence/{waiting.pk}").status_code == 404
    assert client.get(f"/evidence/{waiting.pk}/file").status_code == 404


def test_a_withdrawn_consent_closes_the_file_and_then_the_page(badge, client):
    evidence = item("Public rules")
    Evidence.objects.filter(pk=evidence.pk).update(visibility="summary")
    assert client.get(f"/evidence/{evidence.pk}").status_code == 200
    assert client.get(f"/evidence/{evidence.pk}/file").status_code == 404
    Evidence.objects.filter(pk=evidence.pk).update(visibility="private")
    assert client.get(f"/evidence/{evidence.pk}").status_code == 404


def test_files_come_from_their_own_host_where_there_is_one(badge, settings, client):
    settings.EVIDENCE_HOST = "evidence.example.org"
    settings.ALLOWED_HOSTS = ["testserver", "evidence.example.org"]
    path = f"/evidence/{item('Public rules').pk}/file"
    assert client.get(path).headers["Location"] == f"http://evidence.example.org{path}"
    file = client.get(path, headers={"host": "evidence.example.org"})
    assert b"".join(file.streaming_content) == factories.RULES
    file.close()


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://example.org/pixel.png)",
        "[x](data:text/html,hi)",
        "<img src=x onerror=alert(1)>",
        "<a href='https://example.org' style='position:fixed'>x</a>",
    ],
)
def test_a_narrative_is_harmless(badge, client, hostile):
    evidence = item("Public rules")
    Evidence.objects.filter(pk=evidence.pk).update(narrative=hostile)
    page = client.get(f"/evidence/{evidence.pk}").content.decode()
    prose = page.split('<div class="prose"', 1)[1].split("</div>", 1)[0]
    assert not re.search(r"<(script|img|style|iframe)|<[^>]+ (on\w+|style)=|href=.(javascript|data):", prose)


# --- My badges -------------------------------------------------------------------------------------------


def test_my_badges_are_mine_alone(badge, ada, alan, client):
    client.force_login(ada)
    assert f"/badges/{badge.pk}" in client.get("/my-badges/").content.decode()
    client.force_login(alan)
    page = client.get("/my-badges/").content.decode()
    assert str(badge.pk) not in page and "No badge yet" in page
    client.logout()
    assert client.get("/my-badges/").status_code == 302


def test_my_badges_take_as_many_queries_for_three_as_for_one(
    badge, ada, bo, organisation, client, django_assert_num_queries, django_assert_max_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(ada)
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/my-badges/")
    for _number in range(2):
        other = factories.make_programme(organisation, badge.achievement)
        factories.enrol(other, ada)
        factories.grant(bo, "assessor", other)
        bo.forget_grants()
        factories.make_decision(factories.make_submission(ada, other), bo)
    jobs.run_due()
    with django_assert_num_queries(len(one)):
        page = client.get("/my-badges/").content.decode()
    assert page.count("shelf-badge") == 3


# --- Verifying on the page -------------------------------------------------------------------------------


def upload(client, content: bytes, name: str = "badge.png"):
    return client.post(reverse("verify"), {"file": SimpleUploadedFile(name, content)})


def test_dee_verifies_an_image_a_text_and_an_address(badge, client):
    assert client.get("/verify").status_code == 200
    for answer in (
        upload(client, baked_png(badge)),
        upload(client, badge.signed.encode(), "x.exe"),
        client.post("/verify", {"credential": badge.signed}),
        client.post("/verify", {"credential": badge.url}),
        client.get("/verify", {"url": badge.url}),
    ):
        assert answer.status_code == 200
        assert "Genuine and valid" in answer.content.decode()


def test_dee_sees_what_is_wrong(badge, mo, client):
    page = client.post("/verify", {"credential": badge.signed.replace("Firewall", "Waterwall")})
    assert "Not verified" in page.content.decode() and "changed after it was signed" in page.content.decode()
    from badges.revoking import revoke

    revoke(badge, reason="Copied.", by=mo)
    page = client.get("/verify", {"url": badge.url}).content.decode()
    assert "Revoked by the issuer" in page and "Copied." in page


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Choose the badge"),
        ({"credential": "https://example.org/badge"}, "contacts no other website"),
        ({"credential": "http://testserver/badges/7b0f2d8e-0000-4000-8000-000000000000"}, "no badge at this"),
        ({"file": SimpleUploadedFile("x.png", b"")}, "Choose the badge"),
        ({"file": SimpleUploadedFile("x.png", b"x" * (2 * 1024 * 1024 + 1))}, "at most 2 MB"),
    ],
)
def test_what_cannot_be_verified_is_told_on_the_form(db, client, data, message):
    answer = client.post("/verify", data)
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_verifying_is_limited(db, client):
    statuses = [client.post("/verify", {"credential": "{}"}).status_code for _number in range(31)]
    assert statuses == [200] * 30 + [429]
    assert client.get("/verify").status_code == 200
