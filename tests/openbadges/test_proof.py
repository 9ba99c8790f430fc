"""The proof: the published vector, and every way of breaking it."""

import copy
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from badges.openbadges import contexts, keys, multibase, proof
from badges.openbadges.linked_data import canonical_form
from badges.openbadges.proof import CannotSign, ProofInvalid
from tests.openbadges.awards import DID_KEY, HERE, KEY, MOMENT, OTHER_KEY, make_award, sign, signed_badge

VECTOR = json.loads((HERE / "vectors" / "eddsa-rdfc-2022.json").read_text(encoding="utf-8"))
SIGNED = VECTOR["signed"]
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
METHOD = f"{DID_KEY}#{DID_KEY.removeprefix('did:key:')}"


def loader(url, options=None):
    """The bundled contexts and the one that the W3C example names."""
    if url == EXAMPLES:
        document = copy.deepcopy(VECTOR["examples"])
        return {"contextUrl": None, "documentUrl": url, "document": document, "tag": "static"}
    return contexts.load(url, options)


def vector_parts():
    document = {key: value for key, value in SIGNED.items() if key != "proof"}
    options = {key: value for key, value in SIGNED["proof"].items() if key != "proofValue"}
    return document, options


def test_the_w3c_vector_hashes_alike():
    document, options = vector_parts()
    assert proof.hash_data(document, options, loader).hex() == VECTOR["combinedHash"]
    form = canonical_form({"@context": document["@context"], **options}, loader)
    assert form.decode() == VECTOR["proofCanon"]


def test_the_w3c_vector_is_verified():
    key = keys.decode_public(VECTOR["keyPair"]["publicKeyMultibase"])
    proof.verify_proof(SIGNED, SIGNED["proof"], key, loader=loader)


def test_the_w3c_vector_is_reproduced():
    document, options = vector_parts()
    key = keys.decode_private(VECTOR["keyPair"]["privateKeyMultibase"])
    created = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
    signed = proof.sign(document, key, options["verificationMethod"], created, loader=loader)
    assert signed["proof"] == [SIGNED["proof"]]


@pytest.mark.parametrize("position", range(64))
def test_every_byte_of_the_signature_counts(position):
    signature = bytearray(multibase.decode(SIGNED["proof"]["proofValue"], 64))
    signature[position] ^= 0x01
    key = keys.decode_public(VECTOR["keyPair"]["publicKeyMultibase"])
    tampered = SIGNED["proof"] | {"proofValue": multibase.encode(bytes(signature))}
    with pytest.raises(ProofInvalid) as refused:
        proof.verify_proof(SIGNED, tampered, key, loader=loader)
    assert refused.value.code == "signature"


def tampered_texts():
    """The vector with one byte of each string value changed, at three places of the string."""
    found = []

    def visit(node, path):
        if isinstance(node, dict):
            for name, value in node.items():
                visit(value, (*path, name))
        elif isinstance(node, list):
            for number, value in enumerate(node):
                visit(value, (*path, number))
        else:
            found.extend((path, place) for place in sorted({0, len(node) // 2, len(node) - 1}))

    visit(SIGNED, ())
    return found


@pytest.mark.parametrize(("path", "place"), tampered_texts())
def test_one_changed_byte_anywhere_breaks_the_proof(path, place):
    tampered = copy.deepcopy(SIGNED)
    node = tampered
    for step in path[:-1]:
        node = node[step]
    text = node[path[-1]]
    node[path[-1]] = text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]
    key = keys.decode_public(VECTOR["keyPair"]["publicKeyMultibase"])
    with pytest.raises(ProofInvalid):
        proof.verify_proof(tampered, tampered["proof"], key, loader=loader)


def test_a_badge_we_sign_is_verified_with_its_key_only():
    badge = signed_badge()
    proof.verify_proof(badge, badge["proof"][0], KEY.public_key())
    with pytest.raises(ProofInvalid) as refused:
        proof.verify_proof(badge, badge["proof"][0], OTHER_KEY.public_key())
    assert refused.value.code == "signature"


def test_order_of_members_and_arrays_does_not_matter():
    badge = signed_badge()
    turned = json.loads(json.dumps(badge, sort_keys=True))
    turned["evidence"].reverse()
    proof.verify_proof(turned, turned["proof"][0], KEY.public_key())


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("type", "Ed25519Signature2020", "unsupported"),
        ("type", ["DataIntegrityProof"], "unsupported"),
        ("cryptosuite", "eddsa-jcs-2022", "unsupported"),
        ("proofPurpose", "authentication", "unsupported"),
        ("proofValue", "", "malformed"),
        ("proofValue", None, "malformed"),
        ("proofValue", "z" + "1" * 64 + "2", "malformed"),
        ("proofValue", "u" + "A" * 86, "malformed"),
        ("verificationMethod", 7, "malformed"),
        ("created", "2023-02-24 23:36:38", "malformed"),
        ("created", "2023-02-24T23:36:38", "malformed"),
        ("expires", 7, "malformed"),
        ("previousProof", "urn:uuid:1", "unsupported"),
        ("@context", [], "unsupported"),
        ("domain", "a.example", "unsupported"),
        ("comment", "added", "unsigned-data"),
        ("nonce", "added", "signature"),
    ],
)
def test_another_proof_is_refused_by_name(member, value, code):
    badge = signed_badge()
    with pytest.raises(ProofInvalid) as refused:
        proof.verify_proof(badge, badge["proof"][0] | {member: value}, KEY.public_key())
    assert refused.value.code == code


def test_swapped_hashes_do_not_verify():
    """The proof options come first, then the document (§3.2.4)."""
    badge = signed_badge()
    document = {key: value for key, value in badge.items() if key != "proof"}
    options = {key: value for key, value in badge["proof"][0].items() if key != "proofValue"}
    hashed = proof.hash_data(document, options)
    forged = multibase.encode(KEY.sign(hashed[32:] + hashed[:32]))
    with pytest.raises(ProofInvalid):
        proof.verify_proof(badge, {**options, "proofValue": forged}, KEY.public_key())


@pytest.mark.parametrize(
    "change",
    [
        {"proof": []},
        {"@context": ["https://www.w3.org/ns/credentials/v2", "https://evil.example/v1"]},
        {"@context": ["https://www.w3.org/ns/credentials/v2", {"surprise": "https://evil.example/#x"}]},
        {"surprise": "undefined term"},
        {"id": "relative"},
        {"name": None},
    ],
)
def test_what_would_stay_outside_the_signature_is_not_signed(change):
    unsigned = {key: value for key, value in signed_badge().items() if key != "proof"}
    with pytest.raises(CannotSign):
        proof.sign(unsigned | change, KEY, METHOD, MOMENT)


def test_a_document_without_context_is_not_signed():
    with pytest.raises(CannotSign):
        proof.sign({"name": "x"}, KEY, METHOD, MOMENT)


def test_times_are_written_in_utc_to_the_second():
    paris = datetime(2026, 7, 1, 12, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=2)))
    assert proof.timestamp(paris) == "2026-07-01T10:00:00Z"
    with pytest.raises(ValueError, match="time zone"):
        proof.timestamp(datetime(2026, 7, 1))


def test_signing_again_gives_the_same_signature():
    assert sign(make_award())["proof"] == sign(make_award())["proof"]
