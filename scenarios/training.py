"""What stands behind the forward pass: the loss, its gradients, the update, and one stage of training after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from stepgrad.engine.errors import did_you_mean
from stepgrad.engine.gradient import add_gradients
from stepgrad.engine.graph import Graph
from stepgrad.engine.timeline import Timeline
from stepgrad.engine.update import add_updates
from stepgrad.scenarios.given import Values
from stepgrad.scenarios.layers import Network
from stepgrad.scenarios.operands import Reader, bind
from stepgrad.scenarios.optables import LossTable, OptimizerTable
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.validation import Finding, Validated

LOSS = "loss"


@dataclass(frozen=True)
class Stage:
    """A part of the timeline: one graph, repeated."""

    key: Key
    loss: LossTable | None
    optimizer: OptimizerTable | None
    frozen: tuple[str, ...] = ()
    iterations: int = 1


@dataclass
class Trained:
    """The timeline of a scenario, what its first iteration starts from, and every fault on the way."""

    timeline: Timeline
    sources: dict[str, Values]
    findings: list[Finding]
    lost: set[str]


def trained(checked: Validated, folder: Path) -> Trained:
    """The whole timeline: the stages of a scenario, or the one it is without any."""
    graphs: list[tuple[Graph, int]] = []
    sources: dict[str, Values] = {}
    findings: list[Finding] = []
    lost: set[str] = set()
    for stage in _stages(checked):
        network = Network(checked, folder)
        _build(network, stage)
        graphs.append((network.graph, stage.iterations))
        sources |= network.sources
        findings += network.findings
        lost |= network.lost
    return Trained(Timeline(graphs), sources, list(dict.fromkeys(findings)), lost)


def _stages(checked: Validated) -> Iterator[Stage]:
    scenario = checked.scenario
    for i, table in enumerate(scenario.stages):
        count = table.until.iterations if table.until else None
        steps = table.optimizer.iterations if table.optimizer else 1
        yield Stage(checked.key("stages", i), table.loss, table.optimizer, tuple(table.frozen), count or steps)
    if not scenario.stages:
        steps = scenario.optimizer.iterations if scenario.optimizer else 1
        yield Stage((), scenario.loss, scenario.optimizer, (), steps)


def _build(network: Network, stage: Stage) -> None:
    """Forward, loss, backward, update."""
    if stage.loss is None:
        network.build()
        return
    last = network.readers[-1].name if network.readers else network.checked.first_input
    key = (*stage.key, LOSS)
    loss = Reader(LOSS, stage.loss, key, tuple(bind(stage.loss, key, last, network.findings)))
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


def _is_frozen(name: str, frozen: tuple[str, ...]) -> bool:
    """Whether a stage freezes the parameter, by its own name or its layer's."""
    return any(name == kept or name.startswith(f"{kept}.") for kept in frozen)
