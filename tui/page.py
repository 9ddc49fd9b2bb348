"""The page: every line of the player's screen, from the lesson, the player's state and the size of the terminal.

What stands where depends on the node and the size, never on the cell, so nothing moves while stepping through a node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stepgrad.engine.step import Step
from stepgrad.tui.board import Board, Plan, arrange
from stepgrad.tui.drawing import Drawing
from stepgrad.tui.footer import Footer, no_footer
from stepgrad.tui.line import BLANK, Line, headed, spread, wrapped
from stepgrad.tui.line import width as width_of
from stepgrad.tui.progress import progress
from stepgrad.tui.rail import rail, rail_width
from stepgrad.tui.scene import Scene, Scenery, samples
from stepgrad.tui.sheet import MARGIN, Heights, Page, assemble, natural, share
from stepgrad.tui.views import views
from stepgrad.tui.working import Working, formula, work

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

KEPT = 256
"""Frames kept before all are forgotten."""


@dataclass(frozen=True, slots=True)
class State:
    """What the player is looking at."""

    position: int
    page: int = 0
    """The page of a long sum."""
    all_digits: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What stays as it is while stepping through a node."""

    plan: Plan
    board: Board
    heights: Heights
    inner: int
    """Columns between the margin and the rail."""
    rail: int
    term: int
    """Columns of a term."""

    @property
    def columns(self) -> list[int]:
        """Where the parts of the sum start on the board."""
        return [item.x for item in self.board.placed if item.kind == "operand" and item.number == 0]


class Pages:
    """The pages of a lesson."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._scenery = Scenery()
        self._drawing = Drawing()
        self._frames: dict[tuple[Any, ...], Frame] = {}
        self._said: dict[Any, str] = {}

    def page(self, state: State, width: int, height: int, footer: Footer = no_footer) -> Page:
        """The lines of the screen, as many as it is high, none longer than it is wide."""
        position = state.position
        narration = self._narration(position, width - MARGIN)
        title: Line = ((self.lesson.scenario.title, "title"),)
        if not self.lesson.timeline.steps:
            heights = share(Heights(narration=len(narration)), height)
            return assemble(heights, width, title=[title], narration=narration, footer=[footer(width - MARGIN)])
        step = self.lesson.step(max(position - 1, 0))
        frame = self._frame(step, state.all_digits, width, height)
        scene, board, heights = Scene(step), frame.board, frame.heights
        written = position > step.number
        working = self._working(scene, frame, state.all_digits) if written else Working([], None)
        pages = self._pages(frame, working)
        page = min(state.page, pages - 1)
        first_line, first_part = self._first(frame, working, page, pages)
        terms = working.terms
        lines = range(first_line, min(first_line + heights.terms, len(terms))) if terms else range(0)
        drawn = self._drawing.draw(board, views(board, scene, self._scenery, position, first_part))
        paging: Line = ((f"↑↓ {page + 1} of {pages}", "faint"),) if pages > 1 else BLANK
        rule, result = formula(step, frame.inner), working.result
        if len(rule) > heights.formula and result and heights.formula:
            # The note lost its line, and stands behind the result where that leaves room.
            result = [spread(result[0], ((step.node.op.note, "faint"),), frame.inner), *result[1:]]
        return assemble(
            heights,
            width,
            title=[spread(title, _crumbs(step, position), frame.inner)],
            board=drawn.lines,
            formula=[spread(rule[0], paging, frame.inner), *rule[1:]],
            terms=[terms.line(i) for i in lines] if terms else [],
            result=result,
            narration=self._narration(position, frame.inner),
            progress=[self._progress(position, frame.inner)] if heights.progress else [],
            footer=[self._footer(footer, position, width - MARGIN, merged=not heights.progress)],
            rail=rail(step, position, frame.rail - 2, height - heights.footer) if frame.rail else (),
            rail_at=width - frame.rail + 1,
            cursor=drawn.cursor,
            pages=pages,
        )

    def _progress(self, position: int, room: int) -> Line:
        return progress(self.lesson.timeline, position, [stop.position for stop in self.lesson.stops], room)

    def _footer(self, footer: Footer, position: int, room: int, *, merged: bool) -> Line:
        """The keys; where the progress has no line of its own, it stands behind them."""
        if not merged:
            return footer(room)
        side = self._progress(position, room // 3)
        return spread(footer(room - width_of(side) - 2), side, room)

    def _frame(self, step: Step, all_digits: bool, width: int, height: int) -> Frame:
        key = (step.iteration, step.node.name, all_digits, width, height)
        frame = self._frames.get(key)
        if frame is None:
            if len(self._frames) >= KEPT:
                self._frames.clear()
            frame = self._frames[key] = self._framed(step, all_digits, width, height)
        return frame

    def _framed(self, step: Step, all_digits: bool, width: int, height: int) -> Frame:
        plan = self._scenery.plan(step)
        side = rail_width(step.graph, width)
        inner = max(width - MARGIN - side, 1)
        scenes = list(samples(step))
        works = [work(scene, self._scenery, plan, inner, all_digits=all_digits) for scene in scenes]
        term = 0 if all_digits else max((found.terms.size for found in works if found.terms), default=0)
        works = [work(scene, self._scenery, plan, inner, all_digits=all_digits, least=term) for scene in scenes]
        wanted = Heights(
            formula=len(formula(step, inner)),
            terms=max((len(found.terms) for found in works if found.terms), default=0),
            result=max(len(found.result) for found in works),
            narration=max((len(self._narration(at, inner)) for at in self._told(step)), default=0),
        )
        heights, room = natural(wanted, plan, inner, height)
        board = arrange(plan, inner, heights.board, room)
        return Frame(plan, board, share(heights.with_board(board.height), height), inner, side, term)

    def _working(self, scene: Scene, frame: Frame, all_digits: bool) -> Working:
        return work(
            scene,
            self._scenery,
            frame.plan,
            frame.inner,
            all_digits=all_digits,
            least=frame.term,
            columns=frame.columns,
        )

    def _told(self, step: Step) -> Iterator[int]:
        """The positions at which the words change while this node is written."""
        first = step.number - step.place.offset
        yield first
        yield from (stop.position for stop in self.lesson.stops if first < stop.position <= first + step.node.size)

    def _narration(self, position: int, room: int) -> list[Line]:
        stop = self.lesson.stop_at(position)
        if stop is None:
            return []
        if stop.position not in self._said:
            self._said[stop.position] = headed(stop.title, self.lesson.say(stop))
        return wrapped(self._said[stop.position], room)

    @staticmethod
    def _pages(frame: Frame, working: Working) -> int:
        """Pages of the sum: its terms, or the planes of its parts, may need several."""
        lines = len(working.terms) if working.terms else 0
        return max(-(-lines // max(frame.heights.terms, 1)), -(-frame.plan.parts // frame.board.parts), 1)

    @staticmethod
    def _first(frame: Frame, working: Working, page: int, pages: int) -> tuple[int, int]:
        """The first line of the terms on a page, and the first part on its board."""
        parts, shown = frame.plan.parts, frame.board.parts
        lines = len(working.terms) if working.terms else 0
        line = page * frame.heights.terms if lines > page * frame.heights.terms else 0
        if -(-parts // shown) == pages:
            part = page * shown
        else:
            part = working.terms.part_of(line) if working.terms else 0
        return line, min(part // shown * shown, max(parts - shown, 0))


def _crumbs(step: Step, position: int) -> Line:
    """`forward > conv1 > conv1.var, cell 3 of 18`"""
    node = step.node
    at = step.place.offset + (position > step.number)
    where = node.layer if node.layer == node.name else f"{node.layer} > {node.name}"
    return ((f"{node.phase} > {where}, cell {at} of {node.size}", "faint"),)
