"""A look-up in words: what the cell is, and level by level what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stepgrad.engine.arithmetic import term_written
from stepgrad.engine.fold import Total
from stepgrad.engine.graph import Graph
from stepgrad.engine.lookup import Cell
from stepgrad.engine.number import Number, Padding, Read
from stepgrad.engine.step import Step, leaves
from stepgrad.tui.drawing import PADDING
from stepgrad.tui.line import Line, wrapped
from stepgrad.tui.numbers import significant
from stepgrad.tui.places import named
from stepgrad.tui.reach import Level, Reach, described

DIGITS = 5
LONG = 512
"""Terms of a sum in which a cell is not looked for."""
ROLES = {
    "input": "an input",
    "parameter": "a parameter",
    "buffer": "a running statistic",
    "state": "what the optimizer remembers",
}


def told(reach: Reach, levels: Sequence[Level], room: int, beside: str = "") -> list[Line]:
    """What was found. `beside` is what there is to add to the first level."""
    start, depth = named(reach.run.graph, reach.start), len(levels) - 1
    value = significant(reach.run.value(*reach.start), DIGITS)
    if not depth:
        return wrapped(f"**{start} = {value}** {_end(reach)}", room)
    words = "is made of" if reach.direction == "why" else "goes into"
    way = "back" if reach.direction == "why" else "on"
    ends = reach.is_cut or not any(reach.leads(name) for name in levels[-1])
    after = _ending(reach) if ends else f"{'w' if reach.direction == 'why' else 'W'} goes a level further."
    found = [_listed(reach.run.graph, level) for level in levels]
    if depth == 1:
        return wrapped(f"**{start} = {value}** {words} {found[1]}. {beside}{after}", room)
    lines = wrapped(f"**{start} = {value}**, {depth} levels {way}: {found[depth]}. {after}", room)
    for level in range(depth - 1, 0, -1):
        lines += wrapped(f"{level} {way}: {found[level]}.", room)
    return lines


def terms(steps: Iterator[Step], cell: Cell) -> str:
    """`in out[0,1] as 3*-1, in out[0,2] as 3*2`: the terms in which a cell stands."""
    found = []
    for step in steps:
        text = term(step, cell)
        if text:
            found.append(f"in {named(step.graph, (step.node.name, step.index))} as {text}")
    return ", ".join(found)


def term(step: Step, cell: Cell) -> str:
    """The term of a step's sum in which a cell stands; nothing where it has no such sum, or a very long one."""
    fold = step.fold
    if not isinstance(fold, Total) or len(fold) > LONG:
        return ""
    for k, each in enumerate(fold):
        if any(isinstance(leaf, Read) and (leaf.cells.name, leaf.index) == cell for leaf in leaves(each)):
            return term_written(fold, k, _shown).replace("*", "×")
    return ""


def _shown(leaf: Number) -> str:
    return PADDING[0] if isinstance(leaf, Padding) else significant(leaf.value, DIGITS)


def _listed(graph: Graph, level: Level) -> str:
    return "; ".join(described(name, cells, graph.spec(name).shape) for name, cells in level.items())


def _end(reach: Reach) -> str:
    """Why there is not even one level."""
    (tensor, _), graph = reach.start, reach.run.graph
    if reach.direction == "why":
        if tensor not in graph.sources:
            return "is a constant: it reads nothing."
        source = graph.sources[tensor]
        return f"is given: {ROLES[source.role]}." + (
            f" It is {graph.state[tensor]} of the iteration before; Enter goes to that step."
            if tensor in graph.state
            else ""
        )
    following = next((name for name, written in graph.state.items() if written == tensor), None)
    return "is read by nothing." if following is None else f"is {following} of the next iteration."


def _ending(reach: Reach) -> str:
    if reach.is_cut:
        return "This level is too large to be followed further."
    return "That is all of it, back to what is given." if reach.direction == "why" else "That is all of it."
