"""Have one window or picture of a stored file made by the confined child, and say why there is none."""

from typing import Any, Final, Self

from django.utils.translation import gettext_lazy as _

from assessments.models import Evidence
from assessments.opening import open_evidence
from workbench.confining import Busy, Limits, OutOfMemory, OutOfTime, Stopped, TooMuchOutput, run_confined
from workbench.errors import DomainError

MIB: Final = 1024 * 1024
# A reader waits for these, so they end sooner than an analysis does.
ROWS: Final = Limits(memory=512 * MIB, cpu=10, wall=20, output=8 * MIB)
TEXT: Final = Limits(memory=768 * MIB, cpu=10, wall=20, output=8 * MIB)
PICTURE: Final = Limits(memory=1024 * MIB, cpu=10, wall=20, output=16 * MIB)

_WHY: Final[dict[type[Stopped], Any]] = {
    Busy: _("Many files are being opened at this moment. Try again in a few seconds."),
    OutOfTime: _("Showing this takes longer than a page may take. Download the file to open it yourself."),
    OutOfMemory: _("This is too large to be shown here. Download the file to open it yourself."),
    TooMuchOutput: _("This is too large to be shown here. Download the file to open it yourself."),
}
_UNUSUAL: Final = _(
    "This cannot be shown: the file is damaged or unusual at this place. Download it to open it yourself."
)


class CannotShow(DomainError):
    """The child gave no answer; the message tells the reader why, and to download the file."""

    def __init__(self, message: Any) -> None:
        super().__init__("cannot-show", message, status=422)

    @classmethod
    def unusual(cls) -> Self:
        return cls(_UNUSUAL)

    @classmethod
    def after(cls, stopped: Stopped) -> Self:
        return cls(_WHY.get(type(stopped), _UNUSUAL))


def made(item: Evidence, target: str, arguments: dict[str, Any], limits: Limits) -> bytes:
    """What ``module:function`` makes of the item's bytes.

    Raises CannotShow, or the DomainError of bytes that are in quarantine or gone.
    """
    with open_evidence(item) as content:
        try:
            return run_confined(target, content, arguments, limits)
        except Stopped as stopped:
            raise CannotShow.after(stopped) from stopped
