"""Sentences shared per criterion: who adds them, who changes them, how they come into a review."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews import commenting
from reviews.claiming import claim, release
from reviews.models import BankComment, Review
from reviews.scoring import MAX_COMMENT, Mark, save_scores
from tests import factories
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event

WORDS = "The default policy drops; well argued."
JSON = {"Accept": "application/json"}


@pytest.fixture
def review(ada, bo, programme) -> Review:
    return claim(factories.make_submission(ada, programme), by=bo)


@pytest.fixture
def criterion(achievement):
    return achievement.criteria[0]


@pytest.fixture
def kept(programme, bea) -> BankComment:
    return factories.make_comment(programme, bea, text=WORDS)


@pytest.fixture
def bo_client(client, bo):
    client.force_login(bo)
    return client


def bank(review: Review) -> str:
    return reverse("comment-bank", args=[review.pk])


def refused(code: str, act, *arguments, **named) -> DomainError:
    with pytest.raises(DomainError) as caught:
        act(*arguments, **named)
    assert caught.value.code == code
    return caught.value


# --- Sharing ---------------------------------------------------------------------------------------


def test_what_bo_shares_bea_finds(programme, criterion, bo, bea):
    comment = commenting.share(programme, criterion, text=f"  {WORDS}\r\n", language="en", by=bo)
    assert list(BankComment.objects.visible_to(bea).active().on([criterion])) == [comment]
    assert (comment.text, comment.uses, comment.last_used_at) == (WORDS, 0, None)


@pytest.mark.parametrize("who", ["ada", "alan", "root", "dee"])
def test_others_share_nothing_and_see_nothing(who, kept, programme, criterion, request):
    person = request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        commenting.share(programme, criterion, text=WORDS, language="en", by=person)
    assert not BankComment.objects.visible_to(person).exists()


def test_another_programme_has_its_own_bank(kept, organisation, achievement, bo):
    other = factories.make_programme(organisation, achievement)
    factories.grant(bo, "assessor", other)
    copy = factories.make_comment(other, bo, text=WORDS)
    assert copy.programme_id != kept.programme_id


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        (" \r\n ", "en", "text-missing"),
        ("\0", "en", "text-missing"),
        ("x" * 2001, "en", "text-too-long"),
        (WORDS, "de", "unknown-language"),
        (WORDS, "", "unknown-language"),
    ],
)
def test_bad_input_is_refused_by_name(programme, criterion, bo, text, language, code):
    refused(code, commenting.share, programme, criterion, text=text, language=language, by=bo)
    assert not BankComment.objects.exists()


def test_the_same_words_are_kept_once(kept, programme, criterion, bo):
    refused("comment-kept", commenting.share, programme, criterion, text=WORDS, language="en", by=bo)
    assert BankComment.objects.count() == 1


def test_a_criterion_that_is_not_judged_here_is_refused(organisation, programme, bo):
    elsewhere = factories.make_achievement(organisation).criteria[0]
    refused("unknown-criterion", commenting.share, programme, elsewhere, text=WORDS, language="en", by=bo)


def test_a_bank_that_nobody_could_search_takes_no_more(programme, criterion, bo, monkeypatch):
    monkeypatch.setattr(commenting, "MOST_COMMENTS", 1)
    factories.make_comment(programme, bo)
    refused("too-many-comments", commenting.share, programme, criterion, text=WORDS, language="en", by=bo)


def test_a_new_version_of_the_rubric_keeps_its_comments(kept, organisation, programme, criterion, bea):
    newer = factories.make_achievement(organisation)
    same = newer.criteria[0]
    type(same).objects.filter(pk=same.pk).update(identifier=criterion.identifier)
    same.refresh_from_db()
    assert list(BankComment.objects.active().on([same])) == [kept]


# --- Changing --------------------------------------------------------------------------------------


def test_bea_rewords_her_own_and_cy_anybodys(kept, bea, cy):
    commenting.reword(kept, version=1, text="Shorter.", language="fr", by=bea)
    commenting.reword(kept, version=2, text="Shorter still.", language="en", by=cy)
    kept.refresh_from_db()
    assert (kept.text, kept.version, kept.language) == ("Shorter still.", 3, "en")


def test_bo_changes_nothing_of_beas(kept, bo):
    for act in (
        lambda: commenting.reword(kept, version=1, text="Mine.", language="en", by=bo),
        lambda: commenting.retire(kept, by=bo),
        lambda: commenting.restore(kept, by=bo),
    ):
        with pytest.raises(Forbidden):
            act()


def test_an_author_who_left_changes_nothing(kept, bea):
    bea.groups.clear()
    bea.forget_grants()
    with pytest.raises(Forbidden):
        commenting.retire(kept, by=bea)


def test_of_two_who_reword_the_second_is_told(kept, bea, cy):
    commenting.reword(kept, version=1, text="First.", language="en", by=bea)
    error = refused("stale", commenting.reword, kept, version=1, text="Second.", language="en", by=cy)
    assert error.extra == {"version": 2, "kept": "First."}
    kept.refresh_from_db()
    assert kept.text == "First."


def test_rewording_into_what_is_kept_already_is_refused(kept, programme, bea):
    other = factories.make_comment(programme, bea)
    refused("comment-kept", commenting.reword, other, version=1, text=WORDS, language="en", by=bea)


def test_a_retired_comment_leaves_the_list_and_comes_back(kept, bea):
    commenting.retire(kept, by=bea)
    assert not BankComment.objects.active().exists()
    commenting.restore(kept, by=bea)
    assert BankComment.objects.active().get() == kept


def test_a_retired_comment_that_was_added_again_stays_retired(kept, programme, bea):
    commenting.retire(kept, by=bea)
    factories.make_comment(programme, bea, text=WORDS)
    refused("comment-kept", commenting.restore, kept, by=bea)


def test_the_trail_tells_the_acts_without_the_words(kept, programme, bea):
    commenting.retire(kept, by=bea)
    events = list(Event.objects.about(programme).filter(verb__startswith="comment-").in_order())
    assert [event.verb for event in events] == ["comment-shared", "comment-retired"]
    assert WORDS not in str([event.data for event in events])


# --- Inserting -------------------------------------------------------------------------------------


def test_inserting_goes_below_what_is_written_and_is_counted(kept, review, criterion, bo):
    level = criterion.levels.get(position=2)
    review = save_scores(review, version=1, marks=[Mark(criterion, level, "My own words.\n")], by=bo)
    commenting.insert(kept, review, criterion, by=bo)
    score = review.scores.get(criterion=criterion)
    assert (score.level, score.comment) == (level, f"My own words.\n{WORDS}")
    kept.refresh_from_db()
    assert kept.uses == 1
    assert kept.last_used_at is not None


def test_inserting_into_an_empty_field_writes_the_comment_alone(kept, review, criterion, bo):
    commenting.insert(kept, review, criterion, by=bo)
    assert review.scores.get(criterion=criterion).comment == WORDS


def test_a_text_that_would_be_too_long_is_refused_and_not_counted(kept, review, criterion, bo):
    review = save_scores(review, version=1, marks=[Mark(criterion, None, "x" * MAX_COMMENT)], by=bo)
    refused("text-too-long", commenting.insert, kept, review, criterion, by=bo)
    kept.refresh_from_db()
    assert kept.uses == 0
    assert review.scores.get(criterion=criterion).comment == "x" * MAX_COMMENT


def test_a_retired_comment_is_inserted_no_more(kept, review, criterion, bo, bea):
    commenting.retire(kept, by=bea)
    refused("comment-retired", commenting.insert, kept, review, criterion, by=bo)


def test_nobody_inserts_into_the_review_of_another(kept, review, criterion, bea, cy):
    for person in (bea, cy):
        with pytest.raises(Forbidden):
            commenting.insert(kept, review, criterion, by=person)


def test_who_uses_a_comment_is_kept_nowhere(kept, review, bo):
    before = Event.objects.count()
    commenting.use(kept, review, by=bo)
    assert Event.objects.count() == before
    people = [field.name for field in BankComment._meta.get_fields() if field.is_relation]
    assert sorted(people) == ["author", "criterion", "programme"]


def test_ones_own_language_comes_first_then_what_is_used_most(programme, bo):
    for text, language, uses in (("a", "fr", 0), ("b", "en", 9), ("c", "fr", 3)):
        factories.make_comment(programme, bo, text=text, language=language, uses=uses)
    assert [one.text for one in BankComment.objects.best_first("fr")] == ["c", "a", "b"]
    assert [one.text for one in BankComment.objects.best_first("en")] == ["b", "c", "a"]


# --- The pages -------------------------------------------------------------------------------------


def test_the_button_saves_the_sheet_and_opens_the_bank(kept, review, criterion, bo_client):
    sheet = {"version": "1", "feedback": "", f"comment-{criterion.pk}": "My own words."}
    answer = bo_client.post(reverse("save-scores", args=[review.pk]), sheet | {"bank": str(criterion.pk)})
    assert answer["Location"] == f"{bank(review)}?criterion={criterion.pk}"
    body = bo_client.get(answer["Location"]).content.decode()
    assert WORDS in body
    assert ">My own words.</textarea>" in body.replace("\n", "")


def test_choosing_without_scripts_inserts_and_goes_back(kept, review, criterion, bo_client):
    answer = bo_client.post(bank(review), {"criterion": str(criterion.pk), "comment": str(kept.pk)})
    assert answer["Location"] == f"{reverse('review', args=[review.pk])}#comment-{criterion.pk}"
    assert WORDS in bo_client.get(reverse("review", args=[review.pk])).content.decode()


def test_the_browser_counts_what_it_inserted_itself(kept, review, bo_client):
    assert bo_client.post(bank(review), {"used": str(kept.pk)}, headers=JSON).status_code == 200
    kept.refresh_from_db()
    assert kept.uses == 1
    assert not review.scores.exists()


@pytest.mark.parametrize("named", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_what_the_bank_does_not_hold_is_refused(named, review, bo_client):
    assert bo_client.post(bank(review), {"used": named}, headers=JSON).status_code == 409
    assert bo_client.post(bank(review), {"comment": named}).status_code == 409


def test_what_was_just_written_goes_into_the_bank(review, criterion, bo_client):
    data = {"criterion": str(criterion.pk), "text": WORDS, "language": "nl"}
    assert bo_client.post(bank(review), data).status_code == 302
    assert (kept := BankComment.objects.get()).language == "nl"
    assert kept.criterion == criterion
    again = bo_client.post(bank(review), data)
    assert again.status_code == 409
    assert "The bank has this comment already." in again.content.decode()
    data["text"] = "In the dialog."
    part = bo_client.post(bank(review), data, headers={"HX-Request": "true"}).content.decode()
    assert "In the dialog." in part
    assert "<html" not in part


def test_the_list_is_searched_by_all_its_words(programme, review, bo, bo_client):
    for text in ("Drops by default.", "Drops late.", "Default route."):
        factories.make_comment(programme, bo, text=text)
    body = bo_client.get(bank(review), {"q": "default drops"}).content.decode()
    assert "Drops by default." in body
    assert "Drops late." not in body
    assert "No comment holds these words." in bo_client.get(bank(review), {"q": "zz"}).content.decode()


def test_another_criterion_than_the_rubrics_is_refused(review, bo_client):
    assert bo_client.get(bank(review), {"criterion": "nonsense"}).status_code == 422


def test_a_closed_review_opens_no_bank(review, bo, bo_client):
    release(review, by=bo)
    assert bo_client.get(bank(review)).status_code == 409


def test_hostile_words_are_shown_as_text(programme, review, bo, bo_client):
    factories.make_comment(programme, bo, text="</button><script>alert(1)</script>")
    for address in (bank(review), reverse("programme-comments", args=[programme.pk])):
        body = bo_client.get(address).content.decode()
        assert "&lt;script&gt;alert(1)" in body
        assert "<script>alert" not in body


def test_the_bank_asks_as_many_questions_for_many_as_for_one(programme, review, bo, bo_client):
    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert bo_client.get(address).status_code == 200
        return len(captured)

    addresses = [bank(review), reverse("programme-comments", args=[programme.pk])]
    factories.make_comment(programme, bo)
    few = [queries(address) for address in addresses]
    for _number in range(30):
        factories.make_comment(programme, bo)
    assert [queries(address) for address in addresses] == few
    assert max(few) <= 15


def test_the_page_of_the_bank_adds_filters_and_retires(programme, criterion, bo, bo_client):
    address = reverse("programme-comments", args=[programme.pk])
    data = {"criterion": str(criterion.pk), "text": WORDS, "language": "en"}
    assert bo_client.post(address, data).status_code == 302
    kept = BankComment.objects.get()
    assert WORDS in bo_client.get(address, {"language": "en"}).content.decode()
    assert WORDS not in bo_client.get(address, {"language": "nl"}).content.decode()
    one = reverse("programme-comment", args=[programme.pk, kept.pk])
    bo_client.post(one, {"retire": "1"})
    assert WORDS not in bo_client.get(address).content.decode()
    assert WORDS in bo_client.get(address, {"retired": "on"}).content.decode()
    bo_client.post(one, {"restore": "1"})
    assert WORDS in bo_client.get(address).content.decode()


def test_a_comment_changed_meanwhile_shows_both_texts(kept, programme, bea, cy, client):
    client.force_login(cy)
    one = reverse("programme-comment", args=[programme.pk, kept.pk])
    commenting.reword(kept, version=1, text="Hers.", language="en", by=bea)
    answer = client.post(one, {"text": "Mine.", "language": "en", "version": "1"})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Hers." in body
    assert "Mine." in body
    assert 'name="version" value="2"' in body
    assert client.post(one, {"text": "Mine.", "language": "en", "version": "2"}).status_code == 302
    kept.refresh_from_db()
    assert kept.text == "Mine."
