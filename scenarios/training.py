"""What stands behind the forward pass: the loss, its gradients, the update, and one stage of training after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stepgrad.engine.backend import NUMPY, Backend
from stepgrad.engine.breakpoints import When
from stepgrad.engine.errors import AddressError, StepgradError, did_you_mean
from stepgrad.engine.expression import parse
from stepgrad.engine.gradient import add_gradients
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.op import Array
from stepgrad.engine.timeline import Address, Timeline, complete
from stepgrad.engine.update import add_updates
from stepgrad.scenarios import limits
from stepgrad.scenarios.batches import Batches
from stepgrad.scenarios.given import Values
from stepgrad.scenarios.layers import Network
from stepgrad.scenarios.operands import Reader, bind
from stepgrad.scenarios.optables import LossTable, OptimizerTable
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.validation import Finding, Validated

LOSS = "loss"


@dataclass(frozen=True)
class Stage:
    """A part of the training: a loss, an optimizer, and when it ends."""

    key: Key
    loss: LossTable | None
    optimizer: OptimizerTable | None
    frozen: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    until: str = ""

    @property
    def iterations(self) -> int:
        """How often it is run, at most."""
        return self.optimizer.iterations if self.optimizer else 1


@dataclass
class Part:
    """A stage, built: a graph for every size of batch, and the rows that are dealt out."""

    stage: Stage
    network: Network
    graphs: dict[int | None, Graph]

    @property
    def batches(self) -> Batches | None:
        return next((rows.batches for rows in self.network.tables.values()), None)

    @property
    def iterations(self) -> int:
        """How often it is run, at most."""
        return self.stage.iterations if self.batches is None else min(self.stage.iterations, limits.DEALT)

    def runs(self, iterations: int) -> list[tuple[Graph, int]]:
        """The graphs of the first `iterations` iterations, as a timeline takes them."""
        sizes = [(None, iterations)] if self.batches is None else self.batches.sizes(iterations)
        return [(self.graphs[rows], count) for rows, count in sizes]

    def feed(self, iteration: int) -> dict[str, Values]:
        """The batch of an iteration of this stage."""
        return {name: rows.values[rows.batches.of(iteration)] for name, rows in self.network.tables.items()}


@dataclass
class Trained:
    """The iterations of a scenario, what the first starts from, and every fault on the way."""

    history: History
    sources: dict[str, Values]
    findings: list[Finding]
    lost: set[str]

    @property
    def timeline(self) -> Timeline:
        return self.history.timeline


def trained(checked: Validated, folder: Path, backend: Backend = NUMPY) -> Trained:
    """All iterations: those of the stages of a scenario, or of the one it is without any."""
    parts = [_part(checked, folder, stage) for stage in _stages(checked)]
    networks = [part.network for part in parts]
    findings = list(dict.fromkeys(found for network in networks for found in network.findings))
    lost = {name for network in networks for name in network.lost}
    sources = {name: values for network in networks for name, values in network.sources.items()}
    findings += _changed(checked.scenario.cells, sources, networks, lost)
    schedule = Schedule(parts, backend)
    history = History(
        schedule.timeline,
        {name: backend.asarray(values, str(values.dtype)) for name, values in sources.items()},
        backend,
        schedule.feed if any(network.tables for network in networks) else None,
    )
    if not findings:
        findings += schedule.settle(history)
    return Trained(history, sources, findings, lost)


def _changed(
    cells: Mapping[str, float], sources: dict[str, Values], networks: list[Network], lost: set[str]
) -> Iterator[Finding]:
    """Put the single cells of `[cells]` into the sources; what can not be put there is a finding."""
    for text, value in cells.items():
        key = ("cells", text)
        try:
            address = Address.parse(text)
        except AddressError as fault:
            yield key, str(fault)
            continue
        name = address.tensor or ""
        if name not in sources:
            if name not in lost:
                computed = any(name in network.graph for network in networks)
                near = (
                    f"'{name}' is computed" if computed else f"there is no tensor '{name}'{did_you_mean(name, sources)}"
                )
                yield key, f"{near}; only given tensors can be changed: {', '.join(sources)}"
            continue
        if any(name in network.tables for network in networks):
            yield key, f"'{name}' is dealt out in batches; change the row where it is written"
            continue
        index = complete(address.index or (), sources[name].shape)
        if index is None:
            yield key, f"{text} does not fit {name}, which is {list(sources[name].shape)}"
        elif sources[name].dtype.kind == "i" and value != int(value):
            yield key, f"received {value:g}; {name} holds whole numbers"
        else:
            sources[name] = sources[name].copy()
            with np.errstate(over="ignore"):  # 1e300 is inf in float32
                sources[name][index] = value


class Schedule:
    """Which stage runs when."""

    def __init__(self, parts: list[Part], backend: Backend) -> None:
        self.parts = parts
        self.backend = backend
        self.counts = [part.iterations for part in parts]

    @property
    def timeline(self) -> Timeline:
        pairs = zip(self.parts, self.counts, strict=True)
        return Timeline([run for part, count in pairs for run in part.runs(count)])

    def feed(self, iteration: int) -> dict[str, Array]:
        """The batch of an iteration, on the device."""
        i, within = 0, iteration
        while within >= self.counts[i]:
            within -= self.counts[i]
            i += 1
        batch = self.parts[i].feed(within)
        return {name: self.backend.asarray(values, str(values.dtype)) for name, values in batch.items()}

    def settle(self, history: History) -> list[Finding]:
        """Run the stages that end on a condition, and cut them where it holds."""
        findings: list[Finding] = []
        for i, part in enumerate(self.parts):
            if not part.stage.until:
                continue
            graph = next(iter(part.graphs.values()))
            try:
                condition = When(parse(part.stage.until, graph.names))
                start = sum(self.counts[:i])
                ended = (at for at in range(start, start + self.counts[i]) if condition.holds(history, at))
                self.counts[i] = next(ended, start + self.counts[i] - 1) - start + 1
            except StepgradError as fault:
                findings.append(((*part.stage.key, "until"), str(fault)))
            history.follow(self.timeline)
        return findings


def _part(checked: Validated, folder: Path, stage: Stage) -> Part:
    """A stage's network, and again for a batch of another size."""
    network = Network(checked, folder)
    _build(network, stage)
    part = Part(stage, network, {None: network.graph})
    if part.batches is None:
        return part
    if stage.iterations > part.iterations:
        message = f"received {stage.iterations}; give {part.iterations} or less where rows come in batches"
        network.findings.append(((*stage.key, "optimizer", "iterations"), message))
    sizes = {rows for rows, _ in part.batches.sizes(min(stage.iterations, part.batches.in_a_pass))}
    part.graphs = {part.batches.size(0): network.graph}
    for rows in sizes - set(part.graphs):
        smaller = Network(checked, folder, rows)
        _build(smaller, stage)
        part.graphs[rows] = smaller.graph
        network.findings += smaller.findings
    for graph in part.graphs.values():
        graph.stage = str(stage.key)
    return part


def _stages(checked: Validated) -> Iterator[Stage]:
    scenario = checked.scenario
    for i, table in enumerate(scenario.stages):
        lists = tuple(table.frozen), tuple(table.measures)
        yield Stage(checked.key("stages", i), table.loss, table.optimizer, *lists, table.until)
    if not scenario.stages:
        yield Stage((), scenario.loss, scenario.optimizer, until=scenario.until)


def _build(network: Network, stage: Stage) -> None:
    """Forward, loss, backward, update."""
    if stage.loss is None:
        network.build()
        return
    last = network.readers[-1].name if network.readers else network.checked.first_input
    key = (*stage.key, LOSS)
    loss = Reader(LOSS, stage.loss, key, tuple(bind(stage.loss, key, last, network.findings)))
    if stage.key:
        _measured(network, stage)
        network.keep(loss, stage.measures)
    network.build(also=[loss])
    if network.add(loss, phase="loss") is None:
        return
    graph = network.graph
    for i, name in enumerate(stage.loss.gradients):
        if name not in graph and name not in network.lost:
            message = f"there is no tensor '{name}'{did_you_mean(name, graph.names)}"
            network.findings.append(((*key, "gradients", i), message))
    frozen = network.frozen | {name for name in graph.sources if _is_frozen(name, stage.frozen)}
    learned = [name for name, source in graph.sources.items() if source.role == "parameter" and name not in frozen]
    wanted = [*learned, *(name for name in stage.loss.gradients if name in graph)]
    zero_grad = stage.optimizer.zero_grad if stage.optimizer else None
    add_gradients(graph, LOSS, wanted, zero_grad=zero_grad)
    if stage.optimizer is not None:
        add_updates(graph, stage.optimizer.made(), learned)
    network.findings += [(stage.key or key, f"{fault.node}: {fault.message}") for fault in graph.faults]
    for name, source in graph.sources.items():
        # What the optimizer keeps beside the parameters starts at zero.
        network.sources.setdefault(name, np.zeros(source.spec.shape, source.spec.dtype))


def _measured(network: Network, stage: Stage) -> None:
    """Fault what a stage measures and no layer computes."""
    known = {reader.name for reader in network.readers}
    for i, name in enumerate(stage.measures):
        if name not in known | network.lost:
            message = f"there is no layer '{name}'{did_you_mean(name, known)}"
            network.findings.append(((*stage.key, "measures", i), message))


def _is_frozen(name: str, frozen: tuple[str, ...]) -> bool:
    """Whether a stage freezes the parameter, by its own name or its layer's."""
    return any(name == kept or name.startswith(f"{kept}.") for kept in frozen)
