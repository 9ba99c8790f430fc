"""What managers and administrators do over the API: import, revoke, report."""

from io import BytesIO
from pathlib import Path

import pytest

import assessments.importing
from assessments.models import Referential
from badges.models import Credential
from tests import factories
from tests.api.conftest import refused
from workbench.jobs import run_due

pytestmark = pytest.mark.django_db

PILOT = Path(assessments.importing.__file__).parent / "pilot"
TABLES = ("referential.csv", "competencies.csv", "rubric.csv")


def test_root_imports_a_case_package_once(calls, organisation, root):
    api = calls(root)
    with (PILOT / "cybersecurity.json").open("rb") as file:
        imported = api.upload("/referentials", organisation="lille", file=file)
    assert imported.status_code == 201, imported.content
    referential = imported.json()
    assert referential["organisation_slug"] == "lille" and referential["titles"].keys() >= {"en", "fr", "nl"}
    assert referential["competencies"] and referential["competencies"][0]["statement"]
    assert api.get(f"/referentials/{referential['id']}").json() == referential
    with (PILOT / "cybersecurity.json").open("rb") as file:
        again = api.upload("/referentials", organisation=str(organisation.pk), file=file)
    assert refused(again, 409, "nothing-changed")["id"] == referential["id"]
    assert [one["id"] for one in api.get("/referentials", organisation="lille").json()["items"]] == [
        referential["id"]
    ]
    assert api.get("/referentials", organisation="nobody").json()["items"] == []


def test_root_imports_csv_tables_together(calls, organisation, root):
    files = [(PILOT / name).open("rb") for name in TABLES]
    imported = calls(root).upload("/referentials", organisation="lille", file=files)
    assert imported.status_code == 201, imported.content
    assert imported.json()["competencies"]


def test_a_broken_referential_names_every_problem_and_saves_nothing(calls, organisation, root):
    file = BytesIO(b'{"CFDocument": {"title": 3}}')
    file.name = "case.json"
    problem = refused(
        calls(root).upload("/referentials", organisation="lille", file=file), 422, "referential-invalid"
    )
    assert problem["errors"] and all(error["code"] and error["detail"] for error in problem["errors"])
    assert not Referential.objects.exists()


def test_an_import_needs_a_file_and_an_organisation_that_exists(calls, organisation, root):
    api = calls(root)
    problem = refused(api.upload("/referentials", organisation="lille"), 422, "invalid")
    assert problem["errors"][0]["field"] == "file"
    with (PILOT / "cybersecurity.json").open("rb") as file:
        refused(api.upload("/referentials", organisation="nobody", file=file), 404, "not-found")
    with (PILOT / "cybersecurity.json").open("rb") as file:
        assert refused(api.upload("/referentials", file=file), 422, "invalid")["errors"][0]["field"] == (
            "organisation"
        )


def test_mo_asks_for_a_report_and_follows_it(calls, mo, ada, bo, programme):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    api = calls(mo)
    asked = api.post("/reports", {"kind": "programme-csv", "programme": str(programme.pk)})
    assert asked.status_code == 202
    report = asked.json()
    assert (report["state"], report["progress"], report["url"]) == ("waiting", 0, None)
    refused(api.get(f"/reports/{report['id']}/file"), 404, "not-found")
    run_due()
    done = api.get(f"/reports/{report['id']}").json()
    assert (done["state"], done["progress"]) == ("done", 100)
    assert done["url"] == f"http://testserver/api/v1/reports/{report['id']}/file"
    file = api.get(f"/reports/{report['id']}/file")
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert file["Content-Disposition"].startswith("attachment") and file["Cache-Control"] == "no-store"
    assert "Ada" in b"".join(file.streaming_content).decode()
    refused(api.post("/reports", {"kind": "gossip", "programme": str(programme.pk)}), 422, "unknown-report")


def test_mo_revokes_once_with_a_reason(calls, mo, ada, bo, programme):
    decision = factories.make_decision(factories.make_submission(ada, programme), bo)
    badge = Credential.objects.get(decision_id=decision.pk)
    api, path = calls(mo), f"/credentials/{badge.pk}/revoke"
    refused(api.post(path, {"reason": "Too early."}), 409, "not-issued")
    run_due()
    refused(api.post(path, {"reason": "  "}), 422, "reason-missing")
    refused(api.post(path, {"reason": "x" * 2001}), 422, "reason-too-long")
    revoked = api.post(path, {"reason": "A mix-up."}).json()
    assert (revoked["state"], revoked["revocation_reason"]) == ("revoked", "A mix-up.")
    refused(api.post(path, {"reason": "Again."}), 409, "already-revoked")
    assert [one["id"] for one in api.get("/credentials", state="revoked").json()["items"]] == [str(badge.pk)]
    assert calls(ada).get("/credentials", mine="true", state="issued").json()["items"] == []


def test_me_lists_every_role_with_its_place(calls, organisation, programme, root, mo, ada):
    factories.grant(ada, "assessor", programme)
    roles = {
        person.name: [
            (role["role"], role["programme"] or role["organisation"])
            for role in calls(person).get("/me").json()["roles"]
        ]
        for person in (root, mo, ada)
    }
    assert roles == {
        root.name: [("administrator", str(organisation.pk))],
        mo.name: [("manager", str(programme.pk))],
        ada.name: [("learner", str(programme.pk)), ("assessor", str(programme.pk))],
    }
