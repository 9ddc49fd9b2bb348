"""Layer tables become nodes, and what they are given becomes sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stepgrad.engine.errors import StepgradError, did_you_mean
from stepgrad.engine.graph import Graph, Phase, Role
from stepgrad.engine.op import Initial, Op, Ref, Spec, inputs_of
from stepgrad.scenarios import limits
from stepgrad.scenarios.arrays import ArrayError, array, default
from stepgrad.scenarios.batches import Batches
from stepgrad.scenarios.given import InitTable, RowsTable, Values
from stepgrad.scenarios.operands import LOST, Operand, Reader, layer_readers
from stepgrad.scenarios.optables import LayerTable, required_sizes
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.ranks import Reading, fitted
from stepgrad.scenarios.validation import Finding, Validated


class Missing:
    """Stands for a tensor that a fault keeps from being there: its readers are passed over."""


MISSING = Missing()


SECTIONS: Mapping[str, Role] = {"inputs": "input", "parameters": "parameter"}


@dataclass(frozen=True)
class Rows:
    """An input that is dealt out in batches: all its rows, and how they are dealt."""

    name: str
    values: Values
    batches: Batches


@dataclass
class Network:
    """The forward pass of a scenario, as far as it can be built: nodes, the numbers of sources, and the faults."""

    checked: Validated
    folder: Path
    rows: int | None = None
    """Rows of this network's batch; None takes as many as the batch is meant to have."""
    tables: dict[str, Rows] = field(default_factory=dict)
    """The inputs that are dealt out in batches, whole."""
    graph: Graph = field(default_factory=Graph)
    sources: dict[str, Values] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scenario = self.checked.scenario
        self.lost = {*self.checked.lost, LOST}
        self.reached: set[str | None] | None = None
        self.readers = layer_readers(self.checked, self.findings)

    @property
    def frozen(self) -> set[str]:
        """The parameters that no update touches."""
        layers = [(reader, reader.table) for reader in self.readers if isinstance(reader.table, LayerTable)]
        return {
            operand.name or f"{reader.name}.{operand.letter}"
            for reader, table in layers
            for operand in reader.operands
            if operand.letter in table.kept
        }

    def build(self, also: Sequence[Reader] = ()) -> Network:
        """Add the tensors given by name and the layers. `also` reads those tensors too (the loss)."""
        readers = [*self.readers, *also]
        for section, role in SECTIONS.items():
            for name, given in getattr(self.scenario, section).items():
                if self.reached is not None and name not in self.reached:
                    continue
                readings = [(reader, one) for reader in readers for one in reader.operands if one.name == name]
                self._source(name, given, (section, name), role, readings)
        for reader in self.readers:
            if reader.name in self.graph or reader.name in self.lost:
                self._fault((*reader.key, "name"), f"'{reader.name}' is the name of another tensor; give it another")
            else:
                self.add(reader)
        return self

    def keep(self, loss: Reader, measures: Collection[str] = ()) -> None:
        """Leave out the layers that neither the loss nor what is measured reaches, and what only they read."""
        reached = {operand.name for operand in loss.operands} | set(measures)
        for reader in reversed(self.readers):
            if reader.name in reached:
                reached.update(operand.name for operand in reader.operands)
        self.readers = [reader for reader in self.readers if reader.name in reached]
        self.reached = reached

    def add(self, reader: Reader, phase: Phase = "forward") -> Ref | None:
        """Add a layer or a loss; None where it, or what it reads, has a fault."""
        refs = [self._read(reader, operand) for operand in reader.operands]
        self._check_sizes(reader)
        made = None
        if all(isinstance(ref, Ref) or ref is None for ref in refs):
            made = self._expanded(reader, [ref for ref in refs if not isinstance(ref, Missing)], phase)
        if made is None:
            self.lost.add(reader.name)
        return made

    def _expanded(self, reader: Reader, refs: list[Ref | None], phase: Phase) -> Ref | None:
        faults, nodes, made = len(self.graph.faults), len(self.graph.nodes), None
        try:
            op: Op = reader.table.made(self.scenario.seed)
            made = op.expand(self.graph, reader.name, *refs, phase=phase)
        except StepgradError as fault:
            self._fault(reader.key, f"{reader.op.name}: {fault}")
        for found in self.graph.faults[faults:]:
            self._fault(reader.key, found.message)
        for node in self.graph.nodes[nodes:]:
            if node.size > limits.ELEMENTS:
                self._fault(reader.key, f"'{node.name}' would be {node.spec}; at most {limits.ELEMENTS:,} numbers fit")
                made = None
        return made

    # What a layer reads

    def _read(self, reader: Reader, operand: Operand) -> Ref | Missing | None:
        """The tensor an operand stands for; None where it is absent, and may be."""
        if operand.name is not None:
            return self._named(reader, operand, operand.name)
        name = f"{reader.name}.{operand.letter}"
        owned = operand.letter in (*reader.op.parameters, *reader.op.buffers)
        if operand.value is None and operand.letter in inputs_of(reader.op).optional:
            return None
        if operand.value is None and not owned:
            return self._fault(operand.key, f"is missing; {reader.op.name} reads {operand.letter}: name a tensor")
        role: Role = "buffer" if operand.letter in reader.op.buffers else "parameter" if owned else "input"
        return self._source(name, operand.value, operand.key, role, [(reader, operand)])

    def _named(self, reader: Reader, operand: Operand, name: str) -> Ref | Missing:
        if name in self.graph:
            return self.graph.ref(name)
        if name not in self.lost:
            later = [other.name for other in self.readers if other.name == name]
            when = "what this layer writes" if name == reader.name else "written later"
            why = f"'{name}' is {when}; a layer reads what stands before it" if later else None
            near = did_you_mean(name, self.graph.names)
            self._fault(operand.key, why or f"there is no tensor '{name}' to read{near}")
        return MISSING

    def _source(self, name: str, given: Any, key: Key, role: Role, readings: Sequence[Reading]) -> Ref | Missing:
        """A given tensor, added to the graph under its name."""
        if name in self.graph:
            self._fault(key, f"'{name}' is given twice; a tensor has one name of its own")
            return self.graph.ref(name)
        try:
            numbers = self._numbers(name, given, readings)
            values = None if numbers is None else fitted(numbers, name, readings, self.scenario.dtype)
        except StepgradError as fault:
            values = None
            self._fault((*key, *getattr(fault, "key", ())), str(fault))
        if values is None:
            self.lost.add(name)
            return MISSING
        if isinstance(given, RowsTable) and given.batch is not None:
            values = self._batch(name, given, key, values, numbers)
        self.sources[name] = values
        return self.graph.source(name, Spec(values.shape, str(values.dtype)), role)

    def _batch(self, name: str, given: RowsTable, key: Key, values: Values, numbers: Values | None) -> Values:
        """The first batch of a table; the whole table is kept for the batches to come."""
        if numbers is None or values.shape != numbers.shape:
            message = f"received {list(numbers.shape if numbers is not None else ())}; rows of a batch need every axis"
            self._fault((*key, "batch"), f"{message}, as in {['rows', *values.shape[1:]]}".replace("'", ""))
        batches = Batches(len(values), given.batch or 1, self.scenario.seed, given.shuffle)
        first = next(iter(self.tables.values()), None)
        if first is not None and first.batches != batches:
            message = f"{batches.rows} rows in batches of {batches.batch}; '{first.name}' has {first.batches.rows}"
            self._fault((*key, "batch"), f"{message} in batches of {first.batches.batch}, and both must agree")
        self.tables[name] = Rows(name, values, batches)
        return values[: self.rows or batches.size(0)]

    def _numbers(self, name: str, given: Any, readings: Sequence[Reading]) -> Values | None:
        """The numbers of a source; None where what decides its size has a fault."""
        seed = self.scenario.seed
        unsized = isinstance(given, InitTable) and given.shape is None and bool(readings)
        if not (given is None or given is True or unsized):
            return array(given, name, seed, self.folder)
        start = self._start(*readings[0])
        if start is None:
            return None
        return array(given, name, seed, self.folder, start.shape) if unsized else default(start, name, seed)

    def _start(self, reader: Reader, operand: Operand) -> Initial | None:
        """How PyTorch starts a parameter: the op knows, once x and the sizes are there."""
        sizes, x = reader.table.sizes, reader.operands[0].name
        needed = [size for size in required_sizes(reader.op) if size not in sizes]
        if needed:
            raise ArrayError(f"is missing; give its numbers, or {' and '.join(needed)} to start it as PyTorch does")
        if x is None or x not in self.graph:
            return None
        starts: Mapping[str, Initial] = reader.table.made().initial(self.graph.spec(x), **sizes)
        if operand.letter not in starts:
            raise ArrayError(f"is missing; {reader.op.name} has no default for it, give numbers")
        return starts[operand.letter]

    def _check_sizes(self, reader: Reader) -> None:
        """A size decides how a parameter starts: where all are given it would be passed over in silence."""
        owned = [operand for operand in reader.operands if operand.letter in reader.op.parameters]
        if any(_starts_by_default(operand, reader.op) for operand in owned):
            return
        given = " and ".join(operand.letter for operand in owned if operand.value is not None)
        for size in reader.table.sizes:
            self._fault((*reader.key, size), f"{given} says it already; leave one of the two out")

    def _fault(self, key: Key, message: str) -> Missing:
        self.findings.append((key, message))
        return MISSING


def _starts_by_default(operand: Operand, op: type[Op]) -> bool:
    unsized = isinstance(operand.value, InitTable) and operand.value.shape is None
    absent = operand.value is None and operand.letter not in inputs_of(op).optional
    return operand.value is True or unsized or absent
