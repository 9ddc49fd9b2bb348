"""Traced numbers: IEEE 754 against NumPy's float64, and what they refuse."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.engine import number as traced
from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Constant, Number, Padding, Read, maximum, minimum, select, square

CORNERS = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.0, -2.0, 3.0, -3.0, 1e-300, -1e-300, 5e-324, 1e300, -1e300]
CORNERS += [math.inf, -math.inf, math.nan, 709.782712893384, 710.0, -745.2, 1e16, math.pi]

BINARY: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Any, Any], Any]]] = {
    "+": (lambda a, b: a + b, np.add),
    "-": (lambda a, b: a - b, np.subtract),
    "*": (lambda a, b: a * b, np.multiply),
    "/": (lambda a, b: a / b, np.divide),
    "**": (lambda a, b: a**b, np.float_power),
    "<": (lambda a, b: a < b, np.less),
    "<=": (lambda a, b: a <= b, np.less_equal),
    ">": (lambda a, b: a > b, np.greater),
    ">=": (lambda a, b: a >= b, np.greater_equal),
    "==": (traced.equal, np.equal),
    "max": (maximum, np.maximum),
    "min": (minimum, np.minimum),
}
UNARY: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "-": (lambda a: -a, np.negative),
    "square": (square, np.square),
    "exp": (traced.exp, np.exp),
    "log": (traced.log, np.log),
    "log1p": (traced.log1p, np.log1p),
    "sqrt": (traced.sqrt, np.sqrt),
    "tanh": (traced.tanh, np.tanh),
    "abs": (traced.absolute, np.abs),
    "floor": (traced.floor, np.floor),
    "round": (traced.nearest, np.rint),
    "sign": (traced.sign, np.sign),
    "cos": (traced.cos, np.cos),
    "sin": (traced.sin, np.sin),
}
anything = st.sampled_from(CORNERS) | st.floats(width=64)


def same(ours: Number, theirs: Any) -> bool:
    """Equal within two units in the last place, NaN for NaN."""
    a, b = ours.value, float(theirs)
    return a == b or (math.isnan(a) and math.isnan(b)) or abs(a - b) <= 2 * math.ulp(b)


@pytest.mark.parametrize("sign", BINARY)
@given(anything, anything)
def test_two_numbers_as_ieee_754_has_them(sign: str, a: float, b: float) -> None:
    ours, theirs = BINARY[sign]
    with np.errstate(all="ignore"):
        assert same(ours(Constant(a), Constant(b)), theirs(np.float64(a), np.float64(b)))
        if sign not in ("<", "<=", ">", ">="):
            assert same(ours(a, Constant(b)), theirs(np.float64(a), np.float64(b)))
            assert same(ours(Constant(a), b), theirs(np.float64(a), np.float64(b)))


@pytest.mark.parametrize("sign", BINARY)
def test_every_pair_of_corners(sign: str) -> None:
    ours, theirs = BINARY[sign]
    with np.errstate(all="ignore"):
        for a in CORNERS:
            for b in CORNERS:
                expected = theirs(np.float64(a), np.float64(b))
                assert same(ours(Constant(a), Constant(b)), expected), f"{a} {sign} {b}"


@pytest.mark.parametrize("name", UNARY)
@given(anything)
def test_functions_as_ieee_754_has_them(name: str, a: float) -> None:
    ours, theirs = UNARY[name]
    with np.errstate(all="ignore"):
        assert same(ours(Constant(a)), theirs(np.float64(a)))


@pytest.mark.parametrize("name", ["-", "sqrt", "floor", "round"])
def test_negative_zero_keeps_its_sign(name: str) -> None:
    ours, theirs = UNARY[name]
    for zero in (0.0, -0.0):
        assert math.copysign(1, ours(Constant(zero)).value) == math.copysign(1, float(theirs(zero)))


def test_a_power_of_negative_zero_keeps_its_sign() -> None:
    assert (Constant(-0.0) ** -3).value == -math.inf
    assert (Constant(-0.0) ** -2).value == math.inf
    assert (2 ** Constant(3)).value == 8


@given(anything, anything, anything)
def test_select_takes_a_where_the_condition_holds(a: float, b: float, c: float) -> None:
    picked = select(Constant(a) > b, c, -1)
    assert len(picked.operands) == 3
    assert same(picked, np.where(a > b, c, -1.0))


def test_a_number_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="select"):
        bool(Constant(1))
    with pytest.raises(TypeError, match="select"):
        bool(total(lambda i: i, 3))


def test_numpy_scalars_mix_with_traced_numbers() -> None:
    for made in (np.float64(2) * Constant(3), Constant(3) * np.float32(2), np.float64(2) * total(lambda i: i, 3)):
        assert isinstance(made, Number)
        assert made.value == 6


@pytest.fixture
def x() -> Cells:
    return Cells("x", (2, 3), np.arange(6.0).reshape(2, 3))


def test_a_cell_is_read_by_its_index(x: Cells) -> None:
    read = x[1, 2]
    assert (read.value, read.index, read.cells.name) == (5.0, (1, 2), "x")


@pytest.mark.parametrize("index", [(2, 0), (0, 3), (-1, 0), (0,), (), (0, 0, 0)])
def test_an_index_that_does_not_fit_is_refused(x: Cells, index: tuple[int, ...]) -> None:
    with pytest.raises(IndexError, match=r"x\["):
        x[index]


def test_a_padded_read_gives_the_marked_zero(x: Cells) -> None:
    inside, outside = x.padded(1, 1), x.padded(-1, 3)
    assert isinstance(inside, Read)
    assert isinstance(outside, Padding)
    assert (outside.value, outside.index) == (0.0, (-1, 3))
    assert math.isnan((outside * Constant(math.inf)).value)


def test_a_padded_read_of_another_rank_is_a_mistake_and_no_padding(x: Cells) -> None:
    with pytest.raises(IndexError, match="does not fit"):
        x.padded(1)


def test_a_scalar_tensor_has_one_cell() -> None:
    scalar = Cells("loss", (), np.array(3.0))
    assert scalar[()].value == 3.0
    assert Cells("loss", (), np.float32(0.5))[()].value == 0.5


def test_values_are_fetched_once_and_only_when_asked_for() -> None:
    fetched = []

    def fetch() -> np.ndarray:
        fetched.append(1)
        return np.ones(3)

    cells = Cells("x", (3,), fetch)
    both = cells[0] + cells[1]
    assert not fetched
    assert both.value == 2
    assert len(fetched) == 1


def test_a_traced_index_is_recorded_as_what_chose_the_cell(x: Cells) -> None:
    label = Cells("label", (1,), np.array([2]))
    read = x[0, label[0]]
    assert (read.index, read.value) == ((0, 2), 2.0)
    assert [chooser.value for chooser in read.chosen_by] == [2.0]


@given(st.integers(-(2**70), 2**70))
def test_huge_whole_numbers_are_floats(n: int) -> None:
    assert Constant(n).value == float(n)


def test_a_part_used_often_is_computed_once() -> None:
    computed = []

    def term(i: int) -> float:
        computed.append(i)
        return float(i)

    shared = total(term, 10)
    assert total(lambda j: shared * j, 20).value == 45 * 190
    assert len(computed) == 10


def test_other_leaves_change_the_value_but_not_the_trace(x: Cells) -> None:
    number = x[0, 1] * 2 + x[1, 2]
    assert number.evaluate(lambda leaf: 10.0 if isinstance(leaf, Read) else leaf.value) == 30.0
    assert number.value == 7.0
