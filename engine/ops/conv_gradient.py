"""The gradients of a convolution: each is the same sum of products as the convolution, left open at another place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.columns import correlate_input, correlate_weight, reverse
from stepgrad.engine.fold import total
from stepgrad.engine.letters import IN, KERNEL, OUT, commas, reading, through, turned
from stepgrad.engine.number import Cells, Index, Number
from stepgrad.engine.op import Array, Op, Spec, example
from stepgrad.engine.window import Window, window


@dataclass(frozen=True)
class ConvInputGrad(Op):
    """dx[n,c,h,g] = sum of dy[n,m,i,j] * weight[m,c,u,v] over m and all (i,j) that read x[n,c,h,g] through (u,v).

    dy (N,M,I,J), weight (M,C/groups,U,V) -> dx (N,C,H,W). With stride 1 this is the full correlation of dy with the
    kernel turned round: dy is padded by what is left of the kernel beyond the forward padding.
    """

    name = "conv_input_grad"
    kind = "gradient"
    examples = (
        example(dy=[[[[1.0, 2], [3, 4]]]], weight=[[[[1.0, 0], [2, -1]]]], over=window((3, 3), 2, 1, 0)),
        example(dy=(2, 2, 5, 5), weight=(2, 3, 3, 3), over=window((5, 5), 3, 1, 1)),
        example(dy=(1, 2, 3, 3), weight=(2, 3, 3, 3), over=window((6, 5), 3, 2, 1)),
        example(dy=(1, 4, 2, 5), weight=(4, 2, 2, 3), over=window((6, 7), (2, 3), (2, 1), (0, 1), 2), groups=2),
        example(dy=(1, 3, 5, 6), weight=(3, 1, 2, 2), over=window((4, 4), 2, 1, (1, 1, 2, 1)), groups=3, flip=True),
        example(dy=(1, 1, 2, 2), weight=(1, 1, 2, 2), over=window((7, 7), 2, 4, 0)),
        example(dy=(2, 8, 7), weight=(8, 1, 3), over=window((5,), 3, 1, 3, 2)),
        example(dy=(1, 2, 2, 2, 2), weight=(2, 1, 2, 2, 2), over=window((3, 3, 3), 2, 1, 0)),
    )

    over: Window
    groups: int = 1
    flip: bool = False

    @property
    def full(self) -> bool:
        """Whether the sum is a full correlation: with stride 1 the outputs that read a cell lie side by side."""
        return set(self.over.stride) == {1}

    @property
    def formula(self) -> str:
        over, rank = self.over, len(self.over.size)
        if self.full:
            dy = reading(reverse(over), IN[rank])
            w = commas(KERNEL[rank]) if self.flip else turned(over.kernel)
        else:
            dy, w = commas(OUT[rank]), through(over, flip=self.flip)
        c = "c" if self.groups == 1 else "c-c0"
        return f"y[n,c,{commas(IN[rank])}] = sum dy[n,m,{dy}] * weight[m,{c},{w}]"

    @property
    def note(self) -> str:
        said = "every output that read the cell, times the weight it read it through"
        if self.full:
            border = reverse(self.over).before
            beyond = border[0] if len(set(border)) == 1 else list(border)
            kernel = "kernel as it is" if self.flip else "flipped kernel"
            said = f"full correlation of dy, padded by {beyond}, with the {kernel}"
        return said if self.groups == 1 else f"{said}; over the m of the group of c, whose first channel is c0"

    def infer(self, dy: Spec, weight: Spec) -> Spec:
        return dy.with_shape(dy.shape[0], weight.shape[1] * self.groups, *self.over.size)

    def compute(self, xp: Any, dy: Array, weight: Array) -> Array:
        if self.flip:
            weight = xp.flip(weight, axis=tuple(range(2, weight.ndim)))
        return correlate_input(xp, dy, weight, self.over, self.groups)

    def cell(self, index: Index, dy: Cells, weight: Cells) -> Number:
        n, channel, *at = index
        group, c = divmod(channel, weight.shape[1])
        over, place = self.over, tuple(at)
        features = weight.shape[0] // self.groups
        of_group = range(group * features, (group + 1) * features)

        def correlated(m: int, *tap: int) -> Number:
            met = weight[m, c, *(tap if self.flip else over.opposite(tap))]
            return dy.padded(n, m, *reverse(over).at(place, tap)) * met

        def gathered(m: int, *out: int) -> Number:
            tap = over.tap(place, out)
            return dy[n, m, *out] * weight[m, c, *(over.opposite(tap) if self.flip else tap)]

        if self.full:
            return total(correlated, of_group, *over.kernel)
        return total(gathered, of_group, *over.readers(place))


@dataclass(frozen=True)
class ConvWeightGrad(Op):
    """dweight[m,c,u,v] = sum of dy[n,m,i,j] * x[n,c,i*s+u*d-p,j*s+v*d-p] over n, i, j.

    dy (N,M,I,J), x (N,C,H,W) -> dweight (M,C/groups,U,V). Where a window met padding, x counts as 0.
    """

    name = "conv_weight_grad"
    kind = "gradient"
    examples = (
        example(dy=[[[[1.0, 2], [3, 4]]]], x=[[[[1.0, 2, 0], [0, 1, 3], [2, 0, 1]]]], over=window((3, 3), 2, 1, 0)),
        example(dy=(2, 2, 3, 3), x=(2, 3, 5, 5), over=window((5, 5), 3, 2, 1)),
        example(dy=(1, 4, 2, 5), x=(1, 4, 6, 7), over=window((6, 7), (2, 3), (2, 1), (0, 1), 2), groups=2),
        example(dy=(1, 3, 5, 6), x=(1, 3, 4, 4), over=window((4, 4), 2, 1, (1, 1, 2, 1)), groups=3, flip=True),
        example(dy=(3, 2, 6, 6), x=(3, 6, 6, 6), over=window((6, 6), 3, 1, 1)),
        example(dy=(1, 1, 2, 2), x=(1, 1, 7, 7), over=window((7, 7), 2, 4, 0)),
        example(dy=(1, 2, 2, 2, 2), x=(1, 1, 3, 3, 3), over=window((3, 3, 3), 2, 1, 0)),
    )

    over: Window
    groups: int = 1
    flip: bool = False

    @property
    def formula(self) -> str:
        rank = len(self.over.size)
        c = "c" if self.groups == 1 else "c0+c"
        x = reading(self.over, OUT[rank], flip=self.flip)
        return f"y[m,c,{commas(KERNEL[rank])}] = sum dy[n,m,{commas(OUT[rank])}] * x[n,{c},{x}]"

    @property
    def note(self) -> str:
        said = "over all samples and positions: the weight is shared by them"
        return said if self.groups == 1 else f"{said}; c0 is the first channel of the group of m"

    def infer(self, dy: Spec, x: Spec) -> Spec:
        return x.with_shape(dy.shape[1], x.shape[1] // self.groups, *self.over.kernel)

    def compute(self, xp: Any, dy: Array, x: Array) -> Array:
        found = correlate_weight(xp, dy, x, self.over, self.groups)
        return xp.flip(found, axis=tuple(range(2, found.ndim))) if self.flip else found

    def cell(self, index: Index, dy: Cells, x: Cells) -> Number:
        m, c, *tap = index
        over = self.over
        met = over.opposite(tuple(tap)) if self.flip else tuple(tap)
        first = m // (dy.shape[1] // self.groups) * (x.shape[1] // self.groups)

        def product(n: int, *out: int) -> Number:
            return dy[n, m, *out] * x.padded(n, first + c, *over.at(out, met))

        return total(product, dy.shape[0], *over.out)


@dataclass(frozen=True)
class ConvBiasGrad(Op):
    """dbias[m] = sum of dy[n,m,i,j] over n, i, j: every output of a channel had the bias added once.

    dy (N,M,...) -> dbias (M)
    """

    name = "conv_bias_grad"
    kind = "gradient"
    formula = "y[m] = sum dy[n,m,i,j]"
    examples = (example(dy=[[[[1.0, 2], [3, 4]]]]), example(dy=(2, 3, 4)), example(dy=(1, 2, 2, 2, 2)))

    def infer(self, dy: Spec) -> Spec:
        return dy.with_shape(dy.shape[1])

    def compute(self, xp: Any, dy: Array) -> Array:
        return xp.sum(dy, axis=(0, *range(2, dy.ndim)))

    def cell(self, index: Index, dy: Cells) -> Number:
        (m,) = index
        n, _, *out = dy.shape
        return total(lambda n, *at: dy[n, m, *at], n, *out)
