"""The working of a step: its formula, the terms of its sum part by part, and the line with the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stepgrad.engine.arithmetic import exact, written
from stepgrad.engine.fold import Total
from stepgrad.engine.number import Constant, Number
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import short
from stepgrad.tui.board import Plan
from stepgrad.tui.line import Line, Run, filled, width
from stepgrad.tui.scene import Scene, Scenery
from stepgrad.tui.shown import MOST, Shown, choose, runs
from stepgrad.tui.terms import Terms

SUMS = 8
"""Parts whose sums are written in the result line; a longer line is cut in its middle."""


@dataclass(frozen=True)
class Working:
    """The lines of a step's working. The block of terms may be long; each of its lines is made when asked for."""

    result: list[Line]
    terms: Terms | None


def formula(step: Step, room: int) -> list[Line]:
    """The op's formula with the tensors' names in it, and its note."""
    note = step.node.op.note
    text: Run = (step.formula.replace("*", "×"), "formula")
    together: Line = (text, (f"   {note}", "faint"))
    if note and width(together) <= room:
        return [together]
    return [*filled([text], room), *(filled([(note, "faint")], room) if note else [])]


def work(
    scene: Scene,
    scenery: Scenery,
    plan: Plan,
    room: int,
    *,
    all_digits: bool = False,
    least: int = 0,
    columns: Sequence[int] = (),
) -> Working:
    """The working in lines of at most `room` columns. `least` and `columns` keep terms and parts where they stand
    in the other cells of the node."""
    shown, relation = choose(scene, scenery, plan, all_digits=all_digits)
    parts = scene.parts
    if parts.fold is None or not len(parts):
        return Working(_result(scene, scenery, shown, relation, scene.step.trace, room), None)
    terms = Terms(parts, shown, relation, room, least, columns)
    if terms.is_one_line or not isinstance(parts.fold, Total):
        inline = _result(scene, scenery, shown, relation, scene.step.trace, room)
        if len(inline) == 1:
            return Working(inline, None)
    return Working(_result(scene, scenery, shown, relation, parts.together(), room), terms)


def _result(scene: Scene, scenery: Scenery, shown: Shown, relation: str, trace: Number, room: int) -> list[Line]:
    """`out[0,0] = (-2) + (-2) + (-3) + 1 = -6`"""
    step = scene.step
    name = str(short(step.address, step.node.spec.shape))
    scale = scenery.scale(step, step.node.name)
    end: list[Run] = [(exact(step.value) if shown.digits >= MOST else scale.text(step.value), "result")]
    if not isinstance(trace, Constant):
        end = [*runs(written(trace, shown.styled, SUMS, grouped=False)), (f" {relation} ", ""), *end]
        relation = "="
    return filled([(name, "label-new"), (f" {relation} ", ""), *end], room)
