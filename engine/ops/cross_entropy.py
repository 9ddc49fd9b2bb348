"""Cross-entropy of class labels, from scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stepgrad.engine.op import Op, Ref, Spec, example
from stepgrad.engine.ops.log_softmax import LogSoftmax
from stepgrad.engine.ops.nll_loss import NLLLoss, class_axis

if TYPE_CHECKING:
    from stepgrad.engine.graph import Graph, Phase


@dataclass(frozen=True)
class CrossEntropy(Op):
    """y = -sum log softmax(x)[n,target[n]] over every sample n; the mean divides it by their count.

    x (N,C), (C) or (N,C,...): scores; target (N), () or (N,...): the right class of each sample; weight (C) -> y ().
    `NAME.log_softmax`, which no score makes overflow, and then nll_loss, whose settings these are.
    Source: torch.nn.functional.cross_entropy.
    """

    name = "cross_entropy"
    kind = "loss"
    composite = True
    integers = ("target",)
    examples = (
        example(x=[[1.0, 2.0, 3.0], [2.0, 0.0, -1.0]], target=[2, 1]),
        example(x=[[1000.0, -1000.0, 0.0]], target=[1], reduction="sum"),
        example(x=(3,), target=1),
        example(x=(2, 3, 2), target=[[0, 1], [2, -1]], weight=[1.0, 0.5, 2.0], ignore_index=-1),
    )

    reduction: Literal["mean", "sum"] = "mean"
    ignore_index: int | None = None

    def infer(self, x: Spec, target: Spec, weight: Spec | None = None) -> Spec:
        return NLLLoss().infer(x, target, weight)

    def expand(self, graph: Graph, name: str, *inputs: Ref | None, phase: Phase = "loss") -> Ref | None:
        x, *labels = inputs
        dim = -1 if x is None else class_axis(x.shape)
        log_softmax = graph.add(f"{name}.log_softmax", LogSoftmax(dim), x, layer=name, phase=phase)
        return NLLLoss(self.reduction, self.ignore_index).expand(graph, name, log_softmax, *labels, phase=phase)
