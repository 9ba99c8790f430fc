"""Print the verdict on a badge, made again from the badge's own text at the moment of printing."""

from dataclasses import replace
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from badges.headlines import headline
from badges.verdicts import Source, Verification
from badges.verifying import verify
from workbench.errors import DomainError, invalid
from workbench.rendering import render_pdf

SALT = "badges.verdict"
HOUR = 60 * 60


def ticket(verification: Verification, *, recipient: str = "") -> str:
    """What a page gives its reader to have the verdict printed: the badge's text, and which file it was in.

    Nothing is kept here, so the page carries it; the signature keeps a file's digest from being made up.
    Empty for what was no badge.
    """
    source = verification.source
    if not source.text:
        return ""
    carried = [source.container, source.sha256, source.size, source.text, recipient]
    return signing.dumps(carried, salt=SALT, compress=True)


def verification_of(given: str) -> Verification:
    """Verify anew what a ticket carries. Raises DomainError ``ticket-expired``, and as ``verify`` does."""
    try:
        container, sha256, size, text, recipient = signing.loads(given, salt=SALT, max_age=HOUR)
    except signing.BadSignature as error:
        raise _expired() from error
    verification = verify(text.encode(), recipient=recipient)
    return replace(verification, source=Source(container, sha256, size, text))


def verdict_pdf(verification: Verification, *, language: str) -> bytes:
    """The verdict on paper: when, of which file, every check, and the way of a badge of ours."""
    context: dict[str, Any] = {"verification": verification, "headline": headline(verification)}
    return render_pdf("reports/verdict.html", context, language=language)


def _expired() -> DomainError:
    return invalid("ticket-expired", _("This page is too old to be printed from. Verify the badge again."))
