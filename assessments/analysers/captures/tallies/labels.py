"""Numbers for the paths of protocols that packets take, so that counting them is adding to a list."""

from typing import Final

from assessments.analysers.captures.applications.ports import (
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
        self._kinds: dict[Path, Kinds] = {}
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

    def kinds(self, path: Path) -> "Kinds":
        """Kinds of conversation by application, for a path that ends with tcp or udp."""
        kinds = self._kinds.get(path)
        if kinds is None:
            kinds = self._kinds[path] = Kinds(self, path)
        return kinds

    def within(self, path: Path, label: int) -> int:
        """The label of a packet that took `path`, in a conversation of which another has `label`."""
        application = self.application(label)
        return self.of((*path, application) if application else path)

    def application(self, label: int) -> str:
        """The last step of a path when it is an application, else an empty name."""
        path = self.paths[label]
        return path[-1] if len(path) > 1 and path[-2] in ("tcp", "udp") else ""


class Kinds(dict[str | None, Kind]):
    """What a new flow of an application (None: of none that is known) starts with."""

    def __init__(self, labels: Labels, path: Path) -> None:
        super().__init__()
        self._labels, self._path = labels, path

    def __missing__(self, name: str | None) -> Kind:
        path, of = self._path, self._labels.of
        label = of((*path, name) if name else path)
        if path[-1] == "tcp":
            watch = LOGIN if name in LOGINS else DNS_STREAM if name == "dns" else 0
            kind = (of(path), label, watch)
        else:
            kind = (label, label, UDP_READ.index(name) if name in READ_UDP else 0)
        self[name] = kind
        return kind
