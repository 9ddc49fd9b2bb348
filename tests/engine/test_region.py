"""Sets of cells, against Python's own sets."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.engine.region import Region, Rows, merged, together, without

SHAPE = (2, 3, 4, 5)
CELLS = st.sets(st.tuples(*(st.integers(0, size - 1) for size in SHAPE)))


@given(CELLS)
def test_cells_are_kept_in_row_order(cells: set[tuple[int, ...]]) -> None:
    region = Region.of(SHAPE, *cells)
    assert list(region) == sorted(cells)
    assert len(region) == len(cells)
    assert all((cell in region) == (cell in cells) for cell in np.ndindex(SHAPE))
    if cells:
        assert region.bounds == [(min(axis), max(axis)) for axis in zip(*cells, strict=True)]


@given(CELLS)
def test_planes_are_the_last_two_axes(cells: set[tuple[int, ...]]) -> None:
    region = Region.of(SHAPE, *cells)
    planes = {cell[:2]: {other[2:] for other in cells if other[:2] == cell[:2]} for cell in cells}
    assert {lead: _cells(region.plane(lead)) for lead in region.planes} == planes
    assert region.planes == {lead: len(plane) for lead, plane in planes.items()}
    assert all(_cells(region.plane((n, c))) == planes.get((n, c), set()) for n in range(2) for c in range(3))
    for lead, plane in planes.items():
        ends = [range(min(axis), max(axis) + 1) for axis in zip(*plane, strict=True)]
        assert list(region.plane(lead).box) == ends
        assert len(region.plane(lead)) == len({row for row, _ in plane})


def _cells(rows: Rows) -> set[tuple[int, int]]:
    return {(row, col) for row, columns in rows.items() for col in columns}


@given(CELLS, CELLS)
def test_regions_are_added_and_taken_away(a: set[tuple[int, ...]], b: set[tuple[int, ...]]) -> None:
    first, second = Region.of(SHAPE, *a), Region.of(SHAPE, *b)
    assert set(together([{"x": first}, {"x": second}]).get("x", ())) == a | b
    assert set(first.without(second)) == a - b
    assert set(without({"x": first}, {"x": second}).get("x", ())) == a - b


@given(CELLS, st.integers(0, 3), st.integers(1, 7))
def test_a_region_comes_apart_whole(cells: set[tuple[int, ...]], axis: int, size: int) -> None:
    region = Region.of(SHAPE, *cells)
    parts = list(region.apart(axis))
    assert sorted(cell for part in parts for cell in part) == sorted(cells)
    assert all(len({cell[axis] for cell in part}) == 1 for part in parts)
    assert [cell for piece in region.pieces(size) for cell in piece] == sorted(cells)


def test_a_number_has_one_cell() -> None:
    scalar = Region.of((), ())
    assert list(scalar) == [()]
    assert scalar.plane(()) == {0: (0,)}
    assert Region.of((4,), (2,), (1,)).plane(()) == {0: (1, 2)}


def test_much_that_was_found_more_than_once_is_kept_once() -> None:
    """Large and small tensors, and more numbers than may wait."""
    found = (("x", (1 << 20,), np.arange(0, 1 << 20, 7)) for _ in range(40))
    assert len(merged(found)["x"]) == -(-(1 << 20) // 7)
    assert merged([("x", (1 << 40,), np.array([5, 1 << 39, 5]))])["x"].numbers.tolist() == [5, 1 << 39]
