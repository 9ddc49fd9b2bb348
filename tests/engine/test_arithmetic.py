"""The arithmetic of a trace as text: literal cases, and every random expression read back by another program."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from laws.parser import value_of

from stepgrad.engine import number as traced
from stepgrad.engine.arithmetic import exact, written
from stepgrad.engine.fold import largest, total, winner
from stepgrad.engine.number import Cells, Constant, Number, maximum, select, square

X = Cells("x", (4,), np.array([1.0, -2.0, 3.0, 0.5]))

WRITTEN = [
    (total(lambda i: X[i] * 2, 3), "(1*2) + (-2*2) + (3*2)"),
    (total(lambda i: X[i], 3, last=Constant(-1)), "1 + (-2) + 3 + (-1)"),
    (largest(lambda i: X[i], 4), "max(1, -2, 3, 0.5)"),
    (winner(lambda i: X[i], 4), "argmax(1, -2, 3, 0.5)"),
    (square(X[0] - 5) / 8, "(1 - 5)^2/8"),
    (square(X[1]), "(-2)^2"),
    (-square(X[0]), "-1^2"),
    (square(square(X[0])), "(1^2)^2"),
    ((X[0] ** 2) ** 3, "(1^2)^3"),
    (X[0] ** (X[2] ** 2), "1^(3^2)"),
    (-X[1], "-(-2)"),
    (X[0] - (X[1] - X[2]), "1 - (-2 - 3)"),
    (X[0] / (X[1] / X[2]), "1/(-2/3)"),
    (X[0] * -1, "1*-1"),
    ((X[0] < X[1]) <= X[2], "(1 < -2) <= 3"),
    (select(X[0] > 0, 7, 0), "where(1 > 0, 7, 0)"),
    (maximum(X[1], 0), "max(-2, 0)"),
    (total(lambda i: X[i], 0), "0"),
    (square(total(lambda i: X[i] * 2, 1)), "(1*2)^2"),
    (2 * total(lambda i: X[i] + 1, 1), "2*(1 + 1)"),
    (square(total(lambda i: X[i + 1], 1)), "(-2)^2"),
    (2 * total(lambda i: X[i], 2), "2*(1 + (-2))"),
    (X[0] - total(lambda i: X[i], 2), "1 - (1 + (-2))"),
    (total(lambda i: total(lambda j: X[j] * X[i], 2), 2), "((1*1) + (-2*1)) + ((1*-2) + (-2*-2))"),
]


@pytest.mark.parametrize(("number", "text"), WRITTEN, ids=[text for _, text in WRITTEN])
def test_it_is_written_so(number: Number, text: str) -> None:
    assert written(number) == text
    assert value_of(text) == number.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e15, "1000000000000000"),
        (1e16, "1e+16"),
        (1e-5, "1e-05"),
        (float(np.float16(0.1)), "0.0999755859375"),
        (float(np.float32(0.1)), "0.10000000149011612"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
    ],
)
def test_numbers_are_written_with_all_their_digits(value: float, text: str) -> None:
    assert exact(value) == text


@given(st.floats())
def test_a_number_is_read_back_as_it_was(value: float) -> None:
    read = value_of(exact(value))
    assert read == value or (math.isnan(read) and math.isnan(value))


def test_a_long_sum_is_cut_but_for_its_bias() -> None:
    long = total(lambda i: i, 100, last=Constant(0.5))
    assert written(long, limit=4) == "0 + 1 + 2 + ... + 0.5"
    assert written(long).count("+") == 12
    assert written(long, limit=None).count("+") == 100
    assert written(total(lambda i: i, 12)).count("...") == 0


def test_a_cut_sum_makes_only_the_terms_it_shows() -> None:
    made = []

    def term(i: int) -> int:
        made.append(i)
        return i

    written(total(term, 10**9))
    assert len(made) == 12


# Negative zero is written 0, so it is not read back as it was.
leaves = st.floats(width=32).map(lambda value: Constant(value + 0.0)) | st.integers(-9, 9).map(Constant)


def _grow(inner: st.SearchStrategy[Number]) -> st.SearchStrategy[Number]:
    pair = st.tuples(inner, inner)
    several = st.lists(inner, max_size=4)
    functions = [traced.exp, traced.log, traced.log1p, traced.sqrt, traced.tanh, traced.absolute, traced.floor]
    functions += [traced.nearest, traced.sign, traced.cos, traced.sin, square]
    return st.one_of(
        pair.map(lambda p: p[0] + p[1]),
        pair.map(lambda p: p[0] - p[1]),
        pair.map(lambda p: p[0] * p[1]),
        pair.map(lambda p: p[0] / p[1]),
        pair.map(lambda p: p[0] ** p[1]),
        pair.map(lambda p: p[0] < p[1]),
        pair.map(lambda p: p[0] >= p[1]),
        pair.map(lambda p: traced.equal(p[0], p[1])),
        pair.map(lambda p: traced.maximum(p[0], p[1])),
        pair.map(lambda p: traced.minimum(p[0], p[1])),
        inner.map(lambda a: -a),
        st.tuples(st.sampled_from(functions), inner).map(lambda p: p[0](p[1])),
        st.tuples(inner, inner, inner).map(lambda t: select(t[0] > 0, t[1], t[2])),
        several.map(lambda s: total(lambda i: s[i], len(s))),
        st.tuples(several, inner).map(lambda t: total(lambda i: t[0][i], len(t[0]), last=t[1])),
        several.map(lambda s: largest(lambda i: s[i], len(s))),
        several.map(lambda s: winner(lambda i: s[i], len(s))),
    )


@given(st.recursive(leaves, _grow, max_leaves=12), st.booleans())
def test_any_arithmetic_reads_back_as_its_value(number: Number, grouped: bool) -> None:
    text = written(number, limit=None, grouped=grouped)
    read, value = value_of(text), number.value
    assert read == value or (math.isnan(read) and math.isnan(value)), text
