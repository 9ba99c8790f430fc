"""Rules written in a dialect are read back as they were, and stored rule sets are the same once loaded."""

import json
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.analysers.analysis import BadAnalysis
from assessments.analysers.configurations import storing
from assessments.analysers.configurations.reading import READERS, read
from tests.analysers.configurations.rendering import Plain, as_asa, as_ios, as_iptables, network, plains
from tests.analysers.configurations.seeing import seen
from tests.analysers.configurations.telling import FIXTURES

WRITERS = (("iptables-save", as_iptables), ("cisco-ios", as_ios), ("cisco-asa", as_asa))


@pytest.mark.parametrize(("dialect", "written"), WRITERS)
@settings(max_examples=80, deadline=None)
@given(rules=st.lists(plains(), max_size=8))
def test_what_is_written_is_read_back(
    dialect: str, written: Callable[[Sequence[Plain]], str], rules: list[Plain]
) -> None:
    found = read(written(rules), dialect)
    assert found.unread == ()
    assert len(found.rules) == len(rules)
    for rule, plain in zip(found.rules, rules, strict=True):
        (service,) = rule.services
        assert rule.action == ("accept" if plain.accept else "drop")
        assert rule.sources.v4 == (network(plain.source),)
        assert rule.destinations.v4 == (network(plain.destination),)
        assert service.protocol == plain.protocol
        assert service.ports == ((plain.ports,) if plain.ports else ())
        if dialect != "cisco-asa":
            assert rule.states == (("established",) if plain.established else ())
        if dialect == "cisco-ios":
            assert rule.logging == plain.logged


def fixtures() -> list[tuple[str, str]]:
    """(dialect, name) of every fixture that has a reader."""
    return [
        (folder.name, f"{folder.name}/{path.name}")
        for folder in sorted(FIXTURES.iterdir())
        if folder.name in READERS
        for path in sorted(folder.iterdir())
        if path.is_file()
    ]


@pytest.mark.parametrize(("dialect", "name"), fixtures())
def test_a_stored_rule_set_is_the_same_once_loaded(dialect: str, name: str) -> None:
    found = seen(name, dialect)
    assert storing.from_json(json.loads(json.dumps(storing.to_json(found)))) == found


@pytest.mark.parametrize(
    "member", ["rules", "scopes", "addresses", "services", "whole", "columns", "objects"]
)
def test_what_is_no_stored_rule_set_is_refused(member: str) -> None:
    data = storing.to_json(seen("cisco-asa/office.asa", "cisco-asa"))
    for broken in (None, 7, "x", [["x"]], [[1, 2, 3]]):
        with pytest.raises(BadAnalysis):
            storing.from_json(data | {member: broken})
    with pytest.raises(BadAnalysis):
        storing.from_json({name: value for name, value in data.items() if name != member})


@pytest.mark.parametrize("data", [None, [], "x", 3, {}])
def test_anything_else_is_refused(data: object) -> None:
    with pytest.raises(BadAnalysis):
        storing.from_json(data)
