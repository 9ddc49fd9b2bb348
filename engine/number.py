"""Traced numbers: arithmetic that remembers itself.

A `Number` knows the operation that made it, its operands, and (at the leaves) the tensor cell it was read from. Values
are computed in float64 when asked for, follow IEEE 754 and never raise: `1/0` is `inf`, `log(-1)` is `nan`.

A number has no truth value, so what a cell reads can not depend on values: write `select(condition, a, b)`, whose
three operands are all shown. The one exception is an integer read used as an index.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from stepgrad.engine.operators import (
    ABSOLUTE,
    ADD,
    COS,
    DIVIDE,
    EQUAL,
    EXP,
    FLOOR,
    GREATER,
    GREATER_EQUAL,
    LESS,
    LESS_EQUAL,
    LOG,
    LOG1P,
    MAXIMUM,
    MINIMUM,
    MULTIPLY,
    NEAREST,
    NEGATE,
    POWER,
    SELECT,
    SIGN,
    SIN,
    SQRT,
    SQUARE,
    SUBTRACT,
    TANH,
    Operator,
)

Index = tuple[int, ...]
Leaf = Callable[["Number"], float]
"""Gives a leaf's value: the number itself, or what stands for it (a rounded one, a changed one)."""


class Number:
    """A number that remembers how it came about."""

    __slots__ = ("_value",)
    _value: float

    @property
    def value(self) -> float:
        """The float64 value, computed once."""
        try:
            return self._value
        except AttributeError:
            self._value = self.evaluate(value_of)
            return self._value

    @property
    def operands(self) -> Sequence[Number]:
        return ()

    def evaluate(self, leaf: Leaf) -> float:
        """The value with `leaf` deciding what each leaf is worth."""
        raise TypeError(f"{type(self).__name__} has no value")

    def __bool__(self) -> bool:
        raise TypeError("a traced number has no truth value: use select(condition, a, b), so that both sides are shown")

    def __float__(self) -> float:
        return self.value

    def __add__(self, other: Operand) -> Number:
        return Operation(ADD, self, lift(other))

    def __radd__(self, other: Operand) -> Number:
        return Operation(ADD, lift(other), self)

    def __sub__(self, other: Operand) -> Number:
        return Operation(SUBTRACT, self, lift(other))

    def __rsub__(self, other: Operand) -> Number:
        return Operation(SUBTRACT, lift(other), self)

    def __mul__(self, other: Operand) -> Number:
        return Operation(MULTIPLY, self, lift(other))

    def __rmul__(self, other: Operand) -> Number:
        return Operation(MULTIPLY, lift(other), self)

    def __truediv__(self, other: Operand) -> Number:
        return Operation(DIVIDE, self, lift(other))

    def __rtruediv__(self, other: Operand) -> Number:
        return Operation(DIVIDE, lift(other), self)

    def __pow__(self, other: Operand) -> Number:
        return Operation(POWER, self, lift(other))

    def __rpow__(self, other: Operand) -> Number:
        return Operation(POWER, lift(other), self)

    def __neg__(self) -> Number:
        return Operation(NEGATE, self)

    def __lt__(self, other: Operand) -> Number:
        return Operation(LESS, self, lift(other))

    def __le__(self, other: Operand) -> Number:
        return Operation(LESS_EQUAL, self, lift(other))

    def __gt__(self, other: Operand) -> Number:
        return Operation(GREATER, self, lift(other))

    def __ge__(self, other: Operand) -> Number:
        return Operation(GREATER_EQUAL, self, lift(other))


Operand = Number | float


class Constant(Number):
    """A number that is no tensor cell: a divisor, eps, a learning rate. `name` says which, where it has one."""

    __slots__ = ("name",)

    def __init__(self, value: float, name: str = "") -> None:
        self._value = float(value)
        self.name = name

    def evaluate(self, leaf: Leaf) -> float:
        return leaf(self)


class Read(Number):
    """A cell that was read. `chosen_by` are the traced numbers used as indices (a class label picks its row)."""

    __slots__ = ("cells", "chosen_by", "index")

    def __init__(self, cells: Cells, index: Index, chosen_by: tuple[Number, ...] = ()) -> None:
        self.cells = cells
        self.index = index
        self.chosen_by = chosen_by

    def evaluate(self, leaf: Leaf) -> float:
        return leaf(self)

    @property
    def value(self) -> float:
        try:
            return self._value
        except AttributeError:
            self._value = self.cells.value(self.index)
            return self._value


class Padding(Number):
    """The marked zero of a tap outside the tensor; `index` is where it would have been (its ring is drawn there)."""

    __slots__ = ("cells", "chosen_by", "index")

    def __init__(self, cells: Cells, index: Index, chosen_by: tuple[Number, ...] = ()) -> None:
        self._value = 0.0
        self.cells = cells
        self.index = index
        self.chosen_by = chosen_by

    def evaluate(self, leaf: Leaf) -> float:
        return leaf(self)


class Operation(Number):
    """An operator applied to its operands."""

    __slots__ = ("_operands", "operator")

    def __init__(self, operator: Operator, *operands: Number) -> None:
        self.operator = operator
        self._operands = operands

    @property
    def operands(self) -> Sequence[Number]:
        return self._operands

    def evaluate(self, leaf: Leaf) -> float:
        return self.operator.apply(*[worth(operand, leaf) for operand in self._operands])


class Cells:
    """A tensor whose cells are read as traced numbers. `values` holds or fetches the host array."""

    __slots__ = ("_values", "name", "shape")

    def __init__(self, name: str, shape: Index, values: Any = None) -> None:
        self.name = name
        self.shape = shape
        self._values = values

    @property
    def ndim(self) -> int:
        return len(self.shape)

    def value(self, index: Index) -> float:
        if callable(self._values):
            self._values = self._values()
        return float(self._values[index])

    def __getitem__(self, index: int | Number | tuple[int | Number, ...]) -> Read:
        """The cell at `index`; a traced number in it is recorded as what chose the cell."""
        positions, chosen_by = _resolve(index)
        if not self._holds(positions):
            raise IndexError(f"{self.name}{list(positions)} is outside {self.name}, which is {list(self.shape)}")
        return Read(self, positions, chosen_by)

    def padded(self, *index: int | Number) -> Read | Padding:
        """The cell at `index`, or the marked zero of padding where that lies outside."""
        positions, chosen_by = _resolve(index)
        if self._holds(positions):
            return Read(self, positions, chosen_by)
        if len(positions) != self.ndim:
            raise IndexError(f"{self.name}{list(positions)} does not fit {self.name}, which is {list(self.shape)}")
        return Padding(self, positions, chosen_by)

    def _holds(self, index: Index) -> bool:
        if len(index) != len(self.shape):
            return False
        for i, size in zip(index, self.shape, strict=True):  # noqa: SIM110 - all() takes three times as long
            if not 0 <= i < size:
                return False
        return True


def _resolve(index: int | Number | tuple[int | Number, ...]) -> tuple[Index, tuple[Number, ...]]:
    parts = index if isinstance(index, tuple) else (index,)
    for part in parts:
        if isinstance(part, Number):
            break
    else:
        return parts, ()  # type: ignore[return-value]  # no part is a Number
    chosen_by = tuple(part for part in parts if isinstance(part, Number))
    return tuple(int(part.value) if isinstance(part, Number) else part for part in parts), chosen_by


def value_of(number: Number) -> float:
    return number.value


def worth(number: Number, leaf: Leaf) -> float:
    """What a number comes to with `leaf` for its leaves. Its own value is kept, so a part used often is run once."""
    return number.value if leaf is value_of else number.evaluate(leaf)


def lift(value: Operand) -> Number:
    """`value` as a traced number."""
    return value if isinstance(value, Number) else Constant(value)


def _function(operator: Operator) -> Callable[[Operand], Number]:
    return lambda a: Operation(operator, lift(a))


exp = _function(EXP)
log = _function(LOG)
log1p = _function(LOG1P)
sqrt = _function(SQRT)
tanh = _function(TANH)
absolute = _function(ABSOLUTE)
floor = _function(FLOOR)
nearest = _function(NEAREST)
sign = _function(SIGN)
cos = _function(COS)
sin = _function(SIN)


def square(a: Operand) -> Number:
    return Operation(SQUARE, lift(a))


def equal(a: Operand, b: Operand) -> Number:
    return Operation(EQUAL, lift(a), lift(b))


def maximum(a: Operand, b: Operand) -> Number:
    return Operation(MAXIMUM, lift(a), lift(b))


def minimum(a: Operand, b: Operand) -> Number:
    return Operation(MINIMUM, lift(a), lift(b))


def select(condition: Number, a: Operand, b: Operand) -> Number:
    """a where the condition holds, else b: all three are operands, and all three are shown."""
    return Operation(SELECT, condition, lift(a), lift(b))
