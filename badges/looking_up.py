"""Find the keys, lists and documents that a verification needs: our own, given files, and other websites."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from badges.fetching import Fetcher, NotFetched
from badges.openbadges import did, https_keys, parsing
from badges.openbadges.did import BadDid, KeyNotFound, KeyRecord
from badges.openbadges.v2.checks import Unreachable
from badges.resolving import Resolver, is_ours, own_status_list
from workbench.errors import DomainError, invalid
from workbench.models import Organisation

# How a fetch that brought nothing is told; what is not here, the website was silent about.
TOLD = {"address": "address-refused", "private": "address-refused", "absent": "v2-absent", "gone": "v2-gone"}
SILENT = "website-silent"

Given = Mapping[str, bytes]


class Lookup:
    """What one verification may ask, and what it has found.

    ``given`` are documents by their address or DID, as files brought them; ``own`` says whether our own
    records are asked; without ``fetcher`` no website is. ``owner`` is the organisation of ours whose key was
    asked for first, which is the key of the badge.
    """

    def __init__(
        self, *, given: Given | None = None, fetcher: Fetcher | None = None, own: bool = True
    ) -> None:
        self.given = given or {}
        self.fetcher = fetcher
        self.own = own
        self.owner: Organisation | None = None
        self.remembered: dict[tuple[str, str], KeyRecord | KeyNotFound] = {}
        self.contents: dict[str, bytes | NotFetched] = {}

    @property
    def is_online(self) -> bool:
        return self.fetcher is not None

    def resolve(self, method: str, issuer: str) -> KeyRecord:
        """The key of a verification method. Raises ``KeyNotFound``."""
        key = (method, issuer)
        if key not in self.remembered:
            first = not self.remembered
            try:
                self.remembered[key], owner = self._found(method, issuer)
            except KeyNotFound as error:
                self.remembered[key], owner = error, None
            if first:
                self.owner = owner
        found = self.remembered[key]
        if isinstance(found, KeyNotFound):
            raise found
        return found

    def status_list(self, url: str) -> dict[str, Any] | None:
        """The list at an address, or None when it cannot be had."""
        if self.own and is_ours(url):
            return own_status_list(url)
        try:
            return parsing.parse(self._content(url))
        except (NotFetched, parsing.ParseError):
            return None

    def document(self, address: str) -> Mapping[str, Any]:
        """The JSON document at an address. Raises ``Unreachable``."""
        try:
            return parsing.parse(self._content(address))
        except NotFetched as error:
            raise Unreachable(self._told(error), gone=error.code == "gone") from error
        except parsing.ParseError as error:
            raise Unreachable(SILENT) from error

    def content(self, address: str) -> bytes:
        """What stands at an address. Raises DomainError ``foreign-address`` or ``not-fetched``."""
        try:
            return self._content(address)
        except NotFetched as error:
            if error.code == "off":
                raise foreign_address() from error
            raise invalid("not-fetched", REFUSALS.get(error.code, REFUSALS["unreachable"])) from error

    def _found(self, method: str, issuer: str) -> tuple[KeyRecord, Organisation | None]:
        name = method.partition("#")[0]
        find = next((find for start, find in FINDERS.items() if method.startswith(start)), None)
        if name in self.given and find is not None:
            return find(self, method, issuer), None
        if self.own:
            own = Resolver()
            try:
                return own.resolve(method, issuer), own.owner
            except KeyNotFound as error:
                if error.code != "issuer-unreachable" or find is None:
                    raise
        return self._elsewhere(find, method, issuer), None

    def _elsewhere(
        self, find: "Callable[[Lookup, str, str], KeyRecord] | None", method: str, issuer: str
    ) -> KeyRecord:
        if method.startswith(did.KEY_PREFIX):
            return did.resolve_key_did(method)
        if method.startswith(did.JWK_PREFIX):
            return did.resolve_jwk_did(method)
        if find is None:
            raise KeyNotFound("issuer-kind", "neither a did:key, did:jwk, did:web nor an https address")
        return find(self, method, issuer)

    def in_did_document(self, method: str, issuer: str) -> KeyRecord:
        name = method.partition("#")[0]
        try:
            address = name if name in self.given else did.document_url(name)
        except BadDid as error:
            raise KeyNotFound("issuer-kind", str(error)) from error
        return did.find_in_document(self._published(address), method)

    def at_address(self, method: str, issuer: str) -> KeyRecord:
        return https_keys.find(self._published(method.partition("#")[0]), method, issuer)

    def _published(self, address: str) -> dict[str, Any]:
        try:
            return parsing.parse(self._content(address))
        except NotFetched as error:
            code = "issuer-unreachable" if error.code == "off" else self._told(error)
            raise KeyNotFound("key-absent" if code == "v2-absent" else code, error.code) from error
        except parsing.ParseError as error:
            raise KeyNotFound(SILENT, str(error)) from error

    def _told(self, error: NotFetched) -> str:
        return "v2-not-fetched" if error.code == "off" else TOLD.get(error.code, SILENT)

    def _content(self, address: str) -> bytes:
        """From a file that was given, else from its website; the same answer each time. Raises NotFetched."""
        if address in self.given:
            return self.given[address]
        if self.fetcher is None or (self.own and is_ours(address)):
            raise NotFetched("off")
        if address not in self.contents:
            try:
                self.contents[address] = self.fetcher.get(address)
            except NotFetched as error:
                self.contents[address] = error
        found = self.contents[address]
        if isinstance(found, NotFetched):
            raise found
        return found


FINDERS: Mapping[str, Callable[[Lookup, str, str], KeyRecord]] = {
    did.WEB_PREFIX: Lookup.in_did_document,
    "https://": Lookup.at_address,
}

_REFUSED = _("Only https addresses of public websites are asked. Download the badge, and give its file here.")
REFUSALS: Mapping[str, Any] = {
    "address": _REFUSED,
    "private": _REFUSED,
    "absent": _("That website has nothing at this address."),
    "gone": _("That website says that what stood at this address is no more."),
    "too-large": _("What stands at this address is too large to be a badge."),
    "busy": _("Many badges are being checked right now. Try again in a minute."),
    "unreachable": _(
        "That website did not answer, or not in time. Download the badge, and give its file here."
    ),
}


def usual() -> Lookup:
    """As this installation looks things up for anybody who asks."""
    return Lookup(fetcher=Fetcher() if settings.VERIFIER_FETCHES else None)


def foreign_address() -> DomainError:
    return invalid(
        "foreign-address",
        _("This page contacts no other website. Download the badge from there, and give its file here."),
    )
