"""The captures of the demo world are told as the traffic that was made up for them."""

import random

import pytest

from tests.analysers.captures.test_cases import analysed
from workbench.demo.captures import capture

SEEDS = range(3)


def found(scenario, container, seed):
    made = capture(random.Random(seed), scenario, container)
    analysis = analysed(made.data)
    assert analysis.facts["packets"] == made.packets
    assert analysis.skipped == ()
    return made.facts, {one.code: one for one in analysis.findings}


@pytest.mark.parametrize("container", ["pcap", "pcapng"])
@pytest.mark.parametrize("seed", SEEDS)
def test_an_ordinary_morning_holds_nothing_grave(container, seed):
    _facts, findings = found("baseline", container, seed)
    assert findings.keys() == {"clear-text-protocol"}


@pytest.mark.parametrize("container", ["pcap", "pcapng"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_scan_is_found_with_its_ports(container, seed):
    facts, findings = found("port-scan", container, seed)
    assert findings["port-scan"].values == {
        "kind": "SYN", "source": facts["scanner"], "target": facts["victim"], "ports": facts["ports_tried"],
    }  # fmt: skip
    assert findings.keys() == {"port-scan", "clear-text-protocol"}


@pytest.mark.parametrize("container", ["pcap", "pcapng"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_infected_machine_is_found_by_its_calls(container, seed):
    facts, findings = found("beaconing", container, seed)
    values = findings["beaconing"].values
    assert (values["source"], values["target"], values["port"]) == (facts["infected"], facts["server"], 443)
    assert values["calls"] == facts["calls"]
    assert abs(int(values["seconds"]) - int(facts["period_seconds"])) <= 2
