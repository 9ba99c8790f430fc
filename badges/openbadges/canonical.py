"""Puts an RDF dataset into its one canonical text (W3C RDFC-1.0), within a budget of work."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import permutations

# Subject, predicate, object, graph, each written as in N-Quads; the default graph is "".
Quad = tuple[str, str, str, str]

MAX_BLANK_NODES = 400
MAX_WORK = 50_000


class TooComplex(ValueError):
    """The dataset would take an unreasonable amount of work to canonicalise, as only a hostile one does."""


def canonicalise(quads: Iterable[Quad], *, max_work: int = MAX_WORK) -> str:
    """The canonical N-Quads text of a dataset, one line a quad, sorted by code point; raises `TooComplex`."""
    dataset = set(quads)
    try:
        issued = _Labels(dataset, max_work).issue_all()
    except RecursionError as error:  # a long chain of blank nodes, reached from deep in the caller's stack
        raise TooComplex("too many blank nodes that cannot be told apart") from error
    return "".join(sorted(_line(quad, issued) for quad in dataset))


class _Labels:
    """One run of RDFC-1.0 §4.4: the canonical label of each blank node of a dataset."""

    def __init__(self, dataset: set[Quad], max_work: int) -> None:
        self.quads_of: defaultdict[str, list[Quad]] = defaultdict(list)
        for quad in dataset:
            for node in {quad[0], quad[2], quad[3]}:
                if node.startswith("_:"):
                    self.quads_of[node].append(quad)
        if len(self.quads_of) > MAX_BLANK_NODES:
            raise TooComplex(f"more than {MAX_BLANK_NODES} blank nodes")
        self.work_left = max_work
        self.canonical: dict[str, str] = {}
        self.first_hash: dict[str, str] = {}

    def issue_all(self) -> dict[str, str]:
        by_hash: defaultdict[str, list[str]] = defaultdict(list)
        for node in self.quads_of:
            self.first_hash[node] = self.first_degree(node)
            by_hash[self.first_hash[node]].append(node)
        for _, nodes in sorted(by_hash.items()):
            if len(nodes) == 1:
                _issue(self.canonical, nodes[0], "_:c14n")
        for _, nodes in sorted(by_hash.items()):
            found = []
            for node in nodes if len(nodes) > 1 else ():
                if node not in self.canonical:
                    found.append(self.n_degree(node, {node: "_:b0"}))
            for _, issuer in sorted(found, key=lambda pair: pair[0]):
                for node in issuer:
                    _issue(self.canonical, node, "_:c14n")
        return self.canonical

    def first_degree(self, node: str) -> str:
        """Hash First Degree Quads, §4.6."""
        lines = [
            _line(quad, {part: "_:a" if part == node else "_:z" for part in quad if part.startswith("_:")})
            for quad in self.quads_of[node]
        ]
        return _hash("".join(sorted(lines)))

    def n_degree(self, node: str, issuer: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Hash N-Degree Quads, §4.8: the hash, with the labels issued on the way to it."""
        data = ""
        for related_hash, related in sorted(self.related_hashes(node, issuer).items()):
            best: tuple[str, dict[str, str]] = ("", issuer)
            for order in permutations(related):
                self.spend(len(order))
                best = self.shorter(best, order, issuer)
            data += related_hash + best[0]
            issuer = best[1]
        return _hash(data), issuer

    def shorter(
        self, best: tuple[str, dict[str, str]], order: tuple[str, ...], issuer: dict[str, str]
    ) -> tuple[str, dict[str, str]]:
        """`best`, or the path along `order` when that is the smaller one (§4.8.3, step 5.4)."""
        labels = dict(issuer)
        path = ""
        recursion = []
        for node in order:
            if node in self.canonical:
                path += self.canonical[node]
            else:
                if node not in labels:
                    recursion.append(node)
                path += _issue(labels, node, "_:b")
            if _cannot_win(path, best[0]):
                return best
        for node in recursion:
            deeper_hash, deeper_labels = self.n_degree(node, labels)
            path += _issue(labels, node, "_:b") + "<" + deeper_hash + ">"
            labels = deeper_labels
            if _cannot_win(path, best[0]):
                return best
        return (path, labels) if not best[0] or path < best[0] else best

    def related_hashes(self, node: str, issuer: dict[str, str]) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        quads = self.quads_of[node]
        self.spend(len(quads) + 1)
        for quad in quads:
            for position, related in _blank_positions(quad):
                if related != node:
                    label = self.canonical.get(related) or issuer.get(related) or self.first_hash[related]
                    predicate = "" if position == "g" else quad[1]
                    found[_hash(position + predicate + label)].append(related)
        return found

    def spend(self, amount: int) -> None:
        self.work_left -= amount
        if self.work_left < 0:
            raise TooComplex("too many blank nodes that cannot be told apart")


def _issue(issuer: dict[str, str], node: str, prefix: str) -> str:
    return issuer.setdefault(node, f"{prefix}{len(issuer)}")


def _cannot_win(path: str, best: str) -> bool:
    return bool(best) and len(path) >= len(best) and path > best


def _blank_positions(quad: Quad) -> Iterator[tuple[str, str]]:
    for position, part in (("s", quad[0]), ("o", quad[2]), ("g", quad[3])):
        if part.startswith("_:"):
            yield position, part


def _line(quad: Quad, labels: dict[str, str]) -> str:
    subject, predicate, value, graph = quad
    parts = [labels.get(subject, subject), predicate, labels.get(value, value)]
    if graph:
        parts.append(labels.get(graph, graph))
    return " ".join(parts) + " .\n"


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8")).hexdigest()
