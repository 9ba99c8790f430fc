"""Read the lines that a note stands at, and quote them without the secrets in them."""

from dataclasses import dataclass

from assessments.analysers.analysis import Secret
from assessments.analysers.recognition.decoding import decode
from assessments.analysers.secrets.finding import lines_of
from assessments.analysers.secrets.redacting import StillSecret, freed, redacted
from assessments.models import Evidence
from assessments.opening import open_evidence
from assessments.viewing.items import reading_of

# Longer texts are annotated all the same, without a quote: reading them must not hold up a request.
MAX_BYTES = 4 * 1024 * 1024
MAX_QUOTE_LINES = 40
MAX_QUOTE = 4000
# A secret over several lines is only known by the line that opens it.
LINES_BEFORE = 200


@dataclass(frozen=True)
class Reading:
    """The lines of a text; ``masked`` are the same lines without what the analysis marks as secret."""

    lines: list[str]
    masked: list[str]

    def quote(self, first: int, last: int) -> str:
        """Lines ``first`` to ``last`` (from 1) without secrets, cut to what is kept; may be empty."""
        last = min(last, first + MAX_QUOTE_LINES - 1)
        before = max(0, first - 1 - LINES_BEFORE)
        window = "\n".join(self.masked[before:last])
        try:
            # The analysis may be missing, cut, or older than a pattern: look once more before keeping.
            safe = freed(window, "").text
        except StillSecret:
            return ""
        # A database keeps no NUL.
        quoted = "\n".join(lines_of(safe)[first - 1 - before :]).replace("\0", "\ufffd")
        return quoted if len(quoted) <= MAX_QUOTE else quoted[:MAX_QUOTE].rpartition("\n")[0]


def read_lines(item: Evidence) -> Reading | None:
    """The text of an item; None for what is no text, or too long to read while somebody waits.

    Raises DomainError while the file is in quarantine or when it is gone.
    """
    if not item.is_file or item.size > MAX_BYTES:
        return None
    with open_evidence(item) as file:
        decoded = decode(file.read(MAX_BYTES + 1), cut=False)
    if decoded is None:
        return None
    analysis = reading_of(item)
    secrets = [Secret.from_json(data) for data in analysis.secrets] if analysis else []
    lines = _lines(decoded.text)
    return Reading(lines, _lines(redacted(decoded.text, secrets)) if secrets else lines)


def _lines(text: str) -> list[str]:
    lines = lines_of(text.removeprefix("\ufeff"))
    if lines and not lines[-1]:
        lines.pop()
    return lines
