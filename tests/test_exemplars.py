"""Exemplars: made of judged work by those who oversee, with the learner's consent, and never changed."""

import pytest

from assessments.models import Submission
from assessments.submitting import submit
from reviews.claiming import claim
from reviews.deciding import decide
from reviews.exemplifying import Agreed, agree, answer, look, make, publish, retire, revise
from reviews.models import Exemplar
from reviews.models.decision import Outcome
from reviews.models.exemplar import CONSENT_VERSION
from reviews.scoring import Mark, save_scores
from reviews.skipping import skip
from reviews.unnaming import names_in
from tests import factories
from workbench.access import Forbidden, may
from workbench.errors import DomainError
from workbench.models import Event, Notification


@pytest.fixture
def judged(ada, programme, bea) -> Submission:
    """Ada's work, approved by Bea at the third level throughout."""
    submission = factories.make_submission(ada, programme)
    factories.make_decision(submission, bea)
    submission.refresh_from_db()
    return submission


@pytest.fixture
def draft(judged, cy) -> Exemplar:
    return factories.make_exemplar(judged, cy, published=False)


@pytest.fixture
def exemplar(judged, cy) -> Exemplar:
    return factories.make_exemplar(judged, cy)


def refused(code: str, act, *args, **given) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        act(*args, **given)
    assert refusal.value.code == code
    return refusal.value


# --- Making ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["cy", "mo"])
def test_who_oversees_makes_one_and_the_decision_fills_it(who, judged, request):
    person = request.getfixturevalue(who)
    exemplar = make(judged, name="  Default\n drop ", note="A branch office.", by=person)
    assert (exemplar.name, exemplar.note, exemplar.is_draft) == ("Default drop", "A branch office.", True)
    agreed = exemplar.agreed_levels.select_related("level", "criterion")
    assert [(one.criterion.code, one.level.position, one.reason) for one in agreed] == [
        ("C1", 3, "Well argued."),
        ("C2", 3, "Well argued."),
    ]
    assert exemplar.known_to.get() == person


@pytest.mark.parametrize("who", ["ada", "alan", "bo", "bea", "root", "dee"])
def test_nobody_else_makes_changes_publishes_or_retires_one(who, judged, draft, request):
    person = request.getfixturevalue(who)
    for act in (
        lambda: make(judged, name="Mine", by=person),
        lambda: agree(draft, name="Mine", note="", levels=[], by=person),
        lambda: look(draft, by=person),
        lambda: publish(draft, looked_through=True, by=person),
        lambda: retire(draft, by=person),
        lambda: revise(draft, by=person),
    ):
        with pytest.raises(Forbidden):
            act()


def test_nobody_makes_an_exemplar_of_the_own_work(judged, ada, programme):
    factories.grant(ada, "moderator", programme)
    with pytest.raises(Forbidden):
        make(judged, name="Mine", by=ada)


def test_a_conflict_of_interest_keeps_from_it(alan, programme, cy, bea):
    factories.grant(cy, "assessor", programme)
    submission = factories.make_submission(alan, programme)
    skip(claim(submission, by=cy), reason="conflict", words="", by=cy)
    factories.make_decision(submission, bea)
    submission.refresh_from_db()
    assert not may(cy, "exemplify", submission)


def test_only_released_decisions_become_exemplars(alan, programme, bo, cy):
    waiting = factories.make_submission(alan, programme)
    refused("not-decided", make, waiting, name="Early", by=cy)
    factories.make_review(waiting, bo)
    refused("not-decided", make, waiting, name="Early", by=cy)


def test_returned_work_may_be_one_too(alan, programme, bo, cy):
    submission = factories.make_submission(alan, programme)
    factories.make_decision(submission, bo, outcome=Outcome.RETURN)
    submission.refresh_from_db()
    assert [one.level.position for one in make(submission, name="Weak", by=cy).agreed_levels.all()] == [2, 2]


def test_a_score_without_a_comment_leaves_the_level_to_be_agreed(alan, programme, bo, cy):
    submission = factories.make_submission(alan, programme)
    review = claim(submission, by=bo)
    first, second = submission.achievement.criteria
    marks = [
        Mark(first, first.levels.get(position=4), "  "),
        Mark(second, second.levels.get(position=3), "x" * 4000),
    ]
    save_scores(review, version=review.version, marks=marks, by=bo)
    decide(review, outcome=Outcome.APPROVE, feedback="", by=bo)
    submission.refresh_from_db()
    agreed = make(submission, name="Partly", by=cy).agreed_levels.get()
    assert (agreed.criterion, len(agreed.reason)) == (second, 2000)


@pytest.mark.parametrize(
    ("name", "code"), [("", "name-missing"), (" \0\n", "name-missing"), ("x" * 121, "text-too-long")]
)
def test_it_has_a_name(judged, cy, name, code):
    refused(code, make, judged, name=name, by=cy)
    assert not Exemplar.objects.exists()


def test_one_work_is_one_exemplar(judged, draft, mo):
    refused("exemplar-exists", make, judged, name="Again", by=mo)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_make_one_at_once_one_is_told(judged, cy, mo):
    answers = factories.at_once(lambda person: make(judged, name="At once", by=person), [cy, mo])
    assert sorted(type(one).__name__ for one in answers) == ["DomainError", "Exemplar"]
    assert Exemplar.objects.count() == 1


# --- The learner's consent -------------------------------------------------------------------------


def test_the_learner_is_asked_and_the_maker_is_told_the_answer(judged, ada, cy):
    exemplar = make(judged, name="Default drop", by=cy)
    assert ada.notifications.get(kind="exemplar-asked").subject_id == exemplar.pk
    assert exemplar.asked_at and not exemplar.has_consent
    answer(exemplar, agrees=True, by=ada)
    exemplar.refresh_from_db()
    assert exemplar.has_consent and exemplar.consent_version == CONSENT_VERSION
    told = Notification.objects.get(kind="exemplar-answered")
    assert (told.recipient, told.data["agrees"]) == (cy, True)
    assert "Ada" not in str(told.data)


@pytest.mark.parametrize("who", ["alan", "bo", "cy", "mo", "root", "dee"])
def test_nobody_answers_for_the_learner(who, draft, request):
    with pytest.raises(Forbidden):
        answer(draft, agrees=True, by=request.getfixturevalue(who))
    draft.refresh_from_db()
    assert not draft.has_consent


def test_without_an_answer_or_with_a_no_nothing_is_published(draft, ada, cy):
    refused("no-consent", publish, draft, looked_through=True, by=cy)
    answer(draft, agrees=False, by=ada)
    refused("no-consent", publish, draft, looked_through=True, by=cy)
    answer(draft, agrees=True, by=ada)
    assert publish(draft, looked_through=True, by=cy).is_in_use


def test_a_no_at_any_later_time_takes_it_out_of_use_at_once(exemplar, ada):
    answer(exemplar, agrees=False, by=ada)
    exemplar.refresh_from_db()
    assert exemplar.is_retired and not exemplar.has_consent
    refused("exemplar-retired", answer, exemplar, agrees=True, by=ada)


def test_nobody_is_asked_twice(exemplar, judged, ada, cy):
    answer(exemplar, agrees=False, by=ada)
    refused("no-consent", make, judged, name="Please", by=cy)
    refused("no-consent", revise, exemplar, by=cy)
    assert ada.notifications.filter(kind="exemplar-asked").count() == 1


def test_the_trail_tells_the_acts_and_the_version_agreed_to(exemplar, cy, ada):
    events = [(one.verb, one.actor) for one in Event.objects.about(exemplar).in_order()]
    assert events == [
        ("exemplar-made", cy),
        ("exemplar-agreed", cy),
        ("exemplar-agreed-to", ada),
        ("exemplar-published", cy),
    ]
    assert Event.objects.get(verb="exemplar-agreed-to").data == {"version": CONSENT_VERSION}


# --- Agreeing and publishing -----------------------------------------------------------------------


def test_another_overseer_goes_on_with_a_draft(draft, mo):
    first = draft.submission.achievement.criteria[0]
    level = first.levels.get(position=1)
    agree(draft, name="Renamed", note="", levels=[Agreed(first, level, "No default.")], by=mo)
    draft.refresh_from_db()
    assert draft.name == "Renamed"
    assert [(one.level.position, one.reason) for one in draft.agreed_levels.all()] == [
        (1, "No default."),
        (3, "Because of C2."),
    ]
    assert draft.known_to.count() == 2


def test_a_level_goes_with_its_reason(draft, cy):
    first = draft.submission.achievement.criteria[0]
    level = first.levels.get(position=1)
    for one in (Agreed(first, level, "  "), Agreed(first, None, "Why?")):
        refused("reason-missing", agree, draft, name="Draft", note="", levels=[one], by=cy)
    assert draft.agreed_levels.first().reason == "Because of C1."
    agree(draft, name="Draft", note="", levels=[Agreed(first, None, "")], by=cy)
    assert draft.agreed_levels.count() == 1


def test_levels_of_other_rubrics_and_criteria_are_refused(draft, cy, organisation):
    first, second = draft.submission.achievement.criteria
    strange = factories.make_achievement(organisation).criteria[0]
    wrong = [
        ("unknown-level", Agreed(first, second.levels.first(), "Why")),
        ("unknown-criterion", Agreed(strange, strange.levels.first(), "Why")),
    ]
    for code, one in wrong:
        refused(code, agree, draft, name="Draft", note="", levels=[one], by=cy)


def test_publishing_asks_for_every_level_and_a_look_for_names(draft, ada, cy):
    answer(draft, agrees=True, by=ada)
    refused("not-looked-through", publish, draft, looked_through=False, by=cy)
    draft.agreed_levels.first().delete()
    assert "C1" in str(refused("agreed-levels-missing", publish, draft, looked_through=True, by=cy))
    draft.refresh_from_db()
    assert draft.is_draft


def test_a_published_exemplar_never_changes(exemplar, cy):
    refused("exemplar-published", agree, exemplar, name="New", note="", levels=[], by=cy)
    refused("exemplar-published", publish, exemplar, looked_through=True, by=cy)
    retire(exemplar, by=cy)
    refused("exemplar-published", agree, exemplar, name="New", note="", levels=[], by=cy)
    refused("exemplar-retired", retire, exemplar, by=cy)


def test_a_new_one_takes_its_place_only_when_it_is_published(exemplar, cy, mo):
    draft = revise(exemplar, by=mo)
    exemplar.refresh_from_db()
    assert exemplar.is_in_use and draft.replaces == exemplar and draft.has_consent
    assert draft.agreed_levels.count() == exemplar.agreed_levels.count()
    refused("exemplar-exists", revise, exemplar, by=cy)
    refused("exemplar-exists", revise, draft, by=cy)
    publish(draft, looked_through=True, by=cy)
    exemplar.refresh_from_db()
    assert exemplar.is_retired
    assert Exemplar.objects.in_use().get() == draft


def test_a_no_while_a_new_one_is_drafted_stops_both(exemplar, ada, cy):
    draft = revise(exemplar, by=cy)
    answer(draft, agrees=False, by=ada)
    exemplar.refresh_from_db()
    assert exemplar.is_retired
    refused("no-consent", publish, draft, looked_through=True, by=cy)


@pytest.mark.django_db(transaction=True)
def test_a_no_and_a_publication_at_once_never_leave_it_in_use(draft, ada, cy):
    answer(draft, agrees=True, by=ada)

    def act(person):
        if person == ada:
            return answer(draft, agrees=False, by=ada)
        return publish(draft, looked_through=True, by=cy)

    factories.at_once(act, [ada, cy])
    assert not Exemplar.objects.in_use().exists()


# --- Who sees it -----------------------------------------------------------------------------------


def test_drafts_are_for_overseers_and_what_is_in_use_for_all_who_work_there(
    draft, ada, bo, cy, mo, root, dee
):
    def seen_by(person) -> bool:
        return Exemplar.objects.visible_to(person).filter(pk=draft.pk).exists()

    assert [seen_by(one) for one in (cy, mo, bo, ada, root, dee)] == [True, True, False, False, False, False]
    answer(draft, agrees=True, by=ada)
    publish(draft, looked_through=True, by=cy)
    assert [seen_by(one) for one in (cy, mo, bo, ada, root, dee)] == [True, True, True, False, False, False]


def test_a_learner_who_works_there_never_sees_the_own(exemplar, ada, programme):
    for role in ("assessor", "moderator", "manager"):
        factories.grant(ada, role, programme)
    ada.forget_grants()
    assert not Exemplar.objects.visible_to(ada).exists()


def test_agreed_levels_are_for_whom_they_give_nothing_away(exemplar, bo, bea, cy, mo, programme):
    assert [may(one, "read-agreed-levels", exemplar) for one in (cy, mo, bea, bo)] == [
        True,
        True,
        True,
        False,
    ]
    factories.grant(mo, "assessor", programme)
    mo.forget_grants()
    assert not may(mo, "read-agreed-levels", exemplar)
    look(exemplar, by=mo)
    assert may(mo, "read-agreed-levels", exemplar) and not may(mo, "calibrate", exemplar)


# --- Names -----------------------------------------------------------------------------------------


def test_where_the_learner_is_named_is_found(programme, ada, bo, cy):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(
        draft,
        title="Rules of DELCOURT",
        name="delcourt.v4",
        content=factories.RULES + b"# written by ada@example.org\n",
    )
    factories.make_text(draft, "Nobody is named in this.")
    submit(draft, declaration=True, by=ada)
    assert [(place.item.title, str(place.part)) for place in names_in(draft)] == [
        ("Rules of DELCOURT", "the title"),
        ("Rules of DELCOURT", "the file name"),
        ("Rules of DELCOURT", "the content"),
    ]


def test_a_name_of_three_letters_is_left_to_the_eye(programme, ada):
    draft = factories.make_draft(ada, programme)
    factories.make_text(draft, "An adaptation.")
    assert names_in(draft) == []
