"""A network small enough to work out by hand: a = x w^T, r = relu(a), s = r + x, loss = sum of s, by SGD.

With x = [1, 2] and w = [[1, 2], [3, -4]]: a = [5, -5], r = [5, 0], s = [6, 2], loss = 8. The gradient of w is
[[1, 2], [0, 0]] (the second unit is off), so with lr 0.1 the next w is [[0.9, 1.8], [3, -4]], and the next loss 7.5.
"""

from __future__ import annotations

import numpy as np

from stepgrad.engine.gradient import add_gradients
from stepgrad.engine.graph import Graph
from stepgrad.engine.history import History
from stepgrad.engine.op import Spec
from stepgrad.engine.ops.add import Add
from stepgrad.engine.ops.linear import Linear
from stepgrad.engine.ops.relu import ReLU
from stepgrad.engine.ops.sgd import SGD
from stepgrad.engine.timeline import Timeline
from stepgrad.engine.update import add_updates

X = np.array([[1.0, 2.0]])
W = np.array([[1.0, 2.0], [3.0, -4.0]])


def small_graph(lr: float = 0.1) -> Graph:
    graph = Graph()
    graph.source("x", Spec((1, 2)), "input")
    graph.source("w", Spec((2, 2)), "parameter")
    graph.source("ones", Spec((1, 2)), "input")
    graph.add("a", Linear(), "x", "w")
    graph.add("r", ReLU(), "a")
    graph.add("s", Add(), "r", "x")
    graph.add("loss", Linear(), "s", "ones", phase="loss")
    add_gradients(graph, "loss", {"w", "x"})
    add_updates(graph, SGD(lr=lr), ["w"])
    return graph.check()


def small_history(iterations: int = 3, lr: float = 0.1) -> History:
    sources = {"x": X, "w": W, "ones": np.ones((1, 2))}
    return History(Timeline(small_graph(lr), iterations), sources)
