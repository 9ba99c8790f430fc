"""The OpenAPI document: complete, public, and kept by every answer to whatever a client may send."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as effort
from ninja import Schema
from ninja.responses import NinjaJSONEncoder
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from badges.models import Credential
from reviews.annotating import Anchor, annotate
from reviews.models.annotation import Unit
from reviews.reporting import request_report
from tests import factories
from workbench.api import api
from workbench.api.idempotency import HEADER, KEY
from workbench.jobs import run_due
from workbench.models import Token
from workbench.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
document = json.dumps(api.get_openapi_schema(), cls=NinjaJSONEncoder)
schema = schemathesis.openapi.from_dict(json.loads(document))
schema.app = application


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A request closes connections that are inside a transaction; here that is the one of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(ada, alan, bo, mo, programme, achievement) -> dict[str, str]:
    """Real ids, by the first part of a path or the name of a field; without them all would be 404."""
    second = factories.make_achievement(programme.organisation, achievement.rubric)
    programme.achievements.add(second)
    decision = factories.make_decision(factories.make_submission(ada, programme, achievement), bo)
    report = request_report(programme, kind="programme-csv", by=mo)
    run_due()
    draft = factories.make_draft(ada, programme, second)
    review = factories.make_review(factories.make_submission(alan, programme, achievement), bo)
    note = annotate(review, review.submission.evidence.get(), Anchor(Unit.LINE, 7), text="Why?", by=bo)
    factories.make_submission(alan, programme, second)
    return {
        "programmes": str(programme.pk),
        "programme": str(programme.pk),
        "achievements": str(achievement.pk),
        "achievement": str(achievement.pk),
        "referentials": str(achievement.rubric.referential_id),
        "submissions": str(draft.pk),
        "evidence": str(factories.make_evidence(draft).pk),
        "reviews": str(review.pk),
        "annotation": str(note.pk),
        "reports": str(report.pk),
        "credentials": str(Credential.objects.get(decision_id=decision.pk).pk),
    }


@schema.parametrize()
@effort(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
@pytest.mark.django_db
def test_every_answer_keeps_the_document(case: Any, one_connection, known, ada, bo, mo, settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.MAX_EVIDENCE_BYTES = 100_000
    _make_real(case, known)
    for caller in (ada, bo, mo) if case.method == "GET" else (ada, bo):
        secret = Token.issue(caller, label="fuzz")[1]
        response = case.call(headers={"Authorization": f"Bearer {secret}"})
        case.validate_response(response, checks=CHECKS)


def _make_real(case: Any, known: dict[str, str]) -> None:
    """Put real ids in the place of most invented ones, and let no key repeat an answer."""
    if case.headers and KEY.fullmatch(str(case.headers.get(HEADER, ""))):
        del case.headers[HEADER]
    resource = case.operation.path.removeprefix("/api/v1/").split("/")[0]
    for name, value in (case.path_parameters or {}).items():
        real = known.get(resource if name == "id" else name)
        if real and _is_id(value):
            case.path_parameters[name] = real
    for holder in (case.body, case.query):
        if isinstance(holder, dict):
            for name in holder.keys() & known.keys():
                if _is_id(holder[name]):
                    holder[name] = known[name]


def _is_id(value: Any) -> bool:
    try:
        return UUID(str(value)).int % 4 != 0
    except ValueError:
        return False


def test_the_document_is_public_and_names_what_is_promised(client, db):
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200 and response["Content-Type"].startswith("application/json")
    document = response.json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"] and operation["operationId"] and operation["tags"], path
            refusals = {status for status in operation["responses"] if status >= "400"}
            assert {"400", "500"} <= refusals
            if path != "/api/v1/verify":
                assert operation["security"] == [{"Bearer": []}]
                assert {"401", "403"} <= refusals
            if "{" in path:
                assert "404" in refusals
            names = [parameter["name"] for parameter in operation["parameters"]]
            assert ("Idempotency-Key" in names) == (method == "post")
            if {"200"} & operation["responses"].keys() and "cursor" in names:
                assert "limit" in names
    tags = {tag["name"] for tag in document["tags"]}
    used = {tag for path in document["paths"].values() for one in path.values() for tag in one["tags"]}
    assert used == tags


def test_no_page_of_a_foreign_interface_is_served(client, db):
    assert client.get("/api/v1/docs").status_code == 404


def test_no_two_shapes_share_a_name():
    """Of two with one name the document keeps the last, and describes the other's answers by it."""
    named: dict[str, set[type]] = {}
    for shape in _shapes(Schema):
        if ".api." in shape.__module__ and shape.__name__ != "Filters":  # filters are no component
            named.setdefault(shape.__name__, set()).add(shape)
    assert [name for name, shapes in named.items() if len(shapes) > 1] == []


def _shapes(base: type) -> Iterator[type]:
    for shape in base.__subclasses__():
        yield shape
        yield from _shapes(shape)
