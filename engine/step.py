"""One step: the writing of one cell. Every view (panes, flat text, JSON lines, narration, drills) is made from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from stepgrad.engine.arithmetic import TERMS, Show, exact, exact_leaf, written
from stepgrad.engine.fold import Fold, Largest, Total
from stepgrad.engine.graph import Graph, Node
from stepgrad.engine.number import Constant, Index, Number, Operation, Padding, Read
from stepgrad.engine.op import inputs_of
from stepgrad.engine.run import Run
from stepgrad.engine.timeline import Address, Place


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell that a step reads; the marked zero of padding and the constants are told apart by their names."""

    tensor: str
    index: Index
    value: float


@dataclass(frozen=True)
class Term:
    """One term of a cell, and the partial result once it is in."""

    number: int
    trace: Number
    partial: float


class Step:
    """The writing of one cell: what it reads, its arithmetic, its partial results and its value."""

    def __init__(self, number: int, place: Place, run: Run) -> None:
        self.number = number
        """The step, counted from 0."""
        self.place = place
        self.run = run
        self._partials: list[float] = []

    @property
    def node(self) -> Node:
        return self.place.node

    @property
    def graph(self) -> Graph:
        return self.place.graph

    @property
    def iteration(self) -> int:
        return self.place.iteration

    @cached_property
    def index(self) -> Index:
        return self.place.index

    @property
    def address(self) -> Address:
        return Address(self.node.name, self.index)

    @cached_property
    def value(self) -> float:
        """What `compute` wrote in this cell."""
        return self.run.value(self.node.name, self.index)

    @cached_property
    def trace(self) -> Number:
        """The arithmetic of the cell. Values in it are computed, in float64, when asked for."""
        return self.run.trace(self.node, self.index)

    @cached_property
    def fold(self) -> Fold | None:
        """The first sum or maximum met from the root: its terms are the cell's terms."""
        return _first_fold(self.trace)

    @property
    def terms(self) -> int:
        """How many terms the cell has, known without computing any."""
        return 1 if self.fold is None else len(self.fold)

    def term(self, k: int) -> Term:
        """Term k and the partial result after it."""
        if not 0 <= k < self.terms:
            raise IndexError(f"{self.address} has {self.terms} terms, no term {k}")
        if self.fold is None:
            return Term(k, self.trace, self.trace.value)
        while len(self._partials) <= k:
            self._partials.append(next(self._running))
        return Term(k, self.fold.term(k), self._partials[k])

    @cached_property
    def _running(self) -> Iterator[float]:
        """The partial results after each term, each computed once however the terms are paged through."""
        assert self.fold is not None
        return islice(self.fold.partials(), 1, None)

    @cached_property
    def leaves(self) -> list[Number]:
        """Every leaf of the trace, each cell once, in order of first use."""
        found: dict[tuple[object, ...], Number] = {}
        for leaf in leaves(self.trace):
            found.setdefault(_identity(leaf), leaf)
        return list(found.values())

    @cached_property
    def reads(self) -> list[Reading]:
        """What the cell reads, each cell once, in order of first use, never cut."""
        found = dict.fromkeys(_reading(leaf) for leaf in self.leaves)
        return list(found)

    @cached_property
    def formula(self) -> str:
        """The op's formula with the tensors' own names in it; what an absent input would add is left out."""
        signature = inputs_of(type(self.node.op))
        letters = self.node.bound()
        formula = self.node.op.formula
        for absent in signature.optional - letters.keys():
            formula = re.sub(rf" [+*] {absent}\[[^\]]*\]", "", formula)
        if signature.variadic is not None:
            each = rf"{signature.variadic}(\[[^\]]*\]) \+ \.\.\."
            formula = re.sub(each, lambda found: " + ".join(f"{x}{found[1]}" for x in self.node.inputs), formula)
        return re.sub(r"\b[A-Za-z]\w*(?![\w(.])", lambda found: letters.get(found[0], found[0]), formula)

    def arithmetic(self, show: Show = exact_leaf, limit: int | None = TERMS) -> str:
        """`(1*1) + (1*0) = 1`, in ASCII; `~` where what `compute` wrote is not what float64 gives."""
        return f"{written(self.trace, show, limit)} {self.relation} {exact(self.value)}"

    @property
    def relation(self) -> str:
        """`=` where the trace gives just what `compute` wrote, else `~`."""
        return "=" if exact(self.trace.value) == exact(self.value) else "~"

    def record(self) -> dict[str, Any]:
        """The step as plain data: one line of `print --format jsonl`."""
        return {
            "step": self.number,
            "address": str(self.address),
            "iteration": self.iteration,
            "phase": self.node.phase,
            "layer": self.node.layer,
            "op": self.node.op.name,
            "tensor": self.node.name,
            "index": list(self.index),
            "value": plain(self.value),
            "reads": [[reading.tensor, list(reading.index), plain(reading.value)] for reading in self.reads],
            "formula": self.formula,
            "arithmetic": self.arithmetic(),
            "terms": self.terms,
        }


def plain(value: float) -> float | str:
    """A number as JSON can hold it: non-finite ones are the strings nan, inf, -inf."""
    return value + 0.0 if abs(value) < float("inf") else str(value)


def leaves(number: Number) -> Iterator[Number]:
    """The leaves of a trace, in order, repeated where they are read again; a fold that is used often is walked once."""
    return _leaves(number, {})


def _leaves(number: Number, walked: dict[int, Fold]) -> Iterator[Number]:
    waiting: list[Iterator[Number]] = [iter((number,))]
    while waiting:
        for found in waiting[-1]:
            if isinstance(found, Operation):
                waiting.append(iter(found.operands))
                break
            if isinstance(found, Fold):
                if id(found) not in walked:
                    # Kept, so that its id is not given to another.
                    walked[id(found)] = found
                    waiting.append(iter(found))
                    break
            else:
                if isinstance(found, (Read, Padding)) and found.chosen_by:
                    yield from (leaf for chooser in found.chosen_by for leaf in _leaves(chooser, walked))
                yield found
        else:
            waiting.pop()


def _identity(leaf: Number) -> tuple[object, ...]:
    if isinstance(leaf, (Read, Padding)):
        return type(leaf), leaf.cells.name, leaf.index
    return Constant, leaf.value


def _reading(leaf: Number) -> Reading:
    if isinstance(leaf, Read):
        return Reading(leaf.cells.name, leaf.index, leaf.value)
    return Reading("padding" if isinstance(leaf, Padding) else "constant", (), leaf.value)


def _first_fold(number: Number) -> Fold | None:
    if isinstance(number, Fold):
        return number if isinstance(number, (Total, Largest)) else None
    return next((fold for fold in map(_first_fold, number.operands) if fold is not None), None)
