"""Every kind of secret is found where it stands, and nothing else is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.analysers.analysis import Secret
from assessments.analysers.secrets import finding
from assessments.analysers.secrets.finding import find, lines_of
from tests.analysers.secrets.cases import CASES, CONFIGURATION_CASES, Case
from tests.analysers.secrets.clean import CLEAN

FRAGMENTS = sorted({line for case in CASES for line in lines_of(case.text)})


def value_of(text: str, secret: Secret) -> str:
    lines = lines_of(text)[secret.place.first - 1 : secret.place.last]
    if len(lines) == 1:
        return lines[0][secret.first : secret.last]
    return "\n".join([lines[0][secret.first :], *lines[1:-1], lines[-1][: secret.last]])


def found_in(text: str, dialect: str) -> list[tuple[int, str, str]]:
    return [(s.place.first, s.code, value_of(text, s)) for s in find(lines_of(text), dialect)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_secret_of_a_text_is_found_and_nothing_else(case: Case) -> None:
    assert found_in(case.text, case.dialect) == list(case.secrets)


@pytest.mark.parametrize("case", CONFIGURATION_CASES, ids=lambda case: case.name)
def test_the_same_lines_quoted_in_a_report_are_found_too(case: Case) -> None:
    assert found_in(case.text, "") == list(case.secrets)


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_where_there_is_no_secret(name: str) -> None:
    dialect, text = CLEAN[name]
    assert found_in(text, dialect) == []


@pytest.mark.parametrize("name", CLEAN)
def test_nothing_is_found_in_a_clean_configuration_quoted_in_a_report(name: str) -> None:
    assert found_in(CLEAN[name][1], "") == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=60),
    st.sampled_from(["", "cisco-ios", "fortios", "pfsense"]),
)
def test_what_is_found_does_not_depend_on_how_lines_are_taken_together(
    lines: list[str], dialect: str
) -> None:
    whole = find(lines, dialect)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "_CHUNK", 40)
        assert find(lines, dialect) == whole


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=200), max_size=20), st.sampled_from(["", "junos", "panos-xml"]))
def test_any_text_gives_places_inside_it_in_order(lines: list[str], dialect: str) -> None:
    found = find(lines, dialect)
    assert found == sorted(found, key=lambda s: (s.place.first, s.first))
    for secret in found:
        assert 1 <= secret.place.first <= secret.place.last <= len(lines)
        assert 0 <= secret.first <= len(lines[secret.place.first - 1])
        assert 0 < secret.last <= len(lines[secret.place.last - 1])


@pytest.mark.parametrize(
    "value",
    [
        "<removed>", "*****", "xxxxxxxx", "REDACTED", "[redacted]", "...", "${DB_PASSWORD}", "$PASSWORD",
        "{{ password }}", "%(password)s", "<your password>", "os.environ", "netconanRemoved0", "•••••",
    ],
)  # fmt: skip
def test_a_value_that_was_masked_already_is_no_secret(value: str) -> None:
    assert find([f"password = {value}"], "") == []
    assert find([f'password: "{value}"'], "") == []


@pytest.mark.parametrize("value", ["changeme", "password1", "xxYxx", "secret", "admin", "b!d", "r3d-acted*"])
def test_a_weak_password_is_still_one(value: str) -> None:
    assert [secret.code for secret in find([f'"password": "{value}"'], "")] == ["password"]
    assert [secret.code for secret in find([f"password={value}"], "")] == ["password"]


def test_letters_that_grow_when_they_become_small_do_not_shift_what_is_found() -> None:
    lines = ["İİİİ", "password: hunter2", "İ password: hunter3"]
    found = find(lines, "")
    assert [lines[s.place.first - 1][s.first : s.last] for s in found] == ["hunter2", "hunter3"]


def test_a_certificate_and_a_key_block_without_a_key_are_no_secrets() -> None:
    text = "-----BEGIN RSA PRIVATE KEY-----\n[removed]\n-----END RSA PRIVATE KEY-----\n"
    assert found_in(text, "") == []


def test_a_key_that_is_cut_off_ends_with_its_last_line() -> None:
    lines = [
        "-----BEGIN PRIVATE KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
        "hostname R1",
    ]
    [secret] = find(lines, "")
    assert (secret.code, secret.place.first, secret.place.last) == ("private-key", 1, 2)


@pytest.mark.parametrize("margin", ["", "    ", "# ", "> ", "! ", "+", "12: "])
def test_a_key_is_found_with_a_margin_before_each_line(margin: str) -> None:
    lines = [
        margin + line
        for line in (
            "-----BEGIN RSA PRIVATE KEY-----",
            "MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn",
            "-----END RSA PRIVATE KEY-----",
        )
    ]
    [secret] = find(lines, "")
    assert (secret.place.first, secret.place.last, secret.first) == (1, 3, len(margin))
