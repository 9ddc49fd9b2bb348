"""What is answered about a cell is there to be read: where the board would fill the page, it gives way."""

from __future__ import annotations

import numpy as np
import pytest
from small_network import W, small_graph

from stepgrad.engine.history import History
from stepgrad.engine.timeline import Timeline
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.checking import slope
from stepgrad.tui.inquiry import Check, Inquiry, Lookup
from stepgrad.tui.page import Pages
from stepgrad.tui.sight import State
from stepgrad.tui.telling_cells import checked


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return open_lesson("cnn-flow")


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40)])
def test_no_answer_is_cut(lesson: Lesson, size: tuple[int, int]) -> None:
    pages, number = Pages(lesson), 0
    for node in lesson.timeline.graph(0).nodes:
        cell = (node.name, node.spec.index(0))
        asked: tuple[Inquiry, ...] = (Check(cell), Lookup(cell, "why"), Lookup(cell, "feeds"))
        for each in asked:
            page = pages.page(State(number + 1, inquiry=each), *size)
            assert "narration" not in page.cut, (each, page.lines)
            assert len(page.lines) == size[1]
        number += node.size


def test_two_that_are_no_numbers_do_not_differ() -> None:
    sources = {"x": np.array([[np.nan, 2.0]]), "w": W, "ones": np.ones((1, 2))}
    history = History(Timeline(small_graph(), 1), sources)
    spoken = " ".join(checked(history.step(history.timeline.locate("w.grad[0,0]"))))
    assert "the gradient is not a number: there is nothing to compare." in spoken
    told = " ".join(slope(history.run(0), ("w.grad", (0, 0))))
    assert "the backward pass wrote nan: **there is nothing to compare**" in told
    assert "differ" not in told
