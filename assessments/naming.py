"""Call learners by their names, or by a code where a reader is not to know whose work it is."""

from base64 import b32encode
from collections.abc import Callable
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from assessments.models import Submission
from workbench.models import User

Veil = Callable[[Submission, User], bool]
_veils: list[Veil] = []
# Without the letters that are read as digits or as each other; what b32encode writes is moved into it.
LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "ABCDEFGHJKMNPQRSTVWXYZ0123456789")


def veils(function: Veil) -> Veil:
    """Register who knows that a reader is not to see whose work it is: judging has rules, work has none."""
    _veils.append(function)
    return function


def is_veiled(submission: Submission, reader: Any) -> bool:
    """Whether the learner's name is kept from a reader; somebody who is signed out reads none at all."""
    return any(veil(submission, reader) for veil in _veils)


def learner_name(submission: Submission, reader: Any) -> str:
    if is_veiled(submission, reader):
        return _("Learner %(code)s") % {"code": code_of(submission)}
    return str(submission.learner)


def code_of(submission: Submission) -> str:
    """Eight letters and digits, for example ``7KQ2-M4TD``: the same for one attempt, everywhere and always.

    Keyed, so that nobody works out an id from it or the code of another attempt. Two attempts share one in a
    trillion; nothing is found by it.
    """
    digest = salted_hmac("assessments.naming", str(submission.pk), algorithm="sha256").digest()
    code = b32encode(digest[:5]).decode().translate(LETTERS)
    return f"{code[:4]}-{code[4:]}"
