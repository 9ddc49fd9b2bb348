"""Convolutions and poolings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from stepgrad.engine.op import Op
from stepgrad.scenarios.onnx.draft import Draft
from stepgrad.scenarios.onnx.node import Node, Tensor, only, translates

Outputs = list[Tensor | None]


def settings(node: Node, kernel: Sequence[int]) -> dict[str, Any]:
    """kernel_size, stride and dilation, an entry an axis."""
    ones = [1] * len(kernel)
    found = {
        "kernel_size": tuple(kernel),
        "stride": tuple(node.integers("strides", ones)),
        "dilation": tuple(node.integers("dilations", ones)),
    }
    for name, sizes in found.items():
        only(len(sizes) == len(kernel) and min(sizes, default=0) > 0, f"{name} is {list(sizes)}")
    return found


def padding(node: Node, sizes: Sequence[int], kernel: Sequence[int]) -> tuple[int, ...]:
    """Before and after each axis: as `pads` says, or so that output = ceil(input / stride) where `auto_pad` is SAME."""
    auto = node.text("auto_pad", "NOTSET")
    axes = len(sizes)
    if auto in ("NOTSET", "VALID"):
        pads = node.integers("pads", [0] * 2 * axes)
        only(len(pads) == 2 * axes and min(pads) >= 0, f"pads is {pads}")
        return tuple(pads[axis + end * axes] for axis in range(axes) for end in (0, 1))
    found: list[int] = []
    chosen = settings(node, kernel)
    for n, k, s, d in zip(sizes, kernel, chosen["stride"], chosen["dilation"], strict=True):
        needed = max(0, (-(-n // s) - 1) * s + (k - 1) * d + 1 - n)
        less, more = needed // 2, needed - needed // 2
        found += [less, more] if auto == "SAME_UPPER" else [more, less]
    return tuple(found)


@translates("Conv")
def conv(node: Node, draft: Draft) -> Outputs:
    x, weight = node.real(0), node.real(1)
    kernel = weight.shape[2:]
    only(x.ndim == weight.ndim and 1 <= len(kernel) <= 3, f"over {x.ndim - 2} axes; ours is over one, two and three")
    chosen = settings(node, kernel) | {"padding": padding(node, x.shape[2:], kernel)}
    del chosen["kernel_size"]
    groups = node.integer("group", 1)
    return [draft.add(f"conv{len(kernel)}d", x, weight, node.given(2), groups=groups, **chosen)]


@translates("ConvTranspose")
def conv_transpose(node: Node, draft: Draft) -> Outputs:
    """Where more is cut off before than after, PyTorch calls the difference output_padding."""
    x, weight = node.real(0), node.real(1)
    axes = x.ndim - 2
    only(axes == 2 and weight.ndim == 4, f"over {axes} axes; ours is conv_transpose2d")
    chosen = settings(node, weight.shape[2:])
    extra = node.integers("output_padding", [0] * axes)
    auto = node.text("auto_pad", "NOTSET")
    asked = node.integers("output_shape", [])[-axes:]
    if auto.startswith("SAME"):
        asked = [n * s for n, s in zip(x.shape[2:], chosen["stride"], strict=True)]
    pads = node.integers("pads", [0] * 2 * axes)
    if asked:
        each = zip(x.shape[2:], chosen["kernel_size"], chosen["stride"], chosen["dilation"], extra, asked, strict=True)
        cut = [s * (n - 1) + e + (k - 1) * d + 1 - out for n, k, s, d, e, out in each]
        before = [total // 2 if auto == "SAME_UPPER" else total - total // 2 for total in cut]
        pads = before + [total - b for total, b in zip(cut, before, strict=True)]
    before, after = pads[:axes], pads[axes:]
    extra = [e + b - a for e, b, a in zip(extra, before, after, strict=True)]
    only(min(extra) >= 0, "more is cut off after than before; PyTorch cuts off as much or less")
    del chosen["kernel_size"]
    chosen |= {"padding": tuple(before), "output_padding": tuple(extra), "groups": node.integer("group", 1)}
    return [draft.add("conv_transpose2d", x, weight, node.given(2), **chosen)]


def pooled(node: Node, draft: Draft, name: str, **others: Any) -> Outputs:
    x = node.real()
    kernel = node.integers("kernel_shape", [])
    only(0 < len(kernel) < 3, f"over {len(kernel)} axes; ours is over one and two")
    only(len(kernel) == x.ndim - 2, f"kernel_shape is {kernel} for {list(x.shape)}")
    pads = padding(node, x.shape[2:], kernel)
    fits = all(2 * p <= k for p, k in zip(pads, [k for k in kernel for _ in "ba"], strict=True))
    only(fits, "padding of more than half the kernel, which PyTorch refuses")
    chosen = settings(node, kernel)
    if name == "avg_pool":
        only(max(chosen.pop("dilation")) == 1, "dilation, which PyTorch's average pooling has not")
    ceil = bool(node.integer("ceil_mode", 0))
    return [draft.add(f"{name}{len(kernel)}d", x, padding=pads, ceil_mode=ceil, **chosen, **others)]


@translates("MaxPool")
def max_pool(node: Node, draft: Draft) -> Outputs:
    """The second output, the place of each maximum, is not one of ours."""
    return pooled(node, draft, "max_pool")


@translates("AveragePool")
def average_pool(node: Node, draft: Draft) -> Outputs:
    return pooled(node, draft, "avg_pool", count_include_pad=bool(node.integer("count_include_pad", 0)))


@translates("LpPool")
def lp_pool(node: Node, draft: Draft) -> Outputs:
    """Padding is a pad node before it: zeros add nothing to a norm."""
    x = node.real()
    kernel = node.integers("kernel_shape", [])
    only(len(kernel) == 2, f"over {len(kernel)} axes; ours is lp_pool2d")
    chosen = settings(node, kernel)
    only(max(chosen.pop("dilation")) == 1, "dilation, which PyTorch's lp_pool2d has not")
    power = node.integer("p", 2)
    only(
        power % 2 == 0 or (x.value is not None and bool((x.value >= 0).all())),
        "an odd power of negative numbers, of which PyTorch takes no absolute value",
    )
    pads = padding(node, x.shape[2:], kernel)
    padded = draft.add("pad", x, part="padded", padding=pads) if any(pads) else x
    return [draft.add("lp_pool2d", padded, norm_type=float(power), **chosen)]


def over_everything(node: Node, draft: Draft, name: str) -> Outputs:
    x = node.real()
    name = f"{name}{x.ndim - 2}d"
    only(name in Op.registry, f"over {x.ndim - 2} axes; ours is over one and two")
    return [draft.add(name, x, output_size=1)]


@translates("GlobalAveragePool")
def global_average_pool(node: Node, draft: Draft) -> Outputs:
    return over_everything(node, draft, "adaptive_avg_pool")


@translates("GlobalMaxPool")
def global_max_pool(node: Node, draft: Draft) -> Outputs:
    return over_everything(node, draft, "adaptive_max_pool")
