"""ONNX models put together in a test, and what an import of them comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.scenarios.onnx.importing import Imported, imported
from stepgrad.scenarios.onnx.reading import read
from stepgrad.scenarios.onnx.writing import write

Array = np.ndarray[Any, Any]
Shape = Sequence[int | str]


def drawn(*shape: int, seed: int = 0) -> Array:
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def network(
    nodes: Sequence[Any],
    inputs: Mapping[str, Shape],
    weights: Mapping[str, Array] | None = None,
    outputs: Sequence[str] = ("y",),
    opset: int = 17,
    dtype: str = "float32",
) -> Any:
    """A model: nodes of `onnx.helper.make_node`, the shape of every input, the numbers of every weight."""
    from onnx import TensorProto, helper, numpy_helper

    kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    graph = helper.make_graph(
        nodes,
        "network",
        [helper.make_tensor_value_info(name, kind, list(shape)) for name, shape in inputs.items()],
        [helper.make_tensor_value_info(name, TensorProto.UNDEFINED, None) for name in outputs],
        [numpy_helper.from_array(array, name) for name, array in (weights or {}).items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])


def saved(model: Any, folder: Path, name: str = "model.onnx") -> Path:
    path = folder / name
    path.write_bytes(model.SerializeToString())
    return path


def drafted(model: Any, folder: Path, *given: Array) -> Imported:
    return imported(read(saved(model, folder)), given)


def opened(model: Any, folder: Path, *given: Array) -> tuple[Lesson, Imported]:
    """The lesson that an import of the model writes."""
    made = drafted(model, folder, *given)
    target = folder / "written.toml"
    write(made, target)
    return open_lesson(str(target)), made


def reference(model: Any, **feeds: Array) -> list[Array]:
    """What ONNX's own reference makes of it."""
    from onnx.reference import ReferenceEvaluator

    with np.errstate(all="ignore"):  # its sigmoid overflows on the way to a right answer
        found: list[Array] = ReferenceEvaluator(model).run(None, feeds)
    return found


def agrees(model: Any, folder: Path, **feeds: Array) -> Lesson:
    """Assert that the imported network gives what the reference gives; returns it."""
    lesson, made = opened(model, folder, *feeds.values())
    tensors = lesson.tensors()
    wanted = reference(model, **feeds)
    assert len(made.outputs) == len(wanted)
    for name, array in zip(made.outputs, wanted, strict=True):
        assert tensors[name].shape == array.shape
        np.testing.assert_allclose(tensors[name], array, rtol=1e-5, atol=1e-6)
    return lesson
