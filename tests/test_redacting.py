"""Nothing with an open secret becomes public; the learner cleans a copy, or says why a mark is none."""

import json

import pytest
from django.urls import reverse

from assessments import redacting, submitting
from assessments.models import Analysis, Evidence
from assessments.models.evidence import Visibility
from assessments.opening import open_evidence
from assessments.secrecy import marks, open_marks, refusal_to_show
from badges.models import Credential
from reviews.deciding import decide
from reviews.models.decision import Outcome
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event

PASSWORD = "S3cr3t!passw0rd"


@pytest.fixture
def draft(ada, programme, achievement):
    return factories.make_draft(ada, programme)


@pytest.fixture
def noted(draft):
    """Ada's note with a password in line 2 and a hash in line 3, to be public."""
    item = factories.make_evidence(draft, content=factories.WITH_SECRET, name="notes.txt", title="My notes")
    jobs.run_due()
    return read_again(item)


def read_again(item: Evidence) -> Evidence:
    return Evidence.objects.with_supports().with_reading().get(pk=item.pk)


def bytes_of(item: Evidence) -> bytes:
    with open_evidence(item) as file:
        return file.read()


def test_each_secret_is_marked_by_its_line_and_kept_nowhere(noted):
    assert [(mark.secret.code, mark.secret.place.first) for mark in marks(noted)] == [
        ("password", 2),
        ("cisco-type-5", 3),
    ]
    kept = str(list(Analysis.objects.values())) + str(list(Event.objects.values("data")))
    assert PASSWORD not in kept and "mERr" not in kept


def test_work_with_an_open_secret_in_public_is_not_handed_in(noted, draft, ada):
    with pytest.raises(DomainError) as refusal:
        submitting.submit(draft, declaration=True, by=ada)
    assert refusal.value.code == "secrets-open" and "My notes" in str(refusal.value)


@pytest.mark.parametrize("visibility", [Visibility.SUMMARY, Visibility.PRIVATE])
def test_what_the_world_does_not_read_may_hold_secrets(draft, ada, visibility):
    factories.make_evidence(
        draft, content=factories.WITH_SECRET, name="notes.txt", visibility=visibility, title="Notes"
    )
    jobs.run_due()
    assert submitting.submit(draft, declaration=True, by=ada).state == "submitted"


def test_a_cleaned_copy_takes_over_and_the_original_becomes_private(noted, draft, ada):
    copy = redacting.redact(noted, by=ada)
    jobs.run_due()
    copy, original = read_again(copy), read_again(noted)
    assert copy.redacted_from == noted and copy.visibility == Visibility.PUBLIC
    assert original.visibility == Visibility.PRIVATE and original.consent_at is None
    assert [support.criterion for support in copy.supports.all()] == [
        support.criterion for support in original.supports.all()
    ]
    cleaned = bytes_of(copy).decode()
    assert PASSWORD not in cleaned and cleaned.count("\n") == factories.WITH_SECRET.decode().count("\n")
    assert open_marks(copy) == [] and refusal_to_show(copy) is None
    submitting.submit(draft, declaration=True, by=ada)
    draft.refresh_from_db()
    frozen = {row["id"]: row for row in draft.manifest["evidence"]}
    assert frozen[str(copy.pk)]["redacted_from"] == noted.sha256
    event = Event.objects.get(verb="evidence-redacted")
    assert event.data["original_sha256"] == noted.sha256


def test_one_copy_is_enough_and_nothing_is_cleaned_without_cause(noted, draft, ada):
    redacting.redact(noted, by=ada)
    with pytest.raises(DomainError) as refusal:
        redacting.redact(noted, by=ada)
    assert refusal.value.code == "already-redacted"
    innocent = factories.make_evidence(draft)
    jobs.run_due()
    with pytest.raises(DomainError) as refusal:
        redacting.redact(read_again(innocent), by=ada)
    assert refusal.value.code == "nothing-to-redact"


def test_after_handing_in_no_copy_is_made(draft, ada):
    item = factories.make_evidence(
        draft, content=factories.WITH_SECRET, name="notes.txt", visibility=Visibility.PRIVATE
    )
    jobs.run_due()
    submitting.submit(draft, declaration=True, by=ada)
    with pytest.raises(DomainError) as refusal:
        redacting.redact(read_again(item), by=ada)
    assert refusal.value.code == "not-editable"


def test_a_mark_is_settled_by_a_reason_and_the_rest_stays_open(noted, draft, ada):
    first, second = marks(noted)
    assert redacting.dismiss(noted, [first.key], reason="A lab of last year.", by=ada) == 1
    noted = read_again(noted)
    assert [mark.key for mark in open_marks(noted)] == [second.key]
    redacting.dismiss(noted, [second.key], reason="Never used.", by=ada)
    assert submitting.submit(draft, declaration=True, by=ada).state == "submitted"
    event = Event.objects.filter(verb="secrets-dismissed").latest("sequence")
    assert event.data == {"codes": ["cisco-type-5"], "count": 1}


@pytest.mark.parametrize(("reason", "code"), [("  ", "reason-missing"), ("x" * 501, "text-too-long")])
def test_a_mark_is_not_settled_without_a_reason(noted, ada, reason, code):
    with pytest.raises(DomainError) as refusal:
        redacting.dismiss(noted, [mark.key for mark in marks(noted)], reason=reason, by=ada)
    assert refusal.value.code == code and len(open_marks(read_again(noted))) == 2


def test_a_place_that_is_not_marked_cannot_be_settled(noted, ada):
    with pytest.raises(DomainError) as refusal:
        redacting.dismiss(noted, [("password", "line", 99, 99)], reason="Why not.", by=ada)
    assert refusal.value.code == "nothing-chosen"


def test_nobody_but_the_learner_cleans_or_settles(noted, alan, bo, mo):
    for person in (alan, bo, mo):
        with pytest.raises(Forbidden):
            redacting.redact(noted, by=person)
        with pytest.raises(Forbidden):
            redacting.dismiss(noted, [mark.key for mark in marks(noted)], reason="I say so.", by=person)


def test_the_next_attempt_brings_the_copy_and_the_reasons_along(
    noted, draft, ada, bo, programme, achievement
):
    copy = redacting.redact(noted, by=ada)
    first = marks(noted)[0]
    redacting.dismiss(noted, [first.key], reason="A lab of last year.", by=ada)
    jobs.run_due()
    submitting.submit(draft, declaration=True, by=ada)
    decide(factories.make_review(draft, bo), outcome=Outcome.RETURN, feedback="Add the tests.", by=bo)
    again = submitting.start(programme, achievement, by=ada)
    carried = {item.carried_from_id: item for item in again.evidence.with_reading()}
    assert carried[copy.pk].redacted_from == carried[noted.pk]
    assert [one.reason for one in carried[noted.pk].dismissals.all()] == ["A lab of last year."]
    assert open_marks(carried[copy.pk]) == []


def test_a_file_that_is_still_being_read_is_in_the_badge_without_its_bytes(draft, ada, bo, client):
    item = factories.make_evidence(draft, content=factories.WITH_SECRET, name="notes.txt")
    submitting.submit(draft, declaration=True, by=ada)
    decide(factories.make_review(draft, bo), outcome=Outcome.APPROVE, feedback="", by=bo)
    jobs.run_due()
    award = Credential.objects.get().award
    assert [one["visibility"] for one in award["evidence"]] == ["summary"]
    assert client.get(reverse("public-evidence", args=[item.pk])).status_code == 200
    assert client.get(reverse("public-evidence-file", args=[item.pk])).status_code == 404


def test_an_analyser_that_has_learned_more_closes_what_was_public(draft, ada, bo, client):
    item = factories.make_evidence(draft)
    jobs.run_due()
    submitting.submit(draft, declaration=True, by=ada)
    decide(factories.make_review(draft, bo), outcome=Outcome.APPROVE, feedback="", by=bo)
    jobs.run_due()
    address = reverse("public-evidence-file", args=[item.pk])
    assert client.get(address).status_code == 200
    Analysis.objects.filter(blob=item.blob).update(secrets=[["password", ["line", 2, 2], 0, 4]])
    assert client.get(address).status_code == 404
    redacting.dismiss(read_again(item), [("password", "line", 2, 2)], reason="A comment.", by=ada)
    assert client.get(address).status_code == 200


def test_the_badge_tells_in_words_what_was_read_and_what_the_copy_was_made_from(
    noted, draft, ada, bo, client
):
    copy = redacting.redact(noted, by=ada)
    jobs.run_due()
    submitting.submit(draft, declaration=True, by=ada)
    decide(factories.make_review(draft, bo), outcome=Outcome.APPROVE, feedback="", by=bo)
    jobs.run_due()
    (item,) = json.loads(Credential.objects.get().signed)["evidence"]
    assert item["id"].endswith(str(copy.pk))
    assert "What the program read: Text with" in item["narrative"]
    assert f"The assessors had the original, SHA-256 {noted.sha256}" in item["narrative"]
    assert PASSWORD not in str(Credential.objects.values())
    page = client.get(reverse("public-evidence", args=[copy.pk])).content.decode()
    assert noted.sha256 in page and "What the workbench read in the file" in page
    assert "Level 3 of 4" in page and PASSWORD not in page


# --- Pages ---------------------------------------------------------------------------------------------


def page(client, name: str, item: Evidence, **post):
    address = reverse(name, args=[item.submission_id, item.pk])
    return client.post(address, post) if post else client.get(address)


def test_ada_sees_where_and_of_what_kind_and_never_what(noted, ada, client):
    client.force_login(ada)
    response = page(client, "evidence-secrets", noted)
    text = response.content.decode()
    assert "line 2" in text and "line 3" in text
    assert PASSWORD not in text and "mERr" not in text


def test_ada_makes_a_copy_and_settles_on_the_page(noted, ada, client):
    client.force_login(ada)
    response = page(client, "evidence-secrets", noted, places=["0"], reason="")
    assert response.status_code == 422 and len(open_marks(read_again(noted))) == 2
    response = page(client, "evidence-secrets", noted, places=["0", "7"], reason="A lab.")
    assert response.status_code == 422
    response = page(client, "evidence-secrets", noted, places=["0"], reason="A lab.")
    assert response.status_code == 302 and len(open_marks(read_again(noted))) == 1
    client.post(reverse("redact-evidence", args=[noted.submission_id, noted.pk]))
    assert noted.redacted_copies.count() == 1


def test_what_ada_ticked_stays_ticked_when_the_reason_is_missing(noted, ada, client):
    client.force_login(ada)
    text = page(client, "evidence-secrets", noted, places=["1"], reason="").content.decode()
    assert 'id="id_places_1" value="1" checked' in text
    assert 'id="id_places_0" value="0">' in text
    text = page(client, "evidence-secrets", noted, reason="A lab.").content.decode()
    assert 'href="#id_places_0"' in text and " checked>" not in text


def test_the_card_asks_again_until_the_file_is_read(draft, ada, client):
    item = factories.make_evidence(draft)
    client.force_login(ada)
    assert "hx-get" in page(client, "evidence-reading", item).content.decode()
    jobs.run_due()
    text = page(client, "evidence-reading", item).content.decode()
    assert "hx-get" not in text and "iptables" in text


def test_a_new_version_takes_the_place_and_keeps_what_was_said(draft, ada, client):
    item = factories.make_evidence(draft, narrative="Three zones.")
    client.force_login(ada)
    address = reverse("replace-evidence", args=[draft.pk, item.pk])
    assert client.post(address, {"file": factories.upload()}).status_code == 422  # the same bytes
    changed = factories.RULES.replace(b"192.0.2.0/24", b"192.0.2.0/28")
    assert client.post(address, {"file": factories.upload(changed)}).status_code == 302
    added = draft.evidence.get()
    assert (added.narrative, added.position) == ("Three zones.", item.position)
    assert added.supports.count() == 2 and added.sha256 != item.sha256


def test_a_refused_new_version_leaves_the_old_one(draft, ada, client):
    item = factories.make_evidence(draft)
    client.force_login(ada)
    address = reverse("replace-evidence", args=[draft.pk, item.pk])
    response = client.post(address, {"file": factories.upload(b"\x7fELF" + b"\0" * 60, "tool.bin")})
    assert response.status_code == 422 and draft.evidence.get() == item
