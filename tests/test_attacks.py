"""What somebody tries who means no good, or who clicks twice at the wrong moment."""

import json
import threading
import time
import uuid

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date

from assessments import evidencing
from assessments.enrolling import dismiss
from assessments.evidencing import NARRATIVE_LENGTH, REASON_LENGTH, add_link, add_text, describe, remove
from assessments.importing.reading import read
from assessments.importing.saving import adopt
from assessments.models import Evidence, Submission
from assessments.submitting import submit, withdraw
from badges.listing import sign_due_lists
from badges.models import Credential, StatusList
from badges.openbadges import checks, status_list
from badges.publishing import baked_png
from badges.revoking import revoke
from badges.verifying import verify
from tests import factories
from tests.test_settings import start as start_process
from workbench import jobs
from workbench.access import members
from workbench.errors import DomainError
from workbench.models import Event, Organisation, Token, User


def earned(submission: Submission, assessor) -> Credential:
    factories.make_decision(submission, assessor)
    jobs.run_due()
    return Credential.objects.get(submission_id=submission.pk)


# --- Drafts that were never handed in ------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bo", "cy", "mo"])
def test_a_draft_that_ada_threw_away_stays_hers_alone(client, ada, programme, who, request):
    person = request.getfixturevalue(who)
    draft = factories.make_draft(ada, programme)
    item = factories.make_evidence(draft, title="Not meant for anybody")
    withdraw(draft, by=ada)
    client.force_login(person)
    assert client.get(reverse("submission", args=[draft.pk])).status_code == 404
    assert client.get(reverse("evidence-file", args=[item.pk])).status_code == 404
    assert not Submission.objects.visible_to(person).exists()
    client.force_login(ada)
    assert client.get(reverse("submission", args=[draft.pk])).status_code == 200
    assert client.get(reverse("evidence-file", args=[item.pk])).status_code == 200


def test_what_ada_handed_in_and_took_back_is_still_known_to_bo(client, ada, bo, programme):
    handed_in = withdraw(factories.make_submission(ada, programme), by=ada)
    client.force_login(bo)
    assert client.get(reverse("submission", args=[handed_in.pk])).status_code == 200


# --- What a badge shows to the world -------------------------------------------------------------------


@pytest.mark.parametrize(("visibility", "followed"), [("summary", False), ("public", True)])
def test_a_link_is_told_only_when_ada_lets_people_follow_it(client, ada, bo, programme, visibility, followed):
    draft = factories.make_draft(ada, programme)
    address = "https://git.example.org/ada/branch-firewall"
    item = add_link(draft, address, factories.describe(draft, visibility=visibility), by=ada)
    badge = earned(submit(draft, declaration=True, by=ada), bo)
    page = client.get(reverse("public-evidence", args=[item.pk])).content.decode()
    assert "Rules of the branch firewall" in page
    assert (address in page) is followed
    assert (address in badge.signed) is followed


def test_a_badge_revoked_in_the_second_of_its_list_is_not_hidden_by_the_date(client, ada, bo, mo, programme):
    badge = earned(factories.make_submission(ada, programme), bo)
    path = reverse("status-list", args=[badge.status_list_id])
    client.get(path)
    revoke(badge, reason="Issued by mistake.", by=mo)
    sign_due_lists()
    listing = json.loads(client.get(path).content)
    # Both lists may be signed within one second, which is as fine as an HTTP date is.
    signed_at = StatusList.objects.get(pk=badge.status_list_id).signed_at
    since = {"If-Modified-Since": http_date(signed_at.timestamp())}
    again = client.get(path, headers=since)
    assert again.status_code == 200
    bits = status_list.decode(listing["credentialSubject"]["encodedList"])
    assert status_list.is_set(bits, badge.status_index)


# --- Two clicks at once --------------------------------------------------------------------------------


def test_evidence_that_ada_took_out_does_not_come_back_when_she_saves_an_old_page(ada, programme):
    draft = factories.make_draft(ada, programme)
    item = factories.make_evidence(draft)
    old_page = Evidence.objects.get(pk=item.pk)
    remove(item, by=ada)
    with pytest.raises(DomainError) as refused:
        describe(old_page, factories.describe(draft, title="Again"), by=ada)
    assert refused.value.code == "evidence-gone"
    assert not draft.evidence.exists()


def test_taking_out_the_same_item_twice_is_told_once(ada, programme):
    draft = factories.make_draft(ada, programme)
    item = factories.make_evidence(draft)
    twin = Evidence.objects.get(pk=item.pk)
    remove(item, by=ada)
    with pytest.raises(DomainError) as refused:
        remove(twin, by=ada)
    assert refused.value.code == "evidence-gone"
    assert Event.objects.filter(verb="evidence-removed").count() == 1


# --- Too much of everything ----------------------------------------------------------------------------


def test_asking_only_for_the_headers_of_a_certificate_counts_too(client, ada, bo, programme, monkeypatch):
    badge = earned(factories.make_submission(ada, programme), bo)
    monkeypatch.setattr("badges.views.downloads.certificate", lambda *args, **kwargs: b"%PDF-1.7")
    path = reverse("badge-file", args=[badge.pk, "pdf"])
    answers = [client.head(path).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]


def test_a_badge_with_thousands_of_status_entries_fetches_few_lists(ada, bo, programme):
    badge = earned(factories.make_submission(ada, programme), bo)
    credential = json.loads(badge.signed)
    credential["credentialStatus"] = [credential["credentialStatus"]] * 5000
    fetched: list[str] = []

    def fetch(url: str) -> None:
        fetched.append(url)

    found = checks.check_status(credential, lambda method, issuer: None, timezone.now(), fetch)
    assert found.passed is False
    assert len(fetched) <= 10


@pytest.mark.parametrize("member", ["@context", "type"])
def test_a_badge_that_repeats_its_contexts_or_types_takes_no_time(ada, bo, programme, member):
    badge = earned(factories.make_submission(ada, programme), bo)
    credential = json.loads(badge.signed)
    credential[member] += [credential[member][0]] * 5000
    begun = time.process_time()
    answer = verify(json.dumps(credential))
    assert time.process_time() - begun < 0.5
    assert {check.name: check.code for check in answer.checks}["proof"] == "proof-too-complex"


@pytest.mark.parametrize("zone", ["+14:00", "-14:00", "Z"])
def test_a_badge_from_the_beginning_to_the_end_of_time_can_be_told(client, ada, bo, programme, zone):
    badge = earned(factories.make_submission(ada, programme), bo)
    credential = json.loads(badge.signed)
    credential["validFrom"] = f"0001-01-01T00:00:00{zone}"
    credential["validUntil"] = f"9999-12-31T23:59:59{zone}"
    page = client.post(reverse("verify"), {"credential": json.dumps(credential)})
    assert page.status_code == 200
    assert "Not verified" in page.content.decode()


@pytest.mark.parametrize(
    "table",
    [b"code," * 100_000, b"code\n" + b"x," * 500_000, b"code\n" + (b"," + b"x," * 900 + b"\n") * 600],
    ids=["columns", "cells", "rows"],
)
def test_a_table_of_endless_columns_is_refused_at_once(table):
    begun = time.process_time()
    found = read({"competencies.csv": table})
    assert found.record is None
    assert found.problems
    assert time.process_time() - begun < 5


def test_many_files_together_take_no_more_disk_than_one_may(client, settings):
    settings.MAX_EVIDENCE_BYTES = 1000
    client.get(reverse("verify"))
    files = {f"file{number}": SimpleUploadedFile(f"{number}.bin", b"x" * 900) for number in range(5)}
    request = RequestFactory().post("/verify", files)
    kept = [file for file in request.FILES.values() if not file.too_large]
    assert len(kept) == 1
    assert sum(file.file.seek(0, 2) for file in request.FILES.values()) <= 1000


@pytest.mark.parametrize("through", ["page", "api"])
def test_ada_adds_no_more_evidence_in_a_minute_than_anybody_would(client, ada, alan, programme, through):
    draft, other = factories.make_draft(ada, programme), factories.make_draft(alan, programme)
    limit = evidencing.ADDED_A_MINUTE

    def add(person: User, submission: Submission) -> int:
        if through == "page":
            client.force_login(person)
            path = reverse("add-evidence", args=[submission.pk])
            return client.post(path, {"title": ""}).status_code
        secret = Token.issue(person, label="test")[1]
        path = f"/api/v1/submissions/{submission.pk}/evidence"
        return client.post(path, {"title": ""}, headers={"Authorization": f"Bearer {secret}"}).status_code

    assert [add(ada, draft) for _ in range(limit + 1)] == [422] * limit + [429]
    assert add(alan, other) == 422


# --- Odd input where nobody expects any ----------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["nowhere", "home", "\x00", "https://evil.example/", "//evil.example", "a\r\nb: c"]
)
def test_no_target_after_a_change_of_language_leads_away_or_breaks(client, target):
    answer = client.post(reverse("set-language"), {"language": "fr", "next": target})
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_place_in_the_queue_at_the_end_of_time_is_refused(client, bo, moment, way):
    client.force_login(bo)
    answer = client.get(reverse("queue"), {way: f"{moment}_{uuid.uuid4().hex}"})
    assert answer.status_code == 422


def test_a_token_may_not_be_named_with_what_no_database_keeps(client, ada):
    client.force_login(ada)
    client.post(reverse("create-token"), {"label": "scr\x00ipt"})
    assert [token.label for token in Token.objects.filter(user=ada)] == ["script"]


# --- The trail -----------------------------------------------------------------------------------------


def test_the_first_key_of_an_issuer_is_in_the_trail(ada, bo, programme, organisation):
    factories.make_decision(factories.make_submission(ada, programme), bo)
    key = organisation.signing_keys.get()  # the one for the JWT form is made by the worker
    made = Event.objects.about(organisation).get(verb="key-made")
    assert made.data["key"] == str(key.pk)
    assert made.data["public"] == key.public_multibase


# --- Behind a proxy ------------------------------------------------------------------------------------


def test_signing_in_is_counted_by_the_same_address_as_everything_else(tmp_path):
    """Otherwise ten wrong passwords of one stranger lock out everybody behind the proxy."""
    told = start_process(
        tmp_path,
        "shell",
        "-v0",
        "-c",
        "from django.test import RequestFactory\n"
        "from allauth.core.internal.httpkit import get_client_ip\n"
        "from workbench.limits import address\n"
        "asked = RequestFactory().get('/', REMOTE_ADDR='10.0.0.1', HTTP_X_FORWARDED_FOR='6.6.6.6,"
        " 192.0.2.7')\n"
        "print(address(asked), get_client_ip(asked))",
        WORKBENCH_BEHIND_PROXY="1",
    )
    assert told.stdout.split() == ["192.0.2.7", "192.0.2.7"], told.stderr


def test_counters_of_a_whole_school_fit_into_the_memory_of_a_process():
    for number in range(5000):
        cache.add(f"caller-{number}", 1, timeout=60)
    assert cache.get("caller-0") == cache.get("caller-4999") == 1


# --- A badge for every approval ---------------------------------------------------------------------------


def test_a_badge_is_issued_however_much_ada_writes(ada, bo, organisation, programme):
    """Twenty items, twenty-four criteria, every text as long as it may be, every letter four bytes wide."""
    rubric = factories.make_rubric(factories.make_referential(organisation), criteria=24)
    achievement = factories.make_achievement(organisation, rubric)
    programme.achievements.add(achievement)
    draft = factories.make_draft(ada, programme, achievement)
    supports = dict.fromkeys(rubric.criteria.all(), "🔥" * REASON_LENGTH)
    for number in range(settings.MAX_EVIDENCE_ITEMS):
        words = factories.describe(draft, narrative="🔥" * NARRATIVE_LENGTH, supports=supports)
        add_text(draft, f"Text {number}", words, by=ada)
    badge = earned(submit(draft, declaration=True, by=ada), bo)
    assert badge.state == "issued"
    assert verify(badge.signed.encode()).verified
    assert verify(baked_png(badge)).verified
    evidence = json.loads(badge.signed)["evidence"]
    assert len(evidence) == settings.MAX_EVIDENCE_ITEMS
    assert all(item["narrative"].endswith("🔥…") for item in evidence)


# --- Organisations against each other, administrators at the same moment ------------------------------------


def test_nobody_takes_over_the_public_address_of_anothers_referential(client, organisation):
    first = factories.make_referential(organisation)
    elsewhere = factories.make_organisation("elsewhere")
    copy = factories.make_referential(elsewhere, titles={"en": "Something else"})
    path = reverse("case-document", args=[first.identifier])
    assert client.get(path).json()["title"] == "IT competencies"
    newer = factories.make_referential(organisation, titles={"en": "IT competencies, second edition"})
    assert client.get(path).json()["title"] == newer.titles["en"]
    by_row = client.get(reverse("case-document", args=[copy.pk])).json()
    assert by_row["title"] == "Something else"


def test_nobody_takes_over_the_public_address_of_anothers_competency(client, organisation):
    mine = factories.make_rubric(factories.make_referential(organisation)).referential.competencies.get()
    elsewhere = factories.make_organisation("elsewhere")
    copy = factories.make_rubric(factories.make_referential(elsewhere)).referential.competencies.get()
    copy.identifier, copy.full_statements = mine.identifier, {"en": "Breaks a firewall"}
    copy.save()
    found = client.get(reverse("case-item", args=[mine.identifier])).json()
    assert found["fullStatement"] == "Manages a firewall"


@pytest.mark.django_db(transaction=True)
def test_a_referential_is_not_adopted_while_an_import_rewrites_its_draft(organisation, root):
    draft = factories.make_referential(organisation, adoption_status="draft")
    adopted = threading.Event()

    def adopt_it() -> None:
        try:
            adopt(draft, by=root)
            adopted.set()
        finally:
            connection.close()

    waiting = threading.Thread(target=adopt_it)
    with transaction.atomic():
        # As an import does, which has seen that the version is a draft and now replaces what it holds.
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        waiting.start()
        assert not adopted.wait(1)
    waiting.join(30)
    assert adopted.is_set()


@pytest.mark.django_db(transaction=True)
def test_two_managers_dismissed_at_once_leave_one(programme, mo, root):
    other = factories.make_user("Max Janssens")
    factories.grant(other, "manager", programme)
    refused: list[str] = []

    def dismiss_other() -> None:
        try:
            dismiss(programme, other, "manager", by=User.objects.get(pk=root.pk))
        except DomainError as error:
            refused.append(error.code)
        finally:
            connection.close()

    second = threading.Thread(target=dismiss_other)
    with transaction.atomic():
        dismiss(programme, mo, "manager", by=root)
        second.start()
        second.join(1)  # long enough to look at who is left, before the first dismissal is committed
    second.join(30)
    assert refused == ["last-manager"]
    assert members("manager", programme).get() == other
