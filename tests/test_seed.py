"""The demo world: whole, genuine, made once, and only where debug mode is on."""

import hashlib
import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from assessments.models import Evidence, Programme, Submission
from assessments.models.lifecycle import State
from assessments.submitting import manifest_digest
from badges.models import Credential
from badges.verifying import verify
from reviews.adjudicating import is_disagreed
from reviews.calibrated import closed_to
from reviews.models import ActionPoint, Calibration, Decision, Exemplar
from reviews.sampling_policy import history
from reviews.unnaming import names_in
from reviews.verification_matrix import matrix_of
from tests.factories import make_user
from workbench.audit import breaks
from workbench.demo import clock, people, portfolios, world
from workbench.demo.stories import Calendar
from workbench.jobs import Job
from workbench.models import Event, Mail, Notification, User
from workbench.models.job import JobState
from workbench.models.mail import MailState
from workbench.notifying import unread_count
from workbench.storage import open_blob

pytestmark = pytest.mark.xdist_group("demo-world")  # made once, by one process


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("seed_demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo")


def storages(folder: Path) -> dict:
    return configured.STORAGES | {
        "default": {"BACKEND": "workbench.storage.FolderStorage", "OPTIONS": {"location": str(folder)}}
    }


@pytest.fixture(autouse=True)
def storage_of_the_test(settings, folder: Path) -> None:
    """Every test of this file sees the files of the one demo world."""
    settings.STORAGES = storages(folder)


# These come before the world of this file is made: they need a database without it.


@pytest.mark.parametrize("arguments", [(), ("--accounts",)])
def test_it_is_refused_where_debug_mode_is_off(db, settings, arguments) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="WORKBENCH_DEBUG=1"):
        told(*arguments)
    assert not User.objects.exists()


def test_a_story_that_fails_leaves_nothing_behind(db, settings, monkeypatch) -> None:
    settings.DEBUG = True
    monkeypatch.setattr(world, "play", lambda _stories: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        told()
    assert not User.objects.exists() and not Event.objects.exists()


def test_it_is_refused_where_somebody_has_an_address_of_the_cast(db, settings) -> None:
    settings.DEBUG = True
    mine = make_user("Ada", email="ada@demo.example", password="my own and long")
    with pytest.raises(CommandError, match="empty database"):
        told()
    assert list(User.objects.all()) == [mine] and mine.check_password("my own and long")


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, folder: Path) -> Iterator[str]:
    """What the command told when it made the world, once for this file; taken back at its end."""
    with (
        django_db_blocker.unblock(),
        override_settings(DEBUG=True, STORAGES=storages(folder)),
        transaction.atomic(),
    ):
        yield told()
        transaction.set_rollback(True)


@pytest.fixture
def world_made(seeded, db, settings) -> str:
    settings.DEBUG = True
    return seeded


def person(key: str) -> User:
    return User.objects.get(email=f"{key}@demo.example")


def states_of(key: str) -> set[tuple[str, str, int]]:
    rows = Submission.objects.filter(learner=person(key))
    return {(row.achievement.code, row.state, row.attempt) for row in rows.select_related("achievement")}


def test_there_is_work_in_every_state(world_made) -> None:
    assert Counter(Submission.objects.values_list("state", flat=True)) == {
        State.DRAFT: 6,
        State.SUBMITTED: 11,
        State.IN_REVIEW: 2,
        State.MODERATION: 3,
        State.APPROVED: 15,
        State.RETURNED: 8,
        State.REJECTED: 2,
        State.WITHDRAWN: 2,
    }
    assert Counter(Credential.objects.values_list("state", flat=True)) == {"issued": 14, "revoked": 1}
    assert Submission.objects.filter(attempt=2, previous__state=State.RETURNED).count() == 5
    assert not Job.objects.exclude(state=JobState.DONE).exists()


def test_the_summary_tells_what_there_is(world_made) -> None:
    assert world_made.startswith("The demo world is loaded.")
    lines = [line.split() for line in world_made.splitlines()]
    assert ["submissions", "49"] in lines and ["badges", "15"] in lines and ["approved", "15"] in lines


def test_ada_has_a_badge_and_something_to_mend_and_alan_waits(world_made) -> None:
    assert states_of("ada") == {
        ("firewall-management", "approved", 1),
        ("network-traffic-analysis", "returned", 1),
    }
    assert states_of("alan") == {
        ("firewall-management", "submitted", 1),
        ("network-traffic-analysis", "draft", 1),
    }
    assert Credential.objects.get(learner=person("ada")).is_valid_now
    assert not Submission.objects.visible_to(person("dee")).exists()


def test_bo_and_bea_hold_one_work_each_under_a_live_lease(world_made) -> None:
    held = Submission.objects.filter(state=State.IN_REVIEW)
    assert {submission.claimed_by for submission in held} == {person("bo"), person("bea")}
    assert all(submission.has_live_lease for submission in held)
    assert all(submission.reviews.open().get().scores.count() == 4 for submission in held)


@pytest.mark.parametrize("member", people.CAST, ids=lambda member: member.key)
def test_everybody_of_the_cast_signs_in_with_the_password_demo(world_made, member) -> None:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": member.email, "password": "demo"})
    assert (answer.status_code, answer.url) == (302, reverse("home"))
    assert client.get(reverse("home")).status_code == 200
    assert client.get(reverse("home")).wsgi_request.user.language == member.language


def test_nobody_else_has_a_password(world_made) -> None:
    others = User.objects.exclude(email__in=[member.email for member in people.CAST])
    assert others.count() == len(people.LEARNERS)
    assert not any(other.has_usable_password() for other in others)


def test_each_person_has_the_role_that_the_table_of_accounts_says(world_made) -> None:
    pilot = Programme.objects.get(slug="pilot")
    assert pilot.is_running and set(pilot.names) == {"en", "fr", "nl"}
    held = {
        "bo": "assess_programme",
        "bea": "assess_programme",
        "cy": "moderate_programme",
        "mo": "manage_programme",
    }
    for key, permission in held.items():
        assert [pilot.pk in person(key).grants.ids(name) for name in sorted(set(held.values()))] == [
            name == permission for name in sorted(set(held.values()))
        ]
    assert pilot.organisation_id in person("root").grants.ids("administer_organisation")
    assert not person("dee").grants.by_permission


def test_every_badge_verifies_and_the_revoked_one_says_why(world_made) -> None:
    for badge in Credential.objects.all():
        seen = verify(badge.signed)
        failed = [check.name for check in seen.failed]
        assert failed == (["status"] if badge.is_revoked else []), (badge.learner, failed)
        assert seen.verified is not badge.is_revoked
    revoked = Credential.objects.get(state="revoked")
    assert revoked.revocation_reason and revoked.revoked_by == person("mo")


def test_a_badge_of_the_demo_world_with_one_changed_letter_is_refused(world_made) -> None:
    badge = Credential.objects.get(learner=person("ada"))
    changed = badge.signed.replace("Gestion", "Gestien", 1)
    assert changed != badge.signed
    assert [check.name for check in verify(changed).failed] == ["proof"]


def test_the_audit_trail_is_whole_and_tells_the_story_in_order(world_made) -> None:
    assert list(breaks()) == []
    moments = list(Event.objects.in_order().values_list("at", flat=True))
    assert moments == sorted(moments) and moments[-1] <= timezone.now()
    assert (moments[-1] - moments[0]).days >= 40
    call_command("check_audit", stdout=StringIO())


def test_every_badge_carries_the_date_on_which_its_decision_was_released(world_made) -> None:
    for decision in Decision.objects.released().filter(outcome="approve"):
        badge = Credential.objects.get(decision_id=decision.pk)
        assert badge.planned_at == decision.released_at
        assert badge.signed.count(f'"validFrom":"{decision.released_at:%Y-%m-%dT%H:%M:%S}') == 1
        assert 0 < (badge.issued_at - decision.released_at).total_seconds() < 60
        assert decision.submission.submitted_at < decision.review.claimed_at <= decision.decided_at


def test_people_were_told_and_no_mail_of_the_past_waits(world_made) -> None:
    ada = person("ada")
    assert unread_count(ada) == 3 and ada.notifications.exclude(read_at=None).exists()
    kinds = set(Notification.objects.values_list("kind", flat=True))
    told_of = {"submitted", "claimed", "decided", "badge-issued", "badge-revoked", "to-moderate", "sent-back"}
    assert kinds >= told_of
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SKIPPED}
    assert not Notification.objects.for_digest().filter(due_at__lt=timezone.now()).exists()


def test_cy_has_decisions_to_check_and_a_matrix_with_history(world_made) -> None:
    pilot = Programme.objects.get(slug="pilot")
    held = Decision.objects.awaiting_moderation()
    assert {one.decided_by for one in held} == {person("bo"), person("bea")}
    assert all(one.sampled_for == ["pair"] for one in held)
    today = timezone.localdate()
    seen = matrix_of(pilot, since=today - timedelta(days=40), until=today).total
    assert (seen.returned, seen.waiting, seen.compliant) == (1, 2, "not-yet")
    assert seen.accepted >= 6
    assert not ActionPoint.objects.filter(done_at=None).exists()
    assert [change.by for change in history(pilot)] == [person("mo")] * 2


def test_two_mark_traffic_blindly_one_waits_one_is_disputed_and_cy_settled_one(world_made) -> None:
    traffic = Submission.objects.filter(achievement__code="network-traffic-analysis", programme__slug="pilot")
    waiting = traffic.get(state=State.SUBMITTED, reviews__state="marked")
    assert [one.assessor for one in waiting.reviews.all()] == [person("bo")]
    assert is_disagreed(traffic.get(state=State.MODERATION, decision=None))
    settled = Decision.objects.get(decided_by=person("cy"))
    assert settled.moderated and settled.is_released and len(settled.basis["reviews"]) == 3


def test_two_exemplars_are_in_use_and_bo_has_passed_one(world_made) -> None:
    exemplars = Exemplar.objects.in_use().filter(programme__slug="pilot")
    assert exemplars.count() == 2 and all(exemplar.has_consent for exemplar in exemplars)
    assert not any(names_in(exemplar.submission) for exemplar in exemplars)
    calibration = Calibration.objects.get()
    assert (calibration.assessor, calibration.passed, calibration.far) == (person("bo"), True, 0)
    assert not closed_to(person("bo"))


def test_work_waits_from_one_to_twenty_days(world_made) -> None:
    today = timezone.localdate()
    waiting = Submission.objects.filter(state=State.SUBMITTED)
    days = sorted((today - timezone.localdate(one.submitted_at)).days for one in waiting)
    assert (days[0], days[-1]) == (1, 20)


def test_digests_are_those_of_the_bytes_and_manifests_those_of_the_evidence(world_made) -> None:
    for submission in Submission.objects.exclude(submitted_at=None):
        assert manifest_digest(submission.manifest) == submission.manifest_sha256
        listed = {item["id"]: item["sha256"] for item in submission.manifest["evidence"]}
        assert listed == {str(item.pk): item.sha256 for item in submission.evidence.all()}
    for item in Evidence.objects.exclude(blob=None)[:20]:
        with open_blob(item.sha256) as file:
            assert hashlib.sha256(file.read()).hexdigest() == item.sha256


def test_evidence_is_of_every_form_kind_and_visibility(world_made) -> None:
    items = Evidence.objects.all()
    assert set(items.values_list("form", flat=True)) == {"file", "link", "text"}
    assert set(items.values_list("visibility", flat=True)) == {"public", "summary", "private"}
    dialects = {"iptables-save", "ip6tables-save", "nftables", "cisco-ios", "fortios", "pcap", "pcapng", ""}
    assert set(items.values_list("dialect", flat=True)) == dialects
    for badge in Credential.objects.all():
        supported = set(items.filter(submission=badge.submission_id).values_list("criteria__code", flat=True))
        assert len(supported) == 6, badge.learner


def test_loading_it_again_changes_nothing(world_made) -> None:
    before = (Event.objects.count(), User.objects.count(), Evidence.objects.count(), Job.objects.count())
    last = Event.objects.in_order().last()
    assert told().startswith("The demo world is there already.")
    assert (
        Event.objects.count(),
        User.objects.count(),
        Evidence.objects.count(),
        Job.objects.count(),
    ) == before
    assert Event.objects.in_order().last() == last


def test_the_accounts_are_told_with_the_address(world_made, settings) -> None:
    settings.BASE_URL = "http://127.0.0.1:8137"
    text = told("--accounts")
    assert "http://127.0.0.1:8137" in text
    for member in people.CAST:
        assert [*member.role.split(), member.email, "demo"] in [line.split() for line in text.splitlines()]


def test_the_same_learner_hands_in_the_same_bytes_every_time() -> None:
    author = portfolios.Author("Ada Delcourt", "ada", "fr")
    made = [
        portfolios.portfolio(random.Random(seed), subject="traffic", quality=3, author=author)
        for seed in ("a", "a", "b")
    ]
    assert made[0] == made[1] != made[2]


def test_the_clock_of_the_story_moves_the_defaults_of_the_models_and_comes_back() -> None:
    moment = Calendar(timezone.now()).at(30, 9.5)
    with clock.at(moment):
        assert timezone.now() == moment
        assert Submission(state=State.DRAFT).created_at == moment
        assert timezone.localdate() == moment.date()
    assert abs((timezone.now() - moment).days - 30) <= 1
