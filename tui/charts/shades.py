"""The colours of charts. A style of a chart is `FORE/BACK`, two shades.

A shade is a level (`+5`, `-16`, `=0` of signed values, `s12` of values that are never negative), a colour `#rrggbb`, a
variable of the theme, `ink` (black or white, whichever stands out from BACK), or nothing: the page's own. The theme
gives a level its colour when it is painted, so a drawing outlives a change of theme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

STEPS = 16
"""Levels on each side of zero; values that are never negative have twice as many above it."""
DIVERGING = ("cold1", "cold0", "zero", "warm0", "warm1")
"""Theme variables from the most negative value to the most positive."""
SEQUENTIAL = ("rise0", "rise1", "rise2", "rise3", "rise4")
"""Theme variables from 0 to the largest value."""


def colours(style: str, theme: Mapping[str, str]) -> tuple[str, str]:
    """The colours of a style `FORE/BACK` in a theme, as `#rrggbb`."""
    fore, _, back = style.partition("/")
    behind = colour(back or "background", theme)
    return _ink(behind) if fore == "ink" else colour(fore or "foreground", theme), behind


def colour(shade: str, theme: Mapping[str, str]) -> str:
    """The colour of a shade in a theme."""
    if shade[0] == "#":
        return shade
    if shade[0] in "+-=":
        return _between([theme[name] for name in DIVERGING], (int(shade.lstrip("=")) + STEPS) / (2 * STEPS))
    if shade[0] == "s" and shade[1:].isdecimal():
        return _between([theme[name] for name in SEQUENTIAL], int(shade[1:]) / (2 * STEPS))
    return theme[shade]


def _between(stops: Sequence[str], part: float) -> str:
    """The colour at `part` (0 to 1) of the way through evenly spaced stops."""
    last = len(stops) - 1
    at = min(int(part * last), last - 1)
    left, right = rgb(stops[at]), rgb(stops[at + 1])
    return "#" + "".join(f"{round(a + (b - a) * (part * last - at)):02x}" for a, b in zip(left, right, strict=True))


def rgb(colour: str) -> tuple[int, int, int]:
    """`#rrggbb` as three numbers."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(1024)
def _ink(back: str) -> str:
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, back))


def contrast(one: str, other: str) -> float:
    """How well two colours stand out from each other, 1 to 21 (WCAG 2.2, contrast ratio)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """The relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    parts = [part / 255 for part in rgb(colour)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
