"""Correlation as matrix products: every layout of the columns gives what a plain sum over windows gives."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from stepgrad.engine import columns
from stepgrad.engine.columns import CHUNK, correlate, correlate_input, correlate_weight, gather, layout, reverse
from stepgrad.engine.scratch import keeping
from stepgrad.engine.window import Window, window

Array = np.ndarray

SHAPES = {
    "plain": ((5, 4, 6, 7), (6, 4, 3, 2), window((6, 7), (3, 2), 1, 0), 1),
    "padded and dilated": ((5, 4, 6, 7), (6, 4, 3, 2), window((6, 7), (3, 2), 1, (2, 1), (1, 2)), 1),
    "a stride": ((5, 4, 6, 7), (6, 4, 3, 3), window((6, 7), 3, (2, 3), 1), 1),
    "a stride along rows": ((5, 4, 6, 7), (6, 4, 3, 3), window((6, 7), 3, (1, 2), 1), 1),
    "groups": ((5, 4, 6, 7), (6, 2, 3, 3), window((6, 7), 3, 1, 1), 2),
    "groups with a stride": ((5, 4, 6, 7), (6, 2, 3, 3), window((6, 7), 3, 2, 1), 2),
    "one cell": ((5, 4, 6, 7), (6, 4, 1, 1), window((6, 7), 1, 1, 0), 1),
    "one axis": ((5, 4, 9), (6, 4, 3), window((9,), 3, 1, 1), 1),
    "three axes": ((5, 2, 4, 5, 4), (3, 2, 2, 3, 2), window((4, 5, 4), (2, 3, 2), 1, 1), 1),
    "one image": ((1, 4, 6, 7), (6, 4, 3, 2), window((6, 7), (3, 2), 1, 1), 1),
    "no image": ((0, 4, 6, 7), (6, 4, 3, 2), window((6, 7), (3, 2), 1, 1), 1),
}


@pytest.fixture(params=["rows, all", "rows, 2", "rows, 1", "kernels, all", "kernels, 2"])
def _made(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The columns made by kernel rows or by whole kernels, for so many images at a time."""
    by, images = request.param.split(", ")
    monkeypatch.setattr(columns, "ROW", 1 if by == "rows" else 1 << 30)
    if images != "all":
        monkeypatch.setattr(columns, "LIMIT", -1)
        monkeypatch.setattr(columns, "chunks", lambda x, *_: slices(len(x), int(images)))
    layout.cache_clear()
    yield
    layout.cache_clear()


def slices(count: int, at_once: int) -> Iterator[slice]:
    return (slice(start, min(count, start + at_once)) for start in range(0, max(1, count), at_once))


@pytest.mark.usefixtures("_made")
@pytest.mark.parametrize("name", SHAPES)
def test_the_three_products_are_the_plain_sum(name: str) -> None:
    x_shape, w_shape, over, groups = SHAPES[name]
    random = np.random.default_rng(4)
    x, weight, bias = (random.integers(-4, 5, shape).astype("float64") for shape in (x_shape, w_shape, w_shape[:1]))
    dy = random.integers(-4, 5, (x_shape[0], w_shape[0], *over.out)).astype("float64")
    y, dx, dw = plain_sums(x, weight, dy, over, groups)
    with keeping():
        assert np.array_equal(correlate(np, x, weight, over, groups), y)
        shift = bias.reshape(-1, *[1] * len(over.size))
        assert np.array_equal(correlate(np, x, weight, over, groups, bias), y + shift)
        assert np.array_equal(correlate_weight(np, dy, x, over, groups), dw)
        assert np.array_equal(correlate_input(np, dy, weight, over, groups), dx)


def plain_sums(x: Array, weight: Array, dy: Array, over: Window, groups: int) -> tuple[Array, Array, Array]:
    """y, dx and dweight by their definition: for every output and every kernel cell, all channels of a group."""
    y, dx, dw = np.zeros(dy.shape), np.zeros(x.shape), np.zeros(weight.shape)
    m, c = weight.shape[0] // groups, weight.shape[1]
    for out in np.ndindex(over.out):
        for tap in np.ndindex(over.kernel):
            cell = over.at(out, tap)
            if not all(0 <= h < size for h, size in zip(cell, over.size, strict=True)):
                continue
            for group in range(groups):
                of, by = slice(group * m, (group + 1) * m), slice(group * c, (group + 1) * c)
                w, read, sent = (
                    weight[(of, slice(None), *tap)],
                    x[(slice(None), by, *cell)],
                    dy[(slice(None), of, *out)],
                )
                y[(slice(None), of, *out)] += read @ w.T
                dx[(slice(None), by, *cell)] += sent @ w
                dw[(of, slice(None), *tap)] += sent.T @ read
    return y, dx, dw


def test_kernel_rows_are_read_where_they_lie() -> None:
    """Wide rows one apart are blocks; narrow ones, and those two apart, are copied whole."""
    over = window((6, 7), 3, 1, 1, 2)
    assert (layout(over, 16).blocks, layout(over, 16).step) == (3, 2 * 5)
    assert layout(over, 16).over.out == (8, 5), "every padded row, and the outputs of a row"
    assert layout(over, 1).blocks == layout(window((6, 7), 3, 2, 1), 16).blocks == 1


def test_a_kernel_of_one_cell_copies_nothing() -> None:
    x = np.ones((2, 3, 4, 4))
    assert np.shares_memory(gather(np, x, window((4, 4), 1, 1, 0)), x)


def test_columns_of_a_small_batch_are_made_once() -> None:
    x, weight, dy = np.ones((2, 16, 4, 4)), np.ones((1, 16, 3, 3)), np.ones((2, 1, 2, 2))
    over = window((4, 4), 3, 1, 0)
    made = []
    with pytest.MonkeyPatch.context() as patch, keeping():
        patch.setattr(columns, "gather", lambda *given: made.append(given) or gather(*given))
        correlate(np, x, weight, over, 1)
        correlate_weight(np, dy, x, over, 1)
    assert len(made) == 1


def test_columns_of_a_large_batch_are_made_in_the_same_room() -> None:
    """Eight images of 0.9 MiB of columns each: one at a time, in one array, whose padding stays zero."""
    x = np.random.default_rng(0).standard_normal((8, 64, 20, 20))
    over = window((20, 20), 3, 1, 1)
    whole = gather(np, x, layout(over, 64).over).reshape(8, 1, 192, 440)
    rooms = set()
    for images, blocks in columns.columns(np, x, layout(over, 64), 1):
        rooms.add(blocks[0].__array_interface__["data"][0])
        assert np.array_equal(blocks[1], whole[images, :, :, 20:420])
    assert len(rooms) == 1
    assert CHUNK < 8 * 192 * 440 * 8


def test_reversed_twice_is_the_same_window() -> None:
    over = window((6, 7), (3, 2), 1, (2, 0, 1, 1), (1, 2))
    assert reverse(reverse(over)) == over
