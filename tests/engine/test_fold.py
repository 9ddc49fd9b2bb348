"""Lazy n-ary operations: any page of terms direct, partial results, and the rules of NaN and of ties."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.engine.fold import Fold, largest, total, winner
from stepgrad.engine.number import Constant

ranges = st.lists(
    st.integers(0, 4).map(range) | st.tuples(st.integers(-3, 3), st.integers(-3, 6)).map(lambda t: range(*t)),
    max_size=3,
)
numbers = st.lists(
    st.sampled_from([0.0, -0.0, 1.0, -2.5, math.inf, -math.inf, math.nan]) | st.floats(width=32), max_size=9
)


@given(ranges, st.booleans())
def test_terms_stand_in_row_order_and_any_is_direct(spans: list[range], bias: bool) -> None:
    last = Constant(0.25) if bias else None
    fold = total(lambda *at: sum(10.0**k * i for k, i in enumerate(at)), *spans, last=last)
    combinations = list(product(*spans))
    assert len(fold) == len(combinations) + bias
    assert [fold.indices(k) for k in range(len(fold))] == combinations + [None] * bias
    assert [fold.term(k).value for k in range(len(fold))] == [term.value for term in fold]
    assert [term.value for term in fold.operands] == [term.value for term in fold]
    assert fold.indices(-1) is None
    assert fold.indices(len(fold)) is None


@pytest.mark.parametrize("k", [-1, 6, 100])
def test_a_term_that_is_not_there_is_refused(k: int) -> None:
    with pytest.raises(IndexError, match="of 6"):
        total(lambda i, j: i * j, 2, 3).term(k)


def test_no_term_is_made_before_it_is_asked_for() -> None:
    made = []

    def term(*at: int) -> float:
        made.append(at)
        return 1.0

    fold = total(term, 10**6, 10**6)
    assert len(fold) == 10**12
    fold.term(123_456_789_012)
    assert made == [(123_456, 789_012)]


@given(numbers)
def test_a_sum_adds_in_order(values: list[float]) -> None:
    fold = total(lambda k: values[k], len(values))
    partials = list(fold.partials())
    with np.errstate(all="ignore"):
        expected = np.cumsum([0.0, *values])
    np.testing.assert_array_equal(partials, expected)
    np.testing.assert_array_equal(fold.value, expected[-1])


@given(numbers)
def test_the_largest_as_numpy_has_it(values: list[float]) -> None:
    np.testing.assert_array_equal(largest(lambda k: values[k], len(values)).value, np.max([-math.inf, *values]))


@given(numbers.filter(bool))
def test_the_winner_is_the_first_of_equals_and_the_last_nan(values: list[float]) -> None:
    found = winner(lambda k: values[k], len(values)).value
    missing = [k for k, value in enumerate(values) if math.isnan(value)]
    assert found == (missing[-1] if missing else values.index(max(values)))


def test_the_winner_is_pytorchs() -> None:
    functional = pytest.importorskip("torch.nn.functional", reason="PyTorch is not installed")
    import torch

    for values in ([1.0, 3, 3, 2], [1.0, math.nan, 5, math.nan, 2], [-math.inf] * 3, [0.0, -0.0, 0.0]):
        _, chosen = functional.max_pool1d(torch.tensor([[values]]), len(values), return_indices=True)
        assert winner(lambda k, values=values: values[k], len(values)).value == chosen.item()


@pytest.mark.parametrize(
    ("fold", "value"), [(total(lambda: 7), 7), (total(lambda i: i, 0), 0), (largest(lambda i: i, 0), -math.inf)]
)
def test_folds_over_nothing_and_over_no_ranges(fold: Fold, value: float) -> None:
    assert fold.value == value
    assert list(fold.partials())[-1] == value


def test_a_bias_alone_is_a_sum_of_one_term() -> None:
    alone = total(lambda i: i, 0, last=Constant(3))
    assert (len(alone), alone.indices(0), alone.term(0).value, alone.value) == (1, None, 3, 3)
