"""One dataset, one text; a hostile dataset, a quick refusal."""

import random
import re
import time
from hashlib import sha384

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from badges.openbadges import canonical
from badges.openbadges.canonical import MAX_BLANK_NODES, TooComplex, canonicalise
from tests.openbadges.awards import HERE

TEST_075 = (HERE / "vectors" / "rdfc10-test075.nq").read_text(encoding="utf-8")
P, Q = "<urn:p>", "<urn:q>"


def quads_of(text):
    return [(*line.removesuffix(" .").split(" "), "") for line in text.strip().split("\n")]


def renamed(quads, seed):
    names = sorted({part for quad in quads for part in quad if part.startswith("_:")})
    shuffled = [f"_:x{number}" for number in range(len(names))]
    random.Random(seed).shuffle(shuffled)
    mapping = dict(zip(names, shuffled, strict=True))
    result = [tuple(mapping.get(part, part) for part in quad) for quad in quads]
    random.Random(seed).shuffle(result)
    return result


@pytest.mark.parametrize("seed", range(10))
def test_the_w3c_graphs_of_equal_nodes_get_their_labels(seed, monkeypatch):
    """Test 075 of the suite hashes with SHA-384; nothing else of the algorithm differs."""
    monkeypatch.setattr(canonical, "sha256", sha384)
    assert canonicalise(renamed(quads_of(TEST_075), seed)) == TEST_075


def test_graph_names_are_labelled_too():
    """A blank node keeps its one label in every place of every graph, as in test 072 of the W3C suite."""
    statements = [("<urn:t>", f"<urn:{name}>", "_:e0", graph) for name in "ABe" for graph in ("", "<urn:g1>")]
    assert canonicalise(statements).count("_:c14n0") == 6
    named = canonicalise([("<urn:t>", P, "_:e0", "_:e1"), ("_:e1", P, '"x"', "")])
    graph = re.search(r"(_:c14n\d) \.", named)[1]
    assert f'{graph} {P} "x" .' in named


@st.composite
def datasets(draw):
    """Small datasets with few nodes, so that nodes that look alike are frequent.

    No node stands twice in one statement: pyld counts such a statement twice, RDFC-1.0 once, as rdf-canonize
    does (see the interoperability tests).
    """
    nodes = [f"_:b{number}" for number in range(draw(st.integers(1, 5)))] + ["<urn:a>"]
    quad = st.tuples(
        st.sampled_from(nodes),
        st.sampled_from([P, Q]),
        st.sampled_from([*nodes, '"x"', '"y"']),
        st.sampled_from(["", "<urn:g>", nodes[0]]),
    )
    return [quad for quad in draw(st.lists(quad, min_size=1, max_size=12)) if not has_a_node_twice(quad)]


def has_a_node_twice(quad):
    nodes = [part for part in quad if part.startswith("_:")]
    return len(nodes) != len(set(nodes))


@settings(deadline=None, max_examples=150)
@given(datasets(), st.integers(0, 1000))
def test_labels_agree_with_pyld_and_do_not_depend_on_names(quads, seed):
    text = "".join(" ".join(part for part in quad if part) + " .\n" for quad in quads)
    expected = jsonld.normalize(
        text,
        {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"},
    )
    assert canonicalise(quads) == expected
    assert canonicalise(renamed(quads, seed)) == expected


def test_a_changed_statement_changes_the_text():
    quads = quads_of(TEST_075)
    assert canonicalise(quads[1:]) != TEST_075
    assert canonicalise([*quads, ("_:c14n0", P, '"x"', "")]) != TEST_075


def clique(size):
    nodes = [f"_:n{number}" for number in range(size)]
    return [(one, P, other, "") for one in nodes for other in nodes if one != other]


def twins_with_equal_children(children):
    return [
        (f"_:p{parent}", P, f"_:p{parent}c{child}", "") for parent in range(2) for child in range(children)
    ]


def ring(size):
    return [(f"_:n{number}", P, f"_:n{(number + 1) % size}", "") for number in range(size)]


@pytest.mark.parametrize(
    "quads",
    [
        clique(12),
        clique(30),
        twins_with_equal_children(12),
        twins_with_equal_children(150),
        ring(MAX_BLANK_NODES),
    ],
    ids=["clique", "large clique", "twins", "many twins", "ring"],
)
def test_a_poisonous_graph_is_refused_fast(quads):
    started = time.perf_counter()
    with pytest.raises(TooComplex, match="told apart"):
        canonicalise(quads)
    assert time.perf_counter() - started < 2


def test_a_ring_is_refused_from_deep_in_a_stack_too():
    """Its labels are sought by recursion; a web server's own calls are below."""

    def deeper(levels):
        return deeper(levels - 1) if levels else canonicalise(ring(MAX_BLANK_NODES))

    with pytest.raises(TooComplex, match="told apart"):
        deeper(500)


def test_too_many_blank_nodes_are_refused_before_any_work():
    quads = [("<urn:a>", P, f"_:n{number}", "") for number in range(MAX_BLANK_NODES + 1)]
    with pytest.raises(TooComplex, match="blank nodes"):
        canonicalise(quads)


def test_sixty_equal_evidence_nodes_are_no_poison():
    quads = [("<urn:badge>", P, f"_:n{number}", "") for number in range(60)]
    quads += [(f"_:n{number}", Q, '"same"', "") for number in range(60)]
    assert len(re.findall(r"_:c14n\d+", canonicalise(quads))) == 120
