"""Putting evidence into a draft: what is taken, what is refused, and that nothing is stored on refusal."""

import hashlib
import struct

import pytest

from assessments.evidencing import CONSENT_VERSION, add_file, add_link, add_text, describe, remove
from assessments.models import Blob, Evidence
from assessments.models.evidence import Kind, Visibility
from assessments.submitting import submit
from tests import factories
from tests.test_submitting import refused
from workbench.access import Forbidden
from workbench.models import Event
from workbench.storage import open_blob

CAPTURE = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\1\0\0\0\1\x08\x06\0\0\0\x1f\x15\xc4\x89"
PROGRAM = b"\x7fELF\x02\x01\x01" + b"\0" * 200


@pytest.fixture
def draft(ada, programme):
    return factories.make_draft(ada, programme)


def put(draft, content=factories.RULES, name="rules.v4", by=None, **fields):
    upload = factories.upload(content, name)
    return add_file(draft, upload, factories.describe(draft, **fields), by=by or draft.learner)


def nothing_is_stored(tmp_path) -> bool:
    files = [path for path in (tmp_path / "storage").rglob("*") if path.is_file()]
    return not Evidence.objects.exists() and not Blob.objects.exists() and not files


# --- What is taken ---------------------------------------------------------------------------------------


def test_a_file_is_known_by_its_content_and_its_digest(draft):
    item = put(draft)
    assert (item.kind, item.dialect, item.media_type) == (
        Kind.FIREWALL_CONFIGURATION,
        "iptables-save",
        "text/plain",
    )
    assert item.sha256 == hashlib.sha256(factories.RULES).hexdigest()
    assert item.size == len(factories.RULES)
    with open_blob(item.sha256) as stored:
        assert hashlib.sha256(stored.read()).hexdigest() == item.sha256


def test_each_item_takes_the_next_place(draft):
    items = [put(draft), factories.make_text(draft), put(draft)]
    assert [item.position for item in items] == [0, 1, 2]


def test_a_capture_is_recognised_whatever_ada_leaves_open(draft):
    assert put(draft, CAPTURE, "lab.pcap").kind == Kind.PACKET_CAPTURE


def test_ada_may_call_a_configuration_a_document(draft):
    assert put(draft, kind=Kind.DOCUMENT).kind == Kind.DOCUMENT


def test_equal_bytes_are_stored_once(draft, tmp_path):
    first, second = put(draft), put(draft, name="copy.v4")
    assert first.blob_id == second.blob_id
    assert Blob.objects.count() == 1
    assert len([path for path in (tmp_path / "storage").rglob("*") if path.is_file()]) == 1


def test_a_typed_text_has_bytes_and_a_digest(draft):
    item = factories.make_text(draft, "Réflexion ✓")
    assert item.sha256 == hashlib.sha256("Réflexion ✓".encode()).hexdigest()
    with open_blob(item.sha256) as stored:
        assert stored.read().decode() == "Réflexion ✓"


def test_pasted_rules_are_recognised(draft):
    assert factories.make_text(draft, factories.RULES.decode()).kind == Kind.FIREWALL_CONFIGURATION


def test_a_link_has_an_address_and_no_bytes(draft):
    link = add_link(draft, " https://example.org/lab ", factories.describe(draft), by=draft.learner)
    assert (link.url, link.blob, link.sha256, link.kind) == ("https://example.org/lab", None, "", Kind.OTHER)


def test_a_script_is_taken_as_text(draft):
    assert put(draft, b"#!/bin/sh\niptables -P INPUT DROP\n", "setup.sh").kind == Kind.OTHER


def test_what_a_database_refuses_is_cleaned_from_texts(draft):
    item = put(draft, title=" A\0 title ", narrative="half \ud800 pair")
    item.refresh_from_db()
    assert (item.title, item.narrative) == ("A title", "half ? pair")


# --- Consent ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visibility", [Visibility.PUBLIC, Visibility.SUMMARY])
def test_consent_is_kept_with_the_version_of_its_words(draft, visibility):
    item = put(draft, visibility=visibility)
    assert item.consent_at is not None
    assert item.consent_version == CONSENT_VERSION


def test_taking_consent_back_leaves_no_trace_of_it_on_the_item(draft):
    item = put(draft, visibility=Visibility.PUBLIC)
    describe(item, factories.describe(draft, visibility=Visibility.PRIVATE), by=draft.learner)
    item.refresh_from_db()
    assert (item.visibility, item.consent_at, item.consent_version) == ("private", None, "")
    shown = [event.data["visibility"] for event in Event.objects.filter(verb__startswith="evidence-")]
    assert sorted(shown) == ["private", "public"]


def test_consent_is_asked_anew_when_more_becomes_public(draft):
    item = put(draft, visibility=Visibility.SUMMARY)
    before = item.consent_at
    describe(item, factories.describe(draft, visibility=Visibility.PUBLIC), by=draft.learner)
    assert item.consent_at > before


# --- What is refused -------------------------------------------------------------------------------------


def test_an_empty_file_is_refused(draft, tmp_path):
    assert refused(lambda: put(draft, b"", "empty.txt")) == "empty-file"
    assert nothing_is_stored(tmp_path)


def test_a_file_over_the_limit_is_refused(draft, settings, tmp_path):
    settings.MAX_EVIDENCE_BYTES = 10
    assert refused(lambda: put(draft)) == "too-large"
    assert nothing_is_stored(tmp_path)


def test_a_text_over_the_limit_is_refused(draft, settings, tmp_path):
    settings.MAX_EVIDENCE_BYTES = 10
    assert refused(lambda: factories.make_text(draft)) == "too-large"
    assert nothing_is_stored(tmp_path)


@pytest.mark.parametrize(
    ("content", "name"), [(factories.RULES, "photo.png"), (CAPTURE, "rules.txt"), (PNG, "report.pdf")]
)
def test_a_lying_name_is_refused(draft, content, name, tmp_path):
    assert refused(lambda: put(draft, content, name)) == "type-mismatch"
    assert nothing_is_stored(tmp_path)


def test_a_lying_kind_is_refused(draft, tmp_path):
    assert refused(lambda: put(draft, kind=Kind.PACKET_CAPTURE)) == "type-mismatch"
    assert nothing_is_stored(tmp_path)


@pytest.mark.parametrize("name", ["tool", "rules.txt", "tool.bin"])
def test_a_program_is_refused_under_any_name(draft, name, tmp_path):
    assert refused(lambda: put(draft, PROGRAM, name)) == "program-refused"
    assert nothing_is_stored(tmp_path)


@pytest.mark.parametrize("kind", [Kind.PACKET_CAPTURE, Kind.IMAGE])
def test_a_typed_text_is_no_capture_and_no_image(draft, kind):
    assert refused(lambda: factories.make_text(draft, kind=kind)) == "kind-mismatch"


@pytest.mark.parametrize("text", ["", "  \n\t "])
def test_a_blank_text_is_refused(draft, text):
    assert refused(lambda: factories.make_text(draft, text)) == "empty-text"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "javascript:alert(1)",
        "ftp://example.org/x",
        "data:text/html,x",
        "https://ada:secret@example.org/",
        "https://example.org/" + "a" * 2000,
        "https://exa\nmple.org",
    ],
)
def test_an_address_that_is_no_web_page_is_refused(draft, url):
    call = lambda: add_link(draft, url, factories.describe(draft), by=draft.learner)  # noqa: E731
    assert refused(call) == "bad-link"
    assert not Evidence.objects.exists()


def test_evidence_needs_a_title(draft, tmp_path):
    assert refused(lambda: put(draft, title=" \0 ")) == "title-missing"
    assert nothing_is_stored(tmp_path)


@pytest.mark.parametrize("field", [{"title": "a" * 201}, {"narrative": "a" * 10_001}])
def test_texts_have_an_end(draft, field, tmp_path):
    assert refused(lambda: put(draft, **field)) == "text-too-long"
    assert nothing_is_stored(tmp_path)


def test_a_justification_has_an_end(draft):
    supports = {draft.achievement.criteria[0]: "a" * 2001}
    assert refused(lambda: put(draft, supports=supports)) == "text-too-long"


def test_a_criterion_of_another_rubric_is_refused(draft, organisation, tmp_path):
    foreign = factories.make_achievement(organisation).criteria
    assert refused(lambda: put(draft, criteria=foreign)) == "unknown-criterion"
    assert nothing_is_stored(tmp_path)


def test_a_submission_holds_so_many_items(draft, settings):
    settings.MAX_EVIDENCE_ITEMS = 1
    put(draft)
    assert refused(lambda: factories.make_text(draft)) == "too-many-items"
    assert draft.evidence.count() == 1


def test_a_learner_has_so_much_room(draft, settings, tmp_path):
    settings.MAX_LEARNER_BYTES = len(factories.RULES) + 5
    put(draft)
    assert refused(lambda: put(draft, factories.RULES + b"# more\n")) == "quota-exceeded"
    assert Blob.objects.count() == 1
    assert len([path for path in (tmp_path / "storage").rglob("*") if path.is_file()]) == 1


def test_bytes_that_are_there_already_take_no_room_again(draft, settings):
    settings.MAX_LEARNER_BYTES = len(factories.RULES)
    put(draft)
    put(draft, title="The same rules, for another criterion")
    assert Evidence.objects.bytes_of(draft.learner) == len(factories.RULES)


def test_room_is_counted_for_each_learner_alone(draft, alan, programme, settings):
    settings.MAX_LEARNER_BYTES = len(factories.RULES)
    put(draft)
    factories.make_evidence(factories.make_draft(alan, programme))
    assert Evidence.objects.bytes_of(alan) == len(factories.RULES)


def test_after_handing_in_nothing_changes(draft):
    item = put(draft)
    done = submit(draft, declaration=True, by=draft.learner)
    assert refused(lambda: put(done)) == "not-editable"
    item.refresh_from_db()
    assert refused(lambda: describe(item, factories.describe(done), by=draft.learner)) == "not-editable"
    assert refused(lambda: remove(item, by=draft.learner)) == "not-editable"
    assert done.evidence.count() == 1


@pytest.mark.parametrize("role", ["alan", "bo", "mo", "root", "dee"])
def test_nobody_touches_the_evidence_of_ada(role, request, draft):
    item, person = put(draft), request.getfixturevalue(role)
    for call in (
        lambda: put(draft, by=person),
        lambda: add_text(draft, "x", factories.describe(draft), by=person),
        lambda: add_link(draft, "https://example.org", factories.describe(draft), by=person),
        lambda: describe(item, factories.describe(draft), by=person),
        lambda: remove(item, by=person),
    ):
        with pytest.raises(Forbidden):
            call()
    assert draft.evidence.count() == 1


# --- Changing and taking out -----------------------------------------------------------------------------


def test_describing_changes_words_and_never_bytes(draft):
    item = put(draft)
    first = draft.achievement.criteria[0]
    describe(item, factories.describe(draft, title="New", supports={first: "Line 4"}), by=draft.learner)
    item.refresh_from_db()
    assert (item.title, item.sha256) == ("New", hashlib.sha256(factories.RULES).hexdigest())
    assert list(item.supports.values_list("criterion", "justification")) == [(first.pk, "Line 4")]


def test_a_kind_may_be_mended_as_far_as_the_content_allows(draft):
    item = put(draft)
    describe(item, factories.describe(draft, kind=Kind.DOCUMENT), by=draft.learner)
    item.refresh_from_db()
    assert item.kind == Kind.DOCUMENT
    lie = factories.describe(draft, kind=Kind.IMAGE)
    assert refused(lambda: describe(item, lie, by=draft.learner)) == "type-mismatch"
    item.refresh_from_db()
    assert item.kind == Kind.DOCUMENT


def test_the_kind_of_a_text_may_be_mended_likewise(draft):
    item = factories.make_text(draft)
    lie = factories.describe(draft, kind=Kind.IMAGE)
    assert refused(lambda: describe(item, lie, by=draft.learner)) == "kind-mismatch"
    describe(item, factories.describe(draft, kind=Kind.OTHER), by=draft.learner)
    item.refresh_from_db()
    assert item.kind == Kind.OTHER


def test_taking_out_an_item_keeps_bytes_that_another_refers_to(draft):
    first, second = put(draft), put(draft)
    remove(first, by=draft.learner)
    with open_blob(second.sha256) as stored:
        assert stored.read() == factories.RULES
    assert Event.objects.get(verb="evidence-removed").data["sha256"] == second.sha256
