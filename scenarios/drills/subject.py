"""What a topic is about: which layers of a lesson belong to it, and which kinds of questions.

A lesson on pooling has a convolution in it as well; who drills pooling is asked about the pooling. A topic that is not
in these tables (history, letters) is about the whole of its lessons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from stepgrad.engine.graph import Node

GRADIENT = "_grad"
ACTIVATIONS = {"relu", "leaky_relu", "prelu", "prelu_weight", "elu", "sigmoid", "tanh", "step", "threshold"}


def _named(*parts: str) -> Callable[[Node], bool]:
    return lambda node: any(part in node.op.name for part in parts)


def _in(*phases: str) -> Callable[[Node], bool]:
    return lambda node: node.phase in phases


def _set(name: str, plain: int) -> Callable[[Node], bool]:
    """Ops with a setting that is not what it is by itself."""
    return lambda node: getattr(node.op, name, plain) != plain


LAYERS: dict[str, Callable[[Node], bool]] = {
    "convolution": _named("conv"),
    "pooling": _named("pool", "subsample"),
    "activation": lambda node: node.op.name.removesuffix(GRADIENT) in ACTIVATIONS,
    "batch norm": _named("batch_", "scale_shift", "running_average"),
    "fully connected": _named("linear"),
    "softmax": _named("softmax"),
    "loss": _in("loss"),
    "gradient": _in("backward"),
    "gradients": _in("backward"),
    "backpropagation": _in("backward"),
    "update": _in("update"),
    "optimizer": _in("update"),
    "learning rate": _in("update"),
    "padding": _set("padding", 0),
    "stride": _set("stride", 1),
    "dilation": _named("conv"),
}
KINDS = {"shapes": ("shape", "padding", "count"), "parameters": ("count",)}
"""Topics that are about some kinds of questions, whichever layer is asked about."""


def is_known(topic: str) -> bool:
    """Whether it is known what a topic is about."""
    return topic in LAYERS or topic in KINDS


def kinds(topic: str, known: Iterable[str]) -> list[str]:
    """The kinds of questions that a topic is about."""
    return [kind for kind in known if kind in KINDS.get(topic, (kind,))]


def layers(topic: str, nodes: Sequence[Node], *, is_first: bool) -> list[Node]:
    """The nodes that a topic is about; all of a lesson that is about it before all else, where none has its name."""
    belongs = LAYERS.get(topic)
    found = list(nodes) if belongs is None else [node for node in nodes if belongs(node)]
    return found or (list(nodes) if is_first else [])
