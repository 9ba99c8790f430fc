"""`manage.py analyse FILE` reads a file as the workbench reads evidence."""

import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import factories
from workbench.demo.captures import capture


def analysed(path, *options: str) -> dict:
    out = StringIO()
    call_command("analyse", str(path), "--json", *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.v4"
    path.write_bytes(factories.RULES)
    return path


def test_a_configuration_is_told_with_its_rules_and_their_lines(rules):
    answer = analysed(rules)
    assert (answer["kind"], answer["dialect"]) == ("firewall-configuration", "iptables-save")
    assert [(rule["action"], rule["lines"]) for rule in answer["rules"]] == [
        ("accept", [5, 5]),
        ("accept", [6, 6]),
        ("accept", [7, 7]),
        ("log", [8, 8]),
    ]
    ssh = answer["rules"][2]
    assert ssh["sources"] == "192.0.2.0/24" and ssh["services"][0]["ports"] == [[22, 22]]
    assert {one["name"]: one["default"] for one in answer["lists"]} == {
        "filter INPUT": "drop",
        "filter FORWARD": "drop",
        "filter OUTPUT": "accept",
    }
    assert all({"code", "severity", "title", "why", "places"} <= one.keys() for one in answer["findings"])


def test_a_capture_is_told_with_its_span_and_size(tmp_path):
    made = capture(random.Random(5), "port-scan")
    path = tmp_path / "lab.pcap"
    path.write_bytes(made.data)
    answer = analysed(path, "--kind", "packet-capture")
    told = answer["capture"]
    assert told["packets"] > 600 and told["bytes"] >= told["captured_bytes"] > 0
    assert told["start"] < told["end"]
    assert "port-scan" in {one["code"] for one in answer["findings"]}


def test_without_json_it_is_told_to_a_person(rules):
    out = StringIO()
    call_command("analyse", str(rules), stdout=out)
    assert out.getvalue().startswith("rules.v4: iptables configuration with 4 rules in 3 lists")


def test_secrets_are_told_by_place_and_never_by_value(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_bytes(factories.WITH_SECRET)
    answer = analysed(path)
    assert [one["where"] for one in answer["secrets"]] == ["line 2", "line 3"]
    assert "S3cr3t" not in json.dumps(answer)


def test_a_file_of_another_kind_is_refused(rules):
    with pytest.raises(CommandError, match="firewall-configuration"):
        analysed(rules, "--kind", "packet-capture")


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        analysed(tmp_path / "nothing")
