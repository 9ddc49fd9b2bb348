"""The frame of a node: where its board, its working and its words stand, which no cell of it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stepgrad.engine.step import Step
from stepgrad.tui.arrange import arrange
from stepgrad.tui.layout import Layout
from stepgrad.tui.line import filled
from stepgrad.tui.line import width as width_of
from stepgrad.tui.narration import Narration
from stepgrad.tui.scene import Scenery
from stepgrad.tui.sheet import MARGIN, TALL, Heights, share, spacious, whole_bands
from stepgrad.tui.sight import Frame, State
from stepgrad.tui.working import formula, work

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

KEPT = 256
"""Frames kept before all are forgotten."""


class Framing:
    """The frames of a lesson. Each is made of a few cells of its node, and kept."""

    def __init__(self, lesson: Lesson, layout: Layout, scenery: Scenery, narration: Narration) -> None:
        self._lesson = lesson
        self._layout = layout
        self._scenery = scenery
        self._narration = narration
        self._frames: dict[tuple[Any, ...], Frame] = {}

    def frame(self, step: Step, state: State, width: int, height: int) -> Frame:
        """The frame of a step's node on a screen of that size."""
        watched = state.panel.height(height)
        key = (step.iteration, step.node.name, state.all_digits, width, height, watched)
        frame = self._frames.get(key)
        if frame is None:
            if len(self._frames) >= KEPT:
                self._frames.clear()
            frame = self._frames[key] = self._framed(step, state.all_digits, width, height, watched)
        return frame

    def _framed(self, step: Step, all_digits: bool, width: int, height: int, watched: int) -> Frame:
        plan, layout = self._scenery.plan(step), self._layout
        inner = layout.inner(width, MARGIN)
        scenes = self._scenery.samples(step)
        works = [work(scene, self._scenery, plan, inner, all_digits=all_digits) for scene in scenes]
        term = 0 if all_digits else max((found.terms.size for found in works if found.terms), default=0)
        works = [work(scene, self._scenery, plan, inner, all_digits=all_digits, least=term) for scene in scenes]
        rule, note = formula(step, inner)
        longest = max(width_of(found.result[0]) for found in works)
        # The note stands behind the result where that leaves room, else on lines of its own.
        under = len(filled(note, inner)) if longest + width_of(note) + 4 > inner else 0
        wanted = Heights(
            formula=len(rule),
            note=under,
            terms=max((len(found.terms) for found in works if found.terms), default=0),
            result=max(len(found.result) for found in works),
            narration=self._narration.height(step, inner),
            watches=watched,
            progress=(1 + (self._lesson.timeline.iterations > 1 and height >= TALL)) * layout.progress,
        )
        apart = wanted._replace(narration=layout.lines(wanted.narration))
        large, heights, room = spacious((apart, wanted), plan, inner, height, layout)
        heights = whole_bands(heights, wanted.terms, max((w.terms.band for w in works if w.terms), default=1))
        board = arrange(plan, inner, heights.board, room, large=large)
        return Frame(plan, board, share(heights.with_board(board.height), height), inner, layout.side(width), term)
