"""The golden numbers: worked examples computed with PyTorch and again with plain NumPy, apart from this program."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "golden"


@dataclass(frozen=True)
class Golden:
    """One file: what goes in, the settings, and what has to come out."""

    inputs: dict[str, Any]
    attributes: dict[str, Any]
    expected: dict[str, Any]


@cache
def golden(name: str) -> Golden:
    found = json.loads((FOLDER / f"{name}.json").read_text())
    return Golden(found["inputs"], found["attributes"], found["expected"])
