"""The layout of the board: side by side in the order of the sum, nothing over the edge, still whatever the cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.tui.arrange import arrange, shrunk
from stepgrad.tui.board import NO_RING, Board, Plan, Plane, Ring, Slot, origin


def slot(name: str, rows: int, cols: int, width: int = 1, ring: Ring = NO_RING, span: tuple[int, int] = (1, 1)) -> Slot:
    return Slot(Plane(name), rows, cols, width, len(name), ring, span)


CS231N = Plan(
    parts=3,
    operands=(slot("x", 5, 5, 1, Ring(1, 1, 1, 1), (3, 3)), slot("out.weight", 3, 3, 2, span=(3, 3))),
    shared=(slot("out.bias", 1, 2),),
    output=slot("out", 3, 3, 2),
    outputs=2,
)
EDGE = Plan(1, (slot("image", 5, 5), slot("kernel", 3, 3)), (), slot("feature_map", 3, 3), 1)


def places(board: Board) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    for item in board.placed:
        found.setdefault(item.slot.plane.tensor, []).append((item.x, item.y))
    return found


def test_weights_stand_under_the_channels_they_meet() -> None:
    assert places(arrange(CS231N, 79, 12)) == {
        "x": [(0, 0), (23, 0), (46, 0)],
        "out.weight": [(0, 8), (23, 8), (46, 8)],
        "out": [(69, 0), (69, 4)],
        "out.bias": [(69, 8)],
    }


def test_one_channel_stands_side_by_side() -> None:
    board = arrange(EDGE, 79, 12)
    assert [y for spots in places(board).values() for _, y in spots] == [0, 0, 0]
    assert [item.slot.plane.tensor for item in sorted(board.placed, key=lambda item: item.x)] == [
        "image", "kernel", "feature_map",
    ]  # fmt: skip


def test_a_large_terminal_sets_small_matrices_apart() -> None:
    tight, roomy = arrange(EDGE, 160, 40), arrange(EDGE, 160, 40, roomy=30)
    assert tight.height == 6
    assert 15 < roomy.height <= 30
    assert roomy.room.pitch > 2 * roomy.room.under


def test_too_many_channels_are_paged_as_many_as_fit_at_a_time() -> None:
    many = CS231N._replace(parts=512)
    board = arrange(many, 79, 12)
    assert 2 < board.parts < 512
    assert board.width <= 79


def test_a_large_matrix_is_a_view() -> None:
    plan = Plan(
        1, (slot("image", 224, 224, span=(3, 3)), slot("kernel", 3, 3, span=(3, 3))), (), slot("map", 224, 224), 1
    )
    image, kernel, output = arrange(plan, 79, 14).placed
    assert not image.is_whole
    assert kernel.is_whole
    assert image.rows == output.rows == 13
    assert image.cols >= 10


def test_what_meets_cell_by_cell_stands_column_under_column() -> None:
    plan = Plan(1, (slot("x", 1, 400, 6, span=(1, 400)), slot("w", 10, 400, 7, span=(1, 400))), (), slot("y", 1, 10), 1)
    x, w, _ = arrange(plan.aligned(), 79, 12).placed
    assert x.x == w.x
    assert w.y > x.y
    assert x.cols == w.cols
    assert x.slot.cell == w.slot.cell


slots = st.builds(
    slot,
    st.sampled_from(["x", "conv1.weight", "a.long.name.of.a.tensor"]),
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 9),
    st.sampled_from([Ring(), Ring(1, 1, 1, 1), Ring(0, 2, 3, 0)]),
    st.tuples(st.integers(1, 6), st.integers(1, 6)),
)
plans = st.builds(
    Plan,
    st.integers(1, 9),
    st.lists(slots, min_size=1, max_size=3).map(tuple),
    st.lists(slots, max_size=2).map(tuple),
    slots,
    st.integers(1, 9),
)


@given(plans, st.integers(1, 200), st.integers(1, 60))
def test_nothing_lies_over_another_nor_over_the_edge(plan: Plan, width: int, height: int) -> None:
    board = arrange(plan, width, height, height // 2)
    assert board.height <= height
    taken: set[tuple[int, int]] = set()
    for item in board.placed:
        assert item.y + item.lines(board.room) <= board.height
        assert item.x + item.span(board.room) <= max(width, item.slot.cell + 2)
        cells = {
            (x, y)
            for y in range(item.y, item.y + item.lines(board.room))
            for x in range(item.x, item.x + item.span(board.room))
        }
        assert not taken & cells
        taken |= cells


@given(st.integers(1, 300), st.integers(1, 20), st.integers(1, 40), st.integers(0, 299))
def test_a_view_holds_what_is_read(full: int, span: int, shown: int, first: int) -> None:
    first, span = min(first, max(full - span, 0)), min(span, full)
    start = origin(first, span, shown, full)
    assert 0 <= start <= max(full - shown, 0)
    if span <= shown:
        assert start <= first
        assert first + span <= start + shown


def test_the_largest_gives_way_first() -> None:
    assert shrunk([10, 4, 2], [3, 3, 2], 9) == [3, 4, 2]
    assert shrunk([10, 4], [8, 4], 5) == [8, 4]


@pytest.mark.parametrize(("columns", "lines"), [(79, 14), (78, 30), (60, 14), (40, 14)])
def test_long_names_are_cut_before_numbers_are_left_out(columns: int, lines: int) -> None:
    """Two operands and an output of three by three, under names of forty letters."""
    operands = slot("x" * 40, 3, 3, 2), slot("w" * 40, 3, 3, 2)
    board = arrange(Plan(1, operands, (), slot("y" * 40, 3, 3, 2), 1), columns, lines)
    assert not board.folded
    assert len(board.placed) == 3
    assert all(item.is_whole for item in board.placed)
    assert board.width <= columns


def test_a_table_beside_lists_of_hundreds_is_whole() -> None:
    confusion = Plan(1, (slot("label", 1, 450), slot("answer", 1, 450)), (), slot("confusion", 10, 10, 2), 1)
    written = next(item for item in arrange(confusion, 79, 11).placed if item.kind == "output")
    assert (written.rows, written.cols) == (10, 10)
