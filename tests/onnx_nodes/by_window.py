"""Convolutions and poolings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from network import Network
from onnx_nodes.adapter import adapts, add, given, only, real
from onnx_nodes.node_cases import NodeCase

from stepgrad.engine.op import Op


def settings(case: NodeCase, kernel: Sequence[int]) -> dict[str, Any]:
    """kernel_size, stride and dilation, an entry an axis."""
    ones = [1] * len(kernel)
    return {
        "kernel_size": tuple(kernel),
        "stride": tuple(case.attributes.get("strides", ones)),
        "dilation": tuple(case.attributes.get("dilations", ones)),
    }


def padding(case: NodeCase, sizes: Sequence[int], kernel: Sequence[int]) -> tuple[int, ...]:
    """Before and after each axis: as `pads` says, or so that output = ceil(input / stride) where `auto_pad` is SAME."""
    auto = case.attributes.get("auto_pad", b"NOTSET").decode()
    axes = len(sizes)
    if auto in ("NOTSET", "VALID"):
        pads = case.attributes.get("pads", [0] * 2 * axes)
        return tuple(pads[axis + end * axes] for axis in range(axes) for end in (0, 1))
    found: list[int] = []
    chosen = settings(case, kernel)
    for n, k, s, d in zip(sizes, kernel, chosen["stride"], chosen["dilation"], strict=True):
        needed = max(0, (-(-n // s) - 1) * s + (k - 1) * d + 1 - n)
        less, more = needed // 2, needed - needed // 2
        found += [less, more] if auto == "SAME_UPPER" else [more, less]
    return tuple(found)


@adapts("Conv")
def conv(case: NodeCase, network: Network) -> list[str | None]:
    x, weight = real(case, 0), real(case, 1)
    kernel = weight.shape[2:]
    chosen = settings(case, kernel) | {"padding": padding(case, x.shape[2:], kernel)}
    del chosen["kernel_size"]
    groups = case.attributes.get("group", 1)
    return [add(network, f"conv{len(kernel)}d", x, weight, given(case, 2), groups=groups, **chosen)]


@adapts("ConvTranspose")
def conv_transpose(case: NodeCase, network: Network) -> list[str | None]:
    """Where more is cut off before than after, PyTorch calls the difference output_padding."""
    x, weight = real(case, 0), real(case, 1)
    axes = x.ndim - 2
    only(axes == 2, f"over {axes} axes; ours is conv_transpose2d")
    chosen = settings(case, weight.shape[2:])
    extra = case.attributes.get("output_padding", [0] * axes)
    auto = case.attributes.get("auto_pad", b"NOTSET").decode()
    asked = case.attributes.get("output_shape")
    if auto.startswith("SAME"):
        asked = [n * s for n, s in zip(x.shape[2:], chosen["stride"], strict=True)]
    pads = case.attributes.get("pads", [0] * 2 * axes)
    if asked:
        each = zip(x.shape[2:], chosen["kernel_size"], chosen["stride"], chosen["dilation"], extra, asked, strict=True)
        cut = [s * (n - 1) + e + (k - 1) * d + 1 - out for n, k, s, d, e, out in each]
        before = [total // 2 if auto == "SAME_UPPER" else total - total // 2 for total in cut]
        pads = before + [total - b for total, b in zip(cut, before, strict=True)]
    before, after = pads[:axes], pads[axes:]
    extra = [e + b - a for e, b, a in zip(extra, before, after, strict=True)]
    only(min(extra) >= 0, "more is cut off after than before; PyTorch cuts off as much or less")
    del chosen["kernel_size"]
    chosen |= {"padding": tuple(before), "output_padding": tuple(extra), "groups": case.attributes.get("group", 1)}
    return [add(network, "conv_transpose2d", x, weight, given(case, 2), **chosen)]


def pooled(case: NodeCase, network: Network, name: str, **others: Any) -> list[str | None]:
    x = real(case)
    kernel = case.attributes["kernel_shape"]
    only(len(kernel) < 3, f"over {len(kernel)} axes; ours is over one and two")
    pads = padding(case, x.shape[2:], kernel)
    fits = all(2 * p <= k for p, k in zip(pads, [k for k in kernel for _ in "ba"], strict=True))
    only(fits, "padding of more than half the kernel, which PyTorch refuses")
    chosen = settings(case, kernel)
    if name == "avg_pool":
        only(max(chosen.pop("dilation")) == 1, "dilation, which PyTorch's average pooling has not")
    ceil = bool(case.attributes.get("ceil_mode", 0))
    return [add(network, f"{name}{len(kernel)}d", x, padding=pads, ceil_mode=ceil, **chosen, **others)]


@adapts("MaxPool")
def max_pool(case: NodeCase, network: Network) -> list[str | None]:
    """The second output, the place of each maximum, is not one of ours."""
    return pooled(case, network, "max_pool")


@adapts("AveragePool")
def average_pool(case: NodeCase, network: Network) -> list[str | None]:
    return pooled(case, network, "avg_pool", count_include_pad=bool(case.attributes.get("count_include_pad", 0)))


@adapts("LpPool")
def lp_pool(case: NodeCase, network: Network) -> list[str | None]:
    """Padding is a pad node before it: zeros add nothing to a norm."""
    x = real(case)
    kernel = case.attributes["kernel_shape"]
    only(len(kernel) == 2, f"over {len(kernel)} axes; ours is lp_pool2d")
    chosen = settings(case, kernel)
    only(max(chosen.pop("dilation")) == 1, "dilation, which PyTorch's lp_pool2d has not")
    power = case.attributes.get("p", 2)
    only(
        power % 2 == 0 or bool((x >= 0).all()),
        "an odd power of negative numbers, of which PyTorch takes no absolute value",
    )
    pads = padding(case, x.shape[2:], kernel)
    padded = add(network, "pad", x, padding=pads) if any(pads) else x
    return [add(network, "lp_pool2d", padded, norm_type=float(power), **chosen)]


def over_everything(case: NodeCase, network: Network, name: str) -> list[str | None]:
    x = real(case)
    name = f"{name}{x.ndim - 2}d"
    only(name in Op.registry, f"over {x.ndim - 2} axes; ours is over one and two")
    return [add(network, name, x, output_size=1)]


@adapts("GlobalAveragePool")
def global_average_pool(case: NodeCase, network: Network) -> list[str | None]:
    return over_everything(case, network, "adaptive_avg_pool")


@adapts("GlobalMaxPool")
def global_max_pool(case: NodeCase, network: Network) -> list[str | None]:
    return over_everything(case, network, "adaptive_max_pool")
