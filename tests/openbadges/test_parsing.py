"""JSON is read in one way only, or not at all."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from badges.openbadges import parsing

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON_VALUES, max_size=5))
def test_what_is_serialised_is_read_back(document):
    assert parsing.parse(parsing.serialise(document)) == document
    assert parsing.parse(parsing.serialise(document).encode("utf-8")) == document


@given(st.text())
def test_serialised_text_can_stand_in_cdata(text):
    serialised = parsing.serialise({"text": text, "end": "]]>", "\ufffe": "\uffff"})
    assert "]]>" not in serialised
    assert not any(character in serialised for character in "\ufffe\uffff")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", parsing.ParseError),
        ("{", parsing.ParseError),
        ("{} {}", parsing.ParseError),
        ("{'a': 1}", parsing.ParseError),
        ('{"a": 1,}', parsing.ParseError),
        ('\ufeff{"a": 1}', parsing.ParseError),
        ('{"a": "\n"}', parsing.ParseError),
        ('{"a": 01}', parsing.ParseError),
        ("[]", parsing.NotAnObject),
        ('"text"', parsing.NotAnObject),
        ("null", parsing.NotAnObject),
        ('{"a": 1, "a": 2}', parsing.DuplicateKey),
        ('{"b": {"a": 1, "\\u0061": 1}}', parsing.DuplicateKey),
        ('{"a": NaN}', parsing.NumberRefused),
        ('{"a": -Infinity}', parsing.NumberRefused),
        ('{"a": 1e999}', parsing.NumberRefused),
        ('{"a": 9007199254740993}', parsing.NumberRefused),
        ('{"a": ' + "9" * 100_000 + "}", parsing.NumberRefused),
        ('{"a": "\\ud800"}', parsing.NotText),
        ('{"\\udfff": 1}', parsing.NotText),
        (b'{"a": "\xff"}', parsing.NotText),
        ('{"a": 1}'.encode("utf-16"), parsing.NotText),
        ('{"a": "' + "x" * parsing.MAX_BYTES + '"}', parsing.TooLarge),
        ('{"a":' * 33 + "1" + "}" * 33, parsing.TooDeep),
        ('{"a":' + "[" * 500_000, parsing.TooDeep),
    ],
)
def test_text_that_can_be_read_in_two_ways_is_refused_by_name(text, error):
    with pytest.raises(error) as refused:
        parsing.parse(text)
    assert type(refused.value) is error


def test_thirty_one_objects_in_each_other_are_deep_enough():
    text = '{"a":' * 31 + "1" + "}" * 31
    assert parsing.parse(text)["a"]


@pytest.mark.parametrize("deepest", ["1", '"x"', "[]", "{}", "null"])
def test_whatever_stands_below_the_limit_is_too_deep(deepest):
    """Thirty-one objects or arrays around a value are allowed, whatever it is; thirty-two are not."""
    for around in (31, 32):
        pairs = [('{"a":', "}") if number % 2 == 0 else ("[", "]") for number in range(around)]
        text = "".join(opening for opening, _ in pairs) + deepest
        text += "".join(closing for _, closing in reversed(pairs))
        if around < parsing.MAX_DEPTH:
            assert parsing.parse(text)
        else:
            with pytest.raises(parsing.TooDeep):
                parsing.parse(text)


@pytest.mark.parametrize("text", ['{"a":"\ud800"}', '{"\udfff":1}', b'{"a":"\\uD800"}', '{"\\udfff":[]}'])
def test_half_a_surrogate_pair_is_no_text(text):
    with pytest.raises(parsing.NotText):
        parsing.parse(text)


def test_a_whole_surrogate_pair_is_a_text():
    assert parsing.parse('{"a":"\\ud83d\\udee1 \\u00e9 é"}')["a"] == "\U0001f6e1 é é"


def test_each_refusal_has_its_own_code():
    kinds = [parsing.ParseError, *parsing.ParseError.__subclasses__()]
    assert len({kind.code for kind in kinds}) == len(kinds) == 7


def test_a_hostile_megabyte_is_refused_fast():
    keys = ",".join(f'"{number}":1' for number in range(60_000))
    started = time.perf_counter()
    with pytest.raises(parsing.DuplicateKey):
        parsing.parse("{" + keys + ',"7":1}')
    assert time.perf_counter() - started < 2


def test_serialising_refuses_what_is_not_json():
    with pytest.raises(ValueError, match="Out of range"):
        parsing.serialise({"a": float("nan")})
    assert json.loads(parsing.serialise({"a": "é"})) == {"a": "é"}
