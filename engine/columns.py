"""Windows laid out as columns, so that a convolution is one matrix product (im2col), in the array API alone."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from stepgrad.engine.op import Array
from stepgrad.engine.scratch import LIMIT, once
from stepgrad.engine.window import Window

CHUNK = 1 << 20
"""Bytes of columns made at a time when the whole batch would leave the cache (measured: 1 MiB)."""


def pad(xp: Any, x: Array, over: Window, fill: float = 0.0) -> Array:
    """x with the window's padding around its last axes. Zeros and a slice assignment beat `pad` and `concat`."""
    if over.padded == over.size:
        return x
    lead = x.shape[: -len(over.size)]
    out = xp.full((*lead, *over.padded), fill, dtype=x.dtype, device=x.device)
    inner = tuple(slice(b, b + n) for b, n in zip(over.before, over.size, strict=True))
    out[..., *inner] = x
    return out


def columns(xp: Any, x: Array, over: Window) -> Iterator[tuple[slice, Array]]:
    """(images, columns (n,C,U,V,I,J)) for the whole batch, or for chunks of it that stay in the cache.

    Columns of a small batch are left for the gradient, which reads the very same ones.
    """
    n, c = x.shape[:2]
    one = c * math.prod(over.kernel) * math.prod(over.out) * _itemsize(x)
    if n * one <= LIMIT:
        yield slice(0, n), once(x, ("columns", over), lambda: _gather(xp, pad(xp, x, over), over))
        return
    at_once = max(1, CHUNK // one)
    padded = pad(xp, x, over)
    for start in range(0, n, at_once):
        images = slice(start, min(n, start + at_once))
        yield images, _gather(xp, padded[images, ...], over)


def _gather(xp: Any, padded: Array, over: Window) -> Array:
    n, c = padded.shape[:2]
    if over.kernel == (1,) * len(over.kernel):
        whole = padded[(slice(None), slice(None), *over.slices((0,) * len(over.kernel)))]
        return xp.reshape(whole, (n, c, *over.kernel, *over.out))
    out = xp.empty((n, c, *over.kernel, *over.out), dtype=padded.dtype, device=padded.device)
    every = (slice(None), slice(None))
    for tap in over.taps:
        out[(*every, *tap, ...)] = padded[(*every, *over.slices(tap))]
    return out


def _itemsize(x: Array) -> int:
    return {"float64": 8, "float32": 4, "float16": 2}.get(str(x.dtype).rsplit(".", 1)[-1], 8)
