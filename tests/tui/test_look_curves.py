"""Histograms, curves over the iterations, and gradient norms."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import Lesson, edge, lesson
from looked import LESSONS, SECONDS, Stands, inf, looking, nan, relu, text, trained
from small_network import small_history

from stepgrad.engine.history import History


def test_a_histogram_counts_everything() -> None:
    look = looking(relu([[nan, 1, -1], [0, 0, inf]]), "y[0,0]", "up", "next_view", "next_view")
    shown = text(look)
    assert [line.split()[0] for line in shown.splitlines()[2:7]] == ["-1", "0", "1", "Inf", "NaN"]
    assert "NaN 1 of 6   Inf 1 of 6   min -1   max 1   mean 0" in shown


def test_a_histogram_is_of_what_is_written() -> None:
    look = looking(relu([[1, 2, 3, 4]]), "y[0,1]", "next_view", "next_view")
    assert "min 1   max 2" in text(look)
    look.perform("whole")
    assert "min 1   max 4" in text(look)


def test_a_constant_tensor_is_called_constant() -> None:
    look = looking(LESSONS["constant"][0], "y[2,2]", "next_view", "next_view")
    assert "every cell is 0.1" in text(look)


def test_the_loss_over_the_iterations() -> None:
    shown = text(looking(trained(), "loss@3", "previous_view", "previous_view"))
    assert "loss   6.5 at iteration 3, from 8 to 6, least 6" in shown
    assert "●" in shown
    assert shown.splitlines()[-3].split()[0] == "0"


def test_a_watched_expression() -> None:
    look = looking(trained(), "loss@3")
    look.watch("norm(w.grad)")
    assert "norm(w.grad)   2.236 at iteration 3" in text(look)
    look.perform("up")
    assert "loss   6.5" in text(look)
    look.watch("w")
    look.page(80, 24)
    look.player.recorder.wait(SECONDS)
    assert "not a single number; write norm(w), max(...)," in text(look)


def test_an_edited_lesson_is_looked_at_anew() -> None:
    look = looking(trained(), "loss@3")
    look.watch("loss - loss@0")
    assert "-1.5 at iteration 3" in text(look)
    look.player = Stands(trained(lr=0.2), "loss@3")
    assert "-3 at iteration 3" in text(look)


def test_gradient_norms_by_layer() -> None:
    """By hand: the gradient of w is [[1, 2], [0, 0]], that of s is [1, 1], that of a is [1, 0]."""
    shown = text(looking(trained(), "loss@3", "previous_view"))
    found = {line.split()[0]: line.split()[-1] for line in shown.splitlines() if "█" in line}
    assert found["w"] == f"{5**0.5:.4g}"
    assert found["s"] == f"{2**0.5:.4g}"
    assert found["a"] == "1"
    assert "iteration 3, whole" in shown


@pytest.mark.parametrize(
    ("weight", "said"), [(-1.0, "w exactly 0: nothing is learned here"), (nan, "x NaN in 2 of 2 cells")]
)
def test_gradients_that_vanish_or_burst_are_said_in_words(weight: float, said: str) -> None:
    """With negative weights both units are off; weights of NaN are what the gradient of x is multiplied by."""
    graph = small_history(1).timeline
    history = History(graph, {**small_history(1).sources, "w": np.full((2, 2), weight)})
    assert said in text(looking(Lesson("Dead", history), "loss", "previous_view"))


def test_a_lesson_without_gradients_says_so() -> None:
    assert "has no gradients" in text(looking(edge(), "feature_map[1,1]", "previous_view"))


def test_a_single_iteration_has_no_curve() -> None:
    found = lesson("x", {"x": [1.0, 2.0]}, [("y", "sum", ("x",), {})])
    shown = text(looking(found, "y", "next_view", "next_view", "next_view"))
    assert "y   3 at iteration 0" in shown
    assert "One iteration only" in shown
