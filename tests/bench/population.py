"""Fills a database with programmes, learners and a hundred thousand submissions, without the verbs."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from assessments.models import Programme, Submission
from assessments.models.lifecycle import State
from tests import factories
from workbench.models import User

PROGRAMMES = 10
LEARNERS = 10_000
BATCH = 5_000
# Four of five are decided; the rest waits, and came last.
DECIDED = 0.8
ASSESSORS = 8


@dataclass(frozen=True)
class Population:
    """``bo`` assesses one programme, ``mo`` manages all of them, the assessors each assess all of them."""

    bo: User
    mo: User
    assessors: list[User]


def populate() -> Population:
    organisation = factories.make_organisation("lille")
    achievement = factories.make_achievement(organisation)
    programmes = [factories.make_programme(organisation, achievement) for _number in range(PROGRAMMES)]
    learners = User.objects.bulk_create(
        [
            User(email=f"learner{number}@example.org", name=f"Learner {number}", password="!")
            for number in range(LEARNERS)
        ],
        batch_size=BATCH,
    )
    _insert_submissions(programmes, learners)
    bo, mo = factories.make_user("Bo Maes"), factories.make_user("Mo Peeters")
    assessors = [
        factories.make_user(f"Assessor{number} Maes", password="only-for-the-bench")
        for number in range(ASSESSORS)
    ]
    factories.grant(bo, "assessor", programmes[0])
    for programme in programmes:
        factories.grant(mo, "manager", programme)
        for assessor in assessors:
            factories.grant(assessor, "assessor", programme)
    refresh_statistics()
    return Population(bo, mo, assessors)


def refresh_statistics() -> None:
    """What the database plans with. PostgreSQL does this by itself; SQLite only when it is told to."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _insert_submissions(programmes: list[Programme], learners: list[User]) -> None:
    """One for each learner and programme, handed in minute by minute in an order of chance.

    A hundred thousand objects would take longer to make than all that is measured with them, so one
    serves as pattern, and only what differs is put into its row.
    """
    pattern = Submission(
        programme=programmes[0],
        achievement=programmes[0].achievements.get(),
        learner=learners[0],
        manifest={},
    )
    fields = Submission._meta.concrete_fields
    quote = connection.ops.quote_name
    columns, marks = ", ".join(quote(field.column) for field in fields), ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor, transaction.atomic():
        cursor.executemany(
            f"INSERT INTO {quote(Submission._meta.db_table)} ({columns}) VALUES ({marks})",
            list(_rows(pattern, programmes, learners)),
        )


def _rows(pattern: Submission, programmes: list[Programme], learners: list[User]) -> Iterator[list[Any]]:
    fields = {field.attname: field for field in Submission._meta.concrete_fields}

    def stored(name: str, value: object) -> Any:
        return fields[name].get_db_prep_save(value, connection)

    constant = {name: stored(name, getattr(pattern, name)) for name in fields}
    pairs = [
        (stored("learner_id", learner.pk), stored("programme_id", programme.pk))
        for learner in learners
        for programme in programmes
    ]
    chance = random.Random(1)
    chance.shuffle(pairs)
    first = timezone.now() - timedelta(minutes=len(pairs))
    for number, (learner, programme) in enumerate(pairs):
        moment = stored("created_at", first + timedelta(minutes=number))
        decided = number < DECIDED * len(pairs)
        row = constant | {
            "id": stored("id", uuid.UUID(int=chance.getrandbits(128), version=4)),
            "learner_id": learner,
            "programme_id": programme,
            "state": State.APPROVED.value if decided else State.SUBMITTED.value,
            "created_at": moment,
            "submitted_at": moment,
            "declared_at": moment,
            "decided_at": moment if decided else None,
        }
        yield list(row.values())
