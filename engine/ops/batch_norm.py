"""Batch normalisation, as the steps it is made of: mean, variance, running statistics, normalise, scale and shift.

Source: Ioffe and Szegedy, "Batch Normalization", 2015; conventions of torch.nn.functional.batch_norm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from stepgrad.engine.channels import channel_size
from stepgrad.engine.graph import Graph, Phase
from stepgrad.engine.number import Index
from stepgrad.engine.op import Example, Initial, Op, Ref, Spec, example, expect
from stepgrad.engine.ops.batch_norm_parts import BatchMean, BatchNormalize, BatchVar, RunningAverage, ScaleShift

PIXELS: list[list[list[list[float]]]] = [[[[2, 4], [4, 4]], [[0, 6], [0, 6]]], [[[5, 5], [7, 9]], [[6, 0], [6, 0]]]]
"""Two images of two channels, whose means are 5 and 3, and whose deviations 2 and 3."""


@dataclass(frozen=True)
class BatchNorm(Op):
    """y[n,c,i,j] = (x[n,c,i,j] - mean[c]) / sqrt(var[c] + eps) * weight[c] + bias[c].

    x (N,C,...), running_mean, running_var, weight, bias (C) -> y (N,C,...). With `training` mean and var are those of
    the batch, a channel at a time, and the running statistics move towards them by `momentum`; without it mean and var
    are the running statistics. The variance that normalises is biased (divided by the count), the one in the running
    statistics is not (count - 1). Parts: `NAME.mean`, `NAME.var`, the running statistics, `NAME.normalized`, `NAME`.
    Raises ShapeError where a channel of a training batch has a single value.
    """

    name = "batch_norm"
    composite = True
    parameters = ("weight", "bias")
    buffers = ("running_mean", "running_var")
    ranks: ClassVar[Mapping[str, Index]] = dict.fromkeys((*parameters, *buffers), (0, 1))
    examples: ClassVar[tuple[Example, ...]] = (
        # Means that are exact: then deviations add up to 0, and not to a rounding error of either sign.
        example(x=PIXELS, running_mean=(2,), running_var=[1.0, 2.0], weight=(2,), bias=(2,)),
        example(x=[[1.0, 0], [3, 8]], running_mean=(2,), running_var=(2,), weight=(2,), momentum=0.5, eps=0.1),
        example(x=[[[PIXELS[0][0]]]], running_mean=(1,), running_var=(1,), weight=(1,), bias=(1,)),
        example(x=(3, 2, 2), running_mean=(2,), running_var=[1.0, 2.0], weight=(2,), bias=(2,), training=False),
        example(x=[[[2.0, 2.0]], [[2.0, 2.0]]], running_mean=[0.0], running_var=[1.0], weight=[1.5], smooth=False),
    )
    axes: ClassVar[tuple[int, ...]] = (0, 1, 2, 3)
    """How many axes may follow the channels."""

    eps: float = 1e-5
    momentum: float = 0.1
    training: bool = True

    def infer(self, x: Spec, running_mean: Spec, running_var: Spec, weight: Spec, bias: Spec | None = None) -> Spec:
        fits = len(x.shape) - 2 in self.axes
        expect(fits, lambda: f"x is {x}; it takes {' or '.join(map(_letters, self.axes))}")
        channels = x.shape[1]
        given = {"running_mean": running_mean, "running_var": running_var, "weight": weight, "bias": bias}
        wrong = [f"{name} is {spec}" for name, spec in given.items() if spec is not None and spec.shape != (channels,)]
        expect(not wrong, lambda: f"{', '.join(wrong)}; {channels} channels take [{channels}]")
        single = self.training and channel_size(x.shape) <= 1
        expect(not single, lambda: f"x is {x}: training needs more than one value a channel; give a larger batch")
        return x

    def expand(self, graph: Graph, name: str, *inputs: Ref | None, phase: Phase = "forward") -> Ref | None:
        specs: list[Any] = [ref and ref.spec for ref in inputs]
        axes, count = len(self.infer(*specs).shape) - 2, channel_size(specs[0].shape)
        x, mean, var, weight, bias = (*inputs, None)[:5]

        def add(part: str, op: Op, *read: Ref | None) -> Ref | None:
            return graph.add(part, op, *read, layer=name, phase=phase)

        if self.training:
            running_mean, running_var = mean, var
            mean = add(f"{name}.mean", BatchMean(axes), x)
            var = add(f"{name}.var", BatchVar(axes), x, mean)
            if running_mean is not None and running_var is not None:
                add(f"{running_mean.name}.new", RunningAverage(self.momentum), running_mean, mean)
                add(f"{running_var.name}.new", RunningAverage(self.momentum, count), running_var, var)
        normalized = add(f"{name}.normalized", BatchNormalize(axes, self.eps), x, mean, var)
        return add(name, ScaleShift(axes), normalized, weight, bias)

    def initial(self, x: Spec) -> Mapping[str, Initial]:
        starts = {"weight": 1.0, "bias": 0.0, "running_mean": 0.0, "running_var": 1.0}
        return {name: Initial((x.shape[1],), start, start) for name, start in starts.items()}


def _letters(axes: int) -> str:
    return f"[{','.join(('N', 'C', *'DHW'[3 - axes :]))}]"


class BatchNorm1d(BatchNorm):
    __doc__ = BatchNorm.__doc__
    name = "batch_norm1d"
    axes = (0, 1)
    examples = (
        example(x=[PIXELS[0][0], PIXELS[0][1]], running_mean=(2,), running_var=(2,), weight=(2,), bias=(2,)),
        example(x=[[2.0, 4], [4, 8]], running_mean=(2,), running_var=(2,), weight=(2,)),
    )


class BatchNorm2d(BatchNorm):
    __doc__ = BatchNorm.__doc__
    name = "batch_norm2d"
    axes = (2,)
    ranks: ClassVar[Mapping[str, Index]] = {**BatchNorm.ranks, "x": (2, 3, 4)}
    examples = (example(x=PIXELS, running_mean=(2,), running_var=(2,), weight=(2,), bias=(2,)),)
