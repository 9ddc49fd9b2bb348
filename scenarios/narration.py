"""Narration: text whose numbers are taken from the run. `{feature_map[0,0]}`, `{loss@3:.2f}`, `{out.shape}`.

`{{` and `}}` are braces. A tensor is written as nested lists, its leading axes of 1 left out; a number as a person
writes it; `#k` is the partial result after term k; `@i` is iteration i, which otherwise is the stop's own.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from stepgrad.engine.errors import AddressError, did_you_mean
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.number import Index
from stepgrad.engine.timeline import Address, Timeline, complete

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_SPEC = re.compile(r"[-+ ]?,?(\.\d{1,2})?[efg%]?")
SHAPE = ".shape"
ROW = 8
"""Longer rows are cut, with `...` before the last element."""


@dataclass(frozen=True)
class Slot:
    """A value in a text: what it shows, and how."""

    text: str
    address: Address
    spec: str
    shape: bool = False
    """Whether it shows the tensor's size instead of its values."""

    def is_computed(self, timeline: Timeline, iteration: int) -> bool:
        """Whether what it shows is worked out, by a step or by the updates of the iterations before."""
        at = iteration if self.address.iteration is None else self.address.iteration
        return not self.shape and is_computed(timeline.graph(at), self.address.tensor or "", at)


def is_computed(graph: Graph, name: str, iteration: int) -> bool:
    """Whether a tensor's numbers are worked out: by a node, or by the updates of the iterations before."""
    return graph.node(name) is not None or (iteration > 0 and name in graph.state)


def pieces(template: str) -> list[str | Slot]:
    """The text and the slots of a template. Raises AddressError where braces hold no address."""
    found: list[str | Slot] = []
    at = 0
    for part in _PART.finditer(template):
        found.append(template[at : part.start()])
        at = part.end()
        if part[0] in ("{", "}"):
            raise AddressError(f"a single '{part[0]}'; write {{address}} for a value and {part[0] * 2} for a brace")
        found.append(part[0][0] if part[1] is None else _slot(part[1]))
    return [*found, template[at:]]


def _slot(text: str) -> Slot:
    name, _, spec = text.partition(":")
    if not _SPEC.fullmatch(spec):
        raise AddressError(f"'{spec}' in {{{text}}} is no number format; write it as in {{loss:.3f}}")
    shape = name.endswith(SHAPE)
    address = Address.parse(name.removesuffix(SHAPE))
    if address.tensor is None:
        raise AddressError(f"{{{text}}} names no tensor; write it as in {{feature_map[0,0]}}")
    return Slot(text, address, spec, shape)


def resolve(slot: Slot, timeline: Timeline, iteration: int) -> int:
    """The position from which on the slot's value is there. Raises AddressError where there is no such value."""
    at = iteration if slot.address.iteration is None else slot.address.iteration
    if not 0 <= at < timeline.iterations:
        raise AddressError(f"there is no iteration {at}; they run from 0 to {timeline.iterations - 1}")
    graph, name = timeline.graph(at), slot.address.tensor or ""
    if name not in graph:
        raise AddressError(f"there is no tensor '{name}'{did_you_mean(name, graph.names)}")
    shape = graph.spec(name).shape
    within = part_at(slot.address, shape)
    if slot.shape or graph.node(name) is None:
        return timeline.start(at)
    last = (*within, *(size - 1 for size in shape[len(within) :]))
    return timeline.number(Address(name, last), at) + 1


def shown(slot: Slot, history: History, iteration: int) -> str:
    """The slot's value in the run, as text."""
    at = iteration if slot.address.iteration is None else slot.address.iteration
    run = history.run(at)
    name = slot.address.tensor or ""
    shape = run.graph.spec(name).shape
    if slot.shape:
        return size(shape)
    within = part_at(slot.address, shape)
    if slot.address.term is not None and len(within) == len(shape):
        number = history.timeline.number(Address(name, within), at)
        return figure(history.step(number).term(slot.address.term).partial, slot.spec)
    return _nested(run.host(name)[within], slot.spec)


def part_at(address: Address, shape: Index) -> Index:
    """The index of a cell, or of a part that has cells (`out[0]`, a plane); leading axes of 1 may be left out."""
    if address.index is None:
        return ()
    ones = 0
    while ones < len(shape) - 1 and shape[ones] == 1:
        ones += 1
    part = (0,) * ones + address.index
    fits = len(part) <= len(shape) and all(i < size for i, size in zip(part, shape, strict=False))
    found = complete(address.index, shape) or (part if fits else None)
    if found is None:
        raise AddressError(f"{address} does not fit {address.tensor}, which is {list(shape)}")
    return found


def size(shape: Index) -> str:
    """A shape as a person says it: leading axes of 1 left out, 3x3."""
    while len(shape) > 1 and shape[0] == 1:
        shape = shape[1:]
    return "x".join(map(str, shape)) or "1"


def figure(value: float, spec: str = "") -> str:
    """A number as a person writes it: 3 and not 3.0, six digits, no negative zero."""
    value = value + 0.0
    if spec:
        # `z`: what rounds to zero has no sign.
        sign = spec[0] if spec[0] in "-+ " else ""
        return format(value, f"{sign}z{spec.removeprefix(sign)}")
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return format(value, ".6g" if abs(value) < 1e6 else ".10g")


def _nested(array: Any, spec: str) -> str:
    array = np.asarray(array)
    while array.ndim > 1 and array.shape[0] == 1:
        array = array[0]
    return _list(array, spec)


def _list(array: Any, spec: str) -> str:
    if array.ndim == 0:
        return figure(float(array), spec)
    parts = [array[i] for i in range(len(array))] if len(array) <= ROW else [array[0], array[1], array[2], array[-1]]
    texts = [_list(part, spec) for part in parts]
    if len(array) > ROW:
        texts.insert(3, "...")
    return f"[{', '.join(texts)}]"
