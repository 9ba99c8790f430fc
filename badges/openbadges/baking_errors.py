"""What can be wrong with an image that holds, or should hold, a credential."""

from dataclasses import dataclass


class BakingError(ValueError):
    """An image cannot be baked or read; `code` names the reason."""

    code = "baking"


class BadImage(BakingError):
    """The image is damaged, or holds something a badge image must not."""

    code = "image-damaged"


class AlreadyBaked(BakingError):
    """The image already holds a credential: baking never happens twice."""

    code = "already-baked"


class NoCredential(BakingError):
    """The image is sound but holds no credential."""

    code = "no-credential"


class SeveralCredentials(BakingError):
    """The image holds more than one credential, so readers would disagree on which counts."""

    code = "several-credentials"


@dataclass(frozen=True)
class Held:
    """What an image holds: a text, untouched, under the name that badges of this `version` have there."""

    text: str
    version: int = 3
