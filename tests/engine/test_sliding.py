"""What windows come to, axis by axis, against every window looked at by itself; and what is spread back over them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from stepgrad.engine import columns, sliding
from stepgrad.engine.sliding import cells_of_windows, maxima, spread, sums
from stepgrad.engine.window import Window, window

WINDOWS = {
    "apart": window((6, 7), 2, 2, 0),
    "overlapping": window((6, 7), 3, 1, 0),
    "with gaps": window((6, 7), 2, 3, 0),
    "padded": window((6, 7), (3, 2), 2, 1),
    "padded on two sides": window((6, 7), 3, 1, (0, 2, 1, 0)),
    "dilated": window((6, 7), 2, 1, 1, (2, 3)),
    "overhanging": window((6, 7), 3, 2, 1, ceil=True),
    "whole": window((6, 7), (6, 7), 1, 0),
    "one axis": window((7,), 3, 2, 1),
}


@pytest.fixture(params=["all", "two images", "one image"])
def _at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The batch taken whole, or in pieces as it is where it would leave the cache."""
    if request.param != "all":
        monkeypatch.setattr(sliding, "CELLS", 0)
        monkeypatch.setattr(columns, "CHUNK", 4 * 3 * 42 * 2 if request.param == "two images" else 0)
    return


@pytest.mark.usefixtures("_at_once")
@pytest.mark.parametrize("name", WINDOWS)
def test_sums_and_maxima(name: str) -> None:
    over = WINDOWS[name]
    x = np.random.default_rng(0).integers(-9, 0, (5, 3, *over.size)).astype("float64")
    seen = {out: list(met(over, out)) for out in np.ndindex(over.out)}
    for out, cells in seen.items():
        window = np.stack([x[(..., *cell)] for cell in cells])
        assert np.array_equal(sums(np, x, over)[(..., *out)], window.sum(axis=0))
        assert np.array_equal(maxima(np, x, over)[(..., *out)], window.max(axis=0))


@pytest.mark.parametrize("name", WINDOWS)
def test_a_share_reaches_every_cell_of_its_window(name: str) -> None:
    over = WINDOWS[name]
    share = np.random.default_rng(0).integers(-9, 9, (2, 3, *over.out)).astype("float64")
    expected = np.zeros((2, 3, *over.size))
    for out in np.ndindex(over.out):
        for cell in met(over, out):
            expected[(..., *cell)] += share[(..., *out)]
    assert np.array_equal(spread(np, share, over), expected)


@pytest.mark.parametrize("name", WINDOWS)
def test_how_many_cells_a_window_holds(name: str) -> None:
    over = WINDOWS[name]
    found = np.broadcast_to(cells_of_windows(np, over, np.zeros(1)), over.out)
    assert (
        found.tolist()
        == np.array([len(list(met(over, out))) for out in np.ndindex(over.out)]).reshape(over.out).tolist()
    )


def met(over: Window, out: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The cells of the tensor itself that a window meets."""
    for tap in np.ndindex(over.kernel):
        cell = over.at(out, tap)
        if all(0 <= h < size for h, size in zip(cell, over.size, strict=True)):
            yield cell
