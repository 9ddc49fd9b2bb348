"""A node of an ONNX model as its translation sees it, and the register of translations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.number import Index

if TYPE_CHECKING:
    from stepgrad.scenarios.onnx.draft import Draft

Array: TypeAlias = np.ndarray[Any, Any]

REAL = ("float16", "float32", "float64")


class UnsupportedError(StepgradError):
    """What a node asks for and no op of ours does."""


@dataclass(frozen=True, eq=False)
class Tensor:
    """What a node reads or writes: a tensor of the network, which has a name, or numbers that the model brings."""

    shape: Index
    dtype: str
    name: str | None = None
    value: Array | None = None

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))


def numbers(value: Array) -> Tensor:
    """Numbers that the model brings."""
    return Tensor(value.shape, str(value.dtype), None, value)


@dataclass(frozen=True)
class Node:
    """One node. An input that is left out is None. Its attributes are read by what they have to be."""

    op: str
    inputs: tuple[Tensor | None, ...]
    attributes: dict[str, Any] = field(default_factory=dict)
    opset: int = 13
    outputs: int = 1

    def given(self, k: int) -> Tensor | None:
        """Input k, or None where it is left out."""
        return self.inputs[k] if k < len(self.inputs) else None

    def real(self, k: int = 0) -> Tensor:
        """Input k, which has to be there and hold real numbers."""
        tensor = self.given(k)
        only(tensor is not None, f"input {k} is missing")
        assert tensor is not None
        only(tensor.dtype in REAL, "not in real numbers")
        return tensor

    def constant(self, k: int) -> Array | None:
        """The numbers of input k, which the model has to bring; None where it is left out."""
        tensor = self.given(k)
        only(tensor is None or tensor.value is not None, f"input {k} is worked out by the network; it has to be given")
        return None if tensor is None else tensor.value

    def known(self, k: int) -> Array:
        """The numbers of input k, which has to be there, too."""
        array = self.constant(k)
        only(array is not None, f"input {k} is missing")
        assert array is not None
        return array

    def whole(self, k: int, attribute: str = "") -> list[int]:
        """Whole numbers that newer versions give as input k, and older ones as an attribute."""
        array = self.constant(k)
        return self.integers(attribute, ()) if array is None else [int(n) for n in array.reshape(-1)]

    def integers(self, name: str, default: Sequence[int]) -> list[int]:
        value = self.attributes.get(name, list(default))
        only(isinstance(value, (list, tuple)) and all(type(n) is int for n in value), f"{name} is no list of integers")
        return list(value)

    def integer(self, name: str, default: int) -> int:
        value = self.attributes.get(name, default)
        only(type(value) is int, f"{name} is no whole number")
        return int(value)

    def number(self, name: str, default: float) -> float:
        """A number as it was written: 0.1, where the model's float32 holds 0.10000000149."""
        value = self.attributes.get(name, default)
        only(isinstance(value, (int, float)), f"{name} is no number")
        return float(str(np.float32(value))) if name in self.attributes else float(value)

    def text(self, name: str, default: str) -> str:
        value = self.attributes.get(name, default.encode())
        only(isinstance(value, bytes), f"{name} is no text")
        return str(value.decode(errors="replace"))


def only(applies: bool, why: str) -> None:
    """Raise UnsupportedError unless the node is one for us."""
    if not applies:
        raise UnsupportedError(why)


Translation = Callable[[Node, "Draft"], Sequence["Tensor | None"]]
"""Adds a node to a draft; gives the tensor of each output, None where we have no such output."""

TRANSLATIONS: dict[str, Translation] = {}


def translates(operator: str) -> Callable[[Translation], Translation]:
    def register(translation: Translation) -> Translation:
        TRANSLATIONS[operator] = translation
        return translation

    return register
