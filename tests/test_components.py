"""Forms and parts come out accessible, escaped and free of inline code."""

import re
from html.parser import HTMLParser

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils.functional import lazy
from django.utils.translation import get_language, override

from workbench.styleguide import SampleForm, sample_context
from workbench.templatetags.components import STATES, card_label, initials


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def by_id(self, wanted: str) -> dict[str, str | None]:
        [attributes] = [attributes for _tag, attributes in self.found if attributes.get("id") == wanted]
        return attributes


def draw(source: str, **context: object) -> str:
    return Template("{% load components %}" + source).render(Context(context))


@pytest.fixture(scope="module")
def guide() -> str:
    return render_to_string("styleguide.html", sample_context())


def test_a_refused_field_points_to_its_help_and_its_error() -> None:
    page = Elements(str(SampleForm({"title": ""})))
    title = page.by_id("id_title")
    assert title["aria-invalid"] == "true"
    assert title["aria-describedby"] == "id_title_helptext id_title_error"
    assert page.by_id("id_title_helptext") is not None
    assert page.by_id("id_title_error") is not None


def test_the_error_summary_links_to_a_control_that_exists() -> None:
    html = str(SampleForm({"title": ""}))
    page = Elements(html)
    targets = re.findall(r'<a href="#([^"]+)">', html)
    assert {"id_title", "id_criteria_0", "id_visibility_0", "id_file", "id_own_work"} <= set(targets)
    for target in targets:
        assert page.by_id(target) is not None


def test_a_form_that_nobody_sent_has_no_summary() -> None:
    assert "error-summary" not in str(SampleForm())


def test_an_error_of_the_whole_form_is_in_the_summary_once() -> None:
    class Refused(forms.Form):
        name = forms.CharField()

        def clean(self) -> None:
            raise forms.ValidationError("These two do not agree.")

    assert str(Refused({"name": "Ada"})).count("These two do not agree.") == 1


def test_hidden_fields_survive() -> None:
    class Hidden(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput)
        name = forms.CharField()

    assert Elements(str(Hidden(initial={"version": 3}))).by_id("id_version")["value"] == "3"


def test_every_control_of_a_form_has_a_label() -> None:
    page = Elements(str(SampleForm()))
    labelled = {attributes.get("for") for tag, attributes in page.found if tag == "label"}
    controls = [a["id"] for tag, a in page.found if tag in ("input", "select", "textarea")]
    assert len(controls) >= 11
    assert set(controls) <= labelled


def test_only_what_is_not_required_says_optional() -> None:
    html = str(SampleForm())
    assert html.count("(optional)") == 2


def test_every_state_has_colour_icon_and_text() -> None:
    for name, state in STATES.items():
        html = draw("{% status_badge name %}", name=name)
        assert f'data-tone="{state.tone}"' in html
        assert "<svg" in html
        assert str(state.label) in html


def test_an_unknown_state_is_shown_as_it_is_written() -> None:
    assert "Half way" in draw("{% status_badge 'half_way' %}")


def test_hostile_texts_are_escaped() -> None:
    hostile = '<script>alert("1")</script>'
    for source in (
        "{% status_badge hostile %}",
        "{% pill hostile %}",
        "{% digest hostile %}",
        "{% icon 'check' label=hostile %}",
        '{% include "_parts/evidence_card.html" with title=hostile narrative=hostile only %}',
        '{% include "_parts/alert.html" with text=hostile title=hostile only %}',
    ):
        html = draw(source, hostile=hostile)
        assert "<script" not in html
        assert "script" in html
    assert "<script" not in str(card_label(hostile, hostile))


def test_a_long_digest_shows_its_ends_and_keeps_the_whole() -> None:
    value = "0123456789" + "a" * 48 + "uvwxyz"
    html = draw("{% digest value %}", value=value)
    assert f'title="{value}"' in html
    assert ">0123456789…uvwxyz<" in html
    assert "…" not in draw("{% digest 'abc' %}")


def test_an_icon_is_decoration_unless_it_has_a_name() -> None:
    assert 'aria-hidden="true"' in draw("{% icon 'check' %}")
    named = draw("{% icon 'check' label='Passed' %}")
    assert 'role="img"' in named
    assert 'aria-label="Passed"' in named


def test_card_labels_wait_for_the_language_of_the_reader() -> None:
    label = card_label(lazy(get_language, str)(), "explained")
    with override("nl"):
        assert '<span class="card-choice-title">nl</span>' in str(label)
    with override("fr"):
        assert '<span class="card-choice-title">fr</span>' in str(label)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada Lovelace", "AL"),
        ("Jean-Luc", "JL"),
        ("Bo", "BO"),
        ("", "?"),
        ("  ", "?"),
        ("“ ”", "?"),
        ("É. Ôme", "ÉÔ"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_a_check_that_was_not_made_is_neither_passed_nor_failed() -> None:
    checks = [
        {"name": "status", "passed": None},
        {"name": "proof", "passed": True},
        {"name": "dates", "passed": False},
    ]
    html = draw('{% include "_parts/checks.html" with checks=checks only %}', checks=checks)
    assert [html.count(word) for word in ("Not checked", "Passed", "Failed")] == [1, 1, 1]


def test_the_scorer_marks_the_chosen_level_and_no_other() -> None:
    criterion = sample_context()["criteria"][0]
    html = draw(
        '{% include "_parts/rubric_scorer.html" with criterion=criterion name="s" selected="FW.1-2" only %}',
        criterion=criterion,
    )
    chosen = [a["value"] for tag, a in Elements(html).found if tag == "input" and "checked" in a]
    assert chosen == ["FW.1-2"]


def test_lines_of_code_keep_their_numbers_and_their_text() -> None:
    lines = [{"number": 1200, "text": "permit <any> any"}]
    html = draw('{% include "_parts/code.html" with lines=lines name="acl" only %}', lines=lines)
    assert 'id="L1200" value="1200"' in html
    assert "permit &lt;any&gt; any</li>" in html


def test_no_page_part_holds_inline_code_or_style(guide: str) -> None:
    for tag, attributes in Elements(guide).found:
        assert "style" not in attributes, (tag, attributes)
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        assert tag != "style"
        if tag == "script":
            assert attributes.get("src")


def test_no_id_is_used_twice(guide: str) -> None:
    ids = [attributes["id"] for _tag, attributes in Elements(guide).found if "id" in attributes]
    assert sorted(ids) == sorted(set(ids))


def test_the_page_for_our_own_failures_needs_no_context() -> None:
    html = render_to_string("500.html")
    assert "Something went wrong on our side" in html
    assert "workbench/css/tokens.css" in html
