"""The snapshot of an award survives the database."""

import dataclasses
import json
from datetime import datetime

import pytest

from badges.openbadges.award import Award, BadAward
from tests.openbadges.awards import MOMENT, make_award


@pytest.mark.parametrize(
    "changes", [{}, {"status": None, "valid_until": MOMENT}, {"evidence": (), "results": ()}]
)
def test_an_award_comes_back_from_json_unchanged(changes):
    award = make_award(**changes)
    assert Award.from_json(json.loads(json.dumps(award.to_json()))) == award


def test_a_snapshot_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_award().credential_id = "other"  # type: ignore[misc]


def test_a_whole_weight_written_as_integer_is_read_as_number():
    data = make_award().to_json()
    data["achievement"]["criteria"][0]["weight"] = 2
    assert Award.from_json(data).achievement.criteria[0].weight == 2.0


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("credential_url",), None, "Award.credential_url"),
        (("credential_url",), 7, "Award.credential_url"),
        (("evidence",), {}, "Award.evidence"),
        (("evidence", 0, "size"), "big", r"Award.evidence\[0\].size"),
        (("evidence", 0, "size"), True, r"Award.evidence\[0\].size"),
        (("judgement", "moderated"), 1, "Award.judgement.moderated"),
        (("awarded_at",), "2026-03-02T09:30:00", "time zone"),
        (("awarded_at",), "yesterday", "must be a time"),
        (("issuer",), "did:key:z", "Award.issuer"),
        (("issuer", "surprise"), "x", "Award.issuer"),
    ],
)
def test_json_of_another_shape_is_refused_by_its_path(path, value, message):
    data = make_award().to_json()
    target = data
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(BadAward, match=message):
        Award.from_json(data)


def test_a_missing_member_is_named():
    data = make_award().to_json()
    del data["recipient"]["salt"]
    with pytest.raises(BadAward, match=r"Award\.recipient\.salt is missing"):
        Award.from_json(data)


def test_times_keep_their_zone():
    data = make_award().to_json()
    data["awarded_at"] = "2026-03-02T11:30:00+02:00"
    assert Award.from_json(data).awarded_at == datetime.fromisoformat("2026-03-02T09:30:00+00:00")
