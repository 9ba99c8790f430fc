"""A whole group's badges, each the one it would be alone."""

import copy
import dataclasses
import json
from uuid import UUID

import pytest

from badges.openbadges import cohort, credential, parsing, proof
from badges.openbadges.award import BadAward, Recipient
from badges.openbadges.cohort import CROSS_CHECKED, Cohort
from tests.openbadges.awards import KEY, MOMENT, OTHER_KEY, make_award


def award_of(number, **changes):
    person = Recipient(f"{number}@demo.example", f"salt{number}", f"urn:uuid:{UUID(int=number)}")
    return make_award(recipient=person, **changes)


def as_stored(award):
    return json.loads(json.dumps(award.to_json()))


def alone(award):
    built = credential.build(award)
    return parsing.serialise(proof.sign(built, KEY, award.key.verification_method, MOMENT))


def test_each_badge_is_the_one_it_would_be_alone():
    group = Cohort(KEY, KEY.public_key())
    awards = [award_of(number) for number in range(12)]
    assert [group.text(as_stored(award), MOMENT) for award in awards] == [alone(award) for award in awards]


def test_an_achievement_that_changes_on_the_way_is_not_mixed_with_the_one_before():
    group = Cohort(KEY, KEY.public_key())
    for number in range(9):
        award = award_of(number)
        named = dataclasses.replace(award.achievement, version=str(number % 3), name=f"Badge {number % 2}")
        award = dataclasses.replace(award, achievement=named)
        assert group.text(as_stored(award), MOMENT) == alone(award)


def test_a_text_is_returned_only_when_the_published_key_verifies_it():
    with pytest.raises(proof.ProofInvalid):
        Cohort(KEY, OTHER_KEY.public_key()).text(as_stored(award_of(1)), MOMENT)


def test_a_spoilt_award_spoils_no_other():
    group = Cohort(KEY, KEY.public_key())
    for spoilt in ({}, {"achievement": 7}, as_stored(award_of(1)) | {"recipient": None}):
        with pytest.raises(BadAward):
            group.text(spoilt, MOMENT)
    nowhere = copy.deepcopy(as_stored(award_of(1)))
    nowhere["achievement"]["id"] = "nowhere"
    with pytest.raises(credential.CannotBuild):
        group.text(nowhere, MOMENT)
    assert group.text(as_stored(award_of(2)), MOMENT) == alone(award_of(2))


def test_the_first_and_one_in_so_many_are_hashed_both_ways(monkeypatch):
    checked = []
    monkeypatch.setattr(cohort.proof, "cross_check", lambda document, *_: checked.append(document["id"]))
    group = Cohort(KEY, KEY.public_key())
    for number in range(2 * CROSS_CHECKED + 1):
        group.text(as_stored(award_of(number, credential_url=f"urn:badge:{number}")), MOMENT)
    assert checked == [f"urn:badge:{number}" for number in (0, CROSS_CHECKED, 2 * CROSS_CHECKED)]
