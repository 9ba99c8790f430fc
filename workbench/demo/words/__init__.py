"""What learners and assessors of the demo world write, in English, French and Dutch."""

import random
from typing import Final, Literal

from workbench.demo.words import justifications, narratives, remarks, verdicts

Subject = Literal["firewall", "traffic"]
Kind = Literal["firewall-configuration", "packet-capture", "document", "image", "other"]
Outcome = Literal["approve", "return", "reject"]
Language = str
LANGUAGES: Final = ("en", "fr", "nl")
FLAG: Final = "Le plan de zones ressemble beaucoup à celui d'un autre dossier : comparez les deux."


def title(rng: random.Random, subject: Subject, kind: Kind, language: Language) -> str:
    """A title for an evidence item of this kind."""
    return _pick(rng, narratives.TITLES.get((subject, kind), narratives.OTHER_TITLES), language)


def narrative(rng: random.Random, subject: Subject, quality: int, language: Language) -> str:
    """What a learner says about a piece of work; quality 0 to 3 as the work itself."""
    opening = _pick(rng, narratives.OPENINGS[subject], language)
    return f"{opening} {_pick(rng, narratives.WORK[subject][quality], language)}"


def theme_of(criterion: str) -> str:
    """The theme that a criterion's title, in any of the languages, is about; `general` when unsure."""
    words = criterion.casefold()
    marks = ((theme, words_of.split("|")) for theme, words_of in justifications.MARKS)
    return next((theme for theme, known in marks if any(mark in words for mark in known)), "general")


def justification(rng: random.Random, theme: str, language: Language) -> str:
    """Why a learner thinks that the evidence shows a criterion of this theme (see `theme_of`)."""
    return _pick(rng, justifications.BY_THEME[theme], language)


def comment(rng: random.Random, level: int, language: Language) -> str:
    """An assessor's comment on one criterion, for level 0 (not shown) to 3 (mastered)."""
    return _pick(rng, verdicts.COMMENTS[level], language)


def feedback(rng: random.Random, subject: Subject, outcome: Outcome, language: Language) -> str:
    """The feedback of a decision, a few sentences to the learner."""
    greeting = _pick(rng, verdicts.GREETINGS[outcome], language)
    return f"{greeting} {_pick(rng, verdicts.REASONS[subject, outcome], language)}"


def note(rng: random.Random, family: str, language: Language) -> str:
    """What an assessor notes at a finding of this family; see ``remarks.NOTES``."""
    return _pick(rng, remarks.NOTES[family], language)


def no_secret(rng: random.Random, language: Language) -> str:
    """Why a learner says that a hardware address in a capture is no secret."""
    return _pick(rng, remarks.REASONS, language)


def revocation(rng: random.Random, language: Language) -> str:
    """Why a badge was revoked."""
    return _pick(rng, verdicts.REVOCATIONS, language)


def appeal(rng: random.Random, language: Language) -> str:
    """What a learner writes who thinks that a decision was wrong."""
    return _pick(rng, verdicts.APPEALS, language)


def _pick(rng: random.Random, choices: tuple[dict[str, str], ...], language: Language) -> str:
    return rng.choice(choices)[language]
