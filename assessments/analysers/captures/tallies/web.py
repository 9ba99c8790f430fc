"""Servers named in TLS and HTTP, versions, methods and answers."""

from dataclasses import dataclass, field

from assessments.analysers.captures.applications.http import Head
from assessments.analysers.captures.applications.tls import CLIENT_HELLO, DEPRECATED, VERSIONS, Hello
from assessments.analysers.captures.tallies.caps import MAX_PATHS, MAX_SERVERS, Caps

# [count, first packet, last packet]
Seen = list[int]


def _add(table: dict[str, Seen], name: str, number: int, caps: Caps, cap: str) -> None:
    seen = table.get(name)
    if seen is not None:
        seen[0] += 1
        seen[2] = number
    elif len(table) < MAX_SERVERS:
        table[name] = [1, number, number]
    else:
        caps.over(cap)


@dataclass(slots=True)
class Web:
    """`offered` are the highest versions of clients, `chosen` those that servers settled on."""

    caps: Caps
    servers: dict[str, Seen] = field(default_factory=dict)
    offered: dict[str, Seen] = field(default_factory=dict)
    chosen: dict[str, Seen] = field(default_factory=dict)
    deprecated: list[int] = field(default_factory=list)
    hosts: dict[str, Seen] = field(default_factory=dict)
    methods: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    paths: set[int] = field(default_factory=set)
    requests: int = 0
    responses: int = 0

    def hello(self, hello: Hello, number: int) -> None:
        version = VERSIONS.get(hello.version, "unknown")
        if hello.kind == CLIENT_HELLO:
            _add(self.offered, version, number, self.caps, "tls-versions")
            if hello.server_name:
                _add(self.servers, hello.server_name, number, self.caps, "tls-servers")
        else:
            _add(self.chosen, version, number, self.caps, "tls-versions")
        if version in DEPRECATED and len(self.deprecated) < MAX_SERVERS:
            self.deprecated.append(number)

    def head(self, head: Head, number: int) -> None:
        if head.status:
            self.responses += 1
            kind = f"{head.status // 100}xx"
            self.statuses[kind] = self.statuses.get(kind, 0) + 1
            return
        self.requests += 1
        self.methods[head.method] = self.methods.get(head.method, 0) + 1
        _add(self.hosts, head.host or "-", number, self.caps, "http-hosts")
        # Only their number is told: a path may hold what nobody else should read.
        path = hash((head.host, head.path.partition(b"?")[0]))
        if len(self.paths) < MAX_PATHS:
            self.paths.add(path)
        elif path not in self.paths:
            self.caps.over("http-paths")
