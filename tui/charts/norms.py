"""How large the gradients of the layers are, next to each other: a gradient that vanishes, or explodes, is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from stepgrad.engine.graph import Graph
from stepgrad.engine.run import Run
from stepgrad.tui.charts.bars import Bar
from stepgrad.tui.charts.levels import Array

GRADIENT = ".grad"


def gradients(graph: Graph) -> dict[str, list[str]]:
    """The gradients of an iteration, those of the parameters and those that flow from layer to layer, input first."""
    learned = [name for name in _used(graph) if graph.sources[name].role == "parameter"]
    flowing = [name for name in graph.names if name not in learned and name != graph.loss]
    found = {"parameters": learned, "between layers": flowing}
    return {what: [f"{n}{GRADIENT}" for n in names if f"{n}{GRADIENT}" in graph] for what, names in found.items()}


def _used(graph: Graph) -> Iterable[str]:
    """The sources in the order in which they are first read."""
    read = (name for node in graph.nodes for name in node.inputs)
    return dict.fromkeys(name for name in read if name is not None and name in graph.sources)


def norm_bars(run: Run, names: Iterable[str]) -> Iterator[Bar]:
    """A bar for the norm of each gradient; zero, NaN and Inf in words."""
    for name in names:
        host = run.host(name)
        odd = host.size - int(np.isfinite(host).sum())
        label = name.removesuffix(GRADIENT)
        if odd:
            yield Bar(label, 0.0, "wrong", f"{_kind(host)} in {odd:,} of {host.size:,} cells")
        elif not host.any():
            yield Bar(label, 0.0, "done", "exactly 0: nothing is learned here" if host.size else "no cells")
        else:
            yield Bar(label, norm(host))


def norm(values: Array) -> float:
    """The square root of the sum of squares, of very large and very small numbers too."""
    scaled = values.astype(np.float64)
    largest = float(np.abs(scaled).max(initial=0.0))
    return largest * float(np.sqrt(np.square(scaled / largest).sum())) if largest else 0.0


def _kind(values: Array) -> str:
    nan, inf = bool(np.isnan(values).any()), bool(np.isinf(values).any())
    return "NaN and Inf" if nan and inf else "NaN" if nan else "Inf"
