"""The first line: what is played, and where in it the player is."""

from __future__ import annotations

from stepgrad.engine.step import Step
from stepgrad.tui.line import Line, clip, spread
from stepgrad.tui.line import width as width_of

NARROWEST = 24
"""Columns of a title that is cut for the cell's number; with less room it stands alone."""


def heading(title: Line, step: Step, position: int, iterations: int, room: int) -> Line:
    """The title, and at the right where the player is, in as many words as there is room for."""
    crumbs = _crumbs(step, position, iterations)
    fitting = next((text for text in crumbs if len(text) + width_of(title) + 2 <= room), crumbs[-1])
    left = room - len(fitting) - 2
    if NARROWEST <= left < width_of(title):
        title = (*clip(title, left - 1), ("…", "title"))
    return spread(title, ((fitting, "faint"),), room)


def _crumbs(step: Step, position: int, iterations: int) -> list[str]:
    """`forward > bn > bn.var, cell 3 of 18`, and shorter ways to say where this is."""
    node = step.node
    cell = f"cell {step.place.offset + (position > step.number)} of {node.size}"
    where = [node.phase, *([node.layer] if node.layer != node.name else []), node.name]
    if iterations > 1:
        where.insert(0, f"iteration {step.iteration}")
    return [*(f"{' > '.join(where[i:])}, {cell}" for i in range(len(where))), cell]
