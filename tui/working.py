"""The working of a step: its formula, the terms of its sum part by part, and the line with the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stepgrad.engine.arithmetic import written
from stepgrad.engine.fold import Total
from stepgrad.engine.number import Number
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import short
from stepgrad.tui.board import Plan
from stepgrad.tui.digits import Choice, on_board
from stepgrad.tui.hues import Hues, runs
from stepgrad.tui.line import BLANK, Line, Run, filled, width
from stepgrad.tui.scene import Scene, Scenery
from stepgrad.tui.so_far import so_far, within
from stepgrad.tui.terms import Terms

SUMS = 8
"""Parts whose sums are written in the result line; a longer line is cut in its middle."""


@dataclass(frozen=True)
class Working:
    """The lines of a step's working. The block of terms may be long; each of its lines is made when asked for."""

    result: list[Line]
    terms: Terms | None


def formula(step: Step, room: int) -> tuple[list[Line], Line]:
    """The op's formula with the tensors' names in it, and its note, which is empty where it fits behind the formula."""
    note: Line = ((step.node.op.note, "faint"),) if step.node.op.note else BLANK
    text: Run = (step.formula.replace("*", "×"), "formula")
    together: Line = (text, ("   ", ""), *note)
    if width(together) <= room:
        return [together if note else (text,)], BLANK
    return filled([text], room), note


def work(
    scene: Scene,
    scenery: Scenery,
    plan: Plan,
    room: int,
    *,
    all_digits: bool = False,
    least: int = 0,
    columns: Sequence[int] = (),
    at: int = 0,
) -> Working:
    """The working in lines of at most `room` columns. `least` and `columns` keep terms and parts where they stand
    in the other cells of the node. `at` terms are in; 0 is the cell as it stands."""
    choice = on_board(scene, scenery, Hues(plan, scenery.letters), all_digits=all_digits)
    parts, trace = scene.parts, scene.step.trace
    if parts.fold is None or not len(parts):
        return Working(_result(scene, choice, trace, room), None)
    terms = Terms(parts, choice, room, least, columns, within(parts, at - 1) if at else None)
    partly = so_far(scene.step, name_of(scene.step), choice, at, room) if 0 < at < scene.step.terms else []
    if terms.is_one_line or not isinstance(parts.fold, Total):
        inline = _result(scene, choice, trace, room)
        if len(inline) == 1:
            return Working(partly or inline, None)
    return Working(partly or _result(scene, choice, parts.together, room), terms)


def _result(scene: Scene, choice: Choice, trace: Number, room: int) -> list[Line]:
    """`out[0,0] = (-2) + (-2) + (-3) + 1 = -6`"""
    relation, end = choice.relation, [(choice.result, "result")]
    if choice.dtype:
        end.append((f" in {choice.dtype}", "faint"))
    if trace.operands:
        text = written(trace, choice.shown.styled, SUMS, grouped=False)
        end = [*runs(text), (f" {relation} ", ""), *end]
        relation = "="
    return filled([(name_of(scene.step), "label-new"), (f" {relation} ", ""), *end], room)


def name_of(step: Step) -> str:
    """The cell's name as a person writes it: leading axes of 1 left out, a scalar without an index."""
    return str(short(step.address, step.node.spec.shape)).removesuffix("[]")
