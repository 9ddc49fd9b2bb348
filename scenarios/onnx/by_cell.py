"""Activations and normalisations: what keeps the shape."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from stepgrad.scenarios.onnx.draft import Draft
from stepgrad.scenarios.onnx.node import Node, Tensor, Translation, only, translates

Outputs = list[Tensor | None]
Settings = dict[str, Any]


def plain(name: str, **attributes: tuple[str, float]) -> Translation:
    """An op of one input: its settings, by the attribute that gives them and the attribute's default."""

    def translation(node: Node, draft: Draft) -> Outputs:
        chosen: Settings = {key: node.number(attribute, default) for key, (attribute, default) in attributes.items()}
        return [draft.add(name, node.real(), **chosen)]

    return translation


translates("Relu")(plain("relu"))
translates("LeakyRelu")(plain("leaky_relu", negative_slope=("alpha", 0.01)))
translates("Elu")(plain("elu", alpha=("alpha", 1.0)))
translates("ThresholdedRelu")(plain("threshold", threshold=("alpha", 1.0)))
translates("Sigmoid")(plain("sigmoid"))
translates("Tanh")(plain("tanh"))
translates("Abs")(plain("abs"))
translates("Log")(plain("log"))
translates("Neg")(lambda node, draft: [draft.add("scale", node.real(), factor=-1.0)])


@translates("LRN")
def local_response_norm(node: Node, draft: Draft) -> Outputs:
    alpha, beta, k = node.number("alpha", 1e-4), node.number("beta", 0.75), node.number("bias", 1.0)
    size = node.integer("size", 0)
    only(size % 2 == 1, "an even size, for which PyTorch reads one channel more before and one less after")
    return [draft.add("local_response_norm", node.real(), size=size, alpha=alpha, beta=beta, k=k)]


@translates("Clip")
def clip(node: Node, draft: Draft) -> Outputs:
    """Bounds that newer versions give as inputs, and older ones as attributes."""
    x = node.real()
    bounds: Settings = {}
    for k, name in enumerate(("min", "max"), 1):
        given = node.constant(k)
        if given is not None and given.size == 1:
            bounds[name] = float(str(given.reshape(-1)[0]))
        elif name in node.attributes:
            bounds[name] = node.number(name, 0.0)
    bounds = {name: bound for name, bound in bounds.items() if abs(bound) < float(np.finfo(x.dtype).max)}
    return [draft.add("relu", x) if bounds == {"min": 0.0} else draft.add("clamp", x, **bounds) if bounds else x]


@translates("HardSigmoid")
def hard_sigmoid(node: Node, draft: Draft) -> Outputs:
    """min(max(alpha*x + beta, 0), 1)."""
    alpha, beta = node.number("alpha", 0.2), node.number("beta", 0.5)
    line = draft.add("scale", node.real(), part="line", factor=alpha, offset=beta)
    return [draft.add("clamp", line, min=0.0, max=1.0)]


@translates("HardSwish")
def hard_swish(node: Node, draft: Draft) -> Outputs:
    """x * min(max(x/6 + 1/2, 0), 1)."""
    line = draft.add("scale", node.real(), part="line", divisor=6.0, offset=0.5)
    return [draft.add("mul", node.real(), draft.add("clamp", line, part="gate", min=0.0, max=1.0))]


def softmax(name: str) -> Translation:
    """Up to opset 12 it is over all axes from `axis` on, which are one axis meanwhile."""

    def translation(node: Node, draft: Draft) -> Outputs:
        x = node.real()
        dim = node.integer("axis", -1 if node.opset >= 13 else 1)
        only(-x.ndim <= dim < x.ndim, f"axis {dim} of {x.ndim}")
        dim %= x.ndim
        if node.opset < 13 and prod(x.shape[dim + 1 :]) > 1:
            rows = draft.add("reshape", x, part="rows", shape=(prod(x.shape[:dim]), prod(x.shape[dim:])))
            return [draft.add("reshape", draft.add(name, rows, part=name), shape=x.shape)]
        return [draft.add(name, x, dim=-1 if dim == x.ndim - 1 else dim)]

    return translation


translates("Softmax")(softmax("softmax"))
translates("LogSoftmax")(softmax("log_softmax"))


@translates("PRelu")
def prelu(node: Node, draft: Draft) -> Outputs:
    x, slope = node.real(), node.known(1)
    channels = x.shape[1] if x.ndim > 1 else 1
    each = (1,) if slope.size == 1 else (channels,)
    by_channel = slope.shape == (channels, *(1,) * (x.ndim - 2)) or (node.opset < 7 and slope.shape == each)
    only(slope.size == 1 or by_channel, "a slope for every cell or column; ours is one, or one a channel")
    return [draft.add("prelu", x, slope.reshape(each))]


@translates("BatchNormalization")
def batch_norm(node: Node, draft: Draft) -> Outputs:
    """ONNX keeps `momentum` of the old statistics, PyTorch replaces `momentum` of them. ONNX's running variance is
    biased and PyTorch's is not, so that output is none of ours."""
    x, weight, bias, mean, var = (node.real(k) for k in range(5))
    training = bool(node.integer("training_mode", 0))
    momentum: Settings = {"momentum": 1 - node.number("momentum", 0.9)} if training else {}
    eps = node.number("epsilon", 1e-5)
    y = draft.add("batch_norm", x, mean, var, weight, bias, eps=eps, training=training, **momentum)
    moved = f"{mean.name or f'{y.name}.running_mean'}.new"
    return [y, Tensor(mean.shape, mean.dtype, moved)] if training else [y]


@translates("Dropout")
def dropout(node: Node, _: Draft) -> Outputs:
    """It drops nothing once the network is trained. The mask is no output of ours."""
    training, ratio = node.constant(2), node.constant(1)
    drops = training is not None and bool(training) and (ratio is None or float(ratio) > 0)
    only(not drops, "a mask drawn by NumPy; ours is drawn otherwise")
    return [node.real()]


@translates("Identity")
def identity(node: Node, _: Draft) -> Outputs:
    only(node.given(0) is not None, "a sequence of tensors")
    return [node.real()]


@translates("Cast")
def cast(node: Node, _: Draft) -> Outputs:
    """To the type that it has already: exporters put many of those."""
    x = node.real()
    wanted = {1: "float32", 10: "float16", 11: "float64"}.get(node.integer("to", 0), "another type")
    only(x.dtype == wanted, f"from {x.dtype} to {wanted}; a scenario has one type")
    return [x]
