"""Names of layers, made from what a model calls its nodes."""

from __future__ import annotations

import re

import pytest

from stepgrad.scenarios.names import PATTERN
from stepgrad.scenarios.onnx.naming import Names, legal, scoped


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("conv1", "conv1"),
        ("layer1.0/conv1", "layer1_0_conv1"),
        ("/a//b/", "a_b"),
        ("12", "n_12"),
        ("-x-", "x"),
        ("日本", "n"),
        ("", "n"),
        ("_hidden", "hidden"),
        ("a" * 70 + "end", "a" * 59 + "end"),
    ],
)
def test_a_name_becomes_legal(name: str, expected: str) -> None:
    assert legal(name) == expected
    assert re.fullmatch(PATTERN, expected)


def test_a_long_name_keeps_its_end_and_starts_with_a_letter() -> None:
    found = legal("block/" * 30 + "9" * 60 + "conv")
    assert len(found) <= 64
    assert found.endswith("conv")
    assert re.fullmatch(PATTERN, found)


def test_every_name_is_given_once() -> None:
    names = Names()
    assert [names.fresh(name) for name in ("a", "A", "a", "a_2", "b/c", "b_c")] == [
        "a",
        "A_2",
        "a_3",
        "a_2_2",
        "b_c",
        "b_c_2",
    ]


def test_a_long_name_given_twice_is_not_longer() -> None:
    names = Names()
    found = [names.fresh("x" * 100) for _ in range(20)]
    assert len(set(found)) == 20
    assert max(map(len, found)) <= 64


@pytest.mark.parametrize("name", ["forward", "loss", "backward", "update", "Optimizer"])
def test_names_that_mean_something_else_are_not_given(name: str) -> None:
    assert Names().fresh(name) == f"{name}_2"


def test_an_operator_that_is_all_a_module_does_goes_by_the_modules_name() -> None:
    """Paths as PyTorch writes them."""
    names = {
        "/conv1/Conv": "conv1",
        "/layer1/layer1.0/conv1/Conv": "layer1.0/conv1",
        "/layer1/layer1.0/Add": "layer1.0/Add",
        "/act/Sigmoid": "act/Sigmoid",
        "/act/Mul": "act/Mul",
        "/Relu": "Relu",
        "": "",
    }
    assert scoped(names) == names
