"""What is wrong with a script: stops too far to wait for, values before their time, numbers of the author's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import NamedTuple

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.timeline import short
from stepgrad.scenarios.build import Built, Stop
from stepgrad.scenarios.lesson import Lesson
from stepgrad.scenarios.narration import Slot, figure, pieces, resolve
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.typed import typed

PROBED = 16
"""Iterations that are run to judge how long all of them take."""
PATIENCE = 300.0
"""Seconds that anybody waits for a stop."""

Screen = Callable[[Lesson, Stop], str]
"""Says what is wrong with a stop on a screen; nothing where it fits."""


class Remark(NamedTuple):
    """Something wrong at a key; `near` is the text of its value that it is about."""

    key: Key
    message: str
    near: str = ""


def script_remarks(built: Built, lesson: Lesson, screen: Screen) -> Iterator[Remark]:
    """Everything wrong with the script of a scenario that can be built."""
    yield from _repeated(built)
    yield from _pairs(built)
    for key, stop in built.stops:
        yield from _early(key, stop, built)
        reached = _far(stop, lesson)
        if reached:
            yield Remark((*key, "at"), reached)
            continue
        try:
            lesson.say(stop)
            lesson.notes(stop)
        except (StepgradError, IndexError) as fault:
            yield Remark((*key, "say"), str(fault))
            continue
        yield from _typed(key, stop, lesson)
        if message := screen(lesson, stop):
            yield Remark((*key, "say"), message)


def _repeated(built: Built) -> Iterator[Remark]:
    """Stops that say again what another one says at the same cell."""
    told: dict[Stop, Key] = {}
    for key, stop in built.stops:
        other = told.setdefault(stop, key)
        if other != key:
            yield Remark(key, f"says what {'.'.join(map(str, other))} says at the same cell; leave one of them out")


def _pairs(built: Built) -> Iterator[Remark]:
    """A mistake of the material has a number, and says what was printed."""
    for key, stop in built.stops:
        if stop.erratum and not stop.printed:
            yield Remark((*key, "erratum"), f"{stop.erratum} does not say what the material has; add `printed`")
        if stop.printed and not stop.erratum:
            yield Remark((*key, "printed"), "has no number; add `erratum`, as in E02")


def _early(key: Key, stop: Stop, built: Built) -> Iterator[Remark]:
    """Values that are shown before they are written."""
    for slot in _slots(stop.template):
        there = resolve(slot, built.timeline, stop.iteration)
        if there > stop.position:
            where = f"the stop is at step {stop.position} of {built.timeline.steps}"
            text = f"{{{slot.text}}}"
            yield Remark(
                (*key, "say"),
                f"{text} is not written before step {there}; {where}: move it there, or leave the value out",
                text,
            )


def _far(stop: Stop, lesson: Lesson) -> str:
    """What there is to say of a stop that no one will wait for."""
    iteration = max([stop.iteration, *(slot.address.iteration or 0 for slot in _slots(stop.template))])
    started = perf_counter()
    probed = min(iteration, PROBED)
    lesson.history.run(probed)
    takes = (perf_counter() - started) * iteration / max(probed, 1)
    if iteration <= PROBED or takes <= PATIENCE:
        return ""
    return f"iteration {iteration} is about {takes / 60:.0f} minutes of training away; stop at an earlier one"


def _typed(key: Key, stop: Stop, lesson: Lesson) -> Iterator[Remark]:
    """Numbers of the author's own, and the address to write in their place where that is plain."""
    for part, text in (("say", stop.template), ("title", stop.title)):
        for number in typed(text, stop.printed):
            near = _written(number, stop, lesson) if part == "say" else ""
            remedy = f"write {near}" if near else "write an address in braces, spell it out, or quote it in `printed`"
            yield Remark((*key, part), f"the number {number} is typed, so nothing keeps it right; {remedy}", number)


def _written(number: str, stop: Stop, lesson: Lesson) -> str:
    """The cell just written in braces, where it holds that number."""
    if not stop.position:
        return ""
    step = lesson.step(stop.position - 1)
    same = number in (figure(step.value), figure(abs(step.value)))
    return f"{{{short(step.address, step.node.spec.shape)}}}" if same else ""


def _slots(template: str) -> Iterator[Slot]:
    return (piece for piece in pieces(template) if isinstance(piece, Slot))
