"""Where the debugger stops, on the network of `small_network`."""

from __future__ import annotations

import numpy as np
import pytest
from small_network import small_history

from stepgrad.engine.breakpoints import At, Breakpoint, Changes, NotFinite, When, seek
from stepgrad.engine.expression import parse
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.timeline import Address, Timeline


@pytest.fixture
def history() -> History:
    return small_history(iterations=5)


def stops(history: History, point: Breakpoint, direction: int = 1) -> list[str]:
    """Every place a breakpoint stops at, as the address of the step just taken."""
    position = 0 if direction > 0 else history.timeline.steps
    found = []
    while True:
        position, why = seek(history, [point], position, direction)
        if why is None:
            return found
        found.append(str(history.timeline.place(position - 1).address))


@pytest.mark.parametrize("text", ["r[0,1]", "r", ":backward", "r[0,1]@2"])
def test_a_place_is_stopped_at_in_both_directions(history: History, text: str) -> None:
    forward = stops(history, At(Address.parse(text)))
    assert len(forward) == (1 if "@" in text else 5)
    assert stops(history, At(Address.parse(text)), -1) == forward[::-1]


def test_a_tensor_stops_at_its_first_cell(history: History) -> None:
    assert stops(history, At(Address.parse("w.new@1"))) == ["w.new[0,0]@1"]


def test_a_parameter_changes_where_its_new_value_is_written(history: History) -> None:
    """w[0,0] falls by 0.1 in each of five updates; w[1,0] belongs to a unit that is off and never changes."""
    assert stops(history, Changes(Address.parse("w[0,0]"))) == [f"w.new[0,0]@{i}" for i in range(5)]
    assert stops(history, Changes(Address.parse("w[1,0]"))) == []


def test_a_computed_cell_changes_from_one_iteration_to_the_next(history: History) -> None:
    assert stops(history, Changes(Address.parse("a[0,0]"))) == [f"a[0,0]@{i}" for i in range(1, 5)]


def test_a_condition_stops_where_it_becomes_true(history: History) -> None:
    """The loss falls from 8 by 0.5 an iteration (dloss/dw is [1, 2], so 0.1 * (1 + 4)): below 7.2 from iteration 2."""
    below = When(parse("loss < 7.2", history.timeline.graph(0).names))
    assert stops(history, below) == ["loss[0,0]@2"]
    assert stops(history, below, -1) == ["loss[0,0]@2"]
    assert stops(history, When(parse("loss < 0", history.timeline.graph(0).names))) == []


def test_the_first_cell_that_is_not_finite_is_found() -> None:
    graph = Graph()
    graph.source("x", Spec((2, 2)), "input")
    graph.add("y", ReLU(), "x")
    history = History(Timeline(graph.check()), {"x": np.array([[1.0, 2.0], [np.nan, np.inf]])})
    assert stops(history, NotFinite("nan")) == ["y[1,0]@0"]
    assert stops(history, NotFinite("inf")) == ["y[1,1]@0"]


def test_without_breakpoints_continue_runs_to_the_end(history: History) -> None:
    assert seek(history, [], 3, 1) == (history.timeline.steps, None)
    assert seek(history, [], 3, -1) == (0, None)


def test_cancelling_stays_where_it_was(history: History) -> None:
    never: Breakpoint = When(parse("loss < 0", history.timeline.graph(0).names))
    assert seek(history, [never], 3, 1, cancelled=lambda: True) == (3, None)
