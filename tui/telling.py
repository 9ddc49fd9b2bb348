"""What flat text says about a step, its terms and a tensor, in lines for the ear."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice, product
from typing import Any

import numpy as np

from stepgrad.engine.arithmetic import exact, written
from stepgrad.engine.errors import AddressError
from stepgrad.engine.fold import Fold
from stepgrad.engine.number import Index, Number, Padding, Read
from stepgrad.engine.step import Step, leaves
from stepgrad.engine.timeline import Address, complete, short
from stepgrad.tui import spoken
from stepgrad.tui.digits import RESULT, Choice, in_text
from stepgrad.tui.flat import partials
from stepgrad.tui.numbers import significant
from stepgrad.tui.veil import OPEN, Veil, leaf

ROW = 8
"""Terms told in a breath, where the sum has no shorter rows of its own."""
PAGE = 12
"""Breaths told at a time."""
SHOWN = 40
"""Numbers of a row, and rows, told of a tensor at a time."""

FOLDS = {"sum": "the sum of", "max": "the largest of"}


def address(step: Step) -> str:
    return str(short(step.address, step.node.spec.shape))


def tensor(step: Step) -> str:
    """What a tensor is, told when its first cell is written."""
    node = step.node
    return f"{node.name} is {node.op.name}, {node.phase}, {spoken.shape(node.spec.shape)}: {step.formula}."


def value(step: Step) -> str:
    shown = _rounded(step).result
    return f"{'' if shown == exact(step.value) else 'about '}{spoken.arithmetic(shown).removeprefix(' is about ')}"


def term(step: Step, k: int, veil: Veil = OPEN) -> str:
    """Term k (from 0) of a cell, and the result so far."""
    trace = step.trace if step.fold is None else step.fold.term(k)
    if veil.arithmetic:
        return f"Term {k + 1} of {step.terms}, from {_sources(trace)}."
    said = f"{_said(_rounded(step), trace, veil)}, from {_sources(trace)}"
    if veil.result:
        return f"Term {k + 1} of {step.terms}: {said}."
    partial = next(islice(partials(step), k, None))
    return f"{_number(trace.value)}, term {k + 1} of {step.terms}: {said}. So far {_number(partial)}."


def why(step: Step, first: int = 0, veil: Veil = OPEN) -> list[str]:
    """The arithmetic of a cell from term `first` (from 0), a row of the sum in each line."""
    shown, fold = _rounded(step), step.fold
    if veil.arithmetic:
        return [f"The arithmetic is hidden. It reads {_sources(step.trace)}."]
    result = "It" if veil.result else value(step)
    if fold is None:
        about = "is" if shown.relation == "=" or veil.result else "is about"
        return [f"{result} {about} {_said(shown, step.trace, veil)}, from {_sources(step.trace)}."]
    made = "is" if fold is step.trace else "comes from"
    told = [f"{result} {made} {FOLDS[fold.name]} {spoken.count(len(fold), 'term')}."]
    if not 0 <= first < max(len(fold), 1):
        raise AddressError(f"there is no term {first + 1}; terms run from 1 to {len(fold)}")
    rows = _rows(fold, first)
    for start, stop in islice(rows, PAGE):
        said = ", ".join(_said(shown, fold.term(k), veil) for k in range(start, stop))
        so_far = "" if veil.result else f" So far {_number(next(islice(partials(step), stop - 1, None)))}."
        told.append(f"{_sources(fold.term(start))}: {said}.{so_far}")
    left = next(rows, None)
    if left is not None:
        told.append(f"Terms {left[0] + 1} to {len(fold)} are left: why {left[0] + 1}.")
    elif fold is not step.trace and not veil.result:
        told.append(f"In all, {spoken.arithmetic(shown.arithmetic(3))}.")
    return told


def _rows(fold: Fold, first: int) -> Iterator[tuple[int, int]]:
    """The terms in breaths: whole rows of the sum, or pieces of them; a bias stands alone."""
    inner = len(fold) - (fold.last is not None)
    width = 1
    for span in reversed(fold.ranges):
        if width * len(span) > ROW:
            break
        width *= len(span)
    width = ROW if width == 1 else width
    start = first
    while start < len(fold):
        stop = min(start - start % width + width, inner) if start < inner else len(fold)
        yield start, stop
        start = stop


def _rounded(step: Step) -> Choice:
    return in_text(step, "padding")


def _number(number: float) -> str:
    return spoken.arithmetic(significant(number, RESULT))


def _said(shown: Choice, trace: Number, veil: Veil) -> str:
    return spoken.arithmetic(written(trace, leaf(shown, veil, "hidden"), grouped=False))


def _sources(trace: Number) -> str:
    """Where the numbers of a term stand."""
    names = []
    for number in leaves(trace):
        if isinstance(number, Read):
            names.append(str(short(Address(number.cells.name, number.index), number.cells.shape)))
        elif isinstance(number, Padding):
            names.append("padding")
    return " and ".join(dict.fromkeys(names)) or "constants"


def rows(name: str, index: Index, host: np.ndarray[Any, Any], filled: int) -> Iterator[str]:
    """A tensor, or the part of it that `index` begins to name; cells from number `filled` on are blank yet."""
    whole = complete(index, host.shape)
    if whole is None:
        lead = next((i for i, size in enumerate(host.shape[:-1]) if size != 1), max(host.ndim - 1, 0))
        whole = (0,) * lead + index
    _check(name, index, whole, host.shape)
    part = host.shape[len(whole) :]
    if not part:
        yield f"{_cell(host, whole, filled)} is {Address(name, index)}."
        return
    yield f"{Address(name, index or None)}, {spoken.shape(host.shape[len(whole) :])}."
    for outer in islice(product(*map(range, part[:-1])), SHOWN):
        if len(outer) > 1 and outer[-1] == 0:
            yield f"plane {' '.join(map(str, outer[:-1]))}."
        cells = [_cell(host, (*whole, *outer, i), filled) for i in range(min(part[-1], SHOWN))]
        more = f", and {part[-1] - SHOWN} more" if part[-1] > SHOWN else ""
        yield f"{_row(outer)}{', '.join(cells)}{more}."
    left = math.prod(part[:-1]) - SHOWN
    if left > 0:
        yield f"{spoken.count(left, 'more row')}; to hear them name a part, as in read {name}[{SHOWN}]."


def _row(outer: Index) -> str:
    return f"row {outer[-1]}: " if outer else ""


def _cell(host: np.ndarray[Any, Any], index: Index, filled: int) -> str:
    if np.ravel_multi_index(index, host.shape) >= filled:
        return "blank"
    return _number(float(host[index]))


def _check(name: str, index: Index, whole: Index, shape: Index) -> None:
    if len(whole) > len(shape) or any(i >= size for i, size in zip(whole, shape, strict=False)):
        raise AddressError(f"{Address(name, index)} does not fit {name}, which is {list(shape)}")
