"""The geometry of sliding windows against brute force, and its sizes against PyTorch."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.window import Window, window

Axis = tuple[int, int, int, int, int, int]
axis = st.tuples(
    st.integers(1, 9), st.integers(1, 4), st.integers(1, 5), st.integers(1, 4), st.integers(0, 4), st.integers(0, 4)
)


def made(axes: list[Axis], ceil: bool) -> Window:
    size, kernel, stride, dilation, before, after = map(tuple, zip(*axes, strict=True))
    padding = tuple(p for both in zip(before, after, strict=True) for p in both)
    try:
        return window(size, kernel, stride, padding, dilation, ceil=ceil)
    except ShapeError:
        assume(False)
        raise


def axes_of(over: Window) -> list[tuple[range, range, range]]:
    return [(range(o), range(k), range(n)) for o, k, n in zip(over.out, over.kernel, over.size, strict=True)]


@given(st.lists(axis, min_size=1, max_size=2), st.booleans())
def test_all_views_of_a_window_agree_with_brute_force(axes: list[Axis], ceil: bool) -> None:
    over = made(axes, ceil)
    met: dict[tuple[int, ...], set[tuple[tuple[int, ...], tuple[int, ...]]]] = {}
    for out in product(*map(range, over.out)):
        inside = []
        for tap in over.taps:
            at = over.at(out, tap)
            expected = tuple(
                i * s - p + u * d
                for i, s, p, u, d in zip(out, over.stride, over.before, tap, over.dilation, strict=True)
            )
            assert at == expected
            if all(0 <= h < n for h, n in zip(at, over.size, strict=True)):
                inside.append(tap)
                met.setdefault(at, set()).add((out, tap))
        assert list(product(*over.inside(out))) == inside
    for cell in product(*map(range, over.size)):
        found = [(out, over.tap(cell, out)) for out in product(*over.readers(cell))]
        assert set(found) == met.get(cell, set())
        assert found == sorted(found)


@given(st.lists(axis, min_size=1, max_size=2), st.booleans())
def test_slices_of_the_padded_input_are_what_the_taps_meet(axes: list[Axis], ceil: bool) -> None:
    over = made(axes, ceil)
    x = np.arange(1.0, 1 + np.prod(over.size)).reshape(over.size)
    padded = np.zeros(over.padded)
    padded[tuple(slice(b, b + n) for b, n in zip(over.before, over.size, strict=True))] = x
    for tap in over.taps:
        met = padded[over.slices(tap)]
        assert met.shape == over.out
        for out in product(*map(range, over.out)):
            at = over.at(out, tap)
            is_inside = all(0 <= h < n for h, n in zip(at, over.size, strict=True))
            assert met[out] == (x[at] if is_inside else 0)


@given(axis)
def test_sizes_of_convolution_are_pytorchs(one: Axis) -> None:
    functional = pytest.importorskip("torch.nn.functional", reason="PyTorch is not installed")
    import torch

    size, kernel, stride, dilation, padding, _ = one
    try:
        theirs = tuple(
            functional.conv1d(
                torch.zeros(1, 1, size), torch.zeros(1, 1, kernel), None, stride, padding, dilation
            ).shape[2:]
        )
    except RuntimeError:
        with pytest.raises(ShapeError, match="does not fit"):
            window((size,), kernel, stride, padding, dilation)
        return
    assert window((size,), kernel, stride, padding, dilation).out == theirs


@pytest.mark.parametrize("ceil", [False, True])
def test_sizes_of_pooling_are_pytorchs(ceil: bool) -> None:
    functional = pytest.importorskip("torch.nn.functional", reason="PyTorch is not installed")
    import torch

    for size, kernel, stride, dilation in product(range(1, 8), range(1, 5), range(1, 5), (1, 2)):
        for padding in range(kernel // 2 + 1):
            try:
                theirs = functional.max_pool1d(
                    torch.zeros(1, 1, size), kernel, stride, padding, dilation, ceil_mode=ceil
                ).shape[2:]
            except RuntimeError:
                with pytest.raises(ShapeError, match="does not fit"):
                    window((size,), kernel, stride, padding, dilation, ceil=ceil)
            else:
                assert window((size,), kernel, stride, padding, dilation, ceil=ceil).out == tuple(theirs)


@given(st.integers(1, 9), st.integers(1, 5), st.integers(1, 3))
def test_same_padding_keeps_the_size_and_pads_the_odd_one_after(size: int, kernel: int, dilation: int) -> None:
    over = window((size,), kernel, 1, "same", dilation)
    assert over.out == (size,)
    assert over.after[0] - over.before[0] in (0, 1)
    assert over.before[0] + over.after[0] == (kernel - 1) * dilation


def test_same_padding_with_a_stride_divides_the_size_rounded_up() -> None:
    assert window((7, 8), 3, 2, "same").out == (4, 4)


def test_padding_is_one_number_one_an_axis_or_two_an_axis() -> None:
    assert window((5, 5), 3, 1, 1).before == (1, 1)
    assert (window((5, 5), 3, 1, (1, 2)).before, window((5, 5), 3, 1, (1, 2)).after) == ((1, 2), (1, 2))
    sides = window((5, 5), 3, 1, (1, 2, 3, 4))
    assert (sides.before, sides.after) == ((1, 3), (2, 4))
    line = window((5,), 3, 1, (1, 2))
    assert (line.before, line.after) == ((1,), (2,))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (((5, 5), 7, 1, 0), r"a kernel of 7x7 does not fit an input of 5x5 with padding 0; use padding 1 or more"),
        (((5, 5), 3, 1, 0, 4), r"with dilation 4 does not fit an input of 5x5"),
        (((5, 5), 0, 1, 0), "kernel_size is 0: give 1 or more"),
        (((5, 5), 3, 0, 0), "stride is 0: give 1 or more"),
        (((5, 5), 3, (1, 0), 0), r"stride is \[1, 0\]"),
        (((5, 5), 3, 1, -1), "padding is -1: give 0 or more"),
        (((5, 5), 3, 1, "valid"), 'padding is "valid"'),
        (((5, 5), (3, 3, 3), 1, 0), r"kernel_size is \[3, 3, 3\]: give one number, or 2"),
        (
            ((5, 5), 3, 1, (1, 2, 3)),
            r"is \[1, 2, 3\]: give one number, 2 \(one an axis\) or 4 \(before and after each\)",
        ),
    ],
)
def test_a_window_that_can_not_be_says_what_would_fit(arguments: tuple[object, ...], message: str) -> None:
    with pytest.raises(ShapeError, match=message):
        window(*arguments)


@given(st.lists(axis, min_size=1, max_size=2))
def test_the_padding_that_is_advised_does_fit(axes: list[Axis]) -> None:
    size, kernel, stride, dilation, *_ = map(tuple, zip(*axes, strict=True))
    try:
        window(size, kernel, stride, 0, dilation)
    except ShapeError as fault:
        advised = int(str(fault).partition("use padding ")[2].split()[0])
        window(size, kernel, stride, advised, dilation)
