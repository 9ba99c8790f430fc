"""The compiled path gives each document the form, and each mutant the verdict, of the general path."""

import collections
import copy
import dataclasses
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from pyld import jsonld

from badges.openbadges import contexts, credential, did, expansion, linked_data, proof, status_list
from badges.openbadges.canonical import TooComplex
from badges.openbadges.expansion import Repeats, emitting, profile
from badges.openbadges.linked_data import PathsDiffer, UnsafeDocument, canonical_form, general_form
from badges.openbadges.status_list import StatusListDefinition
from tests.bench.signing import realistic_award
from tests.openbadges.awards import DID_KEY, KEY, LIST_URL, MOMENT, OTHER_KEY, make_award, signed_badge
from tests.openbadges.generated import awards
from tests.openbadges.mutants import Chance

REFUSALS = (UnsafeDocument, TooComplex, contexts.UnknownContext)
FULL = credential.build(make_award())
PARTNER = did.key_did(OTHER_KEY.public_key())


def endorsement(number):
    """What Mons says of Lille's achievement, signed by Mons."""
    unsigned = {
        "@context": list(contexts.ISSUED_WITH),
        "id": f"https://mons.example/endorsements/{number}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": PARTNER, "type": ["Profile"], "name": "Université de Mons"},
        "validFrom": "2026-03-02T09:30:00Z",
        "credentialSubject": {
            "id": "https://badges.example/achievements/firewall",
            "type": ["EndorsementSubject"],
            "endorsementComment": f"We teach the same, {number}.",
        },
    }
    method = did.verification_method(PARTNER, OTHER_KEY.public_key())
    signed = proof.sign(unsigned, OTHER_KEY, method, MOMENT)
    return {key: value for key, value in signed.items() if key != "@context"}


def endorsed():
    """The full badge with endorsements of achievement and issuer, each proof in a graph of its own."""
    badge = copy.deepcopy(FULL)
    badge["credentialSubject"]["achievement"]["endorsement"] = [endorsement(1), endorsement(2)]
    badge["issuer"]["endorsement"] = [endorsement(3)]
    return badge


def verdict(form, document):
    """The canonical form, or the words of the refusal."""
    try:
        return form(document)
    except REFUSALS as refusal:
        return type(refusal), str(refusal)


def proof_options(badge):
    options = {key: value for key, value in badge["proof"][0].items() if key != "proofValue"}
    return {"@context": badge["@context"], **options}


def listing():
    definition = StatusListDefinition(LIST_URL, DID_KEY, "revocation", MOMENT, frozenset({7, 9}))
    return status_list.build(definition)


@pytest.mark.parametrize(
    "document",
    [
        FULL,
        credential.build(realistic_award(1)),
        credential.build(make_award(status=None, evidence=(), results=())),
        FULL | {"@context": [*contexts.ISSUED_WITH, contexts.OPEN_BADGES_EXTENSIONS]},
        proof_options(signed_badge()),
        listing(),
        endorsed(),
        endorsement(4) | {"@context": list(contexts.ISSUED_WITH)},
    ],
    ids=[
        "badge",
        "large badge",
        "bare badge",
        "badge with extensions",
        "proof",
        "status list",
        "endorsed badge",
        "endorsement with its proof",
    ],
)
def test_what_we_sign_every_day_takes_the_compiled_path(document):
    form = expansion.form_of(document)
    assert form is not None
    assert form == general_form(document)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(awards())
def test_every_badge_we_build_has_the_form_of_the_general_path(award):
    built = credential.build(award)
    assert expansion.form_of(built) in (None, general_form(built))
    assert canonical_form(built) == general_form(built)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(awards())
def test_every_badge_we_build_has_the_form_that_pyld_alone_gives_it(award):
    built = credential.build(award)
    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": contexts.load}
    assert canonical_form(built).decode() == jsonld.normalize(built, options)


@pytest.mark.parametrize("seed", range(4))
def test_any_tree_of_known_words_has_one_form_on_both_paths(seed):
    chance, counted = Chance(seed), collections.Counter()
    for _ in range(600):
        document = chance.document()
        form, expected = expansion.form_of(document), verdict(general_form, document)
        counted[form is not None] += 1
        assert form is None or form == expected, document
    assert counted[True] > 300  # most of them are compared, not passed on


@pytest.mark.parametrize("seed", range(10, 20))
def test_any_mutant_of_a_badge_has_one_verdict_on_both_paths(seed):
    chance, counted = Chance(seed), collections.Counter()
    for _ in range(600):
        mutant = chance.mutant(FULL)
        form, expected = expansion.form_of(mutant), verdict(general_form, mutant)
        counted[form is not None, isinstance(expected, bytes)] += 1
        assert form is None or form == expected, mutant
    assert counted[True, True] > 120
    assert counted[False, False] > 200


@pytest.mark.parametrize("seed", range(40, 44))
def test_mutants_of_an_endorsed_badge_have_one_verdict_too(seed):
    """Proofs stand in named graphs, whose names are blank nodes of their own."""
    chance, counted, badge, repeats = Chance(seed), 0, endorsed(), Repeats()
    for _ in range(300):
        mutant = chance.mutant(badge)
        form, expected = expansion.form_of(mutant, repeats), verdict(general_form, mutant)
        counted += form is not None
        assert form is None or form == expected, mutant
    assert counted > 50


@pytest.mark.parametrize("seed", [20, 21])
def test_a_mutant_verifies_only_when_it_says_the_same(seed, monkeypatch):
    badge, chance = signed_badge(), Chance(seed)
    original, accepted = general_form(FULL), 0
    mutants = [chance.mutant(badge) for _ in range(500)]

    def verifies(mutant):
        proofs = mutant.get("proof")
        if not (isinstance(proofs, list) and len(proofs) == 1 and isinstance(proofs[0], dict)):
            return False
        try:
            proof.verify_proof(mutant, proofs[0], KEY.public_key())
        except proof.ProofInvalid as refusal:
            return refusal.code
        return True

    quick = [verifies(mutant) for mutant in mutants]
    for mutant, answer in zip(mutants, quick, strict=True):
        if answer is True:
            accepted += 1
            unsecured = {key: value for key, value in mutant.items() if key != "proof"}
            assert general_form(unsecured) == original
    monkeypatch.setattr(expansion, "form_of", lambda document, repeats=None: None)
    assert quick == [verifies(mutant) for mutant in mutants]
    assert 0 < accepted < 100


def evidence(**members):
    return FULL | {"evidence": [{"id": "urn:e", "type": ["Evidence"]} | members]}


ALIKE = {"type": ["Alignment"], "targetName": "x", "targetUrl": "urn:x"}
OUTSIDE = {
    "undefined member": evidence(surprise="x"),
    "member of another type": evidence(targetName="x"),
    "undefined type": evidence(type=["Surprise"]),
    "many types": evidence(type=["Evidence", "Image", "Profile", "Address", "Related"]),
    "no types": evidence(type=[]),
    "null": evidence(name=None),
    "null type": evidence(type=None),
    "false type": evidence(type=False),
    "null id": evidence(id=None),
    "relative id": evidence(id="e"),
    "blank id": evidence(id="_:b0"),
    "empty array": evidence(name=[]),
    "array in array": evidence(name=[["x"]]),
    "value object": evidence(name={"@value": "x"}),
    "language map": evidence(name={"fr": "x"}),
    "nested context": evidence(**{"@context": contexts.CREDENTIALS}),
    "keyword": evidence(**{"@index": "x"}),
    "escape of a control character": evidence(name="\x01"),
    "delete": evidence(name="\x7f"),
    "half a surrogate": evidence(name="\ud800"),
    "what looks like an escape": evidence(name="C:\\users"),
    "infinite": evidence(name=float("inf")),
    "subclass of text": evidence(name=type("Safe", (str,), {})("x")),
    "blank nodes alike": evidence(name=[copy.deepcopy(ALIKE), copy.deepcopy(ALIKE)]),
    "deep": evidence(description=json.loads('{"name":' * 20 + '"x"' + "}" * 20)),
    "the same over and over": evidence(name=["x"] * 1_901),
    "the same of a blank node": FULL | {"evidence": [{"type": ["Evidence"], "name": ["x"] * 10_001}]},
    "long": evidence(name="x" * 950_000),
    "two proofs alike": FULL | {"proof": signed_badge()["proof"] * 2},
    "proof that is no object": FULL | {"proof": "urn:p"},
    "empty proof": FULL | {"proof": {}},
    "proof in a proof": FULL | {"proof": signed_badge() | {"@context": None}},
    "another list of contexts": FULL | {"@context": [contexts.CREDENTIALS_V1, contexts.OPEN_BADGES]},
    "contexts in another order": FULL | {"@context": list(contexts.ISSUED_WITH[::-1])},
    "one context as text": FULL | {"@context": contexts.CREDENTIALS},
    "inline context": FULL | {"@context": [*contexts.ISSUED_WITH, {"@vocab": "urn:"}]},
    "nothing but a name": {"@context": list(contexts.ISSUED_WITH), "id": "urn:x"},
}  # fmt: skip


@pytest.mark.parametrize("document", OUTSIDE.values(), ids=OUTSIDE.keys())
def test_what_the_profile_does_not_know_is_left_to_the_general_path(document):
    assert expansion.form_of(document) is None
    assert verdict(canonical_form, document) == verdict(general_form, document)


def test_a_list_keeps_its_order():
    """`allowedValue` is the one @list of Open Badges: low to high."""

    def scale(*values):
        described = {"id": "urn:d", "type": ["ResultDescription"], "name": "n", "allowedValue": list(values)}
        subject = {
            "type": ["AchievementSubject"],
            "achievement": {"id": "urn:a", "resultDescription": [described]},
        }
        subject["achievement"]["type"] = ["Achievement"]
        return FULL | {"credentialSubject": subject}

    forms = [expansion.form_of(scale(*values)) for values in (("A", "B", "C"), ("C", "B", "A"), ("A",))]
    assert None not in forms
    assert len(set(forms)) == 3
    assert forms[0] == general_form(scale("A", "B", "C"))


def test_the_tables_are_begun_anew_when_they_are_full(monkeypatch):
    expected = expansion.form_of(FULL)
    before = emitting._Current.profile
    monkeypatch.setattr(profile, "MAX_ANSWERS", 3)
    assert expansion.form_of(FULL) == expected
    assert emitting._Current.profile is not before
    assert expansion.form_of(listing()) == general_form(listing())


def test_several_threads_may_compile_at_once(monkeypatch):
    monkeypatch.setattr(emitting._Current, "profile", profile.Profile())
    documents = [credential.build(realistic_award(number)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        forms = list(pool.map(expansion.form_of, documents))
    assert forms == [general_form(document) for document in documents]


def test_a_difference_of_the_paths_is_loud(monkeypatch):
    badge = signed_badge()
    proof.cross_check(badge, badge["proof"][0])
    right = expansion.form_of
    monkeypatch.setattr(
        expansion, "form_of", lambda document, repeats=None: right(document) + b"<urn:s> <urn:p> <urn:o> .\n"
    )
    with pytest.raises(PathsDiffer):
        proof.cross_check(badge, badge["proof"][0])
    with pytest.raises(PathsDiffer):
        linked_data.compare_paths(FULL)


def test_what_is_compared_includes_the_proof(monkeypatch):
    badge = signed_badge()
    right = expansion.form_of
    monkeypatch.setattr(
        expansion,
        "form_of",
        lambda document, repeats=None: b"" if "cryptosuite" in document else right(document),
    )
    with pytest.raises(PathsDiffer):
        proof.cross_check(badge, badge["proof"][0])


def test_equal_blank_nodes_are_signed_by_the_general_path():
    """Twice the same alignment: no first-degree hash tells them apart, and the badge holds all the same."""
    award = make_award()
    twice = dataclasses.replace(award.achievement, alignments=award.achievement.alignments[:1] * 2)
    built = credential.build(dataclasses.replace(award, achievement=twice))
    assert expansion.form_of(built) is None
    assert canonical_form(built) == general_form(built)
