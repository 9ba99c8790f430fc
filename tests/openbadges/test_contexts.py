"""Contexts come with the product, unchanged, and nothing is fetched."""

import hashlib

import pytest

from badges.openbadges import contexts


@pytest.mark.parametrize("url", contexts.BUNDLED)
def test_each_bundled_context_has_its_pinned_digest(url):
    assert hashlib.sha256(contexts.read_bytes(url)).hexdigest() == contexts.BUNDLED[url].sha256


@pytest.mark.parametrize("url", contexts.BUNDLED)
def test_each_bundled_context_loads_as_static(url):
    loaded = contexts.load(url)
    assert loaded["tag"] == "static"
    assert loaded["documentUrl"] == url
    assert "@context" in loaded["document"]


def test_the_credentials_context_is_the_final_one():
    assert contexts.BUNDLED[contexts.CREDENTIALS].sha256.startswith("59955ced")
    assert "@vocab" not in contexts.load(contexts.CREDENTIALS)["document"]["@context"]


@pytest.mark.parametrize(
    "url", ["https://evil.example/context", "http://www.w3.org/ns/credentials/v2", "file:///etc/passwd", ""]
)
def test_any_other_address_is_refused(url):
    with pytest.raises(contexts.UnknownContext):
        contexts.load(url)


def test_what_a_caller_writes_into_a_context_does_not_stay():
    contexts.load(contexts.DID)["document"]["@context"] = {}
    assert contexts.load(contexts.DID)["document"]["@context"]
