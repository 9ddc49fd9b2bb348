"""Watched numbers: the value that stands at each position, and how it went over the iterations."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.charts.series import Recorder
from stepgrad.tui.line import plain, width
from stepgrad.tui.panel import Panel
from stepgrad.tui.watches import Watches


@pytest.fixture(scope="module")
def neuron() -> Lesson:
    return open_lesson("neuron-forward-loss-update")


def watching(lesson: Lesson) -> Watches:
    return Watches(lesson, Recorder(lesson.history))


def held(lesson: Lesson, name: str, position: int) -> Any:
    """What a tensor's first cell holds, found by walking every step from the start."""
    found = None
    graph = lesson.timeline.graph(0)
    if name in graph.sources:
        found = float(lesson.tensors(0)[name].flat[0])
    written = graph.state.get(name, name)
    for step in range(position):
        place = lesson.timeline.place(step)
        if place.node.name == written and place.offset == 0:
            found = lesson.step(step).value
    return found


@given(data=st.data())
def test_a_value_is_what_was_written_last(neuron: Lesson, data: st.DataObject) -> None:
    graph = neuron.timeline.graph(0)
    name = data.draw(st.sampled_from(sorted(graph.names)))
    position = data.draw(st.integers(0, neuron.timeline.steps))
    index = ",".join("0" * len(graph.spec(name).shape))
    watches = watching(neuron)
    watch, _ = watches.toggle(f"{name}[{index}]" if index else name)
    assert watches.value(watch, position) == held(neuron, name, position)


def test_an_expression_and_its_end(neuron: Lesson) -> None:
    watches = watching(neuron)
    watch, is_watched = watches.toggle("2 * loss + 1")
    assert is_watched
    assert watches.value(watch, 0) is None
    loss = neuron.tensors(2)["loss"].item()
    assert watches.value(watch, neuron.timeline.steps) == pytest.approx(2 * loss + 1)
    assert watches.toggle(" 2 * loss + 1 ") == (watch, False)
    assert watches.all == []


def test_another_iteration_by_name(neuron: Lesson) -> None:
    watches = watching(neuron)
    watch, _ = watches.toggle("loss@1")
    assert watches.value(watch, 3) is None, "not run yet"
    assert watches.value(watch, neuron.timeline.steps) == neuron.tensors(1)["loss"].item()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("feature_map", "feature_map is 9 numbers; watch one cell, norm(feature_map)"),
        ("feature_map[0,7]", "does not fit feature_map"),
        ("feature_mop[0,0]", "did you mean 'feature_map'"),
        ("norm(", "was expected"),
        ("", "was expected"),
        ("x" * 10_000, "may have 500 characters"),
    ],
)
def test_what_can_not_be_watched_says_so(text: str, told: str) -> None:
    watches = watching(open_lesson("edge-detection-5x5"))
    with pytest.raises(StepgradError) as caught:
        watches.toggle(text)
    assert told in str(caught.value)
    assert watches.all == []


def test_only_what_was_run_is_shown(neuron: Lesson) -> None:
    watches = watching(neuron)
    watch, _ = watches.toggle("loss")
    watches.points(watch)
    assert watches._recorder.wait(30)
    assert watches.points(watch) == [(0, neuron.tensors(0)["loss"].item())]
    watches.reached = 2
    assert [value for _, value in watches.points(watch)] == [neuron.tensors(i)["loss"].item() for i in range(3)]
    watches._recorder.stop()


def test_after_an_edit_it_is_the_new_value_or_a_reason() -> None:
    lesson = open_lesson("edge-detection-5x5")
    watches = watching(lesson)
    first, _ = watches.toggle("feature_map[0,0]")
    last, _ = watches.toggle("feature_map[2,2]")
    other = lesson.edited({"layers.feature_map.stride": 2, "cells.image[0,0]": 5})
    watches.follow(other, Recorder(other.history))
    assert watches.value(first, 1) == 7
    assert watches.value(last, 4) is None
    assert "does not fit" in last.fault


@pytest.mark.parametrize("count", range(10))
@pytest.mark.parametrize(("room", "lines"), [(79, 24), (78, 40), (30, 24), (19, 5), (8, 24), (150, 60)])
def test_the_panel_fits_and_says_what_found_no_place(neuron: Lesson, count: int, room: int, lines: int) -> None:
    watches = watching(neuron)
    for number in range(count):
        watches.toggle(f"loss * {10**number}")
    panel = Panel(watches, neuron.timeline.steps)
    rows = panel.height(lines)
    found = panel.lines(room, rows)
    assert len(found) <= rows <= max(lines // 5, 2)
    assert bool(found) == bool(count)
    if room >= 78:
        assert all(width(line) <= room for line in found)
        shown = sum("loss" in part for line in found for part in plain(line).split("  ") if part)
        missing = count - shown
        assert not missing or plain(found[-1]).endswith(f"+{missing}")
    watches._recorder.stop()


def test_nan_is_shown_as_such() -> None:
    lesson = open_lesson("neuron-forward-loss-update", {"optimizer.lr": 1e200, "optimizer.iterations": 8})
    watches = watching(lesson)
    watch, _ = watches.toggle("loss - loss")
    value = watches.value(watch, lesson.timeline.steps)
    assert value is not None
    assert math.isnan(value)
    assert "nan" in plain(Panel(watches, lesson.timeline.steps).lines(79, 1)[0])
    watches._recorder.stop()
