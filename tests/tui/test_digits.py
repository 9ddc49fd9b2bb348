"""Few digits, as long as the terms shown still come to the result shown."""

from __future__ import annotations

import re

import numpy as np
import pytest
from handmade import lesson

from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.conv import Conv1d
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Timeline
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.digits import in_text


def product(x: list[float], weight: list[float]) -> Step:
    """The step that writes the sum of x times weight."""
    graph = Graph()
    sources = {"x": np.array([[x]]), "w": np.array([[weight]])}
    for name, array in sources.items():
        graph.source(name, Spec(array.shape), "input")
    graph.add("y", Conv1d(), "x", "w")
    return History(Timeline(graph.check()), sources).step(0)


@pytest.mark.parametrize(
    ("x", "weight", "arithmetic"),
    [
        ([1, -2], [3, 4], "(1*3) + (-2*4) = -5"),
        ([0.5], [0.25], "0.5*0.25 = 0.125"),
        ([1 / 3], [1], "0.33333*1 ~ 0.33333"),
        ([123456], [1], "123456*1 = 123456"),
        ([np.nan], [1], "nan*1 = nan"),
        ([np.inf], [1], "inf*1 = inf"),
        ([0.1, 0.2, 0.3], [1, 1, -1], "(0.1*1) + (0.2*1) + (0.3*-1) ~ 5.5511e-17"),
    ],
)
def test_the_text(x: list[float], weight: list[float], arithmetic: str) -> None:
    assert in_text(product(x, weight)).arithmetic(None) == arithmetic


def test_terms_that_nearly_cancel_get_more_digits() -> None:
    text = in_text(product([1000.123456, 1000.0], [1, -1])).arithmetic(None)
    assert text == "(1000.12346*1) + (1000*-1) ~ 0.12346"


@pytest.mark.parametrize("seed", range(20))
def test_what_is_shown_adds_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scale = 10.0 ** rng.integers(-4, 5)
    step = product(list(rng.standard_normal(6) * scale), list(rng.standard_normal(6)))
    terms, _, result = re.split(" ([=~]) ", in_text(step).arithmetic(None))
    assert eval(terms) == pytest.approx(float(result), rel=1e-4)
    assert f"{eval(terms):.5g}" == f"{float(result):.5g}"


def test_what_is_small_beside_a_number_that_ran_away_is_no_rounding() -> None:
    of = lesson("Diverged", {"x": [0.25, 1e30]}, [("y", "relu", ("x",), {}), ("z", "mul", ("x", "x"), {})])
    assert in_text(of.step(0)).arithmetic(None) == "max(0.25, 0) = 0.25"
    assert in_text(of.step(2)).arithmetic(None) == "0.25*0.25 = 0.0625"


def test_what_rounding_left_of_terms_that_cancel_is_marked() -> None:
    graph = Graph()
    sources = {"x": np.array([[[0.1, 0.2, 0.3, 5e6]]]), "w": np.array([[[1.0, 1.0, -1.0]]])}
    for name, array in sources.items():
        graph.source(name, Spec(array.shape), "input")
    graph.add("y", Conv1d(), "x", "w")
    step = History(Timeline(graph.check()), sources).step(0)
    assert in_text(step).arithmetic(None) == "(0.1*1) + (0.2*1) + (0.3*-1) ~ 0  (the terms cancel)"


def test_a_rounded_number_keeps_its_zeros() -> None:
    """1.999998 is no 2: what is rounded does not look whole, in text as on the board."""
    of = open_lesson("batchnorm-channel-statistics")
    shown = in_text(of.step(of.timeline.locate("bn[1,0,1,1]")))
    assert (shown.relation, shown.result) == ("~", "7.0000")
    assert shown.arithmetic(None).startswith("1.999998*2 + 3 ~ ")
    shown = in_text(of.step(of.timeline.locate("bn.normalized[0,0,0,0]")))
    assert shown.arithmetic(None).endswith(" ~ -1.5000")
    given = {1.999998: "2.0000", 99999.6: "100000", 123456.7: "123457", 0.5: "0.5", 2.0: "2"}
    of = lesson("Numbers", {"x": list(given)}, [("y", "relu", ("x",), {})])
    assert [in_text(of.step(i)).result for i in range(len(given))] == list(given.values())
