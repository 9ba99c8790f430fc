"""Nothing of a document may stay outside its canonical form unnoticed."""

import json
import time

import pytest
from pyld import jsonld

from badges.openbadges import contexts, credential, linked_data, processor
from badges.openbadges.canonical import TooComplex
from badges.openbadges.linked_data import UnsafeDocument
from badges.openbadges.proof import CannotSign, ProofInvalid, sign, verify_proof
from tests.openbadges.awards import KEY, MOMENT, make_award, signed_badge

V2 = contexts.CREDENTIALS


def canonical_form(unsigned):
    return linked_data.canonical_form(unsigned).decode()


def document(**members):
    return {
        "@context": list(contexts.ISSUED_WITH),
        "id": "urn:uuid:1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": "did:key:z", "type": ["Profile"], "name": "Lille"},
    } | members


def evidence(**members):
    return document(evidence=[{"id": "urn:e", "type": ["Evidence"]} | members])


def test_a_badge_has_the_canonical_form_that_pyld_gives_it():
    built = credential.build(make_award())
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": contexts.load}
    assert canonical_form(built) == jsonld.normalize(built, options)


def test_numbers_and_truth_values_are_written_as_json_ld_says():
    built = credential.build(make_award())
    achievement = built["credentialSubject"]["achievement"]
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": contexts.load}
    for amount in (3, 3.0, 0.1, 1234567.891, 100 / 3, -2.5, 0, 1e22, 1e-7):
        achievement["creditsAvailable"] = amount
        assert canonical_form(built) == jsonld.normalize(built, options)


def test_control_characters_are_escaped_as_rdfc_says():
    form = canonical_form(evidence(name='\x00\x08\t\n\x0b\x0c\r\x1f"\\\x7f\u2028é'))
    assert r'"\u0000\b\t\n\u000B\f\r\u001F\"\\\u007F' + "\u2028é" in form


@pytest.mark.parametrize(
    "unsafe",
    [
        evidence(surprise="undefined"),
        document(surprise="undefined"),
        evidence(type=["Evidence", "Surprise"]),
        evidence(id="evidence/1"),
        evidence(id="https://a.example/a b"),
        evidence(id="https://a> <urn:p> <urn:o> .\n<https://b"),
        evidence(id="_:x y"),
        evidence(name=None),
        evidence(**{"@index": "hidden"}),
        evidence(**{"@context": {"name": "urn:other"}}),
        evidence(**{"https://schema.org/name": "by address"}),
        evidence(**{"_:p": "blank"}),
        evidence(name={"@value": "x", "@direction": "rtl"}),
        evidence(name={"@value": "x", "@language": 'en> . "'}),
        evidence(name={"@value": "x", "@type": "relative"}),
        evidence(name={"@value": None}),
        evidence(name={"@value": {"a": 1}, "@type": "@json"}),
        evidence(name={"@list": ["x"]}),
        evidence(name={"@id": "urn:x"}),
        document(**{"@graph": []}),
        document(**{"@included": []}),
        document(issuer="not an address"),
        {"@context": [V2, {"@vocab": "urn:"}], "id": "urn:1", "name": "x"},
        {"@context": {"name": "https://schema.org/name"}, "name": "x"},
        {"@context": [], "name": "x"},
        {"@context": None, "name": "x"},
        {"@context": [V2, ["https://a.example"]], "name": "x"},
        {"name": "x"},
        {"@context": [V2], "id": "urn:1"},
        {"@context": [V2]},
    ],
)
def test_what_a_signature_would_not_cover_is_refused(unsafe):
    with pytest.raises(UnsafeDocument):
        canonical_form(unsafe)


def test_an_unknown_context_is_named():
    with pytest.raises(contexts.UnknownContext) as refused:
        canonical_form(document(**{"@context": [V2, "https://evil.example/v1"]}))
    assert refused.value.url == "https://evil.example/v1"


def test_language_tagged_text_is_part_of_the_form():
    form = canonical_form(evidence(name={"@value": "pare-feu", "@language": "fr"}))
    assert '"pare-feu"@fr' in form


def test_every_known_term_of_a_badge_reaches_the_form():
    """Each text of the badge is found in its canonical form: none was dropped on the way."""
    built = credential.build(make_award())
    form = canonical_form(built).replace("\\n", "\n")

    def texts(node):
        if isinstance(node, dict):
            for key, value in node.items():
                yield from () if key in ("@context", "type") else texts(value)
        elif isinstance(node, list):
            for item in node:
                yield from texts(item)
        elif isinstance(node, str):
            yield node

    assert [text for text in texts(built) if text not in form] == []


@pytest.mark.parametrize(
    "large",
    [
        evidence(name="x" * 1_100_000),
        document(evidence=[{"type": ["Evidence"]}] * 2_001),
        document(evidence=[{"type": ["Evidence"], "name": ["x"] * 10_001}]),
        document(evidence=[{"type": ["Evidence"], "name": f"n{number}"} for number in range(500)]),
    ],
    ids=["characters", "objects", "values", "blank nodes"],
)
def test_a_document_beyond_any_badge_is_refused_fast(large):
    started = time.perf_counter()
    with pytest.raises(TooComplex):
        canonical_form(large)
    assert time.perf_counter() - started < 2


def test_a_document_nested_beyond_reason_is_refused():
    nested = {"type": ["Profile"], "id": "urn:p"}
    for _ in range(40):
        nested = {"type": ["Profile"], "id": "urn:p", "parentOrg": nested}
    with pytest.raises(TooComplex):
        canonical_form(document(issuer=nested))


def test_a_poisonous_badge_is_refused_fast():
    """Organisations without address that are all part of each other, as a forged badge could claim."""
    nodes = [f"_:b{number}" for number in range(12)]
    clique = [
        {"id": node, "type": ["Profile"], "parentOrg": [{"id": other} for other in nodes]} for node in nodes
    ]
    started = time.perf_counter()
    with pytest.raises(TooComplex):
        canonical_form(document(issuer={"id": "urn:i", "type": ["Profile"], "parentOrg": clique}))
    assert time.perf_counter() - started < 2


def poison(size):
    """Nodes without address that all name each other: no hash of their surroundings tells two apart."""
    nodes = [f"_:{letter}" for letter in "abcdefghijklm"[:size]]
    clique = [
        {"id": node, "type": "Profile", "parentOrg": [other for other in nodes if other != node]}
        for node in nodes
    ]
    return {"@context": list(contexts.ISSUED_WITH), "type": ["VerifiableCredential"], "issuer": clique}


@pytest.mark.parametrize("size", [6, 8, 12])
def test_a_kilobyte_of_poison_is_refused_in_a_moment(size):
    """The middle one has 845 bytes, and holds pyld's own canonicalisation for 40 s; one more, minutes."""
    document = poison(size)
    assert size > 8 or len(json.dumps(document, separators=(",", ":"))) < 945
    forged = document | {"proof": signed_badge()["proof"]}
    started = time.perf_counter()
    with pytest.raises(ProofInvalid) as refused:
        verify_proof(forged, forged["proof"][0], KEY.public_key())
    with pytest.raises(CannotSign):
        sign(document, KEY, "did:key:z#z", MOMENT)
    assert time.perf_counter() - started < 2
    assert refused.value.code == "too-complex"


def test_many_badges_do_not_fill_the_memory_of_the_processor():
    unsigned = credential.build(make_award())
    for _ in range(3):
        linked_data.general_form(unsigned)
    before = len(linked_data._default.remembered)
    for _ in range(5):
        linked_data.general_form(unsigned)
    assert len(linked_data._default.remembered) == before < processor.MAX_REMEMBERED
