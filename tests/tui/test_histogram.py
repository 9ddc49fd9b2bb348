"""Counts, bars and summaries of tensors, by hand; NaN, Inf and zeros counted apart."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stepgrad.tui.charts.bars import Bar, bar_lines, filled, scale_of
from stepgrad.tui.charts.histogram import Bins, bins, histogram_bars
from stepgrad.tui.charts.summary import Summary, summarise, summary_line, summary_lines
from stepgrad.tui.line import plain, width

nan, inf = math.nan, math.inf


def array(values: list[float]) -> np.ndarray:
    return np.array(values, np.float64)


def test_few_different_values_have_a_bar_each() -> None:
    assert bins(array([3, 1, 1, 0, -2, nan, inf, inf, -inf]), 10) == Bins((-2, 1, 3), (1, 2, 1), 1, 1, 2, 1)


def test_many_values_are_counted_between_round_numbers() -> None:
    found = bins(np.arange(1, 101) / 100, 10)
    assert found.edges == pytest.approx((0, 0.2, 0.4, 0.6, 0.8, 1.0))
    assert sum(found.counts) == 100
    assert found.counts[-1] == 21, "0.8 to 1, both ends"
    assert found.zeros == 0


@pytest.mark.parametrize(
    "values",
    [
        [],
        [nan],
        [inf, -inf],
        [5e-324 * i for i in range(1, 40)],
        [1e308 * i / 20 for i in range(-17, 17)],
        [1 + i * 2.0**-52 for i in range(40)],
    ],
    ids=["empty", "nan", "inf", "tiny", "huge", "neighbours"],
)
def test_every_value_is_counted_once(values: list[float]) -> None:
    found = bins(array(values), 12)
    assert sum(found.counts) + found.zeros + found.nan + found.plus_inf + found.minus_inf == len(values)
    assert len(found.counts) <= 12


def test_bars_stand_in_the_order_of_the_values() -> None:
    bars = histogram_bars(bins(array([nan, inf, -inf, 0, 0, -1, 2]), 10))
    assert [(bar.label, bar.amount) for bar in bars] == [
        ("-Inf", 1), ("-1", 1), ("0", 2), ("2", 1), ("Inf", 1), ("NaN", 1),
    ]  # fmt: skip


def test_zeros_stand_between_the_bins_of_both_signs() -> None:
    labels = [bar.label for bar in histogram_bars(bins(np.arange(-50, 50) / 10, 11))]
    assert labels == ["-5 to -4", "-4 to -3", "-3 to -2", "-2 to -1", "-1 to 0", "exactly 0",
                      " 0 to 1", " 1 to 2", " 2 to 3", " 3 to 4", " 4 to 5"]  # fmt: skip


def test_bars_are_drawn_to_an_eighth_of_a_column() -> None:
    assert [filled(part, 2) for part in (0, 0.001, 0.5, 0.75, 1)] == ["", "▏", "█", "█▌", "██"]
    assert [filled(part, 4, unicode=False) for part in (0, 0.001, 0.5, 1)] == ["", "#", "##", "####"]


def test_a_line_has_name_bar_and_number() -> None:
    lines = bar_lines([Bar("a", 4), Bar("long", 1), Bar("none", 0, words="exactly 0")], 12)
    assert [plain(line) for line in lines] == ["   a █████ 4", "long █▎ 1", "none exactly 0"[:12]]


def test_a_logarithmic_scale_runs_over_whole_decades() -> None:
    scale = scale_of([0.5, 20.0, 0.0, nan, inf], log=True)
    assert (scale.low, scale.high) == (0.1, 100)
    assert [scale.part(amount) for amount in (1.0, 10.0, 100.0, 0.0, nan)] == pytest.approx([1 / 3, 2 / 3, 1, 0, 0])
    assert scale_of([0.1], log=True).part(0.1) > 0, "the least is seen too"
    assert scale_of([], log=True).part(0.0) == 0


def test_summary_by_hand() -> None:
    found = summarise(array([1, 2, 3, 4, 0, nan, inf, -inf]))
    assert found == Summary(8, 1, 1, 1, 1, 0.0, 4.0, 2.0, pytest.approx(math.sqrt(2)))
    assert found.finite == 5
    assert not found.is_constant


@pytest.mark.parametrize(
    ("values", "mean", "deviation"),
    [([0.1] * 7, 0.1, 0.0), ([1e308, -1e308], 0.0, 1e308), ([1e-320, 3e-320], 2e-320, 1e-320), ([-2.0], -2.0, 0.0)],
)
def test_mean_and_deviation_of_extremes(values: list[float], mean: float, deviation: float) -> None:
    found = summarise(array(values))
    assert found.mean == pytest.approx(mean)
    assert found.deviation == pytest.approx(deviation, rel=1e-3)


def test_a_constant_tensor_is_one() -> None:
    assert summarise(np.full((3, 4), 0.1)).is_constant
    assert not summarise(array([1, 1, nan])).is_constant
    assert not summarise(array([])).is_constant


def test_facts_in_words() -> None:
    text = plain(summary_line(summarise(array([nan, nan])), 80))
    assert text == "NaN all 2"
    assert plain(summary_line(summarise(array([])), 80)) == "cells 0"
    assert plain(summary_line(summarise(array([-1, 0, 4])), 80)) == "min -1   max 4   mean 1   std 2.16   zeros 1 of 3"
    assert width(summary_line(summarise(array([-1, 0, 4])), 20)) <= 20
    assert [plain(line) for line in summary_lines(summarise(array([0, 0])))] == [
        "min    0", "max    0", "mean   0", "std    0", "zeros  all 2",
    ]  # fmt: skip
