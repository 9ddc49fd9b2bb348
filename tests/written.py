"""Scenarios written for a test, and their faults without the folder they happen to lie in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import Lesson, open_lesson

HEAD = 'format_version = 1\ntitle = "t"\n'
"""What every scenario starts with: two lines."""

EDGE = HEAD + (
    "inputs.image = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]\n"
    "parameters.kernel = [[1, 0], [0, 1]]\n"
    '[[layers]]\nname = "map"\nop = "conv2d"\ninput = "image"\nweight = "kernel"\n'
)
"""A small scenario of nine lines, whose map is [[6, 8], [12, 14]]."""


def write(folder: Path, text: str, name: str = "s.toml") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def opened(folder: Path, text: str, settings: Mapping[str, object] | None = None, variant: str = "") -> Lesson:
    path = write(folder, text)
    return open_lesson(f"{path}:{variant}" if variant else str(path), settings or {})


def faults(folder: Path, text: str, settings: Mapping[str, object] | None = None, variant: str = "") -> list[str]:
    """Every fault, as `line:column: key: message`; nothing where the scenario opens."""
    try:
        opened(folder, text, settings, variant)
    except ScenarioError as error:
        return [str(fault).replace(f"{folder / 's.toml'}", "").lstrip(":").strip() for fault in error.faults]
    return []
