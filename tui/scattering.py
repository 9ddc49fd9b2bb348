"""A gradient scattered: what one upstream cell adds to each cell that it feeds, and the sums so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from stepgrad.engine.lookup import Cell, met
from stepgrad.engine.number import Index
from stepgrad.engine.op import Spec
from stepgrad.engine.region import Region
from stepgrad.engine.scatter import Addition, reached, scatter, so_far
from stepgrad.engine.step import Step
from stepgrad.tui.drawing import Columns, Texts, View
from stepgrad.tui.gaze import NO_GAZE, showing
from stepgrad.tui.inquiry import Scatter
from stepgrad.tui.line import READABLE, Line, wrapped
from stepgrad.tui.looking_up import in_plane
from stepgrad.tui.numbers import NOISE, close, significant
from stepgrad.tui.places import named
from stepgrad.tui.reach_words import term
from stepgrad.tui.scene import size_of

if TYPE_CHECKING:
    from stepgrad.tui.page import Pages
    from stepgrad.tui.sight import Sight, State

Array = np.ndarray[Any, Any]

LISTED = 24
"""Cells whose sums are told."""
PAGES = 64
"""Pages of a sum that are looked through for the upstream cell."""
DIGITS = 5
GAP = 3


class Scattering:
    """The scattered gradients of a lesson."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def sight(self, asked: Scatter, state: State, width: int, height: int) -> Sight:
        """The board of a gradient's step with the sums so far, those that the upstream cell adds to marked."""
        here = self._pages.lesson.step(max(state.position - 1, 0))
        node, run = here.node, here.run
        upstream = f"{here.graph.differentiates[node.name][0]}.grad"
        spec = here.graph.spec(upstream)
        index = spec.index(asked.upstream)
        cells = reached(run, node, index)
        # The board of a cell that is reached, on the page of the sum that shows the upstream cell.
        at = here.number - here.place.offset + node.spec.number(cells[0] if cells else node.spec.index(0))
        then = replace(state, position=at + 1, term=0, page=None, inquiry=None, gaze=NO_GAZE)
        sight = self._shown(then, upstream, index, width, height).silent
        marks = {
            node.name: Region.of(node.spec.shape, *cells),
            **met(run, node, upstream, index),
            upstream: Region.of(spec.shape, index),
        }
        sums = so_far(run, node, index)
        views = [_summed(view, in_plane(marks, view.plane), sums, (node.name, asked.upstream)) for view in sight.views]
        return sight._replace(views=views).saying(self._words(sight, asked, (upstream, index), sums))

    def _shown(self, state: State, tensor: str, index: Index, width: int, height: int) -> Sight:
        """The page of the sum on which the plane of a cell is."""
        sight = self._pages.sight(state, width, height)
        for page in range(1, min(sight.pages, PAGES)):
            if any((view.plane.tensor, view.plane.lead) == (tensor, index[:-2]) for view in sight.views):
                break
            sight = self._pages.sight(replace(state, page=page), width, height)
        return sight

    def _words(self, sight: Sight, asked: Scatter, upstream: Cell, sums: Array) -> list[Line]:
        step, room = sight.step, min(sight.frame.inner, READABLE)
        graph, node, run = step.graph, step.node, step.run
        count, size = len(reached(run, node, upstream[1])), graph.spec(upstream[0]).size
        start = f"**{named(graph, upstream)} = {significant(run.value(*upstream), DIGITS)}**"
        adds = f"adds to {count} cell{'' if count == 1 else 's'} of {node.name}" if count else "adds to no cell"
        lines = wrapped(f"{start}, upstream cell {asked.upstream + 1} of {size}, {adds}.", room)
        first = scatter(run, node, upstream[1])[:LISTED]
        lines += beside([self._added(step, upstream, each) for each in first], room)
        if asked.upstream == size - 1:
            lines += wrapped(f"All are in: {_compared(sums, run.host(node.name))}.", room)
        gathers = f"Gathered, each cell is a sum of its own ({node.op.note})." if node.op.note else ""
        return [*lines, *wrapped(gathers, room)]

    def _added(self, step: Step, upstream: Cell, each: Addition) -> str:
        """`[0,1]: 0.25 + 0.5×1 = 0.75`"""
        node, before = step.node, each.so_far - each.added
        number = step.number - step.place.offset + node.spec.number(each.index)
        values = (0.0 if abs(before) < NOISE * abs(each.added) else before, each.added, each.so_far)
        texts = [significant(value, DIGITS) for value in values]
        exact = all(close(float(text), value) for text, value in zip(texts, values, strict=True))
        product = term(self._pages.lesson.step(number), upstream) or texts[1]
        start = f"{texts[0]} + " if values[0] else ""
        cell = named(step.graph, (node.name, each.index)).removeprefix(node.name)
        return f"{cell}{': ' if cell else ''}{start}{product} {'=' if exact else '~'} {texts[2]}"


def beside(texts: Sequence[str], room: int) -> list[Line]:
    """Short texts in columns, as many as fit."""
    widest = max(map(len, texts), default=1) + GAP
    columns = max((room + GAP) // widest, 1)
    rows = (texts[i : i + columns] for i in range(0, len(texts), columns))
    return [(("".join(f"{text:<{widest}}" for text in row).rstrip(), ""),) for row in rows]


def _compared(sums: Array, gathered: Array) -> str:
    """Whether the sums are the gradient that was gathered."""
    tolerance = 1e-9 if gathered.dtype == np.float64 else 1e-2 if gathered.dtype == np.float16 else 1e-4
    largest = float(np.nanmax(np.abs(gathered), initial=0))
    same = np.allclose(sums, gathered, rtol=tolerance, atol=tolerance * largest, equal_nan=True)
    return "the sums are the gradient, as gathering gives it" if same else "the sums are not what gathering gives"


class Fitting(NamedTuple):
    """Numbers in so many columns: sums on the way may be longer than what they come to."""

    scale: Texts
    width: int

    def text(self, value: float) -> str:
        tries = (self.scale.text(value), *(significant(value, digits) for digits in (5, 4, 3, 2, 1)))
        return next((text for text in tries if len(text) <= self.width), "#" * self.width)


def _summed(view: View, cells: Mapping[int, Columns], sums: Array, key: tuple[str, int]) -> View:
    """A view with the cells of one addition marked; of what is written, with the sums so far."""
    found = showing(view, cells)._replace(marks=cells)
    if view.plane.tensor != key[0] or view.item.kind != "output":
        return found
    return found._replace(
        key=(view.key, key),
        scale=Fitting(view.scale, view.item.slot.width),
        numbers=partial(_piece, sums, view.plane.lead),
        written=None,
    )


def _piece(sums: Array, lead: Index, row: int, first: int, end: int) -> list[float]:
    leads = Spec(sums.shape[:-2])
    plane = sums.reshape(leads.size, *size_of(sums.shape))[leads.number(lead)]
    return [float(value) for value in plane[row, first:end].tolist()]
