"""Keys are replaced without harm to what older keys signed."""

import json

import pytest
from django.core.management import CommandError, call_command

from badges.models import Credential, SigningKey, StatusList
from badges.openbadges import jwk, keys, p256
from badges.publishing import did_document
from badges.revoking import revoke
from badges.rotating import active_key, rotate_key
from badges.signing import private_half
from badges.verifying import verify
from tests import factories
from workbench import jobs
from workbench.access import Forbidden
from workbench.models import Event


@pytest.fixture(params=["http://testserver", "https://badges.example.org"], ids=["did:key", "did:web"])
def base(request, settings) -> str:
    settings.BASE_URL = request.param
    settings.HTTPS = request.param.startswith("https")
    return request.param


def earn(programme, bo) -> Credential:
    learner = factories.make_user(f"Learner{next(factories.numbers)} X")
    factories.enrol(programme, learner)
    factories.make_decision(factories.make_submission(learner, programme), bo)
    jobs.run_due()
    return Credential.objects.get(learner=learner)


def test_after_five_rotations_every_earlier_badge_verifies(base, programme, bo, mo, organisation):
    badges = [earn(programme, bo)]
    for _number in range(5):
        rotate_key(organisation, by=None)
        badges.append(earn(programme, bo))
    assert len({badge.signing_key_id for badge in badges}) == 6
    for badge in badges:
        assert verify(badge.signed.encode()).verified
    revoke(badges[0], reason="Copied.", by=mo)
    assert [verify(badge.signed.encode()).verified for badge in badges] == [False] + [True] * 5


def test_each_status_list_has_the_issuer_of_its_badges(base, programme, bo, organisation):
    badges = [earn(programme, bo)]
    rotate_key(organisation, by=None)
    badges.append(earn(programme, bo))
    for badge in badges:
        listing = json.loads(badge.status_list.signed)
        assert listing["issuer"] == json.loads(badge.signed)["issuer"]["id"]
        assert listing["proof"][0]["verificationMethod"].startswith(listing["issuer"] + "#")
    expected = 1 if base.startswith("https") else 2
    assert StatusList.objects.count() == expected


def multibase_of(method) -> str:
    if method["type"] == "JsonWebKey":
        return p256.encode_public(jwk.decode(method["publicKeyJwk"]))
    return method["publicKeyMultibase"]


def test_the_did_document_holds_every_key_ever_used(base, programme, bo, organisation, client):
    for _number in range(3):
        rotate_key(organisation, by=None)
    document = did_document(organisation)
    held = {multibase_of(method) for method in document["verificationMethod"]}
    assert held == set(SigningKey.objects.values_list("public_multibase", flat=True))
    assert len(held) == len(document["assertionMethod"]) == 6
    assert all(isinstance(method, str) for method in document["assertionMethod"])


def test_only_one_key_is_active_and_the_sealed_half_opens_only_in_its_row(organisation):
    first, second = rotate_key(organisation, by=None), rotate_key(organisation, by=None)
    assert active_key(organisation) == second
    first.refresh_from_db()
    assert first.state == "retired" and first.retired_at
    assert private_half(second).public_key() == keys.decode_public(second.public_multibase)
    second.sealed = first.sealed
    with pytest.raises(keys.SealError):
        private_half(second)


def test_root_rotates_on_the_page_after_a_question(root, organisation, client):
    client.force_login(root)
    assert client.get("/issuers/lille/keys/").status_code == 200
    assert client.get("/issuers/lille/keys/rotate/").status_code == 200
    assert not SigningKey.objects.exists()
    assert client.post("/issuers/lille/keys/rotate/").headers["Location"] == "/issuers/lille/keys/"
    key, jwt_key = SigningKey.objects.of("Ed25519").get(), SigningKey.objects.of("P-256").get()
    page = client.get("/issuers/lille/keys/").content.decode()
    assert key.public_multibase in page and jwt_key.public_multibase in page
    assert keys.encode_private(private_half(key)) not in page
    assert Event.objects.get(verb="key-rotated").actor == root


@pytest.mark.parametrize("person", ["ada", "bo", "cy", "mo", "dee"])
def test_nobody_else_sees_or_rotates_keys(person, request, organisation, client):
    user = request.getfixturevalue(person)
    with pytest.raises(Forbidden):
        rotate_key(organisation, by=user)
    client.force_login(user)
    assert client.get("/issuers/lille/keys/").status_code == 403
    assert client.post("/issuers/lille/keys/rotate/").status_code == 403
    assert not SigningKey.objects.exists()


def test_the_command_rotates(organisation, capsys):
    call_command("rotate_key", "lille")
    assert SigningKey.objects.of("Ed25519").get().public_multibase in capsys.readouterr().out
    with pytest.raises(CommandError, match="no issuer"):
        call_command("rotate_key", "nowhere")
