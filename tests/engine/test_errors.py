"""What was meant, where something was nearly written."""

from __future__ import annotations

import pytest

from stepgrad.engine.errors import did_you_mean

OPS = ("relu", "max_pool2d", "batch_norm2d", "conv2d", "linear")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("relus", "relu"),
        ("ReLU", "relu"),
        ("MaxPool2d", "max_pool2d"),
        ("BatchNorm2d", "batch_norm2d"),
        ("CONV2D", "conv2d"),
    ],
)
def test_capitals_do_not_matter(written: str, meant: str) -> None:
    assert did_you_mean(written, OPS) == f"; did you mean '{meant}'?"


def test_what_is_meant_is_told_as_it_is_written() -> None:
    assert did_you_mean("w1.GRAD", ["W1.grad"]) == "; did you mean 'W1.grad'?"


def test_nothing_close_is_nothing() -> None:
    assert did_you_mean("zzz", OPS) == ""
