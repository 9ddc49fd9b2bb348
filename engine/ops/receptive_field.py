"""How much of the input one output cell sees, layer by layer. Source: Araujo and others, Distill, 2019."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect
from stepgrad.engine.ops.add import Identity
from stepgrad.engine.ops.mul import Mul


@dataclass(frozen=True)
class ReceptiveField(Op):
    """y[i] = x[i] + (kernel[i] - 1)*jump[i]: a stack a cell, one more layer on top.

    x is the field so far, in input cells (1 before the first layer); jump is how many input cells lie between two
    neighbours of the map so far (the strides so far, multiplied). A dilated kernel counts with its span.
    x, kernel, jump (any shape, the same) -> y (same)
    """

    name = "receptive_field"
    formula = "y[i] = x[i] + (kernel[i] - 1)*jump[i]"
    examples = (
        example(x=[1.0, 3.0, 4.0], kernel=[3.0, 2.0, 3.0], jump=[1.0, 1.0, 2.0]),
        example(x=(2, 2), kernel=(2, 2), jump=(2, 2)),
    )

    def infer(self, x: Spec, kernel: Spec, jump: Spec) -> Spec:
        agree = x.shape == kernel.shape == jump.shape
        expect(agree, lambda: f"received x {x}, kernel {kernel}, jump {jump}; give one of each a stack")
        return x

    def compute(self, xp: Any, x: Array, kernel: Array, jump: Array) -> Array:
        return x + (kernel - 1) * jump

    def cell(self, index: Index, x: Cells, kernel: Cells, jump: Cells) -> Number:
        return x[index] + (kernel[index] - 1) * jump[index]

    def gradient(self, x: Ref, kernel: Ref, jump: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Identity(), dy), "kernel": (Mul(), dy, jump), "jump": (FieldJumpGrad(), dy, kernel)}


@dataclass(frozen=True)
class FieldJumpGrad(Op):
    """djump[i] = dy[i] * (kernel[i] - 1).   dy, kernel (any shape, the same) -> djump (same)"""

    name = "receptive_field_jump_grad"
    kind = "gradient"
    formula = "y[i] = dy[i]*(kernel[i] - 1)"
    examples = (example(dy=(3,), kernel=(3,)),)

    def infer(self, dy: Spec, kernel: Spec) -> Spec:
        return dy

    def compute(self, xp: Any, dy: Array, kernel: Array) -> Array:
        return dy * (kernel - 1)

    def cell(self, index: Index, dy: Cells, kernel: Cells) -> Number:
        return dy[index] * (kernel[index] - 1)


@dataclass(frozen=True)
class KernelSpan(Op):
    """y[i] = dilation[i]*(x[i] - 1) + 1: how many cells a kernel with gaps stretches over.

    x is the kernel's size.   x, dilation (any shape, the same) -> y (same)
    """

    name = "kernel_span"
    formula = "y[i] = dilation[i]*(x[i] - 1) + 1"
    examples = (example(x=[3.0, 3.0, 5.0], dilation=[1.0, 2.0, 4.0]), example(x=(2, 2), dilation=(2, 2)))

    def infer(self, x: Spec, dilation: Spec) -> Spec:
        expect(x.shape == dilation.shape, lambda: f"x is {x} and dilation is {dilation}; give one of each a kernel")
        return x

    def compute(self, xp: Any, x: Array, dilation: Array) -> Array:
        return dilation * (x - 1) + 1

    def cell(self, index: Index, x: Cells, dilation: Cells) -> Number:
        return dilation[index] * (x[index] - 1) + 1

    def gradient(self, x: Ref, dilation: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Mul(), dy, dilation), "dilation": (FieldJumpGrad(), dy, x)}
