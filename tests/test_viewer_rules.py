"""The table of rules: choosing, sorting, leafing, what was found at each, and the way to the lines."""

from urllib.parse import parse_qs

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.analysers.analysis import Place
from assessments.analysers.configurations.reading import read
from assessments.analysers.configurations.rules import Ruleset
from assessments.analysing import examine
from assessments.explaining.words import Words
from assessments.models import Evidence
from assessments.submitting import submit
from assessments.viewing.choosing import SORTS, Asked
from assessments.viewing.configurations import PAGE, Row, rules_of
from assessments.viewing.remarks import Remark
from tests import factories
from workbench.storage import blob_name

RULES = """*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
-A INPUT -s 192.0.2.0/24 -p tcp --dport 443 -m comment --comment "the intranet" -j ACCEPT
-A INPUT -s 10.0.0.0/8 -p tcp --dport 22 -j ACCEPT
-A INPUT -p udp --dport 53 -j DROP
-A FORWARD -i eth1 -o eth0 -p tcp --dport 80 -j ACCEPT
-A FORWARD -j LOG --log-prefix "dropped: "
COMMIT
"""


@pytest.fixture
def ruleset() -> Ruleset:
    return read(RULES, "iptables-save")


def remark(number: int, *lines: int, names_rule: bool = False) -> Remark:
    places = tuple(Place("line", line, line) for line in lines)
    return Remark(number, "low", Words(f"Remark {number}", "why", "advice"), places, names_rule)


def lines(rows: list[Row]) -> list[int]:
    return [row.rule.first_line for row in rows]


def shown(ruleset: Ruleset, remarks: list[Remark] | None = None, **query: str) -> list[int]:
    return lines(rules_of(ruleset, remarks or [], Asked.parse(query)).rows)


# --- Choosing ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, [5, 6, 7, 8, 9, 10]),
        ({"scope": "filter FORWARD"}, [9, 10]),
        ({"action": "drop"}, [8]),
        ({"q": "443"}, [6]),
        ({"q": "INTRANET"}, [6]),
        ({"q": "eth0"}, [9]),
        ({"q": "tcp 10.0"}, [7]),
        ({"q": "established"}, [5]),
        ({"q": "tcp", "scope": "filter INPUT"}, [6, 7]),
        ({"q": "nothing like it"}, []),
        ({"scope": "no such list"}, []),
        ({"action": "no such action"}, []),
        ({"sort": "'; drop table", "page": "x", "found": "maybe"}, [5, 6, 7, 8, 9, 10]),
    ],
)
def test_rules_are_chosen_by_text_list_and_action(ruleset, query, expected):
    assert shown(ruleset, **query) == expected


def test_only_those_with_findings(ruleset):
    assert shown(ruleset, [remark(1, 7), remark(2, 2)], found="1") == [7]


def test_a_remark_on_one_rule_stands_at_that_rule_alone(ruleset):
    both = rules_of(ruleset, [remark(1, 8, 6)], Asked()).rows
    assert [row.rule.first_line for row in both if row.remarks] == [6, 8]
    one = rules_of(ruleset, [remark(1, 8, 6, names_rule=True)], Asked()).rows
    assert [row.rule.first_line for row in one if row.remarks] == [8]


def test_a_remark_on_a_whole_list_stands_at_none_of_its_rules(ruleset):
    whole = Remark(1, "high", Words("All", "", ""), (Place("line", 5, 10),))
    assert not any(row.remarks for row in rules_of(ruleset, [whole], Asked()).rows)


# --- Sorting -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", SORTS)
def test_every_column_sorts_both_ways_and_loses_no_rule(ruleset, column):
    up, down = shown(ruleset, sort=column), shown(ruleset, sort=f"-{column}")
    assert sorted(up) == sorted(down) == [5, 6, 7, 8, 9, 10]
    keys = {rule.first_line: SORTS[column](rule) for rule in ruleset.rules}
    assert [keys[line] for line in up] == [keys[line] for line in reversed(down)]


def test_ports_sort_as_numbers(ruleset):
    assert shown(ruleset, sort="ports", q="tcp") == [7, 9, 6]


def test_a_second_click_turns_the_order(ruleset):
    columns = {one.code: one for one in rules_of(ruleset, [], Asked.parse({"sort": "action"})).columns}
    assert columns["action"].direction == "ascending"
    assert parse_qs(columns["action"].query[1:]) == {"sort": ["-action"]}
    assert columns["ports"].direction == ""
    assert parse_qs(columns["ports"].query[1:]) == {"sort": ["ports"]}


def test_sorting_keeps_what_was_chosen_and_goes_back_to_the_first_page():
    asked = Asked.parse({"q": "a&b=c", "scope": "filter INPUT", "found": "1", "page": "3"})
    assert parse_qs(asked.query(sort="-lines")[1:]) == {
        "q": ["a&b=c"],
        "scope": ["filter INPUT"],
        "found": ["1"],
        "sort": ["-lines"],
    }


# --- Leafing -----------------------------------------------------------------------------------------


def test_a_hundred_rules_stand_on_a_page():
    rules = "".join(f"-A INPUT -s 10.0.{n // 250}.{n % 250} -j ACCEPT\n" for n in range(250))
    ruleset = read(f"*filter\n:INPUT DROP [0:0]\n{rules}COMMIT\n", "iptables-save")
    first = rules_of(ruleset, [], Asked())
    assert (len(first.rows), first.first, first.last, first.previous) == (PAGE, 1, 100, "")
    assert first.next == "?page=2"
    last = rules_of(ruleset, [], Asked.parse({"page": "3"}))
    assert (len(last.rows), last.first, last.last, last.next) == (50, 201, 250, "")
    beyond = rules_of(ruleset, [], Asked.parse({"page": "99999"}))
    assert lines(beyond.rows) == lines(last.rows)


def test_from_a_line_to_its_rule(ruleset):
    rules = "".join(f"-A INPUT -s 10.0.{n // 250}.{n % 250} -j ACCEPT\n" for n in range(250))
    many = read(f"*filter\n:INPUT DROP [0:0]\n{rules}COMMIT\n", "iptables-save")
    page = rules_of(many, [], Asked.parse({"line": "203-204", "page": "1"}))
    assert (page.first, [row.rule.first_line for row in page.rows if row.is_asked]) == (201, [203])
    assert "line" not in page.next + page.previous
    assert not page.asked_in_vain
    nowhere = rules_of(ruleset, [], Asked.parse({"line": "2"}))
    assert nowhere.asked_in_vain
    assert len(nowhere.rows) == 6


def test_the_lists_tell_their_default_and_choose_themselves(ruleset):
    cards = rules_of(ruleset, [], Asked.parse({"scope": "filter INPUT"})).scopes
    assert [(card.scope.name, card.scope.default, card.rules) for card in cards] == [
        ("filter INPUT", "drop", 4),
        ("filter FORWARD", "accept", 2),
        ("filter OUTPUT", "accept", 0),
    ]
    assert cards[0].is_chosen
    assert cards[0].query == "?"
    assert cards[1].query == "?scope=filter+FORWARD"


# --- The page ----------------------------------------------------------------------------------------


def read_item(learner, programme, content: str, name: str = "rules.v4") -> Evidence:
    draft = factories.make_draft(learner, programme)
    item = factories.make_evidence(draft, content=content.encode(), name=name)
    submit(draft, declaration=True, by=learner)
    examine(item.blob.analysis.pk)
    return item


@pytest.fixture
def bo_client(client, bo):
    client.force_login(bo)
    return client


def address(item: Evidence, query: str = "") -> str:
    return reverse("evidence-rules", args=[item.pk]) + query


def test_each_rule_links_to_its_lines_and_says_what_was_found(bo_client, ada, programme):
    item = read_item(ada, programme, RULES)
    body = bo_client.get(address(item)).content.decode()
    lines_page = reverse("evidence-lines", args=[item.pk])
    assert f'href="{lines_page}?line=7#L7"' in body
    assert f'href="{lines_page}?line=2#L2"' in body, "where the default of a list stands"
    assert "192.0.2.0/24" in body
    assert "Accept" in body
    assert 'aria-sort="ascending"' in body


def test_a_line_that_was_asked_for_leads_to_its_rule(bo_client, ada, programme):
    item = read_item(ada, programme, RULES)
    text = bo_client.get(reverse("evidence-lines", args=[item.pk]) + "?line=7").content.decode()
    assert f'href="{address(item, "?line=7#rule-asked")}"' in text
    body = bo_client.get(address(item, "?line=7")).content.decode()
    assert 'id="rule-asked"' in body
    assert "No rule stands at line 1." in bo_client.get(address(item, "?line=1")).content.decode()


def test_a_rule_that_is_switched_off_says_so(bo_client, ada, programme):
    policy = """config firewall policy
    edit 1
        set name "off"
        set srcintf "lan"
        set dstintf "wan1"
        set srcaddr "all"
        set dstaddr "all"
        set action accept
        set schedule "always"
        set service "HTTP"
        set status disable
    next
end
"""
    body = bo_client.get(address(read_item(ada, programme, policy, "fw.conf"))).content.decode()
    assert 'class="is-off"' in body
    assert "switched off" in body


def test_what_a_rule_says_is_shown_as_text(bo_client, ada, programme):
    hostile = RULES.replace("the intranet", "<img src=x onerror=alert(1)>")
    body = bo_client.get(address(read_item(ada, programme, hostile), "?q=%3Cimg")).content.decode()
    assert "<img src=x" not in body
    assert "&lt;img src=x onerror=alert(1)&gt;" in body
    assert 'value="&lt;img"' in body


def test_no_rule_fits_and_the_way_back(bo_client, ada, programme):
    item = read_item(ada, programme, RULES)
    body = bo_client.get(address(item, "?q=nowhere")).content.decode()
    assert "No rule fits" in body
    assert f'href="{address(item)}"' in body


def test_rules_that_are_no_longer_kept_are_said_to_be_gone(bo_client, ada, programme):
    item = read_item(ada, programme, RULES)
    item.blob.analysis.refresh_from_db()
    default_storage.delete(blob_name(item.blob.analysis.detail_id))
    response = bo_client.get(address(item))
    assert response.status_code == 410
    assert "The rules cannot be shown" in response.content.decode()


def test_the_rules_ask_few_questions_however_many_they_are(bo_client, ada, alan, programme):
    many = "".join(f"-A INPUT -s 10.0.0.{n} -p tcp --dport 23 -j ACCEPT\n" for n in range(150))
    short = read_item(ada, programme, RULES)
    long = read_item(alan, programme, f"*filter\n:INPUT ACCEPT [0:0]\n{many}COMMIT\n")
    bo_client.get(address(short))

    def queries(item: Evidence) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert bo_client.get(address(item)).status_code == 200
        return len(captured)

    assert queries(long) == queries(short) <= 12
