"""What a model works out from its own numbers alone (shapes, for the most part), worked out once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from stepgrad.scenarios import limits
from stepgrad.scenarios.onnx.node import Array, UnsupportedError, only

if TYPE_CHECKING:
    from onnx import NodeProto

FOLDED = (
    *("Add", "Ceil", "Div", "Floor", "Max", "Min", "Mul", "Neg", "Pow", "Reciprocal", "Sqrt", "Sub"),
    *("Cast", "Concat", "ConstantOfShape", "Flatten", "Gather", "Identity", "Range", "ReduceProd", "Reshape", "Slice"),
    *("Squeeze", "Transpose", "Unsqueeze"),
)
"""Operators of which nothing large can come, unless from something large."""


def folded(node: NodeProto, inputs: Sequence[Array | None], opset: int) -> list[Array]:
    """The outputs of a node all of whose inputs are known. Raises UnsupportedError where it can not be worked out."""
    given = [array for array in inputs if array is not None]
    only(_bound(node.op_type, given) <= limits.ELEMENTS, f"makes more than {limits.ELEMENTS:,} numbers of its own")
    from onnx import helper
    from onnx.reference import ReferenceEvaluator

    names = [name for name in node.input if name]
    try:
        alone = helper.make_function("", "alone", names, list(node.output), [node], [helper.make_opsetid("", opset)])
        with np.errstate(all="ignore"):
            made = ReferenceEvaluator(alone).run(None, dict(zip(names, given, strict=True)), attributes={})
    except Exception as fault:  # the evaluator raises whatever a broken node makes NumPy raise
        raise UnsupportedError(f"can not be worked out: {str(fault).partition(chr(10))[0][: limits.SHOWN]}") from None
    return [np.asarray(each) for each in made]


def _bound(op: str, given: Sequence[Array]) -> float:
    """As many numbers as can come of it at most."""
    if op == "ConstantOfShape":
        return float(np.prod(given[0], dtype="float64")) if given else 1.0
    if op == "Range":
        start, limit, step = (float(array) for array in given)
        return math.inf if step == 0 else abs(limit - start) / abs(step)
    return math.prod(max(1, array.size) for array in given) + sum(array.size for array in given)
