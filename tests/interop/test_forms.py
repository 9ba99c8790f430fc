"""What our proofs hash is what an independent implementation would hash, for badges and for odd documents."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from badges.openbadges import credential, expansion
from badges.openbadges.canonical import TooComplex
from badges.openbadges.linked_data import UnsafeDocument, canonical_form
from tests.bench.signing import realistic_award
from tests.interop import node
from tests.openbadges.awards import bundled_documents, make_award
from tests.openbadges.generated import awards
from tests.openbadges.mutants import Chance
from tests.openbadges.test_expansion import endorsed

pytestmark = pytest.mark.interop


@pytest.fixture(autouse=True, scope="module")
def verifiers():
    node.need_verifiers()


def in_one_order(form):
    """The lines by code point, as RDFC-1.0 has them; Node sorts them by UTF-16 unit.

    The two differ when lines part at a character beyond U+FFFF in one and one from U+E000 on in the other.
    """
    return sorted(form.split("\n"))


def theirs(documents):
    job = {"mode": "forms", "documents": bundled_documents(), "credentials": documents}
    return node.run(job)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=4,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(awards(), min_size=20, max_size=40))
def test_node_gives_every_badge_we_build_the_same_form(drawn):
    documents = [credential.build(award) for award in [*drawn, realistic_award(1), make_award()]]
    documents.append(endorsed())
    for document, form in zip(documents, theirs(documents), strict=True):
        assert form is not None, document
        assert in_one_order(canonical_form(document).decode()) == in_one_order(form)


def test_node_gives_odd_documents_the_same_form():
    chance = Chance(7)
    documents = [chance.document() for _ in range(400)]
    compared = compiled = 0
    for document, form in zip(documents, theirs(documents), strict=True):
        mine = ours(document)
        if mine is not None and form is not None:
            assert in_one_order(mine) == in_one_order(form), document
            compared += 1
            compiled += expansion.form_of(document) is not None
    assert compared > 250
    assert compiled > 200


def ours(document):
    try:
        return canonical_form(document).decode()
    except (UnsafeDocument, TooComplex):
        return None
