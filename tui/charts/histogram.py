"""How the values of a tensor are spread: a bar for each bin, and one each for exact zeros, NaN and Inf."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stepgrad.tui.charts.axis import multiples, round_step, write
from stepgrad.tui.charts.bars import Bar
from stepgrad.tui.charts.levels import Array

DISTINCT = 12
"""So many different values, or fewer, have a bar each."""


class Bins(NamedTuple):
    """Counts of values: those between two edges, zero left out, and those that are exact zeros or no finite numbers."""

    edges: tuple[float, ...]
    """One more than there are counts; the last bin holds its upper edge. Equal to the values where each has its bin."""
    counts: tuple[int, ...]
    zeros: int = 0
    nan: int = 0
    plus_inf: int = 0
    minus_inf: int = 0

    @property
    def are_values(self) -> bool:
        """Whether each bin is a single value."""
        return len(self.edges) == len(self.counts)


def bins(values: Array, most: int) -> Bins:
    """The values of a tensor in at most `most` bins with round edges; few different values in a bin each."""
    values = np.asarray(values, np.float64).ravel()
    nan, plus, minus = (int(test(values).sum()) for test in (np.isnan, np.isposinf, np.isneginf))
    zeros = int((values == 0).sum())
    rest = values[np.isfinite(values) & (values != 0)]
    edges, counts = _few(rest, min(most, DISTINCT)) or _binned(rest, max(most, 2))
    return Bins(edges, counts, zeros, nan, plus, minus)


def _few(values: Array, most: int) -> tuple[tuple[float, ...], tuple[int, ...]] | None:
    """Each value with its count; None where there are too many."""
    # Looked at in part first: sorting a large tensor only to find it has many values takes long.
    if len(np.unique(values[:4096])) > most:
        return None
    found, counts = np.unique(values, return_counts=True)
    if len(found) > most:
        return None
    return tuple(map(float, found)), tuple(map(int, counts))


def _binned(values: Array, most: int) -> tuple[tuple[float, ...], tuple[int, ...]]:
    low, high = float(values.min()), float(values.max())
    # One fewer: round edges reach beyond both ends.
    step = round_step(high / 2 - low / 2, max(most - 1, 1) / 2)
    edges = multiples(low, high, step) if low + step > low else (low, high)
    counts, _ = np.histogram(values, np.asarray(edges))
    return edges, tuple(map(int, counts))


def histogram_bars(found: Bins) -> list[Bar]:
    """The bars, from the smallest value to the largest; zeros stand in their place, NaN last."""
    bars = [Bar(_label(found, i), count, "done") for i, count in enumerate(found.counts)]
    if found.zeros:
        below = sum(edge < 0 for edge in found.edges[: len(found.counts)])
        bars.insert(below, Bar("exactly 0" if not found.are_values else "0", found.zeros, "hue2"))
    if found.minus_inf:
        bars.insert(0, Bar("-Inf", found.minus_inf, "wrong"))
    if found.plus_inf:
        bars.append(Bar("Inf", found.plus_inf, "wrong"))
    if found.nan:
        bars.append(Bar("NaN", found.nan, "wrong"))
    return _aligned(bars)


def _label(found: Bins, i: int) -> str:
    if found.are_values:
        return write(found.edges[i])
    return f"{write(found.edges[i])} to {write(found.edges[i + 1])}"


def _aligned(bars: Sequence[Bar]) -> list[Bar]:
    """The labels as wide as the widest, the `to` of all of them in one column."""
    left = max((len(bar.label.partition(" to ")[0]) for bar in bars if " to " in bar.label), default=0)
    labels = [
        f"{bar.label.partition(' to ')[0]:>{left}} to {bar.label.partition(' to ')[2]}"
        if " to " in bar.label
        else bar.label
        for bar in bars
    ]
    return [bar._replace(label=label) for bar, label in zip(bars, labels, strict=True)]
