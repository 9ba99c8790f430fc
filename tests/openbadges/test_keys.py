"""Keys: spelled as the standards spell them, weak ones refused, sealed for storage."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from badges.openbadges import keys, multibase
from tests.openbadges.awards import KEY

KEK = bytes(range(32))
# RFC 8032 §7.1, test 1: the public key of the secret 9d61b19d….
RFC_SECRET = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
RFC_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
)
NOT_CANONICAL = (
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)


def multikey(raw_hex: str) -> str:
    return multibase.encode(keys.PUBLIC_PREFIX + bytes.fromhex(raw_hex))


def test_the_multikey_of_the_w3c_vector_is_read_and_written():
    public, private = (
        "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq",
    )
    key = keys.decode_private(private)
    assert keys.encode_public(key.public_key()) == public
    assert keys.encode_private(key) == private
    assert keys.decode_public(public) == key.public_key()


def test_the_key_of_rfc_8032_keeps_its_bytes():
    key = keys.decode_private(multibase.encode(keys.PRIVATE_PREFIX + bytes.fromhex(RFC_SECRET)))
    assert key.public_key().public_bytes_raw().hex() == RFC_PUBLIC
    assert keys.decode_public(multikey(RFC_PUBLIC)).public_bytes_raw().hex() == RFC_PUBLIC


@pytest.mark.parametrize("raw", SMALL_ORDER)
def test_a_key_of_small_order_is_refused(raw):
    with pytest.raises(keys.BadKey, match="small order"):
        keys.decode_public(multikey(raw))


@pytest.mark.parametrize("raw", NOT_CANONICAL)
def test_a_second_spelling_of_a_point_is_refused(raw):
    with pytest.raises(keys.BadKey, match="canonical"):
        keys.decode_public(multikey(raw))


def test_a_point_outside_the_curve_is_refused():
    off_curve = (2).to_bytes(32, "little").hex()
    with pytest.raises(keys.BadKey, match="curve"):
        keys.decode_public(multikey(off_curve))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        "z6Mk",
        "u6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ0",
        "z16MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
        "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq",
        "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        "z" + "z" * 100_000,
    ],
)
def test_text_that_is_no_ed25519_key_is_refused(text):
    with pytest.raises(keys.BadKey):
        keys.decode_public(text)


def test_new_keys_are_sound_and_differ():
    made = {keys.encode_public(keys.generate().public_key()) for _ in range(5)}
    assert len(made) == 5
    assert all(isinstance(keys.decode_public(text), Ed25519PublicKey) for text in made)


@given(st.binary(min_size=0, max_size=80))
def test_multibase_brings_any_bytes_back(data):
    assert multibase.decode(multibase.encode(data), len(data)) == data


@pytest.mark.parametrize(
    ("data", "text"), [(b"Hello World!", "z2NEpo7TZRRrLZSi2U"), (b"\0\0\x28\x7f\xb4\xcd", "z11233QC4")]
)
def test_base58_spells_as_its_draft_does(data, text):
    """Examples of draft-msporny-base58 §5, with the multibase prefix."""
    assert multibase.encode(data) == text
    assert multibase.decode(text, len(data)) == data


def test_a_sealed_key_opens_with_the_same_secret_and_owner():
    sealed = keys.seal(KEY, KEK, "lille|1")
    assert keys.unseal(sealed, KEK, "lille|1").private_bytes_raw() == KEY.private_bytes_raw()
    assert KEY.private_bytes_raw() not in sealed
    assert sealed != keys.seal(KEY, KEK, "lille|1")


@pytest.mark.parametrize(
    ("kek", "associated"), [(bytes(32), "lille|1"), (KEK, "lille|2"), (KEK, ""), (KEK[::-1], "lille|1")]
)
def test_a_sealed_key_does_not_open_for_another(kek, associated):
    with pytest.raises(keys.SealError, match="does not open"):
        keys.unseal(keys.seal(KEY, KEK, "lille|1"), kek, associated)


@pytest.mark.parametrize("position", range(61))
def test_a_sealed_key_with_one_changed_byte_does_not_open(position):
    sealed = bytearray(keys.seal(KEY, KEK, "lille|1"))
    assert len(sealed) == 61
    sealed[position] ^= 1
    with pytest.raises(keys.SealError):
        keys.unseal(bytes(sealed), KEK, "lille|1")


@pytest.mark.parametrize(
    "sealed", [b"", b"\x01", b"\x01" + bytes(12), b"\x02" + bytes(60), b"\x01" + bytes(61)]
)
def test_something_else_is_not_a_sealed_key(sealed):
    with pytest.raises(keys.SealError):
        keys.unseal(sealed, KEK, "lille|1")


@pytest.mark.parametrize("kek", [b"", bytes(16), bytes(33)])
def test_a_key_encryption_key_of_another_length_is_refused(kek):
    with pytest.raises(keys.SealError, match="32 bytes"):
        keys.seal(KEY, kek, "lille|1")
