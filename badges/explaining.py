"""Say the outcome of each check of a badge in words that a recruiter understands."""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# In the order in which a reader asks.
TITLES: Mapping[str, Any] = {
    "structure": _("It is an Open Badge"),
    "context": _("Its words have their published meaning"),
    "proof": _("Nothing was changed since it was signed"),
    "issuer": _("The issuer it names has signed it"),
    "status": _("It is not revoked"),
    "dates": _("It is valid today"),
    "evidence": _("The evidence is unchanged"),
    "recipient": _("It was awarded to this address"),
}
# Asked only of a badge of ours, or only when an address is given.
MORE_TITLES: Mapping[str, Any] = {
    "manifest": _("What was handed in is what was judged"),
}

TRUST_TITLES: Mapping[str, Any] = {
    "own": _("An issuer of this workbench"),
    "partner": _("A known partner"),
    "unknown": _("An issuer that nobody here knows"),
    "unproven": _("No issuer is proven"),
}
TRUST_TEXTS: Mapping[str, Any] = {
    "own": _("%(name)s issues its badges here."),
    "partner": _("%(name)s is on the list of known partners of %(listed_by)s."),
    "unknown": _(
        "The signature shows that the badge is from whoever calls itself “%(name)s”, not who that is. "
        "Ask them, by an address that you know to be theirs."
    ),
    "unproven": _("Anybody can write a name into a badge. Without a signature that fits, it says nothing."),
}

_CHANGED = _("The badge was changed after it was signed, or the signature belongs to another badge.")
_LIST = _("The issuer's list of revoked badges cannot be trusted: it does not fit this badge or its issuer.")

SENTENCES: Mapping[str, Any] = {
    # reading the file
    "file-empty": _("The file is empty."),
    "file-too-large": _("The file is too large to be a badge."),
    "jwt-malformed": _("The text begins like a badge in JWT form, but it is cut short or damaged."),
    "jwt-detached": _("This JWT holds a signature, but not the badge itself. Ask for the whole."),
    "jwt-encrypted": _("This JWT is encrypted for somebody else, so nothing can be read from it."),
    "jwt-selective": _("This JWT shows its content in part only, which Open Badges 3.0 does not know."),
    "jwt-in-json": _("This signature is wrapped in JSON. Ask for the badge as one line of text."),
    "jwt-too-large": _("The JWT is too long to be a badge."),
    "jwt-header": _("The header of the JWT holds what an Open Badge 3.0 must not have, so it is refused."),
    "jwt-algorithm": _("The JWT is not signed by a method that is used for badges: ES256, EdDSA or RS256."),
    "jwt-ambiguous": _("The JWT holds more than one badge, or none, so it is not clear which one counts."),
    "not-a-badge": _("This is not an Open Badge 3.0."),
    "image-damaged": _("The image is damaged, so no badge can be read from it."),
    "no-credential": _(
        "This image holds no badge. A screenshot or a resized copy loses it: ask for the original file."
    ),
    "several-credentials": _("This image holds more than one badge, so it is not clear which one counts."),
    "already-baked": _("This image holds a badge already."),
    "older-open-badge": _(
        "This is an Open Badge of version 1.x, which is no longer verified anywhere. "
        "Versions 2.0 and 3.0 are."
    ),
    "jwt-envelope": _("The envelope of this badge holds no JWT, or something beside it that nobody signed."),
    "pdf-damaged": _("The PDF is damaged or holds too much, so no badge can be read from it."),
    "baking": _("No badge can be read from this image."),
    "json-invalid": _("The text is not valid JSON. Copy it again, from the first brace to the last."),
    "json-not-utf8": _("The text is damaged: it is not UTF-8."),
    "json-too-large": _("The text is too long to be a badge."),
    "json-too-deep": _("The text is nested too deeply to be a badge."),
    "json-duplicate-key": _("The text says the same thing twice in different ways, so it is refused."),
    "json-number": _("The text holds a number that cannot be read in one way only."),
    "json-not-an-object": _("The text is JSON, but not a badge."),
    "not-reached": _("The badge could not be read, so this was not checked."),
    # structure, context
    "jwt-claims": _("What stands around the badge in its JWT does not agree with the badge: %(claims)s."),
    "structure-ok": _("It has all the parts that an Open Badge 3.0 must have."),
    "structure-missing": _("It is not a complete Open Badge 3.0. Missing or wrong: %(missing)s."),
    "context-ok": _("It uses the published vocabulary of Open Badges 3.0."),
    "unknown-context": _("It uses words from %(context)s, which are not part of the standard."),
    "context-order": _("It does not begin with the vocabulary that the standard asks for."),
    "context-not-open-badges": _("It does not use the vocabulary of Open Badges 3.0."),
    # proof
    "proof-ok": _("The digital signature fits every word of the badge."),
    "proof-missing": _("It has no signature, or not exactly one. Anybody could have written it."),
    "proof-signature": _CHANGED,
    "proof-unsigned-data": _("Something was added to the badge that the signature does not cover."),
    "proof-unknown-context": _("The signature depends on words that are not part of the standard."),
    "proof-unsupported": _("The signature is of a kind that is not used for Open Badges 3.0 here."),
    "proof-malformed": _("The signature is damaged."),
    "proof-too-complex": _("The badge is larger or deeper than any badge needs, so it was not checked."),
    "key-missing": _("The signature names no key, so nobody can say whose it is."),
    "key-refused": _("The key named for the signature is not one that can be trusted."),
    "key-not-found": _("The key named for the signature does not belong to the issuer."),
    "key-unsupported": _("The issuer's key is of a kind that is not used here."),
    "did-document-mismatch": _("The key named for the signature belongs to somebody else."),
    "issuer-unreachable": _(
        "Not checked: the issuer keeps its key on its own website, and this page contacts no other website. "
        "Verify this badge at its issuer's."
    ),
    "issuer-kind": _("Not checked: the issuer is named in a way that cannot be looked up here."),
    # issuer
    "issuer-ok": _("The key belongs to the issuer named in the badge."),
    "issuer-ours": _("Signed by %(name)s, an issuer of this workbench."),
    "issuer-partner": _("Signed by %(name)s, a known partner of this workbench."),
    "issuer-unknown": _(
        "The signature is that of the issuer named in the badge. This workbench does not know who that is: "
        "“%(name)s” is what the issuer calls itself."
    ),
    "issuer-unproven": _("Not checked: a signature that does not fit proves no issuer."),
    "issuer-missing": _("It names no issuer, or no key."),
    "issuer-key-embedded": _(
        "Not checked: the key came with the badge itself, and nothing shows that it is the issuer's."
    ),
    "issuer-mismatch": _("The key that signed it does not belong to the issuer it names."),
    "issuer-impersonation": _(
        "It claims to come from this workbench, but the key that signed it is not one of ours."
    ),
    "key-withdrawn": _("The issuer no longer vouches for what this key signed."),
    "key-compromised": _(
        "%(name)s says that others may have had this key since %(since)s, and has no record that it signed "
        "this badge before. Ask the holder for the badge as it is on its page now."
    ),
    "key-compromised-later": _(
        "Signed by %(name)s, by its own records before %(since)s, from when on others may have had this key."
    ),
    # status
    "status-ok": _("The issuer has not revoked it."),
    "status-none": _("The issuer keeps no list of revoked badges for it."),
    "revoked": _("The issuer has revoked it."),
    "revoked-ours": _("Revoked on %(date)s. Reason: %(reason)s"),
    "suspended": _("The issuer has suspended it for the time being."),
    "suspended-ours": _("Suspended for the time being since %(date)s. Reason: %(reason)s"),
    "record-missing": _("The issuer has no record of this badge."),
    "status-unreachable": _("Not checked: the issuer's list of revoked badges could not be had from here."),
    "status-unsupported": _("Not checked: its status is published in a form that is not read here."),
    "status-malformed": _("What it says about its own status cannot be read."),
    "status-list-malformed": _LIST,
    "status-list-mismatch": _LIST,
    "status-list-issuer": _LIST,
    "status-list-proof": _LIST,
    "status-list-dates": _LIST,
    "status-list-unreadable": _LIST,
    # dates
    "dates-ok": _("It has no end date, or has not reached it."),
    "dates-until": _("Valid until %(until)s."),
    "dates-unreadable": _("Its dates cannot be read."),
    "not-yet-valid": _("It is only valid from %(from)s."),
    "expired": _("It was valid until %(until)s."),
    # websites
    "website-silent": _(
        "Not checked: the website that should tell did not answer as it should, or not in time."
    ),
    "address-refused": _(
        "Not checked: it names an address that is not asked: no https, or not a public one."
    ),
    "key-absent": _("The issuer's website does not have the key named for the signature."),
    # version 2.0
    "v2-structure": _("It has all the parts that an Open Badge 2.0 must have."),
    "v2-missing": _("It is not a complete Open Badge 2.0. Missing or wrong: %(missing)s."),
    "v2-context": _("It uses the published vocabulary of Open Badges 2.0."),
    "v2-context-unknown": _("It gives its words another meaning than the vocabulary of Open Badges 2.0."),
    "v2-hosted": _("%(host)s shows the same badge, word for word."),
    "v2-differs": _("The badge is not the one that %(host)s shows. It differs in: %(members)s."),
    "v2-absent": _("The website that should vouch for it does not have it."),
    "v2-gone": _("The website that vouched for it says that it is no more."),
    "v2-elsewhere": _("Where the badge says that a part of it is kept, something else is found."),
    "v2-address": _("Not checked: it is vouched for by %(address)s, which is no https address."),
    "v2-not-fetched": _(
        "Not checked: a badge of version 2.0 is vouched for by its issuer's website, and this page contacts "
        "no other website."
    ),
    "v2-unreachable": _("Not checked: what the badge builds on could not be found."),
    "v2-not-meant-signed": _("It is signed, but says of itself that it is vouched for in another way."),
    "v2-other-issuer": _("The issuer that was found is not the one that the badge names."),
    "v2-scope": _("The address of this badge is not one for which %(name)s speaks."),
    "v2-key-unknown": _("%(name)s does not name the key that signed it among its own."),
    "v2-key-owner": _("The key that signed it does not say that it belongs to %(name)s."),
    "v2-status-unknown": _("Not checked: whether it was revoked is said on its issuer's website only."),
    "revoked-because": _("The issuer has revoked it. Reason: %(reason)s"),
    # recipient
    "recipient-ok": _("The address you gave is the one it was awarded to."),
    "recipient-other": _("The address you gave is not the one it was awarded to."),
    "recipient-kind": _("Not checked: it names its holder in another way than by an email address."),
    # evidence
    "evidence-ok": _("Files read again just now, each with the digest it had when it was judged: %(count)s."),
    "evidence-none": _("No evidence file is published with it."),
    "evidence-same": _("Read again just now: the file is the one that was judged."),
    "evidence-link": _("Not checked: it is a link, not a file that is kept here."),
    "evidence-digest": _("The badge does not name the digest that our records have: %(titles)s."),
    "evidence-elsewhere": _("Not checked: its evidence is not kept here."),
    "evidence-too-large": _("Not checked: the files are too large to be read again on this page."),
    "evidence-changed": _("The file is not the one that was judged: %(titles)s."),
    "evidence-missing": _("The file is no longer here: %(titles)s."),
    "manifest-ok": _("The list of everything handed in has the digest that the judgement names."),
    "manifest-changed": _("The list of what was handed in is not the one that was judged."),
    "manifest-gone": _("Not checked: the list of what was handed in is no longer kept."),
}

DATES = ("from", "until", "date", "since")


def title(name: str) -> str:
    return str(TITLES.get(name) or MORE_TITLES[name])


def sentence(code: str, values: Mapping[str, str]) -> str:
    """The outcome in the reader's language; an outcome without a sentence of its own is still told."""
    if code not in SENTENCES:
        return gettext("Not verified (%(code)s).") % {"code": code}
    told = {name: _date(value) if name in DATES else value for name, value in values.items()}
    return str(SENTENCES[code]) % told


def _date(value: str) -> str:
    try:
        moment = parse_datetime(value)
    except ValueError:
        return value
    try:
        return date_format(localtime(moment), "DATE_FORMAT") if moment and moment.tzinfo else value
    except OverflowError:  # the last hours of the year 9999, by which some mean "for ever"
        return value
