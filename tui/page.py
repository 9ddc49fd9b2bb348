"""The page: every line of the player's screen, from the lesson, the player's state and the size of the terminal.

What stands where depends on the node and the size, never on the cell, so nothing moves while stepping through a node.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stepgrad.engine.step import Step
from stepgrad.tui.arrange import arrange
from stepgrad.tui.board import Board, Plan
from stepgrad.tui.card import card_page
from stepgrad.tui.drawing import Drawing
from stepgrad.tui.footer import Footer, no_footer
from stepgrad.tui.line import BLANK, Line, filled, headed, spread, wrapped
from stepgrad.tui.line import width as width_of
from stepgrad.tui.progress import progress
from stepgrad.tui.rail import rail, rail_width
from stepgrad.tui.scene import NO_READS, Scene, Scenery, samples
from stepgrad.tui.sheet import MARGIN, Heights, Page, assemble, natural, share, whole_bands
from stepgrad.tui.terms import Terms
from stepgrad.tui.views import views
from stepgrad.tui.working import Working, formula, work

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

READABLE = 100
"""Columns of a line of text, however wide the terminal."""
GUTTER = 2
"""Empty columns before the rail."""
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


@dataclass(frozen=True, slots=True)
class Paged:
    """A page of a long sum."""

    number: int
    of: int
    lines: range
    first_part: int
    """The first part of the sum whose planes the board shows."""


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
        narration = self._narration(position, min(width - MARGIN, READABLE))
        title: Line = ((self.lesson.scenario.title, "title"),)
        if not self.lesson.timeline.steps:
            card = self.lesson.scenario
            return card_page(card.title, card.entries, narration, state.page, width, height, footer)
        step = self.lesson.step(max(position - 1, 0))
        frame = self._frame(step, state.all_digits, width, height)
        scene, board, heights = Scene(step), frame.board, frame.heights
        written = position > step.number
        working = self._working(scene, frame, state.all_digits) if written else Working([], None)
        terms = working.terms
        paged = self._paged(frame, terms, state.page)
        focus = scene.reads_of_term(*terms.first_term(paged.lines.start)) if terms else NO_READS
        shown = views(board, scene, self._scenery, position, paged.first_part, focus)
        drawn = self._drawing.draw(board, shown)
        paging: Line = ((f"↑↓ {paged.number + 1} of {paged.of}", "faint"),) if paged.of > 1 else BLANK
        rule, note = formula(step, frame.inner)
        result = working.result
        if note and not heights.note:
            result = [spread(result[0] if result else BLANK, note, frame.inner), *result[1:]]
        return assemble(
            heights,
            width,
            title=[_titled(title, _crumbs(step, position, self.lesson.timeline.iterations), frame.inner)],
            board=drawn.lines,
            formula=[spread(rule[0], paging, frame.inner), *rule[1:]] if heights.formula else [],
            note=filled(note, frame.inner) if heights.note else [],
            terms=[terms.line(i) for i in paged.lines] if terms else [],
            result=result,
            narration=self._narration(position, frame.inner),
            progress=[self._progress(position, frame.inner)] if heights.progress else [],
            footer=[self._footer(footer, position, width - MARGIN, merged=not heights.progress)],
            rail=rail(step, position, frame.rail, height - heights.footer) if frame.rail else (),
            rail_at=width - frame.rail,
            cursor=drawn.cursor,
            pages=paged.of,
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
        inner = max(width - MARGIN - side - (GUTTER if side else 0), 1)
        scenes = list(samples(step))
        works = [work(scene, self._scenery, plan, inner, all_digits=all_digits) for scene in scenes]
        term = 0 if all_digits else max((found.terms.size for found in works if found.terms), default=0)
        works = [work(scene, self._scenery, plan, inner, all_digits=all_digits, least=term) for scene in scenes]
        rule, note = formula(step, inner)
        longest = max(width_of(found.result[0]) for found in works)
        # The note stands behind the result where that leaves room, else on lines of its own.
        apart = len(filled(note, inner)) if longest + width_of(note) + 4 > inner else 0
        wanted = Heights(
            formula=len(rule),
            note=apart,
            terms=max((len(found.terms) for found in works if found.terms), default=0),
            result=max(len(found.result) for found in works),
            narration=max((len(self._narration(at, inner)) for at in self._told(step)), default=0),
        )
        heights, room = natural(wanted, plan, inner, height)
        heights = whole_bands(heights, wanted.terms, max((w.terms.band for w in works if w.terms), default=1))
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
        return wrapped(self._said[stop.position], min(room, READABLE))

    @staticmethod
    def _paged(frame: Frame, terms: Terms | None, page: int) -> Paged:
        """What a page of the sum shows: its terms, or the planes of its parts, may need several."""
        parts, shown = frame.plan.parts, frame.board.parts
        lines, size = len(terms) if terms else 0, max(frame.heights.terms, 1)
        by_lines, by_parts = max(-(-lines // size), 1), -(-parts // shown)
        pages = max(by_lines, by_parts)
        page = min(page, pages - 1)
        if terms is None:
            line, part = 0, page * shown
        elif by_lines >= by_parts:
            line = page * size
            part = terms.part_of(line)
        else:
            part = page * shown
            line = min(terms.line_of(part), max(lines - size, 0))
        first_part = min(part // shown * shown, max(parts - shown, 0))
        return Paged(page, pages, range(line, min(line + frame.heights.terms, lines)), first_part)


def _crumbs(step: Step, position: int, iterations: int) -> list[str]:
    """`forward > bn > bn.var, cell 3 of 18`, and shorter ways to say where this is."""
    node = step.node
    cell = f"cell {step.place.offset + (position > step.number)} of {node.size}"
    where = [node.phase, *([node.layer] if node.layer != node.name else []), node.name]
    if iterations > 1:
        where.insert(0, f"iteration {step.iteration}")
    return [*(f"{' > '.join(where[i:])}, {cell}" for i in range(len(where))), cell]


def _titled(title: Line, crumbs: list[str], room: int) -> Line:
    """The title, and at the right where the player is, in as many words as there is room for."""
    fitting = next((text for text in crumbs if len(text) + width_of(title) + 2 <= room), crumbs[-1])
    return spread(title, ((fitting, "faint"),), room)
