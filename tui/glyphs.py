"""Numbers in letters several lines high, for people at the back of a room: a font of three pixels by five."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

HIGH = 5
"""Pixels; half a line each where they are not enlarged."""
WIDE = 3
"""Pixels of the widest letter."""

FONT = {
    letter: tuple(rows.split())
    for letter, rows in {
        "0": "### #.# #.# #.# ###", "1": ".#. ##. .#. .#. ###", "2": "### ..# ### #.. ###",
        "3": "### ..# ### ..# ###", "4": "#.# #.# ### ..# ..#", "5": "### #.. ### ..# ###",
        "6": "### #.. ### #.# ###", "7": "### ..# .#. .#. .#.", "8": "### #.# ### #.# ###",
        "9": "### #.# ### ..# ###", "-": "... ... ### ... ...", "+": "... .#. ### .#. ...",
        ".": ". . . . #", "'": "# # . . .", "?": "### ..# .## ... .#.", "*": "# . # . .",
        "~": "... .## ##. ... ...", "_": "... ... ... ... ###", "a": "... .## #.# #.# .##",
        "b": "#.. ##. #.# #.# ##.", "c": "... .## #.. #.. .##", "d": "..# .## #.# #.# .##",
        "e": "... ### ### #.. .##", "f": ".## .#. ### .#. .#.", "g": ".## #.# .## ..# ##.",
        "h": "#.. ##. #.# #.# #.#", "i": "# . # # #", "j": "..# ... ..# #.# .#.", "k": "#.. #.# ##. #.# #.#",
        "l": "##. .#. .#. .#. ###", "m": "... ### ### #.# #.#", "n": "... ##. #.# #.# #.#",
        "o": "... .#. #.# #.# .#.", "p": "... ##. #.# ##. #..", "q": "... .## #.# .## ..#",
        "r": "... #.# ##. #.. #..", "s": "... .## #.. ..# ##.", "t": ".#. ### .#. .#. .##",
        "u": "... #.# #.# #.# .##", "v": "... #.# #.# #.# .#.", "w": "... #.# #.# ### ###",
        "x": "... #.# .#. .#. #.#", "y": "... #.# .## ..# ##.", "z": "... ### ..# #.. ###",
    }.items()
}  # fmt: skip
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def lines_of(scale: int) -> int:
    """Lines that a letter takes; one where it is not enlarged at all."""
    return (HIGH * scale + 1) // 2 or 1


def columns_of(letters: int, signs: int, scale: int) -> int:
    """Columns that so many letters take at most, and signs such as the prime, each with a gap behind it."""
    return ((WIDE + 1) * letters + 2 * signs) * scale


@cache
def glyphs(text: str, scale: int) -> Sequence[str] | None:
    """A text in so many lines, all of one width; None where it has a letter that the font has not."""
    if not all(letter in FONT for letter in text):
        return None
    pixels = ["".join(FONT[letter][row] + "." for letter in text) for row in range(HIGH)]
    rows = ["".join(pixel * scale for pixel in row) for row in pixels for _ in range(scale)]
    rows += ["." * len(rows[0])] * (2 * lines_of(scale) - len(rows))
    return [
        "".join(HALVES[above == "#", below == "#"] for above, below in zip(rows[i], rows[i + 1], strict=True))
        for i in range(0, len(rows), 2)
    ]
