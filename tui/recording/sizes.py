"""The size of a recording: one in which nothing of the lecture is cut."""

from __future__ import annotations

from collections.abc import Iterator

from stepgrad.tui.arguments import UsageError
from stepgrad.tui.player import Player
from stepgrad.tui.recording.lecture import Lecture

Size = tuple[int, int]
"""Columns and rows."""

USUAL: Size = (100, 30)
LADDER: tuple[Size, ...] = ((80, 24), USUAL, (120, 36), (140, 42), (160, 48), (200, 60), (240, 72))
"""What is tried where a size is too small."""
LOOKED_AT = 100
"""Tensors of which a page is tried."""


def fitting(lecture: Lecture, wanted: Size | None) -> Size:
    """The size wanted; else the usual one, or the first larger one in which nothing is cut.

    Raises UsageError where something would be cut in the size that is wanted, saying which one is large enough.
    """
    if wanted is None:
        return next((size for size in LADDER[1:] if not _cut(lecture, size)), LADDER[-1])
    cut = _cut(lecture, wanted)
    if not cut:
        return wanted
    enough = next((size for size in LADDER if not _cut(lecture, size)), None)
    advice = f"{_named(enough)} is large enough" if enough else f"the largest tried, {_named(LADDER[-1])}, is too small"
    raise UsageError(f"--size {_named(wanted)}: {cut}; {advice}")


def _cut(lecture: Lecture, size: Size) -> str:
    """What would be cut, and where; nothing where all of it fits."""
    player = Player(lecture.lesson, lecture.level)
    for position, stop in dict.fromkeys(_looked_at(lecture)):
        player.cursor.to(position, stop)
        page = player.page(*size)
        if page.cut:
            return f"the {' and the '.join(page.cut)} of step {position} would be cut"
    return ""


def _looked_at(lecture: Lecture) -> Iterator[tuple[int, int]]:
    """Places with pages unlike each other: the stops, and where each tensor that is shown is shown first."""
    known: set[str] = set()
    for moment in lecture.moments():
        if moment.stop is not None:
            yield moment.told
        elif moment.position and len(known) < LOOKED_AT:
            name = lecture.lesson.timeline.place(moment.position - 1).node.name
            if name not in known:
                known.add(name)
                yield moment.told


def _named(size: Size) -> str:
    return f"{size[0]}x{size[1]}"
