"""The pages of exemplars and calibration: made, agreed to, scored with scripts and without, overseen."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Submission
from reviews.calibrating import ask, start
from reviews.exemplifying import answer, make
from reviews.models import Calibration, Exemplar, MarkingPolicy
from tests import factories
from workbench.models import User

JSON = {"Accept": "application/json"}


def judged(learner: User, programme, assessor: User) -> Submission:
    submission = factories.make_submission(learner, programme)
    factories.make_decision(submission, assessor)
    submission.refresh_from_db()
    return submission


@pytest.fixture
def work(ada, programme, bea) -> Submission:
    return judged(ada, programme, bea)


@pytest.fixture
def exemplar(work, cy) -> Exemplar:
    return factories.make_exemplar(work, cy, name="Default drop")


@pytest.fixture
def calibration(exemplar, bo) -> Calibration:
    return start(exemplar, by=bo)


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def address(name: str, subject) -> str:
    return reverse(name, args=[subject.pk])


def filled(
    calibration: Calibration, *positions: int, comment: str = "I see it so.", **fields
) -> dict[str, str]:
    data = {"version": str(calibration.version)}
    criteria = calibration.exemplar.submission.achievement.criteria
    for criterion, position in zip(criteria, positions, strict=False):
        data[f"level-{criterion.pk}"] = str(criterion.levels.get(position=position).pk)
        data[f"comment-{criterion.pk}"] = comment
    return data | fields


def body(answer_) -> str:
    return answer_.content.decode()


# --- Making one ------------------------------------------------------------------------------------


def test_cy_makes_one_of_judged_work_and_ada_is_asked(as_, work, cy, ada):
    page = body(as_(cy).get(reverse("exemplars", args=[work.programme_id])))
    assert address("make-exemplar", work) in page
    assert address("make-exemplar", work) in body(as_(cy).get(address("submission", work)))
    answered = as_(cy).post(
        address("make-exemplar", work), {"name": "Default drop", "note": "A branch office."}
    )
    made = Exemplar.objects.get()
    assert answered["Location"] == address("exemplar", made)
    assert as_(cy).get(address("make-exemplar", work))["Location"] == address("exemplar", made)
    draft = body(as_(cy).get(address("exemplar", made)))
    assert "Well argued." in draft and "has not answered yet" in draft
    assert "Ada" not in draft
    question = body(as_(ada).get(address("exemplar-consent", made)))
    assert "May assessors practise on your work?" in question
    assert address("exemplar-consent", made) in body(as_(ada).get(address("submission", work)))


def test_the_page_warns_where_the_learner_is_named(as_, programme, ada, bea, cy):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft, name="delcourt-rules.v4")
    from_her = factories.submit(draft, declaration=True, by=ada)
    factories.make_decision(from_her, bea)
    page = body(as_(cy).get(address("make-exemplar", from_her)))
    assert "The learner seems to be named" in page and "the file name" in page


def test_a_refusal_keeps_what_was_written(as_, work, cy):
    made = make(work, name="Default drop", by=cy)
    first, second = work.achievement.criteria
    given = {
        "name": "Renamed",
        "note": "Half done.",
        f"level-{first.pk}": str(first.levels.get(position=1).pk),
        f"comment-{first.pk}": "",
        f"comment-{second.pk}": "Because of its tests.",
    }
    answered = as_(cy).post(address("exemplar", made), given)
    page = body(answered)
    assert answered.status_code == 422
    assert "Renamed" in page and "Half done." in page and "Because of its tests." in page
    made.refresh_from_db()
    assert made.name == "Default drop"


def test_publishing_saves_first_and_shows_why_it_is_refused(as_, work, cy, ada):
    made = make(work, name="Default drop", by=cy)
    answer(made, agrees=True, by=ada)
    given = {"name": "Renamed", "note": "", "publish": "1"}
    answered = as_(cy).post(address("exemplar", made), given)
    assert answered.status_code == 422 and "Look through the evidence for names first" in body(answered)
    made.refresh_from_db()
    assert (made.name, made.is_draft) == ("Renamed", True)
    as_(cy).post(address("exemplar", made), given | {"looked_through": "1"})
    made.refresh_from_db()
    assert made.is_in_use


def test_a_strange_criterion_is_refused_in_words(as_, exemplar, work, cy):
    as_(cy).post(address("exemplar", exemplar), {"revise": "1"})
    draft = Exemplar.objects.get(published_at=None)
    answered = as_(cy).post(address("exemplar", draft), {"name": "New", f"level-{work.pk}": "1"})
    assert answered.status_code == 422 and "does not belong to the rubric" in body(answered)


def test_replacing_and_retiring_by_the_buttons(as_, exemplar, mo):
    client = as_(mo)
    assert "Make a new one that replaces it" in body(client.get(address("exemplar", exemplar)))
    client.post(address("exemplar", exemplar), {"revise": "1"})
    draft = Exemplar.objects.get(replaces=exemplar)
    given = {"name": draft.name, "note": "", "publish": "1", "looked_through": "1"}
    client.post(address("exemplar", draft), given)
    assert client.get(address("exemplar", draft)).status_code == 200
    client.post(address("exemplar", draft), {"retire": "1"})
    assert not Exemplar.objects.in_use().exists()


# --- Consent ---------------------------------------------------------------------------------------


def test_ada_says_yes_then_no(as_, work, ada, cy):
    made = make(work, name="Default drop", by=cy)
    client = as_(ada)
    assert client.post(address("exemplar-consent", made)).status_code == 422
    client.post(address("exemplar-consent", made), {"answer": "yes"})
    made.refresh_from_db()
    assert made.has_consent and "You agreed on" in body(client.get(address("exemplar-consent", made)))
    client.post(address("exemplar-consent", made), {"answer": "no"})
    made.refresh_from_db()
    assert made.refused_at and "Your work is not used" in body(client.get(address("exemplar-consent", made)))


def test_after_a_retirement_there_is_nothing_to_answer(as_, exemplar, ada):
    client = as_(ada)
    client.post(address("exemplar-consent", exemplar), {"answer": "no"})
    page = body(client.get(address("exemplar-consent", exemplar)))
    assert "You said no: your work is not used." in page and 'name="answer"' not in page
    assert client.post(address("exemplar-consent", exemplar), {"answer": "yes"}).status_code == 409


# --- The sheet -------------------------------------------------------------------------------------


def test_the_sheet_works_like_a_review_and_gives_nothing_away(as_, calibration, exemplar, bo):
    page = body(as_(bo).get(address("calibration-sheet", calibration)))
    for text in ("data-editable", "data-decide-button", "Rules of the branch firewall", "Criterion 1"):
        assert text in page
    for secret in ("Because of C1.", "A branch office.", "Ada", "Good work.", "Well argued."):
        assert secret not in page
    assert address("submission", exemplar.submission) not in page


def test_no_other_page_of_bo_tells_name_or_levels(as_, calibration, exemplar, bo):
    client = as_(bo)
    item = exemplar.submission.evidence.get()
    for page in (
        reverse("calibration"),
        address("exemplar", exemplar),
        reverse("evidence-view", args=[item.pk]),
        reverse("evidence-lines", args=[item.pk]),
    ):
        answered = body(client.get(page))
        assert "Default drop" in answered
        assert "Ada" not in answered and "Because of" not in answered


def test_scripts_save_and_learn_how_far_they_are(as_, calibration, bo):
    answered = as_(bo).post(address("save-calibration", calibration), filled(calibration, 2), headers=JSON)
    told = answered.json()
    assert (told["version"], len(told["missing"]), len(told["below"])) == (2, 1, 1)
    assert calibration.scores.count() == 1


def test_a_script_behind_another_window_gets_what_is_kept(as_, calibration, bo):
    client = as_(bo)
    client.post(
        address("save-calibration", calibration), filled(calibration, 3, comment="First."), headers=JSON
    )
    answered = client.post(address("save-calibration", calibration), filled(calibration, 1), headers=JSON)
    assert (answered.status_code, answered.json()["code"], answered.json()["version"]) == (409, "stale", 2)
    assert answered.json()["scores"][0]["comment"] == "First."


def test_without_scripts_both_texts_are_shown_and_the_next_save_knows(as_, calibration, bo):
    client = as_(bo)
    client.post(address("save-calibration", calibration), filled(calibration, 3, 3, comment="First window."))
    answered = client.post(
        address("save-calibration", calibration), filled(calibration, 1, 3, comment="Second window.")
    )
    page = body(answered)
    assert answered.status_code == 409
    assert "First window." in page and "Second window." in page and "Kept by the other window" in page
    calibration.refresh_from_db()
    assert f'name="version" value="{calibration.version}"' in page
    client.post(address("save-calibration", calibration), filled(calibration, 1, 3, comment="Second window."))
    assert {one.comment for one in calibration.scores.all()} == {"Second window."}


def test_finishing_saves_first_then_shows_the_distance(as_, calibration, bo):
    client = as_(bo)
    answered = client.post(address("finish-calibration", calibration), filled(calibration, 3))
    assert answered.status_code == 422 and "C2" in body(answered) and calibration.scores.count() == 1
    calibration.refresh_from_db()
    answered = client.post(address("finish-calibration", calibration), filled(calibration, 3, 1))
    assert answered["Location"] == address("calibration-sheet", calibration)
    page = body(client.get(answered["Location"]))
    for text in ("Not passed yet", "2 levels lower", "Because of C1.", "A branch office.", "I see it so."):
        assert text in page
    assert "Ada" not in page
    # Pressed again in an old window.
    answered = client.post(address("finish-calibration", calibration), filled(calibration, 3, 3))
    assert answered["Location"] == address("calibration-sheet", calibration)
    calibration.refresh_from_db()
    assert calibration.exact == 1


def test_after_a_failure_a_new_try_hides_the_answer_again(as_, calibration, bo, cy):
    client = as_(bo)
    client.post(address("finish-calibration", calibration), filled(calibration, 1, 1))
    client.post(address("start-calibration", calibration.exemplar))
    assert Calibration.objects.count() == 1  # the time is not over
    as_(cy).post(address("reopen-calibration", calibration))
    client = as_(bo)
    client.post(address("start-calibration", calibration.exemplar))
    assert Calibration.objects.count() == 2
    page = body(client.get(address("calibration-sheet", calibration)))
    assert "the agreed levels stay hidden" in page and "Because of" not in page


def test_a_retired_exemplar_leaves_its_sheet_to_read(as_, calibration, exemplar, bo, ada):
    answer(exemplar, agrees=False, by=ada)
    page = body(as_(bo).get(address("calibration-sheet", calibration)))
    assert "no longer in use" in page and "data-editable" not in page


def test_who_oversees_reads_along_and_changes_nothing(as_, calibration, cy):
    client = as_(cy)
    page = body(client.get(address("calibration-sheet", calibration)))
    assert "Bo Maes is scoring this exemplar" in page and "data-editable" not in page
    assert client.post(address("save-calibration", calibration), filled(calibration, 3)).status_code == 403
    assert client.post(address("finish-calibration", calibration), filled(calibration, 3)).status_code == 403


# --- The queue and the review ----------------------------------------------------------------------


def test_the_queue_says_what_to_score_first(as_, exemplar, programme, alan, bo, mo):
    waiting = factories.make_submission(alan, programme)
    ask(programme, exemplars=1, exact=50, by=mo)
    client = as_(bo)
    page = body(client.get(reverse("queue")))
    assert "Score 1 exemplar first" in page and reverse("calibration") in page
    assert "Nothing waits for review" not in page and "Alan" not in page
    answered = client.post(address("claim", waiting))
    assert answered.status_code == 409 and "Score the exemplars of this achievement first" in body(answered)
    calibration = start(exemplar, by=bo)
    client.post(address("finish-calibration", calibration), filled(calibration, 3, 3))
    page = body(client.get(reverse("queue")))
    assert "exemplar first" not in page and "Alan" in page


def test_beside_the_rubric_stand_only_exemplars_that_give_nothing_away(
    as_, exemplar, programme, alan, bo, bea, cy, ada
):
    review = factories.make_review(factories.make_submission(alan, programme), bo, position=None)
    client = as_(bo)
    assert "data-exemplars" not in body(client.get(address("review", review)))
    calibration = start(exemplar, by=bo)
    client.post(address("finish-calibration", calibration), filled(calibration, 1, 1))
    assert "data-exemplars" not in body(client.get(address("review", review)))  # failed
    Calibration.objects.filter(pk=calibration.pk).update(passed=True)
    page = body(client.get(address("review", review)))
    assert "data-exemplars" in page and "Because of C1." in page
    assert address("exemplar", exemplar) in page and "Ada" not in page
    assert "data-exemplars" in body(as_(cy).get(address("review", review)))
    answer(exemplar, agrees=False, by=ada)
    assert "data-exemplars" not in body(as_(bo).get(address("review", review)))


def test_a_hostile_name_is_shown_as_text(as_, work, cy, ada, bo, programme):
    factories.make_exemplar(work, cy, name="<script>alert(1)</script>")
    for person, page in ((bo, reverse("calibration")), (cy, reverse("exemplars", args=[programme.pk]))):
        assert "<script>alert" not in body(as_(person).get(page))


# --- Asking and overseeing -------------------------------------------------------------------------


def test_mo_asks_for_exemplars_and_is_warned_where_there_are_too_few(as_, exemplar, programme, mo, cy):
    client = as_(mo)
    assert client.post(reverse("exemplars", args=[programme.pk]), {"exemplars": "99"}).status_code == 422
    client.post(reverse("exemplars", args=[programme.pk]), {"exemplars": "2", "exact": "50"})
    assert MarkingPolicy.objects.get().calibration_exemplars == 2
    page = body(client.get(reverse("exemplars", args=[programme.pk])))
    assert "asks for more exemplars than there are" in page
    assert "Exemplars to score first" not in body(as_(cy).get(reverse("exemplars", args=[programme.pk])))


def test_an_own_policy_is_asked_by_itself(as_, exemplar, programme, achievement, mo):
    own = MarkingPolicy.objects.create(programme=programme, achievement=achievement)
    prefix = str(achievement.pk)
    given = {"achievement": prefix, f"{prefix}-exemplars": "3", f"{prefix}-exact": "40"}
    client = as_(mo)
    client.post(reverse("exemplars", args=[programme.pk]), given)
    own.refresh_from_db()
    assert (own.calibration_exemplars, MarkingPolicy.objects.count()) == (3, 1)
    strange = str(programme.pk)
    given = {"achievement": strange, f"{strange}-exemplars": "3", f"{strange}-exact": "40"}
    assert client.post(reverse("exemplars", args=[programme.pk]), given).status_code == 404


def test_the_overview_tells_who_is_calibrated_and_what_is_read_differently(as_, exemplar, programme, cy, bo):
    assessors = [bo, *(factories.make_user(f"Assessor{number} Example") for number in range(2))]
    for person, positions in zip(assessors, ((3, 3), (3, 2), (3, 1)), strict=True):
        factories.grant(person, "assessor", programme)
        person.forget_grants()
        one = start(exemplar, by=person)
        as_(person).post(address("finish-calibration", one), filled(one, *positions))
    client = as_(cy)
    answered = client.get(reverse("calibration-overview", args=[programme.pk]))
    page = body(answered)
    assert "read differently by most" in page and "read alike by most" in page and "Ada" not in page
    readings = answered.context["readings"]
    assert [(one.criterion.code, one.number, one.exact, one.mean) for one in readings] == [
        ("C2", 3, 1, -1.0),
        ("C1", 3, 3, 0.0),
    ]
    content = client.get(reverse("calibration-csv", args=[programme.pk])).content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 6
    assert {(row[0], row[6], row[9]) for row in rows[1:]} >= {
        ("Bo Maes", "C1", "0"),
        ("Assessor1 Example", "C2", "-2"),
    }


def test_few_first_tries_say_nothing_of_a_criterion(as_, calibration, programme, cy, bo):
    as_(bo).post(address("finish-calibration", calibration), filled(calibration, 3, 1))
    page = body(as_(cy).get(reverse("calibration-overview", args=[programme.pk])))
    assert "not enough data" in page and "read differently by most" not in page


@pytest.mark.parametrize("name", ["exemplars", "calibration-overview"])
def test_the_pages_of_an_empty_programme(as_, name, programme, cy):
    assert as_(cy).get(reverse(name, args=[programme.pk])).status_code == 200


def test_the_page_of_an_assessor_without_exemplars(as_, bo):
    assert "There is no exemplar for you to score" in body(as_(bo).get(reverse("calibration")))


def test_the_pages_ask_as_much_for_many_as_for_few(as_, programme, bea, bo, cy, exemplar, calibration):
    def asked(person, page) -> int:
        client = as_(person)
        client.get(page)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page).status_code == 200
        return len(captured)

    pages = [
        (bo, reverse("calibration")),
        (cy, reverse("exemplars", args=[programme.pk])),
        (cy, reverse("calibration-overview", args=[programme.pk])),
        (cy, reverse("calibration-csv", args=[programme.pk])),
    ]
    as_(bo).post(address("finish-calibration", calibration), filled(calibration, 1, 3))
    before = [asked(*one) for one in pages]
    for number in range(3):
        learner = factories.make_user(f"Learner{number} Example")
        factories.enrol(programme, learner)
        another = factories.make_exemplar(judged(learner, programme, bea), cy)
        one = start(another, by=bo)
        as_(bo).post(address("finish-calibration", one), filled(one, 3, 3))
        factories.grant(factories.make_user(f"Assessor{number} Example"), "assessor", programme)
    assert [asked(*one) for one in pages] == before
    assert max(before) <= 25
