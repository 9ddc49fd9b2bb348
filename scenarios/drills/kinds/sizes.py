"""Sizes and counts, by asking the engine: output shape, the padding that keeps the size, how many parameters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.graph import Node
from stepgrad.engine.number import Index
from stepgrad.engine.op import Op, Spec, inputs_of
from stepgrad.scenarios.drills.answers import Shape
from stepgrad.scenarios.drills.diagnosis import Mistake
from stepgrad.scenarios.drills.material import Material, sized
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.settings import others, retuned, said, settings_of
from stepgrad.scenarios.narration import size

Inputs = dict[str, Spec]
"""What an op reads, by letter."""


def shape(material: Material, node: Node) -> Question | None:
    """The size of what a layer writes, with the settings of its window and the size of its input drawn anew."""
    op, inputs = _redrawn(material, node)
    right = _inferred(op, inputs) if op is not None else None
    if op is None or right is None:
        return None
    sizes = [sized(letter, spec.shape) for letter, spec in inputs.items() if letter != "bias"]
    line = f"{op.name}({', '.join([*inputs, *said(op)])}), where {' and '.join(sizes)}"
    less = "dilation*(kernel - 1) - 1" if "dilation" in settings_of(op) else "kernel"
    return material.question(
        f"{line}. What is the size of the result?",
        Shape(right),
        hints=(
            "The settings count for each axis alone: height, then width.",
            f"An axis of n cells gives floor((n + 2*padding - {less})/stride) + 1.",
        ),
        solution=(f"{line}, is {size(right)}",),
        mistakes=partial(_other_sizes, op, inputs, right),
    )


def _redrawn(material: Material, node: Node) -> tuple[Op | None, Inputs]:
    """The op with another stride and padding, on an input with other sides; None where it has no window."""
    random, settings, inputs = material.random, settings_of(node.op), _inputs(material, node)
    if node.phase != "forward" or "stride" not in settings or "x" not in inputs or len(inputs["x"].shape) < 3:
        return None, inputs
    x = inputs["x"]
    side = random.randint(5, 8 + round(24 * material.difficulty))
    sides = [side + k * random.choice((0, 0, 1, 4)) for k in range(len(x.shape) - 2)]
    inputs["x"] = x.with_shape(*x.shape[:2], *sides)
    drawn = {"stride": random.choice((1, 2, 3)), "padding": random.choice((0, 1, 2))}
    return retuned(node.op, **{name: value for name, value in drawn.items() if name in settings}), inputs


def _other_sizes(op: Op, inputs: Inputs, right: Index) -> Iterator[Mistake]:
    for say, other in others(op):
        if (found := _inferred(other, inputs)) is not None:
            yield Mistake(found, f"That is the size {say}.")
    channels, sides = right[:2], right[2:]
    yield Mistake((*channels, *(n - 1 for n in sides)), "Every side is one too small: count the places, not the gaps.")
    yield Mistake((*channels, *(n + 1 for n in sides)), "Every side is one too large.")
    read = inputs["x"].shape
    yield Mistake((*read[:2], *sides), "Those are the channels that it reads; it writes others.")
    yield Mistake((*channels, *reversed(sides)), "Height comes first, then width.")


def padding(material: Material, node: Node) -> Question | None:
    """The padding that keeps the size: of all that are tried, one does."""
    if node.phase != "forward" or not {"padding", "groups"} <= settings_of(node.op).keys():
        return None
    kernel = material.random.choice((3, 5, 7, 9))
    axes = len(material.lesson.timeline.graph(0).spec(node.name).shape) - 2
    inputs = {"x": Spec((1, 1, *(32,) * axes)), "weight": Spec((1, 1, *(kernel,) * axes))}
    tried = {p: _inferred(retuned(node.op, stride=1, dilation=1, groups=1, padding=p), inputs) for p in range(kernel)}
    kept = [p for p, found in tried.items() if found == inputs["x"].shape]
    if len(kept) != 1:
        return None
    return material.question(
        f"{node.op.name} with a kernel of {kernel} and stride 1. How much padding keeps the size?",
        Numbers((float(kept[0]),)),
        hints=(
            "Without padding the size shrinks.",
            "It shrinks by the kernel less one, and padding is added on either side.",
            f"It shrinks by {kernel - 1}.",
        ),
        solution=(f"({kernel} - 1)/2 = {kept[0]}",),
        mistakes=partial(_other_paddings, kernel),
    )


def _other_paddings(kernel: int) -> Iterator[Mistake]:
    yield Mistake((float(kernel - 1),), "That is for both sides together; padding is given for one.")
    yield Mistake((float((kernel + 1) // 2),), "That is one too many: the size would grow.")
    yield Mistake((0.0,), "Without padding the size shrinks.")


def count(material: Material, node: Node) -> Question | None:
    """How many numbers a layer learns, with channels and kernel drawn anew."""
    if "weight" not in node.op.parameters or not {"x", "bias"} <= set(inputs_of(type(node.op)).names):
        return None
    inputs = _resized(material, node)
    out = _inferred(node.op, inputs)
    if out is None:
        return None
    weight, bias = inputs["weight"], inputs.get("bias")
    learned = weight.size + (bias.size if bias else 0)
    kernel = f", kernels of {size(weight.shape[2:])}" if weight.shape[2:] else ""
    factors = "*".join(map(str, weight.shape))
    return material.question(
        f"{node.op.name} reads {size(inputs['x'].shape)} and writes {size(out)}{kernel}, "
        f"{'with' if bias else 'without'} a bias. How many numbers does it learn?",
        Numbers((float(learned),)),
        hints=(
            f"A weight for every output channel{', kernel cell' if kernel else ''} and input channel.",
            f"The weight is {size(weight.shape)}" + (f", and the bias {bias.size}." if bias else "."),
            f"The weight has {weight.size} numbers.",
        ),
        solution=(f"{factors}{f' + {bias.size}' if bias else ''} = {learned}",),
        mistakes=partial(_other_counts, weight, bias),
    )


def _resized(material: Material, node: Node) -> Inputs:
    """What a layer reads, with other numbers of channels and another kernel."""
    inputs, random = _inputs(material, node), material.random
    x, weight = inputs["x"], inputs["weight"]
    most = 4 + round(12 * material.difficulty)
    read, wrote = random.randint(1, most), random.randint(2, most)
    kernel = (random.choice((1, 2, 3, 5)),) * len(weight.shape[2:])
    sides = tuple(max(8, side) for side in x.shape[2:]) if kernel else ()
    found = {"x": x.with_shape(1, read, *sides), "weight": weight.with_shape(wrote, read, *kernel)}
    return found | ({"bias": weight.with_shape(wrote)} if random.random() < 0.75 else {})


def _other_counts(weight: Spec, bias: Spec | None) -> Iterator[Mistake]:
    more = bias.size if bias else 0
    if bias:
        yield Mistake((float(weight.size),), "That is without the biases: there is one for every output channel.")
    else:
        yield Mistake((float(weight.size + weight.shape[0]),), "That is with a bias; there is none here.")
    if len(weight.shape) > 3:
        line = weight.size // weight.shape[-1]
        yield Mistake((float(line + more),), "That is the count for one dimension; this kernel has two.")
        yield Mistake((float(line),), "That is the count for one dimension, and without the biases.")
    one, shallow = weight.size // weight.shape[0], weight.size // weight.shape[1]
    if len(weight.shape) == 2:
        yield Mistake((float(one + bool(bias)),), "That is what one of the outputs takes; each has weights of its own.")
        return
    its = " with its bias" if bias else ""
    yield Mistake((float(one + bool(bias)),), f"That is one filter{its}; there is one for every output channel.")
    yield Mistake((float(one),), "That is one filter; there is one for every output channel.")
    yield Mistake((float(shallow + more),), "A filter is as deep as its input has channels.")


def _inputs(material: Material, node: Node) -> Inputs:
    graph = material.lesson.timeline.graph(0)
    named = zip(inputs_of(type(node.op)).names, node.inputs, strict=False)
    return {letter: graph.spec(name) for letter, name in named if name is not None}


def _inferred(op: Op, inputs: Inputs) -> Index | None:
    """The shape that an op gives; None where it does not fit."""
    try:
        return op.infer(*[inputs.get(letter) for letter in inputs_of(type(op)).names]).shape
    except StepgradError:
        return None
