"""Data sets small enough to travel with the program, or made by a rule: nothing is downloaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from stepgrad.engine.errors import StepgradError, did_you_mean
from stepgrad.scenarios.datasets import digits, mnist1d

Values = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Dataset:
    """Inputs (N, channels, ...) and their class labels (N)."""

    input: Values
    label: Values

    def fraction(self, share: float, seed: int) -> Dataset:
        """The same share of every class (one row at least), chosen by seed, in the order they stand."""
        if share >= 1:
            return self
        chosen: list[int] = []
        for k in np.unique(self.label):
            rows = np.flatnonzero(self.label == k)
            count = max(1, round(share * len(rows)))
            chosen += np.random.default_rng([seed, int(k)]).permutation(rows)[:count].tolist()
        return Dataset(self.input[sorted(chosen)], self.label[sorted(chosen)])


Load = Callable[[str], tuple[Values, Values]]
DATASETS: dict[str, Load] = {"digits": digits.load, "mnist1d": mnist1d.load}
SPLITS = ("train", "test")


def load(name: str, split: str = "train") -> Dataset:
    """A data set by name. Raises StepgradError with what there is."""
    if name not in DATASETS:
        raise StepgradError(
            f"there is no data set '{name}'{did_you_mean(name, DATASETS)}; known: {', '.join(DATASETS)}"
        )
    if split not in SPLITS:
        raise StepgradError(f"there is no split '{split}'{did_you_mean(split, SPLITS)}; give train or test")
    return Dataset(*DATASETS[name](split))
