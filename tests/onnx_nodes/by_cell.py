"""Activations, normalisations and arithmetic: what keeps the shape."""

from __future__ import annotations

import numpy as np
from network import Network
from onnx_nodes.adapter import Adapter, adapts, add, given, only, real
from onnx_nodes.node_cases import NodeCase


def plain(name: str, **attributes: tuple[str, float]) -> Adapter:
    """An op of one input: its settings, by the attribute that gives them and the attribute's default."""

    def adapter(case: NodeCase, network: Network) -> list[str | None]:
        chosen = {key: case.attributes.get(attribute, default) for key, (attribute, default) in attributes.items()}
        return [add(network, name, real(case), **chosen)]

    return adapter


adapts("Relu")(plain("relu"))
adapts("LeakyRelu")(plain("leaky_relu", negative_slope=("alpha", 0.01)))
adapts("Elu")(plain("elu", alpha=("alpha", 1.0)))
adapts("ThresholdedRelu")(plain("threshold", threshold=("alpha", 1.0)))
adapts("Sigmoid")(plain("sigmoid"))
adapts("Tanh")(plain("tanh"))
adapts("Abs")(plain("abs"))
adapts("Log")(plain("log"))
adapts("LRN")(plain("local_response_norm", size=("size", 0), alpha=("alpha", 1e-4), beta=("beta", 0.75), k=("bias", 1)))


def softmax(name: str) -> Adapter:
    def adapter(case: NodeCase, network: Network) -> list[str | None]:
        x = real(case)
        dim = case.attributes.get("axis", -1 if case.opset >= 13 else 1)
        old = case.opset < 13 and dim % x.ndim != x.ndim - 1
        only(not old, "over several axes at once, as up to opset 12")
        return [add(network, name, x, dim=dim)]

    return adapter


adapts("Softmax")(softmax("softmax"))
adapts("LogSoftmax")(softmax("log_softmax"))


@adapts("PRelu")
def prelu(case: NodeCase, network: Network) -> list[str | None]:
    x, slope = real(case), real(case, 1)
    channels = x.shape[1] if x.ndim > 1 else 1
    each = (1,) if slope.size == 1 else (channels,)
    by_channel = slope.shape == (channels, *(1,) * (x.ndim - 2)) or (case.opset < 7 and slope.shape == each)
    only(slope.size == 1 or by_channel, "a slope for every cell or column; ours is one, or one a channel")
    return [add(network, "prelu", x, slope.reshape(each))]


@adapts("BatchNormalization")
def batch_norm(case: NodeCase, network: Network) -> list[str | None]:
    """ONNX keeps `momentum` of the old statistics, PyTorch replaces `momentum` of them. ONNX's running variance is
    biased and PyTorch's is not, so that output is not compared."""
    x, weight, bias, mean, var = (real(case, k) for k in range(5))
    training = bool(case.attributes.get("training_mode", 0))
    momentum = 1 - case.attributes.get("momentum", 0.9)
    names = [network.input(name, array, "buffer") for name, array in (("mean", mean), ("var", var))]
    eps = case.attributes.get("epsilon", 1e-5)
    y = add(network, "batch_norm", x, *names, weight, bias, eps=eps, momentum=momentum, training=training)
    return [y, "mean.new"] if training else [y]


@adapts("Dropout")
def dropout(case: NodeCase, network: Network) -> list[str | None]:
    """The mask is no output of ours."""
    ratio, training = given(case, 1), given(case, 2)
    drops = training is not None and bool(training) and (ratio is None or float(ratio) > 0)
    only(not drops, "a mask drawn by NumPy; ours is drawn otherwise")
    return [add(network, "dropout", real(case), np.asarray(0), training=False)]


def together(name: str) -> Adapter:
    """An op of several inputs of one shape."""

    def adapter(case: NodeCase, network: Network) -> list[str | None]:
        arrays = [real(case, k) for k in range(len(case.inputs))]
        only(len({array.shape for array in arrays}) == 1, "one input is repeated to the shape of another")
        return [add(network, name, *arrays)]

    return adapter


adapts("Add")(together("add"))
adapts("Sum")(together("add"))
adapts("Sub")(together("sub"))
adapts("Mul")(together("mul"))


@adapts("Identity")
def identity(case: NodeCase, network: Network) -> list[str | None]:
    only(given(case, 0) is not None, "a sequence of tensors")
    return [add(network, "identity", real(case))]


@adapts("Gemm")
def gemm(case: NodeCase, network: Network) -> list[str | None]:
    """alpha and beta are multiplied into weight and bias, as when a network is imported."""
    a, b, c = real(case, 0), real(case, 1), given(case, 2)
    only(not case.attributes.get("transA", 0), "the first matrix is transposed; the samples are rows in ours")
    weight = case.attributes.get("alpha", 1.0) * (b if case.attributes.get("transB", 0) else b.T)
    if c is None:
        return [add(network, "linear", a, weight.astype(b.dtype))]
    only(c.size in (1, weight.shape[0]) and c.shape[:1] != (a.shape[0],) * (c.ndim > 1), "a bias for every sample")
    bias = np.broadcast_to(case.attributes.get("beta", 1.0) * c.reshape(-1), weight.shape[:1])
    return [add(network, "linear", a, weight.astype(b.dtype), bias.astype(b.dtype))]


@adapts("MatMul")
def matmul(case: NodeCase, network: Network) -> list[str | None]:
    a, b = real(case, 0), real(case, 1)
    only(b.ndim == 2 and a.ndim > 1, "a product of vectors, or of many matrices; ours has one matrix of weights")
    return [add(network, "linear", a, b.T)]
