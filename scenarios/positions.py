"""Where in a TOML file every key and element stands. Read only when there is a fault to place."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from stepgrad.scenarios.overrides import Key

Place = tuple[int, int]
"""Line and column, both counted from 1; the column counts characters."""


def positions(text: str) -> dict[Key, Place]:
    """Key -> where it stands: a key at its name, a table at its header, an element at itself."""
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.source = text.encode()
        self.lines = self.source.split(b"\n")
        self.found: dict[Key, Place] = {(): (1, 1)}
        self.counts: dict[Key, int] = {}
        """Elements seen so far of every array of tables."""

    def read(self) -> dict[Key, Place]:
        root = Parser(Language(tree_sitter_toml.language())).parse(self.source).root_node
        for node in root.named_children:
            if node.type == "pair":
                self._pair((), node)
            elif node.type in ("table", "table_array_element"):
                self._table(node)
        return self.found

    def _table(self, node: Node) -> None:
        header = next(child for child in node.named_children if child.type.endswith("key"))
        *within, last = list(self._parts(header))
        at: Key = ()
        for name, part in within:
            at = self._inside((*at, name), part)
        name, part = last
        at = (*at, name)
        self._put(at, node)
        if node.type == "table_array_element":
            self.counts[at] = self.counts.get(at, 0) + 1
            at = (*at, self.counts[at] - 1)
            self._put(at, node)
        for child in node.named_children:
            if child.type == "pair":
                self._pair(at, child)

    def _inside(self, at: Key, part: Node) -> Key:
        """A header goes on from the last element of an array of tables."""
        self._put(at, part)
        return (*at, self.counts[at] - 1) if at in self.counts else at

    def _pair(self, at: Key, node: Node) -> None:
        key, value = node.named_children[0], node.named_children[1]
        for name, part in self._parts(key):
            at = (*at, name)
            self._put(at, part)
        self._value(at, value)

    def _value(self, at: Key, node: Node) -> None:
        if node.type == "array":
            elements = [child for child in node.named_children if child.type != "comment"]
            for i, element in enumerate(elements):
                self._put((*at, i), element)
                self._value((*at, i), element)
        elif node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    self._pair(at, child)

    def _parts(self, key: Node) -> Iterator[tuple[str, Node]]:
        """The parts of a key, a dotted one from left to right."""
        if key.type == "dotted_key":
            for child in key.named_children:
                yield from self._parts(child)
        else:
            text = (key.text or b"").decode()
            yield (next(iter(tomllib.loads(f"{text} = 0"))) if key.type == "quoted_key" else text), key

    def _put(self, at: Key, node: Node) -> None:
        row, column = node.start_point
        self.found.setdefault(at, (row + 1, len(self.lines[row][:column].decode()) + 1))
