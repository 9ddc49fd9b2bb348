"""Handwritten digits, 8x8, whole numbers 0 to 16: 1,797 images by 13 writers.

Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits (1998), UCI Machine Learning Repository,
published under CC BY 4.0: its test part, as scikit-learn distributes it. Here the first 1,347 images train and the
last 450 are held out, in the order of the file.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

TRAIN = 1347


@cache
def _table() -> np.ndarray[Any, Any]:
    packed = (files("stepgrad.scenarios.datasets") / "digits.csv.gz").read_bytes()
    return np.loadtxt(gzip.decompress(packed).decode("ascii").splitlines(), delimiter=",", dtype=np.int64)


def load(split: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Images (N,1,8,8) as float64, and their labels (N)."""
    rows = _table()[:TRAIN] if split == "train" else _table()[TRAIN:]
    return rows[:, :64].reshape(-1, 1, 8, 8).astype(np.float64), rows[:, 64]
