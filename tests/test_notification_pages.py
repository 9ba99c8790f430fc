"""The bell, the list, the choices, and the link that ends mails."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reviews.models.decision import Outcome
from tests import factories
from workbench.models import Event, Notification, User
from workbench.notifying import KINDS, choose, deliveries, notify
from workbench.unsubscribing import SALT, link_to_end, token_of

pytestmark = pytest.mark.django_db

LIST = "/account/notifications/"
NAMES = {"achievement": {"en": "Firewalls"}, "programme": {"en": "Pilot"}, "outcome": "return"}


def told(person: User, number: int = 1, kind: str = "decided", **data) -> list[Notification]:
    return [notify(person, kind, person, **(NAMES | data)) for _number in range(number)]


def page(client: Client, person: User, path: str = LIST) -> str:
    client.force_login(person)
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def bell(body: str) -> str:
    """What the bell says aloud, for example "Notifications: 3 unread"."""
    found = re.search(r'<a class="icon-button bell".*?</a>', body, re.DOTALL)
    assert found
    hidden = re.findall(r'<span class="visually-hidden">(.*?)</span>', found[0])
    return "".join(hidden)


# --- The bell ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "says"),
    [(0, "Notifications"), (1, "Notifications: 1 unread"), (3, "Notifications: 3 unread")],
)
def test_the_bell_says_how_many_are_unread(client, ada, alan, number, says) -> None:
    told(ada, number)
    told(alan, 2)
    assert bell(page(client, ada, "/")) == says


def test_the_bell_stops_counting_at_a_hundred(client, ada) -> None:
    told(ada, 101)
    assert ">99+<" in page(client, ada, "/")


def test_a_visitor_has_no_bell(client) -> None:
    assert "icon-button bell" not in client.get("/").content.decode()


def test_the_bell_is_one_query_and_none_where_there_is_no_header(client, ada, programme) -> None:
    submission = factories.make_draft(ada, programme)
    item = factories.make_evidence(submission)
    told(ada, 3)
    client.force_login(ada)

    def counts(path: str, **headers) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path, headers=headers).status_code == 200
        return sum("workbench_notification" in query["sql"] for query in captured)

    assert counts("/") == 1
    reading = reverse("evidence-reading", args=[submission.pk, item.pk])
    assert counts(reading, **{"HX-Request": "true"}) == 0


# --- The list ------------------------------------------------------------------------------------------


def test_ada_reads_what_happened_and_goes_there(client, ada, bo, programme) -> None:
    submission = factories.make_submission(ada, programme)
    factories.make_decision(submission, bo, Outcome.RETURN, "No log.")
    body = page(client, ada)
    assert "came back with feedback" in body and body.index("came back") < body.index("looking at your work")
    row = ada.notifications.get(kind="decided")
    answer = client.post(reverse("open-notification", args=[row.pk]))
    assert answer["Location"] == reverse("submission", args=[submission.pk])
    row.refresh_from_db()
    assert row.read_at is not None
    assert bell(page(client, ada)) == "Notifications: 1 unread"


def test_reading_the_list_changes_nothing(client, ada) -> None:
    told(ada)
    page(client, ada)
    assert ada.notifications.unread().exists()


def test_nobody_opens_what_another_was_told(client, ada, alan) -> None:
    row = told(ada)[0]
    client.force_login(alan)
    assert client.post(reverse("open-notification", args=[row.pk])).status_code == 404
    assert "Firewalls" not in page(client, alan)
    assert ada.notifications.unread().exists()


def test_everything_on_the_page_is_marked_as_read_and_nothing_newer(client, ada) -> None:
    told(ada, 2)
    until = re.search(r'name="until" value="([^"]+)"', page(client, ada))[1]
    newer = told(ada)[0]
    Notification.objects.filter(pk=newer.pk).update(created_at=timezone.now() + timedelta(seconds=2))
    assert client.post("/account/notifications/read/", {"until": until})["Location"] == LIST
    assert ada.notifications.unread().get() == newer


@pytest.mark.parametrize("until", ["", "yesterday", "2026-13-45T99:99", "2026-11-24T10:00:00"])
def test_a_moment_that_cannot_be_read_means_everything(client, ada, until) -> None:
    told(ada)
    client.force_login(ada)
    assert client.post("/account/notifications/read/", {"until": until}).status_code == 302
    assert not ada.notifications.unread().exists()


def test_the_list_turns_page_by_page_without_losing_a_row(client, ada) -> None:
    for number, row in enumerate(told(ada, 60)):
        # Many at one moment: the cursor parts them by their ids.
        Notification.objects.filter(pk=row.pk).update(
            data=NAMES | {"achievement": {"en": f"Number{number:02}"}},
            created_at=timezone.now() - timedelta(hours=number // 20),
        )
    path, seen = LIST, []
    for _page in range(3):
        body = page(client, ada, path)
        seen += re.findall(r"Number\d\d", body)
        following = re.search(r'rel="next" href="([^"]+)"', body)
        path = following[1] if following else ""
    assert len(seen) == 60 == len(set(seen)) and path == ""
    assert client.get(f"{LIST}?cursor=forged").status_code == 400


def test_the_list_asks_as_many_queries_for_many_as_for_one(client, ada) -> None:
    def queries() -> int:
        client.force_login(ada)
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    told(ada)
    few = queries()
    told(ada, 20)
    assert queries() == few <= 8


def test_names_in_the_list_are_escaped(client, ada) -> None:
    told(ada, achievement={"en": "<script>alert(1)</script>"})
    body = page(client, ada)
    assert "<script>alert" not in body and "&lt;script&gt;alert" in body


def test_an_empty_list_says_so(client, dee) -> None:
    body = page(client, dee)
    assert "Nothing to tell you yet" in body and "Mark all as read" not in body


# --- The choices ---------------------------------------------------------------------------------------


def chosen_on(body: str) -> dict[str, str]:
    """The radio buttons that are on, by kind."""
    return dict(re.findall(r'name="kind-([\w-]+)" value="([\w-]+)" checked', body))


def test_each_sees_the_kinds_that_concern_them(client, ada, bo, cy, mo) -> None:
    badges = {"badge-issued", "badge-revoked", "badge-suspended", "badge-reinstated"}
    work = {"claimed", "decided", "resubmit-soon", "more-time", "rubric-changed", "exemplar-asked"}
    learning = badges | work | {"appeal-ruled", "held", "hold-lifted"}
    assessing = {"submitted", "overdue", "assigned", "claim-ended", "sent-back", "interim-check"}
    assessing |= {"calibration-open"}
    overseeing = {"appeal-filed", "exemplar-answered"}
    managing = {"report-ready", "move-answered", "conflict-declared", "employer-changed", "unassignable"}
    assert set(chosen_on(page(client, ada, "/account/"))) == learning
    assert set(chosen_on(page(client, bo, "/account/"))) == learning | assessing
    assert set(chosen_on(page(client, cy, "/account/"))) == learning | overseeing | {"to-moderate"}
    assert set(chosen_on(page(client, mo, "/account/"))) == learning | overseeing | managing


def test_bo_chooses_and_the_page_keeps_it(client, bo) -> None:
    client.force_login(bo)
    answer = client.post(
        "/account/notifications/choices/", {"kind-submitted": "at-once", "kind-overdue": "page"}
    )
    assert answer["Location"] == "/account/#notifications"
    chosen = chosen_on(page(client, bo, "/account/"))
    assert (chosen["submitted"], chosen["overdue"], chosen["decided"]) == ("at-once", "page", "at-once")


@pytest.mark.parametrize("value", ["by pigeon", "\0", "PAGE"])
def test_a_choice_that_no_page_offers_is_refused(client, bo, value) -> None:
    client.force_login(bo)
    answer = client.post("/account/notifications/choices/", {"kind-submitted": value})
    assert answer.status_code == 422
    assert deliveries(bo)["submitted"] == KINDS["submitted"].default


# --- The link that ends mails --------------------------------------------------------------------------


def ending(person: User, *kinds: str) -> str:
    return link_to_end(person, kinds).removeprefix("http://testserver")


def test_following_the_link_asks_and_changes_nothing(client, ada) -> None:
    answer = client.get(ending(ada, "decided"))
    body = answer.content.decode()
    assert answer.status_code == 200 and "End these emails?" in body and "Your work was judged" in body
    assert "Ada" not in body and "example.org" not in body
    assert deliveries(ada)["decided"] == "at-once"
    assert client.head(ending(ada, "decided")).status_code in (200, 405)
    assert deliveries(ada)["decided"] == "at-once"


def test_one_click_of_a_mail_program_ends_the_kind_without_cookies_or_token(ada) -> None:
    outside = Client(enforce_csrf_checks=True)
    answer = outside.post(
        ending(ada, "decided"),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200 and "No more emails about this" in answer.content.decode()
    told_now = deliveries(ada)
    assert told_now["decided"] == "page" and told_now["badge-issued"] == "at-once"
    assert Event.objects.get(verb="notifications-chosen").data == {"kinds": {"decided": "page"}}
    assert outside.post(ending(ada, "decided")).status_code == 200
    assert Event.objects.filter(verb="notifications-chosen").count() == 1


def test_a_link_of_a_summary_ends_all_its_kinds(client, bo) -> None:
    client.post(ending(bo, "overdue", "submitted"))
    told_now = deliveries(bo)
    assert (told_now["overdue"], told_now["submitted"], told_now["decided"]) == ("page", "page", "at-once")


def test_it_speaks_the_language_of_the_person_and_ends_only_theirs(client, ada, alan) -> None:
    ada.language = "fr"
    ada.save()
    client.force_login(alan)
    assert '<html lang="fr">' in client.post(ending(ada, "decided")).content.decode()
    assert deliveries(alan)["decided"] == "at-once" and deliveries(ada)["decided"] == "page"


def forged(ada: User, alan: User) -> list[str]:
    token = token_of(ada, ["decided"])
    payload, _separator, rest = token.partition(":")
    _other, _separator, rest_of_other = token_of(alan, ["decided"]).partition(":")
    return [
        "x",
        payload,
        f"{payload}:{rest_of_other}",
        f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}",
        signing.dumps([ada.pk.hex, ["decided"]], salt="another"),
        signing.dumps([ada.pk.hex, ["decided"]], salt=SALT, key="another key that is long enough"),
        f"{payload[:-2]}:{rest}",
        "é" * 50,
        ":" * 3,
    ]


def test_a_forged_link_ends_nothing(client, ada, alan) -> None:
    for token in forged(ada, alan):
        path = reverse("unsubscribe", args=[token])
        assert client.get(path).status_code == client.post(path).status_code == 404, token
    assert {deliveries(person)["decided"] for person in (ada, alan)} == {"at-once"}


def test_a_link_whose_person_or_kind_is_gone_is_not_found(client, ada) -> None:
    gone = factories.make_user("Gone Person")
    path = ending(gone, "decided")
    gone.delete()
    assert client.get(path).status_code == 404
    assert client.post(ending(ada, "a kind of last year")).status_code == 404


def test_a_link_that_was_used_says_so_and_the_choice_can_be_taken_back(client, ada) -> None:
    client.post(ending(ada, "decided"))
    assert "No more emails about this" in client.get(ending(ada, "decided")).content.decode()
    choose(ada, {"decided": "digest"}, by=ada)
    assert "End these emails?" in client.get(ending(ada, "decided")).content.decode()
