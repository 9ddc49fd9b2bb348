"""An ONNX file: its nodes, its inputs, and the numbers that it brings. The file may come from anywhere.

Nothing larger than `limits.MODEL_BYTES` is read, nothing outside the folder of the model, and nothing is executed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios import limits
from stepgrad.scenarios.onnx.external import Files
from stepgrad.scenarios.onnx.node import Array

if TYPE_CHECKING:
    from onnx import GraphProto, ModelProto, NodeProto, ValueInfoProto

OLDEST = 7
"""Up to opset 6, Add and its like were spread by an attribute of their own."""


class ModelError(StepgradError):
    """A file that can not be imported; the message starts with its name."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(printable(f"{path}: {message}"))


def printable(text: str) -> str:
    """Text from a file that may hold anything, as a terminal and a comment can show it."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


@dataclass(frozen=True)
class Fed:
    """An input of the model. An axis without a fixed size has its letter, or nothing."""

    name: str
    dtype: str
    shape: tuple[int | str, ...]


@dataclass(frozen=True)
class Model:
    """What stands in a file."""

    path: Path
    opset: int
    producer: str
    inputs: tuple[Fed, ...]
    outputs: tuple[str, ...]
    nodes: tuple[NodeProto, ...]
    """Those that the outputs need, in the order in which they run."""
    needed: frozenset[str]
    """The tensors that the outputs need."""
    constants: dict[str, Array]
    files: Files


def read(path: Path) -> Model:
    """Read a model. Raises ModelError where the file is no model, or one that can not be read."""
    proto = _parsed(path, _content(path))
    opset = _opset(path, proto)
    graph, files = proto.graph, Files(path)
    nodes, needed = _needed(graph)
    try:
        constants = {tensor.name: files.array(tensor) for tensor in graph.initializer if tensor.name in needed}
        fed = tuple(_fed(value) for value in graph.input if value.name in needed - constants.keys())
    except StepgradError as fault:
        raise ModelError(path, str(fault)) from None
    outputs = tuple(value.name for value in graph.output)
    producer = f"{proto.producer_name} {proto.producer_version}".strip()
    return Model(path, opset, producer, fed, outputs, nodes, needed, constants, files)


def _content(path: Path) -> bytes:
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is no file" if path.exists() else "there is no such file"
        raise ModelError(path, f"{what}; give the path of an ONNX model")
    size = path.stat().st_size
    if size > limits.MODEL_BYTES:
        raise ModelError(path, f"has {size:,} bytes; at most {limits.MODEL_BYTES:,} are read")
    if size == 0:
        raise ModelError(path, "is empty; export the model again")
    return path.read_bytes()


def _parsed(path: Path, content: bytes) -> ModelProto:
    try:
        from onnx import ModelProto
    except ImportError:
        what = 'ONNX is read by what is not installed: python -m pip install "stepgrad[onnx]"'
        raise ModelError(path, what) from None
    try:
        proto: ModelProto = ModelProto.FromString(content)
    except Exception:  # protobuf's DecodeError: that package is onnx's to import, not ours
        raise ModelError(path, "is no ONNX model, or one that is cut short; export it again") from None
    if not proto.HasField("graph") or not proto.opset_import:
        raise ModelError(path, "is no ONNX model: it says neither what it computes nor by which version")
    if not all(isinstance(text, str) for text in _texts(proto)):
        raise ModelError(path, "has a name that is no text; export it again")
    return proto


def _texts(proto: ModelProto) -> Iterator[str]:
    """Everything that is read as text: where a file is damaged protobuf gives bytes for it."""
    graph = proto.graph
    yield from (each.domain for each in proto.opset_import)
    yield from (each.name for each in (*graph.initializer, *graph.output, *graph.input))
    yield from (size.dim_param for each in graph.input for size in each.type.tensor_type.shape.dim)
    for node in graph.node:
        yield from (node.name, node.op_type, node.domain, *node.input, *node.output)


def _opset(path: Path, proto: ModelProto) -> int:
    from onnx import __version__, defs

    found = [each.version for each in proto.opset_import if each.domain in ("", "ai.onnx")]
    opset, newest = max(found, default=0), defs.onnx_opset_version()
    if opset < OLDEST:
        raise ModelError(path, f"is written in opset {opset}; {OLDEST} is the oldest that is read: export it anew")
    if opset > newest:
        what = f"is written in opset {opset}; onnx {__version__} knows up to {newest}"
        raise ModelError(path, f"{what}: install a newer onnx, or export the model with an older opset")
    return opset


def _fed(value: ValueInfoProto) -> Fed:
    from onnx import helper

    kind = value.type.tensor_type
    if value.type.WhichOneof("value") != "tensor_type" or not kind.HasField("shape"):
        raise StepgradError(f"the input '{value.name}' is no tensor, or one of any rank; export it with a shape")
    try:
        dtype = str(helper.tensor_dtype_to_np_dtype(kind.elem_type))
    except (KeyError, ValueError, TypeError):
        dtype = "of an unknown type"
    sizes = (each.dim_value if each.dim_value > 0 else each.dim_param for each in kind.shape.dim)
    return Fed(value.name, dtype, tuple(sizes))


def _needed(graph: GraphProto) -> tuple[tuple[NodeProto, ...], frozenset[str]]:
    """The nodes that the outputs are worked out from, and the tensors."""
    wanted = {value.name for value in graph.output}
    kept: list[NodeProto] = []
    for node in reversed(graph.node):
        if wanted.intersection(node.output):
            kept.append(node)
            wanted.update(node.input)
    return tuple(reversed(kept)), frozenset(wanted)
