"""The numbers of a tensor: from a literal, a file beside the scenario, or an initialiser and the seed."""

from __future__ import annotations

import math
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from stepgrad.engine.errors import StepgradError, did_you_mean
from stepgrad.engine.number import Index
from stepgrad.engine.op import Initial
from stepgrad.scenarios import datasets, limits
from stepgrad.scenarios.given import (
    Arange,
    DataTable,
    FileTable,
    Full,
    InitTable,
    Normal,
    Ones,
    Uniform,
    Values,
    ValuesTable,
)
from stepgrad.scenarios.given import literal as checked
from stepgrad.scenarios.matrix import matrix
from stepgrad.scenarios.overrides import Key

BESIDE = 1000
"""Files of the folder that are looked at for a name that was meant."""


class ArrayError(StepgradError):
    """Numbers that cannot be had; `key` says which part of the table is to blame."""

    def __init__(self, message: str, key: Key = ()) -> None:
        super().__init__(message)
        self.key = key


def array(given: Any, name: str, seed: int, folder: Path, shape: Index | None = None) -> Values:
    """What is given for the tensor `name`, in float64. `shape` is what an initialiser takes that gives none."""
    if isinstance(given, FileTable):
        return _file(folder, given.file)
    if isinstance(given, InitTable):
        return _initialised(given, name, seed, shape)
    if isinstance(given, DataTable):
        return _data(given, seed)
    if isinstance(given, ValuesTable):
        return _written(given)
    return np.asarray(given)


def _data(given: DataTable, seed: int) -> Values:
    """A column of a data set; both columns of the same part have the same rows."""
    for key, known in (("data", datasets.DATASETS), ("split", datasets.SPLITS)):
        name = getattr(given, key)
        if name not in known:
            near = did_you_mean(name, known) or f"; known are {', '.join(known)}"
            raise ArrayError(f"there is no {'data set' if key == 'data' else key} '{name}'{near}", (key,))
    part = datasets.load(given.data, given.split).fraction(given.fraction, seed)
    return part.input if given.column == "input" else part.label


def _written(given: ValuesTable) -> Values:
    try:
        return checked(given.values)
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        raise ArrayError(str(first["msg"]), ("values", *first["loc"])) from None


def default(start: Initial, name: str, seed: int) -> Values:
    """A parameter as PyTorch starts it."""
    _bounded(start.shape)
    if start.low == start.high:
        return np.full(start.shape, start.low)
    return stream(seed, name).uniform(start.low, start.high, start.shape)


def stream(seed: int, name: str) -> np.random.Generator:
    """A tensor's own random numbers: they do not change when other tensors come, go or change places."""
    return np.random.default_rng([seed, int.from_bytes(name.encode())])


def _initialised(given: InitTable, name: str, seed: int, shape: Index | None) -> Values:
    if given.shape is None and shape is None:
        raise ArrayError("is missing; an initialiser needs the tensor's size, as in shape = [5, 5]", ("shape",))
    size = tuple(given.shape) if given.shape is not None else shape or ()
    _bounded(size)
    if isinstance(given, Normal):
        return stream(seed, name).normal(given.mean, given.std, size)
    if isinstance(given, Uniform):
        return stream(seed, name).uniform(given.low, given.high, size)
    if isinstance(given, Arange):
        return (given.start + given.step * np.arange(math.prod(size))).reshape(size)
    return np.full(size, given.value if isinstance(given, Full) else float(isinstance(given, Ones)))


def _bounded(shape: Index) -> None:
    if math.prod(shape) > limits.ELEMENTS:
        raise ArrayError(f"{list(shape)} has {math.prod(shape):,} numbers; at most {limits.ELEMENTS:,} fit", ("shape",))


def _file(folder: Path, name: str) -> Values:
    path = _within(folder, name)
    size = path.stat().st_size
    if size > limits.DATA_BYTES:
        raise ArrayError(f"'{name}' has {size:,} bytes; at most {limits.DATA_BYTES:,} are read", ("file",))
    try:
        return npy(path) if path.suffix == ".npy" else checked(matrix(path.read_text("utf-8-sig")))
    except ValidationError as fault:
        first = fault.errors(include_url=False)[0]
        at = "".join(f"[{i}]" for i in first["loc"])
        raise ArrayError(f"'{name}' cannot be read: {at} {first['msg']}", ("file",)) from None
    except (ValueError, OSError) as fault:
        raise ArrayError(f"'{name}' cannot be read: {str(fault).partition(chr(10))[0]}", ("file",)) from None


def _within(folder: Path, name: str) -> Path:
    """The file, if it really lies in the scenario's folder: `..`, absolute paths and links lead nowhere else."""
    kind = Path(name).suffix
    if kind not in (".npy", ".csv", ".txt"):
        raise ArrayError(f"'{name}' ends in '{kind}'; give a .npy, .csv or .txt file", ("file",))
    inside = folder.resolve()
    try:
        path = (inside / name).resolve()
    except (OSError, ValueError, RuntimeError):
        raise ArrayError(f"'{name}' is no path", ("file",)) from None
    if not path.is_relative_to(inside):
        raise ArrayError(f"'{name}' leads out of the scenario's folder; put the file beside the scenario", ("file",))
    if not path.is_file():
        beside = [each.name for each in islice(inside.iterdir(), BESIDE) if each.suffix == kind and each.is_file()]
        raise ArrayError(f"there is no file '{name}' beside the scenario{did_you_mean(name, beside)}", ("file",))
    return path


def npy(path: Path) -> Values:
    """A .npy file. Its header is read first: a small file may claim a huge array. Raises ValueError."""
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file)
    if dtype.kind not in "biuf":
        raise ValueError(f"it holds {dtype}, not numbers")
    if not 0 < math.prod(shape) <= limits.ELEMENTS or len(shape) > limits.RANK:
        raise ValueError(f"its shape is {list(shape)}; from 1 to {limits.ELEMENTS:,} numbers fit")
    if math.prod(shape) * dtype.itemsize > path.stat().st_size:
        raise ValueError("it is cut short")
    return np.asarray(np.load(path, allow_pickle=False), "float64")
