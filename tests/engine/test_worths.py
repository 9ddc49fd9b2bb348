"""Long sums, worked out together: the same bits as in a loop, and one run of the rule."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.engine.fold import KEPT, Total, total
from stepgrad.engine.number import Number, exp, select, square
from stepgrad.engine.parts import Parts
from stepgrad.engine.sweep import SweptCells

ODD = st.floats(allow_nan=True, allow_infinity=True) | st.sampled_from([0.0, -0.0, 1e300, -1e300, 5e-324])


def cells(values: np.ndarray) -> SweptCells:  # type: ignore[type-arg]
    return SweptCells("x", values.shape, values)


def in_a_loop(fold: Total) -> list[float]:
    """The sums so far, term by term."""
    found = [0.0]
    for k in range(len(fold)):
        found.append(found[-1] + fold.term(k).value)
    return found


@given(st.lists(ODD, min_size=2, max_size=12), st.sampled_from(["float64", "float32", "float16"]))
def test_sums_so_far_are_those_of_a_loop(odd: list[float], dtype: str) -> None:
    draw = np.random.default_rng(len(odd))
    with np.errstate(all="ignore"):
        values = draw.normal(size=(3, KEPT)).astype(dtype)
        values.reshape(-1)[draw.integers(0, values.size, len(odd))] = np.array(odd).astype(dtype)
    x = cells(values)

    def term(i: int, j: int) -> Number:
        scaled = (x[i, j] - 0.1) * x.padded(2 - i, j + 3) / x[i, 0] + square(-x[i, j])
        return select(x[i, j] > 0.5, scaled, x[1, j])

    fold = total(term, 3, range(0, KEPT, 2), last=x[0, 0])
    assert fold.worths() is not None
    np.testing.assert_array_equal(list(fold.partials()), in_a_loop(fold))
    np.testing.assert_array_equal(fold.value, in_a_loop(fold)[-1])


def test_a_long_sum_runs_its_rule_once() -> None:
    x = cells(np.ones((64, 512)))
    runs = []
    fold = total(lambda i, j: runs.append(1) or x[i, j] * x[i, j], 64, 512)  # type: ignore[func-returns-value]
    assert fold.value == 64 * 512
    assert len(runs) == 1
    parts = Parts(fold, fold)
    assert parts.together.value == 64 * 512
    assert len(runs) == 2


def test_parts_worked_out_together_are_what_each_comes_to() -> None:
    x = cells(np.random.default_rng(5).normal(size=(40, 9)))
    fold = total(lambda i, j: x[i, j] * x[39 - i, j], 40, 9)
    parts = Parts(fold, fold)
    assert [term.value for term in parts.together.operands] == [parts[i].value for i in range(40)]


@pytest.mark.parametrize("rule", [lambda x, i: exp(x[i]), lambda x, i: x[i] if i % 2 else -x[i]], ids=["exp", "branch"])
def test_what_can_not_be_worked_out_together_is_worked_out_one_by_one(rule: object) -> None:
    """An array's exp may differ in the last bit; a branch on an index has no array."""
    x = cells(np.linspace(-1, 1, 1000))
    fold = total(lambda i: rule(x, i), 1000)  # type: ignore[operator]
    assert fold.worths() is None
    assert fold.value == in_a_loop(fold)[-1]


def test_a_sum_within_a_sum_and_nothing_to_add() -> None:
    x = cells(np.arange(600.0))
    nested = total(lambda i: total(lambda j: x[i] * x[j], 3), 600)
    assert nested.worths() is None
    assert nested.value == in_a_loop(nested)[-1]
    empty = total(lambda i: x[i], range(5, 5), 600)
    assert empty.value == 0.0
    assert not math.copysign(1.0, empty.value) < 0
