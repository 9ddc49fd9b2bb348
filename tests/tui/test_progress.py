"""The timeline's line: what is drawn, and what a click on it means."""

from __future__ import annotations

import pytest
from handmade import edge
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.line import plain, width
from stepgrad.tui.progress import Bar, Ticks, iterations, progress


def test_phases_notes_stops_and_the_place() -> None:
    line = plain(progress(edge().timeline, 4, Ticks([0, 1, 9], [2, 7]), 60).line)
    assert line == "forward ◆━━━◆━━━■━━━━━━━●───────────□───────◇  step 4 of 9"


@given(st.integers(2, 200), st.integers(0, 10**12), st.integers(0, 10**12), st.data())
def test_a_click_leads_to_the_column_it_was_on(size: int, first: int, length: int, data: st.DataObject) -> None:
    """Where there are more positions than columns, each column has one; else the next one there is."""
    bar = Bar(7, size, first, first + length)
    column = data.draw(st.integers(0, size - 1))
    at = bar.position(7 + column)
    assert first <= at <= first + length
    assert bar.column(at) == column if length >= size - 1 else bar.column(at) >= column


@given(st.integers(2, 50), st.integers(1, 10**6), st.data())
def test_a_click_on_a_tick_leads_to_what_it_marks(size: int, length: int, data: st.DataObject) -> None:
    bar, tick = Bar(0, size, 0, length), data.draw(st.integers(0, length))
    assert bar.position(bar.column(tick), Ticks([tick])) == tick
    assert bar.position(bar.column(tick), Ticks((), [tick])) == tick


def test_a_drag_beyond_the_bar_is_its_end() -> None:
    bar = Bar(10, 20, 5, 50)
    assert (bar.position(-3), bar.position(99)) == (5, 50)


@pytest.mark.parametrize("room", range(1, 160, 3))
def test_bars_stand_where_they_are_drawn(room: int) -> None:
    timeline = open_lesson("neuron-forward-loss-update").timeline
    for position in (0, 9, 24):
        for found in (
            progress(timeline, position, Ticks([1], [2]), room),
            iterations(timeline, position, Ticks(), room),
        ):
            assert width(found.line) <= room
            text = plain(found.line)
            for bar in found.bars:
                assert set(text[bar.x : bar.x + bar.size]) <= set("━─●◆◇■□")
                assert text[bar.x + bar.size : bar.x + bar.size + 1] in (" ", "")


def test_a_training_has_a_bar_of_all_its_iterations() -> None:
    timeline = open_lesson("neuron-forward-loss-update").timeline
    found = iterations(timeline, 9, Ticks(), 60)
    assert plain(found.line).startswith("iterations ━")
    assert plain(found.line).endswith("1 of 2")
    assert found.bars[0].position(found.bars[0].x + found.bars[0].size - 1) == 24
