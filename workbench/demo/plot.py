"""What happens in the demo world: who tries what, how well, when, and how it ends."""

from dataclasses import dataclass
from typing import Final, Literal

from workbench.demo.policies import Quality
from workbench.demo.words import Subject

Ending = Literal["draft", "withdraw", "wait", "review", "approve", "return", "reject"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt; ``begun``, ``handed_in`` and ``ended`` are days before today, None for what never came.

    ``learner`` and ``assessor`` are a key of the cast or the first name of an invented learner. Attempts
    of one learner at one subject stand in their order. ``firewall`` names the configuration file, where
    it matters which.
    """

    learner: str
    subject: Subject
    quality: Quality
    ending: Ending
    begun: int
    handed_in: int | None = None
    ended: int | None = None
    assessor: str = ""
    firewall: str = ""


# The days before today on which the world is set up and on which the programmes begin.
SET_UP: Final = 44
PILOT_BEGINS: Final = 42
EVENING_BEGINS: Final = 28

PILOT: Final = (
    Attempt("ada", "firewall", 3, "approve", 37, 33, 30, "bo", "rules.v4"),
    Attempt("ada", "traffic", 1, "return", 22, 15, 4, "bea"),
    Attempt("alan", "firewall", 2, "wait", 9, 3, firewall="nftables.conf"),
    Attempt("alan", "traffic", 2, "draft", 2),
    Attempt("Manon", "firewall", 3, "approve", 37, 32, 29, "bea"),
    Attempt("Manon", "traffic", 2, "approve", 25, 19, 15, "bo"),
    Attempt("Yanis", "firewall", 2, "approve", 36, 31, 28, "bo"),
    Attempt("Yanis", "traffic", 3, "wait", 26, 20),
    Attempt("Clément", "traffic", 3, "approve", 35, 30, 26, "bea"),
    Attempt("Clément", "firewall", 1, "draft", 9),
    Attempt("Aïcha", "firewall", 3, "approve", 33, 27, 23, "bea"),
    Attempt("Aïcha", "traffic", 2, "wait", 12, 8),
    Attempt("Mathilde", "firewall", 1, "return", 32, 27, 23, "bo"),
    Attempt("Mathilde", "firewall", 2, "draft", 6),
    Attempt("Kévin", "traffic", 1, "return", 26, 20, 14, "bo"),
    Attempt("Thanh-Mai", "firewall", 3, "approve", 32, 26, 24, "bo"),
    Attempt("Thanh-Mai", "traffic", 3, "approve", 20, 14, 9, "bea"),
    Attempt("Jérôme", "firewall", 2, "approve", 30, 25, 22, "bo"),
    Attempt("Jérôme", "traffic", 1, "wait", 22, 15),
    Attempt("Samira", "firewall", 1, "return", 35, 30, 27, "bea"),
    Attempt("Samira", "firewall", 2, "approve", 24, 18, 13, "bea"),
    Attempt("Samira", "traffic", 3, "review", 14, 9, None, "bo"),
    Attempt("Quentin", "firewall", 0, "reject", 31, 26, 22, "bea"),
    Attempt("Quentin", "traffic", 1, "draft", 3),
    Attempt("François", "firewall", 1, "withdraw", 25, 19, 18),
    Attempt("Nawal", "firewall", 1, "return", 28, 21, 17, "bo"),
    Attempt("Nawal", "firewall", 2, "review", 11, 6, None, "bea"),
    Attempt("Loïc", "traffic", 0, "withdraw", 18, None, 10),
    Attempt("Loïc", "firewall", 2, "draft", 4),
    Attempt("Lotte", "firewall", 3, "approve", 34, 28, 25, "bea"),
    Attempt("Lotte", "traffic", 3, "wait", 16, 11),
    Attempt("Jeroen", "traffic", 2, "approve", 31, 24, 20, "bea"),
    Attempt("Jeroen", "firewall", 2, "wait", 7, 2),
    Attempt("Fatima", "traffic", 1, "return", 30, 23, 18, "bea"),
    Attempt("Fatima", "traffic", 2, "wait", 12, 7),
    Attempt("Pieter-Jan", "firewall", 1, "return", 34, 29, 26, "bo"),
    Attempt("Pieter-Jan", "firewall", 3, "approve", 20, 12, 8, "bo"),
    Attempt("Femke", "traffic", 0, "reject", 24, 17, 12, "bo"),
    Attempt("Olena", "firewall", 3, "approve", 29, 22, 17, "bo"),
    Attempt("Olena", "traffic", 1, "wait", 5, 1),
    Attempt("Rajesh", "traffic", 3, "approve", 27, 21, 16, "bo"),
    Attempt("Rajesh", "firewall", 3, "wait", 8, 5),
    Attempt("Mathilde", "traffic", 2, "wait", 13, 8),
    Attempt("Nawal", "traffic", 2, "wait", 14, 9),
    Attempt("Pieter-Jan", "traffic", 3, "wait", 15, 10),
)

EVENING: Final = (
    Attempt("Élodie", "traffic", 3, "approve", 24, 18, 14, "bea"),
    Attempt("Salvatore", "traffic", 2, "wait", 6, 4),
    Attempt("Grâce", "traffic", 1, "draft", 2),
    Attempt("Emre", "traffic", 1, "return", 16, 10, 5, "bea"),
)

# Who attends the evening course; all others attend the pilot, and a few of them have not begun.
EVENING_LEARNERS: Final = frozenset({"Élodie", "Salvatore", "Grâce", "Emre"})


@dataclass(frozen=True, slots=True)
class Revocation:
    learner: str
    subject: Subject
    day: int
    by: str


REVOCATION: Final = Revocation("Clément", "traffic", 5, "mo")
