"""The JSON-LD contexts that come with the product, which are the only ones it ever reads."""

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

CREDENTIALS = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
OPEN_BADGES_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"
JSON_WEB_KEY = "https://w3id.org/security/jwk/v1"  # named in DID documents, never read
DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"
STATUS_LIST = "https://www.w3.org/ns/credentials/status/v1"

ISSUED_WITH = (CREDENTIALS, OPEN_BADGES)
OPEN_BADGES_VERSIONS = (
    OPEN_BADGES,
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
)


class UnknownContext(ValueError):
    """A document names a context that is not bundled; nothing is ever fetched to make up for it."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url[:200]} is not a bundled context")
        self.url = url


@dataclass(frozen=True)
class Bundled:
    """One context file and the digest its content must have."""

    file: str
    sha256: str


# Sources: the W3C and 1EdTech publications, as these npm packages ship them: credentials-context 3.2.0,
# open-badges-context 3.0.0 (3.0 to 3.0.2; 3.0.3 is that of the 1EdTech validator), did-context 3.1.1,
# multikey-context 2.0.1, data-integrity-context 2.0.1, vc-bitstring-status-list-context 1.1.0.
BUNDLED: Mapping[str, Bundled] = {
    CREDENTIALS: Bundled(
        "credentials-v2.json", "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
    ),
    CREDENTIALS_V1: Bundled(
        "credentials-v1.json", "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8"
    ),
    OPEN_BADGES_VERSIONS[0]: Bundled(
        "ob-v3p0-3.0.3.json", "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"
    ),
    OPEN_BADGES_VERSIONS[1]: Bundled(
        "ob-v3p0-3.0.2.json", "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53"
    ),
    OPEN_BADGES_VERSIONS[2]: Bundled(
        "ob-v3p0-3.0.1.json", "af095468326d3449160509b26ca71576e6321d13c85b0369cfe3b654c9a48fba"
    ),
    OPEN_BADGES_VERSIONS[3]: Bundled(
        "ob-v3p0-3.0.json", "9f1c8f9f361ba2994b9b50701f41149919542c50c7b7455b2846d87959295d72"
    ),
    OPEN_BADGES_EXTENSIONS: Bundled(
        "ob-v3p0-extensions.json", "146f85aa16effd7ca1da8056eb443f53ce1eca8a34186cb062832c0a97d889c3"
    ),
    DID: Bundled("did-v1.json", "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f"),
    MULTIKEY: Bundled("multikey-v1.json", "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6"),
    DATA_INTEGRITY: Bundled(
        "data-integrity-v2.json", "0f77743daf5b4e8fc067fc5ba5b21044283053aa717fc6b0219843bed3b00363"
    ),
    STATUS_LIST: Bundled(
        "bitstring-status-list-v1.json", "fd08cbf28ddd829ab2f1978c48f43ab07a112c1c90245a0cfac7ba721c65170c"
    ),
}


def read_bytes(url: str) -> bytes:
    """The bundled file behind `url`; raises `UnknownContext`."""
    if url not in BUNDLED:
        raise UnknownContext(url)
    return files(__package__).joinpath("contexts", BUNDLED[url].file).read_bytes()


@cache
def _document(url: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(read_bytes(url))
    return document


def load(url: str, options: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A document loader for pyld: answers bundled contexts and raises `UnknownContext` for everything else.

    The tag lets pyld share what it derives from a context between calls; it writes into what it is given,
    hence the copy.
    """
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": copy.deepcopy(_document(url)),
        "tag": "static",
    }
