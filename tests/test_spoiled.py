"""Of thousands of spoiled badges none is accepted, of hundreds of odd genuine ones none is refused."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from badges.looking_up import Lookup
from badges.openbadges import checks, credential, jwt_checks, parsing, vc_jwt
from badges.openbadges.design import design
from badges.openbadges.images import draw_png, draw_svg
from badges.openbadges.v2 import checks as v2_checks
from badges.opening import Older, Unreadable, opened
from tests.openbadges import jwts, older
from tests.openbadges import spoiling as spoil
from tests.openbadges.awards import DID_KEY, DID_WEB, MOMENT, resolve, sign, signed_badge
from tests.openbadges.genuine import GENUINE, genuine_awards
from workbench.errors import DomainError

PNG = draw_png(design("Firewall", "Lille", seed="1"), 48)
SVG = draw_svg(design("Firewall", "Lille", seed="1"))
LIST = spoil.listing()
LIST_OF_DID_WEB = spoil.listing(issuer=DID_WEB)
UNTIL = MOMENT + timedelta(days=60)


def accepted(data: bytes, listing: dict[str, Any] | None = LIST, now: datetime = spoil.LATER) -> bool:
    """Whether every check of what is in a file passes, beside a status list, at a moment."""
    try:
        badge = opened(data, Lookup(own=False)).badge
    except (Unreadable, DomainError):
        return False
    if isinstance(badge, Older):
        website = older.fetch_from(older.website())
        return _all(v2_checks.run(badge.document, badge.signature, fetch=website, now=now).checks)
    if isinstance(badge, vc_jwt.SignedJwt):
        means = {"resolve": jwts.resolve, "now": now, "fetch_list": lambda url: LIST_OF_DID_WEB}
        return _all(jwt_checks.run(badge, **means))
    return _all(checks.run(badge, resolve=resolve, now=now, fetch_list=lambda url: listing))


def _all(found: Any) -> bool:
    return all(check.passed for check in found)


def text_of(document: dict[str, Any]) -> bytes:
    return parsing.serialise(document).encode()


def genuine() -> dict[str, bytes]:
    badge = signed_badge(valid_until=UNTIL)
    jwt = jwts.signed_jwt(valid_until=UNTIL)
    text = parsing.serialise(badge)
    return {
        "json": text.encode(),
        "jwt": jwt.encode(),
        "png": spoil.baking.bake_png(PNG, text),
        "svg": spoil.baking.bake_svg(SVG, text),
        "png of a jwt": spoil.baking.bake_png(PNG, jwt),
        "svg of a jwt": spoil.baking.bake_svg(SVG, jwt),
        "hosted": text_of(older.assertion()),
        "signed": older.signed().encode(),
    }


def spoiled() -> Iterator[tuple[str, str, bytes]]:
    """The family, the name and the bytes of each spoiled copy, the same in every run."""
    badge, jwt = signed_badge(valid_until=UNTIL), jwts.signed_jwt(valid_until=UNTIL)
    text = parsing.serialise(badge)
    for name, document in spoil.spoiled_words(badge, 1, changes=6):
        yield "words", name, text_of(document)
    for name, document in spoil.spoiled_proofs(badge):
        yield "proofs", name, text_of(document)
    for family, found in (
        ("jwt", spoil.spoiled_jwts(jwt, 2)),
        ("png", spoil.spoiled_pngs(PNG, text, 3, 200)),
        ("png of a jwt", spoil.spoiled_pngs(PNG, jwt, 4, 60)),
        ("svg", spoil.spoiled_svgs(SVG, text, 5, 200)),
        ("svg of a jwt", spoil.spoiled_svgs(SVG, jwt, 6, 60)),
        ("hosted", spoil.spoiled_hosted(older.assertion(), 7)),
        ("signed", spoil.spoiled_jws(older.signed(), 8, older.OTHER_EC_KEY)),
    ):
        yield from ((family, name, data) for name, data in found)


def test_the_badges_to_be_spoiled_are_accepted():
    assert {name: accepted(data) for name, data in genuine().items()} == dict.fromkeys(genuine(), True)


def test_of_thousands_of_spoiled_badges_none_is_accepted():
    tried, wrong, seen = Counter[str](), list[str](), set[bytes]()
    whole = genuine()
    for family, name, data in spoiled():
        assert data not in whole.values(), name
        if data not in seen:
            seen.add(data)
            tried[family] += 1
            wrong += [f"{family}: {name}"] if accepted(data) else []
    badge = text_of(signed_badge(valid_until=UNTIL))
    for name, listing, now in spoil.spoiled_lists():
        tried["status"] += 1
        wrong += [f"status: {name}"] if accepted(badge, listing, now) else []
    for moment in spoil.other_times():
        for form in ("json", "jwt"):
            tried["dates"] += 1
            wrong += [f"{form} at {moment}"] if accepted(whole[form], LIST, moment) else []
    assert wrong == []
    assert min(tried.values()) >= 80, tried
    assert tried.total() >= spoil.LEAST, tried


def test_of_hundreds_of_odd_genuine_badges_none_is_refused():
    """Both signatures, bare and baked in both images, read back byte for byte and accepted each time."""
    tried = Counter[str]()
    by_both = zip(genuine_awards(DID_KEY, GENUINE, 1), genuine_awards(DID_WEB, GENUINE, 1), strict=True)
    for number, (award, award_of_did_web) in enumerate(by_both):
        text = parsing.serialise(sign(award))
        jwt = jwts.JwtSigner(jwts.JWT_KEY, jwts.record()).text(credential.build(award_of_did_web))
        for form, data in {
            "json": text.encode(),
            "png": spoil.baking.bake_png(PNG, text),
            "svg": spoil.baking.bake_svg(SVG, text),
            "jwt": jwt.encode(),
            "png of a jwt": spoil.baking.bake_png(PNG, jwt),
            "svg of a jwt": spoil.baking.bake_svg(SVG, jwt),
        }.items():
            tried[form] += accepted(data)
            assert tried[form] == number + 1, (form, award)
        assert parsing.parse(text)["name"] == credential.text(award.achievement.name)
    assert set(tried.values()) == {GENUINE} and len(tried) == 6
