"""Large tensors are measured in array arithmetic, and found to be what they are number by number."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.tui import measuring
from stepgrad.tui.measuring import measured
from stepgrad.tui.numbers import COUNTED, measure

NUMBERS = st.floats(-1e6, 1e6) | st.integers(-50, 50).map(float) | st.floats(-1e-4, 1e-4) | st.sampled_from([0.5, 1e9])


@given(st.lists(NUMBERS, min_size=1, max_size=8), st.booleans(), st.sampled_from(["float64", "float32"]))
def test_a_large_tensor_has_the_scale_of_its_numbers(values: list[float], odd: bool, dtype: str) -> None:
    array = np.array(values * (2 * COUNTED // len(values)) + [math.nan] * odd).astype(dtype)
    found, one_by_one = measured(array, dtype), measure(array.tolist(), dtype)
    assert found == one_by_one
    assert max(len(found.text(value)) for value in set(array.tolist())) <= found.width


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_a_large_tensor_without_a_number(odd: float) -> None:
    scale = measured(np.full((100, 100), odd))
    assert len(scale.text(odd)) <= scale.width
    assert scale.decimals == 0


def test_no_number_of_a_large_tensor_is_looked_at_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object) -> None:
        raise AssertionError("measured number by number")

    monkeypatch.setattr(measuring, "measure", slow)
    assert measured(np.random.default_rng(0).normal(size=(512, 512, 3, 3)).astype("float32"), "float32").decimals == 4


def test_a_number_in_the_last_piece_counts() -> None:
    values = np.zeros(3 * measuring.PIECE + 5)
    values[-1] = 0.25
    assert (measured(values).decimals, measured(values).complete) == (2, True)
    values[-1] = -1 / 3
    assert (measured(values).decimals, measured(values).complete, measured(values).width) == (4, False, 7)
