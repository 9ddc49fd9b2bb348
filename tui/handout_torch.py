"""The equivalent PyTorch script of a scenario: the same numbers, layers, loss and update, in PyTorch's own words."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from stepgrad.engine.graph import Graph, Source
from stepgrad.engine.op import inputs_of
from stepgrad.scenarios.given import RowsTable
from stepgrad.scenarios.operands import bind
from stepgrad.scenarios.optables import LossTable, OptimizerTable, ReadingTable
from stepgrad.tui.handout_torch_ops import OPTIMIZERS, Call, InexpressibleError, expression

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

WRITTEN_OUT = 1000
"""Numbers of a tensor that stand in the script; larger tensors are read from a file."""
DEALT_OUT = 200_000
"""Numbers of the rows that are dealt out in batches."""
LOSS = "loss"

Values = np.ndarray[Any, Any]

__all__ = ["InexpressibleError", "lines"]


@dataclass(frozen=True)
class Stage:
    """A part of the training: so many runs of one graph from an iteration on."""

    graph: Graph
    first: int
    iterations: int
    loss: LossTable | None
    optimizer: OptimizerTable | None

    @property
    def learned(self) -> list[str]:
        """The parameters that its update writes."""
        return [
            name
            for name, source in self.graph.sources.items()
            if source.role == "parameter" and f"{name}.new" in self.graph
        ]

    @property
    def traced(self) -> list[str]:
        """The tensors whose gradients are worked out."""
        return [name for name in self.graph.names if f"{name}.grad" in self.graph]


class Script:
    """The script of a lesson, and what it calls each tensor."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.names: dict[str, str] = {}
        self.stages = list(self._stages())
        given = lesson.scenario.inputs.items()
        dealt = [name for name, value in given if isinstance(value, RowsTable) and value.batch is not None]
        self.dealt = [name for name in dealt if any(name in stage.graph for stage in self.stages)]
        """The inputs of which every iteration reads other rows."""

    def lines(self) -> Iterator[str]:
        scenario = self.lesson.scenario
        if not self.lesson.timeline.steps:
            raise InexpressibleError("no layers")
        title = scenario.title.rstrip(".").replace("\\", "/").replace('"', "'")
        yield f'"""{title}: the scenario {self.lesson.name} in PyTorch, as stepgrad computes it."""'
        yield ""
        sources = list(self._sources())
        files = sorted({first for source, _, first in sources if self._is_read(source)})
        if files:
            yield "# Large tensors come from files, which these commands make (add this script's --set and --seed):"
            for first in files:
                yield f"#   stepgrad tensors {self.lesson.name} --iteration {first} -o {self._file(first)}"
            yield from ("import numpy", "")
        yield from ("import torch", "import torch.nn.functional as F", "")
        yield f"torch.set_default_dtype(torch.{scenario.dtype})"
        yield ""
        for source, values, first in sources:
            if source.name not in self.dealt:
                yield f"{self.name(source.name)} = {self._tensor(source, values, first)}"
        for name in self.dealt:
            yield from self._rows(name)
        for number, stage in enumerate(self.stages):
            yield from self._stage(stage, f"_{number + 1}" if len(self.stages) > 1 else "")

    def name(self, tensor: str) -> str:
        """A tensor's name as Python takes it."""
        if tensor not in self.names:
            name = re.sub(r"\W", "_", tensor)
            while keyword.iskeyword(name) or name in ("torch", "F", "numpy", *self.names.values()):
                name += "_"
            self.names[tensor] = name
        return self.names[tensor]

    def _stages(self) -> Iterator[Stage]:
        """The stages of the timeline. A short last batch is a graph of its own, but no stage."""
        scenario, first = self.lesson.scenario, 0
        tables: list[Any] = [*scenario.stages] or [scenario]
        groups = groupby(self.lesson.timeline.graphs, lambda run: run[0].stage or id(run[0]))
        for table, (_, runs) in zip(tables, groups, strict=True):
            graphs = list(runs)
            count = sum(count for _, count in graphs)
            yield Stage(graphs[0][0], first, count, table.loss, table.optimizer)
            first += count

    def _sources(self) -> Iterator[tuple[Source, Values, int]]:
        """What is given, and the first iteration that reads it. What an optimizer keeps is PyTorch's own."""
        known: set[str] = set()
        for stage in self.stages:
            for name, source in stage.graph.sources.items():
                if name not in known and source.role != "state":
                    known.add(name)
                    yield source, self.lesson.history.run(stage.first).host(name), stage.first

    def _is_read(self, source: Source) -> bool:
        """Whether a tensor is too large to be written out."""
        return source.spec.size > WRITTEN_OUT and source.name not in self.dealt

    def _file(self, first: int) -> str:
        return f"{self.lesson.path.stem}-{first}.npz"

    def _tensor(self, source: Source, values: Values, first: int) -> str:
        wanted = ", requires_grad=True" if any(source.name in stage.traced for stage in self.stages) else ""
        if self._is_read(source):
            return f'torch.tensor(numpy.load("{self._file(first)}")["{source.name}"]{wanted})'
        whole = ", dtype=torch.int64" if source.spec.is_integer else ""
        return f"torch.tensor({_numbers(values)}{whole}{wanted})"

    def _rows(self, name: str) -> Iterator[str]:
        """The rows that are dealt out, each once, and which of them every iteration reads."""
        history, graphs = self.lesson.history, [graph for graph, n in self.lesson.timeline.graphs for _ in range(n)]
        batches: list[Any] = [history.run(i).host(name) if name in graph else [] for i, graph in enumerate(graphs)]
        read = [batch for batch in batches if len(batch)]
        rows, places = np.unique(np.concatenate(read), axis=0, return_inverse=True)
        if rows.size > DEALT_OUT:
            raise InexpressibleError(f"{rows.size:,} numbers in {name}, more than a script should hold")
        ends = np.cumsum([len(batch) for batch in batches])[:-1]
        order = [part.tolist() for part in np.split(places.ravel(), ends)]
        whole = ", dtype=torch.int64" if np.issubdtype(rows.dtype, np.integer) else ""
        yield f"{self.name(name)}_rows = torch.tensor({_numbers(rows)}{whole})"
        yield f"{self.name(name)}_order = {order}"

    def _stage(self, stage: Stage, suffix: str) -> Iterator[str]:
        optimizer = f"optimizer{suffix}"
        if stage.optimizer is not None:
            yield ""
            yield f"{optimizer} = {self._optimizer(stage.optimizer, stage)}"
        yield ""
        indent = ""
        if stage.iterations > 1:
            yield f"for iteration in range({stage.first}, {stage.first + stage.iterations}):"
            indent = "    "
        for line in self._iteration(stage, optimizer):
            yield indent + line

    def _iteration(self, stage: Stage, optimizer: str) -> Iterator[str]:
        if stage.optimizer is not None and stage.optimizer.zero_grad is not False:
            yield f"{optimizer}.zero_grad()"
        at = "iteration" if stage.iterations > 1 else str(stage.first)
        for name in self.dealt:
            if name in stage.graph:
                wanted = ".requires_grad_()" if name in stage.traced else ""
                yield f"{self.name(name)} = {self.name(name)}_rows[{self.name(name)}_order[{at}]]{wanted}"
        if stage.loss is not None:
            for name in stage.traced:
                if name not in self.dealt and name in stage.graph.sources and name not in stage.learned:
                    yield f"{self.name(name)}.grad = None"
        for name in self._kept(stage.graph):
            yield f"{self.name(name)}_before = {self.name(name)}.clone()"
        previous = next(iter(self.lesson.scenario.inputs), None)
        for table in self.lesson.scenario.layers:
            if any(node.layer == table.name for node in stage.graph.nodes):
                yield f"{self.name(table.name)} = {self._call(table, table.name, previous, stage.graph)}"
                if table.name in stage.traced:
                    yield f"{self.name(table.name)}.retain_grad()"
            previous = table.name
        if stage.loss is None:
            unread = [node.name for node in stage.graph.nodes if not stage.graph.readers(node.name)]
            yield from (f'print("{name}", {self.names[name]})' for name in unread if name in self.names)
            return
        yield f"{self.name(LOSS)} = {self._call(stage.loss, LOSS, previous, stage.graph)}"
        where = 'f"iteration {iteration}: loss {' if stage.iterations > 1 else 'f"loss {'
        yield f'print({where}{self.name(LOSS)}.item()}}")'
        if stage.traced:
            yield f"{self.name(LOSS)}.backward()"
        if stage.optimizer is not None:
            yield f"{optimizer}.step()"

    @staticmethod
    def _kept(graph: Graph) -> list[str]:
        """Buffers that one layer updates and another reads: PyTorch updates them in place, and at once."""
        written = [name for name, source in graph.sources.items() if source.role == "buffer" and f"{name}.new" in graph]
        return [name for name in written if len({node.layer for node in graph.readers(name)}) > 1]

    def _call(self, table: ReadingTable, name: str, previous: str | None, graph: Graph) -> str:
        op = table.made(self.lesson.scenario.seed)
        operands = list(bind(table, (), previous, []))
        found = [(operand.letter, operand.name or f"{name}.{operand.letter}") for operand in operands]
        variadic = inputs_of(type(op)).variadic
        inputs = {
            letter: self.name(tensor) if tensor in graph else "None" for letter, tensor in found if letter != variadic
        }
        if not getattr(op, "training", True):
            inputs |= {letter: f"{self.name(name)}_before" for letter, name in found if name in self._kept(graph)}
        several = [self.name(tensor) for letter, tensor in found if letter == variadic]
        shapes = {letter: graph.spec(tensor).shape for letter, tensor in found if tensor in graph}
        return expression(Call(op, inputs, several, shapes))

    def _optimizer(self, table: OptimizerTable, stage: Stage) -> str:
        rule = table.made()
        learned = ", ".join(self.name(name) for name in stage.learned)
        settings = "".join(f", {field.name}={getattr(rule, field.name)!r}" for field in fields(rule))
        return f"torch.optim.{OPTIMIZERS[rule.name]}([{learned}]{settings})"


def _numbers(values: Values) -> str:
    return re.sub(r"\b(nan|inf)\b", r"float('\1')", repr(values.tolist()))


def lines(lesson: Lesson) -> Iterator[str]:
    """The lines of the script. Raises InexpressibleError, before the first, where a part can not be expressed."""
    try:
        yield from list(Script(lesson).lines())
    except InexpressibleError as fault:
        raise InexpressibleError(f"{lesson.name} is no PyTorch script: it has {fault}") from None
