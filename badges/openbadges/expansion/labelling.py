"""Names the blank nodes of a document as RDFC-1.0 does, when no two of them look alike."""

from hashlib import sha256

from badges.openbadges.canonical import MAX_BLANK_NODES
from badges.openbadges.expansion.profile import Outside


class Blank:
    """A node without IRI; in a tree of JSON only its parent, if any, has a statement about it."""

    __slots__ = ("children", "hash", "lead", "own", "parent")

    def __init__(self) -> None:
        self.own: list[str] = []  # its statements without their subject: " <predicate> object .\n"
        self.children: list[str] = []  # the predicates that lead to other blank nodes: " <predicate> "
        self.parent: str | Blank | None = None
        self.lead = ""  # the predicate that leads here from the parent
        self.hash = ""  # kept for nodes that stand unchanged in several documents

    def first_degree(self) -> str:
        """Hash First Degree Quads (RDFC-1.0 §4.6): this node is `_:a` there, every other `_:z`."""
        lines = [f"_:a{statement}" for statement in set(self.own)]
        lines += [f"_:a{lead}_:z .\n" for lead in self.children]
        if self.parent is not None:
            subject = self.parent if isinstance(self.parent, str) else "_:z"
            lines.append(f"{subject}{self.lead}_:a .\n")
        lines.sort()
        return sha256("".join(lines).encode("utf-8")).hexdigest()


class Statements:
    """What a document says: whole lines, and the blank nodes that still lack their names."""

    __slots__ = ("blanks", "lines")

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.blanks: list[Blank] = []

    def blank(self) -> Blank:
        node = Blank()
        self.blanks.append(node)
        return node

    def labelled(self) -> list[str]:
        """Every statement as a line, some perhaps twice; raises `Outside` when nodes cannot be told apart.

        Nodes whose first-degree hash nobody shares are numbered in the order of these hashes (RDFC-1.0
        §4.4.3, step 4); only those that share one need the N-degree hashes of the general algorithm.
        """
        if len(self.blanks) > MAX_BLANK_NODES:
            raise Outside("more blank nodes than badges have")
        by_hash = {node.hash or node.first_degree(): node for node in self.blanks}
        if len(by_hash) < len(self.blanks):
            raise Outside("blank nodes that look alike")
        labels = {id(by_hash[digest]): f"_:c14n{number}" for number, digest in enumerate(sorted(by_hash))}
        lines = self.lines.copy()
        for node in self.blanks:
            label = labels[id(node)]
            lines += [label + statement for statement in node.own]
            if node.parent is not None:
                subject = node.parent if isinstance(node.parent, str) else labels[id(node.parent)]
                lines.append(f"{subject}{node.lead}{label} .\n")
        return lines
