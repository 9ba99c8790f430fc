"""Open Badges 2.0 of our own making, in every form in which people hand them on, and ways to tamper."""

import json
from typing import Any

from badges.openbadges import base64url, parsing
from tests.openbadges import older
from tests.openbadges.older import SITE
from tests.openbadges.test_round_trip import IMAGE_PNG, IMAGE_SVG

HOSTED = json.dumps(older.assertion())
FORMS: dict[str, Any] = {
    "hosted, JSON": lambda text: text.encode(),
    "hosted, PNG (iTXt)": lambda text: older.baked_png(IMAGE_PNG, text),
    "hosted, PNG (tEXt)": lambda text: older.baked_png(IMAGE_PNG, text, kind=b"tEXt"),
    "hosted, SVG": lambda text: older.baked_svg(IMAGE_SVG, text, verify=older.ASSERTION),
    "signed, JWS": lambda text: text.encode(),
    "signed, PNG": lambda text: older.baked_png(IMAGE_PNG, text),
    "signed, SVG": lambda text: older.baked_svg(IMAGE_SVG, verify=text),
}
ALGORITHMS = {"ES256": older.EC_KEY, "RS256": older.rsa_key()}
TAMPERINGS: dict[str, dict[str, Any]] = {
    "recipient": {"recipient": {"type": "email", "hashed": False, "identity": "dee@demo.example"}},
    "salt": {"recipient": older.assertion()["recipient"] | {"salt": "pepper"}},
    "badge": {"badge": f"{SITE}/badges/wizardry"},
    "badge of another website": {"badge": "https://evil.example/badge"},
    "earlier": {"issuedOn": "2020-05-01T09:00:00Z"},
    "prolonged": {"expires": "2099-05-01T09:00:00Z"},
    "evidence": {"evidence": "https://evil.example/mine"},
    "narrative": {"narrative": "Is a genius."},
    "image": {"image": "https://evil.example/i.png"},
    "a word more": {"grade": "summa cum laude"},
    "another context": {"@context": "https://evil.example/v2"},
    "another type": {"type": "Endorsement"},
    "another id": {"id": "https://evil.example/assertions/1"},
    "no verification": {"verification": {}},
    "verified in another way": {"verification": {"type": "none"}},
}


def tampered(text: str, changes: dict[str, Any]) -> str:
    """The same badge in other words: a signed one keeps the signature that it had."""
    if text.startswith("{"):
        return json.dumps(json.loads(text) | changes)
    head, payload, signature = text.split(".")
    changed = parsing.parse(base64url.decode(payload)) | changes
    return f"{head}.{base64url.encode(parsing.serialise(changed).encode())}.{signature}"
