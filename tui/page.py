"""The page: every line of the player's screen, from the lesson, the player's state and the size of the terminal.

What stands where depends on the node and the size, never on the cell, so nothing moves while stepping through a node.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from stepgrad.engine.step import Step
from stepgrad.tui.arrange import arrange
from stepgrad.tui.board import Board, Plan
from stepgrad.tui.card import card_page
from stepgrad.tui.changes import Changes
from stepgrad.tui.checking import checked
from stepgrad.tui.drawing import CHANGED, Drawing, View
from stepgrad.tui.footer import Footer, no_footer
from stepgrad.tui.gaze import NO_GAZE, Gaze, looked, with_pointer
from stepgrad.tui.glossed import counted, glossed, printed
from stepgrad.tui.inquiry import Check, Inquiry, Lookup, Scatter
from stepgrad.tui.layout import PLAYER, Layout
from stepgrad.tui.lettering import lettered
from stepgrad.tui.line import BLANK, Line, filled, headed, spread
from stepgrad.tui.line import width as width_of
from stepgrad.tui.looking_up import LookingUp
from stepgrad.tui.panel import NO_PANEL, Panel
from stepgrad.tui.progress import NO_TICKS, Progress, Ticks, beside, iterations, progress
from stepgrad.tui.rail import rail, rail_width
from stepgrad.tui.reach import Reach
from stepgrad.tui.scattering import Scattering
from stepgrad.tui.scene import NO_LETTERS, NO_READS, Scene, Scenery, samples
from stepgrad.tui.sheet import (
    MARGIN,
    TALL,
    Heights,
    Page,
    assemble,
    natural,
    share,
    silent,
    speaking,
    whole_bands,
)
from stepgrad.tui.terms import Terms
from stepgrad.tui.veil import OPEN, Veil
from stepgrad.tui.veiled import veiled
from stepgrad.tui.views import views
from stepgrad.tui.working import Working, formula, work

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson, Stop
    from stepgrad.tui.charts.heat import Ink
    from stepgrad.tui.charts.inset import Insets

GUTTER = 2
"""Empty columns before the rail."""
CHANGED_NOTE: Line = ((f"   {CHANGED} changed", "changed"),)
APART = 2
"""Empty lines that stay where they are."""
SIGHTS = 8
"""Sights kept before all are forgotten."""
KEPT = 256
"""Frames kept before all are forgotten."""


@dataclass(frozen=True, slots=True)
class State:
    """What the player is looking at."""

    position: int
    page: int | None = None
    """The page of a long sum; None is the one with the term that is being added, else the first."""
    all_digits: bool = False
    term: int = 0
    """How many terms of the cell are in; 0 where it was come to whole."""
    ticks: Ticks = NO_TICKS
    panel: Panel = NO_PANEL
    gaze: Gaze = NO_GAZE
    inquiry: Inquiry | None = None
    maps: Ink | None = None
    """What to draw a map of the plane that is written with; None shows its numbers alone."""
    veil: Veil = OPEN
    """What is hidden."""
    stop: int = 0
    """Which of several stops at the position is told."""


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


class Sight(NamedTuple):
    """What the player looks at: a step's board, and the working under it."""

    step: Step
    frame: Frame
    heights: Heights
    board: Board
    views: Sequence[View]
    formula: Sequence[Line]
    note: Sequence[Line]
    terms: Sequence[Line]
    result: Sequence[Line]
    page: int = 0
    pages: int = 1
    first_part: int = 0
    """The first part of the sum whose planes the board shows."""
    words: Sequence[Line] = ()
    """What is said instead of the narration."""

    @property
    def silent(self) -> Sight:
        """Without the working; its lines are left over."""
        return self._replace(formula=(), note=(), terms=(), result=(), pages=1, heights=silent(self.heights))

    def saying(self, words: Sequence[Line]) -> Sight:
        return self._replace(words=words, heights=speaking(self.heights, len(words)))


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

    def __init__(
        self, lesson: Lesson, original: Lesson | None = None, layout: Layout = PLAYER, *, in_letters: bool = False
    ) -> None:
        self.lesson = lesson
        self._layout = layout
        self._changes = Changes(lesson, original) if original is not None else None
        self.scenery = Scenery(starred=original is not None, letters=lesson.symbols if in_letters else NO_LETTERS)
        self._looking_up = LookingUp(self)
        self._scattering = Scattering(self)
        self._drawing = Drawing()
        self._insets: Insets | None = None
        self._frames: dict[tuple[Any, ...], Frame] = {}
        self._sights: dict[tuple[Any, ...], Sight] = {}
        self._said: dict[Any, str] = {}

    def page(self, state: State, width: int, height: int, footer: Footer = no_footer) -> Page:
        """The lines of the screen, as many as it is high, none longer than it is wide."""
        position = state.position
        stop = self.lesson.stop_at(position, state.stop)
        narration = self._narration(stop, width - MARGIN, state.veil)
        title: Line = ((self.lesson.scenario.title, "title"), *(CHANGED_NOTE if self._changes else ()))
        if not self.lesson.timeline.steps:
            card = self.lesson.scenario
            return card_page(card.title, card.entries, narration, state.page or 0, width, height, footer)
        sight = self.sight(state, width, height)
        shown = sight.views if self._changes is None else self._changes.marked(sight.views)
        drawn = self._drawing.draw(sight.board, shown)
        here, heights, inner = self.lesson.step(max(position - 1, 0)), sight.heights, sight.frame.inner
        quoted = self._quoted(sight, stop)
        heights = heights._replace(narration=heights.narration + len(quoted), blank=heights.blank - len(quoted))
        words = sight.words or self._layout.told(self._narration(stop, inner, state.veil), sight.heights.narration)
        paging: Line = ((f"↑↓ {sight.page + 1} of {sight.pages}", "faint"),) if sight.pages > 1 else BLANK
        bars = self._progress(state, heights.progress, inner)
        line = self._footer(footer, state, width - MARGIN, merged=not heights.progress)
        side = sight.frame.rail
        return assemble(
            heights,
            width,
            title=[_titled(title, _crumbs(here, position, self.lesson.timeline.iterations), inner)],
            board=self._mapped(drawn.lines, sight, state, here),
            formula=[spread(sight.formula[0], paging, inner), *sight.formula[1:]] if heights.formula else [],
            note=sight.note if heights.note else [],
            terms=sight.terms,
            result=sight.result,
            narration=[*words, *quoted],
            watches=state.panel.lines(inner, heights.watches),
            progress=[found.line for found in bars],
            footer=[line.line],
            bars=[
                *(("progress", i, bar) for i, found in enumerate(bars) for bar in found.bars),
                *(("footer", 0, bar) for bar in line.bars),
            ],
            page=sight.page,
            rail=rail(here, position, side, height - heights.footer) if side else (),
            rail_at=width - side,
            cursor=drawn.cursor,
            pages=sight.pages,
        )

    def _mapped(self, lines: list[Line], sight: Sight, state: State, step: Step) -> list[Line]:
        """The board, with a map on it where that is asked for."""
        if state.maps is None or state.inquiry is not None:
            return lines
        if self._insets is None:
            from stepgrad.tui.charts.inset import Insets

            self._insets = Insets()
        room = sight.frame.inner
        return self._insets.drawn(lines, sight.board, sight.views, step, state.position, room, state.maps)

    def reach(self, asked: Lookup, position: int) -> Reach:
        """How far a look-up goes."""
        return self._looking_up.reach(position, asked)

    def iteration(self, position: int) -> int:
        """The iteration that the player is in at a position."""
        return self.lesson.timeline.place(max(position - 1, 0)).iteration

    def sight(self, state: State, width: int, height: int) -> Sight:
        """The board, and the working under it."""
        pointer, panel = state.gaze.pointer, state.panel.height(height)
        shown = state.position, state.page, state.term, state.all_digits, state.gaze.leafed, state.inquiry
        key = (*shown, panel, width, height)
        if key not in self._sights:
            # The cursor goes about on one board, and each move of it asks for that more than once.
            if len(self._sights) >= SIGHTS:
                self._sights.clear()
            self._sights[key] = self._found(state, width, height)
        sight = self._sights[key]
        if state.veil != OPEN:
            sight = veiled(sight, state.veil, state.position)
        if self.scenery.letters:
            sight = sight._replace(views=[lettered(view, self.scenery.letters) for view in sight.views])
        return sight if pointer is None else sight._replace(views=with_pointer(sight.views, pointer))

    def page_with(self, part: int, state: State, width: int, height: int) -> int:
        """The first page of the sum whose planes start with a part, or with one after it."""
        step = self.lesson.step(max(state.position - 1, 0))
        frame = self._frame(step, state.all_digits, width, height, state.panel.height(height))
        terms = self._working(Scene(step), frame, state).terms if state.position else None
        last = self._paged(frame, terms, 0).of - 1
        return bisect_left(range(last), part, key=lambda page: self._paged(frame, terms, page).first_part)

    def _found(self, state: State, width: int, height: int) -> Sight:
        """What is asked about a cell, or what a step shows by itself."""
        asked = state.inquiry
        if isinstance(asked, Lookup):
            return self._looking_up.sight(asked, state, width, height)
        if isinstance(asked, Scatter):
            return self._scattering.sight(asked, state, width, height)
        if isinstance(asked, Check):
            sight = self._looking_up.where_written(asked.start, state, width, height)
            room, all_digits = sight.frame.inner, state.all_digits
            return sight.saying(checked(sight, self.scenery, asked.start, room, all_digits=all_digits))
        return self._step_sight(state, width, height)

    def _step_sight(self, state: State, width: int, height: int) -> Sight:
        """What a step shows by itself."""
        position = state.position
        step = self.lesson.step(max(position - 1, 0))
        frame = self._frame(step, state.all_digits, width, height, state.panel.height(height))
        scene, heights = Scene(step), frame.heights
        written = position > step.number
        working = self._working(scene, frame, state) if written else Working([], None)
        terms = working.terms
        paged = self._paged(frame, terms, state.page)
        focus = scene.reads_of_term(*terms.first_term(paged.lines.start)) if terms else NO_READS
        only = scene.reads_of(step.term(state.term - 1).trace) if written and state.term else None
        within = 0 < state.term < step.terms
        shown = views(
            frame.board, scene, self.scenery, position, paged.first_part, only or focus, only=only, within=within
        )
        if state.gaze.leafed:
            shown = looked(shown, state.gaze, scene, self.scenery)
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
            [terms.line(i) for i in paged.lines] if terms else [],
            result,
            paged.number,
            paged.of,
            paged.first_part,
        )

    def _compared(self, step: Step, result: list[Line], room: int) -> list[Line]:
        """The result, and what it was before something was changed."""
        was = self._changes.was(step) if self._changes is not None else None
        if was is None or not result:
            return result
        line: Line = (*result[-1], (f"   was {self.scenery.scale(step, step.node.name).text(was)}", "changed"))
        return [*result[:-1], line] if width_of(line) <= room else result

    def _progress(self, state: State, lines: int, room: int) -> list[Progress]:
        """The timeline in as many lines: an iteration by its phases, and above it the whole of a training."""
        timeline, ticks = self.lesson.timeline, state.ticks
        drawn = [progress(timeline, state.position, ticks, room, counted=lines < 2)] if lines else []
        return [iterations(timeline, state.position, ticks, room), *drawn] if lines > 1 else drawn

    def _footer(self, footer: Footer, state: State, room: int, *, merged: bool) -> Progress:
        """The keys; where the progress has no line of its own, it stands behind them."""
        if not merged:
            return Progress(footer(room))
        [side] = self._progress(state, 1, room // 3)
        x = room - width_of(side.line)
        return Progress(spread(footer(x - 2), side.line, room), beside(side, x).bars)

    def _frame(self, step: Step, all_digits: bool, width: int, height: int, watched: int = 0) -> Frame:
        key = (step.iteration, step.node.name, all_digits, width, height, watched)
        frame = self._frames.get(key)
        if frame is None:
            if len(self._frames) >= KEPT:
                self._frames.clear()
            frame = self._frames[key] = self._framed(step, all_digits, width, height, watched)
        return frame

    def _framed(self, step: Step, all_digits: bool, width: int, height: int, watched: int) -> Frame:
        plan = self.scenery.plan(step)
        layout = self._layout
        side = rail_width(step.graph, width) if layout.rail else 0
        inner = max(width - MARGIN - side - (GUTTER if side else 0), 1)
        scenes = list(samples(step))
        works = [work(scene, self.scenery, plan, inner, all_digits=all_digits) for scene in scenes]
        term = 0 if all_digits else max((found.terms.size for found in works if found.terms), default=0)
        works = [work(scene, self.scenery, plan, inner, all_digits=all_digits, least=term) for scene in scenes]
        rule, note = formula(step, inner)
        longest = max(width_of(found.result[0]) for found in works)
        # The note stands behind the result where that leaves room, else on lines of its own.
        under = len(filled(note, inner)) if longest + width_of(note) + 4 > inner else 0
        wanted = Heights(
            formula=len(rule),
            note=under,
            terms=max((len(found.terms) for found in works if found.terms), default=0),
            result=max(len(found.result) for found in works),
            narration=max((len(self._narration(stop, inner)) for stop in self._told(step)), default=0),
            watches=watched,
            progress=(1 + (self.lesson.timeline.iterations > 1 and height >= TALL)) * layout.progress,
        )
        apart = wanted._replace(narration=layout.lines(wanted.narration))
        heights, room = natural(apart, plan, inner, height, layout.roomy)
        if not room:
            heights, room = natural(wanted, plan, inner, height, layout.roomy)
        heights = whole_bands(heights, wanted.terms, max((w.terms.band for w in works if w.terms), default=1))
        board = arrange(plan, inner, heights.board, room)
        return Frame(plan, board, share(heights.with_board(board.height), height), inner, side, term)

    def _working(self, scene: Scene, frame: Frame, state: State) -> Working:
        return work(
            scene,
            self.scenery,
            frame.plan,
            frame.inner,
            all_digits=state.all_digits,
            least=frame.term,
            columns=frame.columns,
            at=state.term,
        )

    def _told(self, step: Step) -> Iterator[Stop]:
        """What is said while this node is written; what was said before it goes on being said."""
        first = step.number - step.place.offset
        before = self.lesson.told_at(first)
        yield from before[-1:] if first else before
        yield from (stop for stop in self.lesson.stops if first < stop.position <= first + step.node.size)

    def _narration(self, stop: Stop | None, room: int, veil: Veil = OPEN) -> list[Line]:
        if stop is None:
            return []
        key = stop.place, veil.result
        if key not in self._said:
            said = self.lesson.say(stop, hidden=True) if veil.result else self.lesson.say(stop)
            self._said[key] = counted(stop, headed(stop.title, said))
        return list(glossed(self._said[key], min(room, self._layout.columns)))

    def _quoted(self, sight: Sight, stop: Stop | None) -> list[Line]:
        """What the material has here, where it is wrong and there is room to spare."""
        lines = printed(stop, min(sight.frame.inner, self._layout.columns))
        return lines if sight.heights.blank >= len(lines) + APART and not sight.words else []

    @staticmethod
    def _paged(frame: Frame, terms: Terms | None, page: int | None) -> Paged:
        """What a page of the sum shows: its terms, or the planes of its parts, may need several."""
        parts, shown = frame.plan.parts, frame.board.parts
        lines, size = len(terms) if terms else 0, max(frame.heights.terms, 1)
        by_lines, by_parts = max(-(-lines // size), 1), -(-parts // shown)
        pages = max(by_lines, by_parts)
        if page is None:
            at = terms.line_at if terms else 0
            page = at // size if by_lines >= by_parts or terms is None else terms.part_of(at) // shown
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
