"""Where an address leads."""

from __future__ import annotations

import pytest

from stepgrad.engine.errors import AddressError
from stepgrad.engine.graph import Graph
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.timeline import Timeline
from stepgrad.tui.places import position, steps


@pytest.fixture
def timeline() -> Timeline:
    """Two tensors of six cells in each of three iterations."""
    graph = Graph()
    graph.source("x", Spec((1, 2, 3)), "input")
    graph.add("a", ReLU(), "x")
    graph.add("b", ReLU(), "a")
    return Timeline(graph.check(), iterations=3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a[0,1]", range(1, 2)),
        ("b", range(6, 12)),
        ("b@2", range(30, 36)),
        ("b[1,2]@1", range(23, 24)),
        ("@1", range(12, 24)),
        (":forward", range(12)),
        (":forward@2", range(24, 36)),
        (":end", range(35, 36)),
        ("1", range(1)),
        (" 36 ", range(35, 36)),
    ],
)
def test_the_steps_of_an_address(timeline: Timeline, text: str, expected: range) -> None:
    assert steps(timeline, text) == expected


def test_without_an_iteration_the_current_one_is_meant(timeline: Timeline) -> None:
    assert steps(timeline, "b", iteration=1) == range(18, 24)
    assert position(timeline, "a[0,0]", iteration=2) == 25


def test_the_position_is_where_the_cell_was_just_written(timeline: Timeline) -> None:
    assert [position(timeline, text) for text in ("0", "1", "a[0,0]", "b", ":end")] == [0, 1, 1, 7, 36]


@pytest.mark.parametrize("text", ["0", "37", "", "x", "c", "a[2,0]", "@3", ":backward", "a" * 300, "-1"])
def test_what_leads_nowhere_is_said(timeline: Timeline, text: str) -> None:
    with pytest.raises(AddressError):
        steps(timeline, text)
