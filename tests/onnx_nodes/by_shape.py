"""What moves cells, chooses them or counts them: another shape, another order, a border, an end to end."""

from __future__ import annotations

import numpy as np
from network import Network
from onnx_nodes.adapter import adapts, add, given, only, real, whole
from onnx_nodes.node_cases import NodeCase


@adapts("Flatten")
def flatten(case: NodeCase, network: Network) -> list[str | None]:
    """ONNX makes two axes of all: those before `axis`, and the rest."""
    x = real(case)
    axis = case.attributes.get("axis", 1) % x.ndim if case.attributes.get("axis", 1) != x.ndim else x.ndim
    only(0 < axis < x.ndim, "nothing on one side of the axis; ours adds no axis")
    samples = add(network, "flatten", x, start_dim=0, end_dim=axis - 1)
    return [add(network, "flatten", samples)]


@adapts("Reshape")
def reshape(case: NodeCase, network: Network) -> list[str | None]:
    """A 0 in the shape keeps the size that stands there."""
    x, shape = real(case), whole(case, 1, "shape")
    if not case.attributes.get("allowzero", 0):
        shape = [x.shape[k] if size == 0 else size for k, size in enumerate(shape)]
    return [add(network, "reshape", x, shape=tuple(shape))]


@adapts("Transpose")
def transpose(case: NodeCase, network: Network) -> list[str | None]:
    x = real(case)
    return [add(network, "permute", x, dims=tuple(case.attributes.get("perm", reversed(range(x.ndim)))))]


@adapts("Concat")
def concat(case: NodeCase, network: Network) -> list[str | None]:
    arrays = [real(case, k) for k in range(len(case.inputs))]
    return [add(network, "concat", *arrays, dim=case.attributes.get("axis", 1))]


MODES = {b"constant": "constant", b"reflect": "reflect", b"edge": "replicate", b"wrap": "circular"}


@adapts("Pad")
def pad(case: NodeCase, network: Network) -> list[str | None]:
    x, pads = real(case), whole(case, 1, "pads")
    axes = [axis % x.ndim for axis in whole(case, 3)] or list(range(x.ndim))
    only(min(pads) >= 0, "padding below 0, which cuts off")
    border = {axis: (pads[k], pads[k + len(axes)]) for k, axis in enumerate(axes)}
    only(
        x.ndim > 2 and not any(any(border.get(axis, (0, 0))) for axis in (0, 1)), "a border around samples or channels"
    )
    value = given(case, 2)
    return [
        add(
            network,
            "pad",
            x,
            padding=tuple(p for axis in range(2, x.ndim) for p in border.get(axis, (0, 0))),
            mode=MODES[case.attributes.get("mode", b"constant")],
            value=case.attributes.get("value", 0.0) if value is None else float(value),
        )
    ]


@adapts("Resize")
def resize(case: NodeCase, network: Network) -> list[str | None]:
    x, attributes = real(case), case.attributes
    mode = attributes.get("mode", b"nearest").decode()
    only(mode in ("nearest", "linear"), f"{mode} interpolation")
    only(not attributes.get("antialias", 0), "antialias, which smooths before it makes smaller")
    only("keep_aspect_ratio_policy" not in attributes, "a size that keeps the proportions")
    places = attributes.get("coordinate_transformation_mode", b"half_pixel").decode()
    axes = [axis % x.ndim for axis in attributes.get("axes", range(x.ndim))]
    scales, sizes = given(case, 2), given(case, 3)
    if sizes is not None:
        out = dict(zip(axes, (int(n) for n in sizes), strict=True))
        factors = {axis: out[axis] / x.shape[axis] for axis in axes}
    else:
        assert scales is not None
        factors = dict(zip(axes, (float(n) for n in scales), strict=True))
        out = {axis: int(np.floor(x.shape[axis] * factors[axis])) for axis in axes}
    factor = [factors.get(axis, 1.0) for axis in range(x.ndim)]
    size = tuple(out.get(axis, x.shape[axis]) for axis in range(2, x.ndim))
    only(factor[:2] == [1.0, 1.0], "over samples or channels")
    exact = all(x.shape[axis] * factor[axis] == out.get(axis, x.shape[axis]) for axis in range(2, x.ndim))
    only(exact, "a factor that the sizes are not exactly multiplied by")
    if mode == "nearest":
        rounding = attributes.get("nearest_mode", b"round_prefer_floor").decode()
        down = places == "asymmetric" and rounding == "floor"
        same = all(f >= 1 and f == int(f) for f in factor) and (places, rounding) == (
            "half_pixel",
            "round_prefer_floor",
        )
        only(down or same, f"places by {places}, rounded by {rounding}; PyTorch rounds down")
        return [add(network, "interpolate", x, size=size)]
    only(places in ("half_pixel", "pytorch_half_pixel", "align_corners"), f"places by {places}")
    only(places != "pytorch_half_pixel" or min(size) > 1, "places by pytorch_half_pixel with one place along an axis")
    name = {1: "linear", 2: "bilinear", 3: "trilinear"}[x.ndim - 2]
    return [add(network, "interpolate", x, size=size, mode=name, align_corners=places == "align_corners")]


@adapts("Upsample")
def upsample(case: NodeCase, network: Network) -> list[str | None]:
    x, scales = real(case), real(case, 1)
    only(case.attributes.get("mode", b"nearest") == b"nearest", "interpolation of another kind")
    size = tuple(int(n * s) for n, s in zip(x.shape[2:], scales[2:], strict=True))
    return [add(network, "interpolate", x, size=size)]


@adapts("ArgMax")
def argmax(case: NodeCase, network: Network) -> list[str | None]:
    only(not case.attributes.get("select_last_index", 0), "the last of equal ones; ours is the first, as in PyTorch")
    dim, keepdim = case.attributes.get("axis", 0), bool(case.attributes.get("keepdims", 1))
    return [add(network, "argmax", real(case), dim=dim, keepdim=keepdim)]


@adapts("ReduceMean")
def reduce_mean(case: NodeCase, network: Network) -> list[str | None]:
    only(not case.attributes.get("keepdims", 1), "axes that are kept with size 1; ours are gone")
    axes = whole(case, 1, "axes")
    return [add(network, "mean", real(case), dim=tuple(axes) or None)]
