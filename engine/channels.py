"""Arithmetic by channel: sums over everything but axis 1, and one number a channel set beside a tensor."""

from __future__ import annotations

import math
from typing import Any

from stepgrad.engine.number import Index
from stepgrad.engine.op import Array
from stepgrad.engine.scratch import once, taken


def channel_size(shape: Index) -> int:
    """How many cells a channel has, in all images."""
    return shape[0] * math.prod(shape[2:])


def beside(xp: Any, values: Array, x: Array) -> Array:
    """One value a channel (or one for all) in the shape that broadcasts against x (N,C,...)."""
    return values if x.ndim <= 2 else xp.reshape(values, (-1,) + (1,) * (x.ndim - 2))


def channel_dot(xp: Any, a: Array, b: Array) -> Array:
    """sum of a[n,c,...]*b[n,c,...] over all but c.   a, b (N,C,...) -> (C)"""
    if a.ndim == 2:
        return xp.sum(a * b, axis=0)
    # Products that are never stored: three times as fast as multiplying and adding up.
    return xp.sum(xp.vecdot(_flat(xp, a), _flat(xp, b)), axis=0)


def channel_sum(xp: Any, x: Array) -> Array:
    """sum of x[n,c,...] over all but c.   x (N,C,...) -> (C)"""
    if x.ndim == 2:
        return xp.sum(x, axis=0)
    cells = _flat(xp, x)
    return xp.sum(xp.vecdot(cells, xp.ones(cells.shape[-1:], dtype=x.dtype, device=x.device)), axis=0)


def _flat(xp: Any, x: Array) -> Array:
    """x as (N, C, cells of a channel)."""
    return xp.reshape(x, (*x.shape[:2], math.prod(x.shape[2:])))


def deviation(xp: Any, x: Array, mean: Array, *, take: bool = False) -> Array:
    """x[n,c,...] - mean[c], made once for all who ask, until one takes it, and may write into it."""
    kept = taken if take else once
    # The mean is kept with what it made, so that its id stays its own.
    return kept(x, ("deviation", id(mean)), lambda: (mean, wide(xp, x) - beside(xp, wide(xp, mean), x)))[1]


def wide(xp: Any, x: Array) -> Array:
    """float16 as float32, in which sums over a batch neither overflow nor lose small terms; others as they are."""
    return xp.astype(x, xp.float32) if getattr(x.dtype, "itemsize", 0) == 2 else x
