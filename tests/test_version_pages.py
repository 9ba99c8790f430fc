"""The pages of versions, walked: Root looks who is hit, defines and chooses, Mo offers, Ada answers."""

import pytest
from django.urls import reverse

from assessments.models import Achievement, RubricMove, Submission
from assessments.models.referential import AdoptionStatus
from assessments.versioning import Uptake, new_version, offer_moves, take_up
from reviews.claiming import claim
from reviews.models import Review
from reviews.models.decision import Outcome
from tests import factories
from tests.test_versioning import definition_on, newer_rubric


@pytest.fixture
def achievement(achievement) -> Achievement:
    return Achievement.objects.get(pk=achievement.pk)


@pytest.fixture
def rubric(achievement, organisation):
    return newer_rubric(achievement.rubric, organisation)


@pytest.fixture
def draft(ada, programme) -> Submission:
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    return draft


@pytest.fixture
def new(achievement, rubric, root) -> Achievement:
    return new_version(achievement, rubric, by=root, **definition_on(rubric))


@pytest.fixture
def move(draft, programme, new, mo, root) -> RubricMove:
    take_up(programme, new, uptake=Uptake.NEW, by=root)
    return offer_moves(programme, new, by=mo)[0]


def page(client, person, name, *args) -> str:
    client.force_login(person)
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200, response
    return " ".join(response.content.decode().split())


def test_the_counts_are_told_before_adopting(client, draft, rubric, root, dee):
    rubric.referential.adoption_status = AdoptionStatus.DRAFT
    rubric.referential.save()
    shown = page(client, root, "referential", rubric.referential.pk)
    assert "One achievement rests on an earlier version" in shown
    assert "drafts and returned work (1)" in shown
    assert reverse("referential-impact", args=[rubric.referential.pk]) in shown
    assert "binds nobody until it is adopted" in page(
        client, root, "referential-impact", rubric.referential.pk
    )
    client.force_login(dee)
    assert client.get(reverse("referential-impact", args=[rubric.referential.pk])).status_code == 404


def test_a_first_version_hits_nobody(client, achievement, root):
    shown = page(client, root, "referential-impact", achievement.rubric.referential.pk)
    assert "Nobody is hit" in shown
    assert "Who is hit" not in page(client, root, "referential", achievement.rubric.referential.pk)


def test_root_defines_from_what_is_there_and_is_told_what_does_not_fit(client, achievement, rubric, root):
    shown = page(client, root, "referential-impact", rubric.referential.pk)
    where = reverse("new-version", args=[achievement.pk, rubric.pk])
    assert where in shown
    shown = page(client, root, "new-version", achievement.pk, rubric.pk)
    assert "C3 Criterion 3 is new" in shown and "C2 Criterion 2 is gone" in shown
    assert achievement.names["fr"] in shown
    kept = rubric.criteria.get(code="C1")
    posted = {
        "names_en": "Firewall management",
        "descriptions_en": "Anew.",
        "narratives_en": "Anew.",
        "competencies": [str(one.pk) for one in rubric.referential.competencies.all()],
        f"required_{kept.pk}": str(kept.levels.get(position=3).pk),
    }
    refused = client.post(where, posted | {"names_en": ""})
    assert refused.status_code == 422
    assert client.post(where, posted).status_code == 302
    assert Achievement.objects.get(replaces=achievement).version == "2.0"
    # A second one is refused, on the page.
    assert "has a successor already" in client.post(where, posted).content.decode()


def test_root_chooses_and_mo_offers(client, draft, programme, achievement, new, mo, root):
    referential = new.rubric.referential
    args = [referential.pk, programme.pk, new.pk]
    shown = page(client, root, "referential-impact", referential.pk)
    assert reverse("take-up-version", args=args) in shown
    assert reverse("offer-moves", args=args) not in shown
    client.post(reverse("take-up-version", args=args), {"uptake": "new"})
    assert achievement in programme.closed.all()
    shown = page(client, mo, "referential-impact", referential.pk)
    assert reverse("take-up-version", args=args) not in shown
    client.post(reverse("offer-moves", args=args))
    assert RubricMove.objects.get().submission == draft
    shown = page(client, mo, "referential-impact", referential.pk)
    assert "1 open, 0 moved, 0 kept" in shown and draft.learner.name not in shown
    again = client.post(reverse("offer-moves", args=args), follow=True).content.decode()
    assert "Nobody has a draft" in again
    assert "nobody starts with it any more" in page(client, mo, "programme", programme.pk)


def test_ada_reads_what_changes_and_moves(client, move, draft, new, ada):
    where = reverse("move", args=[move.pk])
    assert where in page(client, ada, "submission", draft.pk)
    shown = page(client, ada, "move", move.pk)
    assert "Levels worded anew: Level 1." in shown
    assert "Nothing is asked for it any more." in shown and "C3 Criterion 3" in shown
    assert draft.evidence.get().title in shown
    assert "Choose:" in client.post(where, {"answer": ""}, follow=True).content.decode()
    client.post(where, {"answer": "move"})
    assert Submission.objects.get(pk=draft.pk).achievement == new
    assert "You answered" in page(client, ada, "move", move.pk)
    assert where not in page(client, ada, "submission", draft.pk)
    assert "already" in client.post(where, {"answer": "keep"}, follow=True).content.decode()


def test_the_words_of_a_stranger_stay_words(client, move, draft, ada):
    draft.evidence.update(title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(client, ada, "move", move.pk)


def test_after_the_hand_in_the_offer_says_that_it_has_ended(client, move, draft, ada):
    client.force_login(ada)
    client.post(reverse("submit", args=[draft.pk]), {"declaration": "on", "language": "en"})
    assert Submission.objects.get(pk=draft.pk).state == "submitted"
    assert "This offer has ended" in page(client, ada, "move", move.pk)


def test_an_earned_version_is_told_beside_the_new_one(client, ada, bo, programme, new, root):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    take_up(programme, new, uptake=Uptake.NEW, by=root)
    shown = page(client, ada, "submissions")
    assert "You earned version 1.0 already" in shown


def test_bo_reviews_what_was_moved_after_a_return(client, ada, bo, programme, new, mo, root):
    factories.make_decision(factories.make_submission(ada, programme), bo, Outcome.RETURN)
    take_up(programme, new, uptake=Uptake.NEW, by=root)
    [move] = offer_moves(programme, new, by=mo)
    client.force_login(ada)
    assert "Your next attempt begins with what you choose here" in page(client, ada, "move", move.pk)
    client.post(reverse("move", args=[move.pk]), {"answer": "move"})
    client.post(reverse("start-submission", args=[programme.pk, new.pk]))
    draft = Submission.objects.get(achievement=new)
    for item in draft.evidence.all():
        item.supports.get_or_create(criterion=new.rubric.criteria.first())
    client.post(reverse("submit", args=[draft.pk]), {"declaration": "on", "language": "en"})
    claim(Submission.objects.get(pk=draft.pk), by=bo)
    shown = page(client, bo, "review", Review.objects.get(submission=draft).pk)
    assert "C3" in shown


def test_my_work_asks_no_query_for_each_achievement(
    client, ada, organisation, programme, django_assert_max_num_queries
):
    for number in range(12):
        programme.achievements.add(
            factories.make_achievement(organisation, code=f"more-{number}", names={"en": f"More {number}"})
        )
    client.force_login(ada)
    client.get(reverse("submissions"))
    with django_assert_max_num_queries(30):
        client.get(reverse("submissions"))
