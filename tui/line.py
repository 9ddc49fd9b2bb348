"""Lines of styled text, which every part of the screen is made of. A style is a name; the theme gives it a look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rich.cells import cell_len, chop_cells, set_cell_size

Run = tuple[str, str]
"""Text and the name of its style; the name "" is plain text."""

Line = tuple[Run, ...]

BLANK: Line = ()

READABLE = 100
"""Columns of a line of text, however wide the terminal."""


def plain(line: Line) -> str:
    """The text alone."""
    return "".join(text for text, _ in line)


@lru_cache(8192)
def width(line: Line) -> int:
    """Columns of a line. Most lines are asked for again at the next step."""
    return sum(columns(text) for text, _ in line)


def columns(text: str) -> int:
    return len(text) if text.isascii() else cell_len(text)


def clip(line: Line, room: int) -> Line:
    """The line, cut to `room` columns."""
    if width(line) <= room:
        return line
    kept: list[Run] = []
    for text, style in line:
        size = columns(text)
        if size > room:
            text, size = set_cell_size(text, room), room
        if text:
            kept.append((text, style))
        room -= size
    return tuple(kept)


def spread(left: Line, right: Line, room: int) -> Line:
    """One line at the left, another at the right edge. The right one gives way."""
    gap = room - width(left) - width(right)
    return clip(left, room) if gap < 2 else (*left, (" " * gap, ""), *right)


def beside_one(lines: Sequence[Line], right: Line, room: int) -> list[Line]:
    """Lines, at the right edge of the first of them that leaves room for it one more."""
    told = list(lines)
    for at, line in enumerate(told):
        if right and width(line) + 2 + width(right) <= room:
            told[at] = spread(line, right, room)
            break
    return told


def placed(pieces: Iterable[tuple[int, Line]]) -> Line:
    """Pieces at their columns, from left to right."""
    runs: list[Run] = []
    at = 0
    for x, piece in pieces:
        if x > at:
            runs.append((" " * (x - at), ""))
        runs += piece
        at = max(x, at) + width(piece)
    return tuple(runs)


def indented(line: Line, by: int) -> Line:
    return ((" " * by, ""), *line) if line and by else line


_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def emphasised(text: str) -> Iterator[Run]:
    """`a **b** c` as runs: what stands between double asterisks is `strong`."""
    at = 0
    for found in _BOLD.finditer(text):
        yield text[at : found.start()], ""
        yield found[1], "strong"
        at = found.end()
    yield text[at:], ""


def headed(title: str, text: str) -> str:
    """A text with its title set in front, in bold."""
    ended = title if not title or title[-1] in ".?!:" else f"{title}."
    return f"**{ended}** {text}" if title else text


def wrapped(text: str, room: int) -> list[Line]:
    """Text with `**bold**` in lines of at most `room` columns. Each line of the text is a paragraph."""
    return [line for paragraph in text.splitlines() for line in filled(emphasised(paragraph), room)]


def filled(runs: Iterable[Run], room: int) -> list[Line]:
    """Runs in lines of at most `room` columns, broken between words."""
    return list(_filled(_words(runs), max(room, 1)))


def _words(runs: Iterable[Run]) -> Iterator[list[Run]]:
    """Words, each in the runs it is made of (`**3**.` is two)."""
    word: list[Run] = []
    for run, style in runs:
        for part in re.split(r"(\s+)", run):
            if part.isspace():
                if word:
                    yield word
                word = []
            elif part:
                word.append((part, style))
    if word:
        yield word


def _filled(words: Iterable[list[Run]], room: int) -> Iterator[Line]:
    line: list[Run] = []
    used = 0
    for word in words:
        for piece in _fitting(word, room):
            size = sum(columns(text) for text, _ in piece)
            if line and used + 1 + size > room:
                yield tuple(line)
                line, used = [], 0
            if line:
                line.append((" ", line[-1][1] if line[-1][1] == piece[0][1] else ""))
                used += 1
            line += piece
            used += size
    if line:
        yield tuple(line)


def _fitting(word: list[Run], room: int) -> Iterator[list[Run]]:
    """A word, cut where it is longer than a line."""
    if sum(columns(text) for text, _ in word) <= room:
        yield word
        return
    for text, style in word:
        for piece in chop_cells(text, max(room, 2)):
            yield [(piece, style)]
