"""Look into the packets that say more than their headers: names, first lines, logins."""

from collections.abc import Callable
from typing import Final

from assessments.analysers.captures.applications import dhcp, http, logins, tls
from assessments.analysers.captures.applications.ports import TCP_SERVICES
from assessments.analysers.captures.tallies.flows import LABEL, WATCH, Flow, reversed_key
from assessments.analysers.captures.tallies.labels import DNS_STREAM, LOGIN, UDP_READ
from assessments.analysers.captures.tallies.tally import Tally

# A segment is looked into when it begins like this, whatever its port.
LEADS: Final = tls.LEADS | http.LEADS | logins.LEADS | {b"SSH-"}
# A login fits into this much of a segment; a mail or a file goes on much longer.
_LOOKED_AT: Final = 2048


def look_into_tcp(tally: Tally, flow: Flow, key: bytes, text: bytes, number: int) -> None:
    """`text` is what a segment carries, as far as it was captured."""
    lead = text[:4]
    if lead in tls.LEADS:
        hello = tls.hello_at(text)
        if hello:
            tally.is_now(key, flow, "tls", watch=0)
            tally.web.hello(hello, number)
    elif lead in http.LEADS:
        _http(tally, flow, key, text, number)
    elif lead == b"SSH-":
        tally.is_now(key, flow, "ssh", watch=0)
    elif flow[WATCH] == DNS_STREAM:
        # A length comes first (RFC 7766).
        tally.names.message(key, text[2:], number)
    else:
        _login(tally, flow, key, text[:_LOOKED_AT], number)


def _http(tally: Tally, flow: Flow, key: bytes, text: bytes, number: int) -> None:
    head = http.head_of(text)
    if head is None:
        return
    tally.is_now(key, flow, "http", watch=0)
    tally.web.head(head, number)
    for code, _first, _last in http.credentials(text):
        tally.disclosures.add(code, key, number)


def _login(tally: Tally, flow: Flow, key: bytes, text: bytes, number: int) -> None:
    back = reversed_key(key)
    states = tally.disclosures.states
    if not flow[WATCH]:
        application = logins.guessed(text[:4])
        if not application or tally.labels.application(flow[LABEL]) not in ("", application):
            return
        tally.is_now(key, flow, application, watch=LOGIN)
        tally.disclosures.expect(back if text.startswith(b"+OK") else key, "open")
    application = tally.labels.application(flow[LABEL])
    if TCP_SERVICES.get(key[-2:]) == application or key in states:
        code, state = logins.said_by_client(application, text, states.get(key, ""))
        tally.disclosures.expect(key, state)
        if code:
            tally.disclosures.add(code, key, number)
    elif logins.asks_for_password(application, text):
        tally.disclosures.expect(back, "password")


# --- UDP ---------------------------------------------------------------------------------------------

Reader = Callable[[Tally, bytes, bytes, int], None]


def _dns(tally: Tally, key: bytes, text: bytes, number: int) -> None:
    tally.names.message(key, text, number)


def _dhcp(tally: Tally, key: bytes, text: bytes, number: int) -> None:
    tally.links.mac(dhcp.hardware_address(text), number)
    kind, named = dhcp.options_of(text)
    name = dhcp.KINDS.get(kind, "other")
    tally.dhcp[name] = tally.dhcp.get(name, 0) + 1
    tally.host_names += named


def _snmp(tally: Tally, key: bytes, text: bytes, number: int) -> None:
    if logins.community(text):
        tally.disclosures.add("snmp-community", key, number)


_UDP: Final[dict[str, Reader]] = {"dns": _dns, "mdns": _dns, "llmnr": _dns, "dhcp": _dhcp, "snmp": _snmp}


def _nothing(tally: Tally, key: bytes, text: bytes, number: int) -> None:
    """Flow kinds without anything to read have number 0."""


# By the number that a flow keeps as WATCH.
READERS: Final[tuple[Reader, ...]] = tuple(_UDP.get(name, _nothing) for name in UDP_READ)
