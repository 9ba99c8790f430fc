"""The pages of notes, as Bo writes them, as Ada reads them, and as she answers in her next attempt."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import Analysis, Evidence, Submission
from assessments.models.analysis import AnalysisState
from assessments.models.evidence import Visibility
from assessments.submitting import submit, withdraw
from reviews import noting
from reviews.annotating import Anchor, annotate
from reviews.claiming import claim, release
from reviews.deciding import decide
from reviews.models import Annotation, FollowUp, Review
from reviews.models.annotation import Unit
from reviews.models.decision import Outcome
from reviews.settling import reply, settle
from tests import factories
from tests.analysers.captures.building import dns, ethernet, pcap, udp
from tests.analysers.documents.making import pdf
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.jobs import run_due
from workbench.models import Event, User

JSON = {"Accept": "application/json"}
TELNET = "-A INPUT -p tcp --dport 23 -j ACCEPT"
SSH = "-A INPUT -p tcp -s 192.0.2.0/24 --dport 22 -j ACCEPT"
NEWER = factories.RULES.replace(b"-s 192.0.2.0/24 --dport 22", b"-s 198.51.100.7 --dport 22").replace(
    b'-A INPUT -j LOG --log-prefix "dropped: "\n', b""
)


@pytest.fixture
def review(bo, ada, programme) -> Review:
    return claim(factories.make_submission(ada, programme), by=bo)


@pytest.fixture
def item(review) -> Evidence:
    return review.submission.evidence.get()


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def fields(item: Evidence, **changes) -> dict[str, str]:
    values = {"evidence": str(item.pk), "unit": "line", "first": "7", "text": "Why from this network alone?"}
    return values | changes


def note(review, item, line=7, text="Why from this network alone?", **kwargs) -> Annotation:
    return annotate(review, item, Anchor(Unit.LINE, line), text=text, by=review.assessor, **kwargs)


def returned(review: Review) -> None:
    decide(review, outcome=Outcome.RETURN, feedback="See the notes.", by=review.assessor)


def next_attempt(ada: User, programme, content: bytes | None = None, *, hand_in: bool = True) -> Submission:
    """Ada's next attempt, in which a new version may take the place of the file carried over."""
    draft = factories.make_draft(ada, programme)
    if content is not None:
        carried = draft.evidence.get()
        new = factories.make_evidence(draft, content=content, name=carried.filename)
        Evidence.objects.filter(pk=new.pk).update(replaces=carried.carried_from_id)
        carried.delete()
    return submit(draft, declaration=True, by=ada) if hand_in else draft


def text_of(answer) -> str:
    return answer.content.decode()


# --- Writing without scripts ---------------------------------------------------------------------------


def test_bo_writes_a_note_in_the_form(bo, review, item):
    criterion = review.submission.achievement.criteria[0]
    address = reverse("annotate", args=[review.pk])
    answer = browser(bo).post(address, fields(item, last="8", criterion=str(criterion.pk)), follow=True)
    made = Annotation.objects.get()
    assert (made.first, made.last, made.criterion) == (7, 8, criterion)
    assert answer.redirect_chain == [(f"{address}#note-{made.pk}", 302)]
    page = text_of(answer)
    assert "Why from this network alone?" in page and "Lines 7 to 8" in page and str(criterion) in page


def test_an_address_fills_the_form_in_with_the_words_of_a_finding(bo, review, item):
    query = {
        "evidence": item.pk,
        "unit": "rule",
        "first": 7,
        "name": "filter INPUT 3",
        "text": "Any <source>.",
    }
    page = text_of(browser(bo).get(reverse("annotate", args=[review.pk]), query))
    assert "Any &lt;source&gt;.</textarea>" in page
    assert '<option value="rule" selected>' in page and 'value="filter INPUT 3"' in page


def test_after_saving_bo_is_back_where_he_came_from_and_nowhere_else(bo, review, item):
    client, address = browser(bo), reverse("annotate", args=[review.pk])
    back = reverse("review", args=[review.pk])
    assert client.post(address, fields(item, next=back))["Location"] == back
    for foreign in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert client.post(address, fields(item, next=foreign))["Location"].startswith(address)
        page = text_of(client.get(address, {"next": foreign}))
        assert f'href="{foreign}"' not in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"first": "10"}, "There is no such place in this evidence"),
        ({"first": "-3"}, "whole number"),
        ({"first": "x" * 5000}, "whole number"),
        ({"first": "٣"}, "whole number"),
        ({"unit": "chapter"}, "Choose what the note stands at"),
        ({"text": " "}, "Write what you want to say"),
        ({"text": "x" * 4001}, "4001"),
        ({"text": "y" * 1_000_000}, "1000000"),
        ({"evidence": "no-id"}, "does not belong to this work"),
        ({"evidence": "6f1c4d35-6a0f-4b1c-8f7e-0a8a2b1c3d4e"}, "does not belong to this work"),
        ({"criterion": "no-id"}, "does not belong to the rubric"),
        ({"criterion": "6f1c4d35-6a0f-4b1c-8f7e-0a8a2b1c3d4e"}, "does not belong to the rubric"),
    ],
)
def test_a_refusal_keeps_what_was_written(bo, review, item, changes, words):
    answer = browser(bo).post(reverse("annotate", args=[review.pk]), fields(item, **changes))
    assert answer.status_code == 422
    assert words in text_of(answer)
    if "text" not in changes:
        assert "Why from this network alone?</textarea>" in text_of(answer)
    assert not Annotation.objects.exists()


def test_evidence_and_criteria_of_others_are_refused(bo, alan, programme, organisation, review, item):
    foreign = factories.make_submission(alan, programme).evidence.get()
    client, address = browser(bo), reverse("annotate", args=[review.pk])
    assert client.post(address, fields(foreign)).status_code == 422
    criterion = factories.make_achievement(organisation).criteria[0]
    assert client.post(address, fields(item, criterion=str(criterion.pk))).status_code == 422
    assert not Annotation.objects.exists()


def test_markup_is_shown_as_it_was_written(bo, ada, review, item):
    note(review, item, text='<img src=x onerror="alert(1)"> & so on')
    returned(review)
    for page in (
        browser(bo).get(reverse("annotate", args=[review.pk])),
        browser(ada).get(reverse("notes", args=[review.submission_id])),
    ):
        assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; so on" in text_of(page)
        assert "<img src=x" not in text_of(page)


def test_bo_changes_and_removes_a_note(bo, review, item):
    made = note(review, item)
    client, address = browser(bo), reverse("annotation", args=[review.pk, made.pk])
    assert "Why from this network alone?</textarea>" in text_of(client.get(address))
    client.post(address, fields(item, version="1", first="8", text="Only this one."))
    made.refresh_from_db()
    assert (made.first, made.text, made.version) == (8, "Only this one.", 2)
    client.post(address, fields(item, version="2", remove="1"))
    assert not Annotation.objects.exists()


def test_two_windows_both_texts_are_shown_to_choose_from(bo, review, item):
    made = note(review, item)
    client, address = browser(bo), reverse("annotation", args=[review.pk, made.pk])
    client.post(address, fields(item, version="1", text="From the first."))
    answer = client.post(address, fields(item, version="1", text="From the second."))
    assert answer.status_code == 409
    assert "From the first." in text_of(answer) and "From the second." in text_of(answer)
    client.post(address, fields(item, version="2", text="From the second.", **{"take-text": "both"}))
    made.refresh_from_db()
    assert made.text == "From the first.\n\nFrom the second."


def test_a_note_removed_in_another_window_keeps_the_words_in_a_new_form(bo, review, item):
    made = note(review, item)
    address = reverse("annotation", args=[review.pk, made.pk])
    second = browser(bo)
    assert second.get(address).status_code == 200
    browser(bo).post(address, fields(item, version="1", remove="1"))
    assert second.post(address, fields(item, version="1", text="Words.")).status_code == 404


def test_a_lost_lease_shows_the_words_with_a_way_to_save_them(bo, bea, review, item):
    Submission.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    theirs = claim(review.submission, by=bea)
    client, address = browser(bo), reverse("annotate", args=[review.pk])
    answer = client.post(address, fields(item, text="Words that must live."))
    assert answer.status_code == 409
    assert "Words that must live.</textarea>" in text_of(answer)
    assert 'name="claim"' in text_of(answer) and f'value="{item.pk}"' in text_of(answer)
    # Bea still holds it: the words stay on the page.
    again = client.post(address, fields(item, text="Words that must live.", claim="1"))
    assert again.status_code == 409 and "Words that must live.</textarea>" in text_of(again)
    release(theirs, by=bea)
    saved = client.post(address, fields(item, text="Words that must live.", claim="1"))
    made = Annotation.objects.get()
    assert (made.text, made.review.is_open) == ("Words that must live.", True)
    assert saved["Location"] == f"{reverse('annotate', args=[made.review_id])}#note-{made.pk}"


def test_scripts_are_answered_in_json(bo, review, item):
    criterion = review.submission.achievement.criteria[0]
    client, address = browser(bo), reverse("annotate", args=[review.pk])
    answer = client.post(address, fields(item, criterion=str(criterion.pk)), headers=JSON)
    made = Annotation.objects.get()
    assert answer.status_code == 201
    body = answer.json()
    assert (body["id"], body["version"], body["counts"]) == (str(made.pk), 1, {str(criterion.pk): 1})
    assert f'id="note-{made.pk}"' in body["list"]
    assert body["address"] == f"{reverse('evidence-view', args=[item.pk])}?line=7#L7"
    change = reverse("annotation", args=[review.pk, made.pk])
    assert client.post(change, fields(item, version="1", text="Two."), headers=JSON).json()["version"] == 2
    stale = client.post(change, fields(item, version="1", text="Three."), headers=JSON)
    assert stale.status_code == 409
    assert stale.json()["code"] == "stale"
    assert (stale.json()["kept"], stale.json()["text"]) == ("Two.", "Three.")
    gone = client.post(change, fields(item, version="2", remove="1"), headers=JSON)
    assert gone.json()["counts"] == {} and "No notes yet." in gone.json()["list"]


# --- Who reads -----------------------------------------------------------------------------------------


def test_who_opens_the_notes_of_a_review(ada, alan, bo, bea, cy, mo, root, dee, review, item):
    made = note(review, item)
    for address in (reverse("annotate", args=[review.pk]), reverse("annotation", args=[review.pk, made.pk])):
        for person, status in (
            (bo, 200),
            (cy, 200),
            (mo, 200),
            (bea, 404),
            (ada, 404),
            (alan, 404),
            (dee, 404),
        ):
            answer = browser(person).get(address)
            assert answer.status_code == status, (person, address)
            if person in (cy, mo):
                assert "Why from this network" in text_of(answer) and 'name="text"' not in text_of(answer)
        for person, status in ((cy, 403), (mo, 403), (bea, 404), (ada, 404), (root, 404), (dee, 404)):
            assert browser(person).post(address, fields(item)).status_code == status
    assert Annotation.objects.get().text == "Why from this network alone?"


def test_a_note_of_another_review_is_not_found_under_this_one(bo, alan, programme, review, item):
    other = claim(factories.make_submission(alan, programme), by=bo)
    made = note(other, other.submission.evidence.get())
    assert browser(bo).get(reverse("annotation", args=[review.pk, made.pk])).status_code == 404


def test_ada_reads_notes_only_once_the_decision_is_released(ada, alan, bea, dee, bo, review, item):
    note(review, item, criterion=review.submission.achievement.criteria[1])
    address = reverse("notes", args=[review.submission_id])
    for person in (ada, bea):
        assert "Why from this network" not in text_of(browser(person).get(address))
    assert "Why from this network" not in text_of(
        browser(ada).get(reverse("submission", args=[review.submission_id]))
    )
    returned(review)
    review.decision.__class__.objects.update(released_at=None)
    assert "Why from this network" not in text_of(browser(ada).get(address))
    review.decision.__class__.objects.update(released_at=timezone.now())
    page = text_of(browser(ada).get(address))
    assert "Why from this network alone?" in page and "C2" in page and SSH in page
    assert "Why from this network alone?" in text_of(browser(bea).get(address))
    for person in (alan, dee):
        assert browser(person).get(address).status_code == 404


def test_the_submission_page_lists_the_notes_by_criterion(ada, review, item):
    criteria = review.submission.achievement.criteria
    note(review, item, text="On the second.", criterion=criteria[1])
    note(review, item, line=2, text="On the first.", criterion=criteria[0])
    note(review, item, line=1, text="On none.")
    address = reverse("submission", args=[review.submission_id])
    assert "On the first." not in text_of(browser(ada).get(address))
    returned(review)
    page = text_of(browser(ada).get(address))
    assert page.index("On the first.") < page.index("On the second.") < page.index("On none.")
    assert f"{reverse('evidence-view', args=[item.pk])}?line=7#L7" in page


# --- Where they stand ----------------------------------------------------------------------------------


def test_each_kind_of_place_has_its_address_in_the_viewer(bo, review, item):
    Analysis.objects.update(state=AnalysisState.WAITING)  # nobody knows yet what the file holds
    view = reverse("evidence-view", args=[item.pk])
    for anchor, ending in {
        Anchor(Unit.ITEM): "",
        Anchor(Unit.LINE, 7): "?line=7#L7",
        Anchor(Unit.RULE, 5, 7, "filter INPUT 1"): "?line=5-7#L5",
        Anchor(Unit.PACKET, 3, 4): "?packet=3#P3",
        Anchor(Unit.FLOW, 2): "?flow=2",
        Anchor(Unit.PAGE, 1): "?page=1#page-1",
    }.items():
        made = annotate(review, item, anchor, text="Here.", by=bo)
        assert made.get_absolute_url() == view + ending


def annotated(ada, bo, programme, content: bytes, name: str, *anchors: Anchor) -> Evidence:
    draft = factories.make_draft(ada, programme)
    item = factories.make_evidence(draft, content=content, name=name, visibility=Visibility.PRIVATE)
    submit(draft, declaration=True, by=ada)
    run_due()
    review = claim(draft, by=bo)
    item = Evidence.objects.with_reading().get(pk=item.pk)
    for anchor in anchors:
        annotate(review, item, anchor, text=f"On {anchor.unit} {anchor.first}.", by=bo)
    return item


def test_notes_of_a_capture_stand_at_their_packet_and_beside_it(ada, bo, programme):
    capture = pcap(
        [ethernet(udp("192.0.2.7", "198.51.100.1", (5000 + n, 53), dns("a.example"))) for n in range(5)]
    )
    anchors = (Anchor(Unit.PACKET, 3), Anchor(Unit.FLOW, 2, name="192.0.2.7 ↔ 198.51.100.1"))
    item = annotated(ada, bo, programme, capture, "a.pcap", *anchors)
    page = text_of(browser(bo).get(reverse("evidence-packets", args=[item.pk])))
    row = page.index('id="P3"')
    assert row < page.index("On packet 3.", row) < page.index('id="P4"')
    assert "Conversation 192.0.2.7 ↔ 198.51.100.1" in page and "On flow 2." in page
    with pytest.raises(DomainError) as caught:
        annotate(Review.objects.get(), item, Anchor(Unit.FLOW, 6), text="Too far.", by=bo)
    assert caught.value.code == "no-such-place"
    with pytest.raises(DomainError) as caught:
        annotate(Review.objects.get(), item, Anchor(Unit.PACKET, 6), text="Too far.", by=bo)
    assert caught.value.code == "no-such-place"


def test_a_note_on_a_page_stands_under_that_page(ada, bo, programme):
    item = annotated(ada, bo, programme, pdf(["One.", "Two."]), "report.pdf", Anchor(Unit.PAGE, 2))
    address = reverse("evidence-document", args=[item.pk])
    assert 'class="note-here"' in text_of(browser(bo).get(address, {"page": 2}))
    first = text_of(browser(bo).get(address, {"page": 1}))
    assert 'class="note-here"' not in first and "On page 2." in first
    with pytest.raises(DomainError):
        annotate(Review.objects.get(), item, Anchor(Unit.PAGE, 3), text="Too far.", by=bo)


def test_who_left_the_programme_reads_no_quote_any_more(bo, review, item):
    note(review, item)
    bo.groups.clear()
    bo.forget_grants()
    for name in ("annotate", "review"):
        answer = browser(bo).get(reverse(name, args=[review.pk]))
        assert answer.status_code == 200
        assert SSH not in text_of(answer) and "Why from this network" not in text_of(answer)


def test_the_viewer_offers_to_annotate_only_to_who_holds_the_review(ada, bea, bo, cy, review, item):
    address = reverse("evidence-lines", args=[item.pk])
    for person, offered in ((bo, True), (bea, False), (cy, False), (ada, False)):
        page = text_of(browser(person).get(address, {"line": "5-6"}))
        assert ("data-annotate-here" in page) == ("annotate-dialog" in page) == offered
    returned(review)
    assert "annotate-dialog" not in text_of(browser(bo).get(address))


# --- The next attempt ----------------------------------------------------------------------------------


def states(submission: Submission) -> dict[str, tuple[str, str]]:
    return {
        one.annotation.text: (one.followed.state, one.followed.found.reason)
        for one in noting.followed(submission, submission.learner)
    }


def test_each_note_is_addressed_changed_or_still_open(ada, bo, programme, review, item):
    for line, text in ((5, "Kept."), (7, "Altered."), (8, "Taken out.")):
        note(review, item, line=line, text=text)
    annotate(review, item, Anchor(Unit.ITEM), text="Whole.", by=bo)
    returned(review)
    assert states(next_attempt(ada, programme, NEWER)) == {
        "Kept.": ("open", "same-place"),
        "Altered.": ("changed", "altered"),
        "Taken out.": ("addressed", "gone"),
        "Whole.": ("changed", "other-file"),
    }


def test_a_rule_is_followed_by_what_it_does(ada, bo, programme, review, item):
    run_due()
    for line, text in ((5, "First."), (6, "Second."), (7, "Altered."), (8, "Gone.")):
        annotate(review, item, Anchor(Unit.RULE, line, name="filter INPUT"), text=text, by=bo)
    returned(review)
    lines = NEWER.decode().splitlines()
    swapped = "\n".join(["# A comment", *lines[:4], lines[5], lines[4], *lines[6:], ""])
    submission = next_attempt(ada, programme, swapped.encode())
    run_due()
    found = states(submission)
    assert found["Altered."] == ("changed", "altered-rule")
    assert found["Gone."] == ("addressed", "no-rule")
    assert {found["First."], found["Second."]} == {("open", "same-rule"), ("open", "moved-rule")}
    (altered,) = (
        one for one in noting.followed(submission, submission.learner) if one.annotation.text == "Altered."
    )
    assert (altered.followed.place, altered.followed.now) == (
        "Line 8",
        SSH.replace("192.0.2.0/24", "198.51.100.7"),
    )


def test_a_file_carried_over_leaves_every_note_open(ada, bo, programme, review, item):
    Analysis.objects.update(state=AnalysisState.WAITING)  # nobody knows yet what the file holds
    note(review, item, text="Line.")
    for unit in (Unit.ITEM, Unit.PACKET, Unit.FLOW, Unit.PAGE):
        annotate(review, item, Anchor(unit, 1), text=str(unit.value), by=bo)
    returned(review)
    found = states(next_attempt(ada, programme))
    assert len(found) == 5 and set(found.values()) == {("open", "same-file")}


def test_an_item_taken_out_addresses_its_notes(ada, bo, programme, review, item):
    note(review, item, text="Line.")
    returned(review)
    draft = next_attempt(ada, programme, hand_in=False)
    draft.evidence.get().delete()
    factories.make_text(draft)
    assert states(submit(draft, declaration=True, by=ada)) == {"Line.": ("addressed", "item-removed")}


def test_notes_are_followed_over_a_withdrawn_attempt(ada, bo, programme, review, item):
    note(review, item, text="Altered.")
    returned(review)
    withdraw(next_attempt(ada, programme), by=ada)
    assert states(next_attempt(ada, programme, NEWER)) == {"Altered.": ("changed", "altered")}


def test_without_the_old_file_the_quote_is_followed(ada, bo, programme, review, item, monkeypatch):
    for line, text in ((5, "Kept."), (8, "Taken out.")):
        note(review, item, line=line, text=text)
    returned(review)
    submission = next_attempt(ada, programme, NEWER)
    Evidence.objects.filter(pk=item.pk).update(size=10**9)
    assert {text: state for text, (state, _) in states(submission).items()} == {
        "Kept.": "open",
        "Taken out.": "addressed",
    }


def test_a_secret_that_was_changed_counts_as_changed_and_is_not_shown(ada, bo, programme):
    old = b"hostname R1\nsnmp-server community s3cr3tcommunity RO\nend\n"
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft, content=old, name="r1.cfg")
    review = claim(submit(draft, declaration=True, by=ada), by=bo)
    made = note(review, review.submission.evidence.get(), line=2, text="Weak.")
    assert "s3cr3tcommunity" not in made.quote
    returned(review)
    submission = next_attempt(ada, programme, old.replace(b"s3cr3tcommunity", b"0th3rcommunity"))
    (found,) = noting.followed(submission, submission.learner)
    assert found.followed.state == "changed"
    assert "0th3rcommunity" not in found.followed.now and "snmp-server" in found.followed.now


def test_bo_sees_both_texts_and_ada_only_after_the_decision(ada, bo, bea, programme, review, item):
    note(review, item)
    returned(review)
    submission = next_attempt(ada, programme, NEWER)
    second = claim(submission, by=bea)
    page = text_of(browser(bea).get(reverse("annotate", args=[second.pk])))
    assert SSH in page and SSH.replace("192.0.2.0/24", "198.51.100.7") in page
    assert "The lines were altered." in page
    address = reverse("notes", args=[submission.pk])
    before = text_of(browser(ada).get(address))
    assert "Why from this network alone?" in before and "The lines were altered." not in before
    settle(made_of(review), second, state="addressed", word="Well mended.", by=bea)
    assert "Well mended." not in text_of(browser(ada).get(address))
    decide(second, outcome=Outcome.RETURN, feedback="Nearly.", by=bea)
    assert "Well mended." in text_of(browser(ada).get(address))


def made_of(review: Review) -> Annotation:
    return Annotation.objects.get(review=review)


def test_bea_says_by_hand_what_became_of_a_note(ada, bo, bea, programme, review, item):
    made = note(review, item)
    returned(review)
    second = claim(next_attempt(ada, programme, NEWER), by=bea)
    client, address = browser(bea), reverse("settle-note", args=[second.pk, made.pk])
    client.post(address, {"state": "addressed", "word": "The source is one host now."})
    (found,) = noting.followed(second.submission, bea)
    assert (found.followed.state, found.followed.follow_up.word) == (
        "addressed",
        "The source is one host now.",
    )
    event = Event.objects.order_by("-sequence").first()
    assert (event.verb, event.subject_id) == ("annotation-settled", str(second.submission_id))
    assert event.data == {"review": str(second.pk), "annotation": str(made.pk), "state": "addressed"}
    client.post(address, {"state": "", "word": "ignored"})
    (found,) = noting.followed(second.submission, bea)
    assert found.followed.state == "changed" and not found.followed.is_set


def test_what_settling_refuses(ada, alan, bo, bea, cy, programme, review, item):
    made = note(review, item)
    returned(review)
    second = claim(next_attempt(ada, programme, NEWER), by=bea)
    own = note(second, second.submission.evidence.get())

    def code(annotation, *, by=bea, **values) -> str:
        with pytest.raises(DomainError) as caught:
            settle(annotation, second, by=by, **({"state": "open"} | values))
        return caught.value.code

    assert code(made, state="changed") == code(made, state="<b>") == "unknown-state"
    assert code(made, word="x" * 501) == "text-too-long"
    assert code(own) == "unknown-annotation"
    other = claim(factories.make_submission(alan, programme), by=bo)
    assert code(note(other, other.submission.evidence.get())) == "unknown-annotation"
    for person in (ada, bo, cy):
        with pytest.raises(Forbidden):
            settle(made, second, state="open", by=person)
    address = reverse("settle-note", args=[second.pk, made.pk])
    refused = browser(bea).post(address, {"state": "open", "word": "x" * 501})
    assert refused.status_code == 422 and "x" * 501 in text_of(refused)
    decide(second, outcome=Outcome.RETURN, feedback="More.", by=bea)
    second.refresh_from_db()
    assert code(made) == "already-decided"
    assert not FollowUp.objects.exists()


def test_ada_answers_a_note_in_her_draft_and_the_assessor_reads_it(ada, bo, bea, programme, review, item):
    made = note(review, item)
    returned(review)
    draft = next_attempt(ada, programme, NEWER, hand_in=False)
    address = reverse("reply-to-note", args=[draft.pk, made.pk])
    answer = browser(ada).post(address, {"text": "One host <only>."}, follow=True)
    assert "One host &lt;only&gt;.</textarea>" in text_of(answer)
    event = Event.objects.order_by("-sequence").first()
    assert (event.verb, event.data) == ("annotation-answered", {"annotation": str(made.pk)})
    submit(draft, declaration=True, by=ada)
    second = claim(draft, by=bea)
    assert "One host &lt;only&gt;." in text_of(browser(bea).get(reverse("annotate", args=[second.pk])))
    settle(made, second, state="addressed", by=bea)
    assert FollowUp.objects.get().reply == "One host <only>."


def test_what_answering_refuses(ada, alan, bo, dee, programme, review, item):
    made = note(review, item)
    returned(review)
    draft = next_attempt(ada, programme, hand_in=False)
    address = reverse("reply-to-note", args=[draft.pk, made.pk])
    for person in (alan, bo, dee):
        assert browser(person).post(address, {"text": "Mine."}).status_code == 404
        with pytest.raises(Forbidden):
            reply(made, draft, text="Mine.", by=person)
    too_long = browser(ada).post(address, {"text": "x" * 2001})
    assert too_long.status_code == 422 and "x" * 2001 in text_of(too_long)
    reply(made, draft, text="Done.\0", by=ada)
    assert FollowUp.objects.get().reply == "Done."
    reply(made, draft, text="", by=ada)
    assert (FollowUp.objects.get().reply, FollowUp.objects.get().replied_at) == ("", None)
    submit(draft, declaration=True, by=ada)
    late = browser(ada).post(address, {"text": "Late."})
    assert late.status_code == 409
    assert FollowUp.objects.get().reply == ""


# --- Beside the rubric, and how much it costs ------------------------------------------------------------


def test_the_review_page_shows_each_note_and_counts_them_by_criterion(bo, review, item):
    criterion = review.submission.achievement.criteria[0]
    for line in (5, 6):
        note(review, item, line=line, criterion=criterion)
    page = text_of(browser(bo).get(reverse("review", args=[review.pk])))
    assert page.count("Why from this network alone?") == 2
    assert f'data-notes-of="{criterion.pk}">2<' in page


@pytest.mark.parametrize("name", ["annotate", "review"])
def test_many_notes_cost_no_more_queries_than_few(
    bo, ada, bea, programme, review, item, name, django_assert_num_queries, django_assert_max_num_queries
):
    def queries(address: str, client: Client) -> int:
        with django_assert_max_num_queries(60) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    note(review, item)
    returned(review)
    second = claim(next_attempt(ada, programme, NEWER), by=bea)
    here = second.submission.evidence.get()
    note(second, here)
    client, address = browser(bea), reverse(name, args=[second.pk])
    few = queries(address, client)
    Annotation.objects.bulk_create(
        Annotation(review=one, evidence=of, unit="line", first=line, last=line, text="Many.")
        for one, of in ((review, item), (second, here))
        for line in range(1, 8)
        for _ in range(5)
    )
    assert queries(address, client) == few
