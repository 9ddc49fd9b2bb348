"""Losses of class labels."""

from __future__ import annotations

from typing import Any

import numpy as np
from network import Network
from onnx_nodes.adapter import adapts, add, given, only, real
from onnx_nodes.node_cases import Array, NodeCase


def labelled(case: NodeCase) -> tuple[list[Array | None], dict[str, Any]]:
    """Scores, labels and class weights; reduction and ignore_index."""
    reduction = case.attributes.get("reduction", b"mean").decode()
    only(reduction != "none", "no reduction; a loss of ours is one number")
    target = given(case, 1)
    assert target is not None
    chosen = {"reduction": reduction, "ignore_index": case.attributes.get("ignore_index")}
    return [real(case), target.astype(np.int64), given(case, 2)], chosen


@adapts("NegativeLogLikelihoodLoss")
def nll_loss(case: NodeCase, network: Network) -> list[str | None]:
    inputs, chosen = labelled(case)
    return [add(network, "nll_loss", *inputs, phase="loss", **chosen)]


@adapts("SoftmaxCrossEntropyLoss")
def cross_entropy(case: NodeCase, network: Network) -> list[str | None]:
    """The second output, where it is asked for, is log-softmax."""
    inputs, chosen = labelled(case)
    loss = add(network, "cross_entropy", *inputs, phase="loss", **chosen)
    return [loss, f"{loss}.log_softmax"][: len(case.outputs)]
