"""Signing and verifying a badge, against the bare Ed25519 operation and against @digitalbazaar/vc in Node."""

import dataclasses
import functools
import json
import os
from typing import Any

from badges.openbadges import credential, keys, proof
from badges.openbadges.award import Award, Criterion, EvidenceItem, Level, Recipient
from badges.openbadges.cohort import Cohort
from badges.openbadges.expansion import Repeats
from badges.openbadges.linked_data import general_form
from tests.bench.measuring import Row, Way, compared, interleaved, milliseconds, per_item, timed
from tests.bench.node_peer import NodePeer, node_peer
from tests.openbadges.awards import (
    DID_KEY,
    KEY,
    MOMENT,
    SITE,
    bundled_documents,
    make_achievement,
    make_award,
    make_evidence,
)

ROUNDS = 15
DOCUMENTS = 10
COHORT = 200
ABSENT = "not measured: Node verifiers not installed"
METHOD = make_award().key.verification_method
SENTENCE = (
    "The rules are ordered from the narrowest to the widest, and each says in a comment whom it serves."
)


def run() -> list[Row]:
    awards = [realistic_award(number) for number in range(COHORT)]
    unsigned = [credential.build(award) for award in awards]
    signed = [_sign(document) for document in unsigned[:DOCUMENTS]]
    with node_peer(_opening(unsigned[:DOCUMENTS], signed)) as peer:
        if peer:
            for verb in ("sign", "verify", "sign", "verify"):
                peer.seconds(verb)  # so that Node has compiled what it runs
        stored = [json.loads(json.dumps(award.to_json())) for award in awards]
        ways = _ways(unsigned[:DOCUMENTS], signed, peer) | _ways_of_a_cohort(unsigned, stored)
        seconds = interleaved(ways, rounds=ROUNDS)
    return _rows(seconds, signed[0])


def realistic_award(number: int) -> Award:
    """Three published items, six criteria of four levels, each with sentences as long as people write."""
    criteria = tuple(_criterion(place) for place in range(6))
    achievement = dataclasses.replace(make_achievement(), criteria=criteria)
    names = ("rules", "capture", "report")
    person = f"urn:uuid:22222222-2222-4222-8222-{number:012d}"
    return make_award(
        recipient=Recipient(f"learner{number}@demo.example", f"salt{number}", person),
        credential_id=f"11111111-1111-4111-8111-{number:012d}",
        credential_url=f"{SITE}/badges/11111111-1111-4111-8111-{number:012d}",
        achievement=achievement,
        results=tuple(_result(criterion) for criterion in criteria),
        evidence=tuple(_item(f"{name}-{number}") for name in names),
    )


def _criterion(place: int) -> Criterion:
    levels = tuple(
        Level(f"c{place}l{step}", f"Level {step}", f"{SENTENCE} Step {step} of {place}.", str(step), step)
        for step in range(4)
    )
    return Criterion(f"c{place}", f"FW.{place}", f"Criterion {place}", levels[2].id, levels, 1.5)


def _result(criterion: Criterion) -> Any:
    template = make_award().results[0]
    return dataclasses.replace(template, criterion=criterion.id, level=criterion.levels[3].id)


def _item(name: str) -> EvidenceItem:
    return make_evidence(name, narrative=f"{SENTENCE}\n\nSupports:\n- **FW.1**: {SENTENCE}")


def _sign(document: dict[str, Any]) -> dict[str, Any]:
    return proof.sign(document, KEY, METHOD, MOMENT)


def _hash_generally(badge: dict[str, Any]) -> None:
    """What a proof hashes, by the general algorithms, as for any document beyond the compiled contexts."""
    general_form({key: value for key, value in badge.items() if key != "proof"})
    options = {key: value for key, value in badge["proof"][0].items() if key != "proofValue"}
    general_form({"@context": badge["@context"], **options})


def _verify(badge: dict[str, Any]) -> None:
    proof.verify_proof(badge, badge["proof"][0], KEY.public_key())


def _opening(unsigned: list[dict[str, Any]], signed: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "documents": bundled_documents(),
        "unsigned": unsigned,
        "signed": signed,
        "key": {
            "id": METHOD,
            "controller": DID_KEY,
            "publicKeyMultibase": keys.encode_public(KEY.public_key()),
            "secretKeyMultibase": keys.encode_private(KEY),
        },
    }


def _ways(
    unsigned: list[dict[str, Any]], signed: list[dict[str, Any]], peer: NodePeer | None
) -> dict[str, Way]:
    hashed = os.urandom(64)
    public, signature = KEY.public_key(), KEY.sign(hashed)
    ways = {
        "sign": per_item([functools.partial(_sign, document) for document in unsigned]),
        "verify": per_item([functools.partial(_verify, badge) for badge in signed]),
        "general": per_item([functools.partial(_hash_generally, badge) for badge in signed]),
        "raw sign": timed(lambda: KEY.sign(hashed), times=200),
        "raw verify": timed(lambda: public.verify(signature, hashed), times=200),
    }
    if peer:
        ways["node sign"] = lambda: peer.seconds("sign")
        ways["node verify"] = lambda: peer.seconds("verify")
    return ways


def _ways_of_a_cohort(unsigned: list[dict[str, Any]], stored: list[dict[str, Any]]) -> dict[str, Way]:
    """A group's badges: signed only, as the peer does, and all the way from what the database keeps."""

    def sign_all() -> None:
        repeats = Repeats()
        for document in unsigned:
            proof.sign(document, KEY, METHOD, MOMENT, repeats=repeats)

    def issue_all() -> None:
        cohort = Cohort(KEY, KEY.public_key())
        for award in stored:
            cohort.text(award, MOMENT)

    each = {"sign in bulk": sign_all, "issue in bulk": issue_all}
    return {name: _shared(timed(action), len(unsigned)) for name, action in each.items()}


def _shared(way: Way, number: int) -> Way:
    return lambda: way() / number


def _rows(seconds: dict[str, float], badge: dict[str, Any]) -> list[Row]:
    size = len(json.dumps(badge, ensure_ascii=False).encode()) / 1000
    targets = {
        "sign": ("≤ 1.1 ms and ≥ 25 × faster than Node", "≤ 22 × slower than raw"),
        "verify": ("≥ 25 × faster than Node", ""),
    }
    rows = []
    for verb, name in (("sign", "Sign"), ("verify", "Verify")):
        what = f"{name} a badge of {size:.1f} kB"
        ours, raw = seconds[verb], seconds[f"raw {verb}"]
        node = seconds.get(f"node {verb}")
        peer = f"@digitalbazaar/vc {milliseconds(node)}" if node else ABSENT
        ratio = compared(ours, node) if node else ""
        rows.append(Row(what, milliseconds(ours), peer, ratio, targets[verb][0]))
        rows.append(
            Row(
                what,
                milliseconds(ours),
                f"raw Ed25519 {milliseconds(raw)}",
                compared(ours, raw),
                targets[verb][1],
            )
        )
    rows.append(
        Row(
            f"Sign a badge of {size:.1f} kB",
            milliseconds(seconds["sign"]),
            f"hashing alone by the general path {milliseconds(seconds['general'])}",
            compared(seconds["sign"], seconds["general"]),
        )
    )
    node = seconds.get("node sign")
    peer = f"@digitalbazaar/vc {milliseconds(node)}" if node else ABSENT
    for name, what in (
        ("sign in bulk", f"Sign {COHORT} badges of one achievement"),
        ("issue in bulk", f"Issue {COHORT}: award, badge, proof, text, verified"),
    ):
        ours = f"{1 / seconds[name]:,.0f} a second"
        ratio = compared(seconds[name], node) if node else ""
        target = "≥ 2,000 a second" + (" and ≥ 50 × faster than Node" if name == "sign in bulk" else "")
        rows.append(Row(what, ours, peer, ratio, target))
    return rows
