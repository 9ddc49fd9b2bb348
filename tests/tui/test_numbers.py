"""Numbers of a tensor: one scale, columns that keep still, and digits left out only where they must be."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.tui.numbers import measure, significant

TEXTS = [
    ([1.0, 0, 12], ["1", "0", "12"]),
    ([-6.0, 1, -9], ["-6", "1", "-9"]),
    ([-0.0, 0.0], ["0", "0"]),
    ([2.0, 0.5, -1], ["2", "0.5", "-1"]),
    ([0.1 + 0.2, 1], ["0.3", "1"]),
    ([2.62819, 0.75091, 0], ["2.6282", "0.7509", "0"]),
    ([1e-5, 0.51234], ["1e-5", "0.5123"]),
    ([-3.3e-5, 0.51234], ["-3e-5", "0.5123"]),
    ([1e-20, 1], ["~0", "1"]),
    ([1e-20, -1e-20 / 3], ["1e-20", "-3.333e-21"]),
    ([123456789.0, 1], ["123456789", "1"]),
    ([1e9, 2.5], ["1e9", "2.5e0"]),
    ([1234.5678, 1], ["1234.6", "1"]),
    ([math.nan, 1, -math.inf], ["nan", "1", "-inf"]),
]


@pytest.mark.parametrize(("values", "texts"), TEXTS, ids=lambda value: str(value[0]))
def test_text(values: list[float], texts: list[str]) -> None:
    scale = measure([float(value) for value in values])
    assert [scale.text(float(value)) for value in values] == texts
    assert scale.width == max(map(len, texts))


def test_a_float32_is_as_short_as_it_was_written() -> None:
    tenth = 0.10000000149011612
    assert measure([tenth], "float32").text(tenth) == "0.1"
    assert measure([tenth], "float32").complete
    assert measure([tenth], "float64").text(tenth) == "0.1000"


def test_complete_says_that_no_digit_is_missing() -> None:
    assert measure([0.25, 3.5]).complete
    assert not measure([1 / 3]).complete


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=20))
def test_no_number_is_wider_than_its_column(values: list[float]) -> None:
    scale = measure(values)
    assert max(len(scale.text(value)) for value in values) == scale.width


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8), st.booleans())
def test_a_large_tensor_is_measured_by_its_extremes(values: list[float], odd: bool) -> None:
    many = values * (5000 // len(values) + 1) + [math.nan] * odd
    scale = measure(many)
    assert max(len(scale.text(value)) for value in many) <= scale.width


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 17))
def test_significant_digits(value: float, digits: int) -> None:
    assert float(significant(value, digits)) == pytest.approx(value, rel=0.5001 * 10 ** (1 - digits), abs=0)


def test_significant_is_plain_where_it_can_be() -> None:
    assert [significant(v, 5) for v in (0.1, 1 / 3, 123456.789, -2e-5 / 3, 7.0, 1e300, -0.0)] == [
        "0.1", "0.33333", "123457", "-0.0000066667", "7", "1e300", "0",
    ]  # fmt: skip


def test_small_whole_numbers_stay_whole_among_exponents() -> None:
    values = [123456789.5, -1.0, 3.0, 999.0, 1000.0, 0.5]
    scale = measure(values)
    assert [scale.text(value) for value in values] == ["1.235e8", "-1", "3", "999", "1e3", "5e-1"]
    assert scale.width == 7
