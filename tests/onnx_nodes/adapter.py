"""The register of adapters: how an ONNX operator is put as ops of ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from network import Network
from onnx_nodes.node_cases import Array, NodeCase

from stepgrad.engine.op import Op

Adapter = Callable[[NodeCase, Network], Sequence[str | None]]
"""Adds the case to a network; gives the tensor of each output, None where we have no such output."""

ADAPTERS: dict[str, Adapter] = {}

REAL = ("float16", "float32", "float64")


class NotApplicable(Exception):  # noqa: N818 - not an error: the case asks for what we do not do
    """Why a case can not be put to our op."""


def adapts(operator: str) -> Callable[[Adapter], Adapter]:
    def register(adapter: Adapter) -> Adapter:
        ADAPTERS[operator] = adapter
        return adapter

    return register


def only(applies: bool, why: str) -> None:
    """Raise NotApplicable unless the case is one for us."""
    if not applies:
        raise NotApplicable(why)


def given(case: NodeCase, k: int) -> Array | None:
    """Input k, or None where it is left out."""
    return case.inputs[k] if k < len(case.inputs) else None


def real(case: NodeCase, k: int = 0) -> Array:
    """Input k, which has to be there and hold real numbers."""
    array = given(case, k)
    assert array is not None
    only(str(array.dtype) in REAL, "not in real numbers")
    return array


def whole(case: NodeCase, k: int, attribute: str = "") -> list[int]:
    """Whole numbers that newer versions give as input k, and older ones as an attribute."""
    array = given(case, k)
    return [int(n) for n in (case.attributes.get(attribute, ()) if array is None else array)]


def add(network: Network, op: Op | str, *inputs: Array | str | None, phase: Any = "forward", **settings: Any) -> str:
    """The op on arrays, or on tensors that are there already; gives the name of its output."""
    made = Op.registry[op](**settings) if isinstance(op, str) else op
    names = []
    for array in inputs:
        named = array is None or isinstance(array, str)
        names.append(array if named else network.input(f"in{len(network.arrays)}", np.asarray(array)))
    return network.add(f"out{len(network.graph.nodes)}", made, *names, phase=phase)
