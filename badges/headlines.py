"""Say the outcome of a verification in one line and one sentence."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.showing import Verdict
from badges.verdicts import PARTNER, Verification

# What else may be wrong with a badge that its issuer did make, the mildest first: codes, title, text, state.
ENDED: tuple[tuple[set[str], Any, Any, str], ...] = (
    (
        {"recipient-other"},
        gettext_lazy("Sound, but not awarded to this address"),
        gettext_lazy("Ask the holder under which address they earned it."),
        "recipient",
    ),
    (
        {"expired"},
        gettext_lazy("Genuine, but expired"),
        gettext_lazy("Its time of validity is over."),
        "expired",
    ),
    (
        {"suspended", "suspended-ours"},
        gettext_lazy("Suspended by the issuer"),
        gettext_lazy("It was genuine once. The issuer has set it aside for now: do not rely on it."),
        "suspended",
    ),
    (
        {"revoked", "revoked-ours", "revoked-because", "expired"},
        gettext_lazy("Revoked by the issuer"),
        gettext_lazy("It was genuine once. The issuer has taken it back: do not rely on it."),
        "revoked",
    ),
)


def headline(verification: Verification) -> Verdict:
    """The outcome of all checks in one line and one sentence, the gravest thing first."""
    codes = {check.code for check in verification.failed}
    if verification.verified:
        return _sound(verification)
    if codes and _is_proven(verification):
        for some, title, text, state in ENDED:
            if codes <= some:
                return Verdict(False, str(title), str(text), state)
    if codes:
        text = _("Do not rely on this badge. The reasons are marked below.")
        return Verdict(False, _("Not verified"), text, "failed")
    text = _("Nothing is known to be wrong, but not everything could be checked. See below.")
    return Verdict(None, _("Could not be verified here"), text, "open")


def _sound(verification: Verification) -> Verdict:
    """Nothing is wrong: what remains is whether anybody here knows the issuer."""
    if not verification.issuer_known:
        text = _(
            "The signature holds, but anybody can make one. This workbench does not know the issuer: "
            "ask them whether they awarded it."
        )
        return Verdict(None, _("Unchanged, but find out who issued it"), text, "issuer-unknown")
    text = _("Everything below was checked just now.")
    if verification.trust.kind == PARTNER:
        text = _("Everything below was checked just now. The issuer is a known partner.")
    return Verdict(True, _("Genuine and valid"), text, "verified")


def _is_proven(verification: Verification) -> bool:
    """Whether the badge is what its issuer made: without that, its date or its end says nothing."""
    passed = {check.name: check.passed for check in verification.checks}
    return passed["structure"] is passed["proof"] is passed["issuer"] is True
