"""A cell checked on the spot: worked out again from the digits shown, and a gradient against the loss itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepgrad.engine.differences import Check as Difference
from stepgrad.engine.differences import central_difference
from stepgrad.engine.errors import StepgradError
from stepgrad.engine.lookup import Cell
from stepgrad.engine.run import Run
from stepgrad.tui.digits import on_board
from stepgrad.tui.line import READABLE, Line, wrapped
from stepgrad.tui.numbers import significant
from stepgrad.tui.places import named
from stepgrad.tui.scene import Scene, Scenery

if TYPE_CHECKING:
    from stepgrad.tui.sight import Sight

LOSS = 12
"""Digits of the two losses, of which the last ones differ."""
SLOPE = 7


def checked(sight: Sight, scenery: Scenery, cell: Cell, room: int, *, all_digits: bool) -> list[Line]:
    """What the checks of the cell of a step come to, in words."""
    step, room = sight.step, min(room, READABLE)
    choice = on_board(Scene(step), scenery, all_digits=all_digits)
    scale = scenery.scale(step, step.node.name)
    found = step.trace.evaluate(choice.shown.worth)
    agrees = "adds up" if scale.text(found) == scale.text(step.value) else "does not add up"
    lines = wrapped(
        f"**{named(step.graph, cell)} {agrees}:** the digits shown come to {significant(found, SLOPE)}; "
        f"the run wrote {significant(step.value, SLOPE)}.",
        room,
    )
    return [*lines, *wrapped(" ".join(slope(step.run, cell)), room)] if is_gradient(step.run, cell) else lines


def is_gradient(run: Run, cell: Cell) -> bool:
    """Whether there is a slope to compare the cell with, or something to be said about why there is none."""
    return cell[0] in run.graph.differentiates or cell[0].endswith(".grad")


def slope(run: Run, cell: Cell) -> list[str]:
    """The central difference beside a gradient cell, a sentence each."""
    try:
        check = central_difference(run, *cell)
    except StepgradError as fault:
        return [f"No difference is taken: {fault}."]
    moved = named(run.graph, (check.tensor, check.index))
    value = significant(run.value(check.tensor, check.index), SLOPE)
    told = f"**{'they agree' if check.agrees else 'they differ'}** (to {_tolerated(check)})"
    if not check.compares:
        told = "**there is nothing to compare**, where not both are finite numbers"
    return [
        f"{moved} = {value} moved by h = {significant(check.h, 3)}:",
        f"the loss is {significant(check.minus, LOSS)} at -h and {significant(check.plus, LOSS)} at +h.",
        f"(plus - minus)/(2h) = {significant(check.slope, SLOPE)},",
        f"the backward pass wrote {significant(check.shown, SLOPE)}: {told}.",
    ]


def _tolerated(check: Difference) -> str:
    return f"{check.tolerance:g}".replace("e-0", "e-")
