"""The tensors of a model file: in the file itself, or in files of the same folder."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios import limits
from stepgrad.scenarios.onnx.node import Array

if TYPE_CHECKING:
    from onnx import TensorProto


class Files:
    """Reads tensors, and counts what it has read: a small model may name one large file many times."""

    def __init__(self, model: Path) -> None:
        self.folder = model.resolve().parent
        self._left = limits.MODEL_BYTES

    def array(self, tensor: TensorProto) -> Array:
        """The numbers of a tensor. Raises StepgradError where they can not be had."""
        from onnx import TensorProto, numpy_helper

        size = math.prod(tensor.dims)
        if len(tensor.dims) > limits.RANK or min(tensor.dims, default=0) < 0 or size > limits.ELEMENTS:
            what = f"has the shape {list(tensor.dims)[: limits.RANK + 1]}; up to {limits.ELEMENTS:,} numbers fit"
            raise StepgradError(f"the tensor '{tensor.name}' {what}")
        try:
            if tensor.data_location == TensorProto.EXTERNAL:
                return self._external(tensor)
            return np.asarray(numpy_helper.to_array(tensor))
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            what = str(fault).partition("\n")[0]
            raise StepgradError(f"the tensor '{tensor.name}' can not be read: {what}") from None

    def _external(self, tensor: TensorProto) -> Array:
        from onnx import helper

        said = {each.key: each.value for each in tensor.external_data}
        path = self._within(tensor.name, said.get("location", ""))
        dtype = np.dtype(helper.tensor_dtype_to_np_dtype(tensor.data_type))
        if dtype.kind not in "biuf":
            raise ValueError(f"it holds {dtype}, not numbers")
        length, offset = math.prod(tensor.dims) * dtype.itemsize, int(said.get("offset", "0"))
        if int(said.get("length", length)) != length or offset < 0:
            raise ValueError(f"{said.get('length')} bytes from {offset} on are not {list(tensor.dims)} of {dtype}")
        self._left -= length
        if self._left < 0:
            raise ValueError(f"at most {limits.MODEL_BYTES:,} bytes are read beside the model")
        with path.open("rb") as file:
            file.seek(offset)
            content = file.read(length)
        if len(content) != length:
            raise ValueError(f"'{path.name}' is cut short")
        return np.frombuffer(content, dtype.newbyteorder("<")).astype(dtype).reshape(tuple(tensor.dims))

    def _within(self, tensor: str, location: str) -> Path:
        """The file, if it really lies in the folder of the model: `..`, absolute paths and links lead nowhere else."""
        missing = f"the numbers of '{tensor}' are in '{location}', which"
        try:
            path = (self.folder / location).resolve()
        except (OSError, RuntimeError):
            raise ValueError(f"'{location}' is no path") from None
        if not location or not path.is_relative_to(self.folder):
            raise StepgradError(f"{missing} leads out of the folder of the model; keep both in one folder")
        if not path.is_file():
            raise StepgradError(f"{missing} is not there; put it beside the model")
        return path
