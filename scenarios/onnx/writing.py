"""An imported network as a scenario file, and its numbers as .npy files in a folder beside it."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from stepgrad.scenarios import limits
from stepgrad.scenarios.onnx.draft import Layer
from stepgrad.scenarios.onnx.importing import Imported
from stepgrad.scenarios.onnx.naming import legal
from stepgrad.scenarios.onnx.reading import ModelError, printable
from stepgrad.scenarios.saving import written
from stepgrad.scenarios.template import PATH, SCHEMA
from stepgrad.scenarios.validation import validated

SAY = (
    "Your own network, one number at a time. Is one of them not a number? `B` then `a`, write `nan`, Enter, `q`: now "
    "`c` goes to the first cell that is not, and `w` says what it was made of."
)


def folder_of(target: Path) -> Path:
    """Where the numbers of a scenario go."""
    return target.with_name(f"{legal(target.stem)}-numbers")


def write(made: Imported, target: Path) -> int:
    """Write the scenario and its numbers; returns how many files those are.

    Raises FileExistsError where either is there already, and leaves nothing half-written behind.
    """
    folder = folder_of(target)
    text = scenario(made, folder.name)
    findings = validated(tomllib.loads(text)).findings
    if findings or len(text) > limits.SCENARIO_BYTES:
        what = (
            f"{'.'.join(map(str, findings[0][0]))}: {findings[0][1]}"
            if findings
            else f"its scenario has {len(text):,} bytes; {limits.SCENARIO_BYTES:,} fit"
        )
        raise ModelError(made.model.path, f"makes no scenario: {what}")
    if target.exists():
        raise FileExistsError(17, "exists", str(target))
    arrays = {**made.draft.arrays, **{name: array for name, array in made.fed.items() if array is not None}}
    folder.mkdir()
    try:
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array, allow_pickle=False)
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return len(arrays)


def scenario(made: Imported, folder: str) -> str:
    """The text of the scenario."""
    return "\n".join([*_head(made), *_sources(made, folder), *_layers(made, folder), *_tail(made), ""])


def _head(made: Imported) -> Iterator[str]:
    model = made.model
    by = f", written by {model.producer}" if model.producer else ""
    yield f"{SCHEMA}{PATH.as_uri()}"
    yield printable(f"# Imported from {model.path.name} (opset {model.opset}{by}).")
    yield "# stepgrad check FILE finds every fault of an edit, stepgrad FILE steps through it."
    yield "format_version = 1"
    yield f"title = {written(printable(f'{model.path.name}, imported')[:200])}"
    yield f"dtype = {written(next(iter(made.draft.graph.sources.values())).spec.dtype)}"
    if any(array is None for array in made.fed.values()):
        yield "seed = 0                  # what the input is drawn from"


def _sources(made: Imported, folder: str) -> Iterator[str]:
    yield "\n[inputs]"
    for fed, (name, array) in zip(made.model.inputs, made.fed.items(), strict=True):
        shape = made.draft.graph.spec(name).shape
        sizes = ",".join(str(size or "?") for size in fed.shape)
        drawn = {"init": "normal", "shape": list(shape)}
        own = '; numbers of your own: { file = "input.npy" }' if array is None else ""
        yield printable(f"# '{fed.name}' of the model, {fed.dtype}[{sizes}]{own}")
        yield f"{name} = {_table(drawn if array is None else _file(folder, name))}"
    if made.draft.shared:
        yield "\n[parameters]"
        yield from (f"{name} = {_table(_file(folder, name))}" for name in made.draft.shared)


def _layers(made: Imported, folder: str) -> Iterator[str]:
    graph = made.draft.graph
    for layer in made.draft.layers:
        yield ""
        read = " and ".join(str(list(graph.spec(name).shape)) for name in layer.inputs)
        yield printable(f"# {layer.origin}: {read} -> {list(graph.spec(layer.name).shape)}")
        yield "[[layers]]"
        yield from (f"{key} = {value}" for key, value in _keys(layer, folder))


def _keys(layer: Layer, folder: str) -> Iterator[tuple[str, str]]:
    yield "name", written(layer.name)
    yield "op", written(layer.op)
    yield "input", written(layer.inputs[0] if len(layer.inputs) == 1 else list(layer.inputs))
    for letter, name in layer.operands.items():
        yield letter, _table(_file(folder, f"{layer.name}.{letter}")) if name is None else written(name)
    for name, value in layer.settings.items():
        yield name, written(value)


def _tail(made: Imported) -> Iterator[str]:
    yield "\n[[script]]"
    yield f"say = {json.dumps(SAY)}"
    name = made.outputs[0] if made.outputs else made.draft.layers[-1].name
    yield "\n# A loss adds the backward pass, every gradient down to the parameters: take out the # of three lines."
    yield "# [loss]"
    yield '# op = "sum"              # or mse_loss, cross_entropy ... with a target'
    yield f"# input = {written(name)}"


def _file(folder: str, name: str) -> Mapping[str, Any]:
    return {"file": f"{folder}/{name}.npy"}


def _table(table: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {written(value)}" for key, value in table.items()) + " }"
