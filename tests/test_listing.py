"""Status lists: signed by the worker alone, never served out of date, places given once."""

import json
import threading
import time
import urllib.request
from urllib.error import HTTPError

import pytest
from django.db import connection
from django.test import Client

from badges import listing, placing
from badges.listing import current_text, sign_due_lists, sign_list, tell_the_world
from badges.models import Credential, FormerSignature, SigningKey, StatusList
from badges.models.status_list import Purpose
from badges.openbadges import keys
from badges.openbadges import status_list as bitstring
from badges.placing import draw_place
from badges.revoking import revoke
from badges.rotating import active_key, rotate_key
from badges.signing import SignsNothingHere, answering, jwt_private_half, private_half
from badges.suspending import suspend
from badges.verifying import verify
from tests import factories
from workbench import jobs
from workbench.errors import DomainError

POLLERS = 8
POLLS = 1000


@pytest.fixture
def badge(ada, bo, programme) -> Credential:
    factories.make_decision(factories.make_submission(ada, programme), bo)
    jobs.run_due()
    return Credential.objects.get()


# --- Who signs -------------------------------------------------------------------------------------------


def test_a_request_opens_no_private_half(badge):
    with answering():
        for ask in (private_half, jwt_private_half):
            with pytest.raises(SignsNothingHere):
                ask(badge.signing_key)
    assert private_half(badge.signing_key)


def test_no_page_signs_a_list_that_changed(badge, mo, client):
    """Not even when it was revoked a moment ago, or never signed at all."""
    revoke(badge, reason="Copied.", by=mo)
    for _time in range(2):
        assert client.get(f"/status/{badge.status_list_id}").status_code == 503
        assert client.post("/verify", {"credential": badge.signed}).status_code == 200
    StatusList.objects.update(signed="", signed_version=0, signed_at=None)
    assert client.get(f"/status/{badge.status_list_id}").status_code == 503
    assert not StatusList.objects.get().signed


@pytest.mark.parametrize(
    "error",
    [keys.SealError("sealed under another key"), SigningKey.DoesNotExist(), DomainError("signer-away", "")],
    ids=["sealed", "gone", "away"],
)
def test_a_list_that_cannot_be_signed_keeps_no_other_from_it(badge, mo, error, monkeypatch, caplog):
    suspend(badge, reason="Looked into.", by=mo)
    real = listing.sign_list

    def fails(status_list):
        if status_list.purpose == "revocation":
            raise error
        return real(status_list)

    monkeypatch.setattr(listing, "sign_list", fails)
    assert sign_due_lists() == 1
    assert sign_due_lists() == 0
    assert caplog.text.count("could not be signed") == 1  # a worker that looks all the time fills no disk
    assert StatusList.objects.get(purpose="suspension").is_current
    monkeypatch.setattr(listing, "sign_list", real)
    assert sign_due_lists() == 1


def test_a_sweep_signs_what_a_crash_left(badge, mo):
    revoke(badge, reason="Copied.", by=mo)
    assert jobs.reconcile()["status lists"] == 1
    assert StatusList.objects.get().is_current


def test_the_verifier_of_strangers_badges_reads_no_list_that_is_out_of_date(badge, mo):
    StatusList.objects.all().changed()
    assert current_text(StatusList.objects.get()) is None
    assert verify(badge.signed.encode()).verified  # our own records decide on our own badges


def test_nobody_waits_in_a_transaction(badge, mo):
    StatusList.objects.all().changed()
    started = time.monotonic()
    assert not tell_the_world(badge)
    assert time.monotonic() - started < 1


# --- Validators ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/status/{list}", "/issuers/lille/did.json", "/issuers/lille/jwks.json"])
def test_public_documents_are_kept_and_asked_about(badge, path, client, root, organisation):
    address = path.format(list=badge.status_list_id)
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    etag = {"if-none-match": first.headers["ETag"]}
    again = client.get(address, headers=etag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert client.head(address, headers=etag).status_code == 304
    assert client.get(address, headers={"if-none-match": '"another"'}).status_code == 200
    rotate_key(organisation, by=root)
    revoke(badge, reason="Copied.", by=root)
    sign_due_lists()
    changed = client.get(address, headers=etag)
    assert changed.status_code == 200 and changed.headers["ETag"] != first.headers["ETag"]


# --- Places ----------------------------------------------------------------------------------------------


def make_place(programme, achievement, ada, key, status_list, index, number) -> Credential:
    return Credential(
        decision_id=f"00000000-0000-4000-8000-{number:012d}",
        organisation=programme.organisation,
        programme=programme,
        achievement=achievement,
        learner=ada,
        submission_id=f"00000000-0000-4000-8000-{number:012d}",
        award={},
        signing_key=key,
        status_list=status_list,
        status_index=index,
    )


def test_twenty_thousand_draws_give_twenty_thousand_places_and_close_the_list(
    programme, achievement, ada, organisation, monkeypatch
):
    """The list is made small, so that at its end nearly every draw meets a place that is taken."""
    monkeypatch.setattr(placing, "LENGTH", 20_500)
    monkeypatch.setattr(placing, "CLOSE_AT", 20_000)
    status_list, index = draw_place(organisation, "did:web:lille.example")
    key, taken, drawn = active_key(organisation), {index}, [index]
    monkeypatch.setattr(placing, "_was_given", lambda _list, index: index in taken)
    while len(drawn) < 20_000:
        index = placing._free_index(status_list)
        assert index not in taken
        taken.add(index)
        drawn.append(index)
    # The database refuses a place given twice.
    Credential.objects.bulk_create(
        [
            make_place(programme, achievement, ada, key, status_list, index, number)
            for number, index in enumerate(drawn)
        ],
        batch_size=2000,
    )
    StatusList.objects.update(drawn=20_000)
    monkeypatch.undo()
    monkeypatch.setattr(placing, "LENGTH", 20_500)
    monkeypatch.setattr(placing, "CLOSE_AT", 20_000)
    for _time in range(50):
        assert placing._free_index(status_list) not in taken
    another, _index = draw_place(organisation, "did:web:lille.example")
    assert another != status_list
    assert StatusList.objects.get(pk=status_list.pk).is_full
    assert drawn != sorted(drawn)


def test_a_former_place_is_not_given_again(badge, organisation, monkeypatch):
    monkeypatch.setattr(placing, "LENGTH", 3)
    FormerSignature.objects.create(
        credential=badge,
        key=badge.signing_key,
        text="x",
        signed_at=badge.issued_at,
        replaced_at=badge.issued_at,
        status_list=badge.status_list,
        status_index=0,
    )
    Credential.objects.update(status_index=1)
    assert {placing._free_index(badge.status_list) for _time in range(20)} == {2}


def test_lists_of_two_purposes_are_drawn_apart(badge, organisation):
    issuer = badge.status_list.issuer
    suspension, _index = draw_place(organisation, issuer, Purpose.SUSPENSION)
    revocation, _index = draw_place(organisation, issuer)
    assert suspension != revocation == badge.status_list
    other, _index = draw_place(organisation, "did:web:elsewhere.example")
    assert other != revocation


# --- Effective at once -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_thousand_polls_while_revoking_never_see_valid_after_the_answer(badge, mo, live_server):
    """A worker, a manager and eight strangers at once; the strangers note when they asked."""
    stop, answered = threading.Event(), threading.Event()
    answers: list[tuple[bool, int, bool | None]] = []
    address = f"{live_server.url}/status/{badge.status_list_id}"

    def work() -> None:
        while not stop.is_set():
            sign_due_lists()
            time.sleep(0.02)
        connection.close()

    def ask() -> tuple[int, bool | None]:
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                told = json.load(answer)["credentialSubject"]["encodedList"]
        except HTTPError as error:
            return error.code, None
        return 200, bitstring.is_set(bitstring.decode(told), badge.status_index)

    def poll() -> None:
        while not stop.is_set() and len(answers) < POLLS:
            after = answered.is_set()
            answers.append((after, *ask()))

    threads = [threading.Thread(target=work), *(threading.Thread(target=poll) for _ in range(POLLERS))]
    for thread in threads:
        thread.start()
    manager = Client()
    manager.force_login(mo)
    while len(answers) < POLLS // 4:
        time.sleep(0.01)
    assert manager.post(f"/badges/{badge.pk}/revoke/", {"reason": "Copied."}).status_code == 302
    answered.set()
    for thread in threads[1:]:
        thread.join(timeout=120)
    stop.set()
    threads[0].join(timeout=30)
    early = [mark for after, _status, mark in answers if not after]
    late = [(status, mark) for after, status, mark in answers if after]
    assert len(answers) >= POLLS and len(late) >= POLLS // 4 and False in early
    assert {status for _after, status, _mark in answers} <= {200, 503}
    assert all(mark is not False for _status, mark in late)
    assert (200, True) in late


@pytest.mark.django_db(transaction=True)
def test_without_a_worker_nobody_is_told_anything(badge, mo, monkeypatch):
    monkeypatch.setattr(listing, "PATIENCE_SECONDS", 0.2)
    client = Client()
    client.force_login(mo)
    page = client.post(f"/badges/{badge.pk}/revoke/", {"reason": "Copied."}, follow=True).content.decode()
    assert "as soon as the worker has signed it" in page
    answer = Client().get(f"/status/{badge.status_list_id}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.headers["Cache-Control"] == "no-store"
    sign_list(StatusList.objects.get())
    assert Client().get(f"/status/{badge.status_list_id}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_who_asks_while_it_is_being_signed_waits_for_it(badge, mo):
    revoke(badge, reason="Copied.", by=mo)

    def sign_soon() -> None:
        time.sleep(0.3)
        sign_due_lists()
        connection.close()

    worker = threading.Thread(target=sign_soon)
    worker.start()
    answer = Client().get(f"/status/{badge.status_list_id}")
    worker.join()
    assert answer.status_code == 200
    told = json.loads(answer.content)["credentialSubject"]["encodedList"]
    assert bitstring.is_set(bitstring.decode(told), badge.status_index)
