"""Rule × role: every rule of the product against everyone of the cast."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from assessments.models import Conflict, Submission
from reviews.calibrating import start
from reviews.models import Decision, Review
from tests import factories
from tests.world import World
from workbench.access import RULES, Forbidden, may, require

CAST = ("ada", "alan", "bo", "bea", "cy", "mo", "root", "dee", "superuser", "zoe")


def earned(world: World) -> Submission:
    return Submission.objects.get(pk=world.credential.submission_id)


# The story of the table: Ada handed work in; Bo claimed it; Ada's earlier work earned a badge.
# Zoe holds every role in another programme of another organisation; the superuser operates the server.
SUBJECTS: dict[str, Callable[[Any], Any]] = {
    "organisation": lambda world: world.organisation,
    "programme": lambda world: world.programme,
    "achievement": lambda world: world.achievement,
    "referential": lambda world: world.achievement.rubric.referential,
    "submission": lambda world: world.submission,
    "draft": lambda world: world.draft,
    "evidence": lambda world: world.submission.evidence.get(),
    "draft evidence": lambda world: world.draft.evidence.get(),
    "review": lambda world: world.review,
    "ada": lambda world: world.people["ada"],
    "conflict": lambda world: Conflict.objects.create(
        learner=world.people["ada"], assessor=world.people["bea"], tie="work", declared_by=world.people["ada"]
    ),
    "comment of bo": lambda world: factories.make_comment(world.programme, world.people["bo"]),
    "badge": lambda world: world.credential,
    # Made of the work that Bea judged.
    "exemplar": lambda world: factories.make_exemplar(earned(world), world.people["cy"]),
    "calibration of bo": lambda world: start(
        factories.make_exemplar(earned(world), world.people["cy"]), by=world.people["bo"]
    ),
    "decision": lambda world: Decision.objects.get(pk=world.credential.decision_id),
    "appeal": lambda world: factories.make_appeal(world.credential.decision_id),
}

TABLE: list[tuple[str, str, set[str]]] = [
    ("administer", "organisation", {"root"}),
    ("adopt", "referential", {"root"}),
    ("define", "achievement", {"root"}),
    ("see-impact", "referential", {"mo", "root"}),
    ("manage", "programme", {"mo", "root"}),
    ("appoint-managers", "programme", {"root"}),
    ("learn", "programme", {"ada", "alan"}),
    ("work-on", "submission", {"ada"}),
    ("work-on", "draft", {"alan"}),
    ("extend", "submission", {"mo", "root"}),
    ("read-evidence", "evidence", {"ada", "bo", "bea", "cy", "mo"}),
    ("read-evidence", "draft evidence", {"alan"}),
    ("claim", "submission", {"bo", "bea"}),
    ("score", "review", {"bo"}),
    ("decide", "review", {"bo"}),
    ("break-lock", "submission", {"cy", "mo"}),
    ("assign", "submission", {"cy", "mo"}),
    ("moderate", "submission", {"cy"}),
    ("compare-markings", "submission", {"cy", "mo"}),
    ("oversee", "programme", {"cy", "mo"}),
    ("see-own-agreement", "programme", {"bo", "bea"}),
    ("share-comments", "programme", {"bo", "bea", "cy", "mo"}),
    ("flag", "submission", {"bo", "bea", "cy", "mo"}),
    ("flag", "draft", set()),
    ("declare", "conflict", {"ada", "bea", "mo", "root"}),
    ("withdraw-conflict", "conflict", {"ada", "mo", "root"}),
    ("state-employer", "ada", {"ada"}),
    ("change-comment", "comment of bo", {"bo", "cy", "mo"}),
    ("exemplify", "submission", {"cy", "mo"}),
    ("calibrate", "exemplar", {"bo"}),
    ("read-agreed-levels", "exemplar", {"bea", "cy", "mo"}),
    ("score-exemplar", "calibration of bo", {"bo"}),
    ("reopen-calibration", "calibration of bo", {"cy", "mo"}),
    ("report", "programme", {"mo", "root"}),
    ("revoke", "badge", {"mo", "root"}),
    ("suspend", "badge", {"mo", "root"}),
    ("hold", "badge", {"ada"}),
    ("appeal", "decision", {"ada"}),
    ("rule-on", "appeal", {"cy"}),
    ("investigate", "submission", {"cy", "mo"}),
    ("condemn", "submission", {"cy", "mo"}),
    ("rotate-key", "organisation", {"root"}),
    ("trust-issuers", "organisation", {"root"}),
]


def test_every_rule_has_its_row() -> None:
    assert {rule for rule, _subject, _allowed in TABLE} == set(RULES)


@pytest.mark.parametrize(("rule", "subject", "allowed"), TABLE, ids=[f"{row[0]} {row[1]}" for row in TABLE])
def test_rule_allows_exactly_those(world: World, rule: str, subject: str, allowed: set[str]) -> None:
    thing = SUBJECTS[subject](world)
    assert {name for name in CAST if may(world.people[name], rule, thing)} == allowed


@pytest.mark.parametrize("rule", sorted(RULES))
def test_nobody_signed_out_or_switched_off_may_do_anything(world: World, rule: str) -> None:
    subject = next(subject for name, subject, _allowed in TABLE if name == rule)
    thing = SUBJECTS[subject](world)
    assert not may(AnonymousUser(), rule, thing)
    for person in world.people.values():
        person.is_active = False
        person.forget_grants()
        assert not may(person, rule, thing)
        with pytest.raises(Forbidden):
            require(RULES[rule], person, thing)


def test_nobody_judges_their_own_work_whatever_roles_they_hold(world: World) -> None:
    ada = world.people["ada"]
    for role in ("assessor", "moderator", "manager"):
        factories.grant(ada, role, world.programme)
    factories.grant(ada, "administrator", world.organisation)
    assert may(ada, "manage", world.programme)
    assert not may(ada, "claim", world.submission)
    assert not may(ada, "break-lock", world.submission)
    review = Review(submission=world.submission, assessor=ada, fence=99)
    assert not may(ada, "score", review)
    assert not may(ada, "decide", review)


def test_an_assessor_who_loses_the_role_loses_the_review(world: World) -> None:
    bo = world.people["bo"]
    bo.groups.clear()
    bo.forget_grants()
    assert not may(bo, "score", world.review)
    assert not may(bo, "read-evidence", world.submission.evidence.get())


@pytest.mark.parametrize(
    ("person", "seen"),
    [
        ("ada", {"earned", "submission"}),
        ("alan", {"draft"}),
        ("bo", {"earned", "submission"}),
        ("bea", {"earned", "submission"}),
        ("cy", {"earned", "submission"}),
        ("mo", {"earned", "submission"}),
        ("root", set()),
        ("dee", set()),
        ("superuser", set()),
        ("zoe", set()),
    ],
)
def test_what_each_sees_of_submissions(world: World, person: str, seen: set[str]) -> None:
    names = {
        world.submission.pk: "submission",
        world.draft.pk: "draft",
        world.credential.submission_id: "earned",
    }
    visible = Submission.objects.visible_to(world.people[person])
    assert {names[pk] for pk in visible.values_list("pk", flat=True)} == seen
