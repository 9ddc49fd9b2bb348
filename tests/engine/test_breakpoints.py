"""Where the debugger stops, on the network of `small_network`."""

from __future__ import annotations

import numpy as np
import pytest
from small_network import small_history

from stepgrad.engine.breakpoints import (
    At,
    Breakpoint,
    Changes,
    NotFinite,
    When,
    search,
    seek,
    understood,
)
from stepgrad.engine.errors import StepgradError
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


def test_a_parameter_has_its_value_from_the_first_step_on(history: History) -> None:
    """w[0,0] falls from 1 by 0.1 an iteration: 0.7 at the start of iteration 3."""
    below = When(parse("w[0,0] < 0.75", history.timeline.graph(0).names))
    assert stops(history, below) == ["a[0,0]@3"]
    assert stops(history, below, -1) == ["a[0,0]@3"]


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


def test_a_search_goes_an_iteration_at_a_time(history: History) -> None:
    never: Breakpoint = When(parse("loss < 0", history.timeline.graph(0).names))
    assert list(search(history, [never], 3, 1)) == [0, 1, 2, 3, 4]
    assert list(search(history, [never], history.timeline.steps, -1)) == [4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("r[0,1]", At),
        (":backward", At),
        ("@3", At),
        ("w[0,0] changes", Changes),
        ("nan", NotFinite),
        ("nan or inf", NotFinite),
        ("loss < 7.2", When),
        ("abs(w.grad) > 10 and loss < 1", When),
    ],
)
def test_breakpoints_are_read_as_people_write_them(history: History, text: str, kind: type) -> None:
    found = understood(text, history.timeline)
    assert type(found) is kind
    assert found.text == text


@pytest.mark.parametrize("text", ["NaN", " Inf ", "NAN or Inf"])
def test_what_is_no_number_is_written_in_any_case(history: History, text: str) -> None:
    assert understood(text, history.timeline) == NotFinite(text.strip().lower())  # type: ignore[arg-type]  # one of three


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rr", "there is no tensor 'rr'"),
        ("r[9,9]", "r[9,9] does not fit r"),
        (":bckward", "there is no phase ':bckward'"),
        ("w changes", "w is not one cell of w"),
        ("v[0,0] changes", "there is no tensor 'v'"),
        ("loss <", "a number, a tensor or a function was expected"),
        ("lss < 1", "there is no tensor 'lss'; did you mean 'loss'?"),
        ("w", "'w' is given, not computed"),
        ("@5", "there is no iteration 5; iterations run from 0 to 4"),
        ("r@5", "there is no iteration 5"),
        ("loss@5 < 1", "there is no iteration 5"),
        ("r[9,9] > 1", "r[9,9] does not fit r, which is [1, 2]"),
        ("1 < 2", "'1 < 2' names no tensor, so it never changes"),
        ("loss = 1", "'=' has no meaning here; write =="),
        ("loss == nan", "nan is a state, not a number; write isnan(...)"),
    ],
)
def test_what_can_never_happen_is_refused(history: History, text: str, told: str) -> None:
    with pytest.raises(StepgradError) as caught:
        understood(text, history.timeline)
    assert told in str(caught.value)
