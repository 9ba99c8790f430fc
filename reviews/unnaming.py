"""Find where evidence names its learner, before it is shown to others without a name."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from assessments.models import Evidence, Submission
from workbench.storage import open_blob

# Short parts of names ("de", "van") stand in every text.
LEAST_LETTERS = 4
MOST_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True)
class Place:
    """Where a name stands: an item of the evidence, and which part of it."""

    item: Evidence
    part: Any


def names_in(submission: Submission) -> list[Place]:
    """The parts of the evidence in which a part of the learner's name or address stands, as plain text.

    Says nothing of what is drawn, packed or written in another way: a person looks all the same.
    """
    wanted = _parts_of(submission.learner.name, submission.learner.email)
    if not wanted:
        return []
    found = []
    for item in submission.evidence.in_order().with_supports().select_related("blob"):
        texts = {
            _("the title"): item.title,
            _("the file name"): item.filename,
            _("the narrative"): item.narrative,
            _("the address"): item.url,
            _("the justifications"): " ".join(one.justification for one in item.supports.all()),
            _("the content"): _content(item),
        }
        found += [Place(item, part) for part, text in texts.items() if _stands(wanted, text)]
    return found


def _parts_of(name: str, email: str) -> list[str]:
    parts = [*re.split(r"[\s,.'’-]+", name.casefold()), email.casefold()]
    return [part for part in parts if len(part) >= LEAST_LETTERS]


def _stands(wanted: list[str], text: str) -> bool:
    lowered = text.casefold()
    return any(part in lowered for part in wanted)


def _content(item: Evidence) -> str:
    """The beginning of a file that may be opened, read as text."""
    if item.blob is None or item.blob.is_quarantined:
        return ""
    with open_blob(item.blob.sha256) as file:
        content: bytes = file.read(MOST_BYTES)
    return content.decode("utf-8", errors="ignore")
