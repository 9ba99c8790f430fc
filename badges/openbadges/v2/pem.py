"""Public keys as PEM, as issuers of Open Badges 2.0 publish them (§4.7, CryptographicKey)."""

import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from badges.openbadges.jwk import RSA_BITS, RSA_EXPONENTS
from badges.openbadges.keys import BadKey

MAX_CHARACTERS = 8 * 1024
ONE_KEY = re.compile(
    r"\s*-----BEGIN (RSA )?PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END (RSA )?PUBLIC KEY-----\s*\Z"
)


def decode(pem: object) -> RSAPublicKey | EllipticCurvePublicKey:
    """The one RSA or P-256 key in a PEM text; raises `BadKey`, also for a weak one."""
    if not isinstance(pem, str) or len(pem) > MAX_CHARACTERS or not ONE_KEY.match(pem):
        raise BadKey("not one public key in PEM")
    try:
        key = load_pem_public_key(pem.strip().encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKey("the PEM holds no key that can be read") from error
    if isinstance(key, RSAPublicKey):
        numbers = key.public_numbers()
        sound = numbers.n.bit_length() in RSA_BITS and numbers.e in RSA_EXPONENTS
        if not sound or numbers.e % 2 == 0 or numbers.n % 2 == 0:
            raise BadKey("the numbers of the RSA key are not those of a sound key")
        return key
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    raise BadKey("the key is of a kind that is not used here")
