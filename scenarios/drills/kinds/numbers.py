"""Work out what a step writes: one cell, a row or small matrix of them, or a cell under another setting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.graph import Node
from stepgrad.engine.number import Index
from stepgrad.engine.step import Step
from stepgrad.scenarios.drills import worked
from stepgrad.scenarios.drills.diagnosis import suspected, suspected_together
from stepgrad.scenarios.drills.figures import Digits
from stepgrad.scenarios.drills.material import Material, is_askable
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.settings import described, settings_of
from stepgrad.scenarios.drills.shown import operands

CELLS = 9
"""Cells of a matrix that is filled whole; of a larger one a row of up to as many."""
LARGE = 20_000
"""Cells of an iteration: a larger one takes too long to build again for a question."""


def cell(material: Material, step: Step) -> Question | None:
    """Fill the cell."""
    if not _can_be_worked_out([step]):
        return None
    prompt = f"{described(step.node)}. What is {worked.place(step)}?"
    return material.about(step, prompt, _number(step), mistakes=partial(suspected, step))


def row(material: Material, step: Step) -> Question | None:
    """Fill a whole row, or a small matrix, of which each cell is graded."""
    node = step.node
    cells, shape = _together(step)
    steps = [material.at(node.name, index, step.iteration) for index in cells]
    if len(steps) < 2 or not all(map(is_askable, steps)) or not _can_be_worked_out(steps):
        return None
    values = tuple(each.value for each in steps)
    first, last = worked.place(steps[0]), worked.place(steps[-1])
    whole = len(steps) == node.size
    given = {plane.name: plane for each in steps for plane in operands(each)}
    return material.about(
        steps[0],
        f"{described(node)}. Fill in {node.name if whole else f'{first} to {last}'}.",
        Numbers(values, shape, Digits.of(values)),
        given=tuple(given.values()),
        steps=tuple(steps),
        solution=tuple(map(worked.solution, steps)),
        mistakes=partial(suspected_together, steps),
    )


def what_if(material: Material, node: Node) -> Question | None:
    """What a cell would be if the stride were another: the same mechanism as `--set`."""
    if "stride" not in settings_of(node.op) or node.phase != "forward" or material.size > LARGE:
        return None
    now = settings_of(node.op)["stride"]
    stride = 2 if now in (1, (1,), (1, 1)) else 1
    settings = {f"layers.{node.layer}.stride": stride}
    try:
        changed = material.changed(settings)
        made = changed.lesson.timeline.graph(0).node(node.name)
        if made is None or made.spec.shape == node.spec.shape or made.size < 2:
            return None
        step = changed.at(node.name, made.spec.index(material.random.randrange(1, made.size)))
    except StepgradError:
        return None
    if not is_askable(step) or not _can_be_worked_out([step]):
        return None
    prompt = f"{described(node)}. If its stride were {stride}, what would be {worked.place(step)}?"
    return changed.about(step, prompt, _number(step), mistakes=partial(suspected, step))


def _can_be_worked_out(steps: Sequence[Step]) -> bool:
    """Whether the numbers as they are shown have digits enough for the answer."""
    digits = Digits.of([step.value for step in steps])
    return all(digits.agree(worked.from_shown(step), step.value) for step in steps)


def _number(step: Step) -> Numbers:
    return Numbers((step.value,), (), Digits.of((step.value,)))


def _together(step: Step) -> tuple[list[Index], tuple[int, ...]]:
    """The cells asked for together with a step's, and their shape: its matrix where that is small, else its row."""
    shape, lead = step.node.spec.shape, step.index[:-2]
    if len(shape) > 1 and min(shape[-2:]) > 1 and shape[-2] * shape[-1] <= CELLS:
        rows, columns = shape[-2:]
        return [(*lead, i, j) for i in range(rows) for j in range(columns)], (rows, columns)
    if not shape or shape[-1] > CELLS:
        return [], ()
    return [(*step.index[:-1], j) for j in range(shape[-1])], shape[-1:]
