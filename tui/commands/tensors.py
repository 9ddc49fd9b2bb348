"""`stepgrad tensors`: every tensor of an iteration, as JSON or as a NumPy archive."""

from __future__ import annotations

import json
import math
import sys
import zipfile
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from stepgrad.tui.arguments import UsageError
from stepgrad.tui.opening import opened

Tensors = Mapping[str, np.ndarray[Any, Any]]


def run(args: Namespace) -> int:
    output = None if args.output is None else Path(args.output)
    if output is not None and output.suffix not in (".json", ".npz"):
        raise UsageError(f"-o {output}: write to a file that ends in .json or .npz")
    lesson = opened(args)
    if args.iteration >= lesson.timeline.iterations:
        last = lesson.timeline.iterations - 1
        raise UsageError(f"--iteration {args.iteration}: there is none; iterations run from 0 to {last}")
    tensors = lesson.tensors(args.iteration)
    if output is None:
        write_json(sys.stdout, tensors)
    elif output.suffix == ".json":
        with output.open("w", encoding="ascii", newline="\n") as file:
            write_json(file, tensors)
    else:
        write_archive(output, tensors)
    return 0


def write_json(file: IO[str], tensors: Tensors) -> None:
    """One object, name -> nested lists; non-finite numbers are the strings nan, inf and -inf."""
    file.write("{")
    for i, (name, array) in enumerate(tensors.items()):
        values = array.tolist()
        if not np.isfinite(array).all():
            values = _writable(values)
        file.write(f"{',' if i else ''}\n{json.dumps(name)}: {json.dumps(values, allow_nan=False)}")
    file.write("\n}\n")


def _writable(values: Any) -> Any:
    if isinstance(values, list):
        return [_writable(value) for value in values]
    return values if math.isfinite(values) else str(values)


def write_archive(path: Path, tensors: Tensors) -> None:
    """What `numpy.load` reads. Unlike `numpy.savez` it takes a tensor of any name, and gives the same bytes again."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in tensors.items():
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asanyarray(array), allow_pickle=False)
