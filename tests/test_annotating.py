"""Annotating: a note stands at a place that is there, and never changes once Bo has decided."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Analysis, Blob
from assessments.models.analysis import AnalysisState
from assessments.submitting import submit
from reviews.annotating import MOST_ANNOTATIONS, Anchor, annotate, remove, rewrite
from reviews.claiming import claim, release
from reviews.deciding import decide
from reviews.models import Annotation, Review
from reviews.models.annotation import MAX_TEXT, Unit
from reviews.models.decision import Outcome
from reviews.quoting import MAX_QUOTE, MAX_QUOTE_LINES
from tests import factories
from workbench.access import Forbidden
from workbench.audit import breaks
from workbench.errors import DomainError
from workbench.models import Event

LINE_7 = Anchor(Unit.LINE, 7)
CAPTURE = bytes.fromhex("d4c3b2a1020004000000000000000000ffff000001000000") + bytes(200)
SECRETS = b"""hostname R1
enable secret 5 $1$mERr$hx5rVt7rPNoS4wqbXKX7m0
snmp-server community s3cr3tcommunity RO
username bo password 7 0822455D0A16
line vty 0 4
 transport input telnet
"""


@pytest.fixture
def review(bo, ada, programme) -> Review:
    return claim(factories.make_submission(ada, programme), by=bo)


@pytest.fixture
def item(review):
    return review.submission.evidence.get()


def handed_in(learner, programme, content: bytes, name: str = "router.cfg"):
    draft = factories.make_draft(learner, programme)
    factories.make_evidence(draft, content=content, name=name)
    return submit(draft, declaration=True, by=learner)


def read_as(item, analyser: str, **fields) -> None:
    """The item was read by the worker, with these facts."""
    Analysis.objects.filter(blob=item.blob_id).update(
        state=AnalysisState.DONE, analyser=analyser, version=1, finished_at=timezone.now(), **fields
    )
    item.refresh_from_db()


def note(review, item, anchor=LINE_7, *, by, text="Why from this network alone?", **fields) -> Annotation:
    return annotate(review, item, anchor, text=text, by=by, **fields)


def refusal(verb, *args, **kwargs) -> DomainError:
    with pytest.raises(DomainError) as caught:
        verb(*args, **kwargs)
    return caught.value


def last_event() -> Event:
    return Event.objects.order_by("-sequence").first()


# --- Annotating ---------------------------------------------------------------------------------------


def test_bo_annotates_a_line_and_its_words_are_quoted(bo, review, item):
    criterion = review.submission.achievement.criteria[0]
    made = note(review, item, by=bo, criterion=criterion)
    made.refresh_from_db()
    assert (made.unit, made.first, made.last) == ("line", 7, 7)
    assert (made.criterion, made.text) == (criterion, "Why from this network alone?")
    assert made.quote == "-A INPUT -p tcp -s 192.0.2.0/24 --dport 22 -j ACCEPT"
    assert made.place == "Line 7"


def test_every_kind_of_place_is_told_in_words(bo, review, item):
    places = {
        Anchor(Unit.ITEM): "The whole item",
        Anchor(Unit.LINE, 2, 4): "Lines 2 to 4",
        Anchor(Unit.RULE, 7, name="filter INPUT 3"): "Rule filter INPUT 3, line 7",
        Anchor(Unit.RULE, 7, 8, "filter INPUT 3"): "Rule filter INPUT 3, lines 7 to 8",
        Anchor(Unit.PACKET, 3): "Packet 3",
        Anchor(Unit.PACKET, 3, 9): "Packets 3 to 9",
        Anchor(Unit.FLOW, 2, name="192.0.2.7 ↔ 198.51.100.1"): "Conversation 192.0.2.7 ↔ 198.51.100.1",
        Anchor(Unit.FLOW, 2): "Conversation 2",
        Anchor(Unit.PAGE, 1): "Page 1",
    }
    Analysis.objects.update(state=AnalysisState.WAITING)  # nobody knows yet what the file holds
    for anchor, words in places.items():
        assert note(review, item, anchor, by=bo).place == words


def test_annotating_lengthens_the_lease_and_leaves_the_scores_alone(bo, review, item):
    version, until = review.version, review.lease_until
    note(review, item, by=bo)
    review.submission.refresh_from_db()
    review.refresh_from_db()
    assert review.submission.lease_until > until
    assert review.version == version


def test_each_change_has_its_event_with_ids_and_no_word_of_it(bo, review, item):
    made = note(review, item, by=bo, text="A word that may have to be erased")
    ids = {"review": str(review.pk), "annotation": str(made.pk), "evidence": str(item.pk)}
    assert (last_event().verb, last_event().data, last_event().actor) == ("annotated", ids, bo)
    rewrite(made, LINE_7, version=1, text="Another word", by=bo)
    assert (last_event().verb, last_event().data) == ("annotation-changed", ids)
    remove(made, by=bo)
    assert (last_event().verb, last_event().data) == ("annotation-removed", ids)
    assert "word" not in str(list(Event.objects.values_list("data", flat=True)))
    assert list(breaks()) == []


# --- Who may -----------------------------------------------------------------------------------------


def test_nobody_else_may_annotate_change_or_remove(ada, bo, bea, cy, mo, root, dee, review, item):
    made = note(review, item, by=bo)
    for person in (ada, bea, cy, mo, root, dee):
        with pytest.raises(Forbidden):
            note(review, item, by=person)
        with pytest.raises(Forbidden):
            rewrite(made, LINE_7, version=1, text="Mine now.", by=person)
        with pytest.raises(Forbidden):
            remove(made, by=person)
    assert Annotation.objects.get().text == "Why from this network alone?"


def test_an_assessor_who_lost_the_role_may_not_annotate(bo, review, item):
    bo.groups.clear()
    bo.forget_grants()
    with pytest.raises(Forbidden):
        note(review, item, by=bo)


def test_who_sees_a_note_before_and_after_the_decision(ada, alan, bo, bea, cy, mo, root, dee, review, item):
    note(review, item, by=bo)

    def seers() -> set[str]:
        cast = {"ada": ada, "alan": alan, "bo": bo, "bea": bea, "cy": cy, "mo": mo, "root": root, "dee": dee}
        return {name for name, one in cast.items() if Annotation.objects.visible_to(one).exists()}

    assert seers() == {"bo", "cy", "mo"}
    decision = decide(review, outcome=Outcome.RETURN, feedback="See the notes.", by=bo)
    assert seers() == {"ada", "bo", "bea", "cy", "mo"}
    type(decision).objects.update(released_at=None)
    assert seers() == {"bo", "cy", "mo"}


def test_a_moderator_who_learns_too_sees_no_draft_note_on_her_own_work(cy, bo, programme):
    factories.enrol(programme, cy)
    own = claim(factories.make_submission(cy, programme), by=bo)
    note(own, own.submission.evidence.get(), by=bo)
    assert not Annotation.objects.visible_to(cy).exists()


# --- What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "anchor",
    [
        Anchor(Unit.LINE, 0),
        Anchor(Unit.LINE, -1),
        Anchor(Unit.LINE, 10),
        Anchor(Unit.LINE, 7, 10),
        Anchor(Unit.LINE, 7, 6),
        Anchor(Unit.LINE, 7, -7),
        Anchor(Unit.LINE, 2**63),
        Anchor(Unit.RULE, 10, name="INPUT 9"),
        Anchor(Unit.PACKET, 0),
        Anchor(Unit.PACKET, 2**80),
    ],
)
def test_a_place_that_is_not_there_is_refused(bo, review, item, anchor):
    error = refusal(note, review, item, anchor, by=bo)
    assert (error.code, error.status) == ("no-such-place", 422)
    assert not Annotation.objects.exists()


@pytest.mark.parametrize(
    ("analyser", "facts", "there", "not_there"),
    [
        ("packet-capture", {"packets": 40}, Anchor(Unit.PACKET, 40), Anchor(Unit.PACKET, 40, 41)),
        (
            "packet-capture",
            {"conversations": {"largest": [{}, {}]}},
            Anchor(Unit.FLOW, 2),
            Anchor(Unit.FLOW, 3),
        ),
        ("packet-capture", {"packets": 40}, Anchor(Unit.ITEM), Anchor(Unit.PAGE, 1)),
        ("packet-capture", {"packets": 0}, Anchor(Unit.ITEM), Anchor(Unit.LINE, 1)),
        ("packet-capture", {"packets": 0}, Anchor(Unit.ITEM), Anchor(Unit.FLOW, 1)),
        ("document", {"pages": 3}, Anchor(Unit.PAGE, 1, 3), Anchor(Unit.PAGE, 4)),
        ("document", {"pages": 3}, Anchor(Unit.ITEM), Anchor(Unit.PACKET, 1)),
        ("image", {}, Anchor(Unit.ITEM), Anchor(Unit.PAGE, 1)),
        ("none", {}, Anchor(Unit.ITEM), Anchor(Unit.LINE, 1)),
    ],
)
def test_what_the_program_counted_bounds_the_place(bo, ada, programme, analyser, facts, there, not_there):
    review = claim(handed_in(ada, programme, CAPTURE, "branch.pcap"), by=bo)
    item = review.submission.evidence.get()
    read_as(item, analyser, facts=facts)
    assert note(review, item, there, by=bo).quote == ""
    assert refusal(note, review, item, not_there, by=bo).code == "no-such-place"


def test_lines_of_what_is_no_text_are_refused_even_while_it_is_being_read(bo, ada, programme):
    review = claim(handed_in(ada, programme, CAPTURE, "branch.pcap"), by=bo)
    assert refusal(note, review, review.submission.evidence.get(), by=bo).code == "no-such-place"


def test_a_link_has_no_lines(bo, ada, programme):
    draft = factories.make_draft(ada, programme)
    item = factories.make_text(draft)
    type(item).objects.filter(pk=item.pk).update(
        form="link", blob=None, url="https://example.org/", sha256=""
    )
    review = claim(submit(draft, declaration=True, by=ada), by=bo)
    item.refresh_from_db()
    assert refusal(note, review, item, Anchor(Unit.LINE, 1), by=bo).code == "no-such-place"
    assert note(review, item, Anchor(Unit.ITEM), by=bo).place == "The whole item"


def test_evidence_of_another_work_is_refused(bo, alan, programme, review):
    foreign = factories.make_submission(alan, programme).evidence.get()
    error = refusal(note, review, foreign, by=bo)
    assert (error.code, error.status) == ("unknown-evidence", 422)


def test_a_criterion_of_another_rubric_is_refused(bo, review, item, organisation):
    foreign = factories.make_achievement(organisation).criteria[0]
    error = refusal(note, review, item, by=bo, criterion=foreign)
    assert (error.code, error.status) == ("unknown-criterion", 422)


@pytest.mark.parametrize("text", ["", "  \n\t ", "\0\0", "\ud800"])
def test_a_note_without_words_is_refused(bo, review, item, text):
    assert refusal(note, review, item, by=bo, text=text).code == "text-missing"


def test_a_note_at_the_limit_is_kept_and_one_beyond_is_refused(bo, review, item):
    assert note(review, item, by=bo, text="é" * MAX_TEXT).text == "é" * MAX_TEXT
    for length in (MAX_TEXT + 1, 1_000_000):
        error = refusal(note, review, item, by=bo, text="x" * length)
        assert (error.code, error.status) == ("text-too-long", 422)


def test_a_name_beyond_the_limit_is_refused_and_one_of_a_line_is_not_kept(bo, review, item):
    anchor = Anchor(Unit.RULE, 7, name="x" * 201)
    assert refusal(note, review, item, anchor, by=bo).code == "text-too-long"
    assert note(review, item, Anchor(Unit.LINE, 7, name="<b>"), by=bo).name == ""


def test_markup_and_nul_are_words_like_others_or_left_out(bo, review, item):
    made = note(review, item, by=bo, text="<script>alert(1)</script>\0 & \ud800so on")
    made.refresh_from_db()
    assert made.text == "<script>alert(1)</script> & so on"


def test_a_review_holds_a_bounded_number_of_notes(bo, review, item):
    Annotation.objects.bulk_create(
        Annotation(review=review, evidence=item, unit="line", first=1, last=1, text="One of many.")
        for _ in range(MOST_ANNOTATIONS)
    )
    assert refusal(note, review, item, by=bo).code == "too-many-annotations"
    remove(Annotation.objects.first(), by=bo)
    note(review, item, by=bo)


# --- The lease ---------------------------------------------------------------------------------------


def take_over(review: Review, by) -> Review:
    type(review.submission).objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    return claim(review.submission, by=by)


def test_a_lost_lease_gives_the_words_back(bo, bea, review, item):
    made = note(review, item, by=bo)
    take_over(review, bea)
    error = refusal(note, review, item, by=bo, text="Words that must live.")
    assert (error.code, error.extra["text"]) == ("lease-lost", "Words that must live.")
    error = refusal(rewrite, made, LINE_7, version=1, text="These, too.", by=bo)
    assert (error.code, error.extra["text"]) == ("lease-lost", "These, too.")
    assert refusal(remove, made, by=bo).code == "lease-lost"
    assert Annotation.objects.get().text == "Why from this network alone?"


def test_an_ended_lease_that_nobody_took_is_his_again(bo, review, item):
    type(review.submission).objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    note(review, item, by=bo)
    review.submission.refresh_from_db()
    assert review.submission.has_live_lease


def test_notes_come_back_with_their_ids_when_the_work_is_taken_again(bo, bea, review, item):
    made = note(review, item, by=bo)
    other = take_over(review, bea)
    theirs = note(other, item, by=bea, text="Bea sees it otherwise.")
    release(other, by=bea)
    again = claim(review.submission, by=bo)
    made.refresh_from_db()
    assert made.review == again
    assert rewrite(made, LINE_7, version=1, text="Still wondering.", by=bo).review == again
    theirs.refresh_from_db()
    assert theirs.review == other


def test_after_the_decision_nothing_changes_any_more(bo, review, item):
    made = note(review, item, by=bo)
    decide(review, outcome=Outcome.RETURN, feedback="See the notes.", by=bo)
    made.refresh_from_db()
    for verb, args, kwargs in (
        (annotate, (review, item, LINE_7), {"text": "Late."}),
        (rewrite, (made, LINE_7), {"version": 1, "text": "Late."}),
        (remove, (made,), {}),
    ):
        error = refusal(verb, *args, **kwargs, by=bo)
        assert error.code == "already-decided"
    assert Annotation.objects.get().text == "Why from this network alone?"


# --- Two windows -------------------------------------------------------------------------------------


def test_a_note_changed_in_another_window_is_not_overwritten(bo, review, item):
    made = note(review, item, by=bo)
    second = Annotation.objects.get()
    rewrite(made, LINE_7, version=1, text="From the first window.", by=bo)
    error = refusal(rewrite, second, LINE_7, version=1, text="From the second window.", by=bo)
    assert (error.code, error.status) == ("stale", 409)
    assert error.extra == {"version": 2, "kept": "From the first window.", "text": "From the second window."}
    assert refusal(remove, second, version=1, by=bo).code == "stale"
    assert Annotation.objects.get().text == "From the first window."
    remove(second, version=2, by=bo)
    error = refusal(rewrite, made, LINE_7, version=2, text="Too late.", by=bo)
    assert (error.code, error.extra) == ("annotation-gone", {"text": "Too late."})
    assert refusal(remove, made, by=bo).code == "annotation-gone"


def test_a_note_moves_within_its_item_and_the_quote_follows(bo, review, item):
    made = note(review, item, by=bo)
    moved = rewrite(made, Anchor(Unit.LINE, 5, 6), version=1, text="Both of these.", by=bo)
    assert moved.quote.splitlines() == factories.RULES.decode().splitlines()[4:6]
    assert (moved.version, moved.place) == (2, "Lines 5 to 6")


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_kept(bo, review, item):
    made = note(review, item, by=bo)

    def save(text):
        return rewrite(Annotation.objects.get(), LINE_7, version=1, text=text, by=bo)

    answers = factories.at_once(save, ["One.", "Two."])
    assert sorted(getattr(answer, "code", "saved") for answer in answers) == ["saved", "stale"]
    made.refresh_from_db()
    assert made.version == 2


# --- Quotes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("analysed", [True, False])
def test_no_secret_is_stored_in_a_quote(bo, ada, programme, analysed):
    review = claim(handed_in(ada, programme, SECRETS), by=bo)
    item = review.submission.evidence.get()
    if analysed:
        # One that no pattern knows: only the analysis says that it is a secret.
        read_as(
            item,
            "firewall-configuration",
            dialect="cisco-ios",
            facts={"lines": 6},
            secrets=[["made-up", ["line", 1, 1], 9, 11], ["cisco-type-5", ["line", 2, 2], 16, 46]],
        )
    quote = note(review, item, Anchor(Unit.LINE, 1, 6), by=bo).quote
    for value in ("hx5rVt7rPNoS4wqbXKX7m0", "s3cr3tcommunity", "0822455D0A16"):
        assert value not in quote
    lines = quote.splitlines()
    assert len(lines) == 6
    assert lines[5] == " transport input telnet"
    assert lines[0] == ("hostname <removed:made-up-1>" if analysed else "hostname R1")


def test_a_key_over_many_lines_is_not_quoted_from_its_middle(bo, ada, programme):
    key = b"-----BEGIN RSA PRIVATE KEY-----\n" + b"MIIEowIBAAKCAQEAt0ken\n" * 30
    key += b"-----END RSA PRIVATE KEY-----\n"
    review = claim(handed_in(ada, programme, b"! keys\n" + key, "keys.cfg"), by=bo)
    made = note(review, review.submission.evidence.get(), Anchor(Unit.LINE, 10, 12), by=bo)
    assert "t0ken" not in made.quote


def test_quotes_are_bounded(bo, ada, programme):
    content = b"".join(b"rule %d " % number + b"x" * 300 + b"\n" for number in range(1, 501))
    review = claim(handed_in(ada, programme, content, "long.txt"), by=bo)
    item = review.submission.evidence.get()
    made = note(review, item, Anchor(Unit.LINE, 1, 500), by=bo)
    assert len(made.quote) <= MAX_QUOTE
    assert made.quote.splitlines()[-1].endswith("x" * 300)
    short = claim(handed_in_again(ada, programme), by=bo)
    made = note(short, short.submission.evidence.get(), Anchor(Unit.LINE, 1, 300), by=bo)
    assert len(made.quote.splitlines()) == MAX_QUOTE_LINES


def handed_in_again(learner, programme):
    second = factories.make_achievement(programme.organisation)
    programme.achievements.add(second)
    draft = factories.make_draft(learner, programme, second)
    factories.make_evidence(draft, content=b"permit\n" * 300, name="short.txt")
    return submit(draft, declaration=True, by=learner)


def test_a_text_too_long_to_read_at_once_is_annotated_without_a_quote(bo, ada, programme, monkeypatch):
    review = claim(handed_in(ada, programme, SECRETS), by=bo)
    item = review.submission.evidence.get()
    monkeypatch.setattr("reviews.quoting.MAX_BYTES", 10)
    monkeypatch.setattr("reviews.annotating.MAX_BYTES", 10)
    assert note(review, item, Anchor(Unit.LINE, 9_999), by=bo).quote == ""
    read_as(item, "firewall-configuration", facts={"lines": 6})
    assert refusal(note, review, item, Anchor(Unit.LINE, 7), by=bo).code == "no-such-place"
    assert note(review, item, Anchor(Unit.LINE, 6), by=bo).quote == ""


def test_lines_of_a_file_in_quarantine_are_refused(bo, review, item):
    Blob.objects.update(scan="infected", scanned_at=timezone.now())
    item.refresh_from_db()
    with pytest.raises(DomainError):
        note(review, item, by=bo)
    assert note(review, item, Anchor(Unit.ITEM), by=bo)


# --- What the decision freezes -----------------------------------------------------------------------


def test_the_event_of_the_decision_proves_each_note(bo, review, item):
    criterion = review.submission.achievement.criteria[0]
    made = note(review, item, by=bo, criterion=criterion, text="Pourquoi d'où ?")
    whole = note(review, item, Anchor(Unit.ITEM), by=bo, text="Well ordered.")
    decide(review, outcome=Outcome.RETURN, feedback="See the notes.", by=bo)
    event = Event.objects.get(verb="decided")
    assert event.data["annotations"] == [
        {
            "id": str(one.pk),
            "evidence": str(item.pk),
            "criterion": str(one.criterion_id) if one.criterion_id else None,
            "place": place,
            "sha256": hashlib.sha256(one.text.encode()).hexdigest(),
        }
        for one, place in ((whole, ["item", 0, 0]), (made, ["line", 7, 7]))
    ]
    assert "Pourquoi" not in str(event.data)
    assert list(breaks()) == []


def test_a_decision_without_notes_says_so(bo, review):
    decide(review, outcome=Outcome.RETURN, feedback="More.", by=bo)
    assert Event.objects.get(verb="decided").data["annotations"] == []
