"""Characters that are drawn as rectangles: blocks, shades and lines, which a font leaves gaps between."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

WIDTH, HEIGHT = 12, 24
"""Pixels of a cell, both even: video needs that."""


class Rectangle(NamedTuple):
    """Pixels within a cell, and how much of the foreground covers them."""

    x: int
    y: int
    width: int
    height: int
    cover: float = 1.0


SHADES = {"░": 0.25, "▒": 0.5, "▓": 0.75}
QUADRANTS = {
    "▖": "l", "▗": "r", "▘": "L", "▙": "Llr", "▚": "Lr", "▛": "LRl", "▜": "LRr", "▝": "R", "▞": "Rl", "▟": "Rlr",
}  # fmt: skip
"""Upper quarters in capitals, left and right."""
LINES = {"LIGHT": 2, "HEAVY": 4}
"""Pixels of a line."""
_LINE = re.compile(r"BOX DRAWINGS (LIGHT|HEAVY) (?:ARC )?((?:HORIZONTAL|VERTICAL|UP|DOWN|LEFT|RIGHT|AND| )+)")


@cache
def rectangles(character: str) -> tuple[Rectangle, ...]:
    """The rectangles of a character; none where it is left to the font."""
    if character in SHADES:
        return (Rectangle(0, 0, WIDTH, HEIGHT, SHADES[character]),)
    if character in QUADRANTS:
        return tuple(_quarter(corner) for corner in QUADRANTS[character])
    if "\u2580" <= character <= "\u2595":
        return (_block(ord(character)),)
    found = _LINE.fullmatch(unicodedata.name(character, "")) if len(character) == 1 else None
    return _lines(LINES[found[1]], found[2]) if found else ()


def _quarter(corner: str) -> Rectangle:
    half, high = WIDTH // 2, HEIGHT // 2
    return Rectangle(half if corner in "Rr" else 0, high if corner.islower() else 0, half, high)


def _block(code: int) -> Rectangle:
    """Halves and eighths: U+2580 to U+2595."""
    if code == 0x2580:
        return Rectangle(0, 0, WIDTH, HEIGHT // 2)
    if code <= 0x2588:
        high = (code - 0x2580) * HEIGHT // 8
        return Rectangle(0, HEIGHT - high, WIDTH, high)
    if code <= 0x258F:
        return Rectangle(0, 0, max((0x2590 - code) * WIDTH // 8, 1), HEIGHT)
    if code == 0x2590:
        return Rectangle(WIDTH // 2, 0, WIDTH // 2, HEIGHT)
    if code == 0x2594:
        return Rectangle(0, 0, WIDTH, HEIGHT // 8)
    return Rectangle(WIDTH - WIDTH // 8, 0, WIDTH // 8, HEIGHT)


def _lines(thick: int, arms: str) -> tuple[Rectangle, ...]:
    left, top = (WIDTH - thick) // 2, (HEIGHT - thick) // 2
    found = []
    if re.search("HORIZONTAL|LEFT|RIGHT", arms):
        start = 0 if re.search("HORIZONTAL|LEFT", arms) else left
        end = WIDTH if re.search("HORIZONTAL|RIGHT", arms) else left + thick
        found.append(Rectangle(start, top, end - start, thick))
    if re.search("VERTICAL|UP|DOWN", arms):
        start = 0 if re.search("VERTICAL|UP", arms) else top
        end = HEIGHT if re.search("VERTICAL|DOWN", arms) else top + thick
        found.append(Rectangle(left, start, thick, end - start))
    return tuple(found)
