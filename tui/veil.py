"""What a teacher hides: the answer of a step, its arithmetic, or every number that the network works out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from stepgrad.engine.arithmetic import written
from stepgrad.engine.number import Read

if TYPE_CHECKING:
    from stepgrad.engine.graph import Graph
    from stepgrad.engine.number import Number
    from stepgrad.engine.step import Step
    from stepgrad.tui.digits import Choice

ANSWER = "?"
"""Stands for what a step comes to."""
VALUE = "_"
"""Stands for any other number that is hidden."""


class Veil(NamedTuple):
    """What is hidden; nothing by itself. Given numbers, formulas and sizes never are."""

    answers: bool = False
    """What the step comes to, and its partial results; once it is passed it stands on the board."""
    arithmetic: bool = False
    """The working: the terms and what they come to one by one."""
    values: bool = False
    """Every number that is worked out, wherever it stands."""

    @property
    def result(self) -> bool:
        """Whether what a step comes to is hidden."""
        return self.answers or self.values

    def under(self, other: Veil) -> Veil:
        """What is hidden by this or by another."""
        return Veil(*(one or two for one, two in zip(self, other, strict=True)))


OPEN = Veil()

TOLD = "this would tell what is hidden; H shows it"


def veil(words: Iterable[str]) -> Veil:
    """The veil of what `--hide` names."""
    return Veil(**dict.fromkeys(words, True))


def arithmetic(choice: Choice, limit: int | None, hidden: Veil) -> str:
    """`(1*1) + (0*0) = ?`: a step's arithmetic without what is hidden of it."""
    if hidden == OPEN:
        return choice.arithmetic(limit)
    result = ANSWER if hidden.result else choice.result
    if hidden.arithmetic:
        return result
    return f"{operands(choice.step.trace, choice, limit, hidden)} = {result}"


def operands(trace: Number, choice: Choice, limit: int | None, hidden: Veil) -> str:
    """Any part of the arithmetic, without the numbers in it that are hidden."""
    return written(trace, leaf(choice, hidden), limit)


def leaf(choice: Choice, hidden: Veil, value: str = VALUE) -> Callable[[Number], str]:
    """Writes the numbers that a step reads, `value` for those that are hidden."""
    step = choice.step

    def text(number: Number) -> str:
        is_hidden = isinstance(number, Read) and _is_computed(step.graph, number.cells.name, step.iteration)
        return value if is_hidden and hidden.values else choice.shown.text(number)

    return text


def record(step: Step, hidden: Veil) -> dict[str, Any]:
    """The step as plain data, null in the place of what is hidden."""
    found = step.record()
    if hidden.arithmetic or hidden.values:
        found["arithmetic"] = None
    elif hidden.answers:
        found["arithmetic"] = f"{found['arithmetic'].rpartition(' = ')[0]} = {ANSWER}"
    if hidden.result:
        found["value"] = None
    if hidden.values:
        found["reads"] = [
            [
                name,
                index,
                None if name in step.graph.names and _is_computed(step.graph, name, step.iteration) else value,
            ]
            for name, index, value in found["reads"]
        ]
    return found


def _is_computed(graph: Graph, name: str, iteration: int) -> bool:
    # Not before the first frame: narration needs NumPy.
    from stepgrad.scenarios.narration import is_computed

    return is_computed(graph, name, iteration)
