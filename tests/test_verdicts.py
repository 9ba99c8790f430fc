"""The whole verdict: the way of a badge of ours, what to do, whose it is, and all of it on paper."""

import io
import json
import time
import zlib
from pathlib import Path

import pytest
from django.core import signing
from django.core.files.storage import default_storage
from django.urls import reverse
from pypdf import PdfReader, PdfWriter

from badges import advising, explaining
from badges.headlines import headline
from badges.models import Credential
from badges.openbadges.checks import Check
from badges.printing_verdicts import ticket, verdict_pdf, verification_of
from badges.publishing import baked_png
from badges.revoking import revoke
from badges.tracing import MAX_EVIDENCE_BYTES
from badges.verifying import verify
from tests import factories
from tests.openbadges import older
from tests.openbadges.awards import DID_WEB, MOMENT, signed_badge
from workbench import jobs
from workbench.errors import DomainError
from workbench.storage import blob_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge(ada, bo, programme) -> Credential:
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    factories.make_text(draft, title="How the rules were tried", visibility="summary")
    factories.make_text(draft, title="For assessors only", visibility="private")
    factories.make_decision(factories.submit(draft, declaration=True, by=ada), bo)
    jobs.run_due()
    return Credential.objects.get()


def evidence_of(badge: Credential, title: str):
    return badge.learner.submissions.get().evidence.get(title=title)


# --- The way of a badge of ours ------------------------------------------------------------------------


def test_a_badge_of_ours_leads_back_to_how_it_was_earned(badge):
    trace = verify(badge.signed).trace
    award = badge.award
    assert trace.achievement == award["achievement"]["name"]
    assert [one.title for one in trace.criteria] == [one["title"] for one in award["achievement"]["criteria"]]
    assert all(one.achieved and one.required for one in trace.criteria)
    named = {name for one in trace.criteria for name in one.evidence}
    assert "How the rules were tried" in named and "For assessors only" not in named
    assert {item.name: item.check.code for item in trace.evidence} == {
        item["name"]: "evidence-same" for item in award["evidence"] if item["visibility"] != "private"
    }
    assert trace.roles == ("assessor",) and trace.moderated is False
    assert trace.manifest.passed is True
    assert str(badge.decision_id) == trace.decision


def test_its_jwt_form_leads_there_too(badge):
    verification = verify(badge.jwt)
    assert verification.verified and verification.trace.roles == ("assessor",)


def test_a_changed_copy_leads_nowhere(badge):
    assert verify(badge.signed.replace("Firewall", "Waterwall")).trace is None
    assert verify(json.dumps(signed_badge(status=None))).trace is None


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda path: path.write_bytes(b"something else"), "evidence-changed"),
        (lambda path: path.unlink(), "evidence-missing"),
    ],
)
def test_each_item_has_a_check_of_its_own(badge, spoil, code):
    item = evidence_of(badge, "How the rules were tried")
    spoil(Path(default_storage.path(blob_name(item.sha256))))
    verification = verify(badge.signed)
    checks = {one.name: one.check for one in verification.trace.evidence}
    assert checks.pop(item.title).code == code
    assert [check.code for check in checks.values()] == ["evidence-same"]
    assert [check.code for check in verification.failed] == [code]
    assert item.title in verification.failed[0].detail


def test_our_record_may_not_name_another_digest_than_the_badge(badge):
    other = evidence_of(badge, "For assessors only").sha256
    badge.award["evidence"][0]["sha256"] = other
    badge.save(update_fields=["award"])
    verification = verify(badge.signed)
    assert [check.code for check in verification.failed] == ["evidence-digest"]


def test_what_was_handed_in_may_not_change_after_the_judgement(badge):
    submission = badge.learner.submissions.get()
    submission.manifest["evidence"][0]["title"] = "Another title"
    submission.save(update_fields=["manifest"])
    verification = verify(badge.signed)
    assert not verification.verified
    assert [check.code for check in verification.failed] == ["manifest-changed"]
    submission.manifest = {}
    submission.save(update_fields=["manifest"])
    assert verify(badge.signed).trace.manifest.passed is None


def test_files_too_large_to_read_again_are_said_to_be_unread(badge):
    badge.award["evidence"][0]["size"] = MAX_EVIDENCE_BYTES + 1
    badge.save(update_fields=["award"])
    verification = verify(badge.signed)
    assert verification.verified
    assert [check.code for check in verification.unchecked] == ["evidence-too-large"]
    assert all(item.check.passed is None for item in verification.trace.evidence)


def test_the_way_is_in_the_api_and_names_nobody(badge, calls_verify, ada, bo):
    answer = calls_verify({"credential": badge.signed})
    assert answer["verified"] is True
    assert answer["issuer"]["trust"] == "own"
    assert answer["badge"]["url"] == badge.url
    assert answer["trace"]["judgement"]["roles"] == ["assessor"]
    assert [one["check"]["passed"] for one in answer["trace"]["evidence"]] == [True, True]
    assert answer["source"]["container"] == "json"
    text = json.dumps(answer)
    assert ada.name not in text and bo.name not in text and ada.email not in text


@pytest.fixture
def calls_verify(client):
    def call(body: dict) -> dict:
        answer = client.post("/api/v1/verify", json.dumps(body), "application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    return call


# --- Whose it is ---------------------------------------------------------------------------------------


def test_whose_it_is_is_checked_when_asked(badge, ada, calls_verify, client):
    assert "recipient" not in [check.name for check in verify(badge.signed).checks]
    for email, passed in ((ada.email, True), (ada.email.upper(), True), ("dee@example.org", False)):
        verification = verify(badge.signed, recipient=email)
        assert verification.verified is passed
        answer = calls_verify({"credential": badge.signed, "recipient": email})
        assert {check["name"]: check["passed"] for check in answer["checks"]}["recipient"] is passed
    page = client.post(reverse("verify"), {"credential": badge.signed, "recipient": "dee@example.org"})
    assert "not the one it was awarded to" in page.content.decode()


@pytest.mark.parametrize("recipient", ["dee", 7, ["a@b.example"], {}])
def test_what_is_no_address_is_refused(badge, client, recipient):
    body = json.dumps({"credential": badge.signed, "recipient": recipient})
    answer = client.post("/api/v1/verify", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-recipient")


# --- An envelope ---------------------------------------------------------------------------------------


def enveloped(text: str, **changes) -> str:
    return json.dumps(
        {
            "@context": "https://www.w3.org/ns/credentials/v2",
            "id": f"data:application/vc+jwt,{text}",
            "type": "EnvelopedVerifiableCredential",
        }
        | changes
    )


def test_a_badge_in_an_envelope_is_verified(badge):
    assert verify(enveloped(badge.jwt)).verified
    assert verify(enveloped(badge.jwt, type=["EnvelopedVerifiableCredential"])).verified


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": "Nuclear physics"}, "jwt-envelope"),
        ({"proof": []}, "jwt-envelope"),
        ({"id": "data:application/vc+sd-jwt,eyJ.e.e"}, "jwt-envelope"),
        ({"id": "data:application/vc+jwt;base64,eyJ.e.e"}, "jwt-envelope"),
        ({"id": "https://evil.example/1"}, "jwt-envelope"),
        ({"id": 7}, "jwt-envelope"),
        ({"id": "data:application/vc+jwt,{}"}, "jwt-malformed"),
        ({"id": "data:application/vc+jwt,"}, "jwt-malformed"),
    ],
)
def test_an_envelope_with_anything_else_is_refused(badge, changes, code):
    assert verify(enveloped(badge.jwt, **changes)).failed[0].code == code


# --- PDF -----------------------------------------------------------------------------------------------


def pdf_with(*files: tuple[str, bytes]) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    for name, content in files:
        writer.add_attachment(name, content)
    writer.write(out)
    return out.getvalue()


def test_the_one_badge_attached_to_a_pdf_is_verified(badge):
    signed = badge.signed.encode()
    assert verify(pdf_with(("badge.json", signed))).verified
    assert verify(pdf_with(("badge.jwt", badge.jwt.encode()))).verified
    assert verify(pdf_with(("cv.txt", b"a life"), ("badge.json", signed), ("again.json", signed))).verified


@pytest.mark.parametrize(
    ("pdf", "code"),
    [
        (lambda signed, jwt: pdf_with(("a.json", signed), ("b.jwt", jwt)), "several-credentials"),
        (lambda signed, jwt: b"%PDF-1.7\nnonsense", "pdf-damaged"),
        (lambda signed, jwt: pdf_with(("a.json", signed))[:300], "pdf-damaged"),
        (
            lambda signed, jwt: pdf_with(("a.json", signed.replace(b"Firewall", b"Waterwall"))),
            "proof-signature",
        ),
    ],
)
def test_any_other_pdf_is_refused_by_name(badge, pdf, code):
    verification = verify(pdf(badge.signed.encode(), badge.jwt.encode()))
    assert not verification.verified and code in {check.code for check in verification.failed}


def packed_pdf(content: bytes) -> bytes:
    """A PDF whose one attached file is packed."""
    packed = zlib.compress(content, 9)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a.json) 3 0 R]>>>>>>",
        b"<</Type/Pages/Kids[]/Count 0>>",
        b"<</Type/Filespec/F(a.json)/UF(a.json)/EF<</F 4 0 R>>>>",
        b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed),
    )
    pdf, table = b"%PDF-1.7\n", b"xref\n0 5\n0000000000 65535 f \n"
    for number, one in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(pdf)
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    return pdf + table + b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF" % len(pdf)


def test_a_pdf_that_inflates_beyond_reason_is_refused(badge):
    assert verify(packed_pdf(badge.signed.encode())).verified
    began = time.monotonic()
    assert verify(packed_pdf(bytes(400_000_000))).failed[0].code == "pdf-damaged"
    assert time.monotonic() - began < 20


# --- On paper ------------------------------------------------------------------------------------------


def words_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_verdict_is_printed_with_everything_it_says(badge):
    verification = verify(baked_png(badge))
    text = words_of(verdict_pdf(verification, language="en"))
    assert "Genuine and valid" in text
    for check in verification.checks:
        assert check.title in text
    assert verification.source.sha256 in text.replace(" ", "")
    assert "How it was earned" in text and "For assessors only" not in text
    assert all(one.title in text for one in verification.trace.criteria)


def test_a_verdict_on_what_is_no_badge_is_printed_too(db):
    text = words_of(verdict_pdf(verify("hello"), language="en"))
    assert "Not verified" in text and "Not a badge that can be read" in text


def test_dee_has_the_verdict_on_a_file_printed(badge, mo, client):
    image = io.BytesIO(baked_png(badge))
    image.name = "badge.png"
    page = client.post(reverse("verify"), {"file": image})
    given = page.context["ticket"]
    assert given and "This verdict as PDF" in page.content.decode()
    answer = client.post(reverse("verify-report"), {"ticket": given})
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    text = words_of(answer.content)
    assert "Genuine and valid" in text and page.context["verification"].source.sha256 in text.replace(" ", "")
    revoke(badge, reason="Evidence was copied.", by=mo)
    assert "Revoked by the issuer" in words_of(
        client.post(reverse("verify-report"), {"ticket": given}).content
    )


def test_a_ticket_cannot_be_made_up_or_kept(badge, client, monkeypatch):
    given = ticket(verify(badge.signed), recipient="dee@example.org")
    assert [check.name for check in verification_of(given).failed] == ["recipient"]
    other = signing.dumps(["png", "0" * 64, 1, badge.signed, ""], salt="another")
    for wrong in ("", "x", given[:-1], given[1:], other):
        assert client.post(reverse("verify-report"), {"ticket": wrong}).status_code == 422
    monkeypatch.setattr("badges.printing_verdicts.HOUR", -1)
    with pytest.raises(DomainError) as refused:
        verification_of(given)
    assert refused.value.code == "ticket-expired"


def test_printing_is_limited(db, client):
    answers = [client.post(reverse("verify-report"), {"ticket": "x"}).status_code for _turn in range(11)]
    assert answers == [422] * 10 + [429]


def test_what_was_no_badge_has_no_ticket(db):
    assert ticket(verify("hello")) == ""


# --- What to do ----------------------------------------------------------------------------------------


def test_every_failure_says_what_to_do():
    for name in explaining.TITLES:
        assert advising.advice(Check(name, False, "some-code")) or name == "recipient"
    for code in ("recipient-other", "recipient-kind", "revoked", "expired"):
        assert advising.advice(Check("recipient", False, code))
    assert {code for code in advising.BY_CODE if code not in explaining.SENTENCES} == set()


def test_what_passed_needs_no_advice_and_what_did_not_has_some(badge):
    verification = verify(badge.signed)
    assert all(check.advice == "" for check in verification.checks)
    tampered = verify(badge.signed.replace("Firewall", "Waterwall"))
    assert all(check.advice for check in tampered.checks if check.passed is False)


# --- In one line --------------------------------------------------------------------------------------------


def told(verification) -> tuple[bool | None, str]:
    found = headline(verification)
    return found.verified, found.state


def test_the_line_above_says_no_more_than_was_found(badge, mo, ada):
    from_dee = json.dumps(signed_badge(status=None))
    assert told(verify(badge.signed)) == (True, "verified")
    assert told(verify(from_dee)) == (None, "issuer-unknown")
    assert told(verify(badge.signed, recipient="dee@example.org")) == (False, "recipient")
    assert told(verify(json.dumps(signed_badge(status=None, valid_until=MOMENT)))) == (False, "expired")
    assert told(verify("hello")) == (False, "failed")
    revoke(badge, reason="Copied.", by=mo)
    assert told(verify(badge.signed)) == (False, "revoked")
    assert told(verify(badge.signed, recipient="dee@example.org")) == (False, "failed")


@pytest.mark.parametrize(
    "source",
    [
        signed_badge(DID_WEB, status=None, valid_until=MOMENT),  # nobody was asked for its key
        older.assertion(expires="2025-01-01T00:00:00Z"),
        older.assertion(revoked=True),
        signed_badge(status=None, valid_until=MOMENT) | {"name": "Nuclear physics"},
    ],
)
def test_nothing_is_called_genuine_that_nobody_has_proven(db, source):
    assert told(verify(json.dumps(source))) == (False, "failed")
