"""An approved decision becomes one signed badge, served as the bytes that were signed."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from jsonschema import Draft201909Validator, FormatChecker

from badges.approval import Approval
from badges.issuing import ISSUE, issue, issue_cohort, plan, reissue_planned, signed_text
from badges.models import Credential, SigningKey
from badges.models.status_list import LENGTH
from badges.openbadges import baking, expansion
from badges.openbadges.award import Award
from badges.openbadges.keys import generate
from badges.openbadges.linked_data import PathsDiffer
from badges.openbadges.proof import ProofInvalid
from badges.publishing import baked_png, baked_svg
from badges.signing import private_half
from badges.tasks import issue_credential
from badges.verifying import verify
from reviews.models.decision import Outcome
from tests import factories
from workbench import jobs
from workbench.audit import breaks
from workbench.jobs import run_job
from workbench.models import Event, Job

SCHEMA = Path(__file__).parent / "openbadges/schemas/ob_v3p0_achievementcredential_schema.json"


@pytest.fixture
def planned(ada, bo, programme) -> Credential:
    factories.make_decision(factories.make_submission(ada, programme), bo)
    return Credential.objects.get()


@pytest.fixture
def issued(planned) -> Credential:
    jobs.run_due()
    planned.refresh_from_db()
    return planned


@pytest.fixture
def https(settings):
    settings.BASE_URL = "https://badges.example.org"
    settings.HTTPS = True


def test_approving_plans_a_badge_and_the_worker_signs_it(planned):
    assert planned.state == "planned" and planned.signed == ""
    jobs.run_due()
    planned.refresh_from_db()
    assert planned.state == "issued"
    assert verify(planned.signed.encode()).verified
    assert list(Event.objects.about(planned).in_order().values_list("verb", flat=True)) == [
        "badge-planned",
        "badge-issued",
    ]
    assert not list(breaks())


@pytest.mark.parametrize("outcome", [Outcome.RETURN, Outcome.REJECT])
def test_no_other_decision_makes_a_badge(ada, bo, programme, outcome):
    factories.make_decision(factories.make_submission(ada, programme), bo, outcome=outcome)
    jobs.run_due()
    assert not Credential.objects.exists()


def test_issuing_again_changes_nothing(issued):
    before = issued.signed
    assert issue(issued.pk).signed == before
    Credential.objects.filter(pk=issued.pk).update(
        state="planned", signed="", signed_sha256="", jwt="", jwt_key=None, jwt_signed_at=None
    )
    assert issue(issued.pk).signed == before


def test_planning_the_same_decision_again_returns_the_same_badge(planned, bo):
    approval = Approval(
        decision_id=planned.decision_id,
        submission=planned.learner.submissions.get(),
        decided_at=planned.planned_at,
        released_at=planned.planned_at,
        levels={},
        roles=("assessor",),
        moderated=False,
    )
    assert plan(approval, by=bo) == planned
    assert Credential.objects.count() == 1


def test_the_database_refuses_a_second_badge_for_a_decision(planned):
    copy = Credential.objects.get(pk=planned.pk)
    copy.pk = "00000000-0000-4000-8000-000000000001"
    copy.status_index = (planned.status_index + 1) % LENGTH
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save(force_insert=True)


def test_a_status_index_is_given_once_and_at_random(ada, alan, bo, programme, organisation):
    learners = [ada, alan, *(factories.make_user(f"Learner{number} X") for number in range(6))]
    factories.enrol(programme, *learners)
    for learner in learners:
        factories.make_decision(factories.make_submission(learner, programme), bo)
    indexes = list(Credential.objects.order_by("planned_at").values_list("status_index", flat=True))
    assert len(set(indexes)) == len(learners)
    assert indexes != sorted(indexes) or max(indexes) - min(indexes) > len(indexes)
    copy = Credential.objects.first()
    taken = Credential.objects.exclude(pk=copy.pk).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=copy.pk).update(status_index=taken.status_index)


def test_an_issued_badge_fits_the_official_schema(issued):
    validator = Draft201909Validator(json.loads(SCHEMA.read_text()), format_checker=FormatChecker())
    assert [error.message for error in validator.iter_errors(json.loads(issued.signed))] == []


def test_the_schema_would_tell(issued):
    broken = json.loads(issued.signed) | {"issuer": 7}
    assert list(Draft201909Validator(json.loads(SCHEMA.read_text())).iter_errors(broken))


def test_a_badge_of_an_https_issuer_fits_the_schema_and_names_a_did_web(https, ada, bo, programme):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    credential = json.loads(Credential.objects.get().signed)
    assert credential["issuer"]["id"] == "did:web:badges.example.org:issuers:lille"
    assert credential["id"].startswith("https://badges.example.org/badges/")
    validator = Draft201909Validator(json.loads(SCHEMA.read_text()), format_checker=FormatChecker())
    assert not list(validator.iter_errors(credential))
    assert verify(Credential.objects.get().signed.encode()).verified


def test_served_bytes_are_stored_bytes_are_baked_bytes(issued, client):
    stored = issued.signed.encode()
    assert client.get(f"/badges/{issued.pk}.json").content == stored
    assert client.get(f"/badges/{issued.pk}", headers={"accept": "application/json"}).content == stored
    for suffix in ("png", "svg"):
        served = client.get(f"/badges/{issued.pk}.{suffix}").content
        assert baking.extract(served).credential_text.encode() == stored
    assert baking.extract(baked_png(issued)).credential_text == issued.signed
    assert baking.extract(baked_svg(issued)).credential_text == issued.signed


def test_the_badge_says_what_was_judged(issued, ada, achievement):
    credential = json.loads(issued.signed)
    subject = credential["credentialSubject"]
    assert len(subject["result"]) == len(achievement.criteria)
    assert {one["achievedLevel"] for one in subject["result"]} == {
        one["requiredLevel"] for one in subject["achievement"]["resultDescription"]
    }
    assert credential["evidence"][0]["id"].startswith("http://testserver/evidence/")
    assert ada.submissions.get().manifest_sha256 in subject["narrative"]


def test_the_badge_names_nobody(issued, ada, bo):
    for secret in (ada.email, ada.name, bo.email, bo.name, str(ada.pk)):
        assert secret not in issued.signed


def test_private_evidence_is_not_in_the_badge(ada, bo, programme):
    draft = factories.make_draft(ada, programme)
    factories.make_evidence(draft, title="For assessors only", visibility="private")
    factories.make_text(draft, title="Shown", visibility="summary")
    from assessments.submitting import submit

    factories.make_decision(submit(draft, declaration=True, by=ada), bo)
    jobs.run_due()
    assert [one["name"] for one in json.loads(Credential.objects.get().signed)["evidence"]] == ["Shown"]
    assert "For assessors only" not in Credential.objects.get().signed


def test_the_private_key_is_in_no_table(issued):
    raw = private_half(issued.signing_key).private_bytes_raw()
    forms = (raw, raw.hex().encode(), json.dumps(list(raw)).encode())
    dump = b"".join(_dump(model) for model in apps.get_models())
    assert issued.signing_key.public_multibase.encode() in dump
    assert not any(form in dump for form in forms)


def test_what_was_planned_and_forgotten_is_found(planned):
    Job.objects.all().delete()
    assert reissue_planned() == 1
    jobs.run_due()
    planned.refresh_from_db()
    assert planned.state == "issued"
    assert reissue_planned() == 0


def test_a_badge_in_another_language_is_in_that_language(ada, bo, programme):
    ada.language = "fr"
    ada.save()
    factories.make_decision(factories.make_submission(ada, programme), bo)
    award = Award.from_json(Credential.objects.get().award)
    assert award.achievement.name == "Gestion de pare-feu"
    assert award.achievement.image_url.endswith("?language=fr")


@pytest.fixture
def group(bo, programme) -> list[Credential]:
    """Seven people whose work Bo approved, each with a badge planned and a job waiting."""
    learners = [factories.make_user(f"Learner{number} Group") for number in range(7)]
    factories.enrol(programme, *learners)
    for learner in learners:
        factories.make_decision(factories.make_submission(learner, programme), bo)
    return list(Credential.objects.order_by("planned_at", "pk"))


def test_the_first_job_of_a_group_issues_the_badges_of_all(group, monkeypatch):
    monkeypatch.setattr("badges.issuing.CHUNK", 3)
    monkeypatch.setattr("badges.issuing.COHORT", 6)
    issue_credential(group[0].pk)
    assert Credential.objects.planned().count() == 0
    issued = list(Event.objects.filter(verb="badge-issued").values_list("subject_id", flat=True))
    assert sorted(issued) == sorted(str(credential.pk) for credential in group)
    assert not list(breaks())
    jobs.run_due()
    assert Event.objects.filter(verb="badge-issued").count() == len(group)
    for credential in Credential.objects.all():
        assert verify(credential.signed.encode()).verified


def test_a_run_has_an_end(group, monkeypatch):
    monkeypatch.setattr("badges.issuing.CHUNK", 2)
    monkeypatch.setattr("badges.issuing.COHORT", 4)
    issue_credential(group[0].pk)
    assert Credential.objects.planned().count() == len(group) - 1 - 4


def test_a_badge_of_a_group_is_the_badge_it_would_be_alone(group):
    issue_cohort(issue(group[0].pk))
    for credential in Credential.objects.all():
        assert signed_text(credential) == credential.signed
        award = Award.from_json(credential.award)
        assert json.loads(credential.signed)["id"] == award.credential_url
        assert award.recipient.subject_id in credential.signed


def test_a_badge_that_cannot_be_made_stops_no_other(group, monkeypatch):
    monkeypatch.setattr("badges.issuing.CHUNK", 3)
    broken = group[2]
    broken.award["issuer"]["url"] = "not an address"
    broken.save(update_fields=["award"])
    assert issue_cohort(issue(group[0].pk)) == len(group) - 2
    assert list(Credential.objects.planned()) == [broken]
    jobs.run_due()
    assert Job.objects.get(subject_id=broken.pk, kind=ISSUE).error == "CannotBuild"


def test_another_achievement_or_key_is_another_cohort(group):
    first, other = group[0], group[1]
    key = SigningKey.objects.get(pk=first.signing_key_id)
    key.pk, key.version, key.state, key.public_multibase = None, 9, "retired", "z6MkOther"
    key._state.adding = True
    key.save()
    Credential.objects.filter(pk=other.pk).update(signing_key=key)
    issue_cohort(issue(first.pk))
    assert list(Credential.objects.planned()) == [other]


def test_a_key_that_is_not_the_published_one_issues_nothing(group, monkeypatch):
    """The check before storing is the public's: with the key that the DID document shows."""
    monkeypatch.setattr("badges.issuing.public_half", lambda key: generate().public_key())
    with pytest.raises(ProofInvalid):
        issue(group[0].pk)
    assert issue_cohort(group[0]) == 0
    assert Credential.objects.planned().count() == len(group)


def test_a_difference_between_the_two_ways_of_hashing_is_loud(group, monkeypatch):
    """One badge in so many is hashed by both; the job fails, and ends where an admin sees it."""
    right = expansion.form_of
    monkeypatch.setattr(expansion, "form_of", lambda *given: right(*given) + b"<urn:s> <urn:p> <urn:o> .\n")
    with pytest.raises(PathsDiffer):
        issue_cohort(group[0])
    run_job.call(str(Job.objects.get(subject_id=group[0].pk, kind=ISSUE).pk))
    assert Job.objects.get(subject_id=group[0].pk, kind=ISSUE).error == "PathsDiffer"
    assert Credential.objects.planned().count() == len(group)


def _dump(model) -> bytes:
    rows = model._base_manager.values_list()
    return b"".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for row in rows
        for value in row
    )
