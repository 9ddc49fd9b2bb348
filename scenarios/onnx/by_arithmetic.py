"""Arithmetic: sums, products and quotients of tensors, with numbers, and with matrices of weights."""

from __future__ import annotations

import numpy as np

from stepgrad.engine.number import Index
from stepgrad.scenarios import limits
from stepgrad.scenarios.onnx.draft import Draft
from stepgrad.scenarios.onnx.node import Node, Tensor, only, translates

Outputs = list[Tensor | None]


def spread(node: Node, draft: Draft) -> list[Tensor]:
    """The inputs, repeated to one shape: numbers at once, a map of one cell a channel by a layer."""
    given = [node.real(k) for k in range(len(node.inputs))]
    shape = np.broadcast_shapes(*(tensor.shape for tensor in given))
    only(np.prod(shape, dtype="float64") <= limits.ELEMENTS, f"repeated to {list(shape)}")
    return [_repeated(tensor, shape, draft, k) for k, tensor in enumerate(given)]


def _repeated(tensor: Tensor, shape: Index, draft: Draft, k: int) -> Tensor:
    if tensor.shape == shape:
        return tensor
    maps, row = len(shape) in (3, 4), (1,) * (len(shape) - tensor.ndim) + tensor.shape
    if maps and tensor.value is not None and set(row[2:]) == {1} and row[1] == shape[1]:
        # One number a channel stays one in the file.
        value = np.broadcast_to(tensor.value.reshape(row), (*shape[:2], *row[2:]))
        tensor = Tensor(value.shape, tensor.dtype, None, np.ascontiguousarray(value))
    elif tensor.value is not None:
        value = np.ascontiguousarray(np.broadcast_to(tensor.value, shape))
        return Tensor(shape, tensor.dtype, None, value)
    only(
        maps and tensor.shape == (*shape[:2], *(1,) * (len(shape) - 2)),
        f"{list(tensor.shape)} is repeated to {list(shape)}; ours repeats one cell a channel",
    )
    return draft.add("interpolate", tensor, part=f"repeated{k}", size=shape[2:])


def single(tensor: Tensor | None) -> float | None:
    """The one number that an input is, where it is one."""
    known = tensor is not None and tensor.value is not None and tensor.size == 1
    return float(str(tensor.value.reshape(-1)[0])) if known and tensor and tensor.value is not None else None


@translates("Sum")
@translates("Add")
def add(node: Node, draft: Draft) -> Outputs:
    """A single number is added by `scale`, which shows it."""
    for x, other in (node.inputs, node.inputs[::-1]) if len(node.inputs) == 2 else ():
        offset = single(other)
        if offset is not None and x is not None and x.value is None and x.ndim >= (other.ndim if other else 0):
            return [draft.add("scale", x, offset=offset)]
    return [draft.add("add", *spread(node, draft))]


@translates("Sub")
def sub(node: Node, draft: Draft) -> Outputs:
    a, b = node.real(0), node.real(1)
    less, start = single(b), single(a)
    if less is not None and a.value is None and a.ndim >= b.ndim:
        return [draft.add("scale", a, offset=-less)]
    if start is not None and b.value is None and b.ndim >= a.ndim:
        return [draft.add("scale", b, factor=-1.0, offset=start)]
    return [draft.add("sub", *spread(node, draft))]


@translates("Mul")
def mul(node: Node, draft: Draft) -> Outputs:
    for x, other in (node.inputs, node.inputs[::-1]) if len(node.inputs) == 2 else ():
        factor = single(other)
        if factor is not None and x is not None and x.value is None and x.ndim >= (other.ndim if other else 0):
            return [draft.add("scale", x, factor=factor)]
    return [draft.add("mul", *spread(node, draft))]


@translates("Div")
def div(node: Node, draft: Draft) -> Outputs:
    """By numbers that the model brings: several of them are multiplied with as 1 / each."""
    x, by = node.real(0), node.known(1)
    only(bool((by != 0).all()), "by 0")
    divisor = single(node.given(1))
    if divisor is not None and x.ndim >= by.ndim:
        return [draft.add("scale", x, divisor=divisor)]
    return [draft.add("mul", *spread(Node("Mul", (x, Tensor(by.shape, str(by.dtype), None, 1 / by))), draft))]


@translates("Gemm")
def gemm(node: Node, draft: Draft) -> Outputs:
    """alpha and beta are multiplied into weight and bias."""
    a, b, c = node.real(0), node.known(1), node.constant(2)
    only(not node.integer("transA", 0), "the first matrix is transposed; the samples are rows in ours")
    only(b.ndim == 2, "a weight that is no matrix")
    weight = node.number("alpha", 1.0) * (b if node.integer("transB", 0) else b.T)
    if c is None:
        return [draft.add("linear", a, weight.astype(b.dtype))]
    single_row = c.ndim < 2 or c.shape[0] == 1 or c.size == 1
    only(c.size in (1, weight.shape[0]) and single_row, "a bias for every sample")
    bias = np.broadcast_to(node.number("beta", 1.0) * c.reshape(-1), weight.shape[:1])
    return [draft.add("linear", a, weight.astype(b.dtype), bias.astype(b.dtype))]


@translates("MatMul")
def matmul(node: Node, draft: Draft) -> Outputs:
    a, b = node.real(0), node.known(1)
    only(b.ndim == 2 and a.ndim > 1, "a product of vectors, or of many matrices; ours has one matrix of weights")
    return [draft.add("linear", a, np.ascontiguousarray(b.T))]
