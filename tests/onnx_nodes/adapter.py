"""The register of adapters: how an ONNX operator is put as ops of ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from network import Network
from onnx_nodes.node_cases import Array, NodeCase

from stepgrad.engine.op import Op
from stepgrad.scenarios.onnx.draft import Draft
from stepgrad.scenarios.onnx.node import REAL, Node, Tensor, only
from stepgrad.scenarios.onnx.node import UnsupportedError as NotApplicable
from stepgrad.scenarios.onnx.translations import TRANSLATIONS

__all__ = ["ADAPTERS", "Adapter", "NotApplicable", "adapts", "add", "given", "only", "real", "translated"]

Adapter = Callable[[NodeCase, Network], Sequence[str | None]]
"""Adds the case to a network; gives the tensor of each output, None where we have no such output."""

ADAPTERS: dict[str, Adapter] = {}


def adapts(operator: str) -> Callable[[Adapter], Adapter]:
    def register(adapter: Adapter) -> Adapter:
        ADAPTERS[operator] = adapter
        return adapter

    return register


def given(case: NodeCase, k: int) -> Array | None:
    """Input k, or None where it is left out."""
    return case.inputs[k] if k < len(case.inputs) else None


def real(case: NodeCase, k: int = 0) -> Array:
    """Input k, which has to be there and hold real numbers."""
    array = given(case, k)
    assert array is not None
    only(str(array.dtype) in REAL, "not in real numbers")
    return array


def translated(case: NodeCase, network: Network) -> Sequence[str | None]:
    """The case as the importer puts it, every input both a tensor of the network and numbers that are known."""
    draft = Draft(graph=network.graph, arrays=network.arrays)
    inputs: list[Tensor | None] = []
    for k, array in enumerate(case.inputs):
        if array is not None:
            name = draft.names.fresh(f"in{k}")
            network.input(name, array)
            inputs.append(Tensor(array.shape, str(array.dtype), name, array))
        else:
            inputs.append(None)
    node = Node(case.op, tuple(inputs), case.attributes, case.opset, len(case.outputs))
    made = TRANSLATIONS[case.op](node, draft)
    return [None if tensor is None else _named(tensor, network) for tensor in made]


def _named(tensor: Tensor, network: Network) -> str:
    """The node that writes a tensor; what is passed on as it is has one more."""
    assert tensor.name is not None
    return (
        tensor.name
        if tensor.name in network.graph.state.values() or network.graph.node(tensor.name)
        else (network.add(f"{tensor.name}_kept", Op.registry["identity"](), tensor.name))
    )


def add(network: Network, op: Op | str, *inputs: Array | str | None, phase: Any = "forward", **settings: Any) -> str:
    """The op on arrays, or on tensors that are there already; gives the name of its output."""
    made = Op.registry[op](**settings) if isinstance(op, str) else op
    names = []
    for array in inputs:
        named = array is None or isinstance(array, str)
        names.append(array if named else network.input(f"in{len(network.arrays)}", np.asarray(array)))
    return network.add(f"out{len(network.graph.nodes)}", made, *names, phase=phase)
