"""LeNet's training step (forward, loss, backward, SGD, float32) against PyTorch on one CPU thread.

    python tests/benchmarks/training_step.py

Both run in this process, in turn, in random order; the figures are ratios of medians, and below 1 we are faster.
Without PyTorch only the time of a step and of an op is printed.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import random
import statistics
import time
from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_info

from stepgrad.engine.backend import NUMPY
from stepgrad.engine.gradient import add_gradients
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.op import Op, Spec
from stepgrad.engine.ops.sgd import SGD
from stepgrad.engine.run import Run
from stepgrad.engine.timeline import Timeline
from stepgrad.engine.update import add_updates

LAYERS: list[tuple[str, str, dict[str, object], tuple[int, ...] | None]] = [
    ("conv1", "conv2d", {}, (6, 1, 5, 5)),
    ("relu1", "relu", {}, None),
    ("pool1", "max_pool2d", {"kernel_size": 2}, None),
    ("conv2", "conv2d", {}, (16, 6, 5, 5)),
    ("relu2", "relu", {}, None),
    ("pool2", "max_pool2d", {"kernel_size": 2}, None),
    ("flat", "flatten", {}, None),
    ("fc1", "linear", {}, (120, 256)),
    ("relu3", "relu", {}, None),
    ("fc2", "linear", {}, (84, 120)),
    ("relu4", "relu", {}, None),
    ("fc3", "linear", {}, (10, 84)),
]


def lenet(batch: int) -> tuple[Graph, dict[str, np.ndarray]]:
    """LeNet-5 on 28x28: 44,426 parameters, and 48 nodes with the update."""
    draw = np.random.default_rng(0)
    graph, sources = Graph(), {}
    sources["x"] = draw.standard_normal((batch, 1, 28, 28)).astype("float32")
    sources["label"] = draw.integers(0, 10, batch)
    graph.source("x", Spec((batch, 1, 28, 28), "float32"), "input")
    graph.source("label", Spec((batch,), "int64"), "input")
    previous, learned = "x", []
    for name, op, settings, shape in LAYERS:
        inputs = [previous]
        if shape is not None:
            bound = 1 / np.sqrt(np.prod(shape[1:]))
            for letter, size in (("weight", shape), ("bias", shape[:1])):
                graph.source(f"{name}.{letter}", Spec(size, "float32"), "parameter")
                sources[f"{name}.{letter}"] = draw.uniform(-bound, bound, size).astype("float32")
                inputs.append(f"{name}.{letter}")
            learned += inputs[1:]
        graph.add(name, Op.registry[op](**settings), *inputs)
        previous = name
    Op.registry["cross_entropy"]().expand(graph, "loss", graph.ref(previous), graph.ref("label"), phase="loss")
    add_gradients(graph, "loss", learned)
    add_updates(graph, SGD(lr=0.01), learned)
    return graph.check(), sources


def torch_step(sources: dict[str, np.ndarray]) -> Callable[[], None] | None:
    try:
        import torch
    except ImportError:
        return None
    torch.set_num_threads(1)
    kinds = {"relu": torch.nn.ReLU(), "max_pool2d": torch.nn.MaxPool2d(2), "flatten": torch.nn.Flatten()}
    modules: list[torch.nn.Module] = []
    for name, op, _, shape in LAYERS:
        if shape is None:
            modules.append(kinds[op])
            continue
        module = torch.nn.Conv2d(shape[1], shape[0], 5) if op == "conv2d" else torch.nn.Linear(shape[1], shape[0])
        module.weight.data = torch.tensor(sources[f"{name}.weight"])
        module.bias.data = torch.tensor(sources[f"{name}.bias"])
        modules.append(module)
    net = torch.nn.Sequential(*modules)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    x, label = torch.tensor(sources["x"]), torch.tensor(sources["label"])

    def step() -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x), label).backward()
        optimizer.step()

    return step


def medians(rules: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each rule, run in turn in random order."""
    times: dict[str, list[float]] = {name: [] for name in rules}
    for _ in range(rounds):
        for name in random.sample(list(rules), len(rules)):
            start = time.perf_counter()
            rules[name]()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found[rounds // 5 :]) for name, found in times.items()}


def training() -> None:
    for batch, target in ((1, 0.8), (8, 0.9), (64, 1.2)):
        graph, sources = lenet(batch)
        rules: dict[str, Callable[[], object]] = {"ours": lambda g=graph, s=sources: Run(g, s)}
        reference = torch_step(sources)
        if reference is not None:
            rules["torch"] = reference
        found = medians(rules, 400 if batch < 64 else 120)
        each = found["ours"] / len(graph.nodes) * 1e6
        ratio = f"x{found['ours'] / found['torch']:.2f} of torch (must {target})" if reference else "no torch"
        print(f"LeNet step, batch {batch:>2}: {ratio}   {found['ours'] * 1e3:.2f} ms, {each:.1f} us a node")


def seeking(iterations: int = 10_000) -> None:
    graph, sources = lenet(1)
    history = History(Timeline(graph, iterations), sources)
    start = time.perf_counter()
    history.run(iterations - 1)
    whole = time.perf_counter() - start
    shares = []
    for at in np.random.default_rng(1).integers(0, iterations, 20):
        start = time.perf_counter()
        history.run(int(at))
        shares.append((time.perf_counter() - start) / whole)
    held = sum(a.nbytes for s in history._starts.values() for n, a in s.items() if a is not sources.get(n)) / 2**20
    print(
        f"{iterations} iterations of LeNet in {whole:.1f} s; going to any: median {statistics.median(shares):.1%}, "
        f"worst {max(shares):.1%} of that (must 5%); {len(history._starts)} checkpoints, {held:.1f} MiB"
    )


if __name__ == "__main__":
    for pool in threadpool_info():
        print(pool["internal_api"], pool.get("version"), pool.get("architecture"), f"{pool['num_threads']} thread(s)")
    print("OPENBLAS_CORETYPE:", os.environ.get("OPENBLAS_CORETYPE", "unset"), "| backend:", NUMPY.name)
    training()
    seeking()
