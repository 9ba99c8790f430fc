"""The pages where work is shared out, assigned and kept from people, and their API."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Conflict, Enrolment, Submission
from assessments.submitting import submit
from reviews.allocating import assign
from reviews.models import AllocationPolicy, Allotment
from reviews.sharing_out import share_out
from tests import factories
from tests.api.conftest import Caller, refused
from workbench.models import User

QUEUE = "/queue/"
WORDS = "We were neighbours in Mons."


@pytest.fixture
def handed_in(ada, programme) -> Submission:
    return factories.make_submission(ada, programme)


def signed_in(client, person: User):
    client.force_login(person)
    return client


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


# --- The page of allocation -----------------------------------------------------------------------------


def test_mo_sets_the_mode_and_the_parts(client, programme, bo, bea, mo):
    address = reverse("allocation", args=[programme.pk])
    page = text_of(signed_in(client, mo).get(address))
    assert "Bo Maes" in page and "Take" not in page
    entry = {
        "mode": "share",
        "random_order": "on",
        f"share-{bo.pk}": "3",
        f"groups-{bo.pk}": "Lille, Mons",
        f"share-{bea.pk}": "0",
        f"groups-{bea.pk}": "",
    }
    assert client.post(address, entry).status_code == 302
    policy = AllocationPolicy.objects.get()
    assert (policy.mode, policy.random_order) == ("share", True)
    assert {one.assessor: (one.share, one.groups) for one in Allotment.objects.all()} == {
        bo: (3, ["Lille", "Mons"]),
        bea: (0, []),
    }
    page = text_of(client.get(address))
    assert 'value="Lille, Mons"' in page
    assert re.search(r'value="share"[^>]* checked', page)


@pytest.mark.parametrize(
    "entry",
    [{}, {"mode": "lottery"}, {"share": "-1"}, {"share": "101"}, {"share": "x"}, {"groups": "g" * 61}],
)
def test_what_cannot_be_is_refused_and_shown_again(client, programme, bo, mo, entry):
    entry = {"mode": "equal", "share": "1", "groups": "", **entry} if entry else {}
    sent = {
        {"share": f"share-{bo.pk}", "groups": f"groups-{bo.pk}"}.get(name, name): value
        for name, value in entry.items()
    }
    answer = signed_in(client, mo).post(reverse("allocation", args=[programme.pk]), sent)
    assert answer.status_code == 422
    assert not AllocationPolicy.objects.exists()
    assert "field-error" in text_of(answer) or "error" in text_of(answer)


def test_what_nobody_can_take_is_shown_with_the_reason(client, programme, handed_in, ada, bo, bea, mo):
    Conflict.objects.create(learner=ada, assessor=bo, tie="other", words=WORDS, declared_by=bo)
    User.objects.filter(pk=bea.pk).update(reads=["fr"])
    page = text_of(signed_in(client, mo).get(reverse("allocation", args=[programme.pk])))
    assert "Nobody can be assigned" in page
    assert "Bo Maes: conflict of interest" in page
    assert "Bea Lambert: does not read its language" in page
    assert "neighbours" not in page


def test_the_page_asks_as_many_questions_for_many_as_for_one(client, programme, handed_in, bo, mo):
    address = reverse("allocation", args=[programme.pk])
    User.objects.filter(pk=bo.pk).update(reads=["fr"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    signed_in(client, mo).get(address)
    with_one = queries()
    for number in range(5):
        learner = factories.make_user(f"Learner{number} Noël")
        factories.enrol(programme, learner)
        factories.make_submission(learner, programme)
        factories.grant(factories.make_user(f"Judge{number} Maes", reads=["fr"]), "assessor", programme)
    assert queries() == with_one <= 15


# --- Assigning in the queue -----------------------------------------------------------------------------


def test_mo_ticks_work_and_assigns_it(client, programme, handed_in, alan, bo, bea, mo):
    other = factories.make_submission(alan, programme)
    page = text_of(signed_in(client, mo).get(QUEUE))
    assert page.count('form="assign-work"') == 2
    entry = {"submission": [handed_in.pk, other.pk], "assessor": bo.pk, "do": "assign"}
    answer = client.post(reverse("assign-work"), entry | {"filters": "assigned=none&state=waiting"})
    assert answer["Location"] == f"{QUEUE}?assigned=none&state=waiting"
    assert Submission.objects.filter(assigned_to=bo).count() == 2
    assert "assigned to Bo Maes" in text_of(client.get(QUEUE, {"assigned": "others"}))
    assert "Nothing matches" in text_of(client.get(QUEUE, {"assigned": "none"}))
    client.post(reverse("assign-work"), {"submission": [other.pk], "do": "unassign"})
    client.post(reverse("assign-work"), {"submission": [handed_in.pk], "do": "free"})
    handed_in.refresh_from_db()
    assert (handed_in.assigned_to, handed_in.freed_at is not None) == (None, True)
    assert "open to every assessor" in text_of(client.get(QUEUE))


def test_one_refusal_hinders_no_other(client, programme, handed_in, ada, alan, bo, mo):
    other = factories.make_submission(alan, programme)
    Conflict.objects.create(learner=ada, assessor=bo, tie="work", declared_by=ada)
    entry = {"submission": [handed_in.pk, other.pk], "assessor": bo.pk, "do": "assign"}
    page = text_of(signed_in(client, mo).post(reverse("assign-work"), entry, follow=True))
    assert "1 piece of work was changed." in page
    assert "Bo Maes cannot review this work: conflict of interest." in page
    assert list(Submission.objects.filter(assigned_to=bo)) == [other]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({}, "Tick at least one piece of work."),
        ({"do": "assign"}, "Choose who gets the work."),
        ({"do": "burn"}, "burn"),
        ({"submission": ["x", "' OR 1=1"]}, "Tick at least one piece of work."),
        ({"do": "assign", "assessor": "nobody"}, "nobody"),
    ],
)
def test_nonsense_changes_nothing(client, handed_in, bo, mo, entry, told):
    entry = {"submission": [handed_in.pk], **entry} if entry else {}
    page = text_of(signed_in(client, mo).post(reverse("assign-work"), entry, follow=True))
    assert told in page
    assert not Submission.objects.filter(assigned_to__isnull=False).exists()


def test_a_moderator_of_another_programme_assigns_nothing_here(
    client, organisation, achievement, handed_in, bo, dee
):
    other = factories.make_programme(organisation, achievement)
    factories.grant(dee, "moderator", other)
    factories.grant(bo, "assessor", other)
    entry = {"submission": [handed_in.pk], "assessor": bo.pk, "do": "assign"}
    assert signed_in(client, dee).post(reverse("assign-work"), entry).status_code == 302
    assert not Submission.objects.filter(assigned_to=bo).exists()


def test_bo_sees_his_own_and_the_counter(client, programme, handed_in, alan, bo, bea, mo):
    other = factories.make_submission(alan, programme)
    assign(handed_in, to=bo, by=mo)
    assign(other, to=bea, by=mo)
    page = text_of(signed_in(client, bo).get(QUEUE))
    assert "assigned to you" in page and "Assigned to me" in page
    assert "Alan" not in page
    assert 'form="assign-work"' not in page


def test_an_overseer_who_also_assesses_sees_all_and_claims_only_what_is_offered(
    client, programme, handed_in, alan, bo, cy, mo
):
    factories.grant(cy, "assessor", programme)
    other = factories.make_submission(alan, programme)
    assign(handed_in, to=bo, by=mo)
    page = text_of(signed_in(client, cy).get(QUEUE))
    assert "Ada" in page and "Alan" in page
    assert reverse("claim", args=[other.pk]) in page
    assert reverse("claim", args=[handed_in.pk]) not in page


def test_the_queue_of_an_overseer_asks_few_questions(client, programme, handed_in, cy, bo, mo):
    factories.grant(cy, "assessor", programme)
    signed_in(client, cy).get(QUEUE)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(QUEUE).status_code == 200
        return len(captured)

    with_one = queries()
    for number in range(6):
        learner = factories.make_user(f"Learner{number} Noël")
        factories.enrol(programme, learner)
        assign(factories.make_submission(learner, programme), to=bo, by=mo)
    assert queries() == with_one
    assert with_one <= 15


def test_languages_are_marked_in_the_queue(client, handed_in, bo):
    Submission.objects.update(language="nl")
    assert "Nederlands" in text_of(signed_in(client, bo).get(QUEUE))
    User.objects.filter(pk=bo.pk).update(reads=["fr"])
    assert "Nederlands, which you do not read" in text_of(client.get(QUEUE))


def test_groups_are_offered_as_a_filter_where_there_are_any(client, programme, handed_in, ada, bo):
    assert 'type="hidden" name="group"' in text_of(signed_in(client, bo).get(QUEUE))
    Enrolment.objects.filter(learner=ada).update(group="Lille <b>")
    page = text_of(client.get(QUEUE))
    assert "Lille &lt;b&gt;" in page
    assert "Ada" in text_of(client.get(QUEUE, {"group": "Lille <b>"}))
    assert "Ada" in text_of(client.get(QUEUE, {"group": "nowhere"}))  # an error, which filters nothing


# --- People and their groups ----------------------------------------------------------------------------


def test_mo_puts_learners_into_a_group(client, programme, ada, alan, mo):
    address = reverse("group-learners", args=[programme.pk])
    signed_in(client, mo).post(address, {"person": [ada.pk, alan.pk], "group": "  Lille   A "})
    assert set(Enrolment.objects.values_list("group", flat=True)) == {"Lille A"}
    assert "Lille A" in text_of(client.get(reverse("programme-people", args=[programme.pk])))
    client.post(address, {"person": [ada.pk], "group": ""})
    assert Enrolment.objects.get(learner=ada).group == ""
    page = text_of(client.post(address, {"person": [ada.pk], "group": "a,b"}, follow=True))
    assert "without a comma" in page
    assert "Tick at least one learner." in text_of(client.post(address, {"person": ["x"]}, follow=True))


def test_mo_says_who_taught_whom_and_withdraws_it(client, programme, handed_in, ada, bo, mo):
    address = reverse("declare-conflict", args=[programme.pk])
    entry = {"email": "ada@example.org", "judge": bo.pk, "tie": "taught", "words": WORDS}
    assert signed_in(client, mo).post(address, entry).status_code == 302
    conflict = Conflict.objects.get()
    assert (conflict.learner, conflict.assessor, conflict.declared_by) == (ada, bo, mo)
    people = reverse("programme-people", args=[programme.pk])
    assert WORDS in text_of(client.get(people))
    withdrawn = client.post(reverse("withdraw-conflict", args=[conflict.pk]), {"programme": programme.pk})
    assert withdrawn["Location"] == people
    assert WORDS not in text_of(client.get(people))


def test_a_manager_who_is_meant_reads_nothing_of_it(client, programme, handed_in, ada, mo):
    factories.grant(mo, "assessor", programme)
    Conflict.objects.create(learner=ada, assessor=mo, tie="other", words=WORDS, declared_by=ada)
    page = text_of(signed_in(client, mo).get(reverse("programme-people", args=[programme.pk])))
    assert WORDS not in page
    withdraw = reverse("withdraw-conflict", args=[Conflict.objects.get().pk])
    assert client.post(withdraw).status_code == 404


@pytest.mark.parametrize("email", ["nobody@example.org", "dee@example.org", "bo@example.org", "x"])
def test_only_learners_of_the_programme_can_be_named(client, programme, bo, dee, mo, email):
    entry = {"email": email, "judge": bo.pk, "tie": "taught", "words": ""}
    answer = signed_in(client, mo).post(reverse("declare-conflict", args=[programme.pk]), entry)
    assert answer.status_code == 422
    assert not Conflict.objects.exists()


# --- One's own conflicts, employer and languages --------------------------------------------------------


def test_ada_declares_without_learning_who_judges_what(client, programme, handed_in, ada, bo, bea, cy):
    page = text_of(signed_in(client, ada).get(reverse("conflicts")))
    for name in ("Bo Maes", "Bea Lambert", "Cy Dubois"):
        assert name in page
    entry = {"other": f"judges:{bo.pk}", "tie": "family", "words": WORDS}
    assert client.post(reverse("conflicts"), entry).status_code == 302
    assert WORDS in text_of(client.get(reverse("conflicts")))
    page = text_of(signed_in(client, bo).get(reverse("conflicts")))
    assert WORDS not in page and "You have declared nothing." in page
    for path in ("/", QUEUE, reverse("notifications")):
        assert WORDS not in text_of(client.get(path))


def test_bo_declares_and_withdraws(client, handed_in, ada, bo):
    signed_in(client, bo).post(reverse("conflicts"), {"other": f"learns:{ada.pk}", "tie": "taught"})
    conflict = Conflict.objects.get()
    assert (conflict.learner, conflict.assessor) == (ada, bo)
    assert "Ada" not in text_of(client.get(QUEUE))
    assert client.post(reverse("withdraw-conflict", args=[conflict.pk]))["Location"] == reverse("conflicts")
    assert "Ada" in text_of(client.get(QUEUE))


def test_nobody_is_named_who_is_not_offered(client, handed_in, ada, bo, dee):
    for other in (f"judges:{dee.pk}", f"learns:{bo.pk}", f"judges:{ada.pk}", "judges:x", ""):
        entry = {"other": other, "tie": "family"}
        assert signed_in(client, ada).post(reverse("conflicts"), entry).status_code == 422
    assert "there is nobody to name" in text_of(signed_in(client, dee).get(reverse("conflicts")))


def test_the_employer_is_kept_to_oneself(client, handed_in, ada, bo, mo):
    signed_in(client, ada).post(reverse("employer"), {"employer": "ACME Mons"})
    ada.refresh_from_db()
    assert ada.employer == "ACME Mons"
    assert "ACME Mons" in text_of(client.get(reverse("conflicts")))
    assert client.post(reverse("employer"), {"employer": "x" * 121}).status_code == 422
    for person, path in ((bo, reverse("submission", args=[handed_in.pk])), (mo, QUEUE)):
        assert "ACME" not in text_of(signed_in(client, person).get(path))


def test_who_assesses_chooses_languages_and_others_are_not_asked(client, ada, bo):
    assert "Languages you read" not in text_of(signed_in(client, ada).get(reverse("account")))
    entry = {"name": "Bo Maes", "language": "en", "reads": ["fr", "nl"]}
    assert signed_in(client, bo).post(reverse("account"), entry).status_code == 302
    bo.refresh_from_db()
    assert bo.reads == ["fr", "nl"]
    assert client.post(reverse("account"), entry | {"reads": ["de"]}).status_code == 200
    bo.refresh_from_db()
    assert bo.reads == ["fr", "nl"]


def test_the_language_of_the_work_is_chosen_when_handing_in(client, ada, programme):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    page = text_of(signed_in(client, ada).get(reverse("submission", args=[draft.pk])))
    assert "Language of the work" in page
    client.post(reverse("submit", args=[draft.pk]), {"declaration": "on", "language": "nl"})
    draft.refresh_from_db()
    assert draft.language == "nl"
    assert "Nederlands" in text_of(client.get(reverse("submission", args=[draft.pk])))


# --- The API --------------------------------------------------------------------------------------------


def test_the_api_sets_assigns_and_takes_back(programme, handed_in, ada, bo, bea, mo, cy):
    api, path = Caller(mo), f"/programmes/{programme.pk}/allocation"
    assert api.get(path).json()["mode"] == "pull"
    part = {"assessor": str(bo.pk), "share": 2, "groups": ["Lille"]}
    told = api.put(path, {"mode": "group", "random_order": True, "parts": [part]}).json()
    assert (told["mode"], told["random_order"]) == ("group", True)
    assert [one for one in told["parts"] if one["assessor"] == str(bo.pk)] == [part | {"open": 0, "done": 0}]
    refused(api.put(path, {"mode": "equal", "parts": [{"assessor": str(ada.pk)}]}), 422, "not-an-assessor")
    work = f"/submissions/{handed_in.pk}/assignment"
    assert Caller(cy).put(work, {"assessor": str(bea.pk)}).json()["assessor"] == str(bea.pk)
    assert [one["id"] for one in Caller(bea).get("/queue", assigned="me").json()["items"]] == [
        str(handed_in.pk)
    ]
    refused(api.put(work, {"assessor": str(ada.pk)}), 422, "not-an-assessor")
    refused(api.put(work, {"assessor": str(programme.pk)}), 422, "not-an-assessor")
    assert api.delete(work).json()["assessor"] is None
    refused(api.delete(work), 409, "not-assigned")
    assert api.delete(f"{work}?free=true").json()["freed_at"]


def test_the_api_declares_and_withdraws(handed_in, ada, bo, bea, dee):
    api = Caller(ada)
    body = {"learner": str(ada.pk), "assessor": str(bo.pk), "tie": "other", "words": WORDS}
    made = api.post("/conflicts", body)
    assert (made.status_code, made.json()["words"]) == (201, WORDS)
    refused(api.post("/conflicts", body), 409, "already-declared")
    refused(api.post("/conflicts", body | {"words": ""}), 422, "words-missing")
    refused(api.post("/conflicts", body | {"assessor": str(dee.pk)}), 403, "forbidden")
    refused(api.post("/conflicts", body | {"assessor": str(handed_in.pk)}), 403, "forbidden")
    assert Caller(bo).get("/conflicts").json() == {"items": [], "next": None}
    assert Caller(bo).get("/queue").json()["items"] == []
    refused(Caller(bo).get(f"/submissions/{handed_in.pk}"), 404, "not-found")
    refused(Caller(bo).delete(f"/conflicts/{made.json()['id']}"), 404, "not-found")
    assert api.delete(f"/conflicts/{made.json()['id']}").status_code == 204
    assert len(Caller(bo).get("/queue").json()["items"]) == 1
    assert api.put("/me/employer", {"employer": "ACME"}).status_code == 204


def test_the_api_hands_in_with_a_language(ada, programme):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    api, path = Caller(ada), f"/submissions/{draft.pk}/submit"
    refused(api.post(path, {"declaration": True, "language": "de"}), 422, "unknown-language")
    assert api.post(path, {"declaration": True, "language": "fr"}).json()["language"] == "fr"


def test_a_worker_shares_out_what_a_learner_hands_in(programme, ada, bo, mo):
    AllocationPolicy.objects.create(programme=programme, mode="equal")
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft)
    submit(draft, declaration=True, by=ada)
    assert share_out() == 1
    draft.refresh_from_db()
    assert draft.assigned_to == bo
