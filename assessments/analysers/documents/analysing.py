"""Analyse a document of any kind: its text, its shape, what is hidden and what is secret in it."""

from collections.abc import Callable, Mapping
from typing import BinaryIO, Final

from assessments.analysers.analysis import Analysis, Place, Secret, Skipped
from assessments.analysers.documents import open_document, pdf, sheets, slides, texts, word
from assessments.analysers.documents.archive import Archive, Refusal
from assessments.analysers.documents.contents import Contents
from assessments.analysers.recognising import Recognised
from assessments.analysers.recognition.decoding import decode
from assessments.analysers.secrets.finding import find, lines_of, survey
from assessments.analysers.secrets.mixed import holds_more
from assessments.analysers.secrets.redacting import StillSecret, freed

ANALYSER: Final = "document"
VERSION: Final = 1
MAX_BYTES: Final = 60_000_000
EXCERPT: Final = 2_000

_OFFICE: Final[Mapping[str, Callable[[Archive], Contents]]] = {
    "docx": word.read,
    "xlsx": sheets.read,
    "pptx": slides.read,
    "odt": open_document.read,
    "ods": open_document.read,
    "odp": open_document.read,
}


def analyse(content: BinaryIO, recognised: Recognised) -> Analysis:
    """The analysis of one document; damage is said in `skipped`, never raised.

    Facts: `label`, `words`, `characters`, `headings` (the first hundred), `links`, `excerpt`; `pages` (also
    sheets and slides) or `lines`, `rows` and `columns` of a table, `shape` and `members` of JSON. Places are
    pages, or lines of the text. The detail is ``{"unit", "pages": [{"number", "text"}]}``, none for a file
    that is text itself. Excerpt, headings and detail hold no secret: markers stand in their place.
    """
    contents = _contents(content, recognised)
    words = sum(len(page.split()) for page in contents.pages)
    characters = sum(map(len, contents.pages))
    found, left_out = _secrets(contents)
    shown = _without_secrets(contents.pages)
    headings = _without_secrets(contents.headings)
    facts = {
        "label": recognised.label_code,
        "words": words,
        "characters": characters,
        "links": 0,
        **contents.facts,
        "headings": headings,
        "excerpt": _excerpt(shown),
    }
    pages = [{"number": number, "text": text} for number, text in enumerate(shown, 1)]
    return Analysis(
        analyser=ANALYSER,
        version=VERSION,
        dialect="",
        facts=facts,
        findings=tuple(contents.findings),
        secrets=(*contents.secrets, *found),
        skipped=tuple(contents.skipped),
        detail=None if contents.source is not None or not pages else {"unit": contents.unit, "pages": pages},
        secrets_left_out=left_out,
    )


def _contents(content: BinaryIO, recognised: Recognised) -> Contents:
    data = content.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        return _refused("too-large")
    try:
        if recognised.label_code == "pdf":
            return pdf.read(data)
        if recognised.label_code in _OFFICE:
            content.seek(0)
            return _OFFICE[recognised.label_code](Archive(content))
    except Refusal as refusal:
        return _refused(refusal.reason)
    decoded = decode(data, cut=False)
    if decoded is None:
        return _refused("not-text")
    contents = texts.read(decoded.text, recognised.label_code)
    if holds_more(data, decoded):
        contents.skipped.append(Skipped("undecodable", detail=decoded.encoding))
    return contents


def _refused(reason: str) -> Contents:
    return Contents("page", skipped=[Skipped(reason)])


def _secrets(contents: Contents) -> tuple[list[Secret], int]:
    """Where secrets stand in the text: by line of the only page, or by page (each kind once a page)."""
    if contents.unit == "line":
        text = "\n".join(contents.pages) if contents.source is None else contents.source
        answer = survey(lines_of(text), "")
        codes = _unshown(contents.beside, text)
        whole = Place("line", 1, text.count("\n") + 1)
        return [*answer.secrets, *(Secret(code, whole) for code in codes)], answer.left_out
    found: list[Secret] = []
    left_out = 0
    places = [(Place("page", number, number), text) for number, text in enumerate(contents.pages, 1)]
    places.append((Place("page", 1, max(1, len(contents.pages))), "\n".join(contents.beside)))
    for place, text in places:
        answer = survey(lines_of(text), "")
        found.extend(Secret(code, place) for code in dict.fromkeys(s.code for s in answer.secrets))
        left_out += answer.left_out
    return list(dict.fromkeys(found)), left_out


def _unshown(beside: list[str], shown: str) -> list[str]:
    """The kinds of the secrets that stand beside the text alone."""
    lines = lines_of("\n".join(beside))
    codes = {}
    for secret in find(lines, ""):
        first, last = secret.place.first - 1, secret.place.last
        value = lines[first][secret.first : secret.last] if last == first + 1 else lines[first]
        if value not in shown:
            codes[secret.code] = True
    return list(codes)


def _without_secrets(pages: list[str]) -> list[str]:
    """The pages freed together, so that a value has the same marker on each; none where that fails."""
    ends: list[int] = []
    for page in pages:
        ends.append((ends[-1] if ends else 0) + page.count("\n") + 1)
    try:
        lines = freed("\n".join(pages), "").text.split("\n")
    except StillSecret:
        return ["" for _ in pages]
    starts = [0, *ends]
    return ["\n".join(lines[start:end]) for start, end in zip(starts, ends, strict=False)]


def _excerpt(pages: list[str]) -> str:
    text = ""
    for page in pages:
        text += " ".join(page.split()) + "\n"
        if len(text) > EXCERPT:
            break
    return text[:EXCERPT].strip()
