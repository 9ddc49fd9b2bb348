"""What sliding windows come to, axis by axis: a window of k x k cells costs 2k operations on whole arrays, not k^2."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from stepgrad.engine.op import Array
from stepgrad.engine.values import widened
from stepgrad.engine.window import Window


def pad(xp: Any, x: Array, over: Window, fill: float = 0.0) -> Array:
    """x with the window's padding around its last axes. A slice assignment beats `pad` and `concat`."""
    if over.padded == over.size:
        return x
    lead = x.shape[: -len(over.size)]
    out = xp.full((*lead, *over.padded), fill, dtype=x.dtype, device=x.device)
    out[(..., *_inner(over))] = x
    return out


def sums(xp: Any, x: Array, over: Window) -> Array:
    """The sum of every window, in float32 at least; padding counts as 0.   x (N,C,H,W) -> (N,C,I,J)"""
    return _combined(pad(xp, widened(xp, x), over), over, xp.add)


def maxima(xp: Any, x: Array, over: Window) -> Array:
    """The largest cell of every window, NaN if there is one; padding does not count.   x (N,C,H,W) -> (N,C,I,J)"""
    return _combined(pad(xp, x, over, -float("inf")), over, xp.maximum)


def _combined(x: Array, over: Window, combine: Callable[[Array, Array], Array]) -> Array:
    # Rows first: whole rows lie side by side in memory, and fewer of them are left for the strided pass.
    for axis in over.axes:
        rows = x
        x = rows[_along(over, axis, 0)]
        for u in range(1, over.kernel[axis]):
            x = combine(x, rows[_along(over, axis, u)])
    return x


def spread(xp: Any, share: Array, over: Window) -> Array:
    """The other way round: every cell gets the shares of all windows that hold it.   share (N,C,I,J) -> (N,C,H,W)"""
    for axis in reversed(over.axes):
        lead = share.ndim - len(over.size)
        shape = list(share.shape)
        shape[lead + axis] = over.padded[axis]
        out = xp.zeros(tuple(shape), dtype=share.dtype, device=share.device)
        apart = over.stride[axis] >= over.span[axis]
        for u in range(over.kernel[axis]):
            place = _along(over, axis, u)
            if apart:
                out[place] = share
            else:
                out[place] += share
        share = out
    return share if over.padded == over.size else share[(..., *_inner(over))]


def cells_of_windows(xp: Any, over: Window, like: Array) -> Array | float:
    """How many cells of the tensor each window holds: one number where they agree, else an array (I,J) like `like`."""
    counts = _counts(over)
    if all(len(set(each)) == 1 for each in counts):
        return float(math.prod(each[0] for each in counts))
    found = 1.0
    for axis, each in enumerate(counts):
        along = xp.asarray(each, dtype=like.dtype, device=like.device)
        found = found * xp.reshape(along, (len(each), *([1] * (len(counts) - 1 - axis))))
    return found


@lru_cache(maxsize=1024)
def _counts(over: Window) -> list[list[int]]:
    """How many cells each window has along every axis."""
    diagonals = [
        [(0,) * axis + (i,) + (0,) * (len(over.out) - 1 - axis) for i in range(n)] for axis, n in enumerate(over.out)
    ]
    return [[len(over.inside(out)[axis]) for out in outs] for axis, outs in enumerate(diagonals)]


def _along(over: Window, axis: int, u: int) -> tuple[Any, ...]:
    """Where kernel cell u of one axis meets the padded input, over all outputs of that axis."""
    s, start = over.stride[axis], u * over.dilation[axis]
    cut = slice(start, start + s * (over.out[axis] - 1) + 1, s)
    return (..., cut, *([slice(None)] * (len(over.size) - 1 - axis)))


def _inner(over: Window) -> tuple[slice, ...]:
    """Where the input itself lies in the padded one."""
    return tuple(slice(b, b + n) for b, n in zip(over.before, over.size, strict=True))
