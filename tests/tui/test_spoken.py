"""Arithmetic in words."""

from __future__ import annotations

import pytest

from stepgrad.tui import spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("-6", "minus 6"),
        ("(2*-1) + 3 = 1", "(2 times minus 1) plus 3 is 1"),
        ("3 - -1", "3 minus minus 1"),
        ("(3 - 5)^2/8 = 0.5", "(3 minus 5) squared over 8 is 0.5"),
        ("2^3", "2 to the power of 3"),
        ("max(-1, padding) ~ 0.1", "max(minus 1, padding) is about 0.1"),
        ("where(2 >= 0, 7, -0.5)", "where(2 at least 0, 7, minus 0.5)"),
        ("-exp(-1)", "minus exp(minus 1)"),
        ("-(1 + 2)", "minus (1 plus 2)"),
        ("1e-05", "1 times 10 to the power of minus 5"),
        ("-2.5e+30*2", "minus 2.5 times 10 to the power of 30 times 2"),
        ("-inf", "minus infinity"),
        ("nan", "not a number"),
    ],
)
def test_arithmetic(written: str, said: str) -> None:
    assert spoken.arithmetic(written) == said


def test_prose_keeps_its_hyphens() -> None:
    text = "From -6 to -0.5: a well-known left-edge filter of 3-4 cells, x[0]-1, a - b."
    assert spoken.minus(text) == text.replace("-6", "minus 6").replace("-0.5", "minus 0.5")


def test_counts_and_shapes() -> None:
    assert (spoken.count(1, "cell"), spoken.count(2, "cell")) == ("1 cell", "2 cells")
    assert (spoken.shape((1, 3)), spoken.shape(())) == ("1 by 3", "a single number")
