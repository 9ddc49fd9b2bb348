"""What moves cells, chooses them or counts them: another shape, another order, a border, an end to end."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from stepgrad.engine.number import Index
from stepgrad.scenarios.onnx.draft import Draft
from stepgrad.scenarios.onnx.node import Node, Tensor, only, translates

Outputs = list[Tensor | None]


def reshaped(draft: Draft, x: Tensor, shape: Index) -> Tensor:
    """The same cells in another shape: `flatten` where it is what PyTorch calls so."""
    if x.ndim > 1 and shape == (x.shape[0], prod(x.shape[1:])):
        return draft.add("flatten", x)
    return draft.add("reshape", x, shape=shape)


@translates("Flatten")
def flatten(node: Node, draft: Draft) -> Outputs:
    """ONNX makes two axes of all: those before `axis`, and the rest."""
    x, axis = node.real(), node.integer("axis", 1)
    only(-x.ndim <= axis <= x.ndim, f"axis {axis} of {x.ndim}")
    axis = axis if axis >= 0 else axis + x.ndim
    return [reshaped(draft, x, (prod(x.shape[:axis]), prod(x.shape[axis:])))]


@translates("Reshape")
def reshape(node: Node, draft: Draft) -> Outputs:
    """A 0 in the shape keeps the size that stands there, -1 is what the others leave."""
    x, shape = node.real(), node.whole(1, "shape")
    if not node.integer("allowzero", 0):
        only(all(size or k < x.ndim for k, size in enumerate(shape)), f"shape {shape} of {list(x.shape)}")
        shape = [x.shape[k] if size == 0 else size for k, size in enumerate(shape)]
    free, known = shape.count(-1), prod(size for size in shape if size != -1)
    only(free < 2 and (free == 0 or known > 0), f"shape {shape} of {list(x.shape)}")
    return [reshaped(draft, x, tuple(x.size // known if size == -1 else size for size in shape))]


@translates("Squeeze")
def squeeze(node: Node, draft: Draft) -> Outputs:
    x, axes = node.real(), node.whole(1, "axes")
    gone = [axis % x.ndim for axis in axes] or [axis for axis, size in enumerate(x.shape) if size == 1]
    only(all(x.shape[axis] == 1 for axis in gone), f"axes {gone} of {list(x.shape)}")
    return [reshaped(draft, x, tuple(size for axis, size in enumerate(x.shape) if axis not in gone))]


@translates("Unsqueeze")
def unsqueeze(node: Node, draft: Draft) -> Outputs:
    x, axes = node.real(), node.whole(1, "axes")
    return [reshaped(draft, x, tuple(np.expand_dims(np.empty(x.shape, "V0"), tuple(axes)).shape))]


@translates("Transpose")
def transpose(node: Node, draft: Draft) -> Outputs:
    x = node.real()
    dims = node.integers("perm", list(reversed(range(x.ndim))))
    return [draft.add("permute", x, dims=tuple(dims))]


@translates("Concat")
def concat(node: Node, draft: Draft) -> Outputs:
    arrays = [node.real(k) for k in range(len(node.inputs))]
    return [draft.add("concat", *arrays, dim=node.integer("axis", 1))]


MODES = {"constant": "constant", "reflect": "reflect", "edge": "replicate", "wrap": "circular"}


@translates("Pad")
def pad(node: Node, draft: Draft) -> Outputs:
    x, pads = node.real(), node.whole(1, "pads")
    axes = [axis % x.ndim for axis in node.whole(3)] or list(range(x.ndim))
    only(len(pads) == 2 * len(axes), f"pads is {pads} for {len(axes)} axes")
    only(min(pads) >= 0, "padding below 0, which cuts off")
    border = {axis: (pads[k], pads[k + len(axes)]) for k, axis in enumerate(axes)}
    if not any(pads):
        return [x]
    inside = x.ndim > 2 and not any(any(border.get(axis, (0, 0))) for axis in (0, 1))
    only(inside, "a border around samples or channels")
    mode, value = node.text("mode", "constant"), node.constant(2)
    only(mode in MODES, f"{mode} padding")
    number = float(value) if value is not None and value.size else node.number("value", 0.0)
    padding = tuple(p for axis in range(2, x.ndim) for p in border.get(axis, (0, 0)))
    return [draft.add("pad", x, padding=padding, mode=MODES[mode], value=number)]


@translates("Resize")
def resize(node: Node, draft: Draft) -> Outputs:
    x = node.real()
    mode = node.text("mode", "nearest")
    only(mode in ("nearest", "linear"), f"{mode} interpolation")
    only(not node.integer("antialias", 0), "antialias, which smooths before it makes smaller")
    only("keep_aspect_ratio_policy" not in node.attributes, "a size that keeps the proportions")
    places = node.text("coordinate_transformation_mode", "half_pixel")
    size, factor = _sizes(node, x)
    only(factor[:2] == [1.0, 1.0], "over samples or channels")
    exact = all(x.shape[axis] * factor[axis] == size[axis - 2] for axis in range(2, x.ndim))
    only(exact, "a factor that the sizes are not exactly multiplied by")
    if mode == "nearest":
        rounding = node.text("nearest_mode", "round_prefer_floor")
        down = places == "asymmetric" and rounding == "floor"
        whole = all(f >= 1 and f == int(f) for f in factor)
        same = whole and (places, rounding) == ("half_pixel", "round_prefer_floor")
        only(down or same, f"places by {places}, rounded by {rounding}; PyTorch rounds down")
        return [draft.add("interpolate", x, size=size)]
    only(places in ("half_pixel", "pytorch_half_pixel", "align_corners"), f"places by {places}")
    only(places != "pytorch_half_pixel" or min(size) > 1, "places by pytorch_half_pixel with one place along an axis")
    only(3 <= x.ndim <= 5, f"over {x.ndim - 2} axes")
    name = {1: "linear", 2: "bilinear", 3: "trilinear"}[x.ndim - 2]
    return [draft.add("interpolate", x, size=size, mode=name, align_corners=places == "align_corners")]


def _sizes(node: Node, x: Tensor) -> tuple[Index, list[float]]:
    """How large each axis of a map becomes, and by which factor every axis grows."""
    axes = [axis % x.ndim for axis in node.integers("axes", range(x.ndim))]
    sizes = node.whole(3)
    if sizes:
        out = dict(zip(axes, sizes, strict=True))
        factors = {axis: out[axis] / x.shape[axis] for axis in axes}
    else:
        factors = dict(zip(axes, (float(n) for n in node.known(2)), strict=True))
        out = {axis: int(np.floor(x.shape[axis] * factors[axis])) for axis in axes}
    size = tuple(out.get(axis, x.shape[axis]) for axis in range(2, x.ndim))
    return size, [factors.get(axis, 1.0) for axis in range(x.ndim)]


@translates("Upsample")
def upsample(node: Node, draft: Draft) -> Outputs:
    x, scales = node.real(), node.known(1)
    only(node.text("mode", "nearest") == "nearest", "interpolation of another kind")
    size = tuple(int(n * s) for n, s in zip(x.shape[2:], scales[2:], strict=True))
    return [draft.add("interpolate", x, size=size)]


@translates("ArgMax")
def argmax(node: Node, draft: Draft) -> Outputs:
    only(not node.integer("select_last_index", 0), "the last of equal ones; ours is the first, as in PyTorch")
    dim, keepdim = node.integer("axis", 0), bool(node.integer("keepdims", 1))
    return [draft.add("argmax", node.real(), dim=dim, keepdim=keepdim)]


@translates("ReduceMean")
def reduce_mean(node: Node, draft: Draft) -> Outputs:
    """Over rows and columns, which stay with one cell, it is what exporters make of a global average pooling."""
    x, axes = node.real(), node.whole(1, "axes")
    means = sorted(axis % x.ndim for axis in axes) or list(range(x.ndim))
    if not axes and node.integer("noop_with_empty_axes", 0):
        return [x]
    chosen: dict[str, Any] = {"dim": tuple(axes)} if axes else {}
    if not node.integer("keepdims", 1):
        return [draft.add("mean", x, **chosen)]
    if means == list(range(2, x.ndim)) and x.ndim in (3, 4):
        return [draft.add(f"adaptive_avg_pool{x.ndim - 2}d", x, output_size=1)]
    mean = draft.add("mean", x, part="mean", **chosen)
    return [draft.add("reshape", mean, shape=tuple(1 if axis in means else n for axis, n in enumerate(x.shape)))]
