"""Other numbers for a scenario, by seed: settings as `--set` takes them, each tensor within its own range."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random
from typing import Any

from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.document import read

DECIMALS = 2
"""A number with more decimals is no friendly one: its tensor is left as it is."""
WIDENED = 2
"""How far a tensor of one and the same number may stray from it."""

Nested = Any
"""A number, or nested lists of them."""


def varied(name: str, seed: int) -> dict[str, object]:
    """Settings that give a scenario other numbers. Nothing for seed 0: those are the scenario's own."""
    if not seed:
        return {}
    path, variant = locate(name)
    tables = read(path).variant(variant).tables
    random = Random(seed)
    return {key: _drawn(values, random) for key, values in _literals(tables) if _is_friendly(values)}


def _literals(tables: dict[str, Any]) -> Iterator[tuple[str, Nested]]:
    """Inputs and parameters that are written out, by the path of their setting."""
    for section in ("inputs", "parameters"):
        for tensor, values in _table(tables.get(section)).items():
            yield f"{section}.{tensor}", values
    for layer in tables.get("layers", ()):
        for letter in ("weight", "bias"):
            if letter in layer:
                yield f"layers.{layer['name']}.{letter}", layer[letter]


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _flat(values: Nested) -> Iterator[Any]:
    if isinstance(values, list):
        for value in values:
            yield from _flat(value)
    else:
        yield values


def _is_friendly(values: Nested) -> bool:
    """Whether these are finite numbers in few digits."""
    flat = list(_flat(values))
    return bool(flat) and all(
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and value == round(value, DECIMALS)
        for value in flat
    )


def _drawn(values: Nested, random: Random) -> Nested:
    """Numbers from the same range, as coarse as these, in the same shape."""
    flat = list(_flat(values))
    places = next(places for places in range(DECIMALS + 1) if all(value == round(value, places) for value in flat))
    low, high = (round(bound * 10**places) for bound in (min(flat), max(flat)))
    if low == high:
        low, high = (max(1, low - WIDENED) if low > 0 else low), high + WIDENED
    whole = all(isinstance(value, int) for value in flat)

    def draw(part: Nested) -> Nested:
        if isinstance(part, list):
            return [draw(element) for element in part]
        number = random.randint(low, high)
        return number if whole else number / 10**places

    return draw(values)
