"""What there is to see of a step: the planes its cell reads, part by part of its sum, and the plane it writes.

Nothing here knows an op: everything is read off the traces of cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice, product
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np

from stepgrad.engine.fold import Fold
from stepgrad.engine.number import Index, Number, Padding, Read
from stepgrad.engine.parts import Parts
from stepgrad.engine.step import Step, leaves
from stepgrad.engine.timeline import Address, short
from stepgrad.tui.board import NO_RING, Plan, Plane, Ring, Slot
from stepgrad.tui.measuring import measured
from stepgrad.tui.numbers import Scale

LOOKED_AT = 2048
"""How many leaves of a part are looked at for its planes and its padding: more than any window has."""

KEPT = 4096
"""Scales and plans kept before all are forgotten: a long training has one of each tensor an iteration."""

PLANES = 256
"""Planes of what is written that may be placed: more than the lines of any screen hold."""

Cell = tuple[int, int]
Reads = dict[Plane, set[Cell]]
"""The cells read of each plane, in the order of first use; a cell of the padding ring lies outside its plane."""
NO_READS: Reads = {}
NO_LETTERS: Mapping[str, np.ndarray[Any, Any]] = MappingProxyType({})


class Scene:
    """One step, taken apart for the board.

    A sum is taken in parts where each part reads planes of its own (a channel of the input, and of the weight).
    `limit` bounds how many leaves of a part are looked at.
    """

    def __init__(self, step: Step, limit: int | None = None) -> None:
        self.step = step
        self._limit = limit
        self._reads: dict[int, Reads] = {}
        self._leaves: dict[int, list[Number]] = {}
        self.parts = Parts(step.trace, step.fold)
        if len(self.parts) > 1 and self.reads(0).keys() == self.reads(1).keys():
            self.parts = Parts(step.trace, step.fold, whole=True)
            self._reads.clear()
            self._leaves.clear()

    def leaves(self, part: int) -> list[Number]:
        """The leaves of one part; a cell that nothing reaches has none."""
        if part not in self._leaves:
            inside = 0 <= part < len(self.parts)
            self._leaves[part] = list(islice(leaves(self.parts[part]), self._limit)) if inside else []
        return self._leaves[part]

    def reads(self, part: int) -> Reads:
        """What one part of the sum reads."""
        found = self._reads.get(part)
        if found is None:
            found = self._reads[part] = _reads(self.leaves(part))
        return found

    def own(self, part: int) -> Reads:
        """What this part alone reads: its channel of the input, and of the weight."""
        return {plane: cells for plane, cells in self.reads(part).items() if plane not in self.shared}

    def reads_of_term(self, part: int, k: int) -> Reads:
        """What a single term reads."""
        found = self.parts[part] if 0 <= part < len(self.parts) else None
        return _reads(leaves(found.term(k))) if isinstance(found, Fold) and k < len(found) else {}

    def reads_of(self, trace: Number) -> Reads:
        """What any part of the cell's arithmetic reads."""
        return _reads(leaves(trace))

    @cached_property
    def shared(self) -> Reads:
        """What every part reads (a mean), and what is read outside the parts (a bias)."""
        first = self.reads(0)
        common = {plane: cells for plane, cells in first.items() if plane in self.reads(1)}
        outside = {} if self.step.fold is None else _reads(leaves(self.parts.together))
        return {**common, **{plane: cells for plane, cells in outside.items() if plane not in first}}


class Scenery:
    """The scales and plans of a lesson's tensors, each found once an iteration."""

    def __init__(self, *, starred: bool = False, letters: Mapping[str, np.ndarray[Any, Any]] = NO_LETTERS) -> None:
        self.letters = letters
        """The letters that stand for the numbers of tensors, in arrays of their shape."""
        self._starred = starred
        self._scales: dict[tuple[int, str], Scale] = {}
        self._plans: dict[tuple[int, str], Plan] = {}
        self._samples: tuple[tuple[int, str], list[Scene]] = (-1, ""), []

    def scale(self, step: Step, name: str) -> Scale:
        """How the numbers of a tensor are written in a step's iteration."""
        key = step.iteration, name
        if key not in self._scales:
            _make_room(self._scales)
            self._scales[key] = measured(step.run.host(name), step.graph.spec(name).dtype)
        return self._scales[key]

    def _letter(self, name: str) -> int:
        """Columns of a tensor's longest letter."""
        return max((len(str(letter)) for letter in self.letters[name].flat), default=0) if name in self.letters else 0

    def plan(self, step: Step) -> Plan:
        """What the board of this step's node has to hold, whichever of its cells is being written."""
        key = step.iteration, step.node.name
        if key not in self._plans:
            _make_room(self._plans)
            self._plans[key] = self._planned(step)
        return self._plans[key]

    def samples(self, step: Step) -> list[Scene]:
        """The cells by which a node is judged; those of the last one are kept."""
        key = step.iteration, step.node.name
        if self._samples[0] != key:
            self._samples = key, list(samples(step))
        return self._samples[1]

    def _planned(self, step: Step) -> Plan:
        looked = self.samples(step)
        fullest = max(looked, key=lambda scene: len(scene.leaves(0)))
        rings, spans = _rings(looked), _spans(looked)

        def slot(plane: Plane) -> Slot:
            shape = step.graph.spec(plane.tensor).shape
            rows, cols = size_of(shape)
            scale, letters = self.scale(step, plane.tensor), self._letter(plane.tensor)
            return Slot(
                plane=plane,
                rows=rows,
                cols=cols,
                width=max(scale.width, letters),
                label=len(label(Plane(plane.tensor, tuple(size - 1 for size in shape[:-2])), shape)),
                ring=rings.get(plane.tensor, NO_RING),
                span=spans.get(plane.tensor, (1, 1)),
                starred=self._starred,
                pointed=bool(scale.decimals) and not letters,
            )

        shape = step.node.spec.shape
        plan = Plan(
            parts=max(len(fullest.parts), 1),
            operands=tuple(slot(plane) for plane in fullest.own(0)),
            shared=tuple(slot(plane) for plane in fullest.shared),
            output=slot(Plane(step.node.name, (0,) * len(shape[:-2]))),
            outputs=min(prod(shape[:-2]), PLANES),
        )
        return plan.aligned()


def size_of(shape: Index) -> tuple[int, int]:
    """Rows and columns of a tensor's planes: its last two axes. One axis is a row, none a single cell."""
    rows, cols = (1, 1, *shape)[-2:]
    return rows, cols


def split(tensor: str, index: Index) -> tuple[Plane, Cell]:
    """The plane of a cell, and its row and column there."""
    row, col = (0, 0, *index)[-2:]
    return Plane(tensor, index[:-2]), (row, col)


def label(plane: Plane, shape: Index) -> str:
    """A plane's name; leading axes of size 1 are left out, all of them where the tensor is a single plane."""
    if all(size == 1 for size in shape[: len(plane.lead)]):
        return plane.tensor
    return str(short(Address(plane.tensor, plane.lead), shape[: len(plane.lead)]))


def _make_room(kept: dict[Any, Any]) -> None:
    if len(kept) >= KEPT:
        kept.clear()


def _reads(found: Iterable[Number]) -> Reads:
    reads: Reads = {}
    for leaf in found:
        if isinstance(leaf, (Read, Padding)):
            plane, cell = split(leaf.cells.name, leaf.index)
            if isinstance(leaf, Read) or _inside(plane.lead, leaf.cells.shape):
                reads.setdefault(plane, set()).add(cell)
    return reads


def _inside(lead: Index, shape: Index) -> bool:
    return all(0 <= i < size for i, size in zip(lead, shape, strict=False))


def samples(step: Step) -> Iterator[Scene]:
    """The corner cells of a node's first plane and the one in its middle: between them they show every padding."""
    shape = step.node.spec.shape
    lead, last = (0,) * len(shape[:-2]), shape[-2:]
    corners = product(*[sorted({0, size - 1}) for size in last])
    for index in [*corners, tuple(size // 2 for size in last)]:
        place = replace(step.place, offset=step.node.spec.number((*lead, *index)))
        yield Scene(Step(step.number, place, step.run), LOOKED_AT)


def _rings(scenes: Iterable[Scene]) -> dict[str, Ring]:
    """How far the padding of each tensor reaches beyond its planes."""
    rings: dict[str, Ring] = {}
    for leaf in [leaf for scene in scenes for leaf in scene.leaves(0) if isinstance(leaf, Padding)]:
        _, (row, col) = split(leaf.cells.name, leaf.index)
        rows, cols = size_of(leaf.cells.shape)
        ring = rings.get(leaf.cells.name, NO_RING)
        rings[leaf.cells.name] = Ring(
            max(ring.top, -row), max(ring.bottom, row - rows + 1), max(ring.left, -col), max(ring.right, col - cols + 1)
        )
    return rings


def _spans(scenes: Iterable[Scene]) -> dict[str, tuple[int, int]]:
    """For each tensor, the box that one part reads of a plane."""
    spans: dict[str, tuple[int, int]] = {}
    for reads in [reads for scene in scenes for reads in (scene.reads(0), scene.shared)]:
        for plane, cells in reads.items():
            rows, cols = [row for row, _ in cells], [col for _, col in cells]
            high, wide = spans.get(plane.tensor, (1, 1))
            spans[plane.tensor] = max(high, max(rows) - min(rows) + 1), max(wide, max(cols) - min(cols) + 1)
    return spans
