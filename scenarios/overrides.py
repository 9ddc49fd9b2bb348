"""One value of a scenario replaced: variants, `--set` and what-if questions are this one mechanism."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stepgrad.engine.errors import did_you_mean

Key = tuple[str | int, ...]
"""A place in the tables: ("layers", 0, "stride")."""


CELLS = "cells"
"""The table of single cells: its keys are addresses."""


@dataclass(frozen=True)
class Override:
    """A value that was replaced: at which key, as it was written, and where in the file the new one stands."""

    at: Key
    written: str
    value: object
    origin: Key | None
    """None for a setting from outside the file."""


def settings(pairs: Iterable[str]) -> dict[str, object]:
    """`["layers.0.stride=2"]` as settings. Raises ValueError where a pair has no `=`."""
    found: dict[str, object] = {}
    for pair in pairs:
        key, sign, text = pair.partition("=")
        if not sign or not key.strip():
            raise ValueError(f"'{pair}' is no setting; write KEY=VALUE, as in layers.0.stride=2")
        found[key.strip()] = value_of(text.strip())
    return found


def value_of(text: str) -> object:
    """A value as TOML writes it; what is no TOML value is text."""
    try:
        found = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return found["value"] if len(found) == 1 else text


def apply(tables: dict[str, Any], key: str, value: object) -> tuple[dict[str, Any], Key]:
    """The tables with `key` replaced (what is not on its path is shared), and the place it names.

    A path goes by keys, and through a list by number or by an element's `name`: `layers.0.stride`,
    `layers.feature_map.stride`. Raises KeyError with a clear line where it leads nowhere.
    """
    parts = key.split(".")
    if parts[0] == CELLS:
        parts = [CELLS, ".".join(parts[1:])]  # the rest is an address, points and all
    if not all(parts):
        raise KeyError(f"'{key}' is no path; write names and numbers with points between, as in layers.0.stride")
    if parts[0] == "variants":
        raise KeyError("a variant cannot change variants")
    at: list[str | int] = []
    return _replaced(tables, parts, value, at), tuple(at)


def _replaced(holder: Any, parts: list[str], value: object, at: list[str | int]) -> Any:
    first, *rest = parts
    if isinstance(holder, list):
        i = _position(holder, first, at)
        at.append(i)
        return [*holder[:i], _replaced(holder[i], rest, value, at) if rest else value, *holder[i + 1 :]]
    if isinstance(holder, dict):
        at.append(first)
        return {**holder, first: _replaced(holder.get(first, {}), rest, value, at) if rest else value}
    raise KeyError(f"'{'.'.join(map(str, at))}' is {holder!r}, it has no '{first}'")


def _position(elements: list[Any], part: str, at: list[str | int]) -> int:
    within = ".".join(map(str, at))
    if part.isdecimal():
        if int(part) < len(elements):
            return int(part)
        raise KeyError(f"there is no {within}.{part}; {within} has {len(elements)}, counted from 0")
    names = [element.get("name") if isinstance(element, dict) else None for element in elements]
    if part in names:
        return names.index(part)
    known = [name for name in names if isinstance(name, str)]
    raise KeyError(f"{within} has no '{part}'{did_you_mean(part, known) or '; give a number, counted from 0'}")
