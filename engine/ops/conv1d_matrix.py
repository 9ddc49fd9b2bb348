"""A convolution as a weight matrix: the same few weights on every row, one place further each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Gradient, Op, Ref, Spec, example, expect
from stepgrad.engine.window import Padding, Window, window


@dataclass(frozen=True)
class Conv1dMatrix(Op):
    """y[i,h] = x[u] where tap u of output i meets input h (h = i*stride + u*dilation - padding), else 0.

    A Toeplitz matrix: linear with it is conv1d with the kernel x, over an input of `size` cells.
    x (U) or (1,1,U) -> y (I,size), I = floor((size + 2*padding - dilation*(U-1) - 1)/stride) + 1
    """

    name = "conv1d_matrix"
    note = "a zero marked as padding is no weight: nothing connects these two"
    examples = (
        example(x=[1.0, -2.0, 3.0], size=6, padding=1),
        example(x=(3,), size=6, stride=2, padding=1),
        example(x=(3,), size=8, dilation=2, padding=2),
        example(x=(1, 1, 2), size=5, padding="same"),
    )

    size: int
    stride: int = 1
    padding: Padding = 0
    dilation: int = 1

    @property
    def formula(self) -> str:
        s = "i" if self.stride == 1 else f"{self.stride}i"
        p = self.padding if isinstance(self.padding, int) else "p"
        tap = f"h-{s}+{p}" if p else f"h-{s}"
        return f"y[i,h] = x[{tap if self.dilation == 1 else f'({tap})/{self.dilation}'}], 0 outside the kernel"

    def window(self, x: Index) -> Window:
        return window((self.size,), x[-1:], self.stride, self.padding, self.dilation)

    def infer(self, x: Spec) -> Spec:
        one = len(x.shape) in (1, 3) and x.shape[:-1] in ((), (1, 1))
        expect(one, lambda: f"x is {x}; it takes one kernel of one channel, [U] or [1,1,U]")
        expect(self.size > 0, lambda: f"size is {self.size}; give the length of the input")
        return x.with_shape(*self.window(x.shape).out, self.size)

    def compute(self, xp: Any, x: Array) -> Array:
        over = self.window(x.shape)
        (outputs,), (kernel,) = over.out, over.kernel
        i = xp.arange(outputs, device=x.device)[:, None]
        h = xp.arange(self.size, device=x.device)[None, :]
        matrix = xp.zeros((outputs, self.size), dtype=x.dtype, device=x.device)
        x = xp.reshape(x, (-1,))
        for u in range(kernel):
            meets = h == i * self.stride + u * self.dilation - over.before[0]
            matrix = xp.where(meets, x[u], matrix)
        return matrix

    def cell(self, index: Index, x: Cells) -> Number:
        i, h = index
        over = self.window(x.shape)
        tap, gap = divmod(h + over.before[0] - i * self.stride, self.dilation)
        # Between the taps of a dilated kernel there is no weight either: -1 is outside.
        return x.padded(*(0,) * (x.ndim - 1), -1 if gap else tap)

    def gradient(self, x: Ref, y: Ref, dy: Ref) -> Mapping[str, Gradient]:
        return {"x": (Conv1dMatrixGrad(self, x.shape), dy)}


@dataclass(frozen=True)
class Conv1dMatrixGrad(Op):
    """dx[u] = sum of dy[i, i*stride + u*dilation - padding] over i: one diagonal, because its cells are one weight.

    dy (I,size) -> dx (`shape`)
    """

    name = "conv1d_matrix_grad"
    kind = "gradient"
    examples = (
        example(dy=(6, 6), of=Conv1dMatrix(6, padding=1), shape=(3,)),
        example(dy=(3, 6), of=Conv1dMatrix(6, stride=2, padding=1), shape=(1, 1, 3)),
    )

    of: Conv1dMatrix
    shape: Index

    @property
    def formula(self) -> str:
        s = "i" if self.of.stride == 1 else f"{self.of.stride}i"
        u = "u" if self.of.dilation == 1 else f"{self.of.dilation}u"
        p = self.of.padding if isinstance(self.of.padding, int) else "p"
        return f"y[u] = sum dy[i,{s}+{u}{f'-{p}' if p else ''}] over i, within the matrix"

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(*self.shape)

    def compute(self, xp: Any, dy: Array) -> Array:
        flat, diagonals = xp.reshape(dy, (-1,)), self._diagonals()
        cells = [xp.asarray([i * dy.shape[1] + h for i, h in taps], dtype=xp.int64) for taps in diagonals]
        sums = [xp.sum(xp.take(flat, xp.asarray(c, device=dy.device), axis=0)) for c in cells]
        return xp.reshape(xp.stack(sums), self.shape)

    def cell(self, index: Index, dy: Cells) -> Number:
        taps = self._diagonals()[index[-1]]
        return total(lambda k: dy[taps[k]], len(taps))

    def _diagonals(self) -> list[list[Index]]:
        """The cells of the matrix that hold each weight."""
        over = self.of.window(self.shape)
        reads = [[(i, *over.at((i,), (u,))) for i in range(over.out[0])] for u in range(over.kernel[0])]
        return [[cell for cell in cells if 0 <= cell[1] < self.of.size] for cells in reads]
