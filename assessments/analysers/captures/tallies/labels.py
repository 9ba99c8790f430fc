"""Numbers for the paths of protocols that packets take, so that counting them is adding to a list."""

from typing import Final

from assessments.analysers.captures.applications.services import (
    LOGINS,
    READ_UDP,
)
from assessments.analysers.captures.tallies.caps import MAX_LABELS, Caps

Path = tuple[str, ...]
# (label of packets without data, label of packets with data, what is looked into)
Kind = tuple[int, int, int]

LOGIN: Final = 1
DNS_STREAM: Final = 2
# What is read of UDP, by the number that a flow keeps.
UDP_READ: Final = ("", *sorted(READ_UDP))
_OTHER: Final = ("other",)


class Labels:
    """Label 0 is for what no longer gets a number of its own."""

    def __init__(self, caps: Caps) -> None:
        self.paths: list[Path] = [_OTHER]
        self._numbers: dict[Path, int] = {_OTHER: 0}
        self._kinds: dict[Path, dict[str | None, Kind]] = {}
        self._caps = caps

    def of(self, path: Path) -> int:
        number = self._numbers.get(path)
        if number is None:
            if len(self.paths) >= MAX_LABELS:
                self._caps.over("protocols")
                return 0
            number = self._numbers[path] = len(self.paths)
            self.paths.append(path)
        return number

    def kinds(self, path: Path) -> dict[str | None, Kind]:
        """By application, for a path that ends with tcp or udp; what is missing is made by `kind`."""
        return self._kinds.setdefault(path, {})

    def kind(self, path: Path, name: str | None) -> Kind:
        """For the first packet of a direction of a conversation."""
        known = self.kinds(path)
        kind = known.get(name)
        if kind is None:
            label = self.of((*path, name) if name else path)
            if path[-1] == "tcp":
                watch = LOGIN if name in LOGINS else DNS_STREAM if name == "dns" else 0
                kind = (self.of(path), label, watch)
            else:
                kind = (label, label, UDP_READ.index(name) if name in READ_UDP else 0)
            known[name] = kind
        return kind

    def within(self, path: Path, label: int) -> int:
        """The label of a packet that took `path`, in a conversation of which another has `label`."""
        application = self.application(label)
        return self.of((*path, application) if application else path)

    def application(self, label: int) -> str:
        """The last step of a path when it is an application, else an empty name."""
        path = self.paths[label]
        return path[-1] if len(path) > 1 and path[-2] in ("tcp", "udp") else ""
