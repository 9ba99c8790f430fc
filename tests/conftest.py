"""The cast: Ada and Alan learn, Bo and Bea assess, Cy moderates, Mo manages, Root administers, Dee is new."""

import hashlib
import os
from pathlib import Path
from typing import IO
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from assessments import analysing
from assessments.analysers.analysis import Analysis as Reading
from assessments.models import Achievement, Programme
from tests import factories
from tests.world import World
from workbench import jobs
from workbench.models import Organisation, User


@pytest.fixture(autouse=True)
def storage_of_the_test(settings, tmp_path: Path) -> None:
    """Files of a test go to a folder of its own."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "workbench.storage.FolderStorage",
            "OPTIONS": {"location": str(tmp_path / "storage")},
        }
    }


@pytest.fixture(autouse=True)
def fresh_counters() -> None:
    """What earlier tests asked for counts against nobody's limit in this one."""
    cache.clear()


@pytest.fixture(autouse=True)
def language_of_the_test() -> None:
    """A request in an earlier test may have left its reader's language active in this thread."""
    translation.activate("en")


_READINGS: dict[str, tuple[Reading, bytes]] = {}


@pytest.fixture(autouse=True)
def readings_remembered(monkeypatch) -> None:
    """The same bytes are read once a process; a child is started for what a test makes its own."""
    in_a_child = analysing.read

    def read(content: IO[bytes]) -> tuple[Reading, bytes]:
        content.seek(0)
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        if digest not in _READINGS:
            content.seek(0)
            _READINGS[digest] = in_a_child(content)
        return _READINGS[digest]

    monkeypatch.setattr(analysing, "read", read)


@pytest.fixture
def organisation(db) -> Organisation:
    return factories.make_organisation("lille", name="Université de Lille", email="badges@lille.example")


@pytest.fixture
def achievement(organisation) -> Achievement:
    return factories.make_achievement(organisation, code="firewall-management")


@pytest.fixture
def programme(organisation, achievement) -> Programme:
    return factories.make_programme(organisation, achievement, slug="pilot")


@pytest.fixture
def ada(programme) -> User:
    ada = factories.make_user("Ada Delcourt")
    factories.enrol(programme, ada)
    return ada


@pytest.fixture
def alan(programme) -> User:
    alan = factories.make_user("Alan Vermeulen")
    factories.enrol(programme, alan)
    return alan


@pytest.fixture
def bo(programme) -> User:
    bo = factories.make_user("Bo Maes")
    factories.grant(bo, "assessor", programme)
    return bo


@pytest.fixture
def bea(programme) -> User:
    bea = factories.make_user("Bea Lambert")
    factories.grant(bea, "assessor", programme)
    return bea


@pytest.fixture
def cy(programme) -> User:
    cy = factories.make_user("Cy Dubois")
    factories.grant(cy, "moderator", programme)
    return cy


@pytest.fixture
def mo(programme) -> User:
    mo = factories.make_user("Mo Peeters")
    factories.grant(mo, "manager", programme)
    return mo


@pytest.fixture
def root(organisation) -> User:
    root = factories.make_user("Root Claes")
    factories.grant(root, "administrator", organisation)
    return root


@pytest.fixture
def dee(db) -> User:
    """A stranger with an account and nothing else."""
    return factories.make_user("Dee Martin")


@pytest.fixture
def world(organisation, programme, achievement, ada, alan, bo, bea, cy, mo, root, dee) -> World:
    second = factories.make_achievement(organisation, code="traffic-analysis")
    programme.achievements.add(second)
    earned = factories.make_submission(ada, programme, second)
    factories.make_decision(earned, bea)
    jobs.run_due()
    submission = factories.make_submission(ada, programme, achievement)
    draft = factories.make_draft(alan, programme, achievement)
    factories.make_evidence(draft)
    elsewhere = factories.make_organisation("elsewhere")
    other = factories.make_programme(elsewhere, factories.make_achievement(elsewhere))
    zoe = factories.make_user("Zoe Elsewhere")
    factories.enrol(other, zoe)
    for role in ("assessor", "moderator", "manager"):
        factories.grant(zoe, role, other)
    factories.grant(zoe, "administrator", elsewhere)
    operator = User.objects.create_superuser("operator@example.org", name="Operator")
    people = {"ada": ada, "alan": alan, "bo": bo, "bea": bea, "cy": cy, "mo": mo, "root": root, "dee": dee}
    return World(
        organisation,
        programme,
        achievement,
        submission,
        draft,
        factories.make_review(submission, bo),
        ada.credentials.get(),
        people | {"superuser": operator, "zoe": zoe},
    )


@pytest.fixture
def environment(tmp_path, settings) -> dict[str, str]:
    """What another process needs to work on the database and the files of this test."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        login = (
            f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
            if database["PASSWORD"]
            else quote(database["USER"])
        )
        where = f"{quote(database['HOST'], safe='')}:{database['PORT'] or 5432}"
        url = f"postgres://{login}@{where}/{quote(database['NAME'])}"
    return os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "workbench.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
        "WORKBENCH_STORAGE_URL": f"file://{tmp_path / 'storage'}",
    }
