"""What is earned: credentials, the keys that sign them and the lists that revoke them."""

from badges.models.credential import Credential
from badges.models.former_signature import FormerSignature
from badges.models.key_act import KeyAct
from badges.models.signing_key import SigningKey
from badges.models.status_list import StatusList
from badges.models.trusted_issuer import TrustedIssuer

__all__ = ["Credential", "FormerSignature", "KeyAct", "SigningKey", "StatusList", "TrustedIssuer"]
