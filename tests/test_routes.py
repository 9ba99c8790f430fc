"""URL × role × method: what each of the cast is answered at every address."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from assessments.models import Conflict, Evidence, Hold, Submission
from reviews.annotating import Anchor, annotate
from reviews.calibrating import start
from reviews.models.annotation import Unit
from reviews.models.report import ReportKind
from reviews.reporting import request_report
from tests import factories
from tests.world import World
from workbench import jobs
from workbench.models import Token
from workbench.unsubscribing import token_of as unsubscribe_token

# The columns: nobody signed in; Ada, whose work it is; Alan, another learner; Bo, who holds the review; Bea,
# another assessor; Cy, the moderator; Mo, the manager; Root, the administrator; Dee, a stranger.
CAST = ("nobody", "ada", "alan", "bo", "bea", "cy", "mo", "root", "dee")

# The letters: 2 the page; 3 a redirect; L off to the sign-in page; F forbidden (403); 4 not there (404);
# C conflict (409); U cannot be taken (422); B bad request (400); M method not allowed (405); X not ready.
# Each address is asked with GET, and with a POST that holds nothing.
TABLE: dict[str, tuple[str, str]] = {
    "home": ("222222222", "MMMMMMMMM"),
    "healthz": ("222222222", "222222222"),
    "readyz": ("XXXXXXXXX", "XXXXXXXXX"),
    "set-language": ("MMMMMMMMM", "333333333"),
    "account": ("L22222222", "L22222222"),
    "create-token": ("LMMMMMMMM", "LUUUUUUUU"),
    "revoke-token": ("LMMMMMMMM", "L34444444"),
    "notifications": ("L22222222", "LMMMMMMMM"),
    "read-notifications": ("LMMMMMMMM", "L33333333"),
    "choose-notifications": ("LMMMMMMMM", "L33333333"),
    # It is Ada's.
    "open-notification": ("LMMMMMMMM", "L34444444"),
    "unsubscribe": ("222222222", "222222222"),
    "referentials": ("LFFFFFF2F", "LMMMMMMMM"),
    "import-referential": ("LFFFFFF2F", "LFFFFFFUF"),
    "confirm-import": ("LMMMMMMMM", "L33333333"),
    "referential": ("222222222", "MMMMMMMMM"),
    "adopt-referential": ("LMMMMMMMM", "LFFFFFFCF"),
    "export-case": ("222222222", "MMMMMMMMM"),
    "export-csv": ("222222222", "MMMMMMMMM"),
    "case-package": ("222222222", "MMMMMMMMM"),
    "case-document": ("222222222", "MMMMMMMMM"),
    "case-item": ("222222222", "MMMMMMMMM"),
    "define-achievement": ("LFFFFFF2F", "LFFFFFFUF"),
    "referential-impact": ("LFFFFF22F", "LMMMMMMMM"),
    "new-version": ("LFFFFFF2F", "LFFFFFFUF"),
    "take-up-version": ("LMMMMMMMM", "LFFFFFF34"),
    "offer-moves": ("LMMMMMMMM", "LFFFFF334"),
    # It is Alan's draft.
    "move": ("L42444444", "L43444444"),
    "programmes": ("L22222222", "LMMMMMMMM"),
    "new-programme": ("LFFFFFF2F", "LFFFFFFUF"),
    "programme": ("L22222224", "LMMMMMMMM"),
    "offer": ("LFFFFFF24", "LFFFFFFU4"),
    "review-days": ("LMMMMMMMM", "LFFFFF334"),
    "programme-people": ("LFFFFF224", "LMMMMMMMM"),
    "enrol": ("LMMMMMMMM", "LFFFFFUU4"),
    "unenrol": ("LMMMMMMMM", "LFFFFF444"),
    "appoint": ("LMMMMMMMM", "LFFFFFUU4"),
    "dismiss": ("LMMMMMMMM", "LFFFFF444"),
    "conflicts": ("L22222222", "LUUUUUUUU"),
    "employer": ("LMMMMMMMM", "L33333333"),
    # Ada declared it.
    "withdraw-conflict": ("LMMMMMMMM", "L34444334"),
    "group-learners": ("LMMMMMMMM", "LFFFFF334"),
    "declare-conflict": ("LMMMMMMMM", "LFFFFFUU4"),
    "submissions": ("L22222222", "LMMMMMMMM"),
    "start-submission": ("LMMMMMMMM", "L33FFFFF4"),
    "submission": ("L24222244", "LMMMMMMMM"),
    "submit": ("LMMMMMMMM", "L34FFFF44"),
    "withdraw": ("L34FFFF44", "L34FFFF44"),
    "add-evidence": ("L34FFFF44", "L34FFFF44"),
    "edit-evidence": ("L34FFFF44", "L34FFFF44"),
    "remove-evidence": ("L34FFFF44", "L34FFFF44"),
    "evidence-reading": ("L24FFFF44", "LMMMMMMMM"),
    "evidence-secrets": ("L24FFFF44", "LU4FFFF44"),
    "redact-evidence": ("LMMMMMMMM", "L34FFFF44"),
    "replace-evidence": ("L34FFFF44", "L34FFFF44"),
    "evidence-file": ("L24222244", "LMMMMMMMM"),
    "evidence-view": ("L24222244", "LMMMMMMMM"),
    "evidence-lines": ("L24222244", "LMMMMMMMM"),
    "evidence-rules": ("L24222244", "LMMMMMMMM"),
    "evidence-changes": ("L44444444", "LMMMMMMMM"),
    "evidence-findings": ("L24222244", "LMMMMMMMM"),
    # It is no capture, no document, no picture: see test_viewer_captures and test_viewer_documents.
    "evidence-summary": ("L44444444", "LMMMMMMMM"),
    "evidence-packets": ("L44444444", "LMMMMMMMM"),
    "evidence-packet": ("L44444444", "LMMMMMMMM"),
    "evidence-document": ("L44444444", "LMMMMMMMM"),
    "evidence-image": ("L44444444", "LMMMMMMMM"),
    "evidence-page": ("L44444444", "LMMMMMMMM"),
    "evidence-picture": ("L44444444", "LMMMMMMMM"),
    "assign-work": ("LMMMMMMMM", "LFFFF33FF"),
    "allocation": ("LFFFFF224", "LFFFFFUU4"),
    "queue": ("LFF2222FF", "LMMMMMMMM"),
    "claim-next": ("LMMMMMMMM", "LFF33FFFF"),
    "claim": ("LMMMMMMMM", "LF4CCFF44"),
    "break-lock": ("LMMMMMMMM", "LF4FF3344"),
    "review": ("L44242244", "LMMMMMMMM"),
    "save-scores": ("LMMMMMMMM", "L44U4FF44"),
    "heartbeat": ("LMMMMMMMM", "L4434FF44"),
    "release": ("LMMMMMMMM", "L4434FF44"),
    "skip": ("L4424FF44", "L44U4FF44"),
    "decide": ("LMMMMMMMM", "L44U4FF44"),
    "annotate": ("L44242244", "L44U4FF44"),
    "annotation": ("L44242244", "L44U4FF44"),
    "comment-bank": ("L4424FF44", "L44U4FF44"),
    "agreement": ("LFF2222F4", "LMMMMMMMM"),
    "agreement-sheet": ("LFFFF22F4", "LMMMMMMMM"),
    "judging": ("LFFFF2224", "LMMMMMMMM"),
    "marking-policy": ("LFFFFF224", "LFFFFFUU4"),
    "achievement-marking-policy": ("LFFFFF224", "LFFFFFUU4"),
    "disagreement": ("LF4FF2244", "LF4FFUF44"),
    "programme-comments": ("LFF2222F4", "LFFUUUUF4"),
    "programme-comment": ("LFF2F22F4", "LFFUFUUF4"),
    "settle-note": ("LMMMMMMMM", "L44U4FF44"),
    "deadlines": ("LFFFFF224", "LFFFFF334"),
    "more-time": ("LF4FFF244", "LF4FFFU44"),
    "file-appeal": ("L34FFFF44", "L34FFFF44"),
    "appeals": ("LFFFF22FF", "LMMMMMMMM"),
    # It is Ada's, on work that Bea judged.
    "appeal": ("L34442244", "L3444UF44"),
    "withdraw-appeal": ("L2444FF44", "L3444FF44"),
    "hold": ("LF4FF2244", "LF4FFUU44"),
    "lift-hold": ("LMMMMMMMM", "LF4FFUU44"),
    "flag": ("LF4222244", "LF4UUUU44"),
    "notes": ("L24222244", "LMMMMMMMM"),
    "reply-to-note": ("LMMMMMMMM", "L44FFFF44"),
    "moderation": ("LFFFF22FF", "LMMMMMMMM"),
    # It is the one behind Ada's badge: made by Bea, released long ago.
    "check-decision": ("LF44F2244", "LF44FCF44"),
    "interim-check": ("L44F42F44", "L44F4UF44"),
    "answer-action-point": ("LMMMMMMMM", "L44U4FF44"),
    "sampling-matrix": ("LFFFF22FF", "LMMMMMMMM"),
    "sampling-matrix-sheet": ("LFFFF22FF", "LMMMMMMMM"),
    "sampling-policy": ("LFFFFF224", "LFFFFFUU4"),
    "calibration": ("LFF22FFFF", "LMMMMMMMM"),
    # Bo's, on an exemplar made of the work for which Ada has her badge, which Bea judged.
    "calibration-sheet": ("L44242244", "LMMMMMMMM"),
    "save-calibration": ("LMMMMMMMM", "L44U4FF44"),
    "finish-calibration": ("LMMMMMMMM", "L44U4FF44"),
    "reopen-calibration": ("LMMMMMMMM", "L44F43344"),
    "exemplar": ("L44222244", "L44FFCC44"),
    "start-calibration": ("LMMMMMMMM", "L443FFF44"),
    "exemplar-consent": ("L24444444", "LU4444444"),
    "make-exemplar": ("LF4FF2244", "LF4FFUU44"),
    "exemplars": ("LFFFF22F4", "LFFFFFUF4"),
    "calibration-overview": ("LFFFF22F4", "LMMMMMMMM"),
    "calibration-csv": ("LFFFF22F4", "LMMMMMMMM"),
    "reports": ("L22222222", "LMMMMMMMM"),
    "request-report": ("LMMMMMMMM", "L44444444"),
    "report": ("L44444224", "LMMMMMMMM"),
    "report-file": ("L44444224", "LMMMMMMMM"),
    "my-badges": ("L22222222", "LMMMMMMMM"),
    "badge": ("222222222", "222222222"),
    "badge-file": ("222222222", "MMMMMMMMM"),
    "revoke-badge": ("LF444F224", "LF444F224"),
    "suspend-badge": ("LF444F224", "LF444F224"),
    "reinstate-badge": ("LMMMMMMMM", "LF444FCC4"),
    "achievement": ("222222222", "MMMMMMMMM"),
    "achievement-image": ("222222222", "MMMMMMMMM"),
    "issuer": ("222222222", "MMMMMMMMM"),
    "did-document": ("222222222", "MMMMMMMMM"),
    "issuer-jwks": ("222222222", "MMMMMMMMM"),
    "keys": ("LFFFFFF2F", "LMMMMMMMM"),
    "prepare-keys": ("LFFFFFF2F", "LFFFFFF3F"),
    "rotate-key": ("LFFFFFF2F", "LFFFFFF3F"),
    "compromise-key": ("LFFFFFF2F", "LFFFFFFUF"),
    "resign-badges": ("LMMMMMMMM", "LFFFFFFCF"),
    "key-register": ("LFFFFFF2F", "LMMMMMMMM"),
    "forget-witnesses": ("LMMMMMMMM", "LFFFFFFCF"),
    "status-list": ("222222222", "MMMMMMMMM"),
    "public-evidence": ("222222222", "MMMMMMMMM"),
    "public-evidence-file": ("222222222", "MMMMMMMMM"),
    "verify": ("222222222", "UUUUUUUUU"),
    "verify-report": ("MMMMMMMMM", "UUUUUUUUU"),
    "partners": ("LFFFFFF2F", "LFFFFFFUF"),
    "remove-partner": ("LMMMMMMMM", "LFFFFFF3F"),
}

ARGUMENTS: dict[str, Callable[[World], list[Any]]] = {
    "calibration-sheet": lambda world: [world.calibration.pk],
    "exemplar": lambda world: [world.exemplar.pk],
    "exemplar-consent": lambda world: [world.exemplar.pk],
    "finish-calibration": lambda world: [world.calibration.pk],
    "make-exemplar": lambda world: [world.submission.pk],
    "reopen-calibration": lambda world: [world.calibration.pk],
    "save-calibration": lambda world: [world.calibration.pk],
    "start-calibration": lambda world: [world.exemplar.pk],
    "achievement-marking-policy": lambda world: [world.programme.pk, world.achievement.pk],
    "add-evidence": lambda world: [world.submission.pk],
    "adopt-referential": lambda world: [world.achievement.rubric.referential.pk],
    "annotation": lambda world: [world.review.pk, world.note.pk],
    "answer-action-point": lambda world: [
        world.review.pk,
        factories.make_point(world.review, world.people["cy"]).pk,
    ],
    "badge": lambda world: [world.credential.pk],
    "badge-file": lambda world: [world.credential.pk, "json"],
    "break-lock": lambda world: [world.submission.pk],
    "check-decision": lambda world: [world.credential.decision_id],
    "claim": lambda world: [world.submission.pk],
    "withdraw-conflict": lambda world: [
        Conflict.objects.get_or_create(
            learner=world.people["ada"],
            assessor=world.people["bea"],
            tie="work",
            declared_by=world.people["ada"],
        )[0].pk
    ],
    "define-achievement": lambda world: [world.achievement.rubric.pk],
    "referential-impact": lambda world: [world.achievement.rubric.referential.pk],
    "new-version": lambda world: [world.achievement.pk, world.achievement.rubric.pk],
    "take-up-version": lambda world: [
        world.achievement.rubric.referential.pk,
        world.programme.pk,
        world.achievement.pk,
    ],
    "offer-moves": lambda world: [
        world.achievement.rubric.referential.pk,
        world.programme.pk,
        world.achievement.pk,
    ],
    "move": lambda world: [factories.make_move(world.draft).pk],
    "disagreement": lambda world: [world.submission.pk],
    "edit-evidence": lambda world: [world.submission.pk, world.submission.evidence.get().pk],
    "evidence-reading": lambda world: [world.submission.pk, world.submission.evidence.get().pk],
    "evidence-secrets": lambda world: [world.submission.pk, world.submission.evidence.get().pk],
    "redact-evidence": lambda world: [world.submission.pk, world.submission.evidence.get().pk],
    "replace-evidence": lambda world: [world.submission.pk, world.submission.evidence.get().pk],
    "evidence-file": lambda world: [world.submission.evidence.get().pk],
    "evidence-view": lambda world: [world.submission.evidence.get().pk],
    "evidence-lines": lambda world: [world.submission.evidence.get().pk],
    "evidence-rules": lambda world: [world.submission.evidence.get().pk],
    "evidence-changes": lambda world: [world.submission.evidence.get().pk],
    "evidence-findings": lambda world: [world.submission.evidence.get().pk],
    "evidence-summary": lambda world: [world.submission.evidence.get().pk],
    "evidence-packets": lambda world: [world.submission.evidence.get().pk],
    "evidence-packet": lambda world: [world.submission.evidence.get().pk, 1],
    "evidence-document": lambda world: [world.submission.evidence.get().pk],
    "evidence-image": lambda world: [world.submission.evidence.get().pk],
    "evidence-page": lambda world: [world.submission.evidence.get().pk, 1],
    "evidence-picture": lambda world: [world.submission.evidence.get().pk],
    "flag": lambda world: [world.submission.pk],
    "more-time": lambda world: [world.submission.pk],
    "file-appeal": lambda world: [world.submission.pk],
    "appeal": lambda world: [world.appeal.pk],
    "withdraw-appeal": lambda world: [world.appeal.pk],
    "hold": lambda world: [world.submission.pk],
    "lift-hold": lambda world: [world.hold.pk],
    "interim-check": lambda world: [world.review.pk],
    "notes": lambda world: [world.submission.pk],
    "open-notification": lambda world: [world.people["ada"].notifications.first().pk],
    "programme-comment": lambda world: [world.programme.pk, world.comment.pk],
    "public-evidence": lambda world: [world.earned_evidence.pk],
    "public-evidence-file": lambda world: [world.earned_evidence.pk],
    "remove-evidence": lambda world: [world.submission.pk, world.submission.evidence.get().pk],
    "reply-to-note": lambda world: [world.submission.pk, world.note.pk],
    "remove-partner": lambda world: [world.organisation.slug, factories.make_partner(world.organisation).pk],
    "report": lambda world: [world.report.pk],
    "report-file": lambda world: [world.report.pk],
    "revoke-badge": lambda world: [world.credential.pk],
    "suspend-badge": lambda world: [world.credential.pk],
    "reinstate-badge": lambda world: [world.credential.pk],
    "compromise-key": lambda world: ["lille", world.credential.signing_key_id],
    "resign-badges": lambda world: ["lille", world.credential.signing_key_id],
    "forget-witnesses": lambda world: ["lille", world.credential.signing_key.acts.first().pk],
    "revoke-token": lambda world: [world.token.pk],
    "settle-note": lambda world: [world.review.pk, world.note.pk],
    "start-submission": lambda world: [world.programme.pk, world.achievement.pk],
    "status-list": lambda world: [world.credential.status_list_id],
    "submission": lambda world: [world.submission.pk],
    "submit": lambda world: [world.submission.pk],
    "unsubscribe": lambda world: [unsubscribe_token(world.people["ada"], ["decided"])],
    "withdraw": lambda world: [world.submission.pk],
}


def addresses() -> Iterator[URLPattern]:
    """The product's own named addresses (allauth's and the API's have tests of their own)."""
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLPattern):
            yield entry


def arguments_of(entry: URLPattern, world: World) -> list[Any]:
    if entry.name in ARGUMENTS:
        return ARGUMENTS[entry.name](world)
    route = str(entry.pattern)
    if "<slug:slug>" in route:
        return [world.organisation.slug]
    if "<uuid:pk>" not in route:
        return []
    subject = {
        "achievements": world.achievement,
        "ims": world.achievement.rubric.referential,
        "programmes": world.programme,
        "referentials": world.achievement.rubric.referential,
        "reviews": world.review,
    }[route.split("/", maxsplit=1)[0]]
    if entry.name == "case-item":
        subject = subject.competencies.get()
    return [subject.pk]


def letter(answer: Any) -> str:
    if answer.status_code in (301, 302):
        return "L" if "/accounts/login/" in answer["Location"] else "3"
    return {200: "2", 204: "2", 403: "F", 404: "4", 409: "C", 422: "U", 400: "B", 405: "M", 503: "X"}.get(
        answer.status_code, str(answer.status_code)
    )


def asked(entry: URLPattern, world: World, method: str) -> str:
    """The letters that the cast is answered, each from a database as the world left it."""
    url = reverse(entry.name, args=arguments_of(entry, world))
    answers = []
    for person in CAST:
        client = Client()
        if person != "nobody":
            client.force_login(world.people[person])
        with rolled_back():
            answers.append(letter(client.get(url) if method == "GET" else client.post(url)))
    return "".join(answers)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def full_world(world: World) -> World:
    """The world with a report, a token and the evidence inside Ada's badge."""
    world.report = request_report(world.programme, kind=ReportKind.PROGRAMME_CSV, by=world.people["mo"])
    jobs.run_due()
    world.token = Token.issue(world.people["ada"], label="script")[0]
    item = world.submission.evidence.get()
    world.note = annotate(world.review, item, Anchor(Unit.LINE, 7), text="Why?", by=world.people["bo"])
    work = Submission.objects.get(pk=world.credential.submission_id)
    world.exemplar = factories.make_exemplar(work, world.people["cy"])
    world.calibration = start(world.exemplar, by=world.people["bo"])
    world.appeal = factories.make_appeal(world.credential.decision_id)
    world.hold = Hold.objects.create(
        submission_id=world.credential.submission_id, words="Copied?", placed_by=world.people["mo"]
    )
    world.comment = factories.make_comment(world.programme, world.people["bo"])
    world.earned_evidence = Evidence.objects.get(submission=world.credential.submission_id)
    return world


def test_every_address_has_its_row() -> None:
    assert {entry.name for entry in addresses()} == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_everyone_is_answered_as_the_table_says(full_world: World, name: str) -> None:
    entry = next(entry for entry in addresses() if entry.name == name)
    assert (asked(entry, full_world, "GET"), asked(entry, full_world, "POST")) == TABLE[name]
