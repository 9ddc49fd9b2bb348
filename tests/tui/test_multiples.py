"""Many planes on a page: how they are laid out, and what is drawn."""

from __future__ import annotations

import pytest

from stepgrad.tui.charts.heat import Ink, Zoom
from stepgrad.tui.charts.multiples import Grid, grid, tiled
from stepgrad.tui.line import Line, plain, width

COLOURS, GLYPHS = Ink(), Ink(colour=False)


@pytest.mark.parametrize(
    ("count", "rows", "cols", "columns", "lines", "ink", "expected"),
    [
        (6, 3, 3, 78, 20, COLOURS, Grid(Zoom(4, 2), 5, 2, 12, 6)),
        (6, 3, 3, 78, 12, COLOURS, Grid(Zoom(2, 1), 10, 2, 6, 3)),
        (512, 7, 7, 78, 18, COLOURS, Grid(Zoom(1, 0), 8, 3, 7, 4)),
        (512, 7, 7, 78, 18, GLYPHS, Grid(Zoom(2, 1), 5, 2, 14, 7)),
        (64, 224, 224, 78, 18, COLOURS, Grid(Zoom(1, 0, 19), 5, 2, 12, 6)),
        (1, 1, 1, 78, 18, COLOURS, Grid(Zoom(14, 7), 5, 2, 14, 7)),
        (1, 1, 1, 1, 1, COLOURS, Grid(Zoom(1, 0), 1, 1, 1, 1)),
    ],
)
def test_planes_are_as_large_as_a_page_of_them_allows(
    count: int, rows: int, cols: int, columns: int, lines: int, ink: Ink, expected: Grid
) -> None:
    assert grid(count, rows, cols, columns, lines, ink, 5) == expected


def test_a_line_begins_with_the_first_channel_of_a_sample() -> None:
    assert grid(18, 3, 3, 78, 30, COLOURS, 5).across % 3 != 0
    assert grid(18, 3, 3, 78, 30, COLOURS, 5, channels=3).across % 3 == 0
    assert grid(60, 3, 3, 30, 30, COLOURS, 5, channels=20).across > 0, "too many channels for a line"


def test_pages_follow_each_other_without_overlap() -> None:
    found = Grid(Zoom(1, 0), 8, 3, 7, 4)
    assert [found.page(plane, 512) for plane in (0, 23, 24, 511)] == [
        range(24), range(24), range(24, 48), range(504, 512),
    ]  # fmt: skip


def test_planes_stand_side_by_side_under_their_labels() -> None:
    def plane(sign: str) -> tuple[Line, object]:
        return ((f" {sign}", "label"),), lambda: [((sign * 2, ""),), ((sign * 2, ""),)]

    lines = tiled(Grid(Zoom(1, 1), 2, 2, 2, 2), [plane(sign) for sign in "abc"], 8)  # type: ignore[misc]
    assert [plain(line) for line in lines] == [" a   b", "aa  bb", "aa  bb", "", " c", "cc", "cc"]
    assert all(width(line) <= 8 for line in lines)
