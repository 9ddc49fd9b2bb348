"""Iterations on demand: any of them bit for bit what running them all in a row gives, within a budget of memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_network import small_graph, small_history

from stepgrad.engine import history as module
from stepgrad.engine.errors import AddressError
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.add import Add
from stepgrad.engine.ops.sgd import SGDStep
from stepgrad.engine.run import Run
from stepgrad.engine.timeline import Timeline

Tensors = Mapping[str, np.ndarray[Any, Any]]
ITERATIONS = 60


def training(batch: int = 2, *, stage: str | None = None, momentum: bool = True) -> Graph:
    """w = w - lr*(mean of the batch, or what momentum makes of it), written with test-sized ops."""
    graph = Graph(stage=stage)
    graph.source("x", Spec((batch,)), "input")
    graph.source("w", Spec((batch,)), "parameter")
    graph.source("running", Spec((batch,)), "buffer")
    graph.add("y", Add(), "x", "w")
    graph.add("running.new", SGDStep(lr=-0.1), "running", "y")
    if momentum:
        graph.source("w.momentum_buffer", Spec((batch,)), "state")
        graph.add("w.momentum_buffer.new", SGDStep(lr=-0.5), "w.momentum_buffer", "y")
        graph.add("w.new", SGDStep(lr=0.3), "w", "w.momentum_buffer.new")
    else:
        graph.add("w.new", SGDStep(lr=0.3), "w", "y")
    return graph.check()


SOURCES = {"x": np.array([1.0, -2.0]), "w": np.array([0.1, 0.2]), "running": np.zeros(2)}


def feed(iteration: int) -> Tensors:
    return {"x": np.random.default_rng((7, iteration)).standard_normal(2)}


def in_a_row(iterations: int) -> list[Tensors]:
    """The same training by a plain loop."""
    graph = training()
    state = {**SOURCES, "w.momentum_buffer": np.zeros(2)}
    runs: list[Tensors] = []
    for iteration in range(iterations):
        run = Run(graph, {**state, **feed(iteration)})
        runs.append(run.tensors)
        state = {name: run.tensors.get(f"{name}.new", value) for name, value in state.items()}
    return runs


ROW = in_a_row(ITERATIONS)


def same(run: Run, expected: Tensors) -> bool:
    return all(run.tensors[name].tobytes() == array.tobytes() for name, array in expected.items())


@given(st.lists(st.integers(0, ITERATIONS - 1), min_size=1, max_size=12))
@settings(max_examples=40)
def test_any_iterations_in_any_order_are_those_of_running_in_a_row(visits: list[int]) -> None:
    history = History(Timeline(training(), ITERATIONS), SOURCES, feed=feed)
    for iteration in visits:
        assert same(history.run(iteration), ROW[iteration])


@given(st.lists(st.integers(0, ITERATIONS - 1), min_size=1, max_size=12))
@settings(max_examples=40)
def test_thinned_checkpoints_change_nothing(visits: list[int]) -> None:
    history = History(Timeline(training(), ITERATIONS), SOURCES, feed=feed, budget=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "STATES", 8)
        for iteration in visits:
            assert same(history.run(iteration), ROW[iteration])


def test_walking_gives_every_iteration_and_leaves_nothing_behind() -> None:
    history = History(Timeline(training(), ITERATIONS), SOURCES, feed=feed)
    runs = list(history.walk())
    assert len(runs) == ITERATIONS
    assert all(same(run, expected) for run, expected in zip(runs, ROW, strict=True))
    assert list(history._starts) == [0]
    assert not history._recent


def test_stepping_through_leaves_checkpoints_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """One iteration after the other, and then back to the middle: not all is run again."""
    history = History(Timeline(training(), 1000), SOURCES, feed=feed, budget=0)
    executed = []
    execute = History._execute

    def counting(self: History, at: int, state: Tensors) -> Run:
        executed.append(at)
        return execute(self, at, state)

    monkeypatch.setattr(History, "_execute", counting)
    for iteration in range(1000):
        history.run(iteration)
    assert executed == list(range(1000)), "each is run once"
    for iteration in (500, 3, 777, 0):
        executed.clear()
        history.run(iteration)
        assert len(executed) <= 1000 // 24
    executed.clear()
    for iteration in range(600, 580, -1):
        history.run(iteration)
    assert len(executed) <= 5 * 20, "going back costs a few iterations each"


@pytest.mark.parametrize("jump", [True, False])
def test_checkpoints_keep_within_their_budget(jump: bool) -> None:
    budget = 256 << 10
    history = History(Timeline(training(), 3000), SOURCES, feed=feed, budget=budget)
    tracemalloc.start()
    try:
        for iteration in [2999] if jump else range(3000):
            history.run(iteration)
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert kept < 1.5 * budget + (64 << 10)


def test_a_budget_that_is_too_small_still_keeps_64_states() -> None:
    history = History(Timeline(training(), 500), SOURCES, feed=feed, budget=0)
    history.run(499)
    assert 24 <= len(history._starts) <= module.STATES


@pytest.mark.parametrize("iteration", [-1, 60, 10**9])
def test_an_iteration_that_is_not_there_is_refused_at_once(iteration: int) -> None:
    history = History(Timeline(training(), 60), SOURCES, feed=feed)
    with pytest.raises(AddressError, match=f"no iteration {iteration}; iterations run from 0 to 59"):
        history.run(iteration)


def test_state_that_nobody_gives_starts_by_itself_and_goes_on() -> None:
    history = History(Timeline(training(), 3), SOURCES, feed=feed)
    assert "w.momentum_buffer" not in SOURCES
    after_two = history.run(2).tensors["w.momentum_buffer"]
    assert after_two.tobytes() == ROW[2]["w.momentum_buffer"].tobytes()
    assert after_two.any()


def test_a_short_last_batch_is_of_the_same_stage() -> None:
    whole, rest = training(stage="train"), training(stage="train")
    history = History(Timeline([(whole, 2), (rest, 1)] * 5), SOURCES, feed=feed)
    for iteration in (14, 7, 2, 3):
        assert same(history.run(iteration), ROW[iteration])


def test_a_new_stage_keeps_parameters_and_buffers_and_starts_its_optimizer_afresh() -> None:
    first, second = training(stage="pretrain"), training(stage="transfer")
    history = History(Timeline([(first, 4), (second, 4)]), SOURCES, feed=feed)
    before, after = history.run(3).tensors, history.run(4).tensors
    assert after["w"] is before["w.new"]
    assert after["running"] is before["running.new"]
    assert before["w.momentum_buffer.new"].any()
    assert not after["w.momentum_buffer"].any()
    assert history.run(5).tensors["w.momentum_buffer"].any()


def test_what_a_stage_does_not_reach_outlives_it() -> None:
    """A parameter learned in the first stage is still learned in the third, whatever the second reads."""
    between = Graph()
    between.source("x", Spec((2,)), "input")
    between.add("y", Add(), "x", "x")
    history = History(Timeline([(training(), 3), (between.check(), 2), (training(), 3)]), SOURCES, feed=feed)
    learned = history.run(2).tensors["w.new"]
    assert history.run(5).tensors["w"] is learned
    fresh = History(history.timeline, SOURCES, feed=feed)
    assert fresh.run(5).tensors["w"].tobytes() == learned.tobytes()
    assert fresh.run(5).tensors["running"].tobytes() == history.run(2).tensors["running.new"].tobytes()


def test_a_run_of_recent_iterations_is_the_same_object() -> None:
    history = small_history(5)
    assert history.run(3) is history.run(3)
    history.run(4)
    assert history.run(3) is history.run(3)


@given(st.lists(st.integers(-30, 30) | st.integers(0, 10**6), min_size=1, max_size=15))
@settings(max_examples=25)
def test_a_walk_of_steps_to_and_fro_reads_as_a_fresh_start_does(moves: list[int]) -> None:
    timeline = Timeline(small_graph(), 6)
    sources = small_history().sources
    history = History(timeline, sources)
    position = 0
    for move in moves:
        position = (move if abs(move) > 30 else position + move) % timeline.steps
        found = history.step(position).record()
        assert found == History(timeline, sources).step(position).record()
        assert found["step"] == position


def test_stepping_to_the_end_writes_what_running_writes() -> None:
    history = small_history(3)
    built: dict[tuple[int, str], np.ndarray[Any, Any]] = {}
    for number in range(history.timeline.steps):
        step = history.step(number)
        tensor = built.setdefault((step.iteration, step.node.name), np.full(step.node.spec.shape, np.nan))
        assert np.isnan(tensor[step.index]), "a cell is written once"
        tensor[step.index] = step.value
    for (iteration, name), tensor in built.items():
        np.testing.assert_array_equal(tensor, history.run(iteration).host(name))
    assert len(built) == 3 * len(history.timeline.graph(0).nodes)
    last = history.run(2)
    assert [float(history.run(i).host("loss").sum()) for i in (0, 1)] == [8.0, 7.5]
    assert last.tensors["w"] is history.run(1).tensors["w.new"]
