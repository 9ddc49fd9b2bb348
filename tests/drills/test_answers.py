"""Grading: tolerance that fits the digits asked for, a mark for every cell, and no mark for what cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.scenarios.drills.answers import Answer, Cell, Cells, Choice, Shape
from stepgrad.scenarios.drills.figures import Digits
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.reading import UnreadableError
from stepgrad.scenarios.drills.verdict import Mark, Outcome

RIGHT, WRONG, UNFINISHED = Outcome.RIGHT, Outcome.WRONG, Outcome.UNFINISHED


def number(*values: float, shape: tuple[int, ...] = ()) -> Numbers:
    return Numbers(values, shape, Digits.of(values))


@pytest.mark.parametrize(
    ("answer", "text", "outcome"),
    [
        (number(3), "3", RIGHT),
        (number(3), "3.0", RIGHT),
        (number(3), "6/2", RIGHT),
        (number(3), "2.999", WRONG),
        (number(98), "97", WRONG),
        (number(0.1 + 0.2), "0.3", RIGHT),
        (number(0.25), "1/4", RIGHT),
        (number(0.25), "0,25", RIGHT),
        (number(-6), "−6", RIGHT),
        (number(8388608), "8,388,608", RIGHT),
        (number(1 / 3), "1/3", RIGHT),
        (number(1 / 3), "0.3333", RIGHT),
        (number(1 / 3), "0.33334", RIGHT),
        (number(1 / 3), "0.3334", WRONG),
        (number(1 / 3), "0.33", UNFINISHED),
        (number(1 / 3), "0.3", WRONG),
        (number(6.8644), "6.86", UNFINISHED),
        (number(6.8644), "7", WRONG),
        (number(9.5367e-7), "9.54e-7", RIGHT),
        (number(9.5367e-7), "1/1048576", RIGHT),
        (number(9.5367e-7), "0", WRONG),
        (number(0), "-0", RIGHT),
        (number(2.5), "3", WRONG),
        (number(1, 2, shape=(2,)), "1 2", RIGHT),
        (number(1, 2, shape=(2,)), "2 1", WRONG),
        (number(1, 2, shape=(2,)), "1 ?", UNFINISHED),
        (number(1, 2, shape=(2,)), "? 1", WRONG),
        (number(1, 2, 3, 4, shape=(2, 2)), "1 2; 3 4", RIGHT),
        (number(1, 2, 3, 4, shape=(2, 2)), "1 2 3 4", RIGHT),
        (number(1, 2, 3, 4, shape=(2, 2)), "[[1,2],[3,5]]", WRONG),
        (Shape((98, 98, 6)), "98x98x6", RIGHT),
        (Shape((98, 98, 6)), "(98, 98, 6)", RIGHT),
        (Shape((98, 98, 6)), "6x98x98", WRONG),
        (Shape((1, 1, 3, 3)), "3x3", RIGHT),
        (Shape((1, 1, 3, 3)), "1x1x3x3", RIGHT),
        (Cell("image", (1, 1, 5, 5), (0, 0, 1, 2)), "image[1,2]", RIGHT),
        (Cell("image", (1, 1, 5, 5), (0, 0, 1, 2)), "1,2", RIGHT),
        (Cell("image", (1, 1, 5, 5), (0, 0, 1, 2)), "[0,0,1,2]", RIGHT),
        (Cell("image", (1, 1, 5, 5), (0, 0, 1, 2)), "[2,1]", WRONG),
        (Cells("m", (3, 3), frozenset({(0, 1), (2, 2)})), "[2,2] [0,1]", RIGHT),
        (Cells("m", (3, 3), frozenset({(0, 1), (2, 2)})), "[2,2]", WRONG),
        (Cells("m", (3, 3), frozenset()), "none", RIGHT),
        (Choice(("yes", "no"), 1), "b", RIGHT),
        (Choice(("yes", "no"), 1), "B)", RIGHT),
        (Choice(("yes", "no"), 1), "(b)", RIGHT),
        (Choice(("yes", "no"), 1), "No", RIGHT),
        (Choice(("yes", "no"), 1), "b) no", RIGHT),
        (Choice(("yes", "no"), 1), "a", WRONG),
        (Choice(("yes", "no"), 1), "N", RIGHT),
        (Choice(("yes", "no"), 1), "Yes.", WRONG),
        (Choice(("az + by", "aw + bx"), 1), "aw+bx", RIGHT),
        (Choice(("az + by", "aw + bx"), 1), "b) aw+bx", RIGHT),
    ],
)
def test_grades(answer: Answer, text: str, outcome: Outcome) -> None:
    assert answer.grade(text).outcome is outcome


@pytest.mark.parametrize(
    ("answer", "text", "say"),
    [
        (number(3), "three", "'three' is not a number; try 0.25 or 1/4"),
        (number(1, 2, shape=(2,)), "1", "received 1 number; it takes 2, and ? for one left for later"),
        (number(1, 2, 3, 4, shape=(2, 2)), "1 2 3; 4 5 6", "received 2 rows of 3; it takes 2 rows of 2"),
        (Shape((3, 3)), "3", "3 has 1 axis; the size asked for has 2 axes"),
        (Cell("image", (5, 5), (1, 2)), "kernel[1,2]", "'kernel' is another tensor; a cell of image is asked for"),
        (Cell("image", (5, 5), (1, 2)), "[5,0]", "[5, 0] is no cell of image, which is 5x5, counted from 0"),
        (Choice(("az + by", "n"), 1), "aw", "'aw' is none of them; type a or b"),
        (Choice(("yes", "no"), 1), "c", "'c' is none of them; type a or b"),
    ],
)
def test_what_cannot_be_read_is_no_mark(answer: Answer, text: str, say: str) -> None:
    with pytest.raises(UnreadableError) as fault:
        answer.grade(text)
    assert str(fault.value) == say


def test_every_cell_has_a_mark() -> None:
    verdict = number(1, 2, 3, 4, shape=(2, 2)).grade("1 5; ? 4")
    assert verdict.marks == (Mark.RIGHT, Mark.WRONG, Mark.NOT_DONE, Mark.RIGHT)
    assert verdict.counts
    assert not number(1, 2, shape=(2,)).grade("1 ?").counts


@pytest.mark.parametrize(
    ("answer", "asks", "written"),
    [
        (number(3), "a whole number", "3"),
        (number(0.25), "a number", "0.25"),
        (number(2 / 3), "a number, rounded to 4 decimals", "0.6667"),
        (number(9.5367e-7), "a number, rounded to 3 significant digits", "9.54e-7"),
        (number(1, -2, shape=(2,)), "2 whole numbers; spaces between, ? for one left for later", "1 -2"),
        (Shape((98, 98, 6)), "a size such as 4x3x2", "98x98x6"),
        (Cell("x", (1, 1, 5, 5), (0, 0, 1, 2)), "a cell of x, such as x[0,0]", "x[1,2]"),
        (
            Cells("x", (3, 3), frozenset({(2, 2), (0, 1)})),
            "cells of x, such as [0,0] [0,1], or none",
            "[0,1] [2,2]",
        ),
        (Cells("s", (1, 1, 7), frozenset({(0, 0, 2)})), "cells of s, such as [0] [1], or none", "[2]"),
        (Choice(("yes", "no"), 1), "a or b", "b) no"),
    ],
)
def test_it_says_what_to_type_and_what_is_right(answer: Answer, asks: str, written: str) -> None:
    assert (answer.asks, answer.written) == (asks, written)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6))
def test_the_right_answer_is_accepted_as_it_is_written(values: list[float]) -> None:
    answer = number(*values, shape=(len(values),))
    assert answer.grade(answer.written).outcome is RIGHT


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_no_other_whole_number_is_right(right: int, other: int) -> None:
    assert (number(right).grade(str(other)).outcome is RIGHT) == (right == other)


@given(st.floats(0.01, 100), st.floats(-1, 1))
def test_the_tolerance_is_half_of_the_last_digit_asked_for(right: float, off: float) -> None:
    answer = Numbers((right,), (), Digits(decimals=2))
    assert (answer.grade(repr(right + off)).outcome is RIGHT) == (abs(off) <= 0.005 + 2e-7) or abs(
        abs(off) - 0.005
    ) < 1e-6
