"""Values over the iterations: worked out in the background, kept, sampled, given up where they are no numbers."""

from __future__ import annotations

import threading
from itertools import pairwise

import numpy as np
import pytest
from small_network import small_graph, small_history

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.expression import parse
from stepgrad.engine.history import History
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.run import Run
from stepgrad.engine.timeline import Timeline
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.charts.curves import Curves
from stepgrad.tui.charts.series import KEPT, Recorder, Series, Watched
from stepgrad.tui.look import Look
from stepgrad.tui.player import Player

SECONDS = 30
"""No test waits so long: only one that would hang."""


def watched(text: str, history: History) -> Watched:
    names = {name for graph, _ in history.timeline.graphs for name in graph.names}
    return Watched(parse(text, names), history)


def values(text: str, history: History) -> list[tuple[int, float | None]]:
    recorder = Recorder(history)
    series = recorder.series(text, watched(text, history))
    assert recorder.wait(SECONDS)
    assert not series.fault
    return series.points


def test_the_loss_of_every_iteration() -> None:
    """Worked out by hand in small_network: 8, then 7.5 with w = [[0.9, 1.8], [3, -4]], and again 0.5 less."""
    assert values("loss", small_history(3)) == [(0, 8.0), (1, pytest.approx(7.5)), (2, pytest.approx(7.0))]


def test_any_expression_of_one_number() -> None:
    history = small_history(2)
    assert values("norm(w.grad)", history) == [(0, pytest.approx(5**0.5)), (1, pytest.approx(5**0.5))]
    assert values("w[0,1] < 1.9", history) == [(0, 0.0), (1, 1.0)]
    assert values("loss - loss@0", history) == [(0, 0.0), (1, pytest.approx(-0.5))]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("w", "'w' is 2x2, not a single number; write norm(w), max(...), mean(...) or one cell"),
        ("w[5,0]", "w[5,0] does not fit w, which is [2, 2]"),
        ("loss@9", "there is no iteration 9; iterations run from 0 to 1"),
    ],
)
def test_what_is_no_number_says_so_and_ends(text: str, fault: str) -> None:
    history = small_history(2)
    recorder = Recorder(history)
    series = recorder.series(text, watched(text, history))
    assert recorder.wait(SECONDS)
    assert (series.fault, series.points) == (fault, [])


def test_an_iteration_without_the_tensor_has_no_value() -> None:
    other = small_graph()
    other.source("z", Spec((1,)), "input")
    other.add("y", ReLU(), "z")
    timeline = Timeline([(small_graph(), 1), (other.check(), 1)])
    history = History(timeline, {**small_history().sources, "z": np.array([4.0])})
    assert values("y[0]", history) == [(0, None), (1, 4.0)]


def test_a_failing_run_is_told_and_not_raised() -> None:
    class Broken(History):
        def walk(self):  # type: ignore[no-untyped-def]
            yield self.run(0)
            raise MemoryError("no room")

    history = Broken(small_history().timeline, small_history().sources)
    recorder = Recorder(history)
    series = recorder.series("loss", watched("loss", history))
    assert recorder.wait(SECONDS)
    assert series.fault == "no room"
    assert series.points == [(0, 8.0)]


def test_points_are_there_while_the_rest_is_worked_out() -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def measure(run: Run) -> float:
        if float(run.value("loss", (0, 0))) < 8:
            arrived.set()
            assert go_on.wait(SECONDS)
        return 1.0

    recorder = Recorder(small_history(3))
    series = recorder.series("slow", measure)
    assert arrived.wait(SECONDS)
    assert series.points == [(0, 1.0)]
    assert (series.done, series.is_finished) == (1, False)
    go_on.set()
    assert recorder.wait(SECONDS)
    assert (series.done, series.is_finished) == (3, True)


def test_stopping_ends_the_work_and_keeps_what_is_there() -> None:
    recorder = Recorder(small_history(10**6))

    def measure(_: Run) -> float:
        recorder.stop()
        return 2.0

    series = recorder.series("one", measure)
    assert not recorder.wait(SECONDS)
    assert series.points == [(0, 2.0)]
    assert not series.is_finished


def test_a_series_is_worked_out_once() -> None:
    history = small_history(3)
    asked = []
    recorder = Recorder(history)

    def measure(run: Run) -> float:
        asked.append(run)
        return 0.0

    first = recorder.series("x", measure)
    recorder.wait(SECONDS)
    assert recorder.series("x", measure) is first
    assert recorder.wait(SECONDS)
    assert len(asked) == 3


def test_the_history_of_the_player_is_left_alone() -> None:
    history = small_history(50)
    kept = history.run(7)
    values("loss", history)
    assert history.run(7) is kept


def test_long_runs_are_sampled() -> None:
    series = Series("x", 100_000)
    for i in range(100_000):
        series.add(float(i))
    points = series.points
    assert KEPT // 2 <= len(points) <= KEPT + 1
    assert points[0] == (0, 0.0)
    assert points[-1] == (99_999, 99_999.0), "the last is always there"
    assert len({b[0] - a[0] for a, b in pairwise(points[:-1])}) == 1, "evenly"
    assert all(x == value for x, value in points)


def test_changes_are_told() -> None:
    told = threading.Event()
    recorder = Recorder(small_history(2))
    recorder.tell(told.set)
    recorder.series("x", lambda _: 1.0)
    assert told.wait(SECONDS)


def test_curves_of_a_lesson_begin_with_its_loss() -> None:
    curves = Curves(Recorder(small_history(3)))
    assert curves.chosen == "loss"
    curves.watch("norm(w)")
    assert (curves.names[-1], curves.chosen) == ("norm(w)", "norm(w)")
    curves.choose(-1)
    assert curves.chosen == "loss"
    curves.choose(-5)
    assert curves.chosen == curves.names[0]
    with pytest.raises(StepgradError, match="there is no tensor 'v'"):
        curves.watch("v")
    assert len(curves.names) == 2


def test_curves_follow_an_edited_lesson() -> None:
    curves = Curves(Recorder(small_history(2)))
    curves.watch("w[0,0]")
    other = curves.of(Recorder(small_history(2, lr=1.0)))
    assert other.names == curves.names
    assert other.chosen == "w[0,0]"
    series = other.series("w[0,0]")
    assert other.recorder.wait(SECONDS)
    assert series.points == [(0, 1.0), (1, pytest.approx(0.0))]


def test_what_is_watched_and_what_is_drawn_is_worked_out_once() -> None:
    player = Player(open_lesson("neuron-forward-loss-update"))
    watch, _ = player.debugger.watches.toggle("loss")
    look = Look(player)
    before = look.curves.series("loss")
    assert player.recorder.wait(SECONDS)
    player.perform("last", 1, 0.0)
    assert player.debugger.watches.points(watch) == before.points != []
    player.answer("edit", "optimizer.lr = 0.2")
    after = look.curves.series("loss")
    assert player.recorder.wait(SECONDS)
    assert player.debugger.watches.points(watch) == after.points != before.points
    player.close()
