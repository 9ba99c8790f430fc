"""Every endpoint for every role: what each of the cast is answered."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

import assessments.importing
from assessments.models import Achievement, Conflict, Evidence, Hold, Programme, Submission
from badges.models import Credential
from badges.suspending import suspend
from reviews.annotating import Anchor, annotate
from reviews.calibrating import save, score, start
from reviews.flagging import flag
from reviews.models import Annotation, Appeal, Calibration, Decision, Exemplar, Report, Review
from reviews.models.annotation import Unit
from reviews.models.decision import Outcome
from reviews.reporting import request_report
from reviews.scoring import Mark
from tests import factories
from tests.api.conftest import refused
from workbench.access import members
from workbench.jobs import run_due
from workbench.models import Organisation, User

pytestmark = pytest.mark.django_db

ROLES = ("nobody", "ada", "alan", "bo", "bea", "cy", "mo", "root", "dee")
PILOT = Path(assessments.importing.__file__).parent / "pilot" / "cybersecurity.json"


@dataclass(frozen=True)
class World:
    """Ada's work in every stage; Bo holds the review and approved the badge."""

    organisation: Organisation
    programme: Programme
    free: Achievement
    draft: Submission
    item: Evidence
    waiting: Submission
    review: Review
    note: Annotation
    badge: Credential
    report: Report
    marked: Evidence
    handed_in: Evidence
    flagged: Submission
    returned: Submission
    appeal: Appeal
    hold: Hold
    held: Decision


@pytest.fixture
def world(organisation, programme, achievement, ada, bo, mo) -> World:
    others = [
        factories.make_achievement(organisation, achievement.rubric, code=f"other-{number}")
        for number in range(5)
    ]
    programme.achievements.add(*others)
    draft = factories.make_draft(ada, programme, others[0])
    decision = factories.make_decision(factories.make_submission(ada, programme, others[2]), bo)
    again = factories.make_submission(ada, programme, others[-1])
    returned = factories.make_decision(again, bo, Outcome.RETURN)
    review = factories.make_review(factories.make_submission(ada, programme, achievement), bo)
    item = review.submission.evidence.get()
    report = request_report(programme, kind="programme-csv", by=mo)
    marked = factories.make_evidence(
        draft, content=factories.WITH_SECRET, name="notes.txt", visibility="summary"
    )
    waiting = factories.make_submission(ada, programme, others[1])
    flag(review.submission, note="Look again.", by=bo)
    run_due()
    eva = factories.make_user("Eva Lemaire")
    factories.enrol(programme, eva)
    return World(
        organisation=organisation,
        programme=programme,
        free=others[3],
        draft=draft,
        item=factories.make_evidence(draft),
        waiting=waiting,
        review=review,
        note=annotate(review, item, Anchor(Unit.LINE, 7), text="Why?", by=bo),
        badge=Credential.objects.get(decision_id=decision.pk),
        report=report,
        marked=marked,
        handed_in=waiting.evidence.get(),
        flagged=review.submission,
        returned=returned.submission,
        appeal=factories.make_appeal(decision.pk),
        hold=Hold.objects.create(submission=waiting, words="Copied?", placed_by=mo),
        held=factories.make_held(factories.make_submission(eva, programme, others[1]), bo),
    )


def exemplar_of(world: World) -> Exemplar:
    """Of the work for which Ada has her badge, which Bo judged."""
    manager = members("manager", world.programme)[0]
    return factories.make_exemplar(Submission.objects.get(pk=world.badge.submission_id), manager)


def tried(world: World, *, position: int | None = None) -> Calibration:
    """Bea's try on it: open and scored throughout, or finished at one position."""
    bea = User.objects.filter(email="bea@example.org").first() or factories.make_user("Bea Lambert")
    factories.grant(bea, "assessor", world.programme)
    calibration = start(exemplar_of(world), by=bea)
    marks = [
        Mark(criterion, criterion.levels.get(position=position or 3))
        for criterion in calibration.exemplar.submission.achievement.criteria
    ]
    calibration = save(calibration, version=1, marks=marks, by=bea)
    return score(calibration, by=bea) if position else calibration


def suspended(world: World) -> UUID:
    """The badge, set aside by its issuer's administrator."""
    root = members("administrator", world.organisation).first() or factories.make_user("Rita Root")
    factories.grant(root, "administrator", world.organisation)
    return suspend(world.badge, reason="Looked into.", by=root).pk


def conflict_of(world: World) -> Conflict:
    """Between Ada and Bo; Ada declared it."""
    people = {"learner": world.waiting.learner, "assessor": world.review.assessor}
    return Conflict.objects.create(**people, tie="taught", declared_by=world.waiting.learner)


Call = Callable[[Any, World], Any]
NOTE = {"anchor": {"unit": "line", "first": 7}, "text": "Why?"}
ALL_200 = "401 200 200 200 200 200 200 200 200"

# operation: (how it is called, the statuses in the order of ROLES)
TABLE: dict[str, tuple[Call, str]] = {
    "me": (lambda api, w: api.get("/me"), ALL_200),
    "list-notifications": (lambda api, w: api.get("/notifications"), ALL_200),
    "read-notifications": (lambda api, w: api.post("/notifications/read", {}), ALL_200),
    "list-referentials": (lambda api, w: api.get("/referentials"), ALL_200),
    "import-referential": (
        lambda api, w: api.upload("/referentials", organisation="lille", file=PILOT.open("rb")),
        "401 403 403 403 403 403 403 201 403",
    ),
    "get-referential": (
        lambda api, w: api.get(f"/referentials/{w.free.rubric.referential_id}"),
        ALL_200,
    ),
    "get-impact": (
        lambda api, w: api.get(f"/referentials/{w.free.rubric.referential_id}/impact"),
        "401 403 403 403 403 403 200 200 403",
    ),
    "list-moves": (lambda api, w: api.get("/moves"), ALL_200),
    # It is Ada's draft.
    "answer-move": (
        lambda api, w: api.post(f"/moves/{factories.make_move(w.draft).pk}", {"answer": "move"}),
        "401 200 404 404 404 404 404 404 404",
    ),
    "list-programmes": (lambda api, w: api.get("/programmes"), ALL_200),
    "get-programme": (
        lambda api, w: api.get(f"/programmes/{w.programme.pk}"),
        "401 200 200 200 200 200 200 200 404",
    ),
    "get-agreement": (
        lambda api, w: api.get(f"/programmes/{w.programme.pk}/agreement"),
        "401 403 403 403 403 200 200 403 404",
    ),
    "get-own-agreement": (
        lambda api, w: api.get(f"/programmes/{w.programme.pk}/agreement/own"),
        "401 403 403 200 200 403 403 403 404",
    ),
    "list-achievements": (lambda api, w: api.get("/achievements"), ALL_200),
    "get-achievement": (lambda api, w: api.get(f"/achievements/{w.free.pk}"), ALL_200),
    "list-submissions": (lambda api, w: api.get("/submissions"), ALL_200),
    "start-submission": (
        lambda api, w: api.post(
            "/submissions", {"programme": str(w.programme.pk), "achievement": str(w.free.pk)}
        ),
        "401 201 201 403 403 403 403 403 404",
    ),
    "get-submission": (
        lambda api, w: api.get(f"/submissions/{w.waiting.pk}"),
        "401 200 404 200 200 200 200 404 404",
    ),
    "add-evidence": (
        lambda api, w: api.upload(f"/submissions/{w.draft.pk}/evidence", text="Why I did so."),
        "401 201 404 404 404 404 404 404 404",
    ),
    "remove-evidence": (
        lambda api, w: api.delete(f"/submissions/{w.draft.pk}/evidence/{w.item.pk}"),
        "401 204 404 404 404 404 404 404 404",
    ),
    "get-analysis": (
        lambda api, w: api.get(f"/submissions/{w.waiting.pk}/evidence/{w.handed_in.pk}/analysis"),
        "401 200 404 200 200 200 200 404 404",
    ),
    "redact-evidence": (
        lambda api, w: api.post(f"/submissions/{w.draft.pk}/evidence/{w.marked.pk}/redact"),
        "401 201 404 404 404 404 404 404 404",
    ),
    "dismiss-marks": (
        lambda api, w: api.post(
            f"/submissions/{w.draft.pk}/evidence/{w.marked.pk}/dismissals",
            {"code": "password", "reason": "A lab."},
        ),
        "401 201 404 404 404 404 404 404 404",
    ),
    "submit": (
        lambda api, w: api.post(f"/submissions/{w.draft.pk}/submit", {"declaration": True}),
        "401 200 404 404 404 404 404 404 404",
    ),
    "withdraw": (
        lambda api, w: api.post(f"/submissions/{w.waiting.pk}/withdraw"),
        "401 200 404 403 403 403 403 404 404",
    ),
    "list-conflicts": (lambda api, w: api.get("/conflicts"), ALL_200),
    "declare-conflict": (
        lambda api, w: api.post(
            "/conflicts",
            {"learner": str(w.waiting.learner_id), "assessor": str(w.review.assessor_id), "tie": "taught"},
        ),
        "401 201 403 201 403 403 201 201 403",
    ),
    # Ada declared it.
    "withdraw-conflict": (
        lambda api, w: api.delete(f"/conflicts/{conflict_of(w).pk}"),
        "401 204 404 404 404 404 204 204 404",
    ),
    "state-employer": (
        lambda api, w: api.put("/me/employer", {"employer": "ACME"}),
        "401 204 204 204 204 204 204 204 204",
    ),
    "get-allocation": (
        lambda api, w: api.get(f"/programmes/{w.programme.pk}/allocation"),
        "401 403 403 403 403 403 200 200 404",
    ),
    "set-allocation": (
        lambda api, w: api.put(f"/programmes/{w.programme.pk}/allocation", {"mode": "equal"}),
        "401 403 403 403 403 403 200 200 404",
    ),
    "assign": (
        lambda api, w: api.put(
            f"/submissions/{w.waiting.pk}/assignment", {"assessor": str(w.review.assessor_id)}
        ),
        "401 403 404 403 403 200 200 404 404",
    ),
    "unassign": (
        lambda api, w: api.delete(f"/submissions/{w.waiting.pk}/assignment?free=true"),
        "401 403 404 403 403 200 200 404 404",
    ),
    "queue": (lambda api, w: api.get("/queue"), ALL_200),
    "claim-next": (lambda api, w: api.post("/queue/next"), "401 204 204 201 201 204 204 204 204"),
    "claim": (
        lambda api, w: api.post(f"/submissions/{w.waiting.pk}/claim"),
        "401 403 404 201 201 403 403 404 404",
    ),
    "get-review": (
        lambda api, w: api.get(f"/reviews/{w.review.pk}"),
        "401 404 404 200 404 200 200 404 404",
    ),
    "save-scores": (
        lambda api, w: api.put(f"/reviews/{w.review.pk}/scores", {"version": w.review.version, "scores": []}),
        "401 404 404 200 404 403 403 404 404",
    ),
    "heartbeat": (
        lambda api, w: api.post(f"/reviews/{w.review.pk}/heartbeat"),
        "401 404 404 200 404 403 403 404 404",
    ),
    "release": (
        lambda api, w: api.post(f"/reviews/{w.review.pk}/release"),
        "401 404 404 200 404 403 403 404 404",
    ),
    "skip": (
        lambda api, w: api.post(f"/reviews/{w.review.pk}/skip", {"reason": "language"}),
        "401 404 404 204 404 403 403 404 404",
    ),
    "decide": (
        lambda api, w: api.post(f"/reviews/{w.review.pk}/decision", {"outcome": "approve"}),
        "401 404 404 201 404 403 403 404 404",
    ),
    "list-annotations": (
        lambda api, w: api.get(f"/reviews/{w.review.pk}/annotations"),
        "401 404 404 200 404 200 200 404 404",
    ),
    "annotate": (
        lambda api, w: api.post(
            f"/reviews/{w.review.pk}/annotations", {**NOTE, "evidence": str(w.note.evidence_id)}
        ),
        "401 404 404 201 404 403 403 404 404",
    ),
    "change-annotation": (
        lambda api, w: api.put(f"/reviews/{w.review.pk}/annotations/{w.note.pk}", {**NOTE, "version": 1}),
        "401 404 404 200 404 403 403 404 404",
    ),
    "remove-annotation": (
        lambda api, w: api.delete(f"/reviews/{w.review.pk}/annotations/{w.note.pk}"),
        "401 404 404 204 404 403 403 404 404",
    ),
    "get-marking-policy": (
        lambda api, w: api.get(f"/programmes/{w.programme.pk}/marking-policy"),
        "401 403 403 403 403 403 200 200 404",
    ),
    "set-marking-policy": (
        lambda api, w: api.put(f"/programmes/{w.programme.pk}/marking-policy", {"markers": "double_open"}),
        "401 403 403 403 403 403 200 200 404",
    ),
    "remove-marking-policy": (
        lambda api, w: api.delete(f"/programmes/{w.programme.pk}/marking-policy?achievement={w.free.pk}"),
        "401 403 403 403 403 403 200 200 404",
    ),
    "get-disagreement": (
        lambda api, w: api.get(f"/submissions/{w.waiting.pk}/disagreement"),
        "401 403 404 403 403 200 200 404 404",
    ),
    "adjudicate": (
        lambda api, w: api.post(
            f"/submissions/{w.waiting.pk}/adjudicate", {"outcome": "approve", "reason": "It is there."}
        ),
        "401 403 404 403 403 409 403 404 404",
    ),
    "list-exemplars": (lambda api, w: api.get("/exemplars"), ALL_200),
    "get-exemplar": (
        lambda api, w: api.get(f"/exemplars/{exemplar_of(w).pk}"),
        "401 404 404 200 200 200 200 404 404",
    ),
    "get-calibration": (
        lambda api, w: api.get(f"/exemplars/{tried(w).exemplar_id}/calibration"),
        "401 404 404 404 200 404 404 404 404",
    ),
    "start-calibration": (
        lambda api, w: api.post(f"/exemplars/{exemplar_of(w).pk}/calibration"),
        "401 404 404 403 201 403 403 404 404",
    ),
    "save-calibration": (
        lambda api, w: api.put(f"/calibrations/{tried(w).pk}/scores", {"version": 2, "scores": []}),
        "401 404 404 404 200 403 403 404 404",
    ),
    "finish-calibration": (
        lambda api, w: api.post(f"/calibrations/{tried(w).pk}/finish"),
        "401 404 404 404 200 403 403 404 404",
    ),
    "reopen-calibration": (
        lambda api, w: api.post(f"/calibrations/{tried(w, position=1).pk}/reopen"),
        "401 404 404 404 403 200 200 404 404",
    ),
    "list-calibrations": (
        lambda api, w: api.get(f"/programmes/{w.programme.pk}/calibrations"),
        "401 403 403 403 403 200 200 403 404",
    ),
    "get-flag": (
        lambda api, w: api.get(f"/submissions/{w.waiting.pk}/flag"),
        "401 403 404 200 200 200 200 404 404",
    ),
    "flag": (
        lambda api, w: api.post(f"/submissions/{w.waiting.pk}/flag", {"note": "Look again."}),
        "401 403 404 201 201 201 201 404 404",
    ),
    "clear-flag": (
        lambda api, w: api.delete(f"/submissions/{w.flagged.pk}/flag"),
        "401 403 404 204 204 204 204 404 404",
    ),
    "appeal": (
        lambda api, w: api.post(f"/submissions/{w.returned.pk}/appeal", {"reason": "The log is there."}),
        "401 201 404 403 403 403 403 404 404",
    ),
    "list-appeals": (lambda api, w: api.get("/appeals"), ALL_200),
    "withdraw-appeal": (
        lambda api, w: api.post(f"/appeals/{w.appeal.pk}/withdraw"),
        "401 200 404 404 404 403 403 404 404",
    ),
    "rule-on-appeal": (
        lambda api, w: api.post(f"/appeals/{w.appeal.pk}/ruling", {"ruling": "upheld", "words": "It holds."}),
        "401 403 404 404 404 200 403 404 404",
    ),
    "hold": (
        lambda api, w: api.post(f"/submissions/{w.flagged.pk}/hold", {"words": "Copied?"}),
        "401 403 404 403 403 201 201 404 404",
    ),
    "lift-hold": (
        lambda api, w: api.post(f"/holds/{w.hold.pk}/lift", {"finding": "cleared"}),
        "401 403 404 403 403 200 200 404 404",
    ),
    "list-comments": (
        lambda api, w: api.get(f"/programmes/{w.programme.pk}/comments"),
        "401 403 403 200 200 200 200 403 404",
    ),
    "share-comment": (
        lambda api, w: api.post(
            f"/programmes/{w.programme.pk}/comments",
            {"criterion": str(w.free.criteria[0].pk), "language": "en", "text": "Well argued."},
        ),
        "401 403 403 201 201 201 201 403 404",
    ),
    "list-credentials": (lambda api, w: api.get("/credentials"), ALL_200),
    "get-credential": (
        lambda api, w: api.get(f"/credentials/{w.badge.pk}"),
        "401 200 404 404 404 200 200 200 404",
    ),
    "revoke": (
        lambda api, w: api.post(f"/credentials/{w.badge.pk}/revoke", {"reason": "A mix-up."}),
        "401 403 404 404 404 403 200 200 404",
    ),
    "suspend": (
        lambda api, w: api.post(f"/credentials/{w.badge.pk}/suspend", {"reason": "Looked into."}),
        "401 403 404 404 404 403 200 200 404",
    ),
    "reinstate": (
        lambda api, w: api.post(f"/credentials/{suspended(w)}/reinstate", {}),
        "401 403 404 404 404 403 200 200 404",
    ),
    "verify": (
        lambda api, w: api.post("/verify", {"url": w.badge.url}),
        "200 200 200 200 200 200 200 200 200",
    ),
    "list-moderation": (lambda api, w: api.get("/moderation"), ALL_200),
    "accept": (
        lambda api, w: api.post(f"/decisions/{w.held.pk}/accept"),
        "401 404 404 403 404 201 403 404 404",
    ),
    "send-back": (
        lambda api, w: api.post(
            f"/decisions/{w.held.pk}/send-back", {"remarks": "", "action_points": [{"text": "Say why."}]}
        ),
        "401 404 404 403 404 201 403 404 404",
    ),
    "get-sampling": (
        lambda api, w: api.get(f"/programmes/{w.programme.pk}/sampling"),
        "401 403 403 403 403 200 200 403 404",
    ),
    "request-report": (
        lambda api, w: api.post("/reports", {"kind": "programme", "programme": str(w.programme.pk)}),
        "401 403 403 403 403 403 202 202 404",
    ),
    "get-report": (
        lambda api, w: api.get(f"/reports/{w.report.pk}"),
        "401 404 404 404 404 404 200 200 404",
    ),
    "get-report-file": (
        lambda api, w: api.get(f"/reports/{w.report.pk}/file"),
        "401 404 404 404 404 404 200 200 404",
    ),
}


def test_every_endpoint_has_its_row(client, db):
    document = client.get("/api/v1/openapi.json").json()
    operations = {
        operation["operationId"] for path in document["paths"].values() for operation in path.values()
    }
    assert operations == TABLE.keys()


@pytest.mark.parametrize("operation", TABLE)
def test_each_role_gets_its_answer(operation, calls, world, ada, alan, bo, bea, cy, mo, root, dee):
    call, expected = TABLE[operation]
    cast = {
        "ada": ada, "alan": alan, "bo": bo, "bea": bea, "cy": cy, "mo": mo, "root": root, "dee": dee
    }  # fmt: skip
    answered = {}
    for role in ROLES:
        with transaction.atomic():
            response = call(calls(cast.get(role)), world)
            transaction.set_rollback(True)
        answered[role] = response.status_code
        if response.status_code >= 400:
            codes = {401: "unauthorized", 403: "forbidden", 404: "not-found", 409: "not-disagreed"}
            code = codes[response.status_code]
            refused(response, response.status_code, code)
    assert answered == dict(zip(ROLES, map(int, expected.split()), strict=True))


def test_a_draft_is_seen_by_its_learner_alone(calls, world, ada, alan, bo, bea, cy, mo, root, dee):
    assert calls(ada).get(f"/submissions/{world.draft.pk}").status_code == 200
    for person in (alan, bo, bea, cy, mo, root, dee):
        api = calls(person)
        refused(api.get(f"/submissions/{world.draft.pk}"), 404, "not-found")
        assert str(world.draft.pk) not in api.get("/submissions").content.decode()
        assert str(world.draft.pk) not in api.get("/queue").content.decode()


def test_alan_finds_nothing_of_adas(calls, world, alan):
    alan = calls(alan)
    for path in ("/submissions", "/credentials", "/queue"):
        assert alan.get(path).json() == {"items": [], "next": None}


def test_a_draft_referential_is_seen_by_its_organisation_alone(calls, organisation, root, mo, dee):
    draft = factories.make_referential(organisation, adoption_status="draft")
    assert calls(root).get(f"/referentials/{draft.pk}").json()["adoption_status"] == "draft"
    for person in (mo, dee):
        refused(calls(person).get(f"/referentials/{draft.pk}"), 404, "not-found")
        assert str(draft.pk) not in calls(person).get("/referentials").content.decode()


def test_bo_cannot_claim_his_own_work(calls, world, bo):
    factories.enrol(world.programme, bo)
    own = factories.make_submission(bo, world.programme, world.free)
    api = calls(bo)
    refused(api.post(f"/submissions/{own.pk}/claim"), 403, "forbidden")
    assert str(own.pk) not in api.get("/queue").content.decode()


def test_assessors_of_another_programme_see_nothing_of_this_one(calls, world, dee):
    factories.grant(dee, "assessor", factories.make_programme(world.organisation, world.free))
    dee = calls(dee)
    assert dee.get("/queue").json()["items"] == []
    assert dee.post("/queue/next").status_code == 204
    refused(dee.post(f"/submissions/{world.waiting.pk}/claim"), 404, "not-found")
    refused(dee.get(f"/reviews/{world.review.pk}"), 404, "not-found")


def test_a_session_does_not_open_the_api(client, ada):
    client.force_login(ada)
    refused(client.get("/api/v1/me"), 401, "unauthorized")
