"""Awards as odd as people make them: every alphabet, control characters, long texts, odd addresses."""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from badges.openbadges import did
from badges.openbadges.award import (
    AchievementDefinition,
    Alignment,
    Award,
    Criterion,
    EvidenceItem,
    Issuer,
    Judgement,
    KeyRef,
    Level,
    Recipient,
    Result,
    StatusEntry,
)
from badges.openbadges.vocabulary import ACHIEVEMENT_TYPES, TARGET_TYPES
from tests.openbadges.awards import KEY, LIST_URL, SITE

GENUINE = 200
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz ABC",
    "éèàçœßñøł’“”–… ",
    "αβγδε абвгд אבגד ابجد",
    "漢字仮名交じり文ひらがな",
    "🛡🔥👩‍💻🇧🇪e\u0301\u0327",
    "\u202e\u202d\u2066\u2069\u200b\u200d\ufeff\u00ad",
    "\x00\x01\x07\x08\x0b\x0c\x0e\x1f\x7f\x80\x85\x9f",
    "\t\n\r\u2028\u2029",
    "\"'\\/<>&]]>{}[]:,#%@$`|^~",
    "\uffff\ufffe\ufffd\U0010ffff\ud800\udfff",
    "<!--]]><![CDATA[ --> &amp; \\u0041 \\n",
)
ADDRESSES = (
    f"{SITE}/plain",
    f"{SITE}/é/漢字?q=ö&r=a b#früher",
    f"{SITE}/a%20b%2Fc%zz%",
    f"{SITE}/<script>\"'`{{}}|\\^",
    f"{SITE}:8443/x;y=1?a=1&b[]=2",
    "https://xn--valuation-93a.example/",
    "https://évaluation.example/\u202e",
    "https://[2001:db8::1]/x",
    "HTTPS://BADGES.EXAMPLE/X",
    "http://data.europa.eu/esco/skill/054f26ab",
    "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "urn:ietf:rfc:8032",
    "did:web:badges.example:issuers:lille",
    "mailto:badges@lille.example",
    "data:text/plain,hello",
)


class Chance(random.Random):
    """The parts of an award; the same seed gives the same ones."""

    def words(self, longest: int = 40) -> str:
        """Now and then nothing, now and then pages of it."""
        length = self.choice([0, 1, 3, longest // 2, longest, longest, 40 * longest])
        alphabets = self.choices(ALPHABETS, k=self.randint(1, 3))
        return "".join(self.choice(self.choice(alphabets)) for _ in range(length))

    def name(self) -> str:
        """Something that must say something."""
        return f"{self.words(20)}{self.choice('aé漢🛡')}{self.words(20)}"

    def address(self) -> str:
        return self.choice(ADDRESSES)

    def uuid(self) -> str:
        return str(uuid.UUID(int=self.getrandbits(128), version=4))

    def moment(self) -> datetime:
        return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(
            seconds=self.randrange(5 * 365 * 86_400), microseconds=self.randrange(1_000_000)
        )

    def maybe(self, value: Any) -> Any:
        return value if self.random() < 0.5 else None

    def several(self, make: Any, most: int) -> tuple[Any, ...]:
        return tuple(make() for _ in range(self.randint(0, most)))

    def criterion(self) -> Criterion:
        levels = tuple(
            Level(self.uuid(), self.words(), self.words(), self.words(4), position)
            for position in range(self.randint(1, 5))
        )
        required = self.choice([None, self.choice(levels).id])
        return Criterion(self.uuid(), self.words(6), self.words(), required, levels, self.random() * 5)

    def alignment(self) -> Alignment:
        kind = self.choice(["", *sorted(TARGET_TYPES), "ext:Own", self.words(8)])
        return Alignment(self.words(), self.address(), self.words(8), self.words(8), kind, self.words())

    def evidence(self) -> EvidenceItem:
        digest = self.choice(["", f"{self.getrandbits(256):064x}"])
        visibility = self.choice(["public", "summary", "private"])
        address = f"{SITE}/evidence/{self.uuid()}"
        texts = [self.words() for _ in range(4)]
        return EvidenceItem(self.uuid(), address, *texts, digest, self.getrandbits(40), visibility)

    def achievement(self, criteria: tuple[Criterion, ...]) -> AchievementDefinition:
        return AchievementDefinition(
            id=f"{SITE}/achievements/{self.uuid()}",
            name=self.name(),
            description=self.words(),
            criteria_narrative=self.words(),
            criteria_url=self.address(),
            image_url=self.address(),
            achievement_type=self.choice([*sorted(ACHIEVEMENT_TYPES), "", "ext:Own", self.words(8)]),
            tags=self.several(lambda: self.words(8), 4),
            alignments=self.several(self.alignment, 3),
            criteria=criteria,
            version=self.words(4),
            language=self.choice(["en", "fr", "nl", "fr-BE", "tlh"]),
        )

    def award(self, issuer: str, index: int) -> Award:
        criteria = self.several(self.criterion, 4)
        awarded, identifier = self.moment(), self.uuid()
        roles = self.several(
            lambda: self.choice(["assessor", "second_marker", "moderator", self.words(6)]), 3
        )
        return Award(
            credential_id=identifier,
            credential_url=f"{SITE}/badges/{identifier}",
            issuer=Issuer(
                issuer,
                self.words(),
                self.address(),
                self.maybe(self.words(10)),
                self.maybe(self.words()),
                self.maybe(self.address()),
            ),
            recipient=Recipient(
                f"{self.randrange(10**6)}@demo.example", self.uuid(), f"urn:uuid:{self.uuid()}"
            ),
            achievement=self.achievement(criteria),
            results=tuple(Result(one.id, self.choice(one.levels).id) for one in criteria),
            evidence=self.several(self.evidence, 4),
            judgement=Judgement(self.uuid(), self.moment(), roles, self.random() < 0.5, self.words(10)),
            awarded_at=awarded,
            key=KeyRef(did.verification_method(issuer, KEY.public_key())),
            valid_until=self.maybe(awarded + timedelta(days=36_500)),
            status=self.maybe(StatusEntry(LIST_URL, index, "revocation")),
        )


def genuine_awards(issuer: str, count: int, seed: int) -> Iterator[Award]:
    """So many awards, none of which has a place that another has."""
    for number in range(count):
        yield Chance(f"{seed} {number}").award(issuer, number)
