"""A second look: raised and cleared by those who work in the programme, never seen by the learner."""

import pytest
from django.urls import reverse

from assessments.models import Submission
from reviews.claiming import claim
from reviews.flagging import clear, flag, flag_of
from reviews.models import Flag, Review
from reviews.models.report import ReportKind
from reviews.queueing import Filters, narrow, queue_of
from reviews.reporting import request_report
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event, Token

NOTE = "Is the second capture from the same network?"


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


@pytest.fixture
def review(bo, handed_in) -> Review:
    return claim(handed_in, by=bo)


def address(submission: Submission) -> str:
    return reverse("flag", args=[submission.pk])


# --- Flagging --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bo", "bea", "cy", "mo"])
def test_whoever_works_in_the_programme_flags_reads_and_clears(who, handed_in, bo, request):
    person = request.getfixturevalue(who)
    flag(handed_in, note=f"  {NOTE}\n", by=bo)
    assert flag_of(handed_in, reader=person).note == NOTE
    clear(handed_in, by=person)
    assert flag_of(handed_in, reader=person) is None
    kept = Flag.objects.get()
    assert (kept.cleared_by, kept.cleared_at is None) == (person, False)


@pytest.mark.parametrize("who", ["ada", "alan", "root", "dee"])
def test_others_neither_flag_nor_read_nor_clear(who, handed_in, bo, request):
    person = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        flag(handed_in, note=NOTE, by=person)
    flag(handed_in, note=NOTE, by=bo)
    assert flag_of(handed_in, reader=person) is None
    with pytest.raises(Forbidden):
        clear(handed_in, by=person)


def test_a_learner_with_every_role_reads_nothing_of_the_own_work(handed_in, ada, bo, programme, client):
    for role in ("assessor", "moderator", "manager"):
        factories.grant(ada, role, programme)
    ada.forget_grants()
    flag(handed_in, note=NOTE, by=bo)
    assert flag_of(handed_in, reader=ada) is None
    client.force_login(ada)
    assert client.get(address(handed_in)).status_code == 403
    for page in (reverse("queue"), reverse("submission", args=[handed_in.pk]), "/"):
        assert NOTE not in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("note", "code"), [("", "note-missing"), (" \n\0", "note-missing"), ("x" * 1001, "text-too-long")]
)
def test_a_flag_without_a_note_is_refused(handed_in, bo, note, code):
    with pytest.raises(DomainError) as refusal:
        flag(handed_in, note=note, by=bo)
    assert refusal.value.code == code
    assert not Flag.objects.exists()


def test_the_note_that_stands_is_not_overwritten(handed_in, bo, bea):
    flag(handed_in, note=NOTE, by=bo)
    with pytest.raises(DomainError) as refusal:
        flag(handed_in, note="Another.", by=bea)
    assert refusal.value.code == "already-flagged"
    assert flag_of(handed_in, reader=bea).note == NOTE


def test_what_is_not_flagged_is_not_cleared(handed_in, bo):
    with pytest.raises(DomainError) as refusal:
        clear(handed_in, by=bo)
    assert refusal.value.code == "not-flagged"


def test_after_clearing_it_is_flagged_anew(handed_in, bo, cy):
    flag(handed_in, note=NOTE, by=bo)
    clear(handed_in, by=cy)
    flag(handed_in, note="Once more.", by=cy)
    assert Flag.objects.count() == 2
    assert Flag.objects.raised().get().note == "Once more."


@pytest.mark.django_db(transaction=True)
def test_of_two_who_flag_at_once_one_is_told(handed_in, bo, bea):
    def act(person):
        try:
            return flag(handed_in, note=NOTE, by=person).flagged_by
        except DomainError as error:
            return error.code

    answers = factories.at_once(act, [bo, bea])
    assert answers.count("already-flagged") == 1
    assert Flag.objects.count() == 1


def test_the_trail_tells_the_acts_without_the_note(handed_in, bo, cy):
    flag(handed_in, note=NOTE, by=bo)
    clear(handed_in, by=cy)
    events = [one for one in Event.objects.about(handed_in).in_order() if "flag" in one.verb]
    assert [(one.verb, one.actor) for one in events] == [("flagged", bo), ("flag-cleared", cy)]
    assert all(one.data.keys() == {"flag"} for one in events)


# --- Where it is seen ------------------------------------------------------------------------------


def test_the_queue_shows_and_filters_it(client, handed_in, bo, bea, alan, programme):
    factories.make_submission(alan, programme)
    flag(handed_in, note=NOTE, by=bo)
    assert narrow(queue_of(bea), Filters(flagged=True), user=bea).get() == handed_in
    client.force_login(bea)
    assert NOTE in client.get(reverse("queue")).content.decode()
    answer = client.get(reverse("queue"), {"flagged": "1"})
    assert [row.pk for row in answer.context["page"].items] == [handed_in.pk]
    assert "flagged" in answer.context["query"]


def test_who_reviews_and_who_reads_along_see_it_in_the_review(client, review, handed_in, bo, cy):
    flag(handed_in, note=NOTE, by=cy)
    for person in (bo, cy):
        client.force_login(person)
        body = client.get(reverse("review", args=[review.pk])).content.decode()
        assert NOTE in body
        assert "Clear the flag" in body


def test_an_assessor_who_left_reads_no_note(client, review, handed_in, bo, cy):
    flag(handed_in, note=NOTE, by=cy)
    bo.groups.clear()
    client.force_login(bo)
    assert NOTE not in client.get(reverse("review", args=[review.pk])).content.decode()


def test_the_learner_finds_it_nowhere(client, review, handed_in, ada, mo):
    flag(handed_in, note=NOTE, by=mo)
    client.force_login(ada)
    for page in ("/", reverse("submissions"), reverse("submission", args=[handed_in.pk])):
        body = client.get(page).content.decode()
        assert NOTE not in body
        assert "second look" not in body
    headers = {"Authorization": f"Bearer {Token.issue(ada, label='test')[1]}"}
    for path in ("submissions", f"submissions/{handed_in.pk}", "queue"):
        body = client.get(f"/api/v1/{path}", headers=headers).content.decode()
        assert NOTE not in body
        assert "flag" not in body


def test_no_report_tells_it(client, handed_in, ada, mo, programme):
    flag(handed_in, note=NOTE, by=mo)
    report = request_report(programme, kind=ReportKind.PROGRAMME_CSV, by=mo)
    jobs.run_due()
    client.force_login(mo)
    answer = client.get(reverse("report-file", args=[report.pk]))
    content = b"".join(answer.streaming_content)
    assert ada.name.encode() in content
    assert NOTE.encode() not in content


# --- The page --------------------------------------------------------------------------------------


def test_the_button_saves_the_sheet_and_asks_for_the_note(client, review, bo, achievement):
    client.force_login(bo)
    criterion = achievement.criteria[0]
    sheet = {"version": "1", "feedback": "", f"comment-{criterion.pk}": "Begun.", "flag": "1"}
    answer = client.post(reverse("save-scores", args=[review.pk]), sheet)
    assert answer["Location"] == address(review.submission)
    assert review.scores.get().comment == "Begun."


def test_the_page_flags_clears_and_goes_back_to_the_review(client, review, handed_in, bo):
    client.force_login(bo)
    back = reverse("review", args=[review.pk])
    assert client.post(address(handed_in), {"note": NOTE})["Location"] == back
    assert "Clear the flag" in client.get(address(handed_in)).content.decode()
    assert client.post(address(handed_in), {"clear": "1"})["Location"] == back
    assert client.post(address(handed_in), {"clear": "1"}).status_code == 409


def test_a_refusal_keeps_the_note(client, handed_in, bo, bea):
    flag(handed_in, note="His.", by=bo)
    client.force_login(bea)
    answer = client.post(address(handed_in), {"note": NOTE})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert NOTE in body
    assert "His." in body


def test_a_hostile_note_is_shown_as_text(client, review, handed_in, bo):
    flag(handed_in, note="<script>alert(1)</script>", by=bo)
    client.force_login(bo)
    for page in (reverse("queue"), reverse("review", args=[review.pk]), address(handed_in)):
        assert "<script>alert" not in client.get(page).content.decode()
