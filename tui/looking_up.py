"""Look-ups on the page: where a cell comes from, and what it goes into.

What one cell reads is shown on the board of its own step. What it feeds is marked on the board that is there, where it
can be; what lies further away has a board of its own, with a column for each level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from stepgrad.engine.lookup import Cell, met
from stepgrad.engine.region import Regions
from stepgrad.engine.timeline import Address
from stepgrad.tui.board import Plane
from stepgrad.tui.chain import chain, chain_views
from stepgrad.tui.drawing import BRACES, BRACKETS, NO_MARKS, Columns, View, Written
from stepgrad.tui.gaze import NO_GAZE, showing
from stepgrad.tui.inquiry import Lookup
from stepgrad.tui.line import READABLE, Line
from stepgrad.tui.places import filled
from stepgrad.tui.pointer import found
from stepgrad.tui.reach import Level, Reach, described
from stepgrad.tui.reach_words import terms, told

if TYPE_CHECKING:
    from stepgrad.tui.page import Pages
    from stepgrad.tui.sight import Sight, State

KEPT = 64
"""Look-ups kept before all are forgotten."""
EXAMPLES = 4
"""Sums in which a cell's term is told."""
WORDS = 3
"""A chain's words take this part of the lines at most, its board the others."""


class LookingUp:
    """The look-ups of a lesson. The way of each is kept, so that one level more costs that level."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._reaches: dict[tuple[object, ...], Reach] = {}

    def reach(self, position: int, asked: Lookup) -> Reach:
        run = self._pages.lesson.step(max(position - 1, 0)).run
        key = (id(run), asked.start, asked.direction)
        if key not in self._reaches:
            if len(self._reaches) >= KEPT:
                self._reaches.clear()
            self._reaches[key] = Reach(run, asked.start, asked.direction)
        return self._reaches[key]

    def sight(self, asked: Lookup, state: State, width: int, height: int) -> Sight:
        """What the page shows of a look-up."""
        here = self._pages.sight(replace(state, inquiry=None, gaze=NO_GAZE), width, height)
        reach = self.reach(state.position, asked)
        levels = reach.levels(asked.depth)
        room = min(here.frame.inner, READABLE)
        if len(levels) == 1 and found(here.views, *asked.start) is not None:
            sight = here
        elif len(levels) == 2 and asked.direction == "why":
            sight = self.where_written(asked.start, state, width, height)
        elif len(levels) == 2 and _is_in_place(here, asked.start, levels[1]):
            sight = here.silent._replace(views=list(_in_place(here, asked.start, levels[1])))
            return sight.saying(told(reach, levels, room, self._beside(here, asked.start, levels[1])))
        else:
            return self._chained(asked, levels, state, here.silent, told(reach, levels, room))
        return sight.saying(told(reach, levels, room))

    def where_written(self, start: Cell, state: State, width: int, height: int) -> Sight:
        """The board and the working of the step that wrote a cell, as far as the lesson has come by now."""
        timeline, iteration = self._pages.lesson.timeline, self._pages.iteration(state.position)
        number = timeline.number(Address(*start), iteration)
        term = state.term if number == state.position - 1 else 0
        sight = self._pages.sight(
            replace(state, position=number + 1, term=term, inquiry=None, gaze=NO_GAZE), width, height
        )
        more = filled(timeline, state.position, start[0], iteration) - sight.step.place.offset - 1
        return sight._replace(views=[_by_now(view, more) for view in sight.views])

    def _beside(self, here: Sight, start: Cell, fed: Level) -> str:
        """What a cell meets in the step's node, and how it stands in the first of the sums that it goes into."""
        graph, name, timeline = here.step.graph, here.step.node.name, self._pages.lesson.timeline
        meets = met(here.step.run, here.step.node, *start)
        each = [described(tensor, cells, graph.spec(tensor).shape) for tensor, cells in meets.items()]
        first = islice(fed[name], EXAMPLES)
        steps = (self._pages.lesson.step(timeline.number(Address(name, at), here.step.iteration)) for at in first)
        used = terms(steps, start)
        return (f"It meets {'; '.join(each)}. " if each else "") + (f"It stands {used}. " if used else "")

    def _chained(self, asked: Lookup, levels: list[Level], state: State, here: Sight, words: Sequence[Line]) -> Sight:
        """A board of the levels' own, and the words under it."""
        lesson, step = self._pages.lesson, here.step
        room = here.heights.board + here.heights.narration + here.heights.blank
        spoken = min(len(words), max(room // WORDS, 2), room)
        board = chain(step, self._pages.scenery, levels, asked.direction, here.frame.inner, max(room - spoken - 1, 0))
        views = chain_views(
            step,
            self._pages.scenery,
            levels,
            board,
            lambda name: filled(lesson.timeline, state.position, name, step.iteration),
        )
        left = room - board.height - spoken
        heights = here.heights._replace(board=board.height, narration=spoken, blank=left)
        return here._replace(board=board, views=list(views), words=words, heights=heights)


def _by_now(view: View, more: int) -> View:
    """A plane of what is written, with so many more cells of its tensor."""
    return view if view.written is None or not more else view._replace(written=Written(view.written.cells + more, None))


def _is_in_place(here: Sight, start: Cell, fed: Level) -> bool:
    """Whether the board has the cell, and something of what it feeds."""
    return here.step.node.name in fed and found(here.views, *start) is not None


def _in_place(here: Sight, start: Cell, fed: Level) -> Iterator[View]:
    """The views of a step's board with what a cell feeds in brackets, and what it meets on the way in braces."""
    node, written = here.step.node, here.step.node.name
    meets = met(here.step.run, node, *start)
    for view in here.views:
        plane = view.plane
        cells, signs, style = in_plane(fed, plane) if plane.tensor == written else NO_MARKS, BRACKETS, "read2"
        if not cells:
            cells, signs, style = in_plane(meets, plane), BRACES, "read1"
        kept = view if plane.tensor == start[0] else showing(view, cells)
        yield kept._replace(marks=cells, signs=signs, style=style)


def in_plane(cells: Regions, plane: Plane) -> Mapping[int, Columns]:
    """The cells that are in a plane, row by row."""
    return cells[plane.tensor].plane(plane.lead) if plane.tensor in cells else NO_MARKS
