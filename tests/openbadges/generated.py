"""Awards that hypothesis makes up: arbitrary Unicode, control characters, odd addresses, parts absent."""

import dataclasses

from hypothesis import strategies as st

from badges.openbadges.award import (
    Alignment,
    Criterion,
    EvidenceItem,
    Issuer,
    Judgement,
    Level,
    Recipient,
    Result,
)
from tests.openbadges.awards import DID_KEY, MOMENT, SITE, make_achievement, make_award

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
