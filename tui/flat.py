"""Steps as flat text and as JSON lines: one after another, made only when the next is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from stepgrad.engine.arithmetic import TERMS
from stepgrad.engine.errors import StepgradError
from stepgrad.engine.number import Number
from stepgrad.engine.step import Step, plain
from stepgrad.engine.timeline import Level, Timeline, short
from stepgrad.tui.digits import RESULT, in_text
from stepgrad.tui.numbers import significant
from stepgrad.tui.veil import ANSWER, OPEN, Veil, arithmetic, operands, record

if TYPE_CHECKING:
    from stepgrad.scenarios.format import EntryTable
    from stepgrad.scenarios.lesson import Lesson, Stop

UNCUT = 100
"""Terms that text writes out in full; JSON cuts earlier, because it lists every read beside them."""


class DivergenceError(StepgradError):
    """The loss is no number any more: what follows would all be NaN."""


@dataclass(frozen=True)
class Selection:
    """What is printed: the steps of a range, at a level, of one phase or of all."""

    steps: range
    level: Level = "cell"
    phase: str | None = None
    veil: Veil = OPEN
    """What is hidden."""


def spans(timeline: Timeline, wanted: Selection) -> Iterator[range]:
    """The steps of each line: one a cell, or all that a tensor, layer, phase or iteration writes."""
    at = wanted.steps.start
    if wanted.level not in ("cell", "term") and at < wanted.steps.stop:
        at = timeline.move(at + 1, wanted.level, -1)
    while at < wanted.steps.stop:
        if wanted.phase is not None and timeline.place(at).node.phase != wanted.phase:
            at = timeline.move(at, "phase", 1)
            continue
        end = timeline.move(at, wanted.level, 1)
        yield range(at, end)
        at = end


def lasting(lesson: Lesson, wanted: Selection) -> Iterator[range]:
    """The steps of each line. Raises DivergenceError at the end of the iteration in which the training diverges."""
    iteration = None
    for span in spans(lesson.timeline, wanted):
        before, iteration = iteration, lesson.timeline.place(span.start).iteration
        if before not in (None, iteration) and (note := lesson.divergence(before)):
            raise DivergenceError(f"{note}; --from @{iteration} prints what follows")
        yield span


def records(lesson: Lesson, wanted: Selection) -> Iterator[str]:
    """JSON lines."""
    for span in lasting(lesson, wanted):
        for line in _records(lesson, wanted, span):
            yield json.dumps(line, separators=(",", ":"), allow_nan=False)


def _records(lesson: Lesson, wanted: Selection, span: range) -> Iterator[dict[str, Any]]:
    if wanted.level == "cell":
        yield record(lesson.step(span.start), wanted.veil)
    elif wanted.level == "term":
        step = lesson.step(span.start)
        found = record(step, wanted.veil)
        for k, partial in enumerate(partials(step)):
            yield {**found, "term": k, "partial": None if any(wanted.veil) else plain(partial)}
    else:
        yield _group(lesson, wanted.level, span)


def _group(lesson: Lesson, level: Level, span: range) -> dict[str, Any]:
    """A line for many cells: counted by its first step, and described by the last tensor it writes."""
    step = lesson.step(span.stop - 1)
    node = step.node
    return {
        "step": span.start,
        "address": group_name(step, level),
        "iteration": step.iteration,
        "phase": node.phase,
        "layer": node.layer,
        "op": node.op.name,
        "tensor": node.name,
        "value": list(node.spec.shape),
        "formula": step.formula,
        "terms": step.terms,
    }


def group_name(step: Step, level: Level) -> str:
    """The address of all that a level takes together, around a step."""
    names = {"iteration": f"@{step.iteration}", "phase": f":{step.node.phase}", "layer": step.node.layer}
    return names.get(level, step.node.name)


def partials(step: Step) -> Iterator[float]:
    """The partial result after each term of a cell."""
    if step.fold is None:
        yield step.trace.value
    else:
        yield from islice(step.fold.partials(), 1, None)


def terms(step: Step) -> Iterable[Number]:
    """The terms of a cell; a cell without a sum or a maximum is its own one."""
    return [step.trace] if step.fold is None else step.fold


def text(lesson: Lesson, wanted: Selection) -> Iterator[str]:
    """Text for people: a heading for every tensor, a line for every step, and the narration where it belongs."""
    yield lesson.scenario.title
    yield from caveat(lesson)
    if wanted.steps.start == 0:
        yield from _narration(lesson, 0, 0, wanted.veil)
    heading = None
    for span in lasting(lesson, wanted):
        step = lesson.step(span.stop - 1)
        if wanted.level in ("cell", "term"):
            if heading != (step.iteration, step.node.name):
                heading = (step.iteration, step.node.name)
                yield from ("", _heading(lesson.timeline, step), _formula(step))
            yield from _cell(step, wanted.level, wanted.veil)
        elif wanted.level == "tensor":
            yield f"{_numbers(span)}  {_heading(lesson.timeline, step)}"
            yield f"    {_formula(step)}"
        else:
            place = _place(lesson.timeline, step, wanted.level)
            yield f"{_numbers(span)}  {place}: {_written(lesson, span)}"
        yield from _narration(lesson, span.start + 1, span.stop, wanted.veil)
    for entry in lesson.scenario.entries:
        yield from ("", *entered(entry))


def caveat(lesson: Lesson) -> list[str]:
    """That the words may not fit the numbers; nothing where these are those of the file."""
    told = "Numbers are changed: what is said was written for the original ones."
    return [told] if lesson.is_set and lesson.stops else []


def entered(entry: EntryTable) -> Iterator[str]:
    """An entry of a card: the word and what there is to say, what was printed, where to go on."""
    yield f"{entry.term}: {entry.text}"
    if entry.printed:
        yield f"    {quoted(entry)}"
    if entry.lesson:
        yield f"    see {entry.lesson}"


def _numbers(span: range) -> str:
    """The steps of a line as people count them, from 1."""
    return f"{span.start + 1}-{span.stop}" if len(span) > 1 else f"{span.stop}"


def _heading(timeline: Timeline, step: Step) -> str:
    node = step.node
    return f"{_place(timeline, step, 'tensor')} = {node.op.name}, {node.spec}, {node.phase}"


def _formula(step: Step) -> str:
    note = step.node.op.note
    return f"{step.formula}   ({note})" if note else step.formula


def _place(timeline: Timeline, step: Step, level: Level) -> str:
    """The name of what a level takes together, with its iteration where there are several."""
    name = group_name(step, level)
    return name if timeline.iterations == 1 or level == "iteration" else f"{name}@{step.iteration}"


def _written(lesson: Lesson, span: range) -> str:
    """The tensors that a span writes."""
    names, at = [], span.start
    while at < span.stop:
        node = lesson.timeline.place(at).node
        names.append(f"{node.name} {node.spec}")
        at += node.size
    return ", ".join(names)


def _cell(step: Step, level: Level, veil: Veil) -> Iterator[str]:
    address = short(step.address, step.node.spec.shape)
    shown = in_text(step)
    yield f"{step.number + 1}  {address} = {arithmetic(shown, UNCUT if step.terms <= UNCUT else TERMS, veil)}"
    if level == "term" and not veil.arithmetic:
        for k, (term, partial) in enumerate(zip(terms(step), partials(step), strict=True)):
            so_far = ANSWER if veil.result else significant(partial, RESULT)
            yield f"    #{k}  {operands(term, shown, None, veil)}  so far {so_far}"


def _narration(lesson: Lesson, first: int, last: int, veil: Veil) -> Iterator[str]:
    """What the script says from one position to another, both included."""
    for stop in lesson.stops:
        if first <= stop.position <= last:
            yield from (f"> {line}" for line in said(lesson, stop, veil))


def said(lesson: Lesson, stop: Stop, veil: Veil = OPEN) -> list[str]:
    """A stop's title, its narration without the marks of emphasis, and what the material has where it is wrong."""
    words = lesson.say(stop, hidden=True) if veil.result else lesson.say(stop)
    return [text for text in (stop.title, *words.replace("**", "").splitlines(), quoted(stop)) if text]


def quoted(entry: Stop | EntryTable) -> str:
    """What the material has at a stop or in an entry; nothing where it is right."""
    if not entry.printed:
        return ""
    return f"printed ({entry.erratum}): {entry.printed}" if entry.erratum else f"printed: {entry.printed}"
