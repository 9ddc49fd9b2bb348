"""Numbers as a map: hand-checked cells in colour, without it, and where there is nothing to see."""

from __future__ import annotations

import numpy as np
import pytest

from stepgrad.tui.charts.heat import Ink, Zoom, averaged, legend, map_lines, pooled, ruled, zooms
from stepgrad.tui.charts.levels import (
    COLOUR,
    FLOOR,
    MINUS_INF,
    NAN,
    NONE,
    PLUS_INF,
    UNWRITTEN,
    ZERO,
    Range,
    level,
    picture_codes,
    range_of,
    shade,
)
from stepgrad.tui.line import plain

nan, inf = float("nan"), float("inf")
COLOURS, GLYPHS, ASCII = Ink(), Ink(colour=False), Ink(colour=False, unicode=False)
HALF, ONE, TWO = Zoom(1, 0), Zoom(2, 1), Zoom(4, 2)


def texts(lines: object) -> list[str]:
    return [plain(line) for line in lines]  # type: ignore[attr-defined]


def codes(rows: list[list[float]]) -> np.ndarray:
    values = np.array(rows, np.float64)
    return range_of(values).codes(values)


def test_levels_of_signed_numbers() -> None:
    found = Range(4.0, signed=True).codes(np.array([-4, -2, -0.0, 1e-9, 2, 4, nan, inf, -inf]))
    assert found.tolist() == [0, 8, 16, 17, 24, 32, NAN, PLUS_INF, MINUS_INF]
    assert [shade(code) for code in found] == ["-16", "-8", "=0", "+1", "+8", "+16", "nan", "inf", "inf"]
    assert [level(code) for code in found[:6]] == [-1, -0.5, 0, 1 / 16, 0.5, 1]


def test_levels_of_numbers_that_are_never_negative() -> None:
    found = Range(2.0, signed=False).codes(np.array([0, 1e-9, 1, 2]))
    assert [shade(code) for code in found] == ["s0", "s1", "s16", "s32"]
    assert [level(code) for code in found] == [0, 1 / 32, 0.5, 1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[nan, nan]], Range(0.0, signed=False)),
        ([[inf, -inf]], Range(0.0, signed=False)),
        ([], Range(0.0, signed=False)),
        ([[0.0, 0.0]], Range(0.0, signed=False)),
        ([[3.0, 3.0]], Range(3.0, signed=False)),
        ([[-3.0, nan, 1.0]], Range(3.0, signed=True)),
        ([[-1e308, 1e308]], Range(1e308, signed=True)),
        ([[5e-324]], Range(5e-324, signed=False)),
    ],
)
def test_range(values: list[list[float]], expected: Range) -> None:
    array = np.array(values, np.float64)
    assert range_of(array) == expected
    assert expected.codes(array).shape == array.shape


def test_all_nan_and_constants_have_levels_too() -> None:
    assert codes([[nan, nan]]).tolist() == [[NAN, NAN]]
    assert codes([[0, 0]]).tolist() == [[FLOOR, FLOOR]]
    assert [shade(code) for code in codes([[7, 7]])[0]] == ["s32", "s32"]


def test_two_rows_share_a_line_of_half_blocks() -> None:
    lines = map_lines(codes([[-4, 4], [0, 0], [2, -2]]), HALF, COLOURS)
    assert lines == [
        (("▀", "-16/=0"), ("▀", "+16/=0")),
        (("▀", "+8/"), ("▀", "-8/")),
    ]


def test_neighbours_that_look_the_same_are_one_run() -> None:
    assert map_lines(codes([[1, 1, 1]]), HALF, COLOURS) == [(("▀▀▀", "s32/"),)]


def test_what_is_not_written_is_a_dot() -> None:
    found = np.array([[ZERO, UNWRITTEN], [UNWRITTEN, UNWRITTEN], [NONE, NONE]], np.int32)
    assert map_lines(found, HALF, COLOURS) == [(("▀", "=0/"), ("·", "unwritten")), (("  ", ""),)]
    upside_down = np.array([[UNWRITTEN], [ZERO]], np.int32)
    assert map_lines(upside_down, HALF, COLOURS) == [(("▄", "=0/"),)]
    assert texts(map_lines(found[:1], TWO, COLOURS)) == ["     ·  ", "        "]


def test_numbers_stand_in_cells_that_are_large_enough() -> None:
    lines = map_lines(codes([[1, 2]]), Zoom(6, 3), COLOURS, texts=[["1", "0.25"]])
    assert lines == [
        (("      ", "ink/s16"), ("      ", "ink/s32")),
        (("  1   ", "ink/s16"), (" 0.25 ", "ink/s32")),
        (("      ", "ink/s16"), ("      ", "ink/s32")),
    ]


def test_marked_cells_stand_between_brackets_as_high_as_their_rows() -> None:
    found = codes([[1, 1, 1]] * 3)
    assert texts(map_lines(found, ONE, COLOURS, {1: (0, 1)})) == ["      ", "[  ]  ", "      "]
    assert texts(map_lines(found, TWO, COLOURS, {0: (1, 2), 1: (1, 2)})) == [
        "    ┌      ┐",
        "    │      │",
        "    │      │",
        "    └      ┘",
        "            ",
        "            ",
    ]


def test_without_colour_a_cell_is_a_sign_and_a_density() -> None:
    assert texts(map_lines(codes([[-1, 0.5], [0, 1], [nan, 0.01]]), ONE, GLYPHS)) == ["-█+▒", "  +█", " ?+░"]
    assert texts(map_lines(codes([[0, 1, 2, inf]]), ONE, GLYPHS)) == ["  ▒▒██^^"], "nothing is negative: no sign"
    assert texts(map_lines(codes([[-1, 1]]), TWO, GLYPHS, {0: (1,)})) == [" -█ ┌+█┐", " -█ └+█┘"]
    assert texts(map_lines(codes([[-1, 1]]), ONE, GLYPHS, {0: (1,)})) == ["-█+█"], "a bracket would hide the sign"


@pytest.mark.parametrize("rows", [[], [[]], [[], []]])
def test_an_empty_plane_has_no_lines(rows: list[list[float]]) -> None:
    assert map_lines(codes(rows).reshape(len(rows), 0), HALF, COLOURS) == []


def test_a_block_stands_for_its_largest_magnitude() -> None:
    values = np.array([[1, -5, 0], [2, 3, -1], [nan, 0, inf]])
    assert np.array_equal(pooled(values, 2), [[-5, -1], [nan, inf]], equal_nan=True)
    assert pooled(values, 1) is values
    assert averaged(np.array([[1.0, 3.0, 5.0]]), 2).tolist() == [[2.0, 5.0]]


@pytest.mark.parametrize(
    ("rows", "cols", "columns", "lines", "ink", "expected"),
    [
        (5, 5, 70, 18, COLOURS, Zoom(6, 3)),
        (28, 28, 70, 18, COLOURS, HALF),
        (28, 28, 70, 28, COLOURS, ONE),
        (36, 79, 79, 18, COLOURS, HALF),
        (37, 79, 79, 18, COLOURS, HALF._replace(block=2)),
        (224, 224, 79, 18, COLOURS, HALF._replace(block=7)),
        (28, 28, 70, 18, GLYPHS, ONE._replace(block=2)),
        (5, 5, 70, 18, ASCII, Zoom(6, 3)),
        (1, 1, 70, 18, COLOURS, Zoom(14, 7)),
    ],
)
def test_the_first_zoom_shows_all_of_a_plane(
    rows: int, cols: int, columns: int, lines: int, ink: Ink, expected: Zoom
) -> None:
    found = zooms(rows, cols, columns, lines, ink)
    assert found[0] == expected
    wide, high = expected.size(rows, cols)
    assert wide <= columns
    assert high <= lines
    assert [zoom.columns / zoom.block for zoom in found] == sorted({zoom.columns / zoom.block for zoom in found})


def test_a_large_plane_is_magnified_step_by_step_until_single_cells_are_large() -> None:
    assert [zoom.block for zoom in zooms(224, 224, 79, 18, COLOURS)[:4]] == [7, 3, 1, 1]


def test_rulers_point_at_rows_and_columns() -> None:
    lines = ruled(map_lines(codes([[1, 1, 1]] * 4), HALF, COLOURS), HALF, {2: (1, 2), 3: (1, 2)}, None, 3)
    assert texts(lines) == ["  ━━", " ▀▀▀", "┃▀▀▀"]
    lines = ruled(map_lines(codes([[1, 1]] * 2), TWO, COLOURS), TWO, {1: (1,)}, (1, 1), 8)
    assert texts(lines)[0] == "      ▼  "
    assert [text[0] for text in texts(lines)] == [" ", " ", " ", "▶", " "]
    assert texts(ruled(map_lines(codes([[1]]), HALF, COLOURS), HALF, {}, None, 1)) == ["  ", " ▀"]


def test_the_legend_runs_from_one_end_to_the_other() -> None:
    signed = Range(2.0, signed=True)
    assert "".join(text for text, _ in legend(signed.spectrum(5), ("-2", "2"), COLOURS)) == "-2       2"
    assert [style for _, style in legend(signed.spectrum(3), ("-2", "2"), COLOURS)][1:-1] == [
        "ink/-16",
        "ink/=0",
        "ink/+16",
    ]
    found = "".join(text for text, _ in legend(signed.spectrum(9), ("-2", "2"), GLYPHS))
    assert found == "-2 -█ -▓ -▒ -░    +░ +▒ +▓ +█ 2"


def test_pictures_have_colours_of_their_own() -> None:
    grey = picture_codes(np.array([[0, 127.5, 255]]), 255.0)
    assert [shade(code) for code in grey[0]] == ["#000000", "#838383", "#ffffff"]
    red = picture_codes(np.array([[[1.0]], [[0.0]], [[0.0]]]), 1.0)
    assert shade(red[0, 0]) == "#ff0000"
    assert red[0, 0] == COLOUR + 0xFF0000
    assert texts(map_lines(picture_codes(np.array([[0, 0.5, 1.0]]), 1.0), ONE, GLYPHS)) == ["  ▓▓██"]
    assert shade(picture_codes(np.array([[5.0]]), 0.0)[0, 0]) == "#000000"
