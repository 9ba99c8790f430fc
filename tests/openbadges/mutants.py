"""Documents nobody would write: badges altered at random, and random trees of the contexts' own words."""

import copy
import random
from typing import Any

from badges.openbadges import contexts

ODD_IDS = [
    "relative", "", "a b", "https://a.example/<", "_:b0", "_:b 0", "@type", "@id", "@none", "id", "Profile",
    "xsd:date", "https:", ":", "urn:", "mailto:ada@demo.example", "did:key:z6Mk", "urn:é", "urn:\u202e",
    "URN:x", "https://a.example/\n", "https://a.example/\x7f", "https://a.example/\\", "data:,x", "sec:x",
]  # fmt: skip
ODD_TEXTS = [
    "", "x", "\x00", "\x01\x1f", "\x7f", "\t\n\r\x08\x0c", '"', "\\", "\\u0041", "\\\\u", "é",
    "\U0001f6e1", "\uffff", "\ud800", "\u2028\u2029\x85", "_:c14n0", "<urn:x> .\n", '" .\n_:b <urn:p> "',
    "null", "true", "1", "a" * 5_000,
]  # fmt: skip
ODD_NUMBERS = [
    0, 1, -1, 1.0, -0.0, 0.1, 1e-7, 1e21, 1e300, 10**22, 100 / 3, 2**53, True, False,
    float("nan"), float("inf"),
]  # fmt: skip
ODD_KEYS = [
    "surprise", "", "@type", "@id", "@value", "@graph", "@included", "@reverse", "@nest", "@index",
    "@context", "@list", "@set", "@none", "@vocab", "urn:p", "https://schema.org/name", "_:p", "sec:x",
    "@foo", "type ", "Id",
]  # fmt: skip
CONTEXT_LISTS: list[Any] = [
    [contexts.CREDENTIALS],
    [contexts.OPEN_BADGES, contexts.CREDENTIALS],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES, contexts.OPEN_BADGES_EXTENSIONS],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES_EXTENSIONS],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES, contexts.OPEN_BADGES],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES_VERSIONS[1]],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES_VERSIONS[2]],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES_VERSIONS[3]],
    [contexts.CREDENTIALS_V1, contexts.OPEN_BADGES],
    [contexts.CREDENTIALS, contexts.DID],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES, contexts.DATA_INTEGRITY],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES, {"surprise": "https://evil.example/#x"}],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES, {"@vocab": "https://evil.example/"}],
    [contexts.CREDENTIALS, contexts.OPEN_BADGES, {"@language": "fr"}],
    [contexts.CREDENTIALS, "https://evil.example/v1"],
    [contexts.CREDENTIALS, None],
    [contexts.CREDENTIALS, [contexts.OPEN_BADGES]],
    [None, contexts.CREDENTIALS, contexts.OPEN_BADGES],
    [], None, contexts.CREDENTIALS, {"name": "https://schema.org/name"}, 7,
]  # fmt: skip


def _vocabulary() -> dict[str, list[str]]:
    """Each type of the contexts of a badge with the members that its own context gives it."""
    found: dict[str, list[str]] = {}
    for url in contexts.ISSUED_WITH:
        for term, definition in contexts.load(url)["document"]["@context"].items():
            if term[:1].isupper():
                scoped = definition.get("@context", {}) if isinstance(definition, dict) else {}
                found[term] = sorted(set(scoped) - {"@protected", "id", "type"})
    return found


VOCABULARY = _vocabulary()
TERMS = sorted({member for members in VOCABULARY.values() for member in members} | {"name", "description"})
TYPES = sorted(VOCABULARY)


class Chance(random.Random):
    """A source of odd values and odd changes; the same seed gives the same ones."""

    def document(self) -> dict[str, Any]:
        """A tree of known types and members, with something odd in one value of forty."""
        return {"@context": list(contexts.ISSUED_WITH)} | self.node(4)

    def node(self, levels: int) -> dict[str, Any]:
        types = [self.choice(TYPES) for _ in range(self.choice([0, 1, 1, 1, 1, 1, 2]))]
        members = [member for name in types for member in VOCABULARY[name]] + ["name", "description"]
        node: dict[str, Any] = {}
        if self.random() < 0.7:
            node["id"] = self.iri()
        if types:
            node["type"] = types[0] if len(types) == 1 and self.random() < 0.3 else types
        for member in self.sample(members, self.randint(0, min(4, len(members)))):
            node[member] = self.value(levels)
        return node

    def value(self, levels: int) -> Any:
        dice = self.random()
        if dice < 0.025:
            return self.odd_value()
        if dice < 0.45 or levels == 0:
            return self.choice(
                [self.iri(), f"text {self.randint(0, 9)}", "2026-03-02T09:30:00Z", "assertionMethod"]
            )
        if dice < 0.5:
            return self.choice([1, 2.5, True, False, -3, 0.1, 12345.678])
        if dice < 0.65:
            return [self.value(levels - 1) for _ in range(self.randint(1, 3))]
        return self.node(levels - 1)

    def iri(self) -> str:
        return self.choice(["urn:x:", "https://a.example/é/", "did:web:a.example:"]) + str(self.randint(0, 9))

    def odd_value(self) -> Any:
        text = self.choice(ODD_TEXTS)
        return self.choice(
            [
                None, [], {}, [[]], [None], text, self.choice(ODD_NUMBERS), self.choice(ODD_IDS),
                [text, [text]],
                {"@value": text}, {"@value": text, "@language": "fr"}, {"@value": text, "@type": "urn:t"},
                {"@value": 1}, {"@value": None}, {"@value": text, "@direction": "rtl"}, {"@id": "urn:x"},
                {"@list": [text]}, {"@set": [text]}, {"fr": text, "nl": text}, {"id": self.choice(ODD_IDS)},
                {"type": []}, {"type": None}, {"type": False}, {"type": self.choice(TYPES)}, {"type": [7]},
                {"type": {}}, {"type": ["Profile", "Profile"]}, {"type": ["Profile", text]}, {"id": None},
                {"id": "urn:x"}, {"id": "urn:x", "type": "Profile"}, {"id": ["urn:x"]}, {"value": text},
                {"id": "urn:x", "@context": {}}, {"type": TYPES[:5]}, {"id": 7},
                {"id": "urn:x", "name": text},
            ]
        )  # fmt: skip

    def mutant(self, badge: dict[str, Any]) -> dict[str, Any]:
        """A copy of a badge with one to three changes."""
        changed = copy.deepcopy(badge)
        for _ in range(self.choice([1, 1, 1, 2, 3])):
            objects = [item for item in _containers(changed) if isinstance(item, dict) and item]
            if objects:
                self.choice(CHANGES)(self, changed, self.choice(objects))
        return changed


def _containers(value: Any) -> list[Any]:
    found, waiting = [], [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (dict, list)):
            found.append(item)
            waiting.extend(item.values() if isinstance(item, dict) else item)
    return found


def _drop(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    del item[chance.choice(sorted(item))]


def _add(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    item[chance.choice([*ODD_KEYS, *TERMS])] = chance.choice([chance.odd_value(), chance.value(2)])


def _rename(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    item[chance.choice([*ODD_KEYS, *TERMS])] = item.pop(chance.choice(sorted(item)))


def _replace(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    item[chance.choice(sorted(item))] = chance.odd_value()


def _wrap(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    key = chance.choice(sorted(item))
    wrapped = [
        [item[key]],
        {"@value": item[key]},
        {"@list": [item[key]]},
        {"@set": item[key]},
        {"id": item[key]},
    ]
    item[key] = chance.choice(wrapped)


def _unwrap(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    for key in chance.sample(sorted(item), len(item)):
        if isinstance(item[key], list) and item[key]:
            item[key] = chance.choice([item[key][0], item[key] * 2, item[key][::-1], item[key][1:]])
            return


def _retype(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    item["type"] = chance.choice(
        [
            [chance.choice(TYPES)],
            chance.choice(TYPES),
            [*TYPES[:2]],
            ["Surprise"],
            [],
            None,
            chance.sample(TYPES, 2),
        ]
    )


def _rename_node(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    """Another id: an odd one, or that of some other object of the badge."""
    ids = [other["id"] for other in _containers(badge) if isinstance(other, dict) and "id" in other]
    item["id"] = chance.choice([*ODD_IDS, *ids, None])


def _move(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    """One part of the badge stands in another place too."""
    item[chance.choice(TERMS)] = copy.deepcopy(chance.choice(_containers(badge)))


def _change_contexts(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    badge["@context"] = copy.deepcopy(chance.choice(CONTEXT_LISTS))


def _retext(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    key = chance.choice(sorted(item))
    if isinstance(item[key], str):
        item[key] += chance.choice(ODD_TEXTS)


def _swap(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    one, other = chance.choice(sorted(item)), chance.choice(sorted(item))
    item[one], item[other] = item[other], item[one]


def _reorder(chance: Chance, badge: dict[str, Any], item: dict[str, Any]) -> None:
    for key in sorted(item, key=lambda _: chance.random()):
        item[key] = item.pop(key)


CHANGES = (
    _retext, _retext, _swap, _reorder,
    _drop, _add, _rename, _replace, _replace, _wrap, _unwrap, _retype, _rename_node, _move, _change_contexts,
)  # fmt: skip
