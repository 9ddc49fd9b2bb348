"""The settings of an op: read, said as code, and changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, fields, replace
from typing import Any, Literal, get_args, get_origin, get_type_hints

from stepgrad.engine.graph import Node
from stepgrad.engine.op import Op

SAID: dict[tuple[str, object], str] = {
    ("flip", True): "with the kernel flipped; here it is not",
    ("flip", False): "with the kernel as it is written; here it is flipped",
    ("padding", 0): "without the padding",
    ("padding", "same"): "with 'same' padding, which keeps the size",
    ("stride", 1): "with stride 1",
    ("stride", 2): "with stride 2",
    ("dilation", 1): "without the dilation",
    ("reduction", "mean"): "for the mean",
    ("reduction", "sum"): "for the sum, not divided by the count",
    ("reduction", "half_sum"): "with half of the sum",
    ("eps", 0.0): "without eps",
    ("momentum", 0.0): "without momentum",
}
"""What a changed setting is called; any other is called by its name and value."""

TRIED: dict[str, tuple[object, ...]] = {"padding": (0, "same"), "stride": (1, 2), "dilation": (1,), "eps": (0.0,)}
"""Values of a setting that are worth trying beside its default."""


def settings_of(op: Op) -> dict[str, Any]:
    """An op's settings and their values."""
    return {field.name: getattr(op, field.name) for field in declared(type(op))}


_types: dict[type, dict[str, Any]] = {}


def types(op: type[Op]) -> dict[str, Any]:
    """The declared type of each setting."""
    known = _types.get(op)
    if known is None:
        known = _types[op] = get_type_hints(op)
    return known


def declared(op: Any) -> tuple[Field[Any], ...]:
    """The settings of an op, as its class declares them."""
    return fields(op)


def needed(op: type[Op]) -> set[str]:
    """The settings that an op cannot do without."""
    return {field.name for field in declared(op) if field.default is MISSING and field.default_factory is MISSING}


def shared(op: Op, other: type[Op]) -> dict[str, Any]:
    """The settings of an op that another one has too: the same name, and the same type."""
    here, there = types(type(op)), types(other)
    return {name: value for name, value in settings_of(op).items() if name in there and there[name] == here[name]}


def retuned(op: Any, **changes: Any) -> Op:
    """The op with other settings."""
    made: Op = replace(op, **changes)
    return made


def others(op: Op) -> Iterator[tuple[str, Op]]:
    """The op with one setting changed to what is often taken for it, and what to call that."""
    hints = types(type(op))
    for field in declared(type(op)):
        now = getattr(op, field.name)
        for value in dict.fromkeys(_tried(field, hints[field.name], now)):
            if value != now and (value != "same" or _moves_by_one(op)):
                say = SAID.get((field.name, value), f"with {field.name} = {value}")
                yield say, retuned(op, **{field.name: value})


def _moves_by_one(op: Op) -> bool:
    """Whether a window stands on every cell: with a longer stride no padding keeps the size."""
    stride = getattr(op, "stride", 1)
    return {1}.issuperset(stride if isinstance(stride, tuple) else (stride,))


def _tried(field: Field[Any], hint: Any, now: object) -> Iterator[object]:
    if isinstance(now, bool):
        yield not now
        return
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    yield from TRIED.get(field.name, ())
    if field.default is not MISSING and isinstance(field.default, (int, float, str)):
        yield field.default


def described(node: Node) -> str:
    """A node as a line of code: `out = conv2d(x, out.weight, stride=2)`."""
    inputs = [name for name in node.inputs if name is not None]
    return f"{node.name} = {node.op.name}({', '.join([*inputs, *said(node.op)])})"


def said(op: Op) -> list[str]:
    """The settings that differ from their defaults, as code."""
    plain = {field.name: field.default for field in declared(type(op))}
    return [
        f"{name}={value!r}"
        for name, value in settings_of(op).items()
        if value != plain[name] and isinstance(value, (int, float, str, tuple))
    ]
