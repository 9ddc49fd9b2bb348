"""What a cell meets in a node that reads it: the cells it feeds there, and those it is combined with on the way.

No op has a rule for that. It is read off the gradient rules, which are the forward rule seen from one of its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stepgrad.engine.graph import Node
from stepgrad.engine.number import Number, lift
from stepgrad.engine.op import Gradient, Ref, input_keys
from stepgrad.engine.reads import read
from stepgrad.engine.region import Region, Regions, together
from stepgrad.engine.run import Run
from stepgrad.engine.sweep import Places, SweptCells

Y, DY = "y ", "dy "
"""The output and its gradient as letters; no input is called so."""


class Pattern(NamedTuple):
    """A trace whose reads of the letter `fed` are the cells that a cell feeds; or those that so `many` cells feed."""

    trace: Number
    fed: str
    names: Mapping[str, str]
    """The other letters in it -> the tensors they stand for: what the cell is combined with."""
    exact: bool = True
    """Whether every cell found so reads the cell; if not, their own traces say which do."""
    padded: bool = True
    """Whether a product with a marked zero counts: what reads none of the cell may stand in one here."""
    many: int = 1

    @property
    def cells(self) -> Region | None:
        """The cells fed, those that have to be looked at among them; None where there are none."""
        return read(self.trace, padded=self.padded, cells=self.many).get(self.fed)

    @property
    def others(self) -> Regions:
        """What the cell is combined with; nothing where it feeds nothing."""
        if not self.exact or not self.cells:
            return {}
        met = read(self.trace, padded=False, cells=self.many).items()
        return together({self.names[letter]: region} for letter, region in met if letter in self.names)


def patterns(run: Run, node: Node, tensor: str, index: Places, many: int = 1) -> list[Pattern] | None:
    """What a cell, or so many at once, meets in a node: a pattern for each input that it is; None where no rule tells.

    In a forward node its gradient cell reads dy of every output that it feeds. In the gradient node of the input s of
    a node F it is the other way round: a cell of dy reaches what F reads of s, and so does one of y; a cell of another
    input t reaches what the gradient of t reads of s, because second derivatives are symmetric.
    """
    letters = Letters(run, node)
    keys = [key for key, name in letters.names.items() if name == tensor]
    if all(key in letters.rules for key in keys):
        exact = not node.op.integers  # which cells are read hangs on labels
        return [Pattern(letters.slope(key, index), DY, letters.names, exact, many=many) for key in keys]
    return _backward(run, node, tensor, index, many) if node.name in run.graph.differentiates else None


def _backward(run: Run, node: Node, tensor: str, index: Places, many: int) -> list[Pattern] | None:
    forward, source = run.graph.differentiates[node.name]
    letters = Letters(run, run.graph[forward])
    key = letters.differentiated(source, node)
    given = letters.given(key, node)
    others = {letter: name for letter, name in given.items() if letter != key}
    found = []
    for letter in [letter for letter, name in given.items() if name == tensor]:
        if run.graph[forward].op.integers or not (letter in (Y, DY) or letter in letters.rules):
            return None
        trace = letters.cell(index) if letter in (Y, DY) else letters.slope(letter, index)
        found.append(Pattern(trace, key, others, exact=letter != Y, padded=False, many=many))
    return found


class Letters:
    """A node as its rules see it: its inputs by letter, and the rules of their gradients."""

    def __init__(self, run: Run, node: Node) -> None:
        keys = input_keys(type(node.op), len(node.inputs))
        self.names = {key: name for key, name in zip(keys, node.inputs, strict=True) if name is not None}
        refs = {key: Ref(key, run.graph.spec(name)) for key, name in self.names.items()}
        self.rules: Mapping[str, Gradient] = node.op.gradient(
            *map(refs.get, keys), y=Ref(Y, node.spec), dy=Ref(DY, node.spec)
        )
        self._node = node
        self._keys = keys
        self._cells = {key: SweptCells(key, ref.shape, _host(run, self.names[key])) for key, ref in refs.items()}
        self._cells[Y] = SweptCells(Y, node.spec.shape, _host(run, node.name))
        self._cells[DY] = SweptCells(DY, node.spec.shape)

    def cell(self, index: Places) -> Number:
        """The trace of an output cell."""
        return lift(self._node.op.cell(index, *map(self._cells.get, self._keys)))

    def slope(self, key: str, index: Places) -> Number:
        """The trace of a gradient cell of an input."""
        op, *inputs = self.rules[key]
        return lift(op.cell(index, *[None if ref is None else self._cells[ref.name] for ref in inputs]))

    def given(self, key: str, gradient: Node) -> dict[str, str]:
        """What the gradient node of an input reads: letter -> tensor."""
        pairs = zip(self.rules[key][1:], gradient.inputs, strict=False)
        return {ref.name: name for ref, name in pairs if ref is not None and name is not None}

    def differentiated(self, source: str, gradient: Node) -> str:
        """The input, by its letter, that a gradient node is about."""
        keys = [key for key, name in self.names.items() if name == source]
        return next(key for key in keys if key in self.rules and self.rules[key][0] == gradient.op)


def _host(run: Run, name: str) -> object:
    return lambda: run.host(name)
