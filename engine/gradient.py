"""The backward pass: for a loss, the nodes that write its gradients. Each op's own rule describes its part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from stepgrad.engine.errors import Fault
from stepgrad.engine.graph import Graph, Node
from stepgrad.engine.op import Gradient, Ref, input_keys
from stepgrad.engine.ops.add import Add
from stepgrad.engine.ops.full_like import FullLike


def add_gradients(graph: Graph, loss: str, wanted: Collection[str], *, zero_grad: bool | None = None) -> None:
    """Add dL/dT for every tensor T in `wanted`, and for whatever lies between them and the loss, and for nothing else.

    The gradient of X is `X.grad`. Where X is used more than once its parts are `X.grad.0`, `X.grad.1` ... and `X.grad`
    adds them up. With `zero_grad` given, the gradient of a parameter starts from `X.grad.start`: zeros where it is
    True, the last iteration's gradient where it is False.
    """
    graph.loss = loss
    rules = _rules(graph, loss, set(wanted))
    uses = Counter(name for _, parts in rules for name, each in parts.items() for _ in each)
    starts = _starts(graph, uses, zero_grad)
    graph.add(f"{loss}.grad", FullLike(1.0), loss, layer=graph[loss].layer, phase="backward")
    written: dict[str, list[str]] = {name: [start] for name, start in starts.items()}
    for node, parts in rules:
        for name, gradients in parts.items():
            for op, *inputs in gradients:
                done = written.setdefault(name, [])
                single = uses[name] == 1 and name not in starts
                part = f"{name}.grad" if single else f"{name}.grad.{len(done) - (name in starts)}"
                made = graph.add(part, op, *inputs, layer=node.layer, phase="backward")
                done.append(part)
                graph.differentiates[part] = (node.name, name)
                if made is not None and made.shape != graph.spec(name).shape:
                    graph.faults.append(Fault(part, f"{op.name} gives {made.spec} for {name}, {graph.spec(name)}"))
                if not single and len(done) == uses[name] + (name in starts):
                    layer = owner.layer if (owner := graph.node(name)) else node.layer
                    graph.add(f"{name}.grad", Add(), *done, layer=layer, phase="backward")


Parts = Mapping[str, list[Gradient]]


def _rules(graph: Graph, loss: str, wanted: set[str]) -> list[tuple[Node, Parts]]:
    """Backward through the nodes that lie between the wanted tensors and the loss: what each adds to whose gradient."""
    between = _dependents(graph, wanted)
    reached = {loss}
    found = []
    for node in reversed(list(graph.nodes)):
        if node.name not in reached or node.name not in between:
            continue
        parts = _parts(graph, node, between)
        reached.update(parts)
        found.append((node, parts))
    return found


def _dependents(graph: Graph, wanted: set[str]) -> set[str]:
    """The wanted tensors and everything computed from them."""
    found = set(wanted)
    for node in graph.nodes:
        if any(name in found for name in node.inputs):
            found.add(node.name)
    return found


def _parts(graph: Graph, node: Node, between: set[str]) -> Parts:
    refs = [None if name is None else graph.ref(name) for name in node.inputs]
    dy = Ref(f"{node.name}.grad", node.spec)
    described = node.op.gradient(*refs, y=graph.ref(node.name), dy=dy)
    parts: dict[str, list[Gradient]] = {}
    for key, name in zip(input_keys(type(node.op), len(node.inputs)), node.inputs, strict=True):
        if name in between and key in described:
            parts.setdefault(name, []).append(described[key])
    return parts


def _starts(graph: Graph, used: Collection[str], zero_grad: bool | None) -> dict[str, str]:
    """`X.grad.start` of every parameter that has a gradient, where the scenario shows how gradients are cleared."""
    if zero_grad is None:
        return {}
    starts = {}
    for name, source in list(graph.sources.items()):
        if source.role != "parameter" or name not in used:
            continue
        start = starts[name] = f"{name}.grad.start"
        if zero_grad:
            graph.add(start, FullLike(0.0), name, layer="zero_grad", phase="backward")
        else:
            graph.source(start, source.spec, "state")
            graph.carried[start] = f"{name}.grad"
    return starts
