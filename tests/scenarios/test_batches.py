"""Batches: every row once a pass, and any iteration's rows without the ones before it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.scenarios.batches import Batches


@given(rows=st.integers(1, 40), batch=st.integers(1, 50), seed=st.integers(0, 9), shuffle=st.booleans())
def test_a_pass_deals_every_row_once(rows: int, batch: int, seed: int, shuffle: bool) -> None:
    batches = Batches(rows, batch, seed, shuffle)
    for epoch in range(3):
        dealt = [batches.of(epoch * batches.in_a_pass + k) for k in range(batches.in_a_pass)]
        assert sorted(np.concatenate(dealt).tolist()) == list(range(rows))


@given(rows=st.integers(1, 40), batch=st.integers(1, 50), iterations=st.integers(1, 60))
def test_sizes_are_those_of_the_batches(rows: int, batch: int, iterations: int) -> None:
    batches = Batches(rows, batch, 0)
    sizes = [size for size, count in batches.sizes(iterations) for _ in range(count)]
    assert sizes == [len(batches.of(i)) for i in range(iterations)]


def test_the_last_batch_is_short() -> None:
    assert Batches(10, 4, 0).sizes(7) == [(4, 2), (2, 1), (4, 2), (2, 1), (4, 1)]


def test_in_order_without_shuffling() -> None:
    assert [Batches(5, 2, 0, shuffle=False).of(i).tolist() for i in range(4)] == [[0, 1], [2, 3], [4], [0, 1]]


def test_order_differs_from_pass_to_pass_and_from_seed_to_seed() -> None:
    first = Batches(50, 50, 0)
    assert first.of(0).tolist() != first.of(1).tolist()
    assert first.of(0).tolist() != Batches(50, 50, 1).of(0).tolist()
