"""Gradients before they are worked out: which sign, and which of two is larger."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from stepgrad.engine.step import Step
from stepgrad.scenarios.drills import worked
from stepgrad.scenarios.drills.answers import Choice
from stepgrad.scenarios.drills.diagnosis import Mistake
from stepgrad.scenarios.drills.material import Material, is_askable
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.settings import described
from stepgrad.scenarios.drills.shown import operands

SIGNS = ("positive", "negative", "zero")


def sign(material: Material, step: Step) -> Question | None:
    """The sign of a gradient: which way the loss goes with the number."""
    if not _is_slope(step):
        return None
    right = 0 if step.value > 0 else 1 if step.value < 0 else 2
    prompt = f"{described(step.node)}. Is {worked.place(step)} positive, negative or zero?"
    return material.about(step, prompt, Choice(SIGNS, right), mistakes=partial(_other_way, right))


def _other_way(right: int) -> Iterator[Mistake]:
    if right < 2:
        yield Mistake(1 - right, "It is the other way round.")


def larger(material: Material, step: Step) -> Question | None:
    """Which of two gradients is larger in size."""
    node = step.node
    if not _is_slope(step) or node.size < 2:
        return None
    other = material.at(node.name, node.spec.index(material.random.randrange(node.size)), step.iteration)
    if not is_askable(other) or abs(abs(other.value) - abs(step.value)) <= 1e-9 * abs(step.value):
        return None
    options = (worked.place(step), worked.place(other))
    right = int(abs(other.value) > abs(step.value))
    given = {plane.name: plane for each in (step, other) for plane in operands(each)}
    return material.about(
        step,
        f"{described(node)}. Which is larger in size, whatever its sign?",
        Choice(options, right),
        given=tuple(given.values()),
        steps=(step, other),
        hints=worked.hints(step)[:2],
        solution=(worked.solution(step), worked.solution(other)),
        mistakes=partial(_by_sign, (step.value, other.value), right),
    )


def _by_sign(values: tuple[float, float], right: int) -> Iterator[Mistake]:
    if values[1 - right] > values[right]:
        yield Mistake(1 - right, "It is larger as a number, but smaller in size.")


def _is_slope(step: Step) -> bool:
    return step.node.phase == "backward" and step.node.op.kind == "gradient"
