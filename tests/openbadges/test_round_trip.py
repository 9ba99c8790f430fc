"""Whatever people type, the badge is built, signed, valid by the schema, verified, and breaks if touched."""

import copy
import dataclasses
import json

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.openbadges import baking, checks, credential, parsing, proof
from badges.openbadges.award import (
    Alignment,
    Award,
    Criterion,
    EvidenceItem,
    Issuer,
    Judgement,
    Level,
    Recipient,
    Result,
)
from badges.openbadges.design import design
from badges.openbadges.images import draw_png, draw_svg
from tests.openbadges.awards import (
    DID_KEY,
    KEY,
    MOMENT,
    SITE,
    make_achievement,
    make_award,
    open_badges_schema,
    resolve,
    sign,
)

SCHEMA = jsonschema_rs.validator_for(open_badges_schema())
IMAGE_PNG = draw_png(design("Firewall", "Lille", seed="1"), 48)
IMAGE_SVG = draw_svg(design("Firewall", "Lille", seed="1"))

words = st.text(max_size=40) | st.text(
    st.characters(categories=["Cc", "Cf", "Zl", "Zp", "Mn", "So", "Lo", "Cs"]), max_size=12
)
paths = words.map(lambda tail: f"{SITE}/{tail.encode('utf-8', 'replace').decode()}")
ids = st.uuids().map(str)
levels = st.builds(Level, ids, words, words, words, st.integers(0, 9))


@st.composite
def criteria(draw):
    found = tuple(draw(st.lists(levels, min_size=1, max_size=3, unique_by=lambda level: level.id)))
    required = draw(st.none() | st.sampled_from([level.id for level in found]))
    return Criterion(draw(ids), draw(words), draw(words), required, found, draw(st.floats(0, 10)))


@st.composite
def awards(draw):
    listed = tuple(draw(st.lists(criteria(), max_size=3, unique_by=lambda criterion: criterion.id)))
    achievement = dataclasses.replace(
        make_achievement(),
        name=draw(words),
        description=draw(words),
        criteria_narrative=draw(words),
        criteria_url=draw(paths),
        achievement_type=draw(words),
        tags=tuple(draw(st.lists(words, max_size=3))),
        alignments=tuple(
            draw(st.lists(st.builds(Alignment, words, paths, words, words, words, words), max_size=2))
        ),
        criteria=listed,
        version=draw(words),
        language=draw(st.sampled_from(["en", "fr", "nl"])),
    )
    kinds = st.sampled_from(["public", "summary", "private"])
    evidence = st.builds(
        EvidenceItem, ids, paths, words, words, words, words, words, st.integers(0, 2**40), kinds
    )
    return make_award(
        issuer=Issuer(DID_KEY, draw(words), draw(paths), None, draw(words), draw(st.none() | paths)),
        recipient=Recipient(
            draw(st.emails()),
            draw(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]))),
            f"urn:uuid:{draw(ids)}",
        ),
        achievement=achievement,
        results=tuple(Result(item.id, draw(st.sampled_from(item.levels)).id) for item in listed),
        evidence=tuple(draw(st.lists(evidence, max_size=3))),
        judgement=Judgement(
            draw(ids), MOMENT, tuple(draw(st.lists(words, max_size=2))), draw(st.booleans()), draw(words)
        ),
        status=None,
    )


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
