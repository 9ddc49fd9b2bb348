"""The page: every line of the player's screen, from the lesson, the player's state and the size of the terminal.

What stands where depends on the node and the size, never on the cell, so nothing moves while stepping through a node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stepgrad.engine.step import Step
from stepgrad.tui.card import card_page
from stepgrad.tui.changes import Changes
from stepgrad.tui.checking import checked
from stepgrad.tui.drawing import CHANGED, Drawing
from stepgrad.tui.footer import Footer, no_footer
from stepgrad.tui.framing import Framing
from stepgrad.tui.gathering import Gathering
from stepgrad.tui.gaze import with_pointer
from stepgrad.tui.heading import heading
from stepgrad.tui.inquiry import Check, Lookup, Scatter
from stepgrad.tui.layout import PLAYER, Layout
from stepgrad.tui.lettering import lettered
from stepgrad.tui.line import BLANK, Line, beside_one, spread
from stepgrad.tui.line import width as width_of
from stepgrad.tui.looking_up import LookingUp
from stepgrad.tui.narration import Narration
from stepgrad.tui.progress import Progress, beside, iterations, progress
from stepgrad.tui.rail import rail
from stepgrad.tui.reach import Reach
from stepgrad.tui.scattering import Scattering
from stepgrad.tui.scene import NO_LETTERS, Scenery
from stepgrad.tui.sheet import MARGIN, Page, assemble
from stepgrad.tui.sight import Sight, State
from stepgrad.tui.tape import Tape
from stepgrad.tui.veil import OPEN
from stepgrad.tui.veiled import veiled

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.tui.charts.glance import Glances
    from stepgrad.tui.charts.inset import Insets

CHANGED_NOTE: Line = ((f"   {CHANGED} changed", "changed"),)
APART = 5
"""Empty lines between the words and the pictures beneath them: a few more words now and then move nothing."""
ANSWER = 3
"""An answer may take this part of the lines from the board."""
SIGHTS = 8
"""Sights kept before all are forgotten."""


class Pages:
    """The pages of a lesson."""

    def __init__(
        self, lesson: Lesson, original: Lesson | None = None, layout: Layout = PLAYER, *, in_letters: bool = False
    ) -> None:
        self.lesson = lesson
        self._changes = Changes(lesson, original) if original is not None else None
        self.scenery = Scenery(starred=original is not None, letters=lesson.symbols if in_letters else NO_LETTERS)
        self._narration = Narration(lesson, layout)
        framing = Framing(lesson, layout, self.scenery, self._narration)
        self._gathering = Gathering(lesson, self.scenery, framing, self._changes)
        self._looking_up = LookingUp(self)
        self._scattering = Scattering(self)
        self._drawing = Drawing()
        self._insets: Insets | None = None
        self._glances: Glances | None = None
        self._tape = Tape(lesson)
        self._sights: dict[tuple[Any, ...], Sight] = {}

    def page(self, state: State, width: int, height: int, footer: Footer = no_footer) -> Page:
        """The lines of the screen, as many as it is high, none longer than it is wide."""
        position = state.position
        stop = self.lesson.stop_at(position, state.stop)
        title: Line = ((self.lesson.scenario.title, "title"), *(CHANGED_NOTE if self._changes else ()))
        if not self.lesson.timeline.steps:
            card, narration = self.lesson.scenario, self._narration.lines(stop, width - MARGIN, state.veil)
            return card_page(card.title, card.entries, narration, state.page or 0, width, height, footer)
        sight = self.sight(state, width, height)
        shown = sight.views if self._changes is None else self._changes.marked(sight.views)
        drawn = self._drawing.draw(sight.board, shown)
        here, heights, inner = self.lesson.step(max(position - 1, 0)), sight.heights, sight.frame.inner
        words = sight.words or self._narration.told(stop, sight, state.veil)
        more = min(max(len(words) - heights.narration, 0), heights.blank)
        heights = heights._replace(narration=heights.narration + more, blank=heights.blank - more)
        paging: Line = ((f"↑↓ {sight.page + 1} of {sight.pages}", "faint"),) if sight.pages > 1 else BLANK
        bars = self._progress(state, heights.progress, inner)
        line = self._footer(footer, state, width - MARGIN, merged=not heights.progress)
        side = sight.frame.rail
        return assemble(
            heights,
            width,
            title=[heading(title, here, position, self.lesson.timeline.iterations, inner)],
            board=self._mapped(drawn.lines, sight, state, here),
            formula=beside_one(sight.formula, paging, inner) if heights.formula else [],
            note=sight.note if heights.note else [],
            terms=sight.terms,
            result=sight.result,
            narration=words,
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
            beneath=self._pictures(sight, state, here),
        )

    def _pictures(self, sight: Sight, state: State, step: Step) -> list[Line]:
        """What the step reads and writes, to be seen, or else the steps before: in lines that no step needs."""
        room, inner = sight.frame.heights.blank - APART, sight.frame.inner
        if state.pictures is None or state.inquiry is not None or self.scenery.letters or room <= 0:
            return []
        if self._glances is None:
            from stepgrad.tui.charts.glance import Glances

            self._glances = Glances()
        found = self._glances.lines(step, state.position, inner, room, state.pictures)
        return found or (self._tape.lines(state.position, inner, room) if state.veil == OPEN else [])

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
            sight = veiled(sight, state, self.lesson.step(max(state.position - 1, 0)))
        if self.scenery.letters:
            sight = sight._replace(views=[lettered(view, self.scenery.letters) for view in sight.views])
        return sight if pointer is None else sight._replace(views=with_pointer(sight.views, pointer))

    def page_with(self, part: int, state: State, width: int, height: int) -> int:
        """The first page of the sum whose planes start with a part, or with one after it."""
        return self._gathering.page_with(part, state, width, height)

    def _found(self, state: State, width: int, height: int) -> Sight:
        """What there is to see; where the board leaves an answer too few lines, as on a lower page."""
        sight, left = self._answered(state, width, height), height
        while (missing := min(len(sight.words), height // ANSWER) - sight.heights.narration) > 0 and left > missing:
            left -= missing
            lower = self._answered(state, width, left)
            heights = lower.heights._replace(blank=lower.heights.blank + height - left)
            sight = lower._replace(heights=heights).saying(lower.words)
        return sight

    def _answered(self, state: State, width: int, height: int) -> Sight:
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
        return self._gathering.sight(state, width, height)

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
