"""Files from the browser to the storage and back: hostile names, limits, downloads."""

import hashlib
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from assessments.models import Blob, Evidence
from assessments.submitting import submit
from tests import factories
from tests.test_evidencing import CAPTURE, PNG, nothing_is_stored
from workbench import evidence_host
from workbench.storage import blob_name, open_blob

HOSTILE = [
    "../../etc/passwd",
    "..\\..\\windows\\rules.txt",
    "a\0b.txt",
    "a\r\nContent-Type: text/html\r\n\r\n.txt",
    "invoice\u202etxt.exe.txt",
    "a" * 850 + ".txt",
    '"; filename="evil.txt',
    "<script>alert(1)</script>.txt",
    "CON",
    "...",
    "\u00e9t\u00e9 \u2713.txt",
]


@pytest.fixture
def draft(ada, programme):
    return factories.make_draft(ada, programme)


@pytest.fixture
def post(client, draft):
    """Ada's browser sends the form of the add page; fields can be replaced."""
    client.force_login(draft.learner)

    def address(form: str) -> str:
        return f"{reverse('add-evidence', args=[draft.pk])}?form={form}"

    def send(content: bytes | None = factories.RULES, name: str = "rules.v4", form: str = "file", **fields):
        criterion = draft.achievement.criteria[0]
        data = {
            "title": "Rules of the branch",
            "narrative": "As I kept them",
            "visibility": "summary",
            "kind": "",
            f"supports-{criterion.pk}": "on",
            f"reason-{criterion.pk}": "Line 4 answers it",
        } | fields
        if form == "file" and content is not None:
            data["file"] = SimpleUploadedFile(name, content, "text/html")
        if raw := data.pop("raw", None):
            body = encode_multipart(BOUNDARY, data).removesuffix(f"--{BOUNDARY}--\r\n".encode()) + raw
            return client.generic("POST", address(form), body, content_type=MULTIPART_CONTENT)
        headers = {"HTTP_HX_REQUEST": "true"} if data.pop("htmx", False) else {}
        return client.post(address(form), data, **headers)

    return send


def part(content: bytes, name: str) -> bytes:
    """A file as a hostile client sends it: RFC 5987 lets any character into the name."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; '
        f"filename*=UTF-8''{quote(name, safe='')}\r\nContent-Type: text/html\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def typed_is_kept(response) -> bool:
    page = response.content.decode()
    summary = re.search(r'value="summary"[^>]*checked', page)
    return all(
        text in page for text in ("Rules of the branch", "As I kept them", "Line 4 answers it")
    ) and bool(summary)


# --- Taken -----------------------------------------------------------------------------------------------


def test_an_upload_is_stored_under_the_digest_of_its_bytes(post, draft):
    response = post()
    assert response.status_code == 302
    assert response["Location"] == reverse("submission", args=[draft.pk])
    item = Evidence.objects.get()
    assert item.sha256 == hashlib.sha256(factories.RULES).hexdigest()
    with open_blob(item.sha256) as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == item.sha256
    assert (item.kind, item.media_type, item.visibility) == (
        "firewall-configuration",
        "text/plain",
        "summary",
    )
    assert item.supports.get().justification == "Line 4 answers it"


def test_an_upload_in_many_chunks_keeps_every_byte(post, tmp_path):
    content = CAPTURE + bytes(range(256)) * 3000
    assert post(content, "lab.pcap").status_code == 302
    item = Evidence.objects.get()
    assert (item.size, item.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (tmp_path / "storage" / blob_name(item.sha256)).read_bytes() == content


def test_the_same_file_twice_is_stored_once(post):
    post()
    post(name="again.v4", another="1")
    assert Evidence.objects.count() == 2
    assert Blob.objects.count() == 1


def test_ada_may_go_on_with_another_item(post, draft):
    assert post(another="1")["Location"].endswith(f"{draft.pk}/evidence/add/?form=file")


def test_through_htmx_the_browser_is_told_where_to_go(post, draft):
    response = post(htmx=True)
    assert response.status_code == 200
    assert response["HX-Redirect"] == reverse("submission", args=[draft.pk])


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_cleaned_and_never_a_path(post, client, name, tmp_path):
    assert post(content=None, raw=part(b"Just a text.\n", name)).status_code == 302
    item = Evidence.objects.get()
    assert 0 < len(item.filename.encode()) <= 150
    assert not re.search(r"[/\\\x00-\x1f\u202e<>\"]", item.filename)
    stored = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stored == [tmp_path / "storage" / blob_name(item.sha256)]
    response = client.get(reverse("evidence-file", args=[item.pk]))
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert "\n" not in disposition
    assert response.getvalue() == b"Just a text.\n"
    page = client.get(reverse("submission", args=[item.submission_id])).content.decode()
    assert "<script>alert" not in page


def test_a_name_beyond_all_measure_is_answered_and_nothing_stored(post, tmp_path):
    response = post(content=None, raw=part(b"Just a text.\n", "a" * 1000 + ".txt"))
    assert response.status_code == 400
    assert "shorten it" in response.content.decode()
    assert nothing_is_stored(tmp_path)


def test_a_thousand_characters_are_shortened_to_a_name(draft):
    item = factories.make_evidence(draft, content=b"Just a text.\n", name="a" * 1000 + ".txt")
    assert item.filename.endswith("a.txt")
    assert len(item.filename) <= 150


# --- Refused: said at the form, everything typed kept, nothing stored ------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "fields", "says"),
    [
        (b"", "empty.txt", {}, "is empty"),
        (factories.RULES, "photo.png", {}, "does not hold what its name or kind says"),
        (PNG, "rules.txt", {}, "does not hold what its name or kind says"),
        (factories.RULES, "rules.v4", {"kind": "packet-capture"}, "does not hold what its name or kind says"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 200, "tool", {}, "is a program"),
        (None, "", {}, "This field is required"),
    ],
)
def test_a_refused_file_keeps_the_form(post, content, name, fields, says, tmp_path):
    response = post(content, name, **fields)
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert "choose it again" in page
    assert typed_is_kept(response)
    assert nothing_is_stored(tmp_path)


def test_a_file_over_the_limit_is_refused_with_the_limit(post, settings, tmp_path):
    settings.MAX_EVIDENCE_BYTES = 1024 * 1024
    response = post(b"a" * (1024 * 1024 + 1), "long.txt")
    assert response.status_code == 422
    assert "larger than 1 MB" in response.content.decode()
    assert typed_is_kept(response)
    assert nothing_is_stored(tmp_path)


def test_a_file_of_exactly_the_limit_is_taken(post, settings):
    settings.MAX_EVIDENCE_BYTES = 1000
    assert post(b"a" * 1000, "long.txt").status_code == 302


def test_a_learner_without_room_is_told_so(post, settings, tmp_path):
    settings.MAX_LEARNER_BYTES = 10
    response = post()
    assert response.status_code == 422
    assert "All your evidence together" in response.content.decode()
    assert typed_is_kept(response)
    assert nothing_is_stored(tmp_path)


def test_a_full_submission_is_told_so(post, settings):
    settings.MAX_EVIDENCE_ITEMS = 1
    post()
    response = post()
    assert response.status_code == 422
    assert "at most one item" in response.content.decode()
    assert Evidence.objects.count() == 1


def test_through_htmx_a_refusal_is_the_form_alone(post):
    response = post(b"", "empty.txt", htmx=True)
    assert response.status_code == 422
    assert response.content.decode().lstrip().startswith("<form")


def test_a_ticked_criterion_needs_its_reason_on_the_page(post, draft, tmp_path):
    criterion = draft.achievement.criteria[0]
    response = post(**{f"reason-{criterion.pk}": " "})
    assert response.status_code == 422
    assert "Say why this evidence supports the criterion." in response.content.decode()
    assert nothing_is_stored(tmp_path)


def test_a_reason_without_its_tick_is_asked_about(post, draft, tmp_path):
    second = draft.achievement.criteria[1]
    response = post(**{f"reason-{second.pk}": "Lost otherwise"})
    assert response.status_code == 422
    assert "Lost otherwise" in response.content.decode()
    assert "tick the criterion" in response.content.decode()
    assert nothing_is_stored(tmp_path)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": "a" * 201}, "at most 200 characters"),
        ({"visibility": "everyone"}, "not one of the available choices"),
        ({"kind": "virus"}, "not one of the available choices"),
        ({"title": "nul\0"}, "Null characters are not allowed"),
    ],
)
def test_a_form_that_was_tampered_with_is_refused(post, fields, says, tmp_path):
    response = post(**fields)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert nothing_is_stored(tmp_path)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://x", "https://u:p@example.org"])
def test_a_bad_address_is_refused_at_the_form(post, url):
    response = post(form="link", url=url)
    assert response.status_code == 422
    assert 'id="id_url_error"' in response.content.decode()
    assert not Evidence.objects.exists()


def test_a_link_and_a_text_are_taken(post):
    assert post(form="link", url="https://example.org/lab").status_code == 302
    assert post(form="text", text="My reasons.\r\nTwo lines.").status_code == 302
    assert sorted(Evidence.objects.values_list("form", flat=True)) == ["link", "text"]


def test_a_blank_text_is_refused_at_the_form(post, tmp_path):
    assert post(form="text", text=" \n ").status_code == 422
    assert nothing_is_stored(tmp_path)


@pytest.mark.parametrize(("language", "says"), [("fr", "fr"), ("nl", "nl")])
def test_the_page_of_a_refusal_is_in_the_readers_language(post, draft, language, says):
    draft.learner.language = language
    draft.learner.save()
    assert f'<html lang="{says}">' in post(b"", "empty.txt").content.decode()


# --- Back to those who may read it -----------------------------------------------------------------------


def fetch(client: Client, person, item):
    client.force_login(person)
    return client.get(reverse("evidence-file", args=[item.pk]))


def test_a_file_leaves_as_a_sandboxed_attachment(client, draft):
    item = factories.make_evidence(draft)
    response = fetch(client, draft.learner, item)
    assert response.getvalue() == factories.RULES
    assert response["Content-Disposition"] == 'attachment; filename="rules.v4"'
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(len(factories.RULES))
    assert response["Content-Type"] == "text/plain"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!doctype html><script>alert(1)</script>", "page.html"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image.svg"),
        (b'<?xml version="1.0"?><x/>', "data.xml"),
        (CAPTURE, "lab.pcap"),
    ],
)
def test_what_a_browser_might_run_leaves_as_plain_bytes(client, draft, content, name):
    item = factories.make_evidence(draft, content=content, name=name)
    assert fetch(client, draft.learner, item)["Content-Type"] == "application/octet-stream"


def test_a_name_beyond_ascii_is_told_by_rfc_5987(client, draft):
    item = factories.make_evidence(draft, name="règles ✓.v4")
    assert fetch(client, draft.learner, item)["Content-Disposition"] == (
        "attachment; filename*=utf-8''r%C3%A8gles%20%E2%9C%93.v4"
    )


def test_a_text_gets_a_name_from_its_title(client, draft):
    item = factories.make_text(draft, "Réflexion", title="../Why I did it")
    response = fetch(client, draft.learner, item)
    assert response["Content-Disposition"] == 'attachment; filename="Why I did it.txt"'
    assert response.getvalue() == "Réflexion".encode()


@pytest.mark.parametrize("role", ["alan", "bo", "cy", "mo", "root", "dee"])
def test_a_file_of_a_draft_is_found_by_nobody_else(role, request, client, draft):
    item = factories.make_evidence(draft)
    assert fetch(client, request.getfixturevalue(role), item).status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("alan", 404), ("dee", 404), ("root", 404), ("bo", 200), ("cy", 200), ("mo", 200)]
)
def test_a_file_that_was_handed_in_is_for_the_staff_of_the_programme(role, status, request, client, draft):
    item = factories.make_evidence(draft)
    submit(draft, declaration=True, by=draft.learner)
    assert fetch(client, request.getfixturevalue(role), item).status_code == status


def test_a_stranger_has_to_sign_in(client, draft):
    item = factories.make_evidence(draft)
    response = client.get(reverse("evidence-file", args=[item.pk]))
    assert (response.status_code, urlsplit(response["Location"]).path) == (302, reverse("account_login"))


def test_a_link_has_no_file(client, draft):
    from assessments.evidencing import add_link

    item = add_link(draft, "https://example.org", factories.describe(draft), by=draft.learner)
    assert fetch(client, draft.learner, item).status_code == 404


def test_bytes_that_are_gone_are_told(client, draft, tmp_path):
    item = factories.make_evidence(draft)
    (tmp_path / "storage" / blob_name(item.sha256)).unlink()
    response = fetch(client, draft.learner, item)
    assert response.status_code == 410
    assert "file-gone" in response.content.decode()


# --- From the evidence host ------------------------------------------------------------------------------


@pytest.fixture
def two_hosts(settings):
    settings.EVIDENCE_HOST = "files.example"
    settings.ALLOWED_HOSTS = ["testserver", "files.example"]


def token_of(response) -> str:
    return parse_qs(urlsplit(response["Location"]).query)["token"][0]


def on_the_host(item, token: str):
    """A browser that has no session there."""
    return Client().get(f"/files/{item.pk}/", {"token": token}, headers={"host": "files.example"})


def test_the_main_host_sends_readers_to_the_evidence_host(client, draft, two_hosts):
    item = factories.make_evidence(draft)
    response = fetch(client, draft.learner, item)
    assert response.status_code == 302
    assert response["Location"].startswith(f"http://files.example/files/{item.pk}/?token=")
    assert response["Cache-Control"] == "private, no-store"
    served = on_the_host(item, token_of(response))
    assert served.getvalue() == factories.RULES
    assert served["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert not served.cookies


def test_a_token_is_good_for_one_file(client, draft, two_hosts):
    first, second = factories.make_evidence(draft), factories.make_text(draft)
    token = token_of(fetch(client, draft.learner, first))
    assert on_the_host(second, token).status_code == 404


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c"])
def test_a_forged_token_finds_nothing(draft, two_hosts, token):
    assert on_the_host(factories.make_evidence(draft), token).status_code == 404


def test_a_token_of_another_kind_finds_nothing(draft, two_hosts):
    item = factories.make_evidence(draft)
    token = evidence_host.sign("another", evidence=str(item.pk), user=str(draft.learner.pk))
    assert on_the_host(item, token).status_code == 404


def test_an_old_token_leads_back_to_the_main_host(client, draft, two_hosts, monkeypatch):
    item = factories.make_evidence(draft)
    token = token_of(fetch(client, draft.learner, item))
    monkeypatch.setattr(evidence_host, "TOKEN_SECONDS", -1)
    response = on_the_host(item, token)
    assert (response.status_code, response["Location"]) == (302, f"http://testserver/files/{item.pk}/")


def test_a_token_dies_with_the_right_it_was_given_for(client, draft, bo, programme, two_hosts):
    item = factories.make_evidence(draft)
    submit(draft, declaration=True, by=draft.learner)
    token = token_of(fetch(client, bo, item))
    bo.groups.clear()
    assert on_the_host(item, token).status_code == 404


def test_a_token_of_a_closed_account_is_dead(client, draft, two_hosts):
    item = factories.make_evidence(draft)
    token = token_of(fetch(client, draft.learner, item))
    draft.learner.is_active = False
    draft.learner.save()
    assert on_the_host(item, token).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/submissions/", "/accounts/login/", "/api/v1/me", "/healthz", "/verify"]
)
def test_the_evidence_host_knows_nothing_else(client, ada, two_hosts, path):
    client.force_login(ada)
    response = client.get(path, headers={"host": "files.example"})
    assert response.status_code == 404
    assert response["Content-Type"] == "text/plain"
