"""Writes docs/analysers.md from the cases of the tests: `python -m tests.analysers.page`."""

import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path

import django
from django.utils import translation

from assessments.analysers.secrets.codes import NATURES
from tests.analysers.captures import cases as captures
from tests.analysers.configurations import cases as configurations
from tests.analysers.documents import cases as documents
from tests.analysers.images import cases as images
from tests.analysers.secrets import cases as secrets

# ruff: noqa: E501 (the page is written in lines as long as paragraphs are)

PAGE = Path(__file__).parents[2] / "docs" / "analysers.md"

TEXT = """\
# What the analysers read and find

`DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python -m tests.analysers.page` writes this page from the cases of the tests; a test
fails when they differ. Every case has its expected rules, findings and secrets written by hand beside a file that was made for it.

An analyser reads one file in a confined child ([decision 0007](decisions/0007-untrusted-bytes-in-a-child.md)): at most 60 seconds of CPU, 1 GB of address
space, 64 MB of answer, no network. It keeps what stands before a damage and says what it skipped. `WORKBENCH_DEBUG=1
.venv/bin/python manage.py analyse FILE` shows what it says of any file.

## Firewall configurations

| dialect | read into rules | only named as not read | findings that its fixtures show |
|---|---|---|---|
{dialects}

`ip6tables-save` is read as `iptables-save` is. All dialects land in one model of rules (`assessments/analysers/configurations/rules.py`): list,
order, action, addresses, services, states, interfaces or zones, logging, comment, lines. Two rules are compared only when
everything about both is known; a rule with further conditions never hides another.

| finding | in words | why it matters |
|---|---|---|
{configuration_findings}

### Facts

{configuration_facts}

## Packet captures

pcap in every byte order and with microseconds or nanoseconds, pcapng with several sections and interfaces, gzip of either.

| capture | what it holds | findings | secrets and personal data |
|---|---|---|---|
{captures}

| finding | in words | why it matters |
|---|---|---|
{capture_findings}

### Facts

{capture_facts}

## Documents

| document | findings | secrets and personal data |
|---|---|---|
{documents}

| finding | in words | why it matters |
|---|---|---|
{document_findings}

## Images

Shown only as a picture that was drawn again, without anything else that stood in the file.

| image | facts | what else stands in the file |
|---|---|---|
{images}

## Secrets and personal data

A mark says where something stands and of what kind it is; its value is kept nowhere else. While a mark is open the file cannot be public.

| text | kinds that are marked in it |
|---|---|
{secret_texts}

| kind | nature | in words |
|---|---|---|
{secret_kinds}

## What is skipped

| reason | in words |
|---|---|
{skipped}
"""


def render() -> str:
    """The whole page, as the cases are now."""
    # After django.setup(): the words are Django's translations.
    from assessments.analysers.captures import analysing as capture_analysis
    from assessments.analysers.configurations import analysing as configuration_analysis
    from assessments.explaining import skipped
    from assessments.explaining.findings import WORDS
    from assessments.explaining.secrets import WORDS as SECRET_WORDS

    with translation.override("en"):
        return TEXT.format(
            dialects=_rows(
                (f"{one.product} (`{dialect}`)", _listed(one.read), _listed(one.named), _codes(one.findings))
                for dialect, one in configurations.CASES.items()
            ),
            configuration_findings=_words(WORDS["firewall-configuration"]),
            configuration_facts=_indented(inspect.getdoc(configuration_analysis.analyse) or ""),
            captures=_rows(
                (
                    one.title,
                    one.reads,
                    _codes(dict.fromkeys(code for _, code, *_ in one.findings)),
                    _counted(one.secrets),
                )
                for one in captures.CASES
            ),
            capture_findings=_words(WORDS["packet-capture"]),
            capture_facts=_indented(inspect.getdoc(capture_analysis) or ""),
            documents=_rows(
                (one.name, _codes(sorted(one.findings)), _codes(sorted({code for code, *_ in one.secrets})))
                for one in documents.CASES
            ),
            document_findings=_words(WORDS["document"]),
            images=_rows((one.name, _told(one.facts), _codes(sorted(one.secrets))) for one in images.CASES),
            secret_texts=_rows(
                (one.name, _codes(dict.fromkeys(code for _, code, _ in one.secrets))) for one in secrets.CASES
            ),
            secret_kinds=_rows(
                (f"`{code}`", nature, str(SECRET_WORDS[code].title)) for code, nature in NATURES.items()
            ),
            skipped=_rows((f"`{reason}`", str(words)) for reason, words in skipped.REASONS.items()),
        )


def _rows(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") or "–" for cell in row) + " |" for row in rows
    )


def _words(table: Mapping) -> str:
    return _rows((f"`{code}`", _places(words.title), _places(words.why)) for code, words in table.items())


def _places(text: object) -> str:
    """``%(rule)s`` as a reader of the page expects it."""
    return str(text).replace("%(", "⟨").replace(")s", "⟩").replace("%%", "%")


def _listed(parts: Iterable[str]) -> str:
    return "; ".join(parts)


def _codes(codes: Iterable[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


def _counted(found: Iterable[tuple[str, int]]) -> str:
    return _codes(dict.fromkeys(code for code, _ in found))


def _told(facts: Mapping) -> str:
    return _listed(f"{name}: {value}" for name, value in facts.items() if value not in ([], None))


def _indented(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


if __name__ == "__main__":
    django.setup()
    PAGE.write_text(render(), encoding="utf-8")
