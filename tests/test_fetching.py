"""The guarded fetcher: what it asks, what it never asks, and that nobody keeps it waiting."""

import socket
import time
from contextlib import suppress

import pytest

from badges import fetching
from badges.fetching import Fetcher, NotFetched, is_public, place_of
from tests.websites import NAME, answer, website

ADDRESS = f"https://{NAME}/badge"


@pytest.fixture
def site(tmp_path, monkeypatch):
    with website(tmp_path) as found:
        monkeypatch.setattr(fetching, "PORT", found.port)
        monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
        yield found


@pytest.fixture
def fetcher(site):
    return Fetcher(lookup=lambda host: ["127.0.0.1"], context=site.trusted())


def refused(fetcher: Fetcher, address: str = ADDRESS) -> str:
    with pytest.raises(NotFetched) as refusal:
        fetcher.get(address)
    return refusal.value.code


# --- What is asked ---------------------------------------------------------------------------------------


def test_a_website_is_asked_for_the_address_and_told_nothing_else(site, fetcher):
    site.answers["/a%20b?c=%C3%A9&d=%2F"] = answer(b"the badge")
    assert fetcher.get(f"https://{NAME}/a%20b?c=é&d=%2F") == b"the badge"
    (head,) = site.asked
    names = {line.split(":")[0].lower() for line in head.splitlines()[1:] if line}
    assert names == {"host", "accept", "user-agent", "connection"}
    assert f"Host: {NAME}" in head


def test_a_redirect_is_followed_and_judged_like_an_address(site, fetcher):
    site.answers["/badge"] = answer(status="302 Found", Location="/moved")
    site.answers["/moved"] = answer(b"the badge")
    assert fetcher.get(ADDRESS) == b"the badge"
    assert site.paths == ["/badge", "/moved"]


@pytest.mark.parametrize(
    ("where", "code"),
    [
        (f"http://{NAME}/badge", "address"),
        ("https://127.0.0.1/badge", "private"),
        ("https://localhost/badge", "private"),
        ("https://ada:secret@badges.mons.example/", "address"),
        ("file:///etc/passwd", "address"),
        ("", "redirects"),
        ("/badge", "redirects"),
    ],
)
def test_a_redirect_leads_nowhere_that_may_not_be_asked(site, fetcher, where, code):
    site.answers["/badge"] = answer(status="302 Found", Location=where)
    assert refused(fetcher) == code


def test_only_so_many_addresses_are_asked_for_one_badge(site, fetcher):
    site.answers["/badge"] = answer(b"x")
    for _turn in range(fetching.ADDRESSES):
        fetcher.get(ADDRESS)
    assert refused(fetcher) == "too-many"


# --- What is never asked -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://badges.mons.example/", "address"),
        ("ftp://badges.mons.example/", "address"),
        ("https://badges.mons.example:22/", "address"),
        ("https://badges.mons.example:99999/", "address"),
        ("https://ada@badges.mons.example/", "address"),
        ("https://badges.mons.example\\@evil.example/", "address"),
        ("https://badges.mons.example/\r\nHost: evil.example", "address"),
        ("https://badges.mons.example/\x00", "address"),
        ("https://" + "a" * 64 + ".example/", "address"),
        ("https://badges.mons.example/" + "a" * 3000, "address"),
        ("https://[::1", "address"),
        ("https://", "private"),
        ("https:///path", "private"),
        ("https://localhost/", "private"),
        ("https://intranet/", "private"),
        ("https://127.0.0.1/", "private"),
        ("https://127.1/", "private"),
        ("https://0x7f.0x1/", "private"),
        ("https://2130706433/", "private"),
        ("https://[::1]/", "private"),
        ("https://[::ffff:127.0.0.1]/", "private"),
        ("https://10.0.0.1./", "private"),
    ],
)
def test_an_address_that_is_no_public_https_name_is_refused_before_anything_is_asked(address, code):
    def nobody(host: str) -> list[str]:
        raise AssertionError(f"asked for {host}")

    assert refused(Fetcher(lookup=nobody), address) == code


def test_a_name_of_another_alphabet_is_asked_for_in_ascii():
    assert place_of("https://évaluation.example/é").host == "xn--valuation-93a.example"
    assert place_of("https://évaluation.example/é").target == "/%C3%A9"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("2002:7f00:1::", False),
        ("2002:808:808::", True),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b:1::7f00:1", False),
        ("2001:0:808:808::80ff:fffe", False),
        ("2001:db8::1", False),
        ("not an address", False),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(address, public):
    assert is_public(address) is public


@pytest.mark.parametrize("found", [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1", "8.8.8.8"]])
def test_one_inside_address_among_the_answers_is_enough_to_refuse(found):
    assert refused(Fetcher(lookup=lambda host: found)) == "private"


def test_a_name_that_does_not_exist_is_unreachable():
    assert refused(Fetcher(lookup=lambda host: [])) == "unreachable"


def test_a_name_is_asked_for_once_and_the_answer_is_kept(site, fetcher, monkeypatch):
    """A name server that answers a public address first and an inside one next gets no second question."""
    answers = iter([["127.0.0.1"]])
    fetcher.lookup = lambda host: next(answers)
    site.answers["/badge"] = answer(b"the badge")
    monkeypatch.setattr(socket, "getaddrinfo", _only_numbers(socket.getaddrinfo))
    assert fetcher.get(ADDRESS) == b"the badge"


def _only_numbers(ask):
    def asked(host, *args, **kwargs):
        assert host == "127.0.0.1", f"asked the network for {host}"
        return ask(host, *args, **kwargs)

    return asked


def test_a_certificate_of_another_name_or_of_nobody_is_refused(site, tmp_path):
    site.answers["/badge"] = answer(b"the badge")
    inside = Fetcher(lookup=lambda host: ["127.0.0.1"], context=site.trusted())
    assert refused(inside, "https://badges.lille.example/badge") == "unreachable"
    assert refused(Fetcher(lookup=lambda host: ["127.0.0.1"])) == "unreachable"
    assert site.asked == []


# --- What the website answers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (answer(status="404 Not Found"), "absent"),
        (answer(b"{}", status="410 Gone"), "gone"),
        (answer(status="500 Oops"), "unreachable"),
        (answer(status="204 Nothing"), "unreachable"),
        (answer(b"\x1f\x8b", Content_Encoding="gzip"), "unreachable"),
        (answer(b"x" * (fetching.MAX_BYTES + 1)), "too-large"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (fetching.MAX_BYTES + 1), "too-large"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", "unreachable"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "unreachable"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "unreachable"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", "unreachable"),
        (b"SSH-2.0-OpenSSH\r\n", "unreachable"),
        (b"", "unreachable"),
    ],
)
def test_what_is_no_sound_answer_of_a_sound_size_is_refused(site, fetcher, found, code):
    site.answers["/badge"] = found
    assert refused(fetcher) == code


def _drip(start: bytes, piece: bytes):
    def speak(line) -> None:
        with suppress(OSError):
            line.sendall(start)
            while True:
                line.sendall(piece)
                time.sleep(0.05)

    return speak


@pytest.mark.parametrize(
    "speak",
    [
        _drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x"),
        _drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        _drip(b"HTTP/1.1 200 OK\r\nX: ", b"y"),
        lambda line: time.sleep(5),
    ],
)
def test_a_website_that_dawdles_is_left(site, fetcher, monkeypatch, speak):
    monkeypatch.setattr(fetching, "SECONDS", 1)
    site.answers["/badge"] = speak
    began = time.monotonic()
    assert refused(fetcher) == "unreachable"
    assert time.monotonic() - began < 3


def test_a_website_that_never_shakes_hands_is_left(site, fetcher, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setattr(fetching, "PORT", silent.getsockname()[1])
        began = time.monotonic()
        assert refused(fetcher) == "unreachable"
        assert time.monotonic() - began < 3


def test_all_fetches_of_one_badge_share_their_time(site, fetcher):
    fetcher.ends = time.monotonic() - 1
    assert refused(fetcher) == "unreachable"
    assert site.asked == []


def test_a_name_server_that_dawdles_is_left(monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS", 0.4)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(3) or [])
    began = time.monotonic()
    assert refused(Fetcher()) == "unreachable"
    assert time.monotonic() - began < 1


def test_half_of_the_servers_threads_stay_free(site, fetcher, monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE_SECONDS", 0.05)
    taken = [fetching._TURNS.acquire(blocking=False) for _turn in range(fetching.AT_ONCE)]
    assert all(taken)
    try:
        assert refused(fetcher) == "busy"
    finally:
        fetching._TURNS.release(fetching.AT_ONCE)
