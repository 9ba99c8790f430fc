"""Whatever people type, the badge is built, signed, valid by the schema, verified, and breaks if touched."""

import copy
import json

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.openbadges import baking, checks, credential, parsing, proof
from badges.openbadges.award import Award
from badges.openbadges.design import design
from badges.openbadges.images import draw_png, draw_svg
from tests.openbadges.awards import KEY, MOMENT, make_award, open_badges_schema, resolve, sign
from tests.openbadges.generated import awards

SCHEMA = jsonschema_rs.validator_for(open_badges_schema())
IMAGE_PNG = draw_png(design("Firewall", "Lille", seed="1"), 48)
IMAGE_SVG = draw_svg(design("Firewall", "Lille", seed="1"))


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(awards())
def test_any_award_becomes_a_badge_that_holds(award):
    badge = sign(award)
    assert [error.message for error in SCHEMA.iter_errors(badge)] == []
    text = parsing.serialise(badge)
    for form in (text.encode(), baking.bake_png(IMAGE_PNG, text), baking.bake_svg(IMAGE_SVG, text)):
        found = baking.extract(form).credential_text
        assert found == text
        reread = parsing.parse(found)
        assert reread == badge
        proof.verify_proof(reread, reread["proof"][0], KEY.public_key())
    assert all(
        check.passed
        for check in checks.run(badge, resolve=resolve, now=MOMENT, fetch_list=lambda url: None)
        if check.name != "structure" or credential.text(award.achievement.name)
    )


@settings(deadline=None, max_examples=60)
@given(awards())
def test_any_award_survives_the_database(award):
    assert Award.from_json(json.loads(json.dumps(award.to_json()))) == award


def leaves(node, path=()):
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, (*path, key))
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from leaves(value, (*path, number))
    else:
        yield path


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_any_changed_value_of_a_badge_breaks_its_proof(data):
    badge = sign(make_award())
    path = data.draw(st.sampled_from(sorted(leaves(badge), key=str)))
    changed = copy.deepcopy(badge)
    node = changed
    for step in path[:-1]:
        node = node[step]
    before = node[path[-1]]
    after = not before if isinstance(before, bool) else data.draw(st.text(max_size=30)) + before[1:]
    node[path[-1]] = after
    if after == before:
        return
    with pytest.raises(proof.ProofInvalid):
        proof.verify_proof(changed, changed["proof"][0], KEY.public_key())


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_any_removed_value_of_a_badge_breaks_its_proof(data):
    badge = sign(make_award())
    path = data.draw(st.sampled_from([path for path in leaves(badge) if path[0] != "@context"]))
    changed = copy.deepcopy(badge)
    node = changed
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    with pytest.raises(proof.ProofInvalid):
        proof.verify_proof(changed, changed["proof"][0], KEY.public_key())
