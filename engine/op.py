"""The contract of an op: one formula written twice, and the registry.

`compute` is the vectorised rule, what the machine does. `cell` is the scalar rule, what one output cell *is*: plain
arithmetic on traced numbers. The laws in `tests/laws` hold the two together for every op, by its existing.

One letter an axis, in every rule: `n` sample, `c` input channel, `m` output channel, `i j` output row and column,
`u v` kernel row and column, `h g` input row and column.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from inspect import Parameter, signature
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from stepgrad.engine.errors import ShapeError
from stepgrad.engine.number import Index, Operand

if TYPE_CHECKING:
    from stepgrad.engine.graph import Graph, Phase

Array = Any
"""An array of any namespace (NumPy, CuPy, array-api-strict)."""

Pair = int | tuple[int, ...]
"""A number for every axis, or one for each."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A tensor's shape and dtype, written `float64[1,3,28,28]`."""

    shape: Index
    dtype: str = "float64"

    def __str__(self) -> str:
        return f"{self.dtype}[{','.join(map(str, self.shape))}]"

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    def with_shape(self, *shape: int) -> Spec:
        return Spec(shape, self.dtype)

    def index(self, number: int) -> Index:
        """The index of cell `number`, in row order."""
        index = []
        for size in reversed(self.shape):
            number, i = divmod(number, size)
            index.append(i)
        return tuple(reversed(index))

    def number(self, index: Index) -> int:
        """The number of the cell at `index`, in row order."""
        number = 0
        for i, size in zip(index, self.shape, strict=True):
            number = number * size + i
        return number

    @property
    def is_integer(self) -> bool:
        return self.dtype.startswith(("int", "uint"))


@dataclass(frozen=True, slots=True)
class Ref:
    """A tensor as a gradient rule sees it: a name to read from, and its spec."""

    name: str
    spec: Spec

    @property
    def shape(self) -> Index:
        return self.spec.shape


@dataclass(frozen=True, slots=True)
class Initial:
    """How a parameter starts where the scenario gives none: uniform in [low, high), or all `low` where they agree."""

    shape: Index
    low: float
    high: float


@dataclass(frozen=True)
class Example:
    """Inputs and settings an op is tried on: a tuple is a shape to draw, a list a literal, None an absent input."""

    arguments: Mapping[str, Any]
    smooth: bool = True
    """Whether the op is differentiable at these inputs (no kink, no tie)."""

    def __str__(self) -> str:
        return ", ".join(f"{key}={value}" for key, value in self.arguments.items())


def example(*, smooth: bool = True, **arguments: Any) -> Example:
    return Example(arguments, smooth)


Gradient = tuple[Any, ...]
"""A gradient node to be: (op, its inputs as `Ref` or None...)."""


class Op:
    """One operation on tensors. A subclass is a frozen dataclass: its fields are the settings.

    The parameters of `infer` are the inputs, by name: `= None` is optional, `*xs` any number. Defining a class with a
    `name` registers it.
    """

    registry: ClassVar[dict[str, type[Op]]] = {}

    name: ClassVar[str]
    """PyTorch's functional name."""
    kind: ClassVar[Literal["layer", "part", "loss", "optimizer", "gradient"]] = "layer"
    """A part is a node that only a composite adds."""
    parameters: ClassVar[tuple[str, ...]] = ()
    """Inputs that are learned: a layer owns them, and names them `layer.weight`."""
    buffers: ClassVar[tuple[str, ...]] = ()
    """Inputs that a layer owns and keeps, but does not learn (running statistics)."""
    composite: ClassVar[bool] = False
    """Whether the op is several nodes (see `expand`) and has no rule of its own."""
    ranks: ClassVar[Mapping[str, tuple[int, ...]]] = {}
    """The ranks a literal input may be written with: it takes leading axes of 1 up to the last of them."""
    integers: ClassVar[tuple[str, ...]] = ()
    """Inputs that hold whole numbers (class labels)."""
    examples: ClassVar[tuple[Example, ...]] = ()

    @property
    def note(self) -> str:
        """What a reader should know beside the formula ("unflipped", "biased: / 8")."""
        return ""

    @property
    def formula(self) -> str:
        """The scalar rule in letters: the parameters of `infer` are the inputs, `y` the output."""
        raise TypeError(f"{type(self).__name__} has no formula")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "name" in cls.__dict__:
            known = Op.registry.get(cls.name)
            if known is not None and known.__qualname__ != cls.__qualname__:
                raise TypeError(f"two ops are called {cls.name}: {known.__qualname__} and {cls.__qualname__}")
            Op.registry[cls.name] = cls

    def infer(self, *args: Any, **kwargs: Any) -> Spec:
        """The spec of the output. Raises ShapeError saying what was received and what fits."""
        raise TypeError(f"{self.name} has no infer")

    def compute(self, xp: Any, *args: Any, **kwargs: Any) -> Array:
        """The output, vectorised, in the namespace `xp` and on the device of the inputs."""
        raise TypeError(f"{self.name} has no compute")

    def cell(self, index: Index, *args: Any, **kwargs: Any) -> Operand:
        """One cell of the output, from traced `Cells`."""
        raise TypeError(f"{self.name} has no cell")

    def gradient(self, *args: Any, **kwargs: Any) -> Mapping[str, Gradient]:
        """For each input, by name: the op and inputs of its gradient node; `xs.0`, `xs.1` where there are any number.

        Called with the inputs as `Ref` (None where absent), and y and dy by keyword.
        """
        return {}

    def expand(self, graph: Graph, name: str, *inputs: Ref | None, phase: Phase = "forward") -> Ref | None:
        """Add the op to a graph as the layer `name`: one node, or the named parts of a composite."""
        return graph.add(name, self, *inputs, layer=name, phase=phase)

    def initial(self, *args: Any, **kwargs: Any) -> Mapping[str, Initial]:
        """PyTorch's default start of each parameter: called with x's spec, and the sizes named as keywords."""
        return {}


@dataclass(frozen=True)
class Signature:
    """The inputs of an op, read off `infer`."""

    names: tuple[str, ...]
    optional: frozenset[str]
    variadic: str | None


_signatures: dict[type, Signature] = {}


def inputs_of(op: type[Op]) -> Signature:
    """The names of an op's inputs, in order."""
    known = _signatures.get(op)
    if known is None:
        known = _signatures[op] = _read_signature(op)
    return known


def _read_signature(op: type[Op]) -> Signature:
    found = list(signature(op.infer).parameters.values())[1:]
    variadic = next((p.name for p in found if p.kind is Parameter.VAR_POSITIONAL), None)
    names = tuple(p.name for p in found if p.kind is not Parameter.VAR_POSITIONAL)
    return Signature(names, frozenset(p.name for p in found if p.default is None), variadic)


def input_keys(op: type[Op], count: int) -> list[str]:
    """The name of each input, as a gradient rule gives them: `xs.0`, `xs.1` where there are any number."""
    signature = inputs_of(op)
    return list(signature.names) if signature.variadic is None else [f"{signature.variadic}.{k}" for k in range(count)]


def sizes_of(op: type[Op]) -> tuple[str, ...]:
    """The sizes `initial` wants (out_channels, kernel_size ...), which a scenario gives where it gives no weight."""
    found = signature(op.initial).parameters.values()
    return tuple(p.name for p in found if p.kind is Parameter.KEYWORD_ONLY)


def settings_of(op: type[Any]) -> dict[str, Any]:
    """An op's settings: name -> declared type."""
    return {field.name: field.type for field in fields(op)}


def per_axis(value: Pair, axes: int, what: str) -> Index:
    """`value` for every axis: 2 -> (2, 2)."""
    if isinstance(value, int):
        return (value,) * axes
    if len(value) != axes:
        raise ShapeError(f"{what} is {list(value)}: give one number, or {axes} (one an axis)")
    return tuple(value)


def expect(condition: bool, message: Callable[[], str]) -> None:
    """Raise ShapeError unless the condition holds."""
    if not condition:
        raise ShapeError(message())
