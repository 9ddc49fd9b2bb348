"""A step as a learner is told of it: what it reads, its formula, its first terms, and the whole of it."""

from __future__ import annotations

from collections.abc import Iterator

from stepgrad.engine.arithmetic import term_written, written
from stepgrad.engine.fold import Total
from stepgrad.engine.number import Index, Number, Padding
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Address, short
from stepgrad.scenarios.narration import figure

LISTED = 4
"""Cells of one tensor that are named one by one."""
TERMS = 3
"""Terms that the last hint shows."""
UNCUT = 60
"""Terms of a worked solution that are written out."""


PADDED = "0'"
"""The zero of padding, as arithmetic shows it."""


def shown(leaf: Number) -> str:
    """An operand in few digits; the zero of padding has a mark."""
    return PADDED if isinstance(leaf, Padding) else figure(leaf.value)


def place(step: Step) -> str:
    """The cell that a step writes, as people write it; with its iteration where that is not the first."""
    name = str(short(step.address, step.node.spec.shape))
    return name if step.iteration == 0 else f"{name}@{step.iteration}"


def hints(step: Step) -> tuple[str, str, str]:
    """Three stages of help, the answer in none of them: which operands, the formula, the first terms."""
    note = f" ({step.node.op.note})" if step.node.op.note else ""
    return f"It reads {operands(step)}.", f"{step.formula}{note}", _first_terms(step)


def solution(step: Step) -> str:
    """The whole arithmetic with its result."""
    arithmetic = written(step.trace, shown, UNCUT)
    result = figure(step.value)
    if arithmetic == result:
        return f"{place(step)} = {result}"
    return f"{place(step)} = {arithmetic} {'=' if _comes_to(step, result) else '~'} {result}"


def operands(step: Step) -> str:
    """The cells that a step reads, a tensor at a time."""
    by_tensor: dict[str, list[Index]] = {}
    for reading in step.reads:
        if reading.tensor not in ("padding", "constant"):
            by_tensor.setdefault(reading.tensor, []).append(reading.index)
    parts = [part for name, cells in by_tensor.items() for part in _named(step, name, cells)]
    padding = sum(reading.tensor == "padding" for reading in step.reads)
    parts += [f"zeros of the padding ({PADDED})"] if padding else []
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts) or "nothing"


def _named(step: Step, name: str, cells: list[Index]) -> Iterator[str]:
    shape = step.graph.spec(name).shape
    addresses = [str(short(Address(name, index), shape)) for index in cells]
    if len(cells) <= LISTED:
        yield from addresses
    else:
        yield f"{len(cells)} cells of {name}, from {addresses[0]} to {addresses[-1]}"


def _first_terms(step: Step) -> str:
    """The arithmetic as far as it gives nothing away: without its result, and not all of several terms."""
    fold = step.fold
    if fold is None or len(fold) < 2:
        return f"It is {written(step.trace, shown, UNCUT)}."
    count = min(TERMS, len(fold) - 1)
    terms = [term_written(fold, k, shown) for k in range(count)]
    if isinstance(fold, Total):
        terms = [f"({term})" if "*" in term else term for term in terms]
    so_far = figure(step.term(count - 1).partial)
    begins = " + ".join(terms) if isinstance(fold, Total) else ", ".join(terms)
    within = "" if step.trace is fold else " within it"
    verb = "adds up" if isinstance(fold, Total) else "is the largest of"
    return f"The {fold.name}{within} {verb} {begins}, ... and {len(fold) - count} more; so far {so_far}."


def from_shown(step: Step) -> float:
    """What the operands come to as they are shown: it must do for the answer that is asked for."""
    return step.trace.evaluate(lambda leaf: 0.0 if isinstance(leaf, Padding) else float(figure(leaf.value)))


def _comes_to(step: Step, result: str) -> bool:
    """Whether the operands as they are written come to the result as it is written."""
    value = from_shown(step)
    return figure(value) == result and abs(value - step.value) <= 1e-9 * max(1.0, abs(value))
