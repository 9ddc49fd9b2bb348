"""What the first frame shows, before NumPy and the validation are imported: title, literals, opening words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.document import read
from stepgrad.scenarios.matrix import matrix
from stepgrad.scenarios.prose import prose

Rows = tuple[tuple[float, ...], ...]
Planes = Sequence[tuple[str, Rows]]


@dataclass(frozen=True)
class Preview:
    """The first frame of a lesson. A plane's name has an index where its tensor has several: `x[0]`."""

    title: str
    planes: tuple[tuple[str, Rows], ...]
    say: str
    heading: str = ""
    """The title of the opening words."""
    layer: str = ""
    """The first layer's name, which is its output's."""
    ring: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Rows and columns of padding round each plane of the input: top, bottom, left, right."""
    output: tuple[int, int] | None = None
    """Rows and columns of each plane the first layer writes, where a window says so."""
    symbols: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The letters of tensors that have some, in row order."""


def preview(name: str, settings: Mapping[str, object] | None = None) -> Preview:
    """The literal operands of the first layer, in order. What is no plain literal is left to the lesson."""
    path, variant = locate(name)
    tables = read(path).variant(variant).set(settings or {}).tables
    title = tables.get("title")
    planes = [plane for tensor, literal in _operands(tables) for plane in _planes(tensor, literal)]
    say, heading = _opening(tables)
    layer, ring, output = _sizes(tables, planes)
    shown = title if isinstance(title, str) else path.stem
    return Preview(shown, tuple(planes), say, heading, layer, ring, output, dict(_symbols(tables, planes)))


def _symbols(tables: dict[str, Any], planes: Planes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Letters, as many as there are numbers."""
    for name, given in _table(tables, "symbols").items():
        count = sum(len(rows) * len(rows[0]) for plane, rows in planes if plane.partition("[")[0] == name)
        letters = tuple(_letters(given))
        if count and len(letters) == count:
            yield name, letters


def _letters(given: Any) -> Iterator[str]:
    if isinstance(given, str):
        yield from given.split() if len(given.split()) > 1 else given
    elif isinstance(given, list):
        for part in given:
            yield from _letters(part) if isinstance(part, list) else [str(part)]


def _sizes(tables: dict[str, Any], planes: Planes) -> tuple[str, tuple[int, int, int, int], tuple[int, int] | None]:
    """The first layer's name, its padding ring, and the size of what its window writes."""
    layers = tables.get("layers")
    layer = layers[0] if isinstance(layers, list) and layers and isinstance(layers[0], dict) else {}
    name, tensors = str(layer.get("name", "")), {plane.partition("[")[0]: rows for plane, rows in planes}
    if len(tensors) < 2:
        return name, (0, 0, 0, 0), None
    x, weight = islice(tensors.values(), 2)
    # A row is a plane of one axis, unless the window has two.
    axes = 1 if len(x) == len(weight) == 1 else 2
    size, kernel = (tuple((len(rows), len(rows[0]))[-axes:]) for rows in (x, weight))
    how = {key: layer[key] for key in ("stride", "padding", "dilation") if key in layer}
    how = {key: tuple(value) if isinstance(value, list) else value for key, value in how.items()}
    if not how:
        rows, cols = (1, *(n - k + 1 for n, k in zip(size, kernel, strict=True)))[-2:]
        return name, (0, 0, 0, 0), (max(rows, 1), max(cols, 1))
    from stepgrad.engine.window import window

    try:
        over = window(size, kernel, **{"stride": 1, "padding": 0, **how})
    except (StepgradError, TypeError, ValueError):
        # What is wrong here is the lesson's to say.
        return name, (0, 0, 0, 0), None
    (top, left), (bottom, right) = ((0, *ends)[-2:] for ends in (over.before, over.after))
    rows, cols = (1, *over.out)[-2:]
    return name, (top, bottom, left, right), (rows, cols)


def _operands(tables: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    layers = tables.get("layers")
    if not (isinstance(layers, list) and layers and isinstance(layers[0], dict)):
        return
    layer = layers[0]
    given = {**_table(tables, "inputs"), **_table(tables, "parameters")}
    inputs = layer.get("input", next(iter(_table(tables, "inputs")), None))
    for name in inputs if isinstance(inputs, list) else [inputs]:
        yield _named(given, name)
    for key in ("weight", "bias"):
        if isinstance(layer.get(key), str):
            yield _named(given, layer[key])
        else:
            yield f"{layer.get('name')}.{key}", layer.get(key)


def _named(given: dict[str, Any], name: Any) -> tuple[str, Any]:
    return (name, _pasted(given.get(name))) if isinstance(name, str) else ("", None)


def _pasted(value: Any) -> Any:
    try:
        return matrix(value) if isinstance(value, str) else value
    except ValueError:
        return None


def _table(tables: dict[str, Any], key: str) -> dict[str, Any]:
    found = tables.get(key)
    return found if isinstance(found, dict) else {}


def _planes(name: str, literal: Any, index: tuple[int, ...] = ()) -> Iterator[tuple[str, Rows]]:
    where = f"{name}[{','.join(map(str, index))}]" if index else name
    if _is_row(literal):
        yield where, (tuple(literal),)
    elif isinstance(literal, list) and literal and all(map(_is_row, literal)):
        yield where, tuple(map(tuple, literal))
    elif isinstance(literal, list):
        # A single image or filter needs no index: leading axes of one are left out, as in an address.
        for i, part in enumerate(literal):
            yield from _planes(name, part, index if len(literal) == 1 and not index else (*index, i))


def _is_row(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(type(item) in (int, float) for item in value)


def _opening(tables: dict[str, Any]) -> tuple[str, str]:
    """The opening words, and the title above them."""
    script = tables.get("script")
    stop = script[0] if isinstance(script, list) and script else None
    if not isinstance(stop, dict) or "at" in stop or not isinstance(stop.get("say"), str):
        return "", ""
    title = stop.get("title")
    return re.sub(r"\{[^{}]*\}", "?", prose(stop["say"])), title if isinstance(title, str) else ""
