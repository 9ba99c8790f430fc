"""Makes the badges of one run, doing once what badges of one achievement have in common."""

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from badges.openbadges import parsing, proof
from badges.openbadges.award import AchievementDefinition, Award
from badges.openbadges.credential import build
from badges.openbadges.expansion import Repeats
from badges.openbadges.keys import SignsEmbedded
from badges.openbadges.vc_jwt import JwtSigner

# One badge in so many is hashed by the general path too, and so is the first of each run.
CROSS_CHECKED = 250


class Cohort:
    """Signs with one key. Each badge is the one that it would be alone, and is checked before it is returned.

    An achievement is read and built once as long as it stays the same from award to award, and its
    statements are made once (see `expansion.repeats`). `published` is the public half as others find it.
    """

    def __init__(self, private: SignsEmbedded, published: Ed25519PublicKey) -> None:
        self.private = private
        self.published = published
        self.repeats = Repeats()
        self.made = 0
        self.read: tuple[dict[str, Any], AchievementDefinition] | None = None
        self.built: tuple[AchievementDefinition, dict[str, Any]] | None = None

    def text(self, award_json: dict[str, Any], created: datetime) -> str:
        """The badge of an award as it is served for ever, verified by the path that the public takes.

        Raises `BadAward`, `CannotBuild`, `CannotSign`, `ProofInvalid` or `PathsDiffer`.
        """
        award = self._award(award_json)
        document = self._document(award)
        method = award.key.verification_method
        signed = proof.sign(document, self.private, method, created, repeats=self.repeats)
        text = parsing.serialise(signed)
        read = parsing.parse(text)
        proof.verify_proof(read, read["proof"][0], self.published, repeats=self.repeats)
        if self.made % CROSS_CHECKED == 0:
            proof.cross_check(read, read["proof"][0], self.repeats)
        self.made += 1
        return text

    def jwt(self, award_json: dict[str, Any], signer: JwtSigner) -> str:
        """The same badge in JWT form, each time with another signature, verified in the same way.

        Raises `BadAward`, `CannotBuild`, `CannotSign` or `ProofInvalid`.
        """
        return signer.text(self._document(self._award(award_json)))

    def _award(self, award_json: dict[str, Any]) -> Award:
        if self.read is not None and award_json.get("achievement") == self.read[0]:
            return Award.from_json({**award_json, "achievement": self.read[1]})
        award = Award.from_json(award_json)
        self.read = award_json["achievement"], award.achievement
        return award

    def _document(self, award: Award) -> dict[str, Any]:
        definition, known = self.built or (None, None)
        document = build(award, known if definition is award.achievement else None)
        self.built = award.achievement, document["credentialSubject"]["achievement"]
        return document
