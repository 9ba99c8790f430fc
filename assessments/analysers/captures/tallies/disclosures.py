"""Packets that carry what lets someone in: how many, where, of which conversations, never what."""

from dataclasses import dataclass, field

from assessments.analysers.captures.tallies.caps import MAX_LOGINS, MAX_SECRETS_LISTED, Caps
from assessments.analysers.captures.tallies.flows import reversed_key


@dataclass(slots=True)
class Disclosures:
    """`packets` counts by code; `named` are (code, packet), the first of each conversation.

    Both directions of `flows` are masked in windows and blanked in copies.
    """

    caps: Caps
    packets: dict[str, int] = field(default_factory=dict)
    named: list[tuple[str, int]] = field(default_factory=list)
    conversations: dict[tuple[str, bytes], int] = field(default_factory=dict)
    left_out: int = 0
    states: dict[bytes, str] = field(default_factory=dict)

    def add(self, code: str, key: bytes, number: int) -> None:
        self.packets[code] = self.packets.get(code, 0) + 1
        back = reversed_key(key)
        place = (code, min(key, back))
        if place in self.conversations:
            return
        if len(self.conversations) < MAX_LOGINS:
            self.conversations[place] = number
        else:
            self.caps.over("logins")
        if len(self.named) < MAX_SECRETS_LISTED:
            self.named.append((code, number))
        else:
            self.left_out += 1

    def expect(self, key: bytes, state: str) -> None:
        """Keep what a client has said, for as long as it matters."""
        if state:
            if len(self.states) < MAX_LOGINS or key in self.states:
                self.states[key] = state
            else:
                self.caps.over("logins")
        else:
            self.states.pop(key, None)

    def flows(self) -> list[bytes]:
        """One key a conversation, in either direction."""
        return sorted({key for _code, key in self.conversations})
