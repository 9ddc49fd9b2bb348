"""Adding an op costs one file. Done here once: the file is written, found, and used from a scenario."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from stepgrad.engine import ops
from stepgrad.engine.op import Op
from stepgrad.scenarios.lesson import open_lesson

SOFTPLUS = '''
"""The smooth rectifier."""

from dataclasses import dataclass

from stepgrad.engine.number import exp, log1p
from stepgrad.engine.op import Op, example


@dataclass(frozen=True)
class Softplus(Op):
    """y = log(1 + exp(x)).   x (any shape) -> y (same)"""

    name = "softplus_once"
    formula = "y[i] = log1p(exp(x[i]))"
    examples = (example(x=[-1.0, 0.0, 2.0]),)

    def infer(self, x):
        return x

    def compute(self, xp, x):
        return xp.log1p(xp.exp(x))

    def cell(self, index, x):
        return log1p(exp(x[index]))

    def gradient(self, x, y, dy):
        return {"x": (SoftplusGrad(), x, dy)}


@dataclass(frozen=True)
class SoftplusGrad(Op):
    """dx = dy / (1 + exp(-x)).   x, dy (any shape) -> dx (same)"""

    name = "softplus_once_grad"
    kind = "gradient"
    formula = "y[i] = dy[i] / (1 + exp(-x[i]))"
    examples = (example(x=[-1.0, 0.0, 2.0], dy=[1.0, 2.0, 3.0]),)

    def infer(self, x, dy):
        return dy

    def compute(self, xp, x, dy):
        return dy / (1 + xp.exp(-x))

    def cell(self, index, x, dy):
        return dy[index] / (1 + exp(-x[index]))
'''

SCENARIO = """
format_version = 1
title = "A new op"
[inputs]
x = [[-1, 0, 2]]
[[layers]]
name = "y"
op = "softplus_once"
input = "x"
[loss]
op = "sum"
gradients = ["x"]
"""


def test_a_new_op_is_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "softplus_once.py").write_text(SOFTPLUS, encoding="utf-8")
    (tmp_path / "new.toml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.setattr(ops, "__path__", [*ops.__path__, str(tmp_path)])
    monkeypatch.setattr(Op, "registry", dict(Op.registry))
    import_module("stepgrad.engine.ops.softplus_once")

    lesson = open_lesson(str(tmp_path / "new.toml"))
    x = np.array([-1.0, 0.0, 2.0])
    np.testing.assert_allclose(lesson.tensors()["y"][0], np.logaddexp(0, x))
    np.testing.assert_allclose(lesson.tensors()["x.grad"][0], 1 / (1 + np.exp(-x)))
    step = lesson.step(lesson.timeline.locate("x.grad[0,2]"))
    assert step.arithmetic() == "1/(1 + exp(-2)) = 0.8807970779778823"
    assert lesson.step(1).formula == "y[i] = log1p(exp(x[i]))"
