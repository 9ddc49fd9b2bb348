"""What sliding windows come to, axis by axis: a window of k x k cells costs 2k operations on whole arrays, not k^2."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from stepgrad.engine.columns import CHUNK, chunks
from stepgrad.engine.op import Array
from stepgrad.engine.values import widened
from stepgrad.engine.window import Window

CELLS = CHUNK // 4
"""Cells up to which a batch is taken whole: 1 MiB in float32."""


def pad(xp: Any, x: Array, over: Window, fill: float = 0.0) -> Array:
    """x with the window's padding around its last axes. A slice assignment beats `pad` and `concat`."""
    if over.padded == over.size:
        return x
    lead = x.shape[: -len(over.size)]
    out = xp.full((*lead, *over.padded), fill, dtype=x.dtype, device=x.device)
    out[(..., *_inner(over))] = x
    return out


def unpadded(x: Array, over: Window) -> Array:
    """x without the window's padding."""
    return x if over.padded == over.size else x[(..., *_inner(over))]


def sums(xp: Any, x: Array, over: Window) -> Array:
    """The sum of every window, in float32 at least; padding counts as 0.   x (N,C,H,W) -> (N,C,I,J)"""
    return _combined(xp, widened(xp, x), over, xp.add, 0.0)


def maxima(xp: Any, x: Array, over: Window) -> Array:
    """The largest cell of every window, NaN if there is one; padding does not count.   x (N,C,H,W) -> (N,C,I,J)"""
    return _combined(xp, x, over, xp.maximum, -float("inf"))


def _combined(xp: Any, x: Array, over: Window, combine: Callable[[Array, Array], Array], border: float) -> Array:
    if x.size <= CELLS:
        return _by_axis(pad(xp, x, over, border), over, combine)
    out = xp.empty((*x.shape[:2], *over.out), dtype=x.dtype, device=x.device)
    for images in chunks(x, x.size // x.shape[0] * 4):
        out[images, ...] = _by_axis(pad(xp, x[images, ...], over, border), over, combine)
    return out


def _by_axis(x: Array, over: Window, combine: Callable[[Array, Array], Array]) -> Array:
    # Rows first: whole rows lie side by side in memory, and fewer of them are left for the strided pass.
    for first, *others in _along(over):
        cells = x
        x = cells[first]
        for place in others:
            x = combine(x, cells[place])
    return x


def spread(xp: Any, share: Array, over: Window) -> Array:
    """The other way round: every cell gets the shares of all windows that hold it.   share (N,C,I,J) -> (N,C,H,W)"""
    lead = share.ndim - len(over.size)
    for axis in reversed(over.axes):
        shape = (*share.shape[: lead + axis], over.padded[axis], *share.shape[lead + axis + 1 :])
        out = xp.zeros(shape, dtype=share.dtype, device=share.device)
        apart = over.stride[axis] >= over.span[axis]
        for place in _along(over)[axis]:
            if apart:
                out[place] = share
            else:
                out[place] += share
        share = out
    return unpadded(share, over)


@lru_cache(maxsize=1024)
def _along(over: Window) -> list[list[tuple[Any, ...]]]:
    """Of every axis, for each kernel cell along it: an index to where it meets the padded input, over all outputs."""
    found = []
    for axis, (k, s, d, out) in enumerate(zip(over.kernel, over.stride, over.dilation, over.out, strict=True)):
        cuts = [slice(u * d, u * d + s * (out - 1) + 1, s) for u in range(k)]
        found.append([(..., cut, *[slice(None)] * (len(over.size) - 1 - axis)) for cut in cuts])
    return found


def cells_of_windows(xp: Any, over: Window, like: Array) -> Array | float:
    """How many cells of the tensor each window holds: one number where they agree, else an array (I,J) like `like`."""
    counts, same = _counts(over)
    if same is not None:
        return same
    found = 1.0
    for axis, each in enumerate(counts):
        along = xp.asarray(each, dtype=like.dtype, device=like.device)
        found = found * xp.reshape(along, (len(each), *([1] * (len(counts) - 1 - axis))))
    return found


@lru_cache(maxsize=1024)
def _counts(over: Window) -> tuple[list[list[int]], float | None]:
    """Along every axis the number of cells of each window; and of all axes together, where all windows have as many."""
    zeros = (0,) * len(over.size)
    counts = [
        [len(over.inside((*zeros[:axis], i, *zeros[axis + 1 :]))[axis]) for i in range(out)]
        for axis, out in enumerate(over.out)
    ]
    same = all(len(set(each)) == 1 for each in counts)
    return counts, float(math.prod(each[0] for each in counts)) if same else None


@lru_cache(maxsize=1024)
def places(over: Window) -> list[tuple[Any, ...]]:
    """Of every kernel cell, in row order: an index to where it meets the padded input, over all outputs."""
    return [(..., *over.slices(tap)) for tap in over.taps]


def _inner(over: Window) -> tuple[slice, ...]:
    """Where the input itself lies in the padded one."""
    return tuple(slice(b, b + n) for b, n in zip(over.before, over.size, strict=True))
