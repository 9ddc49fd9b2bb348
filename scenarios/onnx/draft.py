"""The network in making: layers as a scenario will write them, in a graph that knows every shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

import stepgrad.engine.ops  # noqa: F401 - defining an op registers it
from stepgrad.engine.errors import StepgradError
from stepgrad.engine.graph import Graph, Role
from stepgrad.engine.op import Op, Ref, Spec, inputs_of, settings_of
from stepgrad.scenarios import limits
from stepgrad.scenarios.onnx.naming import Names
from stepgrad.scenarios.onnx.node import Array, Tensor, UnsupportedError, numbers

MOST = 2 * limits.ELEMENTS
"""Numbers that are given to a network, all of its tensors together."""
HEADER = 256
"""Bytes that a .npy file has beside its numbers, at most."""
PER_AXIS = ("Pair", "Padding")
"""The types of settings that are one number, or one an axis."""

SAID = ("kernel_size", "size")
"""Settings that a reader wants to see even where they are as they are by themselves."""


@dataclass(frozen=True)
class Layer:
    """A `[[layers]]` table to be."""

    name: str
    op: str
    inputs: tuple[str, ...]
    operands: Mapping[str, str | None]
    """Letter -> the tensor it names; None where the layer owns it, and it is in a file."""
    settings: Mapping[str, Any]
    origin: str
    """The node it comes from."""


@dataclass
class Draft:
    """Tensors are added once each; `naming` says what the next layers are called."""

    names: Names = field(default_factory=Names)
    graph: Graph = field(default_factory=Graph)
    arrays: dict[str, Array] = field(default_factory=dict)
    """The numbers of the tensors that are given."""
    shared: list[str] = field(default_factory=list)
    """Those that no layer owns."""
    layers: list[Layer] = field(default_factory=list)
    naming: str = "layer"
    origin: str = ""

    def input(self, name: str, shape: tuple[int, ...], dtype: str) -> Tensor:
        """What is fed to the network."""
        return self._tensor(self.graph.source(self.names.fresh(name), Spec(shape, dtype), "input"))

    def add(self, op: str, *inputs: Tensor | Array | None, part: str = "", **settings: Any) -> Tensor:
        """A layer on tensors of the network and on numbers. A `part` is a layer before the one that has the name."""
        name = self.names.fresh(f"{self.naming}_{part}" if part else self.naming)
        rule = Op.registry[op]
        owned = (*rule.parameters, *rule.buffers)
        signature = inputs_of(rule)
        letters = signature.names if signature.variadic is None else (signature.variadic,) * len(inputs)
        read: list[Tensor | None] = []
        operands: dict[str, str | None] = {}
        for letter, given in zip(letters, inputs, strict=False):
            tensor = numbers(given) if isinstance(given, np.ndarray) else given
            if tensor is not None and tensor.name is None:
                role: Role = "buffer" if letter in rule.buffers else "parameter"
                tensor = self._given(f"{name}.{letter}" if letter in owned else "", tensor, role)
                operands |= {letter: None} if letter in owned else {}
            elif tensor is not None and letter in owned:
                operands[letter] = tensor.name
            read.append(tensor if tensor is None or letter in owned else self._kept(tensor, rule.ranks.get(letter)))
        made = self._expanded(name, rule(**settings), [_ref(tensor) for tensor in read])
        free = [each for letter, each in zip(letters, read, strict=False) if letter not in owned and each is not None]
        self.layers.append(
            Layer(name, op, tuple(str(each.name) for each in free), operands, _chosen(rule, settings), self.origin)
        )
        return self._tensor(made)

    def _expanded(self, name: str, op: Op, refs: list[Ref | None]) -> Ref:
        nodes = len(self.graph.nodes)
        try:
            made = op.expand(self.graph, name, *refs)
        except StepgradError as fault:
            raise UnsupportedError(str(fault)) from None
        if self.graph.faults:
            raise UnsupportedError(self.graph.faults.pop().message)
        for node in self.graph.nodes[nodes:]:
            if node.size > limits.ELEMENTS:
                raise UnsupportedError(f"writes {node.spec}; at most {limits.ELEMENTS:,} numbers fit")
        assert made is not None
        return made

    def _given(self, name: str, tensor: Tensor, role: Role) -> Tensor:
        """Numbers become a source: a layer's own under its name, others under one of their own."""
        assert tensor.value is not None
        if sum(array.size for array in self.arrays.values()) + tensor.size > MOST:
            raise UnsupportedError(f"brings the numbers of the network to more than {MOST:,}")
        if tensor.value.nbytes + HEADER > limits.DATA_BYTES:
            raise UnsupportedError(
                f"brings a tensor of {tensor.value.nbytes:,} bytes; {limits.DATA_BYTES:,} fit a file"
            )
        if not name:
            name = self.names.fresh(f"{self.naming}_constant")
            self.shared.append(name)
        self.arrays[name] = tensor.value
        return self._tensor(self.graph.source(name, Spec(tensor.shape, tensor.dtype), role))

    def _kept(self, tensor: Tensor, ranks: tuple[int, ...] | None) -> Tensor:
        """Numbers that a scenario gives take axes of 1 up to what their first reader wants. An identity wants none."""
        if ranks is None or tensor.name not in self.graph.sources or tensor.ndim >= ranks[-1]:
            return tensor
        return self.add("identity", tensor, part="input")

    def _tensor(self, ref: Ref) -> Tensor:
        return Tensor(ref.shape, ref.spec.dtype, ref.name, self.arrays.get(ref.name))


def _ref(tensor: Tensor | None) -> Ref | None:
    return None if tensor is None else Ref(str(tensor.name), Spec(tensor.shape, tensor.dtype))


def _chosen(rule: type[Op], settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings worth writing down: those that are not as they are by themselves, each in its shortest form."""
    kinds = settings_of(rule)
    short = {name: _short(value) if kinds[name].startswith(PER_AXIS) else value for name, value in settings.items()}
    known = {each.name: each.default for each in fields(rule)}  # type: ignore[arg-type] # every op is a dataclass
    return {name: value for name, value in short.items() if name in SAID or known[name] != value}


def _short(value: Any) -> Any:
    """(2, 2) as 2, and (1, 1, 2, 2), before and after two axes, as (1, 2)."""
    if not isinstance(value, tuple) or not value:
        return value
    if len(set(value)) == 1:
        return value[0]
    if len(value) == 4 and value[0] == value[1] and value[2] == value[3]:
        return value[0], value[2]
    return value
