"""What flat text says about single cells: what they go into, what a gradient spreads, and whether they are right."""

from __future__ import annotations

from stepgrad.engine.differences import central_difference
from stepgrad.engine.errors import AddressError
from stepgrad.engine.lookup import Cell, feeds
from stepgrad.engine.run import Run
from stepgrad.engine.scatter import scatter
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Address, complete
from stepgrad.tui import spoken
from stepgrad.tui.digits import RESULT, in_text
from stepgrad.tui.numbers import significant
from stepgrad.tui.places import named

LISTED = 12
"""Cells told at a time."""
LOSS = 12
"""Digits of the two losses, of which the last ones differ."""


def found(run: Run, text: str, here: Cell) -> Cell:
    """The cell of an address; `here` where none is given. Raises AddressError."""
    if not text:
        return here
    address = Address.parse(text)
    name, graph = address.tensor, run.graph
    if name is None or name not in graph:
        raise AddressError(f"'{text[:40]}' names no tensor that is here; read alone lists them")
    index = complete(address.index or (), graph.spec(name).shape)
    if index is None:
        raise AddressError(f"{text[:40]} is no cell of {name}, which is {list(graph.spec(name).shape)}")
    return name, index


def goes_into(run: Run, cell: Cell) -> list[str]:
    """The cells that read a cell, tensor by tensor."""
    every: dict[str, list[str]] = {}
    for name, index in feeds(run, *cell):
        every.setdefault(name, []).append(named(run.graph, (name, index)))
    if not every:
        return [f"Nothing reads {named(run.graph, cell)}."]
    told = [f"{named(run.graph, cell)} goes into {spoken.count(sum(map(len, every.values())), 'cell')}."]
    for name, cells in every.items():
        more = f", and {len(cells) - LISTED} more" if len(cells) > LISTED else ""
        told.append(f"{spoken.count(len(cells), 'cell')} of {name}: {', '.join(cells[:LISTED])}{more}.")
    return told


def spread(step: Step, number: int) -> list[str]:
    """What upstream cell `number` (from 1) adds to the gradient that a step's node writes, and the sums so far."""
    graph, node, run = step.graph, step.node, step.run
    if node.name not in graph.differentiates:
        raise AddressError(f"{node.name} is no gradient of a layer; the backward pass has some")
    upstream = f"{graph.differentiates[node.name][0]}.grad"
    spec = graph.spec(upstream)
    if number > spec.size:
        raise AddressError(f"there is no upstream cell {number}; {upstream} has {spoken.count(spec.size, 'cell')}")
    cell = upstream, spec.index(number - 1)
    told = [f"{_number(run.value(*cell))} is {named(graph, cell)}, upstream cell {number} of {spec.size}."]
    additions = scatter(run, node, cell[1])
    told += [
        f"{named(graph, (node.name, each.index))} gets {_number(each.added)}. So far {_number(each.so_far)}."
        for each in additions[:LISTED]
    ]
    left = len(additions) - LISTED
    return [*told, f"{spoken.count(left, 'more cell')}."] if left > 0 else told


def checked(step: Step) -> list[str]:
    """Whether a cell is right: from the digits told, and a gradient against the loss. Raises StepgradError."""
    name = named(step.graph, (step.node.name, step.index))
    again = step.trace.evaluate(in_text(step).shown.worth)
    adds_up = significant(again, RESULT) == significant(step.value, RESULT)
    verdict = "adds up" if adds_up else "does not add up"
    told = [f"{name} {verdict}: worked out again it is {_number(again)}, the run wrote {_number(step.value)}."]
    if not step.node.name.endswith(".grad"):
        return told
    check = central_difference(step.run, step.node.name, step.index)
    moved = named(step.graph, (check.tensor, check.index))
    low, high = (spoken.arithmetic(significant(value, LOSS)) for value in (check.minus, check.plus))
    verdict = f"they {'agree' if check.agrees else 'differ'}" if check.compares else "there is nothing to compare"
    return [
        *told,
        f"{moved} moved by {_number(check.h)}: the loss is {low} below and {high} above.",
        f"The slope between is {_number(check.slope)}, the gradient is {_number(check.shown)}: {verdict}.",
    ]


def _number(value: float) -> str:
    return spoken.arithmetic(significant(value, RESULT))
