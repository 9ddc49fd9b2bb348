"""What a step shows by itself: the planes that its cell gathers from, the one it is written to, and the working."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from stepgrad.engine.step import Step
from stepgrad.tui.changes import Changes
from stepgrad.tui.framing import Framing
from stepgrad.tui.gaze import looked
from stepgrad.tui.line import BLANK, Line, filled, spread
from stepgrad.tui.line import width as width_of
from stepgrad.tui.paging import paged
from stepgrad.tui.scene import NO_READS, Scene, Scenery
from stepgrad.tui.sight import Frame, Sight, State
from stepgrad.tui.views import views
from stepgrad.tui.working import Working, formula, work

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson


class Gathering:
    """The steps of a lesson. `changes` are those made to it, None where there are none."""

    def __init__(self, lesson: Lesson, scenery: Scenery, framing: Framing, changes: Changes | None) -> None:
        self._lesson = lesson
        self._scenery = scenery
        self._framing = framing
        self._changes = changes
        self._kept: tuple[tuple[object, ...], Scene, Working] | None = None
        """The working last asked for."""

    def sight(self, state: State, width: int, height: int) -> Sight:
        """The step at the player's position; at 0 the first one, with nothing written."""
        position = state.position
        step = self._lesson.step(max(position - 1, 0))
        frame = self._framing.frame(step, state, width, height)
        heights, written = frame.heights, position > step.number
        scene, working = self._working(step, frame, state) if written else (Scene(step), Working([], None))
        terms = working.terms
        page = paged(frame, terms, state.page)
        focus = scene.reads_of_term(*terms.first_term(page.lines.start)) if terms else NO_READS
        only = scene.reads_of(step.term(state.term - 1).trace) if written and state.term else None
        within = 0 < state.term < step.terms
        shown = views(
            frame.board, scene, self._scenery, position, page.first_part, only or focus, only=only, within=within
        )
        if state.gaze.leafed:
            shown = looked(shown, state.gaze, scene, self._scenery)
        rule, note = formula(step, frame.inner)
        result = self._compared(step, working.result, frame.inner) if written and not within else working.result
        if note and not heights.note:
            result = [spread(result[0] if result else BLANK, note, frame.inner), *result[1:]]
        return Sight(
            step,
            frame,
            heights,
            frame.board,
            list(shown),
            rule,
            filled(note, frame.inner),
            [terms.line(i) for i in page.lines] if terms else [],
            result,
            page.number,
            page.of,
            page.first_part,
        )

    def page_with(self, part: int, state: State, width: int, height: int) -> int:
        """The first page of the sum whose planes start with a part, or with one after it."""
        step = self._lesson.step(max(state.position - 1, 0))
        frame = self._framing.frame(step, state, width, height)
        terms = self._working(step, frame, state)[1].terms if state.position else None
        last = paged(frame, terms, 0).of - 1
        return bisect_left(range(last), part, key=lambda page: paged(frame, terms, page).first_part)

    def _working(self, step: Step, frame: Frame, state: State) -> tuple[Scene, Working]:
        """A step's working, kept while its pages are turned: a long sum is worked out once."""
        key = step.number, frame, state.all_digits, state.term
        if self._kept is None or self._kept[0] != key:
            scene = Scene(step)
            working = work(
                scene,
                self._scenery,
                frame.plan,
                frame.inner,
                all_digits=state.all_digits,
                least=frame.term,
                columns=frame.columns,
                at=state.term,
            )
            self._kept = key, scene, working
        return self._kept[1:]

    def _compared(self, step: Step, result: list[Line], room: int) -> list[Line]:
        """The result, and what it was before something was changed."""
        was = self._changes.was(step) if self._changes is not None else None
        if was is None or not result:
            return result
        line: Line = (*result[-1], (f"   was {self._scenery.scale(step, step.node.name).text(was)}", "changed"))
        return [*result[:-1], line] if width_of(line) <= room else result
