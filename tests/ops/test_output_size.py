"""Output sizes: against the golden file, against what convolutions really give, and by counting positions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from golden_file import golden
from network import Network

from stepgrad.engine.errors import GraphError, StepgradError
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.conv import Conv1d
from stepgrad.engine.ops.output_size import OutputSize, WindowFits

COLUMNS = ("x", "kernel", "stride", "padding")


def sizes(cases: list[list[float]], op: OutputSize | WindowFits) -> np.ndarray:
    network = Network()
    for name, column in zip(COLUMNS, zip(*cases, strict=True), strict=True):
        network.input(name, list(column))
    network.add("y", op, "x", "kernel", "padding", "stride")
    return network.run().host("y")


def test_the_golden_sizes() -> None:
    file = golden("feature-map-sizes")
    found = sizes(list(file.inputs.values()), OutputSize())
    assert dict(zip(file.inputs, found.tolist(), strict=True)) == file.expected


def test_it_is_the_size_of_a_convolution() -> None:
    cases = [list(case) for case in product((5, 8, 13), (1, 2, 5), (1, 2, 4), (0, 1, 3))]
    found = sizes(cases, OutputSize())
    for (x, kernel, stride, padding), size in zip(cases, found, strict=True):
        made = Conv1d(stride=stride, padding=padding).infer(Spec((1, 1, x)), Spec((1, 1, kernel)))
        assert made.shape[2] == size


def test_counting_the_positions_gives_the_formula() -> None:
    cases = [list(case) for case in product((5, 8, 13), (1, 2, 5), (1, 2, 4), (0, 1, 3))]
    fits = sizes(cases, WindowFits(positions=30))
    assert fits.sum(axis=1).tolist() == sizes(cases, OutputSize()).tolist()


def test_by_hand() -> None:
    """7 cells with the padding: windows of 3 start at 0, 2 and 4; at 6 the last one would overhang."""
    assert sizes([[5, 3, 2, 1]], WindowFits(positions=4)).tolist() == [[1, 1, 1, 0]]
    network = Network()
    for name, value in zip(COLUMNS, (5, 3, 2, 1), strict=True):
        network.input(name, [value])
    network.add("y", OutputSize(), "x", "kernel", "padding", "stride")
    trace = network.run().trace(network.graph["y"], (0,))
    assert trace.value == 3


@pytest.mark.parametrize(
    ("case", "message"),
    [
        ([5, 7, 1, 0], r"kernel\[0\] is 7; more than the size with its padding"),
        ([5, 3, 0, 0], r"stride\[0\] is 0; a window moves by 1 or more"),
    ],
)
def test_a_window_that_does_not_fit_or_move_is_refused(case: list[float], message: str) -> None:
    with pytest.raises(StepgradError, match=message):
        sizes([case], OutputSize())


def test_a_case_with_something_missing_is_refused() -> None:
    network = Network()
    for name, value in zip(COLUMNS, ([5, 6], [3], [1], [0]), strict=True):
        network.input(name, value)
    with pytest.raises(GraphError, match="give one of each a case"):
        network.add("y", OutputSize(), "x", "kernel", "padding", "stride")
