"""Convolution, forward and backward, float32, against PyTorch on one CPU thread.   python tests/benchmarks/conv.py

Backward is dx, dweight and dbias together, from the columns of a forward pass where those are kept. Without
PyTorch the reference is an einsum over sliding windows. Ratios of medians; below 1 we are faster.
"""

from __future__ import annotations

import math
import os
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from side_by_side import Rules, medians, ratio, ready

from stepgrad.engine.op import Ref, Spec
from stepgrad.engine.ops.conv import Conv2d
from stepgrad.engine.scratch import keeping

Array = np.ndarray

SHAPES = [
    ("LeNet conv1", (64, 1, 28, 28), (6, 1, 5, 5), Conv2d(), None, None),
    ("LeNet conv1, 1 image", (1, 1, 28, 28), (6, 1, 5, 5), Conv2d(), None, None),
    ("LeNet conv2", (64, 6, 12, 12), (16, 6, 5, 5), Conv2d(), None, None),
    ("LeNet conv2, 1 image", (1, 6, 12, 12), (16, 6, 5, 5), Conv2d(), None, None),
    ("32 of 3x32x32", (32, 3, 32, 32), (32, 3, 3, 3), Conv2d(padding=1), None, None),
    ("64 channels 56x56", (8, 64, 56, 56), (64, 64, 3, 3), Conv2d(padding=1), 1.7, 1.8),
    ("... stride 2", (8, 64, 56, 56), (64, 64, 3, 3), Conv2d(padding=1, stride=2), None, None),
    ("... dilation 2", (8, 64, 56, 56), (64, 64, 3, 3), Conv2d(padding=2, dilation=2), None, None),
    ("... 1x1", (8, 64, 56, 56), (64, 64, 1, 1), Conv2d(), None, None),
    ("... depthwise", (8, 64, 56, 56), (64, 1, 3, 3), Conv2d(padding=1, groups=64), None, None),
    ("128 channels 28x28", (8, 128, 28, 28), (128, 128, 3, 3), Conv2d(padding=1), None, None),
]


def rules(op: Conv2d, x: Array, weight: Array, bias: Array, dy: Array) -> Rules:
    given = {"x": x, "weight": weight, "bias": bias, "dy": dy}
    refs = {name: Ref(name, Spec(array.shape, "float32")) for name, array in given.items()}
    nodes = [(node, [given[ref.name] for ref in reads]) for node, *reads in op.gradient(**refs, y=refs["dy"]).values()]

    def forward() -> Array:
        with keeping(False):
            return op.compute(np, x, weight, bias)

    def backward() -> None:
        for node, arrays in nodes:
            node.compute(np, *arrays)

    return {"ours forward": forward, "ours backward": backward}


def pytorch(op: Conv2d, x: Array, weight: Array, bias: Array, dy: Array) -> Rules:
    import torch

    torch.set_num_threads(1)
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, weight, bias)]
    upstream = torch.tensor(dy)

    def run() -> torch.Tensor:
        return torch.nn.functional.conv2d(
            *tensors, stride=op.stride, padding=op.padding, dilation=op.dilation, groups=op.groups
        )

    def forward() -> object:
        with torch.no_grad():
            return run()

    y = run()
    return {"forward": forward, "backward": lambda: torch.autograd.grad(y, tensors, upstream, retain_graph=True)}


def einsum(op: Conv2d, x: Array, weight: Array, bias: Array, dy: Array) -> Rules:
    """Windows as views, multiplied and added up by einsum; dx window by window into zeros."""
    over = op.window(x.shape, weight.shape)
    (s, t), (d, e) = over.stride, over.dilation
    grouped = weight.reshape(op.groups, -1, *weight.shape[1:])
    sent = dy.reshape(len(dy), op.groups, -1, *over.out)

    def windows() -> Array:
        padded = np.pad(x, [(0, 0), (0, 0), *zip(over.before, over.after, strict=True)])
        seen = np.lib.stride_tricks.sliding_window_view(padded, over.span, axis=(2, 3))[:, :, ::s, ::t, ::d, ::e]
        return seen.reshape(len(x), op.groups, -1, *seen.shape[2:])

    def forward() -> Array:
        y = np.einsum("ngcijuv,gmcuv->ngmij", windows(), grouped, optimize=True)
        return y.reshape(dy.shape) + bias[:, None, None]

    def backward() -> None:
        np.einsum("ngcijuv,ngmij->gmcuv", windows(), sent, optimize=True)
        dx = np.zeros((*x.shape[:2], *over.padded), x.dtype)
        for tap in over.taps:
            share = np.einsum("gmc,ngmij->ngcij", grouped[(..., *tap)], sent, optimize=True)
            dx[(..., *over.slices(tap))] += share.reshape(*x.shape[:2], *over.out)
        dy.sum(axis=(0, 2, 3))

    return {"forward": forward, "backward": backward}


def main() -> int:
    ready()
    try:
        import torch

        reference, name = pytorch, f"PyTorch {torch.__version__}"
    except ImportError:
        reference, name = einsum, "einsum over sliding windows"
    print(f"{'times ' + name:24} {'forward':24} {'backward':24}")
    missed = False
    random = np.random.default_rng(0)
    for label, x_shape, w_shape, op, must_forward, must_backward in SHAPES:
        x, weight, bias = (random.standard_normal(shape).astype("float32") for shape in (x_shape, w_shape, w_shape[:1]))
        y = op.compute(np, x, weight, bias)
        dy = random.standard_normal(y.shape).astype("float32")
        work = y.size * math.prod(w_shape[1:])
        given = op, x, weight, bias, dy
        with keeping():  # the first backward pass makes the columns that a forward pass would have left
            rounds = 400 if work < 1e7 else 120 if work < 1e8 else 30
            found = medians({**rules(*given), **reference(*given)}, rounds)
        forward = ratio(found["ours forward"], found["forward"], must_forward)
        backward = ratio(found["ours backward"], found["backward"], must_backward)
        missed |= "MISSED" in forward + backward
        print(f"{label:24} {forward:24} {backward:24} {found['ours forward'] * 1e6:8.0f} us forward", flush=True)
    return 1 if missed and reference is pytorch else 0


if __name__ == "__main__":
    sys.exit(main())
