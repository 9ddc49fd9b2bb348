"""A model becomes a draft, node by node, with everything that keeps it from becoming one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from stepgrad.engine.errors import StepgradError, did_you_mean
from stepgrad.scenarios import limits
from stepgrad.scenarios.onnx.draft import Draft
from stepgrad.scenarios.onnx.folding import FOLDED, folded
from stepgrad.scenarios.onnx.naming import scoped, wanted
from stepgrad.scenarios.onnx.node import REAL, Array, Node, Tensor, UnsupportedError, numbers, only
from stepgrad.scenarios.onnx.reading import Fed, Model, ModelError, printable
from stepgrad.scenarios.onnx.translations import TRANSLATIONS

if TYPE_CHECKING:
    from onnx import NodeProto

NAMED = 4
"""Nodes that a message names; of the others it says how many there are."""

BROKEN = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What a node whose numbers make no sense may raise anywhere in its translation."""


@dataclass
class Imported:
    """A network on its way from a model to a scenario."""

    model: Model
    draft: Draft = field(default_factory=Draft)
    fed: dict[str, Array | None] = field(default_factory=dict)
    """The inputs, by their names here, with the numbers that were given for them."""
    outputs: list[str] = field(default_factory=list)
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """Operator -> the nodes that pass on what they read."""
    tensors: dict[str, Tensor] = field(default_factory=dict)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    """Operator -> the nodes that no op of ours can be."""
    refused: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Operator, and what is asked of it that our op does not do -> the nodes."""
    folded: int = 0
    """Numbers that the model worked out from its own."""


def imported(model: Model, given: Sequence[Array] = ()) -> Imported:
    """The network of a model, fed with `given`, an array for each of its first inputs.

    Raises ModelError that names everything no op of ours does.
    """
    made = Imported(model)
    made.tensors |= {name: numbers(array) for name, array in model.constants.items()}
    if len(given) > len(model.inputs):
        raise ModelError(model.path, f"received {len(given)} inputs; it has {len(model.inputs)}")
    for k, fed in enumerate(model.inputs):
        _feed(made, fed, given[k] if k < len(given) else None)
    short = scoped(node.name for node in model.nodes)
    for node in model.nodes:
        _add(made, node, short)
    for name in model.outputs:
        if name not in made.tensors and not (made.unknown or made.refused):
            raise ModelError(model.path, f"nothing writes its output '{name}'")
    if made.unknown or made.refused:
        raise ModelError(model.path, _faults(made))
    made.outputs = [str(made.tensors[name].name) for name in model.outputs if made.tensors[name].name]
    layers = len(made.draft.layers)
    if not 0 < layers <= limits.LAYERS:
        raise ModelError(model.path, f"makes {layers} layers; from 1 to {limits.LAYERS} fit")
    return made


def _feed(made: Imported, fed: Fed, array: Array | None) -> None:
    """An input of the network. An axis of any size takes that of what is given; samples are one at a time."""
    path, written = made.model.path, f"[{','.join(str(size or '?') for size in fed.shape)}]"
    if fed.dtype not in REAL:
        raise ModelError(path, f"the input '{fed.name}' is {fed.dtype}{written}; ours are of real numbers")
    if array is None:
        free = [axis for axis, size in enumerate(fed.shape) if axis and not isinstance(size, int)]
        if free:
            which = " and ".join(f"axis {axis}" for axis in free)
            what = f"the input '{fed.name}' is {fed.dtype}{written}, and {which} may have any size"
            raise ModelError(path, f"{what}; give numbers of the size you want: --input X.npy")
        shape = tuple(size if isinstance(size, int) else 1 for size in fed.shape)
    else:
        shape = array.shape
        sizes = zip(shape, fed.shape, strict=False)
        if len(shape) != len(fed.shape) or any(isinstance(said, int) and n != said for n, said in sizes):
            raise ModelError(path, f"the input '{fed.name}' is {fed.dtype}{written}; received {list(shape)}")
    if np.prod(shape, dtype="float64") > limits.ELEMENTS or len(shape) > limits.RANK:
        raise ModelError(path, f"the input '{fed.name}' is {list(shape)}; at most {limits.ELEMENTS:,} numbers fit")
    dtypes = {source.spec.dtype for source in made.draft.graph.sources.values()} | {fed.dtype}
    if len(dtypes) > 1:
        raise ModelError(path, f"its inputs are {' and '.join(sorted(dtypes))}; a scenario has one type")
    tensor = made.draft.input(fed.name, shape, fed.dtype)
    made.tensors[fed.name] = tensor
    with np.errstate(over="ignore"):
        made.fed[str(tensor.name)] = None if array is None else array.astype(fed.dtype)


def _add(made: Imported, proto: NodeProto, short: dict[str, str]) -> None:
    """A node: worked out at once where it can be, else translated. What is wrong with it is kept."""
    op = proto.op_type if proto.domain in ("", "ai.onnx") else f"{proto.domain}::{proto.op_type}"
    called = printable(proto.name or f"the one that writes {next(iter(proto.output), '?')}")[: limits.SHOWN]
    if op not in TRANSLATIONS and op not in FOLDED and op not in ("Constant", "Shape"):
        made.unknown.setdefault(op, []).append(called)
        return
    lost = [name for name in proto.input if name and name not in made.tensors]
    if lost and (made.unknown or made.refused):
        return  # what it reads was not made, and why has been said
    made.draft.naming = wanted(proto.name, proto.op_type, next(iter(proto.output), ""), short)
    made.draft.origin = f"{op} {called}"
    try:
        only(not lost, f"reads '{''.join(lost[:1])}', which nothing before it writes")
        inputs = tuple(made.tensors[name] if name else None for name in proto.input)
        outputs = _outputs(made, proto, op, inputs)
        if outputs[0] in inputs:
            made.left_out.setdefault(op, []).append(called)
        for k, name in enumerate(proto.output):
            tensor = outputs[k] if k < len(outputs) else None
            only(tensor is not None or name not in made.model.needed, f"its output {k} is none of ours")
            made.tensors |= {} if tensor is None else {name: tensor}
    except StepgradError as fault:
        made.refused.setdefault((op, str(fault)), []).append(called)
    except BROKEN as fault:
        what = f"makes no sense: {str(fault).partition(chr(10))[0][: limits.SHOWN]}"
        made.refused.setdefault((op, what), []).append(called)


def _outputs(made: Imported, proto: NodeProto, op: str, inputs: tuple[Tensor | None, ...]) -> Sequence[Tensor | None]:
    attributes = _attributes(proto, made)
    if op == "Constant":
        return [numbers(_constant(attributes))]
    if op == "Shape":
        only(inputs[0] is not None, "reads nothing")
        assert inputs[0] is not None
        return [numbers(np.array(inputs[0].shape[attributes.get("start", 0) : attributes.get("end")], "int64"))]
    if op in FOLDED and all(tensor is None or tensor.name is None for tensor in inputs):
        arrays = [tensor.value if tensor else None for tensor in inputs]
        found = folded(proto, arrays, made.model.opset)
        made.folded += sum(array.size for array in found)
        only(made.folded <= limits.ELEMENTS, f"the model makes more than {limits.ELEMENTS:,} numbers of its own")
        return [numbers(array) for array in found]
    only(op in TRANSLATIONS, "is known on numbers of the model alone, and reads what the network works out")
    return TRANSLATIONS[op](Node(op, inputs, attributes, made.model.opset, len(proto.output)), made.draft)


def _attributes(proto: NodeProto, made: Imported) -> dict[str, Any]:
    """Whole numbers, numbers, bytes, and lists of them; a tensor as its array."""
    from onnx import AttributeProto, helper

    found: dict[str, Any] = {}
    for each in proto.attribute:
        only(each.type not in (AttributeProto.GRAPH, AttributeProto.GRAPHS), "has a network within it")
        tensor = each.type == AttributeProto.TENSOR
        found[each.name] = made.model.files.array(each.t) if tensor else helper.get_attribute_value(each)
    return found


def _constant(attributes: dict[str, Any]) -> Array:
    """A `Constant` says its numbers in one of a few ways."""
    kinds = {"value": None, "value_float": "float32", "value_floats": "float32", "value_int": "int64"}
    for name, value in attributes.items():
        if name in (*kinds, "value_ints"):
            return np.asarray(value, kinds.get(name, "int64"))
    raise UnsupportedError(f"holds {', '.join(attributes) or 'nothing'}, not numbers")


def _faults(made: Imported) -> str:
    """One line: every operator that is not known, with its nodes; every node that asks for more than its op does."""
    unknown = [f"{op} {_listed(nodes, did_you_mean(op, TRANSLATIONS))}" for op, nodes in made.unknown.items()]
    parts = [f"there is no op for {', '.join(unknown)}"] if unknown else []
    parts += [f"{op} {_listed(nodes)}: {why}" for (op, why), nodes in made.refused.items()]
    parts += [f"supported are {', '.join(sorted(TRANSLATIONS))}"] if unknown else []
    return f"{'; '.join(parts)}; nothing was written"


def _listed(nodes: Sequence[str], near: str = "") -> str:
    """How many nodes there are, and the first of their names."""
    more = f" and {len(nodes) - NAMED} more" if len(nodes) > NAMED else ""
    return f"{len(nodes)} ({', '.join(nodes[:NAMED])}{more}{near})"
