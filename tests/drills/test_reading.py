"""What people type: numbers, rows, matrices, sizes, cells. Whatever cannot be read is said in one line."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.scenarios.drills import reading
from stepgrad.scenarios.drills.reading import UnreadableError


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("3", [3]),
        ("-3", [-3]),
        ("−3", [-3]),
        ("- 3", [-3]),
        ("+3", [3]),
        ("= 5", [5]),
        ("0.25", [0.25]),
        (".25", [0.25]),
        ("3.", [3]),
        ("0,25", [0.25]),
        ("−0,25", [-0.25]),
        ("1/4", [0.25]),
        ("-1/4", [-0.25]),
        ("1/-4", [-0.25]),
        ("1.5/2", [0.75]),
        ("½", [0.5]),
        ("1½", [1.5]),
        ("1 1/2", [1.5]),
        ("1e-3", [0.001]),
        ("1E3", [1000]),
        ("9.54e−7", [9.54e-7]),
        ("3*10^9", [3e9]),
        ("3 x 10^9", [3e9]),
        ("3×10⁹", [3e9]),
        ("9.54·10⁻⁷", [9.54e-7]),
        ("10^-3", [0.001]),
        ("1,250", [1.25, 1250]),
        ("8,388,608", [8388608]),
        ("8 388 608", [8388608]),
        ("8_388_608", [8388608]),
    ],
)
def test_a_number_in_every_way_it_is_written(text: str, values: list[float]) -> None:
    assert [figure.value for figure in reading.scalar(text)] == values


@pytest.mark.parametrize(
    "text",
    ["", "x", "abc", "--3", "1..2", "1/2/3", "nan", "inf", "1e999", "0x10", "1;2", "3 4", "٣", "1e", "\x00", "__"],
)
def test_what_is_no_number_says_what_would_be(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"number; try 0\.25 or 1/4"):
        reading.scalar(text)


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(UnreadableError, match="divided by 0"):
        reading.scalar("1/0")


@pytest.mark.parametrize("text", ["4 -1 9 7", "4, -1, 9, 7", "4;-1;9;7", "[4, -1, 9, 7]", "(4; −1; 9; 7)", "4,-1,9,7"])
def test_a_vector_by_spaces_commas_or_semicolons(text: str) -> None:
    assert [figure and figure.value for figure in reading.vector(text)] == [4, -1, 9, 7]


def test_a_cell_may_be_left_for_later() -> None:
    assert [figure and figure.value for figure in reading.vector("1 ? 1/2 _")] == [1, None, 0.5, None]


@pytest.mark.parametrize(
    "text", ["1 2; 3 4", "1 2\n3 4", "[[1, 2], [3, 4]]", "[1 2] [3 4]", "1,2;3,4;", "((1,2),(3,4))"]
)
def test_a_matrix_in_rows(text: str) -> None:
    assert [[figure and figure.value for figure in row] for row in reading.matrix(text)] == [[1, 2], [3, 4]]


@pytest.mark.parametrize("text", ["3x3x32", "(3, 3, 32)", "[3,3,32]", "3 × 3 × 32", "3*3*32", "3 by 3 by 32", "3 3 32"])
def test_a_size(text: str) -> None:
    assert reading.sizes(text) == (3, 3, 32)


@pytest.mark.parametrize("text", ["", "axb", "3.5x2", "-3x3", "3xx3x?"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UnreadableError, match="is not a size; try 3x3x32"):
        reading.sizes(text)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("image[0,1]", [("image", (0, 1))]),
        ("[0, 1]", [("", (0, 1))]),
        ("(0,1)", [("", (0, 1))]),
        ("0,1", [("", (0, 1))]),
        ("0 1", [("", (0, 1))]),
        ("5", [("", (5,))]),
        ("[0,1] [1,2]", [("", (0, 1)), ("", (1, 2))]),
        ("[0,1], (1,2) and x.grad[3]", [("", (0, 1)), ("", (1, 2)), ("x.grad", (3,))]),
        ("0,1; 2,3", [("", (0, 1)), ("", (2, 3))]),
    ],
)
def test_cells(text: str, cells: list[tuple[str, tuple[int, ...]]]) -> None:
    assert reading.cells(text) == cells


@pytest.mark.parametrize("text", ["", "image", "[a,b]", "[-1,0]", "[0,1] x", "0.5,1"])
def test_what_is_no_cell(text: str) -> None:
    with pytest.raises(UnreadableError, match="is not a cell"):
        reading.cells(text)


def test_a_long_answer_is_not_read() -> None:
    with pytest.raises(UnreadableError, match="4000 characters"):
        reading.vector("1 " * 10_000)


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(finite)
def test_every_number_as_python_writes_it(value: float) -> None:
    assert any(figure.value == value for figure in reading.scalar(repr(value)))


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6))
def test_every_fraction(top: int, bottom: int) -> None:
    assert math.isclose(reading.scalar(f"{top}/{bottom}")[0].value, Fraction(top, bottom))


@given(st.lists(st.lists(st.integers(-99, 99), min_size=2, max_size=4), min_size=2, max_size=4))
def test_every_matrix_as_python_writes_it(rows: list[list[int]]) -> None:
    assert [[figure and figure.value for figure in row] for row in reading.matrix(str(rows))] == rows


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-99, max_value=99))
def test_a_decimal_comma_is_a_decimal_point(value: object) -> None:
    typed = str(value).replace(".", ",").replace("-", "−")
    assert any(figure.value == float(str(value)) for figure in reading.scalar(typed))


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    for read in (reading.scalar, reading.vector, reading.matrix, reading.sizes, reading.cells):
        assert "\n" not in said(read, text)


def said(read: Callable[[str], object], text: str) -> str:
    """What is said of a text that cannot be read; nothing where it can."""
    try:
        read(text)
    except UnreadableError as fault:
        return str(fault)
    return ""
