"""What the badges of a run have in common is said once, and no badge gets a word of another."""

import copy
import dataclasses
import re
from uuid import UUID

import pytest

from badges.openbadges import credential, expansion, proof
from badges.openbadges.award import Recipient
from badges.openbadges.canonical import TooComplex
from badges.openbadges.expansion import Repeats
from badges.openbadges.linked_data import general_form
from tests.bench.signing import realistic_award
from tests.openbadges.awards import KEY, MOMENT, make_award
from tests.openbadges.mutants import Chance
from tests.openbadges.test_expansion import ALIKE, FULL


def cohort(size=6):
    """One achievement of Lille, earned by several people."""
    for number in range(size):
        award = realistic_award(number)
        person = Recipient(f"{number}@demo.example", f"salt{number}", f"urn:uuid:{UUID(int=number)}")
        yield credential.build(dataclasses.replace(award, recipient=person))


def test_what_a_cohort_has_in_common_is_kept_and_each_form_stays_right():
    repeats = Repeats()
    documents = list(cohort())
    assert [expansion.form_of(document, repeats) for document in documents] == [
        general_form(document) for document in documents
    ]
    found = {kept.values.term: len(kept.said.lines) for kept in repeats.kept.values()}
    assert found["achievement"] > 150
    assert found["issuer"] > 3


def test_what_is_kept_counts_as_often_as_it_was_said():
    """Ten thousand equal values in a cohort's achievement are as many as in a badge alone."""
    document = copy.deepcopy(FULL)
    document["credentialSubject"]["achievement"]["alignment"] = [ALIKE | {"targetName": ["x"] * 10_001}]
    repeats = Repeats()
    assert [expansion.form_of(document, repeats) for _ in range(2)] == [None, None]
    with pytest.raises(TooComplex):
        general_form(document)


def test_labels_are_never_kept():
    """The alignments of the achievement have no id; their labels differ from badge to badge."""
    repeats = Repeats()
    labels = set()
    for document in cohort(12):
        form = expansion.form_of(document, repeats).decode()
        labels.add(re.search(r'(_:c14n\d+) <https://schema.org/targetName> "Firewalls"', form)[1])
    assert len(labels) > 1


@pytest.mark.parametrize("seed", range(30, 34))
def test_mutants_find_nothing_of_the_badges_before_them(seed):
    """A run that sees genuine badges and altered ones gives each its own form."""
    chance, repeats = Chance(seed), Repeats()
    expansion.form_of(FULL, repeats)
    for _ in range(300):
        mutant = chance.mutant(FULL)
        assert expansion.form_of(mutant, repeats) == expansion.form_of(mutant)


@pytest.mark.parametrize(
    ("first", "second"), [(1, True), (1, 1.0), (True, 1), (0, False), (2, 2.5), (1e22, 10**22)]
)
def test_numbers_that_python_takes_for_equal_are_told_apart(first, second):
    def with_credits(amount):
        document = copy.deepcopy(FULL)
        document["credentialSubject"]["achievement"]["creditsAvailable"] = amount
        return document

    repeats = Repeats()
    for amount in (first, second, first):
        document = with_credits(amount)
        assert expansion.form_of(document, repeats) == general_form(document)


def test_a_badge_signed_in_a_run_is_the_badge_signed_alone():
    repeats = Repeats()
    method = make_award().key.verification_method
    for document in cohort():
        signed = proof.sign(document, KEY, method, MOMENT, repeats=repeats)
        assert signed == proof.sign(document, KEY, method, MOMENT)
        proof.verify_proof(signed, signed["proof"][0], KEY.public_key(), repeats=repeats)
        proof.cross_check(signed, signed["proof"][0], repeats)
        touched = copy.deepcopy(signed)
        touched["credentialSubject"]["achievement"]["name"] += "?"
        with pytest.raises(proof.ProofInvalid):
            proof.verify_proof(touched, touched["proof"][0], KEY.public_key(), repeats=repeats)
