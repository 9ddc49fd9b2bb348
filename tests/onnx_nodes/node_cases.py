"""ONNX's own test cases of single nodes: an operator, its attributes, its inputs, and what has to come out."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

KINDS = ("node", "pytorch-converted", "pytorch-operator")
"""`node` checks the standard itself; the others hold what a real PyTorch gave."""


@dataclass(frozen=True)
class NodeCase:
    """One node with numbers. An input that is left out is None; so is an output that is no array."""

    name: str
    op: str
    attributes: dict[str, Any]
    inputs: tuple[Array | None, ...]
    outputs: tuple[Array | None, ...]
    opset: int
    rtol: float
    atol: float

    def __str__(self) -> str:
        return self.name


def collected(kinds: Iterable[str] = KINDS) -> list[Any]:
    """All test cases of the installed onnx, as its own runner takes them (since 1.23 programs build them: 4 s)."""
    from onnx.backend.test.loader import load_model_tests

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # building them casts numbers in ways that NumPy warns of
        return [given for kind in kinds for given in load_model_tests(kind=kind)]


def single_nodes(tests: Iterable[Any]) -> list[NodeCase]:
    """Those of one node, whichever of its two forms a test comes in."""
    return [case for given in tests for case in (on_disk(given) if given.model is None else in_memory(given))]


def in_memory(given: Any) -> Iterator[NodeCase]:
    """From onnx 1.23 on: `given.model`, and `given.data_sets` as pairs of inputs and outputs."""
    for inputs, outputs in given.data_sets:
        yield from _single(given, given.model, inputs, outputs)


def on_disk(given: Any) -> Iterator[NodeCase]:
    """A folder with `model.onnx`, and `test_data_set_K` with `input_I.pb` and `output_I.pb`."""
    import onnx

    folder = Path(given.model_dir)
    model = onnx.load(folder / "model.onnx")
    if len(_computing(model)) != 1:
        return
    for data_set in sorted(folder.glob("test_data_set_*")):
        inputs = [_read(data_set / f"input_{k}.pb", value) for k, value in enumerate(_fed(model))]
        outputs = [_read(data_set / f"output_{k}.pb", value) for k, value in enumerate(model.graph.output)]
        yield from _single(given, model, inputs, outputs)


def _read(file: Path, value: Any) -> Array | None:
    """The tensor in a file; None for a sequence of tensors, or for one that may be missing."""
    from onnx import TensorProto, numpy_helper

    plain = value.type.WhichOneof("value") == "tensor_type" and file.exists()
    return numpy_helper.to_array(TensorProto.FromString(file.read_bytes())) if plain else None


def _fed(model: Any) -> list[Any]:
    """The inputs that are given with each case: older models list their weights as inputs, too."""
    weights = {tensor.name for tensor in model.graph.initializer}
    return [value for value in model.graph.input if value.name not in weights]


def _computing(model: Any) -> list[Any]:
    return [node for node in model.graph.node if node.op_type != "Constant"]


def _single(given: Any, model: Any, inputs: list[Any], outputs: list[Any]) -> Iterator[NodeCase]:
    from onnx import helper, numpy_helper

    nodes = _computing(model)
    if len(nodes) != 1:
        return
    arrays = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant":
            arrays[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    arrays |= dict(zip((value.name for value in _fed(model)), inputs, strict=False))
    node = nodes[0]
    read = [arrays.get(name) if name else None for name in node.input]
    made = dict(zip((value.name for value in model.graph.output), outputs, strict=False))
    yield NodeCase(
        given.name,
        node.op_type,
        {each.name: helper.get_attribute_value(each) for each in node.attribute},
        tuple(_array(value) for value in read),
        tuple(_array(made.get(name)) for name in node.output),
        next(each.version for each in model.opset_import if each.domain == node.domain),
        given.rtol,
        given.atol,
    )


def _array(value: Any) -> Array | None:
    return np.asarray(value) if isinstance(value, (np.ndarray, np.generic)) else None
