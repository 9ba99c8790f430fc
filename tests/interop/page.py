"""Writes docs/interop.md from the cases of the tests: `python -m tests.interop.page`."""

import json
from collections.abc import Iterable
from pathlib import Path

from tests.interop import cases, node, older_cases
from tests.openbadges import genuine, spoiling, test_canonical, test_jwk, test_jws, test_proof

PAGE = Path(__file__).parents[2] / "docs" / "interop.md"
PACKAGES = {"bazaar": "@digitalbazaar/vc", "dcc": "@digitalcredentials/verifier-core", "jose": "jose"}
# What signs there, where it is another package than the one that verifies.
SIGNERS = {"bazaar": "@digitalbazaar/vc", "dcc": "@digitalcredentials/vc"}
YES = "accepted"

TEXT = """\
# Who else verifies our badges

`python -m tests.interop.page` writes this page from the cases of the tests; a test fails when they differ.

## Independent verifiers

{versions}
run in Node, without network: they get only the documents that the product serves to anybody, the contexts and
the official schema. `make test` skips them where they are not installed (`cd tests/interop && npm ci`);
in the build their absence is a failure.

{verdicts}

"Revoked" means that the verifier read the signed status list and said so of this badge, and not of a sound
one. "Issued by the workbench" is a badge with public, summary and private evidence, taken all the way from
hand-in through decision and worker; the other badges are built and signed by `badges.openbadges` alone.
A thief's badge has the stolen key and a date before the theft. Nothing can be withdrawn from a did:key, so
there only our own checks refuse it, by their record; with did:web everybody does.

## The other way round

{foreign}

## Tampered copies

Of a signed badge {count} copies are made, each with one change, for {issuers}, of badges that
were only built and of those issued by the workbench. Our own checks and every verifier must refuse {refused}
of them:

{tamperings}

The other {spared} ({harmless}) are harmless: a context only says what words mean, so one more
changes no statement before one of its words is used, and what was signed still stands. Our own checks refuse
an inline context all the same.

## The JWT form

Every badge also exists as a JWT by ES256. {jose} gets nothing but the JWT and the JWKS that the product
serves to anybody, and finds the key by the `kid` of the header.

{jwts}

Of each JWT that the workbench issued {jwt_count} copies are made, each with one change; both refuse every
one, since the signature covers every byte. Those of jose are tampered with in the same ways, but for
{jwt_spared}:

{jwt_tamperings}

## Open Badges 2.0

Badges of an older kind are only verified here, never issued. These are of our own making, with the documents
that their issuer's website would serve; a signed one is checked with {older_algorithms}.

{older}

Of each {older_count} copies are made, each with one change:

{older_tamperings}

## Spoiled and odd badges

{spoiled}

## Material of the standards

{standards}
"""


def render() -> str:
    """The whole page, as the cases are now."""
    tamperings, harmless = cases.TAMPERINGS, cases.HARMLESS
    return TEXT.format(
        versions=_listed(f"{PACKAGES[name]} {_version(name)}" for name in cases.VERIFIERS),
        verdicts=_verdicts(),
        foreign=_foreign(),
        count=len(tamperings),
        refused=len(tamperings) - len(harmless),
        issuers=_listed(cases.ISSUERS),
        tamperings="\n".join(f"- {name}" for name in tamperings if name not in harmless),
        spared=len(harmless),
        harmless=_listed(name for name in tamperings if name in harmless),
        jose=f"{PACKAGES['jose']} {_version('jose')}",
        jwts=_jwts(),
        jwt_count=len(cases.JWT_TAMPERINGS),
        jwt_spared=_listed(name for name in cases.JWT_TAMPERINGS if name in cases.ONLY_OURS),
        jwt_tamperings="\n".join(f"- {name}" for name in cases.JWT_TAMPERINGS),
        standards=_standards(),
        older=_older(),
        older_algorithms=_listed(older_cases.ALGORITHMS),
        older_count=len(older_cases.TAMPERINGS),
        older_tamperings="\n".join(f"- {name}" for name in older_cases.TAMPERINGS),
        spoiled=_spoiled(),
    )


def _verdicts() -> str:
    verifiers = [PACKAGES[name] for name in cases.VERIFIERS]
    rows = [["badge", "issuer", *verifiers, "schema 1EdTech OB 3.0"]]
    for issuer in cases.ISSUERS:
        rows += [[form, issuer, *[YES] * len(verifiers), "valid"] for form in cases.FORMS]
        rows.append(["Revoked", issuer, *["revoked"] * len(verifiers), ""])
    for issuer in cases.SITES:
        rows.append(["Issued by the workbench", issuer, *[YES] * len(verifiers), "valid"])
        rows.append(["the same, revoked", issuer, *["revoked"] * len(verifiers), ""])
        rows.append(["the same, suspended", issuer, *["revoked"] * len(verifiers), ""])
        rows.append(["Issued under six keys, after five rotations", issuer, *[YES] * len(verifiers), ""])
        # A did:key is the key itself: nothing can be said of it to anybody.
        forged = YES if issuer == "did:key" else "refused"
        rows.append(["A thief's, once the key is reported", issuer, *[forged] * len(verifiers), ""])
        rows.append(["Signed again after that", issuer, *[YES] * len(verifiers), "valid"])
    return _table(rows)


def _foreign() -> str:
    changed = len(cases.TAMPERINGS) - len(cases.HARMLESS)
    rows = [["signed by", "issuer", "our checks", "tampered copies"]]
    for verifier in cases.VERIFIERS:
        signer = f"{SIGNERS[verifier]} {_version_of(SIGNERS[verifier])}"
        for issuer in cases.ISSUERS:
            rows.append([signer, issuer, YES, f"{changed} refused"])
        rows.append([f"{signer}, minimal badge of another issuer", "did:key", YES, "1 refused"])
    return _table(rows)


def _older() -> str:
    count = len(older_cases.TAMPERINGS)
    rows = [["badge", "our checks", "tampered copies"]]
    rows += [[form, YES, f"{count} refused"] for form in older_cases.FORMS]
    return _table([*rows, ["Open Badges 1.x", "refused by name", ""]])


def _spoiled() -> str:
    return _table(
        [
            ["badges", "how many", "our checks"],
            [
                "genuine ones of both versions and every form, spoiled: each word changed, removed or given "
                "a neighbour, signatures bit by bit, headers, keys, chunks, elements, status lists, moments",
                f"at least {spoiling.LEAST:,}",
                "none accepted",
            ],
            [
                "genuine ones, odd: every alphabet, control characters, pages of text, odd addresses, parts "
                "absent; each as JSON and JWT, bare and in both images",
                f"{genuine.GENUINE}, in 6 forms",
                "none refused",
            ],
        ]
    )


def _jwts() -> str:
    count = len(cases.JWT_TAMPERINGS)
    foreign = count - len(cases.ONLY_OURS)
    rows = [["badge", "signed by", "verified by", "issuer", "verdict", "tampered copies"]]
    for issuer in cases.SITES:
        rows.append(["Issued by the workbench", "ES256", "jose", issuer, YES, f"{count} refused"])
        rows.append(["the same, after the key was replaced", "ES256", "jose", issuer, YES, ""])
    for algorithm in cases.ALGORITHMS:
        rows.append(["Issued by jose", algorithm, "our checks", "did:jwk", YES, f"{foreign} refused"])
    return _table(rows)


def _standards() -> str:
    vector = test_proof.VECTOR["signed"]["proof"]["cryptosuite"]
    quads = test_canonical.TEST_075.count(" .\n")
    graphs = cases.AWKWARD_GRAPHS
    return _table(
        [
            ["material", "what is checked"],
            [
                f"W3C vector {vector}",
                "verified; hashes and signature reproduced; refused after each of "
                f"{len(test_proof.tampered_texts())} one-byte changes of its texts and 64 of its signature",
            ],
            [
                "W3C RDFC-1.0 test 075",
                f"its {quads} statements, renamed and shuffled, get the canonical text of the suite",
            ],
            [
                f"JOSE vectors {', '.join(test_jws.VECTORS)} (RFC 7515, RFC 8037)",
                "verified; refused after 64 one-bit changes of payload and of signature",
            ],
            [
                "did:key vectors of P-256",
                f"{len(test_jwk.DID_KEYS)} read and written, as multikey and as JWK",
            ],
            ["rdf-canonize", f"{graphs} awkward random graphs get the same canonical text"],
            [
                "1EdTech schema of OB 3.0",
                "every badge is valid, also with random texts",
            ],
        ]
    )


def _version(verifier: str) -> str:
    return _version_of(PACKAGES[verifier])


def _version_of(package: str) -> str:
    dependencies: dict[str, str] = json.loads((node.HERE / "package.json").read_text())["dependencies"]
    return dependencies[package]


def _table(rows: list[list[str]]) -> str:
    head, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *body])


def _listed(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
