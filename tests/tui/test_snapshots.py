"""A few pages as they were when somebody looked at them: every sign, and under a line what stands out in it.

Where a page has changed and looks right: `STEPGRAD_SNAPSHOTS=write pytest tests/tui/test_snapshots.py`, and look at it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from handmade import cs231n, edge
from staged import playing

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.line import Line, columns, plain
from stepgrad.tui.screens.player import PlayerScreen

FOLDER = Path(__file__).with_name("snapshots")
STEP = FOLDER / "one-step.toml"
LETTERS = FOLDER / "letters.toml"

SIGNS = {
    "read0": "a", "read1": "b", "read2": "c", "read-shared": "s", "hue0": "0", "hue1": "1", "hue2": "2",
    "new": "N", "result": "N", "next": "?", "pointer": "P", "padding": "0", "unwritten": ".",
    "changed": "!", "wrong": "!", "here": "H", "rail-here": "H",
}  # fmt: skip
"""What marks a style under the text; `m` is a cell of a map."""

SCENES = {
    "convolution": (edge, (80, 24), "5", ""),
    "three-channels": (cs231n, (100, 30), "5", ""),
    "pooling-backward": (lambda: open_lesson(str(STEP)), (100, 30), "conv.grad[0,1]", ""),
    "weight-gradient": (lambda: open_lesson(str(STEP)), (80, 24), "conv.weight.grad[0,1]", ""),
    "update-with-momentum": (lambda: open_lesson(str(STEP)), (120, 40), "conv.weight.new[0,1]@1", ""),
    "why-this-number": (lambda: open_lesson(str(STEP)), (80, 24), "pool[1,1]", "w"),
    "letters": (lambda: open_lesson(str(LETTERS)), (80, 24), "2", ""),
}
"""Name -> the lesson, the size of the terminal, the place, and the keys pressed there."""


def marked(line: Line) -> str:
    """What stands out in a line, column by column."""
    return "".join(("m" if "/" in style else SIGNS.get(style, " ")) * columns(text) for text, style in line).rstrip()


def drawn(screen: PlayerScreen) -> Iterator[str]:
    for line in screen.stage.page.lines:
        yield plain(line).rstrip()
        if marks := marked(line):
            yield f"~{marks[1:]}"


@pytest.mark.parametrize("name", SCENES)
async def test_a_page_looks_as_it_did(name: str) -> None:
    lesson, size, place, keys = SCENES[name]
    async with playing(lesson(), size, at=place) as (screen, pilot):
        await pilot.press(*keys)
        text = "\n".join(drawn(screen)) + "\n"
    path = FOLDER / f"{name}.txt"
    if os.environ.get("STEPGRAD_SNAPSHOTS") == "write":
        path.write_text(text, "utf-8")
    assert text.splitlines() == path.read_text("utf-8").splitlines()
