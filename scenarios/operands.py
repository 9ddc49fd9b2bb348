"""Who reads what: the tables of layers and of the loss, each input bound to what is given for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.op import Op, inputs_of
from stepgrad.scenarios.optables import ReadingTable
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.validation import Finding, Validated

LOST = "?"
"""The name of a layer that was left out because of a fault."""


@dataclass(frozen=True)
class Operand:
    """What one input of an op is given as, and where the file says so."""

    letter: str
    value: Any
    """A tensor's name, numbers, a table, True (as PyTorch starts it) or None (absent)."""
    key: Key

    @property
    def name(self) -> str | None:
        """The tensor it names, where it names one."""
        return self.value if isinstance(self.value, str) else None


@dataclass(frozen=True)
class Reader:
    """A layer, or a loss, with its operands in the order of the op."""

    name: str
    table: ReadingTable
    key: Key
    operands: tuple[Operand, ...]

    @property
    def op(self) -> type[Op]:
        return self.table.rule


def layer_readers(checked: Validated, findings: list[Finding]) -> list[Reader]:
    """The layers of a scenario. What has no `input` reads the layer before it, the first one the first input."""
    readers: list[Reader] = []
    previous, row = checked.first_input, -1
    for i, table in enumerate(checked.scenario.layers):
        key = checked.key("layers", i)
        before = previous if key[1] == row + 1 else LOST
        readers.append(Reader(table.name, table, key, tuple(bind(table, key, before, findings))))
        previous, row = table.name, int(key[1])
    return readers


def bind(table: ReadingTable, key: Key, previous: str | None, findings: list[Finding]) -> Iterator[Operand]:
    """The operands of a table: `input` gives in order what the op does not own; the rest go by their own names."""
    op = table.rule
    signature = inputs_of(op)
    free = [name for name in signature.names if name not in (*op.parameters, *op.buffers)]
    named = table.input
    values = named if isinstance(named, list) else [named or previous]
    keys = [(*key, "input", i) if isinstance(named, list) else (*key, "input") for i in range(len(values))]
    if signature.variadic is not None:
        yield from (Operand(signature.variadic, *pair) for pair in zip(values, keys, strict=True))
        return
    if len(values) > len(free) and named is not None:
        message = f"received {len(values)} tensors; {op.name} reads {len(free)} ({', '.join(free)})"
        findings.append(((*key, "input"), message))
    in_order = dict(zip(free, zip(values, keys, strict=True), strict=False))
    for letter in signature.names:
        value, at = in_order.get(letter, (table.operand(letter), (*key, letter)))
        yield Operand(letter, None if value is False else value, at)
