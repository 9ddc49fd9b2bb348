"""What a change has changed: cells that differ from the lesson as it was opened."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stepgrad.engine.op import Spec
from stepgrad.engine.step import Step
from stepgrad.tui.drawing import View
from stepgrad.tui.scene import size_of

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

KEPT = 256
"""Tensors kept compared before all are forgotten."""
Mask = np.ndarray[Any, np.dtype[np.bool_]]


class Changes:
    """A lesson against the one it was made from, cell by cell, by address."""

    def __init__(self, lesson: Lesson, original: Lesson) -> None:
        self.lesson = lesson
        self.original = original
        self._masks: dict[tuple[int, str], Mask | None] = {}

    def marked(self, views: Iterable[View]) -> Iterator[View]:
        """The views of a board, with what has changed in each."""
        for view in views:
            mask = self._mask(_iteration(view.key), view.plane.tensor)
            yield view if mask is None else view._replace(changed=_rows(mask, view.plane.lead))

    def was(self, step: Step) -> float | None:
        """What a step's cell was; None where it is what it was, or was not there."""
        mask = self._mask(step.iteration, step.node.name)
        if mask is None or not mask[step.index]:
            return None
        return float(self.original.history.run(step.iteration).host(step.node.name)[step.index])

    def _mask(self, iteration: int, name: str) -> Mask | None:
        """Which cells of a tensor differ; None where there is nothing to compare it with."""
        key = iteration, name
        if key not in self._masks:
            if len(self._masks) >= KEPT:
                self._masks.clear()
            self._masks[key] = self._compared(iteration, name)
        return self._masks[key]

    def _compared(self, iteration: int, name: str) -> Mask | None:
        timeline = self.original.timeline
        if iteration >= timeline.iterations or name not in timeline.graph(iteration):
            return None
        now, before = (lesson.history.run(iteration).host(name) for lesson in (self.lesson, self.original))
        if now.shape != before.shape:
            return None
        changed: Mask = (now != before) & ~((now != now) & (before != before))
        return changed


def _rows(mask: Mask, lead: tuple[int, ...]) -> Any:
    """Which cells of a row of a plane have changed, a piece of it at a time."""

    def piece(row: int, first: int, end: int) -> Sequence[bool]:
        leads = Spec(mask.shape[: max(len(mask.shape) - 2, 0)])
        plane = mask.reshape(leads.size, *size_of(mask.shape))[leads.number(lead)]
        return [bool(changed) for changed in plane[row, first:end]]

    return piece


def _iteration(key: Hashable) -> int:
    """The iteration that a view is of, whether it is covered or not; letters are the same in all of them."""
    inner = key[1] if isinstance(key, tuple) and key[0] == "hidden" else key
    return inner[0] if isinstance(inner, tuple) and isinstance(inner[0], int) else 0
