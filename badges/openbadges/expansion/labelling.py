"""Names the blank nodes of a document as RDFC-1.0 does, when no two of them look alike."""

from hashlib import sha256

from badges.openbadges.canonical import MAX_BLANK_NODES
from badges.openbadges.expansion.profile import Outside


class Blank:
    """A node without IRI; in a tree of JSON only its parent, if any, has a statement about it."""

    __slots__ = ("children", "graph", "hash", "inside", "lead", "members", "own", "parent")

    def __init__(self, graph: "Blank | None" = None) -> None:
        self.own: list[str] = []  # its statements without their subject: " <predicate> object .\n"
        self.children: list[str] = []  # the predicates that lead to other blank nodes: " <predicate> "
        self.parent: str | Blank | None = None
        self.lead = ""  # the predicate that leads here from the parent
        self.hash = ""
        self.graph = graph  # the named graph in which all these statements are, such as that of a proof
        self.inside: list[str] = []  # where this is the name of a graph: the statements in it about IRIs
        self.members: list[Blank] = []  # and the blank nodes in it
        if graph is not None:
            graph.members.append(self)

    def statements(self, me: str, child: str, parent: str) -> list[str]:
        """What is said about this node, with names for it and for the blank nodes beside it."""
        lines = [me + statement for statement in self.own]
        if child:
            lines += [f"{me}{lead}{child} .\n" for lead in self.children]
        if self.parent is not None:
            subject = self.parent if isinstance(self.parent, str) else parent
            lines.append(f"{subject}{self.lead}{me} .\n")
        return lines

    def first_degree(self) -> str:
        """Hash First Degree Quads (RDFC-1.0 §4.6): this node is `_:a` there, every other `_:z`."""
        lines = self.statements("_:a", "_:z", "_:z")
        if self.graph is not None:
            lines = _in_graph(lines, "_:z")
        if self.members or self.inside:
            lines += _in_graph(self.inside, "_:a")
            # A statement about two of its members is told once, by the one that is the object.
            for node in self.members:
                lines += _in_graph(node.statements("_:z", "", "_:z"), "_:a")
        lines.sort()
        return sha256("".join(lines).encode("utf-8")).hexdigest()


class Statements:
    """What a document says: whole lines, and the blank nodes that still lack their names."""

    __slots__ = ("blanks", "lines")

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.blanks: list[Blank] = []

    def blank(self, graph: Blank | None = None) -> Blank:
        node = Blank(graph)
        self.blanks.append(node)
        return node

    def size(self) -> int:
        """How many statements were made, each as often as it was made."""
        return len(self.lines) + sum(len(node.own) + len(node.inside) + 1 for node in self.blanks)

    def hash_all(self) -> None:
        """Gives every blank node its first-degree hash; raises `Outside` where one statement stands twice."""
        for node in self.blanks:
            if not node.hash:
                if len(set(node.own)) < len(node.own) or len(set(node.inside)) < len(node.inside):
                    raise Outside("a statement made twice counts once in a hash")
                node.hash = node.first_degree()

    def labelled(self) -> list[str]:
        """Every statement as a line, some perhaps twice; raises `Outside` when nodes cannot be told apart.

        Nodes whose first-degree hash nobody shares are numbered in the order of these hashes (RDFC-1.0
        §4.4.3, step 4); only those that share one need the N-degree hashes of the general algorithm.
        """
        if len(self.blanks) > MAX_BLANK_NODES:
            raise Outside("more blank nodes than badges have")
        self.hash_all()
        by_hash = {node.hash: node for node in self.blanks}
        if len(by_hash) < len(self.blanks):
            raise Outside("blank nodes that look alike")
        labels = {id(by_hash[digest]): f"_:c14n{number}" for number, digest in enumerate(sorted(by_hash))}
        lines = self.lines.copy()
        for node in self.blanks:
            label = labels[id(node)]
            parent = labels[id(node.parent)] if isinstance(node.parent, Blank) else ""
            said = node.statements(label, "", parent)
            lines += said if node.graph is None else _in_graph(said, labels[id(node.graph)])
            lines += _in_graph(node.inside, label)
        return lines


def _in_graph(lines: list[str], graph: str) -> list[str]:
    return [f"{line[:-3]} {graph} .\n" for line in lines]
