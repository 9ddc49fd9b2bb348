"""MNIST-1D: ten little curves, stretched, moved, made noisy and sheared, 40 samples each. Made by rule, from a seed.

The templates and the steps are those of S. Greydanus and D. Kobak, "Scaling down deep learning with MNIST-1D" (2024),
whose package (Apache-2.0) this follows; the random numbers are NumPy's own generator's, so single curves differ.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

Values = np.ndarray[Any, Any]

SAMPLES = 4000
TRAIN = 3200
LENGTH = 40
PADDING = (36, 60)
TRANSLATION = 48
SCALE = 0.4
SHEAR = 0.75
CORRELATED_NOISE = 0.25
NOISE = 0.02
SEED = 42

_TEMPLATES = np.array(
    [
        [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
        [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
        [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
        [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
        [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
        [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
        [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
        [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
    ]
)


def templates() -> Values:
    """The ten curves, each with deviation 1/6, starting and ending at 0."""
    x: Values = _TEMPLATES - _TEMPLATES.mean(1, keepdims=True)
    x /= x.std(1, keepdims=True)
    return (x - x[:, :1]) / 6


@cache
def _made() -> tuple[Values, Values]:
    random = np.random.default_rng(SEED)
    labels = np.repeat(np.arange(10), SAMPLES // 10)
    curves = np.stack([_curve(templates()[k], random) for k in labels])
    order = random.permutation(SAMPLES)
    return ((curves - curves.mean()) / curves.std())[order], labels[order]


def load(split: str) -> tuple[Values, Values]:
    """Signals (N,1,40), mean 0 and deviation 1 over the whole set, and their labels (N)."""
    x, y = _made()
    part = slice(0, TRAIN) if split == "train" else slice(TRAIN, None)
    return x[part, None, :], y[part]


def _curve(template: Values, random: np.random.Generator) -> Values:
    low, high = PADDING
    padded = np.concatenate([template + 1e-8, np.zeros(random.integers(low, high + 1))])
    x = _resampled(padded, len(template) + high) * (1 + SCALE * (random.random() - 0.5))
    x = np.roll(x, random.integers(TRANSLATION))
    x = np.where(x != 0, x, _smoothed(CORRELATED_NOISE * random.standard_normal(x.shape)))
    x = x + NOISE * random.standard_normal(x.shape)
    x = x - SHEAR * (random.random() - 0.5) * np.linspace(-0.5, 0.5, len(x))
    return _resampled(x, LENGTH)


def _resampled(x: Values, length: int) -> Values:
    """x at `length` evenly spaced points, between its samples in straight lines."""
    return np.interp(np.linspace(0, 1, length), np.linspace(0, 1, len(x)), x)


def _smoothed(x: Values) -> Values:
    """x under a Gaussian of deviation 2, cut at four deviations, the ends mirrored."""
    at = np.arange(-8, 9)
    weights = np.exp(-(at**2) / 8)
    return np.convolve(np.pad(x, 8, mode="symmetric"), weights / weights.sum(), mode="valid")
