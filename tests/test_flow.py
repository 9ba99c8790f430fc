"""The whole story by the pages' forms: enrolled, handed in, returned, approved, issued, verified, revoked."""

import hashlib
import json
import random
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.models import Submission
from assessments.models.lifecycle import State
from badges.models import Credential
from badges.openbadges.baking import extract
from badges.verifying import verify
from reviews.models import Decision, Report, Review
from tests import factories
from workbench import jobs
from workbench.audit import breaks
from workbench.demo.captures import capture
from workbench.demo.configurations import iptables_save
from workbench.models import Event, User

RULES = iptables_save(random.Random(1), 3).encode()
SCAN = capture(random.Random(2), "port-scan").data


@dataclass
class Visitor:
    """Somebody with a browser, who follows every redirection."""

    client: Client

    def get(self, name: str, *args: Any, **query: Any) -> Any:
        return self._answer(self.client.get(reverse(name, args=args), query, follow=True))

    def post(self, name: str, *args: Any, to: str = "", status: int = 200, **fields: Any) -> Any:
        address = reverse(name, args=args) + to
        return self._answer(self.client.post(address, fields, follow=True), status)

    def _answer(self, response: Any, status: int = 200) -> Any:
        assert response.status_code == status, response.content.decode()[:2000]
        return response


def visitor(person: User | None = None) -> Visitor:
    client = Client()
    if person:
        client.force_login(person)
    return Visitor(client)


def test_from_an_enrolment_to_a_badge_that_is_taken_back(programme, achievement, mo, bo) -> None:
    eve = factories.make_user("Eve Rousseau")
    manager, learner, assessor, stranger = visitor(mo), visitor(eve), visitor(bo), visitor()
    manager.post("enrol", programme.pk, addresses=eve.email)
    first = hand_in_the_rules(learner, programme, achievement)
    judge(assessor, outcome="return", position=2, feedback="Show the refused flows too.")
    assert "Show the refused flows too." in learner.get("submission", first.pk).content.decode()
    second = hand_in_again(learner, programme, achievement)
    judge(assessor, outcome="approve", position=3, feedback="Clear and complete.")
    jobs.run_due()
    badge = Credential.objects.get()
    document = the_badge_says_what_was_judged(stranger, badge, second, eve)
    every_form_verifies(stranger, badge, document)
    manager_reads_the_report(manager, programme, eve)
    manager.post("revoke-badge", badge.pk, reason="Handed in twice.")
    the_badge_is_no_longer_valid(stranger, badge)
    assert list(breaks()) == []


def hand_in_the_rules(learner: Visitor, programme, achievement) -> Submission:
    learner.post("start-submission", programme.pk, achievement.pk)
    draft = Submission.objects.get()
    lying = SimpleUploadedFile("rules.v4", b"MZ" + bytes(200), "text/plain")
    answer = add(learner, draft, "file", title="Rules", visibility="public", file=lying, status=422)
    assert 'value="Rules"' in answer.content.decode()
    assert not draft.evidence.exists()
    add(
        learner, draft, "file", title="Rules", visibility="public", file=SimpleUploadedFile("rules.v4", RULES)
    )
    add(learner, draft, "text", title="Why in this order", visibility="private", text="By use.")
    learner.post("submit", draft.pk, status=422)
    learner.post("submit", draft.pk, declaration="on")
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED
    return draft


def hand_in_again(learner: Visitor, programme, achievement) -> Submission:
    """The evidence of the first attempt comes along."""
    learner.post("start-submission", programme.pk, achievement.pk)
    draft = Submission.objects.get(attempt=2)
    add(
        learner,
        draft,
        "file",
        title="A scan",
        visibility="summary",
        file=SimpleUploadedFile("scan.pcap", SCAN),
    )
    learner.post("submit", draft.pk, declaration="on")
    draft.refresh_from_db()
    assert [item.title for item in draft.evidence.in_order()] == ["Rules", "Why in this order", "A scan"]
    return draft


def add(learner: Visitor, draft: Submission, form: str, *, status: int = 200, **fields: Any) -> Any:
    for criterion in draft.achievement.criteria:
        fields |= {f"supports-{criterion.pk}": "on", f"reason-{criterion.pk}": f"See {criterion.code}."}
    return learner.post("add-evidence", draft.pk, to=f"?form={form}", status=status, narrative="", **fields)


def judge(assessor: Visitor, *, outcome: str, position: int, feedback: str) -> None:
    assessor.post("claim-next")
    review = Review.objects.open().get()
    sheet = {"version": review.version, "feedback": feedback}
    for criterion in review.submission.achievement.criteria:
        sheet[f"level-{criterion.pk}"] = str(criterion.levels.get(position=position).pk)
        sheet[f"comment-{criterion.pk}"] = f"On {criterion.code}."
    assessor.post("save-scores", review.pk, **sheet)
    assessor.post("decide", review.pk, **sheet, status=409, outcome=outcome)  # the version before the save
    sheet["version"] = Review.objects.get(pk=review.pk).version
    assessor.post("decide", review.pk, **sheet, outcome=outcome)
    assert Decision.objects.get(review=review).outcome == outcome


def the_badge_says_what_was_judged(
    stranger: Visitor, badge: Credential, submission: Submission, learner: User
) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(fetched(stranger, badge, "json"))
    assert document["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert [one["name"] for one in document["evidence"]] == ["Rules", "A scan"]
    assert hashlib.sha256(RULES).hexdigest() in json.dumps(document["evidence"][0])
    assert len(document["credentialSubject"]["result"]) == len(submission.achievement.criteria)
    assert submission.manifest_sha256 == badge.award["judgement"]["manifest_sha256"]
    text = json.dumps(document)
    assert learner.name not in text
    assert learner.email not in text
    page = stranger.get("badge", badge.pk).content.decode()
    assert "Valid today" in page
    assert "Why in this order" not in page
    return document


def every_form_verifies(stranger: Visitor, badge: Credential, document: dict[str, Any]) -> None:
    signed = fetched(stranger, badge, "json")
    for suffix in ("png", "svg"):
        baked = fetched(stranger, badge, suffix)
        assert extract(baked).credential_text.encode() == signed
        assert verify(baked).verified
    assert verify(badge.url).verified
    assert fetched(stranger, badge, "pdf").startswith(b"%PDF-")
    document["credentialSubject"]["achievement"]["name"] = "Firewall mastery"
    changed = verify(json.dumps(document))
    assert not changed.verified
    assert [check.name for check in changed.checks if check.passed is False] == ["proof"]


def fetched(stranger: Visitor, badge: Credential, suffix: str) -> bytes:
    response = stranger.get("badge-file", badge.pk, suffix)
    return response.getvalue() if response.streaming else response.content


def manager_reads_the_report(manager: Visitor, programme, learner: User) -> None:
    for kind in ("programme", "programme-csv"):
        manager.post("request-report", programme=programme.pk, kind=kind)
    jobs.run_due()
    files = {report.kind: manager.get("report-file", report.pk) for report in Report.objects.all()}
    contents = {kind: b"".join(response.streaming_content) for kind, response in files.items()}
    assert contents["programme"].startswith(b"%PDF-")
    assert learner.name in contents["programme-csv"].decode()


def the_badge_is_no_longer_valid(stranger: Visitor, badge: Credential) -> None:
    verification = verify(fetched(stranger, badge, "json"))
    assert not verification.verified
    assert [check.name for check in verification.checks if check.passed is False] == ["status"]
    assert "Handed in twice." in stranger.get("badge", badge.pk).content.decode()
    assert Event.objects.filter(verb="badge-revoked").count() == 1
