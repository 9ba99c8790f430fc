"""Known partners: an administrator lists them, everybody reads it, and no list makes a forgery genuine."""

import json

import pytest
from django.urls import reverse

from badges.looking_up import Lookup
from badges.models import TrustedIssuer
from badges.openbadges import proof
from badges.verifying import verify
from badges.vouching import stop_vouching, vouch_for
from tests import factories
from tests.openbadges import older
from tests.openbadges.awards import DID_KEY, DID_WEB, MOMENT, OTHER_KEY, did, signed_badge
from tests.test_verifying_elsewhere import mons, online, ours
from workbench.access import Forbidden
from workbench.errors import DomainError
from workbench.models import Event

pytestmark = pytest.mark.django_db
BADGE = json.dumps(signed_badge(status=None))


@pytest.fixture
def root(organisation):
    root = factories.make_user("Root Lambrecht")
    factories.grant(root, "administrator", organisation)
    return root


@pytest.fixture
def partners(organisation):
    return reverse("partners", args=[organisation.slug])


def test_a_badge_of_a_partner_is_genuine_and_says_who_vouches(organisation, root):
    before = verify(BADGE)
    assert before.verified and before.trust.kind == "unknown" and not before.issuer_known
    vouch_for(organisation, identifier=DID_KEY, name="Lille elsewhere", by=root)
    verification = verify(BADGE)
    assert verification.verified and verification.trust.kind == "partner" and verification.issuer_known
    assert verification.trust.listed_by == (organisation.name,)
    assert organisation.name in verification.trust.text and "Lille elsewhere" in verification.trust.text
    assert {check.name: check.code for check in verification.checks}["issuer"] == "issuer-partner"
    assert verification.to_json()["issuer"]["trust"] == "partner"


def test_every_organisation_that_vouches_is_named(organisation, root):
    mons_too = factories.make_organisation("mons", name="Université de Mons")
    administrator = factories.make_user("Zoe Renard")
    factories.grant(administrator, "administrator", mons_too)
    vouch_for(organisation, identifier=DID_KEY, name="Lille", by=root)
    vouch_for(mons_too, identifier=DID_KEY, name="Lille", by=administrator)
    assert set(verify(BADGE).trust.listed_by) == {organisation.name, mons_too.name}


def test_partners_by_did_web_and_by_an_address_of_version_2_are_known(organisation, root):
    vouch_for(organisation, identifier=DID_WEB, name="Lille", by=root)
    vouch_for(organisation, identifier=older.ISSUER, name="Mons", by=root)
    assert verify(json.dumps(signed_badge(DID_WEB)), lookup=online(ours())).trust.kind == "partner"
    assert verify(json.dumps(older.assertion()), lookup=online(mons())).trust.kind == "partner"


def test_a_forgery_in_a_partners_name_is_of_nobody(organisation, root):
    vouch_for(organisation, identifier=DID_KEY, name="Lille", by=root)
    changed = verify(BADGE.replace("Firewall management", "Nuclear physics"))
    assert not changed.verified and changed.trust.kind == "unproven"
    unsigned = {name: value for name, value in json.loads(BADGE).items() if name != "proof"}
    method = did.verification_method(did.key_did(OTHER_KEY.public_key()), OTHER_KEY.public_key())
    forged = verify(json.dumps(proof.sign(unsigned, OTHER_KEY, method, MOMENT)))
    assert not forged.verified and forged.trust.kind == "unproven"


def test_an_expired_badge_of_a_partner_stays_expired(organisation, root):
    vouch_for(organisation, identifier=DID_KEY, name="Lille", by=root)
    verification = verify(json.dumps(signed_badge(status=None, valid_until=MOMENT)))
    assert not verification.verified and verification.trust.kind == "partner"


def test_without_the_database_nobody_is_a_partner(organisation, root):
    vouch_for(organisation, identifier=DID_KEY, name="Lille", by=root)
    assert verify(BADGE, lookup=Lookup(own=False)).trust.kind == "unknown"


# --- The list -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "Lille",
        "did:ethr:0x1",
        "did:web:a b",
        "did:web:a#key",
        "http://lille.example/issuer",
        "https://ada@lille.example/",
        "https://",
        "did:key:" + "z" * 600,
    ],
)
def test_what_no_badge_can_name_is_refused(organisation, root, identifier):
    with pytest.raises(DomainError) as refused:
        vouch_for(organisation, identifier=identifier, name="x", by=root)
    assert refused.value.code == "bad-identifier"


def test_an_issuer_of_ours_needs_nobody_to_vouch(organisation, root, settings):
    settings.BASE_URL, settings.HTTPS = "https://badges.example.org", True
    for identifier in (
        "did:web:badges.example.org:issuers:lille",
        "https://badges.example.org/issuers/lille",
    ):
        with pytest.raises(DomainError) as refused:
            vouch_for(organisation, identifier=identifier, name="x", by=root)
        assert refused.value.code == "own-issuer"


def test_nobody_is_listed_twice_and_everything_is_in_the_trail(organisation, root):
    vouched = vouch_for(organisation, identifier=f" {DID_KEY} ", name="Lille", by=root)
    with pytest.raises(DomainError) as refused:
        vouch_for(organisation, identifier=DID_KEY, name="Again", by=root)
    assert refused.value.code == "already-trusted"
    stop_vouching(vouched, by=root)
    assert not TrustedIssuer.objects.exists()
    told = Event.objects.filter(verb__startswith="issuer-").order_by("sequence").values_list("verb", "data")
    assert list(told) == [
        ("issuer-trusted", {"identifier": DID_KEY}),
        ("issuer-distrusted", {"identifier": DID_KEY}),
    ]


def test_only_administrators_of_the_organisation_keep_the_list(organisation, ada, mo, root):
    other = factories.make_organisation("mons")
    for person in (ada, mo):
        with pytest.raises(Forbidden):
            vouch_for(organisation, identifier=DID_KEY, name="x", by=person)
    with pytest.raises(Forbidden):
        vouch_for(other, identifier=DID_KEY, name="x", by=root)
    with pytest.raises(Forbidden):
        stop_vouching(factories.make_partner(organisation), by=ada)


# --- The page -----------------------------------------------------------------------------------------------


def test_root_adds_a_partner_and_takes_it_off(organisation, root, client, partners):
    client.force_login(root)
    assert "Nobody on the list yet" in client.get(partners).content.decode()
    given = {"identifier": DID_WEB, "name": "Technocité", "note": "Met at the kick-off."}
    page = client.post(partners, given, follow=True).content.decode()
    assert "Technocité" in page and "Met at the kick-off." in page and root.name in page
    again = client.post(partners, given)
    assert again.status_code == 422 and "on the list already" in again.content.decode()
    vouched = organisation.trusted_issuers.get()
    remove = reverse("remove-partner", args=[organisation.slug, vouched.pk])
    assert "Nobody on the list yet" in client.post(remove, follow=True).content.decode()
    assert client.post(remove).status_code == 404


def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(organisation, root, client, partners):
    client.force_login(root)
    page = client.post(partners, {"identifier": "Technocité", "name": "T&C <b>"})
    assert page.status_code == 422
    assert "did:web, did:key, did:jwk or https" in page.content.decode()
    assert "T&amp;C &lt;b&gt;" in page.content.decode()
    assert client.post(partners, {}).status_code == 422


def test_a_partner_of_another_organisation_is_not_found_here(organisation, root, client):
    vouched = factories.make_partner(factories.make_organisation("mons"))
    client.force_login(root)
    assert client.post(reverse("remove-partner", args=[organisation.slug, vouched.pk])).status_code == 404


def test_the_issuers_page_leads_there_for_its_administrators_alone(organisation, root, ada, client, partners):
    page = reverse("issuer", args=[organisation.slug])
    assert partners not in client.get(page).content.decode()
    client.force_login(ada)
    assert partners not in client.get(page).content.decode()
    client.force_login(root)
    assert partners in client.get(page).content.decode()
