"""The receptive field by the recurrence, against the golden file and against what a cell really depends on."""

from __future__ import annotations

import numpy as np
import pytest
from golden_file import golden
from network import Network

from stepgrad.engine.lookup import receptive
from stepgrad.engine.ops.conv import Conv1d
from stepgrad.engine.ops.mul import Mul
from stepgrad.engine.ops.receptive_field import KernelSpan, ReceptiveField

STACKS = golden("receptive-field").attributes


def stack(layers: list[dict[str, int]]) -> Network:
    """field0, jump0, field1, jump1 ...: one layer more each time."""
    network = Network()
    field, jump = network.input("field", [1]), network.input("jump", [1])
    for k, layer in enumerate(layers):
        for what in ("kernel", "dilation", "stride"):
            network.input(f"{what}{k}", [layer[what]])
        network.add(f"span{k}", KernelSpan(), f"kernel{k}", f"dilation{k}")
        field = network.add(f"field{k}", ReceptiveField(), field, f"span{k}", jump)
        jump = network.add(f"jump{k}", Mul(), jump, f"stride{k}")
    return network


@pytest.mark.parametrize("name", STACKS)
def test_the_golden_fields(name: str) -> None:
    expected, layers = golden("receptive-field").expected, STACKS[name]
    run = stack(layers).run()
    assert [run.host(f"field{k}").item() for k in range(len(layers))] == expected[f"{name}_fields"]
    assert run.host(f"jump{len(layers) - 1}").item() == expected[f"{name}_jump"]


@pytest.mark.parametrize("name", STACKS)
def test_it_is_what_one_cell_depends_on(name: str) -> None:
    network = Network()
    before = network.input("x", np.ones((1, 1, 40)))
    for k, layer in enumerate(STACKS[name]):
        network.input(f"w{k}", np.ones((1, 1, layer["kernel"])))
        op = Conv1d(stride=layer["stride"], dilation=layer["dilation"])
        before = network.add(f"map{k}", op, before, f"w{k}")
    seen = sorted(index[2] for index in receptive(network.run(), before, (0, 0, 0), "x"))
    field = golden("receptive-field").expected[f"{name}_fields"][-1]
    assert seen[-1] - seen[0] + 1 == field
    assert len(seen) == field, "without gaps, in these stacks"
