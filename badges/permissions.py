"""Rules about badges and the keys that sign them."""

from badges.models import Credential
from workbench.access import rule
from workbench.models import Organisation, User


@rule
def can_revoke(user: User, credential: Credential) -> bool:
    """The programme's managers and the issuer's administrators."""
    return credential.programme_id in user.grants.ids(
        "manage_programme"
    ) or credential.organisation_id in user.grants.ids("administer_organisation")


@rule
def can_suspend(user: User, credential: Credential) -> bool:
    """Who may take a badge back for good may set it aside for a while."""
    return can_revoke(user, credential)


@rule
def can_hold(user: User, credential: Credential) -> bool:
    """What only the holder does with a badge: share it, take it along."""
    return credential.learner_id == user.pk


@rule
def can_rotate_key(user: User, organisation: Organisation) -> bool:
    return organisation.pk in user.grants.ids("administer_organisation")


@rule
def can_trust_issuers(user: User, organisation: Organisation) -> bool:
    """Who may say that an issuer elsewhere is known."""
    return organisation.pk in user.grants.ids("administer_organisation")
