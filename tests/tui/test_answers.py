"""What is answered about a cell is there to be read: where the board would fill the page, it gives way."""

from __future__ import annotations

import pytest

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.inquiry import Check, Inquiry, Lookup
from stepgrad.tui.page import Pages
from stepgrad.tui.sight import State


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
