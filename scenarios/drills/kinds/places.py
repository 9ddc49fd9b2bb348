"""Where: the window that makes a cell, the cell that wins, what a cell feeds, and what is written next."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from stepgrad.engine.fold import Largest
from stepgrad.engine.lookup import feeds as fed_by
from stepgrad.engine.number import Index, Padding, Read
from stepgrad.engine.step import Step, leaves
from stepgrad.engine.timeline import Address, short
from stepgrad.scenarios.drills import worked
from stepgrad.scenarios.drills.answers import Cell, Cells, Choice
from stepgrad.scenarios.drills.diagnosis import Mistake
from stepgrad.scenarios.drills.material import Material, sized
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.settings import described
from stepgrad.scenarios.drills.shown import cells_read

FED = 6
"""Cells that a cell feeds, of which all are asked for."""
LARGE = 2000
"""Cells of what reads a tensor: they are all looked through."""
OPTIONS = 4


def window(material: Material, step: Step) -> Question | None:
    """Which window makes this cell: where it begins."""
    if _hangs_on_values(step):
        return None
    for tensor, read in cells_read(step).items():
        shape = step.graph.spec(tensor).shape
        if len(read) < 2 or len({index[-1] for index in read}) == shape[-1]:
            continue
        first, last = min(read), max(read)
        return material.about(
            step,
            f"{described(step.node)}; {sized(tensor, shape)}. "
            f"Which cell of {tensor} is the first, in row order, that {worked.place(step)} reads?",
            Cell(tensor, shape, first),
            given=(),
            hints=(
                worked.hints(step)[1],
                f"It reads {len(read)} cells of {tensor}; the last is {_named(tensor, last, shape)}.",
            ),
            solution=(f"{worked.place(step)} reads {worked.operands(step)}",),
            mistakes=partial(_other_windows, step, shape, last),
        )
    return None


def _other_windows(step: Step, shape: Index, last: Index) -> Iterator[Mistake]:
    yield Mistake(last, "That is the last one it reads.")
    if len(step.index) == len(shape) and all(i < n for i, n in zip(step.index, shape, strict=True)):
        yield Mistake(step.index, "That cell has the same index, but the window begins elsewhere.")


def winner(material: Material, step: Step) -> Question | None:
    """Which cell wins the maximum and gets the gradient; only where there is no tie."""
    fold = step.fold
    if not isinstance(fold, Largest) or len(fold) < 2:
        return None
    terms = [term for term in fold if isinstance(term, Read)]
    top = [term for term in terms if term.value == step.value]
    if len(terms) < len(fold) or len(top) != 1:
        return None
    tensor, shape, index = top[0].cells.name, top[0].cells.shape, top[0].index
    return material.about(
        step,
        f"{described(step.node)}. Which cell of {tensor} wins in {worked.place(step)}, and so gets its gradient?",
        Cell(tensor, shape, index),
        hints=worked.hints(step)[:2],
        solution=(f"{worked.solution(step)}, which is {_named(tensor, index, shape)}",),
        mistakes=partial(_losers, terms, index),
    )


def _losers(terms: list[Read], winner: Index) -> Iterator[Mistake]:
    for term in terms:
        if term.index != winner:
            named = _named(term.cells.name, term.index, term.cells.shape)
            yield Mistake(term.index, f"{named} is in the window, but it is not the largest there.")


def feeds(material: Material, step: Step) -> Question | None:
    """Which cells of a tensor a cell feeds."""
    node, read = step.node, cells_read(step)
    if node.phase != "forward" or _hangs_on_values(step):
        return None
    tensor = material.random.choice(list(read))
    if sum(reader.size for reader in step.graph.readers(tensor)) > LARGE:
        return None
    index, shape, out = material.random.choice(read[tensor]), step.graph.spec(tensor).shape, node.spec.shape
    reached = frozenset(cell for name, cell in fed_by(step.run, tensor, index) if name == node.name)
    if not 1 <= len(reached) <= FED or len(reached) == node.size or len(read[tensor]) == len(reached) == 1:
        return None
    here = _named(tensor, index, shape)
    listed = ", ".join(_named(node.name, cell, out) for cell in sorted(reached))
    return material.about(
        step,
        f"{described(node)}; {sized(tensor, shape)} and {sized(node.name, out)}. "
        f"Which cells of {node.name} read {here}?",
        Cells(node.name, out, reached),
        given=(),
        hints=(worked.hints(step)[1], "There is 1." if len(reached) == 1 else f"There are {len(reached)}."),
        solution=(f"{here} is read by {listed}",),
    )


def _hangs_on_values(step: Step) -> bool:
    """Whether numbers choose what is read, as a label does: no place can be told without them."""
    return any(isinstance(leaf, (Read, Padding)) and leaf.chosen_by for leaf in leaves(step.trace))


def following(material: Material, step: Step) -> Question | None:
    """Which step comes next."""
    timeline, size = material.lesson.timeline, step.node.size
    right = step.number + 1
    if right >= timeline.steps:
        return None
    columns = step.node.spec.shape[-1] if step.node.spec.shape else 1
    tried = (right, right + columns - 1, right + 1, step.number - 1, step.number + size)
    options = list(dict.fromkeys(_written(material, number) for number in tried if 0 <= number < timeline.steps))
    options = [option for option in options if option != worked.place(step)][:OPTIONS]
    if len(options) < 2:
        return None
    answer = options[0]
    material.random.shuffle(options)
    return material.about(
        step,
        f"{worked.place(step)} was just written; {sized(step.node.name, step.node.spec.shape)}. "
        "Which cell is written next?",
        Choice(tuple(options), options.index(answer)),
        given=(),
        hints=("Cells are written in row order, one tensor after another.",),
        solution=(f"After {worked.place(step)} comes {answer}",),
    )


def _written(material: Material, number: int) -> str:
    place = material.lesson.timeline.place(number)
    return _named(place.node.name, place.index, place.node.spec.shape, place.iteration)


def _named(tensor: str, index: Index, shape: Index, iteration: int = 0) -> str:
    name = str(short(Address(tensor, index), shape))
    return name if iteration == 0 else f"{name}@{iteration}"
