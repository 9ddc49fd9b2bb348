"""How PyTorch writes each op: by its name, with its settings and the names of its tensors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.op import Op
from stepgrad.engine.window import Window, window


class InexpressibleError(StepgradError):
    """What PyTorch has no function for."""


@dataclass(frozen=True)
class Call:
    """An op at work: its settings, and its inputs as they are called in the script."""

    op: Any
    inputs: Mapping[str, str]
    """By the letter of the formula; an absent one is None."""
    several: Sequence[str] = ()
    """The inputs of an op that reads any number of them."""
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """By letter."""

    @property
    def size(self) -> tuple[int, ...]:
        """The axes of x that a window slides over."""
        return self.shapes["x"][2:]

    def filled(self, template: str) -> str:
        return template.format(op=self.op, xs=", ".join(self.several), **self.inputs)


POOL = "F.{op.name}({x}, {op.kernel_size}, {op.stride}, {op.padding}, "
LOSS = "F.{op.name}({x}, {target}, reduction={op.reduction!r})"

TEMPLATES = {
    "abs": "{x}.abs()",
    "accuracy": "({x} == {target}).double().mean()",
    "adaptive_avg_pool1d": "F.{op.name}({x}, {op.output_size})",
    "adaptive_avg_pool2d": "F.{op.name}({x}, {op.output_size})",
    "adaptive_max_pool1d": "F.{op.name}({x}, {op.output_size})",
    "adaptive_max_pool2d": "F.{op.name}({x}, {op.output_size})",
    "argmax": "{x}.argmax({op.dim}, keepdim={op.keepdim})",
    "avg_pool1d": POOL + "{op.ceil_mode}, {op.count_include_pad})",
    "avg_pool2d": POOL + "{op.ceil_mode}, {op.count_include_pad}, {op.divisor_override})",
    "binary_cross_entropy": LOSS,
    "binary_cross_entropy_with_logits": LOSS,
    "cartesian_prod": "torch.cartesian_prod({xs})",
    "clamp": "torch.clamp({x}, {op.min}, {op.max})",
    "concat": "torch.cat([{xs}], {op.dim})",
    "concat_index": "torch.cat([torch.full((len(x),), k) for k, x in enumerate([{xs}])])",
    "confusion_matrix": "torch.bincount({target} * {op.num_classes} + {x}, minlength={op.num_classes}**2)"
    ".reshape({op.num_classes}, {op.num_classes})",
    "conv_transpose2d": "F.conv_transpose2d({x}, {weight}, {bias}, {op.stride}, {op.padding}, {op.output_padding}, "
    "{op.groups}, {op.dilation})",
    "count_nonzero": "torch.count_nonzero({x}).to({x}.dtype)",
    "elu": "F.elu({x}, {op.alpha})",
    "flatten": "torch.flatten({x}, {op.start_dim}, {op.end_dim})",
    "flip": "torch.flip({x}, {op.dims})",
    "full_like": "torch.full_like({x}, {op.fill_value})",
    "identity": "{x}",
    "kernel_span": "{dilation} * ({x} - 1) + 1",
    "l1_loss": LOSS,
    "leaky_relu": "F.leaky_relu({x}, {op.negative_slope})",
    "linear": "F.linear({x}, {weight}, {bias})",
    "local_response_norm": "F.local_response_norm({x}, {op.size}, {op.alpha}, {op.beta}, {op.k})",
    "log": "torch.log({x})",
    "log_softmax": "F.log_softmax({x}, {op.dim})",
    "lp_pool2d": "F.lp_pool2d({x}, {op.norm_type}, {op.kernel_size}, {op.stride}, {op.ceil_mode})",
    "max_pool1d": POOL + "{op.dilation}, {op.ceil_mode})",
    "max_pool2d": POOL + "{op.dilation}, {op.ceil_mode})",
    "mul": "{x} * {other}",
    "output_size": "torch.floor(({x} - {kernel} + 2 * {padding}) / {stride}) + 1",
    "permute": "{x}.permute({op.dims})",
    "prelu": "F.prelu({x}, {weight})",
    "receptive_field": "{x} + ({kernel} - 1) * {jump}",
    "relu": "F.relu({x})",
    "reshape": "{x}.reshape({op.shape})",
    "rot90": "torch.rot90({x}, {op.k}, {op.dims})",
    "scale": "{x} * {op.factor} / {op.divisor} + {op.offset}",
    "sigmoid": "torch.sigmoid({x})",
    "softmax": "F.softmax({x}, {op.dim})",
    "sub": "{x} - {other}",
    "tanh": "torch.tanh({x})",
    "threshold": "F.threshold({x}, {op.threshold}, {op.value})",
}
"""`{x}` is an input by its letter, `{op.dim}` a setting."""


def _add(call: Call) -> str:
    return " + ".join(call.several)


def _batch_norm(call: Call) -> str:
    if call.op.training and not call.op.eps:
        raise InexpressibleError("batch_norm with eps 0, which PyTorch refuses")
    read = "F.batch_norm({x}, {running_mean}, {running_var}, {weight}, {bias}, "
    return call.filled(read + "{op.training}, {op.momentum}, {op.eps})")


def _conv(call: Call) -> str:
    """Sides padded unlike, and padding that is not zeros, go in front; a filter turned round is turned."""
    op, axes = call.op, len(call.size)
    x, padding = call.inputs["x"], op.padding
    weight = call.inputs["weight"]
    if op.flip:
        weight = f"{weight}.flip({tuple(range(2, axes + 2))})"
    over = window(call.size, call.shapes["weight"][2:], op.stride, padding, op.dilation)
    if over.before == over.after and op.padding_mode == "zeros":
        padding = padding if isinstance(padding, int) else over.before
    else:
        mode = "constant" if op.padding_mode == "zeros" else op.padding_mode
        x, padding = f"F.pad({x}, {_sides(over)}, {mode!r})", 0
    return f"F.{op.name}({x}, {weight}, {call.inputs['bias']}, {op.stride}, {padding!r}, {op.dilation}, {op.groups})"


def _sides(over: Window) -> tuple[int, ...]:
    """Padding as `F.pad` takes it: before and after each axis, the last axis first."""
    pairs = zip(reversed(over.before), reversed(over.after), strict=True)
    return tuple(side for pair in pairs for side in pair)


def _pad(call: Call) -> str:
    op = call.op
    value = f", {op.value}" if op.mode == "constant" else ""
    return f"F.pad({call.inputs['x']}, {_sides(window(call.size, 1, 1, op.padding))}, {op.mode!r}{value})"


def _dropout(call: Call) -> str:
    if call.op.training and call.op.p:
        raise InexpressibleError("dropout in training: its random numbers are not PyTorch's")
    return call.inputs["x"]


def _interpolate(call: Call) -> str:
    op = call.op
    corners = "" if op.mode == "nearest" else f", align_corners={op.align_corners}"
    return f"F.interpolate({call.inputs['x']}, {op.size}, {op.scale_factor}, {op.mode!r}{corners})"


def _labelled(call: Call) -> str:
    """cross_entropy and nll_loss: PyTorch's `ignore_index` has no None."""
    ignored = "" if call.op.ignore_index is None else f", ignore_index={call.op.ignore_index}"
    return call.filled("F.{op.name}({x}, {target}, {weight}") + f"{ignored}, reduction={call.op.reduction!r})"


def _mean(call: Call) -> str:
    return f"{call.inputs['x']}.mean({'' if call.op.dim is None else call.op.dim})"


def _mse(call: Call) -> str:
    if call.op.reduction == "half_sum":
        return call.filled("0.5 * F.mse_loss({x}, {target}, reduction='sum')")
    return call.filled(LOSS)


def _perceptron(call: Call) -> str:
    sign = ">=" if call.op.inclusive else ">"
    return call.filled("((({x} " + sign + " 0).to({x}.dtype) - {target}) * {x}).{op.reduction}()")


def _roll(call: Call) -> str:
    op = call.op
    dims = op.dims if op.dims is not None else tuple(range(-len(op.shifts), 0))
    return f"torch.roll({call.inputs['x']}, {op.shifts}, {dims})"


def _step(call: Call) -> str:
    sign = ">=" if call.op.inclusive else ">"
    return call.filled("({x} " + sign + " {op.threshold}).to({x}.dtype)")


def _subsample(call: Call) -> str:
    op = call.op
    first = window(call.size, op.kernel_size, op.kernel_size if op.stride is None else op.stride, 0)
    places = ", ".join(f":{s * (o - 1) + 1}:{s}" for s, o in zip(first.stride, first.out, strict=True))
    return f"{call.inputs['x']}[:, :, {places}]"


def _sum(call: Call) -> str:
    absent = call.inputs["weights"] == "None"
    return call.filled("{x}.sum()" if absent else "({weights} * {x}).sum()")


SPECIAL: dict[str, Callable[[Call], str]] = {
    "add": _add,
    "batch_norm": _batch_norm,
    "batch_norm1d": _batch_norm,
    "batch_norm2d": _batch_norm,
    "conv1d": _conv,
    "conv2d": _conv,
    "conv3d": _conv,
    "cross_entropy": _labelled,
    "dropout": _dropout,
    "interpolate": _interpolate,
    "mean": _mean,
    "mse_loss": _mse,
    "nll_loss": _labelled,
    "pad": _pad,
    "perceptron_loss": _perceptron,
    "roll": _roll,
    "step": _step,
    "subsample": _subsample,
    "sum": _sum,
}

OPTIMIZERS = {"sgd": "SGD", "adagrad": "Adagrad", "adam": "Adam", "adamw": "AdamW", "rmsprop": "RMSprop"}
"""Their settings are called alike."""


def expression(call: Call) -> str:
    """The op as a PyTorch expression. Raises InexpressibleError where there is none."""
    op: Op = call.op
    if op.name in SPECIAL:
        return SPECIAL[op.name](call)
    if op.name in TEMPLATES:
        return call.filled(TEMPLATES[op.name])
    raise InexpressibleError(f"the op {op.name}, for which PyTorch has no function")
