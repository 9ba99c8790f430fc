"""What is earned: credentials, the keys that sign them and the lists that revoke them."""

from badges.models.credential import Credential
from badges.models.signing_key import SigningKey
from badges.models.status_list import StatusList

__all__ = ["Credential", "SigningKey", "StatusList"]
