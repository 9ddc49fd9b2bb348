"""Which class is taken for which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stepgrad.engine.fold import total
from stepgrad.engine.number import Cells, Index, Number, equal, select
from stepgrad.engine.op import Array, Op, Spec, example, expect


@dataclass(frozen=True)
class ConfusionMatrix(Op):
    """y[k,l] = how often the right class was k and the prediction l: what is right stands on the diagonal.

    x, target: whole numbers (N): the predicted and the right classes -> y int64 (num_classes, num_classes). What is
    none of the classes is not counted.
    """

    name = "confusion_matrix"
    formula = "y[k,l] = sum over n of where(target[n] == k, where(x[n] == l, 1, 0), 0)"
    note = "a row for every right class, a column for every prediction"
    integers = ("x", "target")
    examples = (
        example(x=[2, 0, 1, 1, 2], target=[2, 1, 1, 0, 2], num_classes=3),
        example(x=(6,), target=(6,), num_classes=2),
        example(x=[0, 5], target=[1, 0], num_classes=2),
    )

    num_classes: int

    def __post_init__(self) -> None:
        expect(self.num_classes > 0, lambda: f"num_classes is {self.num_classes}; give 1 or more")

    def infer(self, x: Spec, target: Spec) -> Spec:
        fits = x.is_integer and target.is_integer and x.shape == target.shape and len(x.shape) == 1
        expect(fits, lambda: f"x is {x} and target is {target}; both are [N], whole numbers (see argmax)")
        return Spec((self.num_classes, self.num_classes), "int64")

    def compute(self, xp: Any, x: Array, target: Array) -> Array:
        classes = xp.arange(self.num_classes, dtype=x.dtype, device=x.device)
        was, taken = target[:, None] == classes[None, :], x[:, None] == classes[None, :]
        return xp.sum(xp.astype(was[:, :, None] & taken[:, None, :], xp.int64), axis=0)

    def cell(self, index: Index, x: Cells, target: Cells) -> Number:
        k, i = index
        return total(lambda n: select(equal(target[n], k), select(equal(x[n], i), 1, 0), 0), *x.shape)
