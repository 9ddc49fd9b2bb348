"""What the first frame shows, before NumPy and the validation are imported: title, literals, opening words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.document import read
from stepgrad.scenarios.matrix import matrix
from stepgrad.scenarios.prose import prose

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Preview:
    """The first frame of a lesson. A plane's name has an index where its tensor has several: `x[0]`."""

    title: str
    planes: tuple[tuple[str, Rows], ...]
    say: str


def preview(name: str, settings: Mapping[str, object] | None = None) -> Preview:
    """The literal operands of the first layer, in order. What is no plain literal is left to the lesson."""
    path, variant = locate(name)
    tables = read(path).variant(variant).set(settings or {}).tables
    title = tables.get("title")
    planes = [plane for tensor, literal in _operands(tables) for plane in _planes(tensor, literal)]
    return Preview(title if isinstance(title, str) else path.stem, tuple(planes), _opening(tables))


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


def _opening(tables: dict[str, Any]) -> str:
    script = tables.get("script")
    stop = script[0] if isinstance(script, list) and script else None
    if not isinstance(stop, dict) or "at" in stop or not isinstance(stop.get("say"), str):
        return ""
    return re.sub(r"\{[^{}]*\}", "?", prose(stop["say"]))
