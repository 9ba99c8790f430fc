"""Evidence over the API: however a form says it, and whatever is wrong with it."""

import hashlib
import json
import uuid
from io import BytesIO
from typing import Any

import pytest

from assessments.models import Evidence, Submission
from tests import factories
from tests.api.conftest import Caller, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(ada, programme) -> Submission:
    return factories.make_draft(ada, programme)


@pytest.fixture
def criteria(draft) -> list[str]:
    return [str(criterion.pk) for criterion in draft.achievement.criteria]


@pytest.fixture
def add(calls, ada, draft):
    api: Caller = calls(ada)

    def add(**fields: Any) -> Any:
        return api.upload(f"/submissions/{draft.pk}/evidence", **fields)

    return add


def file(content: bytes = factories.RULES, name: str = "rules.v4") -> BytesIO:
    opened = BytesIO(content)
    opened.name = name
    return opened


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("", "firewall-configuration"),
        ("firewall-configuration", "firewall-configuration"),
        ("firewall_configuration", "firewall-configuration"),
        ("Firewall Configuration", "firewall-configuration"),
        ("configuration", "firewall-configuration"),
        ("firewall", "firewall-configuration"),
        ("document", "document"),
        ("other", "other"),
    ],
)
def test_a_kind_has_many_names(add, given, kind):
    answer = add(file=file(), **({"kind": given} if given else {}))
    assert answer.status_code == 201, answer.content
    assert answer.json()["kind"] == kind


@pytest.mark.parametrize("given", ["packet_capture", "packet capture", "capture", "pcap"])
def test_a_capture_has_many_names_and_must_be_one(add, given):
    problem = refused(add(file=file(), kind=given), 422, "type-mismatch")
    assert "rules.v4" in problem["detail"]
    capture = b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + b"\0" * 8 + b"\xff\xff\0\0\x01\0\0\0"
    assert add(file=file(capture, "lab.pcap"), kind=given).json()["kind"] == "packet-capture"


def test_the_digest_is_that_of_the_bytes(add):
    item = add(file=file(b"*filter\nCOMMIT\n", "a.rules")).json()
    assert item["sha256"] == hashlib.sha256(b"*filter\nCOMMIT\n").hexdigest()
    assert item["size"] == 15
    assert (item["analysis"]["state"], item["analysis"]["findings"]) == ("waiting", [])


@pytest.mark.parametrize("how", ["repeated", "commas", "list", "objects", "mixed"])
def test_criteria_are_read_however_they_are_given(add, criteria, how):
    first, second = criteria
    given: dict[str, Any] = {
        "repeated": criteria,
        "commas": f" {first} , {second},",
        "list": json.dumps(criteria),
        "objects": json.dumps([{"id": first, "justification": "Because."}, {"id": second}]),
        "mixed": [first, json.dumps([{"criterion": second, "justification": None}])],
    }
    item = add(text="Why", criteria=given[how]).json()
    assert item["criteria"] == criteria
    reasons = [support["justification"] for support in item["supports"]]
    assert reasons == (["Because.", ""] if how == "objects" else ["", ""])


@pytest.mark.parametrize(
    "given",
    [
        "C1",
        "[1]",
        "[[]]",
        "[",
        "[null]",
        "[" * 100_000,
        '[{"id": "x"}]',
        '[{"justification": "y"}]',
        '[{"id": "00000000-0000-4000-8000-000000000000", "justification": 3}]',
    ],
)
def test_criteria_that_cannot_be_read_are_refused(add, given):
    if len(given) < 201:
        refused(add(text="Why", criteria=given), 422, "bad-criteria")
    else:
        response = add(text="Why", criteria=given)
        assert refused(response, 422, response.json()["code"])["code"] in ("bad-criteria", "invalid")
    assert not Evidence.objects.exists()


def test_a_reason_that_cannot_be_kept_is_refused(add, criteria):
    for reason in ("x" * 2001, "a\0b", "\ud800"):
        given = json.dumps([{"id": criteria[0], "justification": reason}])
        refused(add(text="Why", criteria=given), 422, "bad-criteria")


def test_a_criterion_of_another_rubric_is_refused_by_name(add, organisation):
    other = factories.make_rubric(factories.make_referential(organisation)).criteria.first()
    assert other is not None
    for stranger in (str(other.pk), str(uuid.uuid4())):
        problem = refused(add(text="Why", criteria=stranger), 422, "unknown-criterion")
        assert problem["criteria"] == [stranger]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "Nothing"},
        {"text": "a", "url": "https://example.org"},
        {"text": "", "url": " "},
    ],
)
def test_exactly_one_source_is_asked(add, fields):
    refused(add(**fields), 422, "one-source")


def test_a_file_with_a_text_is_refused(add):
    refused(add(file=file(), text="And why"), 422, "one-source")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": "   "}, "empty-text"),
        ({"url": "javascript:alert(1)"}, "bad-link"),
        ({"url": "https://ada:secret@example.org/"}, "bad-link"),
        ({"text": "a", "kind": "spreadsheet"}, "unknown-kind"),
        ({"text": "a", "kind": "image"}, "kind-mismatch"),
        ({"text": "a", "visibility": "everyone"}, "invalid"),
        ({"text": "a", "title": "x" * 201}, "invalid"),
        ({"text": "a", "narrative": "x" * 10_001}, "invalid"),
        ({"text": "a", "narrative": "a\0b"}, "invalid"),
        ({"url": "https://example.org/" + "x" * 2000}, "invalid"),
    ],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_kept(add, fields, code):
    refused(add(**fields), 422, code)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.rules", "empty-file"),
        (b"\x7fELF" + b"\0" * 60, "tool", "program-refused"),
        (b"%PDF-1.4\n%%EOF", "capture.pcap", "type-mismatch"),
    ],
)
def test_a_lying_or_empty_file_is_refused(add, content, name, code):
    refused(add(file=file(content, name)), 422, code)


def test_a_file_over_the_limit_is_refused(add, settings):
    settings.MAX_EVIDENCE_BYTES = 100
    refused(add(file=file(b"x" * 101, "big.txt")), 422, "too-large")


def test_a_hostile_name_is_cleaned_for_title_and_display(add):
    item = add(file=file(name="..\\..\\etc/\u202epasswd.rules")).json()
    assert item["filename"] == item["title"] == "passwd.rules"


def test_a_text_is_titled_by_its_first_line(add):
    assert add(text="\n\n  First line\nSecond").json()["title"] == "First line"
    assert len(add(text="word " * 100).json()["title"]) <= 200


def test_a_handed_in_attempt_takes_nothing_more(calls, ada, programme):
    submission = factories.make_submission(ada, programme)
    item = submission.evidence.get()
    ada = calls(ada)
    refused(ada.upload(f"/submissions/{submission.pk}/evidence", text="More"), 409, "not-editable")
    refused(ada.delete(f"/submissions/{submission.pk}/evidence/{item.pk}"), 409, "not-editable")


def test_evidence_of_another_attempt_is_not_found(calls, ada, alan, programme, draft):
    other = factories.make_evidence(factories.make_draft(alan, programme))
    refused(calls(ada).delete(f"/submissions/{draft.pk}/evidence/{other.pk}"), 404, "not-found")


@pytest.mark.parametrize("body", [{}, {"declaration": False}])
def test_handing_in_asks_for_the_declaration(calls, ada, draft, body):
    factories.make_evidence(draft)
    refused(calls(ada).post(f"/submissions/{draft.pk}/submit", body), 422, "declaration-missing")
