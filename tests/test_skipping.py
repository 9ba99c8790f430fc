"""Work given back with a reason: not offered again, out of sight after a conflict, seen by who oversees."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Skip, Submission
from assessments.models.skip import Reason
from reviews.claiming import claim, claim_next, release
from reviews.models import Review
from reviews.queueing import added_up, counters_by_programme, queue_of
from reviews.skipping import skip, skipped_by_all
from tests import factories
from workbench.access import Forbidden, may
from workbench.errors import DomainError
from workbench.models import Event

WORDS = "Ada is my niece."


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


@pytest.fixture
def review(bo, handed_in) -> Review:
    return claim(handed_in, by=bo)


def next_for(person) -> Review | None:
    return claim_next(queue_of(person), by=person)


def address(review: Review) -> str:
    return reverse("skip", args=[review.pk])


# --- Skipping --------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["language", "field", "other"])
def test_what_bo_skips_is_offered_to_bea_and_no_more_to_bo(review, bo, bea, handed_in, reason):
    skip(review, reason=reason, words="Written in Dutch.", by=bo)
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.claimed_by, handed_in.lease_until) == ("submitted", None, None)
    assert next_for(bo) is None
    assert handed_in in queue_of(bo)  # seen, only not offered
    assert next_for(bea).submission == handed_in


def test_bo_may_still_claim_by_hand_what_he_skipped(review, bo, handed_in):
    skip(review, reason=Reason.LANGUAGE, by=bo)
    assert claim(handed_in, by=bo).is_open


def test_the_next_in_the_queue_is_offered_instead(review, bo, alan, programme):
    other = factories.make_submission(alan, programme)
    skip(review, reason=Reason.FIELD, by=bo)
    assert next_for(bo).submission == other


def test_a_conflict_of_interest_takes_everything_out_of_sight(review, bo, handed_in, client):
    evidence = handed_in.evidence.get()
    skip(review, reason=Reason.CONFLICT, words=WORDS, by=bo)
    assert handed_in not in queue_of(bo)
    assert not Submission.objects.visible_to(bo).filter(pk=handed_in.pk).exists()
    assert not Review.objects.visible_to(bo).filter(pk=review.pk).exists()
    assert not may(bo, "read-evidence", evidence)
    assert added_up(counters_by_programme(bo, {})).waiting == 0
    assert next_for(bo) is None
    with pytest.raises(DomainError) as refusal:
        claim(handed_in, by=bo)
    assert refusal.value.code == "not-claimable"
    client.force_login(bo)
    for name, pk in (("submission", handed_in.pk), ("review", review.pk), ("evidence-file", evidence.pk)):
        assert client.get(reverse(name, args=[pk])).status_code == 404, name


def test_the_conflict_of_one_hides_nothing_from_the_others(review, bo, bea, cy, ada, handed_in):
    skip(review, reason=Reason.CONFLICT, by=bo)
    for person in (bea, cy, ada):
        assert Submission.objects.visible_to(person).filter(pk=handed_in.pk).exists()
    assert next_for(bea).submission == handed_in


def test_the_trail_holds_the_code_of_the_reason_alone(review, bo, handed_in):
    skip(review, reason=Reason.CONFLICT, words=WORDS, by=bo)
    event = Event.objects.about(handed_in).get(verb="skipped")
    assert event.actor == bo
    assert event.data == {"review": str(review.pk), "reason": "conflict"}


@pytest.mark.parametrize(
    ("reason", "words", "code"),
    [
        ("", "", "unknown-reason"),
        ("tired", "", "unknown-reason"),
        ("other", "  ", "words-missing"),
        ("language", "x" * 501, "text-too-long"),
    ],
)
def test_bad_reasons_are_refused_and_the_work_is_kept(review, bo, handed_in, reason, words, code):
    with pytest.raises(DomainError) as refusal:
        skip(review, reason=reason, words=words, by=bo)
    assert refusal.value.code == code
    handed_in.refresh_from_db()
    assert handed_in.claimed_by == bo
    assert not Skip.objects.exists()


def test_nobody_skips_for_another(review, bea, cy, ada):
    for person in (bea, cy, ada):
        with pytest.raises(Forbidden):
            skip(review, reason=Reason.FIELD, by=person)


def test_what_was_given_back_already_is_not_skipped(review, bo):
    release(review, by=bo)
    with pytest.raises(DomainError) as refusal:
        skip(review, reason=Reason.FIELD, by=bo)
    assert refusal.value.code == "lease-lost"
    assert not Skip.objects.exists()


def test_skipping_again_keeps_the_last_reason(review, bo, handed_in):
    skip(review, reason=Reason.LANGUAGE, by=bo)
    skip(claim(handed_in, by=bo), reason=Reason.CONFLICT, by=bo)
    assert Skip.objects.get().reason == Reason.CONFLICT


def test_the_database_asks_for_words_too(handed_in, bo):
    with pytest.raises(IntegrityError), transaction.atomic():
        Skip.objects.create(submission=handed_in, person=bo, reason="other")


# --- Skipped by everybody --------------------------------------------------------------------------


def test_what_every_assessor_skipped_needs_attention(client, review, bo, bea, cy, handed_in):
    skip(review, reason=Reason.LANGUAGE, by=bo)
    assert skipped_by_all(cy) == set()
    skip(claim(handed_in, by=bea), reason=Reason.CONFLICT, by=bea)
    assert skipped_by_all(cy) == {handed_in.pk}
    client.force_login(cy)
    body = client.get(reverse("queue")).content.decode()
    assert "skipped by everybody" in body
    assert "attention=1" in body
    client.force_login(bo)
    assert "skipped by everybody" not in client.get(reverse("queue")).content.decode()


def test_a_new_assessor_ends_the_need(review, bo, cy, programme, handed_in):
    skip(review, reason=Reason.LANGUAGE, by=bo)
    assert skipped_by_all(cy) == {handed_in.pk}
    factories.grant(factories.make_user("Eve Noël"), "assessor", programme)
    assert skipped_by_all(cy) == set()


def test_an_assessor_who_learns_does_not_count_for_the_own_work(review, bo, cy, ada, programme, handed_in):
    factories.grant(ada, "assessor", programme)
    skip(review, reason=Reason.FIELD, by=bo)
    assert skipped_by_all(cy) == {handed_in.pk}


def test_the_filter_shows_these_alone(client, review, bo, cy, alan, programme, handed_in):
    factories.make_submission(alan, programme)
    skip(review, reason=Reason.LANGUAGE, by=bo)
    client.force_login(cy)
    shown = client.get(reverse("queue"), {"attention": "1"}).context["page"].items
    assert [row.pk for row in shown] == [handed_in.pk]


def test_the_queue_asks_as_many_questions_for_many_skips_as_for_one(client, bo, cy, programme):
    def skipped(number: int) -> None:
        learner = factories.make_user(f"Learner{number} One")
        factories.enrol(programme, learner)
        review = claim(factories.make_submission(learner, programme), by=bo)
        skip(review, reason=Reason.FIELD, by=bo)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("queue")).status_code == 200
        return len(captured)

    client.force_login(cy)
    skipped(0)
    client.get(reverse("queue"))
    with_one = queries()
    for number in range(1, 5):
        skipped(number)
    assert queries() == with_one <= 15


# --- The pages -------------------------------------------------------------------------------------


def test_the_button_saves_the_sheet_and_asks_why(client, review, bo, achievement):
    client.force_login(bo)
    criterion = achievement.criteria[0]
    sheet = {"version": "1", "feedback": "", f"comment-{criterion.pk}": "Begun.", "skip": "1"}
    answer = client.post(reverse("save-scores", args=[review.pk]), sheet)
    assert answer["Location"] == address(review)
    assert review.scores.get().comment == "Begun."
    assert "Conflict of interest" in client.get(address(review)).content.decode()


def test_the_page_gives_back_and_says_so(client, review, bo):
    client.force_login(bo)
    answer = client.post(address(review), {"reason": "conflict", "words": WORDS}, follow=True)
    assert "you see it no more" in answer.content.decode()
    assert Skip.objects.get().words == WORDS


def test_a_refusal_keeps_what_was_written(client, review, bo):
    client.force_login(bo)
    answer = client.post(address(review), {"words": WORDS})
    assert answer.status_code == 422
    assert WORDS in answer.content.decode()


def test_who_oversees_reads_why_and_nobody_else(client, review, bo, bea, cy, mo, ada, handed_in):
    skip(review, reason=Reason.OTHER, words=WORDS, by=bo)
    page = reverse("submission", args=[handed_in.pk])
    for person, reads in ((cy, True), (mo, True), (bea, False), (ada, False)):
        client.force_login(person)
        body = client.get(page).content.decode()
        assert (WORDS in body) is reads, person


def test_a_learner_who_moderates_does_not_read_it_of_the_own_work(
    client, review, bo, ada, programme, handed_in
):
    factories.grant(ada, "moderator", programme)
    skip(review, reason=Reason.OTHER, words=WORDS, by=bo)
    client.force_login(ada)
    assert WORDS not in client.get(reverse("submission", args=[handed_in.pk])).content.decode()
