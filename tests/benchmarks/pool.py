"""Pooling, forward and backward, float32, against PyTorch on one CPU thread.   python tests/benchmarks/pool.py

Backward is timed together with the forward pass whose work it uses. Without PyTorch the reference is a reduction over
sliding windows. Ratios of medians; below 1 we are faster.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from side_by_side import Rules, medians, ratio, ready

from stepgrad.engine.op import Op, Ref, Spec
from stepgrad.engine.ops.adaptive_avg_pool import AdaptiveAvgPool2d
from stepgrad.engine.ops.adaptive_max_pool import AdaptiveMaxPool2d
from stepgrad.engine.ops.avg_pool import AvgPool2d
from stepgrad.engine.ops.lp_pool import LPPool2d
from stepgrad.engine.ops.max_pool import MaxPool2d
from stepgrad.engine.scratch import keeping

Array = np.ndarray

SHAPES = [(1, 6, 24, 24), (64, 6, 24, 24), (8, 64, 56, 56)]
# A single small image is all overhead, a few microseconds on either side: shown, but nothing is asked of it.
ASKED = SHAPES[1:]
POOLS: list[tuple[Op, float | None]] = [
    (MaxPool2d(2), 1.0),
    (MaxPool2d(3, 2, 1), 1.0),
    (AvgPool2d(2), 1.0),
    (AvgPool2d(3, 2, 1), 1.0),
    (LPPool2d(2), None),
    (AdaptiveAvgPool2d(1), None),
    (AdaptiveMaxPool2d(1), None),
    (AdaptiveAvgPool2d(7), None),
]


def rules(op: Op, x: Array, dy: Array) -> Rules:
    spec = Ref("x", Spec(x.shape, "float32"))
    upstream = Ref("dy", Spec(dy.shape, "float32"))
    node, *inputs = op.gradient(spec, y=Ref("y", upstream.spec), dy=upstream)["x"]

    def both() -> None:
        with keeping():
            given = {"x": x, "y": op.compute(np, x), "dy": dy}
            node.compute(np, *(given[ref.name] for ref in inputs))

    return {"forward": lambda: op.compute(np, x), "both": both}


def pytorch(op: Op, x: Array, dy: Array) -> Rules:
    import torch

    torch.set_num_threads(1)
    a, upstream = torch.tensor(x, requires_grad=True), torch.tensor(dy)
    settings = {key: value for key, value in vars(op).items() if value is not None}
    rule = getattr(torch.nn.functional, op.name)

    def forward() -> object:
        with torch.no_grad():
            return rule(a, **settings)

    return {"forward": forward, "both": lambda: torch.autograd.grad(rule(a, **settings), a, upstream)}


def windows(op: Op, x: Array, _: Array) -> Rules:
    """The forward pass as a reduction over views of the windows."""
    if not isinstance(op, (MaxPool2d, AvgPool2d)):
        return {}
    over = op.window(x.shape)
    reduce: Callable[..., Array] = np.max if isinstance(op, MaxPool2d) else np.mean
    fill = -np.inf if isinstance(op, MaxPool2d) else 0
    sides = [(0, 0), (0, 0), *zip(over.before, over.after, strict=True)]

    def forward() -> Array:
        padded = np.pad(x, sides, constant_values=fill)
        seen = np.lib.stride_tricks.sliding_window_view(padded, over.kernel, axis=(2, 3))
        return reduce(seen[:, :, :: over.stride[0], :: over.stride[1]], axis=(4, 5))

    return {"forward": forward}


def main() -> int:
    ready()
    try:
        import torch

        reference, name = pytorch, f"PyTorch {torch.__version__}"
    except ImportError:
        reference, name = windows, "a reduction over sliding windows"
    print(f"{'times ' + name:49} {'forward':26} forward + backward")
    missed = False
    random = np.random.default_rng(0)
    for shape in SHAPES:
        x = random.standard_normal(shape).astype("float32")
        for op, must in POOLS:
            dy = random.standard_normal(op.compute(np, x).shape).astype("float32")
            ours, theirs = rules(op, x, dy), reference(op, x, dy)
            if not theirs:
                continue
            found = medians(
                {**{f"ours {key}": rule for key, rule in ours.items()}, **theirs}, 60 if x.size > 1e6 else 300
            )
            forward = ratio(found["ours forward"], found["forward"], must if shape in ASKED else None)
            both = ratio(found["ours both"], found["both"], None) if "both" in found else ""
            missed |= "MISSED" in forward
            size, stride = next(iter(vars(op).values())), vars(op).get("stride")
            label = f"{op.name} {size}" + (f" stride {stride}" if stride else "")
            print(f"{shape!s:18} {label:30} {forward:26} {both}", flush=True)
    return 1 if missed and reference is pytorch else 0


if __name__ == "__main__":
    sys.exit(main())
