"""Correlation as matrix products: windows laid out as columns (im2col), in the array API alone.

One sum runs over all windows, of x * weight * dy. Left open at y it is the forward pass (`correlate`), at the weight
and at x it is the two gradients. A kernel row whose stride is 1 is not copied but read where it lies: for kernel row u
the columns of the row above are the same ones, a row further on. That takes a kernel's height out of what is copied.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from stepgrad.engine.number import Index
from stepgrad.engine.op import Array
from stepgrad.engine.scratch import LIMIT, once
from stepgrad.engine.values import widened
from stepgrad.engine.window import Window

CHUNK = 1 << 20
"""Bytes worked on at a time on a CPU, when the whole batch would leave its cache (measured: 1 MiB)."""

ROW = 16
"""Columns of one kernel row (channels times width) from which a row earns a matrix product of its own (measured)."""


@dataclass(frozen=True)
class Layout:
    """How windows become columns: `over` is copied; the columns of block u start u * `step` positions further on."""

    over: Window
    blocks: int
    step: int
    length: int


@lru_cache(maxsize=1024)
def layout(over: Window, channels: int) -> Layout:
    """Kernel rows as blocks where they are wide enough and lie one row apart, else all of the kernel as one block."""
    length = math.prod(over.out)
    if over.stride[0] == 1 and over.kernel[0] > 1 and channels * math.prod(over.kernel[1:]) >= ROW:
        row = replace(over, kernel=(1, *over.kernel[1:]))
        return Layout(row, over.kernel[0], over.dilation[0] * math.prod(over.out[1:]), length)
    return Layout(over, 1, 0, length)


def correlate(
    xp: Any, x: Array, weight: Array, over: Window, groups: int, bias: Array | None = None, *, keep: bool = True
) -> Array:
    """y[n,m,i,j] = sum x[n,c,i*s+u*d-p,j*s+v*d-p] * weight[m,c,u,v] + bias[m].   x (N,C,H,W) -> y (N,M,I,J)

    `keep` leaves the columns of a small batch for the gradient of the weight, which reads the very same ones.
    """
    n, m = x.shape[0], weight.shape[0]
    how = layout(over, weight.shape[1])
    kernels = _kernels(xp, weight, how, groups)
    shift = None if bias is None else xp.reshape(widened(xp, bias), (groups, m // groups, 1))
    out = None
    for images, blocks in columns(xp, x, how, groups, keep=keep):
        y = _sum(xp.matmul(kernels[u, ...], block) for u, block in enumerate(blocks))
        if shift is not None:
            y += shift
        y = xp.reshape(y, (y.shape[0], m, *over.out))
        if y.shape[0] == n:
            return xp.astype(y, x.dtype, copy=False)
        if out is None:
            out = xp.empty((n, m, *over.out), dtype=x.dtype, device=x.device)
        out[images, ...] = y
    return out


def correlate_weight(xp: Any, dy: Array, x: Array, over: Window, groups: int) -> Array:
    """dweight[m,c,u,v] = sum dy[n,m,i,j] * x[n,c,i*s+u*d-p,j*s+v*d-p].   dy (N,M,I,J), x (N,C,H,W) -> (M,C/g,U,V)"""
    m, c = dy.shape[1], x.shape[1] // groups
    how = layout(over, c)
    upstream = xp.matrix_transpose(_positions(xp, dy, groups))
    # cols @ dy^T is a fifth faster than dy @ cols^T: only the smaller operand is read across its rows.
    found = _sum(
        xp.sum(xp.stack([xp.matmul(block, upstream[images, ...]) for block in blocks]), axis=1)
        for images, blocks in columns(xp, x, how, groups)
    )
    kernel = how.over.kernel[1:] if how.blocks > 1 else how.over.kernel
    found = xp.reshape(found, (how.blocks, groups, c, *kernel, m // groups))
    axes = (1, found.ndim - 1, 2, 0, *range(3, found.ndim - 1))
    return xp.astype(xp.reshape(xp.permute_dims(found, axes), (m, c, *over.kernel)), x.dtype, copy=False)


def correlate_input(xp: Any, dy: Array, weight: Array, over: Window, groups: int) -> Array:
    """dx[n,c,h,g] = sum dy[n,m,i,j] * weight[m,c,u,v] over all that read x[n,c,h,g].   dy (N,M,I,J) -> dx (N,C,H,W)"""
    if set(over.stride) == {1}:
        return correlate(xp, dy, _turned(xp, weight, groups), reverse(over), groups, keep=False)
    return scatter(xp, dy, weight, over, groups)


def scatter(xp: Any, dy: Array, weight: Array, over: Window, groups: int) -> Array:
    """The same for any stride: every dy lays its kernel over dx, where kernels that overlap add up (col2im)."""
    n, c = dy.shape[0], weight.shape[1] * groups
    transposed = xp.matrix_transpose(_kernels(xp, weight, Layout(over, 1, 0, 0), groups)[0, ...])
    upstream = _positions(xp, dy, groups)
    out = xp.zeros((n, c, *over.size), dtype=upstream.dtype, device=dy.device)
    each = slice(None)
    one = c * math.prod(over.kernel) * math.prod(over.out) * _itemsize(upstream)
    for images in chunks(dy, one):
        cols = xp.matmul(transposed, upstream[images, ...])
        cols = xp.reshape(cols, (cols.shape[0], c, *over.kernel, *over.out))
        for tap, outside, inside in clipped(over):
            out[(images, each, *inside)] += cols[(each, each, *tap, *outside)]
    return xp.astype(out, dy.dtype, copy=False)


@lru_cache(maxsize=1024)
def reverse(over: Window) -> Window:
    """The window that slides over the outputs of a stride-1 window and meets, at (h, g), all that read (h, g)."""
    beyond = [span - 1 for span in over.span]
    before = tuple(most - b for most, b in zip(beyond, over.before, strict=True))
    after = tuple(most - a for most, a in zip(beyond, over.after, strict=True))
    return Window(over.out, over.kernel, over.stride, over.dilation, before, after)


def columns(xp: Any, x: Array, how: Layout, groups: int, *, keep: bool = True) -> Iterator[tuple[slice, list[Array]]]:
    """(images, one (n, groups, K, positions) matrix a block) for the whole batch, or for chunks that fit the cache."""
    n, c = x.shape[:2]
    over = how.over
    rows = c // groups * math.prod(over.kernel), math.prod(over.out)
    one = groups * math.prod(rows) * _itemsize(x)

    def make() -> Array:
        return gather(xp, x, over)

    def blocks(cols: Array) -> list[Array]:
        flat = xp.reshape(cols, (cols.shape[0], groups, *rows))
        if how.blocks == 1:
            return [flat]
        return [flat[..., u * how.step : u * how.step + how.length] for u in range(how.blocks)]

    if n * one <= (LIMIT if keep else CHUNK):
        yield slice(0, n), blocks(once(x, ("columns", over), make) if keep else make())
        return
    room = None
    for images in chunks(x, one):
        part = x[images, ...]
        if room is not None and part.shape[0] < room.shape[0]:
            room = room[: part.shape[0], ...]
        room = gather(xp, part, over, room)
        yield images, blocks(room)


def gather(xp: Any, x: Array, over: Window, into: Array | None = None) -> Array:
    """The columns (n,C,U,V,I,J) of x; `into` are older ones of the same window, whose padding is already zero."""
    n, c = x.shape[:2]
    x = widened(xp, x)
    if math.prod(over.kernel) == 1 and over.out == over.size and set(over.stride) == {1}:
        return xp.reshape(x, (n, c, *over.kernel, *over.out))
    if into is None:
        make = xp.zeros if any(over.before) or any(over.after) else xp.empty
        into = make((n, c, *over.kernel, *over.out), dtype=x.dtype, device=x.device)
    each = (slice(None), slice(None))
    for tap, outside, inside in clipped(over):
        into[(*each, *tap, *outside)] = x[(*each, *inside)]
    return into


Cut = tuple[slice, ...]


@lru_cache(maxsize=1024)
def clipped(over: Window) -> list[tuple[Index, Cut, Cut]]:
    """Of every kernel cell: the outputs for which it meets the tensor itself, and the cells that it meets."""
    found = []
    for tap in over.taps:
        pairs = [_clip(over, axis, u) for axis, u in enumerate(tap)]
        found.append((tap, tuple(out for out, _ in pairs), tuple(cells for _, cells in pairs)))
    return found


def _clip(over: Window, axis: int, u: int) -> tuple[slice, slice]:
    s, start = over.stride[axis], u * over.dilation[axis] - over.before[axis]
    first = max(0, -(start // s))
    last = min(over.out[axis] - 1, (over.size[axis] - 1 - start) // s)
    if first > last:
        return slice(0, 0), slice(0, 0)
    return slice(first, last + 1), slice(first * s + start, last * s + start + 1, s)


def _kernels(xp: Any, weight: Array, how: Layout, groups: int) -> Array:
    """The weight (M,C,U,V) as (blocks, groups, M/groups, K)."""
    m, c, *kernel = weight.shape
    if how.blocks > 1:
        weight = xp.permute_dims(weight, (2, 0, 1, *range(3, weight.ndim)))
    k = c * math.prod(kernel) // how.blocks
    return xp.reshape(widened(xp, weight), (how.blocks, groups, m // groups, k))


def _turned(xp: Any, weight: Array, groups: int) -> Array:
    """The weight with its kernels turned round, and input and output channels changing places."""
    m, c, *kernel = weight.shape
    grouped = xp.reshape(weight, (groups, m // groups, c, *kernel))
    swapped = xp.permute_dims(grouped, (0, 2, 1, *range(3, grouped.ndim)))
    return xp.flip(xp.reshape(swapped, (groups * c, m // groups, *kernel)), axis=tuple(range(2, weight.ndim)))


def _positions(xp: Any, dy: Array, groups: int) -> Array:
    """dy (N,M,I,J) as (N, groups, M/groups, positions)."""
    n, m, *out = dy.shape
    return xp.reshape(widened(xp, dy), (n, groups, m // groups, math.prod(out)))


def chunks(x: Array, one: int) -> Iterator[slice]:
    """Slices of the batch whose work, `one` bytes an image, fits the cache of a CPU; elsewhere launches count: all."""
    n = x.shape[0]
    at_once = max(1, CHUNK // max(1, one) if str(x.device) == "cpu" else n)
    return (slice(start, min(n, start + at_once)) for start in range(0, n, at_once))


def _sum(parts: Iterator[Array]) -> Array:
    total = next(parts)
    for part in parts:
        total += part
    return total


def _itemsize(x: Array) -> int:
    """Bytes of a cell once it is widened. The standard has no word for it, NumPy and CuPy do."""
    return max(4, getattr(x.dtype, "itemsize", 8))
