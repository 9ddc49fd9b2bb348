"""Batches: which rows an iteration reads. Any iteration's are known without drawing the ones before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Batches:
    """`rows` rows dealt out `batch` at a time. Every pass over them has an order of its own, by (seed, pass).

    The last batch of a pass is short where the rows do not come out even.
    """

    rows: int
    batch: int
    seed: int
    shuffle: bool = True

    @property
    def in_a_pass(self) -> int:
        """Batches in one pass over the rows (an epoch)."""
        return -(-self.rows // self.batch)

    def of(self, iteration: int) -> np.ndarray[Any, Any]:
        """The rows of an iteration."""
        epoch, k = divmod(iteration, self.in_a_pass)
        order = _order(self.rows, self.seed, epoch) if self.shuffle else np.arange(self.rows)
        return order[k * self.batch : (k + 1) * self.batch]

    def size(self, iteration: int) -> int:
        """How many rows an iteration reads."""
        last = iteration % self.in_a_pass == self.in_a_pass - 1
        return self.rows - (self.in_a_pass - 1) * self.batch if last else min(self.batch, self.rows)

    def sizes(self, iterations: int) -> list[tuple[int, int]]:
        """[(rows, how many iterations in a row read that many), ...]."""
        every = map(self.size, range(iterations))
        return [(size, sum(1 for _ in group)) for size, group in groupby(every)]


@lru_cache(maxsize=4)
def _order(rows: int, seed: int, epoch: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng([seed, epoch]).permutation(rows)
