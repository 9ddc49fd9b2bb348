"""Curves and sparklines, dot by dot; axes with round numbers; what is not a number."""

from __future__ import annotations

import math

import pytest

from stepgrad.tui.charts.axis import LARGEST, axis, round_step
from stepgrad.tui.charts.curve import Curve, curve_lines, sparkline, told
from stepgrad.tui.line import plain, width

nan, inf = math.nan, math.inf


def drawn(curve: Curve, columns: int, lines: int, *, unicode: bool = True) -> list[str]:
    return [plain(line) for line in curve_lines(curve, columns, lines, unicode=unicode)]


def test_a_line_rises_dot_by_dot() -> None:
    """Three points on 5 columns and 2 lines, which are 10 by 4 dots: in rows 3 3 2 2 2 1 1 1 0 0 from the top."""
    curve = Curve([(0, 0.0), (1, 5.0), (2, 10.0)], 3, at=0)
    assert drawn(curve, 9, 3) == [
        "10┤ │ ▗▄▀",
        " 0┤ ●▀▘  ",
        "    0   2",
    ]
    assert drawn(curve._replace(at=2), 9, 3, unicode=False) == [
        "10┤   ..●",
        " 0┤ .'' │",
        "    0   2",
    ]


def test_a_steep_line_has_no_gaps() -> None:
    """From 0 to 10 in 4 by 10 dots: the columns end in rows 9, 6, 3 and 0, and each begins where the last ended."""
    assert drawn(Curve([(0, 0.0), (1, 10.0)], 2, at=0), 6, 6) == [
        "10┤ │▐",
        "  │ │▞",
        "  │ │▌",
        "  │ ▐ ",
        " 0┤ ● ",
        "    0",
    ]


def test_the_current_iteration_is_marked() -> None:
    curve = Curve([(i, 5.0) for i in range(21)], 21, at=10)
    lines = drawn(curve, 25, 6)
    column = 4 + 10
    assert [line[column] for line in lines[:-1]] == ["│", "│", "●", "│", "│"]
    assert lines[-1].split() == ["0", "10", "20"]
    assert lines[-1].index("10") == column


def test_a_gap_parts_the_curve() -> None:
    lines = drawn(Curve([(0, 1.0), (1, None), (2, 1.0)], 3, at=2), 6, 2)
    assert lines[0][3:].rstrip() in ("▖ ●", "▘ ●", "▌ ●", "▗ ●", "▝ ●")


def test_what_is_no_number_is_shown_as_such() -> None:
    curve = Curve([(0, 1.0), (1, nan), (2, inf), (3, -inf)], 4, at=0)
    lines = drawn(curve, 8, 4)
    assert lines[0].count("↑") == 1
    assert lines[2].count("×") == 1
    assert lines[2].count("↓") == 1
    assert list(told(curve)) == ["1 at iteration 0", "from 1 to 1, least 1", "not a finite number from iteration 1"]


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(0, nan), (1, nan)],
        [(0, None)],
        [(0, 1e308), (1, -1e308)],
        [(0, 5e-324), (1, 1e-323)],
        [(i, float(i % 7)) for i in range(1000)],
        [(0, 0.1 + 0.2), (1, 0.3)],
    ],
    ids=["nothing", "all-nan", "a-gap", "huge", "tiny", "dense", "almost-constant"],
)
@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("size", [(80, 20), (9, 3), (1, 1)])
def test_any_values_fit_any_room(points: list[tuple[int, float]], log: bool, size: tuple[int, int]) -> None:
    lines = curve_lines(Curve(points, max(len(points), 1), 0, log), *size)
    assert len(lines) == max(size[1] - 1, 1) + 1
    room = max(size[0], width(lines[0]) if size[0] < 30 else 0)
    assert all(width(line) <= room for line in lines)


def test_a_curve_of_powers_is_straight_on_a_logarithmic_axis() -> None:
    curve = Curve([(i, 10.0**-i) for i in range(5)], 5, at=0, log=True)
    assert curve.can_be_log
    assert drawn(curve, 13, 6) == [
        "     1┤ ●    ",
        "      │ │▚   ",
        "      │ │ ▚  ",
        "      │ │  ▚ ",
        "0.0001┤ │   ▚",
        "        0   4",
    ]
    assert not Curve([(0, 0.0), (1, 1.0)], 2, 0).can_be_log


@pytest.mark.parametrize(
    ("values", "lines", "log", "marks"),
    [
        ([0.0, 1.0], 9, False, (0, 0.5, 1)),
        ([0.3, 8.76], 20, False, (0, 2, 4, 6, 8, 10)),
        ([-3.0, 4.0], 12, False, (-5, 0, 5)),
        ([100.0, 101.0], 9, False, (100, 100.5, 101)),
        ([0.1, 0.3], 13, False, (0, 0.1, 0.2, 0.3)),
        ([2.0, 2.0], 9, False, (1, 2, 3)),
        ([], 5, False, (-1, 0, 1)),
        ([0.02, 30.0], 20, True, (0.01, 0.1, 1, 10, 100)),
        ([0.02, 30.0], 8, True, (0.01, 1, 100)),
        ([7.0, 7.0], 8, True, (1, 10)),
        ([-LARGEST, LARGEST], 20, False, (-LARGEST, LARGEST)),
    ],
)
def test_axes_have_round_numbers(values: list[float], lines: int, log: bool, marks: tuple[float, ...]) -> None:
    assert axis(values, lines, log=log).marks == marks


def test_a_value_stands_between_the_ends_of_its_axis() -> None:
    linear, log = axis([0.0, 10.0], 11), axis([1.0, 100.0], 11, log=True)
    assert [linear.part(value) for value in (-5, 0, 2.5, 10, 20)] == [0, 0, 0.25, 1, 1]
    assert [log.part(value) for value in (0.1, 1, 10, 100)] == [0, 0, 0.5, 1]
    assert [linear.row(value) for value in (10, 5, 0)] == [0, 5, 10]
    assert linear.between(2.0, 4.0, 0.25) == 2.5
    assert log.between(1.0, 100.0, 0.5) == pytest.approx(10.0)


@pytest.mark.parametrize(("distance", "parts", "step"), [(10, 5, 2), (10, 4, 5), (0.3, 3, 0.1), (7, 10, 1), (1, 1, 1)])
def test_steps_are_one_two_or_five(distance: float, parts: float, step: float) -> None:
    assert round_step(distance, parts) == pytest.approx(step)


def test_a_sparkline_has_eight_heights() -> None:
    points = [(i, float(i)) for i in range(8)]
    assert plain(sparkline(points, 20, 8, at=0)) == "▁▂▃▄▅▆▇█"
    assert plain(sparkline(points, 20, 8, at=0, unicode=False)) == "_.-=+*%#"
    assert sparkline(points, 20, 8, at=2)[1] == ("▃", "here")


def test_a_sparkline_of_odd_values() -> None:
    assert plain(sparkline([(0, 1.0), (1, nan), (2, inf), (3, -inf), (4, None)], 9, 5, at=4)) == "▅×↑↓·"
    assert plain(sparkline([], 9, 3, at=0)) == "·  "
    assert plain(sparkline([(0, 2.0), (1, 2.0)], 9, 2, at=0)) == "▅▅"
    assert len(plain(sparkline([(i, float(i)) for i in range(1000)], 20, 1000, at=999))) == 20


def test_a_curve_in_words() -> None:
    curve = Curve([(0, 8.0), (1, 7.5), (2, 7.7)], 3, at=2)
    assert list(told(curve)) == ["7.7 at iteration 2", "from 8 to 7.7, least 7.5"]
    assert list(told(Curve([], 3, at=2))) == []
