"""Which steps make a line, in a timeline of phases and iterations."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepgrad.engine.graph import Graph
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.timeline import Level, Timeline
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.flat import Selection, spans, text

TRAINING = """
format_version = 1
title = "Two numbers and a weight"
[inputs]
x = [[[2.0, 3.0]]]
wanted = [[[0.0, 1.0]]]
[[layers]]
name = "y"
op = "conv1d"
input = "x"
weight = [[[1.0]]]
[loss]
op = "mse_loss"
input = "y"
target = "wanted"
[optimizer]
op = "sgd"
lr = 0.5
iterations = 2
"""


@pytest.fixture
def timeline() -> Timeline:
    """Two iterations of: a layer of two tensors (3 + 3 cells) forward, another (3), and one backward (3)."""
    graph = Graph()
    graph.source("x", Spec((3,)), "input")
    graph.add("a.inner", ReLU(), "x", layer="a")
    graph.add("a", ReLU(), "a.inner")
    graph.add("b", ReLU(), "a")
    graph.add("b.grad", ReLU(), "b", layer="b", phase="backward")
    return Timeline(graph.check(), iterations=2)


@pytest.mark.parametrize(
    ("level", "starts"),
    [
        ("iteration", [0, 12]),
        ("phase", [0, 9, 12, 21]),
        ("layer", [0, 6, 9, 12, 18, 21]),
        ("tensor", [0, 3, 6, 9, 12, 15, 18, 21]),
        ("cell", list(range(24))),
        ("term", list(range(24))),
    ],
)
def test_lines_follow_each_other_without_gaps(timeline: Timeline, level: Level, starts: list[int]) -> None:
    found = list(spans(timeline, Selection(range(24), level)))
    assert [span.start for span in found] == starts
    assert [span.stop for span in found] == [*starts[1:], 24]


def test_one_phase_alone(timeline: Timeline) -> None:
    backward = spans(timeline, Selection(range(24), phase="backward"))
    assert [span.start for span in backward] == [9, 10, 11, 21, 22, 23]
    forward = spans(timeline, Selection(range(4, 24), "layer", "forward"))
    assert list(forward) == [range(6), range(6, 9), range(12, 18), range(18, 21)]
    assert list(spans(timeline, Selection(range(24), phase="update"))) == []


def test_a_part_is_printed_whole_where_the_range_begins_or_ends_within_it(timeline: Timeline) -> None:
    assert list(spans(timeline, Selection(range(4, 8), "tensor"))) == [range(3, 6), range(6, 9)]
    assert list(spans(timeline, Selection(range(3, 3), "tensor"))) == []


def test_far_into_a_long_timeline_nothing_before_is_visited(timeline: Timeline) -> None:
    [(graph, _)] = timeline.graphs
    long = Timeline(graph, iterations=10**11)
    last = next(spans(long, Selection(range(long.steps - 5, long.steps), "iteration")))
    assert last == range(long.steps - 12, long.steps)


def test_a_line_of_training_names_its_iteration_and_a_single_number_no_index(tmp_path: Path) -> None:
    path = tmp_path / "training.toml"
    path.write_text(TRAINING)
    lesson = open_lesson(str(path))
    tensors = list(text(lesson, Selection(range(lesson.timeline.steps), "tensor")))
    assert "3  loss@0 = mse_loss, float64[], loss" in tensors
    assert any(line.startswith("9-10  y@1 = ") for line in tensors)
    [loss] = [line for line in text(lesson, Selection(range(2, 3))) if line[:1].isdigit()]
    # (2*1 - 0)^2 and (3*1 - 1)^2, over two
    assert loss == "3  loss = ((2 - 0)^2 + (3 - 1)^2)/2 = 4"
    assert [line.split(":")[0] for line in text(lesson, Selection(range(8), "iteration"))][1:] == ["1-8  @0"]
