"""Batch normalisation in training, float32, against PyTorch on one CPU thread.   python tests/benchmarks/batch_norm.py

Must: the forward pass, all its named parts and the running statistics written, takes at most 1.1 of PyTorch's time.
Both run in this process, in turn, in random order; the figures are ratios of medians, and below 1 we are faster.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import random
import sys
from collections.abc import Callable
from importlib.util import find_spec
from statistics import median
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_info

from stepgrad.engine.gradient import add_gradients
from stepgrad.engine.graph import Graph
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.batch_norm import BatchNorm2d
from stepgrad.engine.ops.sum import Sum
from stepgrad.engine.run import Run

SHAPES = [(64, 6, 24, 24), (8, 64, 56, 56)]
LIMIT = 1.1
ROUNDS = 100

Arrays = dict[str, np.ndarray]
STARTS = {"running_mean": 0.0, "running_var": 1.0, "weight": 1.0, "bias": 0.0}


def network(shape: tuple[int, ...], *, backward: bool) -> Callable[[], object]:
    """One run of a network that is a batch norm alone, and with `backward` of the gradients of x, weight and bias."""
    draw = np.random.default_rng(0)
    arrays: Arrays = {"x": draw.standard_normal(shape), "upstream": draw.standard_normal(shape)}
    arrays |= {name: np.full(shape[1], start) for name, start in STARTS.items()}
    graph = Graph()
    arrays = {name: array.astype("float32") for name, array in arrays.items()}
    refs = {name: graph.source(name, Spec(array.shape, "float32"), "input") for name, array in arrays.items()}
    BatchNorm2d().expand(graph, "bn", refs["x"], *(refs[name] for name in STARTS))
    if backward:
        graph.add("loss", Sum(), "bn", "upstream", phase="loss")
        add_gradients(graph, "loss", ["x", "weight", "bias"])
    graph.check()
    return lambda: Run(graph, arrays)


def pytorch(shape: tuple[int, ...], *, backward: bool) -> Callable[[], object]:
    import torch

    torch.set_num_threads(1)
    x, upstream = torch.randn(shape, requires_grad=backward), torch.randn(shape)
    running_mean, running_var, weight, bias = (torch.full((shape[1],), start) for start in STARTS.values())
    weight, bias = weight.requires_grad_(backward), bias.requires_grad_(backward)

    def run() -> object:
        y = torch.nn.functional.batch_norm(x, running_mean, running_var, weight, bias, training=True)
        return torch.autograd.grad((y * upstream).sum(), (x, weight, bias)) if backward else y

    return run


def seconds(runs: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median time of each, taken in turn and in random order."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    order = random.Random(0)
    for _ in range(ROUNDS):
        for name in order.sample(list(runs), len(runs)):
            started = perf_counter()
            runs[name]()
            taken[name].append(perf_counter() - started)
    return {name: median(times[5:]) for name, times in taken.items()}


def main() -> int:
    # One large block, freed, stops glibc from giving memory back after every array.
    ballast = np.empty((32 << 20) - 65536, np.uint8)
    ballast[0] = 1
    del ballast
    for pool in threadpool_info():
        print(
            f"{pool['internal_api']} {pool.get('version')} {pool.get('architecture', '')} threads {pool['num_threads']}"
        )
    print("OPENBLAS_CORETYPE:", os.environ.get("OPENBLAS_CORETYPE", "unset"))
    worst = 0.0
    for shape in SHAPES:
        for what in ("forward", "forward + backward"):
            backward = what != "forward"
            runs = {"ours": network(shape, backward=backward)}
            if find_spec("torch"):
                runs["PyTorch"] = pytorch(shape, backward=backward)
            taken = seconds(runs)
            ratio = taken["ours"] / taken["PyTorch"] if "PyTorch" in taken else 0.0
            beside = f"{ratio:.2f} of PyTorch" if ratio else "PyTorch is not installed: no ratio"
            print(f"{list(shape)!s:18} {what:18} {taken['ours'] * 1e6:8.0f} us   {beside}")
            worst = worst if backward else max(worst, ratio)
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
