"""The player without a screen: a command a line, an answer in lines. For ears, braille lines and pipes.

Nothing is drawn and the cursor never moves. The value comes first, and only what changed is told.
"""

from __future__ import annotations

import sys
from textwrap import fill
from typing import TYPE_CHECKING, TextIO

from stepgrad.engine.errors import AddressError, StepgradError, did_you_mean
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Address, Level
from stepgrad.scenarios.narration import is_computed
from stepgrad.tui import spoken, telling, telling_cells, telling_words
from stepgrad.tui.bookmark import Bookmark
from stepgrad.tui.flat import caveat, entered, said
from stepgrad.tui.places import filled
from stepgrad.tui.plain_commands import COMMANDS, count, parsed
from stepgrad.tui.terminal import is_terminal, size
from stepgrad.tui.veil import OPEN, Veil

if TYPE_CHECKING:
    from stepgrad.scenarios.glossary import Word
    from stepgrad.scenarios.lesson import Lesson, Stop


class Session:
    """A lesson stepped through by commands: text in, lines out. Each command of the table has a method."""

    def __init__(self, lesson: Lesson, level: Level = "cell", at: str | None = None, hidden: Veil = OPEN) -> None:
        self.lesson = lesson
        self._hidden = hidden
        self._veil = hidden
        """What is hidden of this step."""
        self._words: set[Word] = set()
        """Words of the glossary that were used so far."""
        self.over = False
        start = Bookmark(level=level)
        self.place = start.gone(lesson, at) if at else start
        self._told: list[str] = []
        self._narration: Stop | None = None
        self._tensor: tuple[int, str] | None = None

    def opening(self) -> list[str]:
        """What is told before the first command."""
        lesson = self.lesson
        title = lesson.scenario.title
        told = [f"{title if title[-1] in '.?!' else f'{title}.'} {spoken.count(lesson.timeline.steps, 'step')}."]
        told += caveat(lesson)
        told += self._landed(None)
        told += [line.strip() for entry in lesson.scenario.entries for line in entered(entry)]
        return self._tell([*told, "An empty line steps forward; help lists the commands."])

    def answer(self, line: str) -> list[str]:
        """What a command line is answered. What cannot be done is said in one line."""
        try:
            command, argument = parsed(line)
            told: list[str] = getattr(self, command.method or command.word)(argument)
        except StepgradError as fault:
            return [str(fault) if str(fault).endswith("?") else f"{fault}."]
        return told

    def next(self, argument: str) -> list[str]:
        return self._go(self.place.moved(self.lesson, 1, count(argument))) or ["This is the end."]

    def back(self, argument: str) -> list[str]:
        return self._go(self.place.moved(self.lesson, -1, count(argument))) or ["This is the start."]

    def finer(self, argument: str) -> list[str]:
        return self._level(self.place.levelled(1), "finest")

    def coarser(self, argument: str) -> list[str]:
        return self._level(self.place.levelled(-1), "coarsest")

    def go(self, argument: str) -> list[str]:
        if not argument:
            raise AddressError("go where? Give an address or a step number, as in: go 5")
        return self._go(self.place.gone(self.lesson, argument)) or ["Here already."]

    def why(self, argument: str) -> list[str]:
        return self._tell(telling.why(self._step(), count(argument) - 1, self._veil))

    def feeds(self, argument: str) -> list[str]:
        run = self.lesson.history.run(self._iteration)
        step = self._step() if self.place.position or not argument else None
        here = (step.node.name, step.index) if step is not None else ("", ())
        return self._tell(telling_cells.goes_into(run, telling_cells.found(run, argument, here)))

    def scatter(self, argument: str) -> list[str]:
        self._must_be_shown()
        return self._tell(telling_cells.spread(self._step(), count(argument)))

    def check(self, argument: str) -> list[str]:
        self._must_be_shown()
        return self._tell(telling_cells.checked(self._step()))

    def read(self, argument: str) -> list[str]:
        if not argument:
            graph = self.lesson.timeline.graph(self._iteration)
            known = [f"{name}, {spoken.shape(graph.spec(name).shape)}." for name in graph.names]
            return self._tell(known or ["There is nothing to read."])
        address = Address.parse(argument)
        iteration = self._iteration if address.iteration is None else address.iteration
        graph = self.lesson.timeline.graph(iteration)
        name = address.tensor
        if name is None:
            raise AddressError(f"read what? '{argument}' names no tensor; read alone lists them")
        if name not in graph:
            raise AddressError(f"there is no tensor '{name}'{did_you_mean(name, graph.names)}")
        if self._veil.values and is_computed(graph, name, iteration):
            raise AddressError(f"the numbers of {name} are hidden; show tells them")
        host = self.lesson.history.run(iteration).host(name)
        position = max(self.place.position - self._veil.answers, 0)
        written = filled(self.lesson.timeline, position, name, iteration)
        return self._tell(list(telling.rows(name, address.index or (), host, written)))

    def where(self, argument: str) -> list[str]:
        at, timeline = self.place.position, self.lesson.timeline
        if at == 0:
            there = f"before step 1 of {timeline.steps}" if timeline.steps else "and there are no steps"
            return self._tell([f"At the start, {there}. Level {self.place.level}."])
        step = self._step()
        iteration = f", iteration {step.iteration}" if timeline.iterations > 1 else ""
        return self._tell(
            [
                f"{telling.address(step)}, step {at} of {timeline.steps}. "
                f"{step.node.phase}, layer {step.node.layer}{iteration}. Level {self.place.level}."
            ]
        )

    def repeat(self, argument: str) -> list[str]:
        return self._told

    def say(self, argument: str) -> list[str]:
        told = [line for stop in self.lesson.told_at(self.place.position) for line in self._narrated(stop)]
        return self._tell(told or ["Nothing is said here."])

    def meaning(self, argument: str) -> list[str]:
        return self._tell(telling_words.explained(self.lesson.told_at(self.place.position), argument))

    def show(self, argument: str) -> list[str]:
        self._veil = OPEN
        return self._tell([f"{telling.value(self._step())} is {telling.address(self._step())}."])

    def help(self, argument: str) -> list[str]:
        return self._tell([f"{command.usage}: {command.summary}." for command in COMMANDS])

    def quit(self, argument: str) -> list[str]:
        self.over = True
        return []

    def _tell(self, lines: list[str]) -> list[str]:
        self._told = lines
        return lines

    @property
    def _iteration(self) -> int:
        at = self.place.position
        return self.lesson.timeline.place(at - 1).iteration if at else 0

    def _step(self) -> Step:
        """The step just taken."""
        if self.place.position == 0:
            raise AddressError("nothing is written yet; next writes the first cell")
        return self.lesson.step(self.place.position - 1)

    def _level(self, place: Bookmark, last: str) -> list[str]:
        if place == self.place:
            return self._tell([f"{place.level} is the {last} level."])
        self.place = place
        return self._tell([f"Level {place.level}."])

    def _go(self, place: Bookmark) -> list[str]:
        """What is new at the place reached; nothing where that is the old one."""
        before, self.place = self.place, place
        self._veil = self._hidden
        return [] if place == before else self._tell(self._landed(before))

    def _landed(self, before: Bookmark | None) -> list[str]:
        at, term = self.place.position, self.place.term
        told = []
        if at == 0:
            told.append("At the start, nothing is written.")
            self._tensor = None
        elif before is None or at != before.position or not term:
            told += self._value(at if before is None else before.position)
        if term:
            told.append(telling.term(self._step(), term - 1, self._veil))
        stops = self.lesson.told_at(at)
        if stops[-1:] != (self._narration,):
            told += [line for stop in stops for line in self._narrated(stop)]
        self._narration = stops[-1] if stops else None
        return told

    def _value(self, before: int) -> list[str]:
        step, at = self._step(), self.place.position
        tensor = (step.iteration, step.node.name)
        new = tensor != self._tensor
        address = telling.address(step)
        name = address if new else address.removeprefix(step.node.name) or address
        of = f" of {self.lesson.timeline.steps}" if new else ""
        written, unwritten = at - before - 1, before - at
        change = f" {spoken.count(unwritten, 'cell')} unwritten." if unwritten > 0 else ""
        change = f" {spoken.count(written, 'cell')} before it written." if written > 0 else change
        value = "Hidden" if self._veil.result else telling.value(step)
        told = [f"{value} is {name}, step {at}{of}.{change}"]
        if new:
            repeated = self.lesson.timeline.iterations > 1 and (self._tensor or (-1,))[0] != step.iteration
            told += [f"Iteration {step.iteration}."] if repeated else []
            told.append(telling.tensor(step))
        self._tensor = tensor
        return told

    def _narrated(self, stop: Stop) -> list[str]:
        told = [spoken.minus(line) for line in said(self.lesson, stop, self._veil)]
        return [*told, *telling_words.heard(stop, self._words)]

    def _must_be_shown(self) -> None:
        if any(self._veil):
            raise AddressError("this would tell what is hidden; show tells it")


def converse(session: Session, commands: TextIO | None) -> None:
    """Answer commands until they end. A terminal is prompted; a pipe is not."""
    prompt = "> " if is_terminal(commands) else ""
    _print(session.opening())
    while not session.over:
        print(prompt, end="", flush=True)
        line = commands.readline() if commands is not None else ""
        if not line:
            break
        _print(session.answer(line))
    if not session.over and prompt:
        print()


def _print(lines: list[str]) -> None:
    # A terminal breaks a long line within a word; a pipe gets it whole.
    room = size()[0] if is_terminal(sys.stdout) else 0
    for line in lines:
        print(fill(line, room, break_on_hyphens=False, break_long_words=False) if room else line)
    sys.stdout.flush()
