"""A gradient checked on the spot: the loss with one cell moved a little up, a little down, and the slope between."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.number import Index
from stepgrad.engine.op import Array
from stepgrad.engine.run import Run
from stepgrad.engine.scratch import keeping

NUDGE = 1e-6
"""How far a cell is moved, relative to its size (at least 1): near the cube root of float64's precision."""

_TOLERANCE = {"float64": 1e-5, "float32": 1e-3, "float16": 5e-2}


@dataclass(frozen=True)
class Check:
    """(plus - minus) / (2*h) beside the gradient that the backward pass wrote."""

    tensor: str
    index: Index
    h: float
    minus: float
    plus: float
    shown: float
    tolerance: float
    """Relative: what the dtype of the gradient allows."""

    @property
    def slope(self) -> float:
        return (self.plus - self.minus) / (2 * self.h)

    @property
    def compares(self) -> bool:
        """Whether both are finite numbers; where one is not there is nothing to compare."""
        return math.isfinite(self.slope) and math.isfinite(self.shown)

    @property
    def agrees(self) -> bool:
        """Whether both are the same within what the step and float64 allow."""
        rounding = 1e-14 * max(abs(self.plus), abs(self.minus), 1.0) / self.h
        return abs(self.slope - self.shown) <= self.tolerance * max(abs(self.shown), abs(self.slope)) + rounding


def central_difference(run: Run, gradient: str, index: Index) -> Check:
    """Check the cell `X.grad[index]`: run everything after X twice more, with X[index] moved by -h and +h.

    The loss is computed in float64 whatever the scenario's dtype: a difference of two rounded losses says nothing.
    """
    tensor, loss = checked_tensor(run, gradient)
    value = run.value(tensor, index)
    h = NUDGE * max(1.0, abs(value))
    minus, plus = (_loss(run, tensor, index, loss, moved) for moved in (value - h, value + h))
    tolerance = _TOLERANCE[run.graph.spec(gradient).dtype]
    return Check(tensor, index, h, minus, plus, run.value(gradient, index), tolerance)


def checked_tensor(run: Run, gradient: str) -> tuple[str, str]:
    """The tensor X whose whole gradient is `gradient`, and the loss. A part of a gradient can not be checked alone."""
    tensor = gradient.removesuffix(".grad")
    if tensor == gradient or tensor not in run.graph:
        raise StepgradError(f"{gradient} is not a whole gradient; put the cursor on a cell of a tensor named X.grad")
    if f"{tensor}.grad.start" in run.graph:
        raise StepgradError(
            f"{gradient} also holds the gradients of earlier iterations, which no difference here shows"
        )
    if run.graph.loss is None:
        raise StepgradError("this scenario has no loss to differentiate")
    return tensor, run.graph.loss


def _loss(run: Run, tensor: str, index: Index, loss: str, value: float) -> float:
    """The loss with one cell of one tensor changed, everything that depends on it computed again."""
    graph, xp = run.graph, run.backend.xp
    moved = np.asarray(run.host(tensor), np.float64).copy()
    moved[index] = value
    changed = {tensor: run.backend.asarray(moved, "float64")}
    with np.errstate(all="ignore"), keeping(False):
        for node in graph.nodes:
            if node.phase not in ("forward", "loss") or not any(name in changed for name in node.inputs):
                continue
            inputs = [
                None if name is None else changed[name] if name in changed else _wide(run, name) for name in node.inputs
            ]
            changed[node.name] = node.op.compute(xp, *inputs)
            if node.name == loss:
                return float(run.backend.to_host(changed[loss]).item())
    return float(run.host(loss).item())


def _wide(run: Run, name: str) -> Array:
    """A tensor in float64; whole numbers as they are."""
    xp, array = run.backend.xp, run.tensors[name]
    return array if run.graph.spec(name).is_integer else xp.astype(array, xp.float64, copy=False)
