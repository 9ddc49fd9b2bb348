"""The data sets: their published sizes, and what makes them fit to learn from."""

from __future__ import annotations

import numpy as np
import pytest

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.datasets import load, mnist1d


def test_digits_are_the_published_ones() -> None:
    """1,797 images of 64 numbers from 0 to 16; the class counts are those of the set's documentation."""
    train, test = load("digits"), load("digits", "test")
    assert train.input.shape == (1347, 1, 8, 8)
    assert test.input.shape == (450, 1, 8, 8)
    labels = np.concatenate([train.label, test.label])
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert train.input.min() == 0
    assert train.input.max() == 16
    assert train.input[0, 0, 0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_mnist1d_has_its_published_form() -> None:
    train, test = load("mnist1d"), load("mnist1d", "test")
    assert train.input.shape == (3200, 1, 40)
    assert test.input.shape == (800, 1, 40)
    both = np.concatenate([train.input, test.input])
    assert both.mean() == pytest.approx(0, abs=1e-12)
    assert both.std() == pytest.approx(1)
    assert np.bincount(np.concatenate([train.label, test.label])).tolist() == [400] * 10
    assert np.allclose(mnist1d.templates()[:, [0, -1]], 0)
    assert np.allclose(mnist1d.templates().std(1), 1 / 6)


def test_a_fraction_takes_the_same_share_of_every_class() -> None:
    some = load("digits").fraction(0.05, seed=1)
    assert set(np.bincount(some.label).tolist()) <= {6, 7}
    assert np.array_equal(some.input, load("digits").fraction(0.05, seed=1).input)
    assert not np.array_equal(some.input[:60], load("digits").fraction(0.05, seed=2).input[:60])


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(StepgradError, match="there is no data set 'digts'; did you mean 'digits'"):
        load("digts")
    with pytest.raises(StepgradError, match="there is no split 'tset'; did you mean 'test'"):
        load("digits", "tset")
