"""What the credential says, and what it never says."""

import dataclasses
import json

import jsonschema
import pytest

from badges.openbadges import credential, identity
from badges.openbadges.award import Alignment, Issuer, Recipient, Result
from tests.openbadges.awards import (
    DID_WEB,
    MOMENT,
    SITE,
    make_achievement,
    make_award,
    make_evidence,
    open_badges_schema,
    sign,
    signed_badge,
)

SCHEMA = jsonschema.Draft201909Validator(open_badges_schema())


def every_value(document):
    if isinstance(document, dict):
        for value in document.values():
            yield from every_value(value)
    elif isinstance(document, list):
        yield document
        for value in document:
            yield from every_value(value)
    yield document


@pytest.mark.parametrize(
    "changes", [{}, {"status": None}, {"evidence": (), "results": ()}, {"valid_until": MOMENT}]
)
def test_a_signed_badge_follows_the_official_schema(changes):
    assert [error.message for error in SCHEMA.iter_errors(signed_badge(**changes))] == []


def test_the_schema_notices_a_badge_without_issuer():
    badge = signed_badge()
    del badge["issuer"]
    assert list(SCHEMA.iter_errors(badge))


def test_nothing_is_null_or_empty():
    award = make_award(evidence=(), results=(), status=None)
    bare = dataclasses.replace(
        award.achievement, tags=(" ",), alignments=(), criteria=(), version="", image_url=""
    )
    built = credential.build(dataclasses.replace(award, achievement=bare))
    assert all(value not in (None, [], {}, "") for value in every_value(built))
    assert {"evidence", "credentialStatus", "validUntil"}.isdisjoint(built)


def test_adas_address_is_only_there_as_a_salted_hash():
    text = json.dumps(credential.build(make_award()))
    assert "ada@demo.example" not in text.lower()
    subject = credential.build(make_award())["credentialSubject"]
    assert identity.matches(subject["identifier"][0], "ada@demo.example")
    assert subject["id"] == "urn:uuid:22222222-2222-4222-8222-222222222222"


def test_private_evidence_stays_out_and_a_summary_says_so():
    evidence = credential.build(make_award())["evidence"]
    assert [item["id"] for item in evidence] == [f"{SITE}/evidence/rules", f"{SITE}/evidence/capture"]
    assert "2048 bytes" in evidence[0]["description"]
    assert "ab" * 32 in evidence[0]["description"]
    assert "not published" in evidence[1]["description"]
    assert "not published" not in evidence[0]["description"]


def test_evidence_of_an_unknown_visibility_stays_out():
    award = make_award(evidence=(make_evidence("odd", "everyone"),))
    assert "evidence" not in credential.build(award)


def test_a_link_without_digest_claims_none():
    evidence = credential.build(make_award(evidence=(make_evidence("link", sha256=""),)))["evidence"]
    assert evidence[0]["description"] == "Exported with nft list ruleset."


def test_each_result_names_a_level_of_its_criterion():
    subject = credential.build(make_award())["credentialSubject"]
    descriptions = {item["id"]: item for item in subject["achievement"]["resultDescription"]}
    assert len(subject["result"]) == len(descriptions) == 3
    for result in subject["result"]:
        levels = [level["id"] for level in descriptions[result["resultDescription"]]["rubricCriterionLevel"]]
        assert result["achievedLevel"] in levels
        assert descriptions[result["resultDescription"]]["requiredLevel"] in levels
    assert f"{SITE}/achievements/firewall#criterion-c0" in descriptions
    assert subject["result"][0]["achievedLevel"] == f"{SITE}/achievements/firewall#level-c0l3"


def test_levels_are_listed_from_the_lowest_up():
    achievement = make_achievement()
    turned = dataclasses.replace(achievement.criteria[0], levels=achievement.criteria[0].levels[::-1])
    award = make_award(
        achievement=dataclasses.replace(achievement, criteria=(turned, *achievement.criteria[1:]))
    )
    levels = credential.build(award)["credentialSubject"]["achievement"]["resultDescription"][0]
    assert [level["level"] for level in levels["rubricCriterionLevel"]] == ["0", "1", "2", "3"]


@pytest.mark.parametrize("result", [Result("c0", "c1l3"), Result("c9", "c0l3"), Result("c0", "")])
def test_a_result_outside_the_rubric_is_refused(result):
    with pytest.raises(credential.CannotBuild, match="does not have"):
        credential.build(make_award(results=(result,)))


def test_a_required_level_outside_the_criterion_is_refused():
    achievement = make_achievement()
    odd = dataclasses.replace(achievement.criteria[0], required_level="elsewhere")
    with pytest.raises(credential.CannotBuild, match="required level"):
        credential.build(
            make_award(achievement=dataclasses.replace(achievement, criteria=(odd,)), results=())
        )


@pytest.mark.parametrize(
    ("language", "moderated", "words"),
    [
        ("en", False, ("Judged on 2026-03-02 by: assessor, moderator.", "not selected for moderation")),
        ("fr-BE", True, ("Évalué le 2026-03-02 par : évaluateur, modérateur.", "a été modérée")),
        ("nl", True, ("Beoordeeld op 2026-03-02 door: beoordelaar, moderator.", "gemodereerd")),
        ("de", False, ("Judged on 2026-03-02 by: assessor, moderator.",)),
    ],
)
def test_the_badge_tells_who_judged_in_which_role_over_which_manifest(language, moderated, words):
    award = make_award()
    judgement = dataclasses.replace(award.judgement, roles=("assessor", "moderator"), moderated=moderated)
    achievement = dataclasses.replace(award.achievement, language=language)
    built = credential.build(dataclasses.replace(award, judgement=judgement, achievement=achievement))
    narrative = built["credentialSubject"]["narrative"]
    for expected in (*words, "cd" * 32, "urn:uuid:33333333-3333-4333-8333-333333333333"):
        assert expected in narrative


def test_control_characters_leave_every_text():
    award = make_award(issuer=Issuer(DID_WEB, "Li\x00l\x1ble\x7f \ud800", f"{SITE}/issuers/lille"))
    assert credential.build(award)["issuer"]["name"] == "Lille "
    achievement = dataclasses.replace(award.achievement, description="a\tb\r\nc\x08d")
    built = credential.build(dataclasses.replace(award, achievement=achievement))
    assert built["description"] == "a\tb\r\ncd"


@pytest.mark.parametrize(
    ("given", "built"),
    [
        ("https://a.example/x y", "https://a.example/x%20y"),
        (" https://a.example/<b>?q={c} ", "https://a.example/%3Cb%3E?q=%7Bc%7D"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/%41é", "https://a.example/%41é"),
        ("https://a.example/a\u00a0b\u3000c\ufeffd", "https://a.example/a%C2%A0b%E3%80%80c%EF%BB%BFd"),
        ("did:web:a.example%3A8443", "did:web:a.example%3A8443"),
        ("data:image/png;base64,AA==", "data:image/png;base64,AA=="),
    ],
)
def test_addresses_are_percent_encoded(given, built):
    assert credential.iri(given) == built


@pytest.mark.parametrize(
    "given", ["", "/evidence/1", "evidence", "https://", "javascript:alert(1)", "//a.example/x"]
)
def test_an_address_that_is_not_absolute_is_refused(given):
    with pytest.raises(credential.CannotBuild):
        credential.iri(given)


@pytest.mark.parametrize(
    ("kind", "built"),
    [
        ("MicroCredential", "MicroCredential"),
        ("Firewall badge!", "ext:Firewall-badge"),
        ("ext:Own", "ext:Own"),
    ],
)
def test_other_achievement_types_become_extensions(kind, built):
    achievement = dataclasses.replace(make_achievement(), achievement_type=kind)
    badge = sign(make_award(achievement=achievement))
    assert badge["credentialSubject"]["achievement"]["achievementType"] == built
    assert not list(SCHEMA.iter_errors(badge))


def test_an_alignment_keeps_what_is_known_of_it():
    built = credential.build(make_award())["credentialSubject"]["achievement"]["alignment"]
    assert built[0] == {
        "type": ["Alignment"],
        "targetName": "define firewall rules",
        "targetUrl": "http://data.europa.eu/esco/skill/054f26ab-cfdc-4077-883c-1c4c9e9b310a",
        "targetFramework": "ESCO",
        "targetType": "ceasn:Competency",
    }
    assert built[1]["targetType"] == "ext:task"


def test_an_alignment_without_address_is_refused():
    achievement = dataclasses.replace(make_achievement(), alignments=(Alignment("No address", ""),))
    with pytest.raises(credential.CannotBuild):
        credential.build(make_award(achievement=achievement))


def test_the_status_entry_is_a_place_in_the_list():
    assert credential.build(make_award())["credentialStatus"] == {
        "id": f"{SITE}/status/7#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": f"{SITE}/status/7",
    }


def test_a_recipient_without_address_form_still_gets_a_hash():
    award = make_award(recipient=Recipient("", "s", "urn:uuid:22222222-2222-4222-8222-222222222222"))
    hashed = credential.build(award)["credentialSubject"]["identifier"][0]["identityHash"]
    assert hashed == identity.hash_identifier("", "s")


def test_the_same_award_always_gives_the_same_badge():
    assert signed_badge() == signed_badge()
