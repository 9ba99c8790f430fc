"""What can be wrong with an image that holds, or should hold, a credential."""


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


class OlderOpenBadge(BakingError):
    """The image holds an Open Badge of version 1 or 2."""

    code = "older-open-badge"
