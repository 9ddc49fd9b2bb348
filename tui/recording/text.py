"""A recording as text: the screen at every stop."""

from __future__ import annotations

from collections.abc import Iterator

from stepgrad.tui.line import plain
from stepgrad.tui.player import Player
from stepgrad.tui.recording.lecture import Lecture


def lines(lecture: Lecture, size: tuple[int, int]) -> Iterator[str]:
    """The lines of the file: for every stop its time and title, and what the screen shows."""
    player = Player(lecture.lesson, lecture.level)
    for chapter in lecture.chapters():
        player.cursor.to(chapter.position, chapter.stop.number)
        page = [plain(line).rstrip() for line in player.page(*size).lines]
        while page and not page[-1]:
            page.pop()
        yield from (f"{clock(chapter.start)} {chapter.title}", "", *page, "", "")


def clock(time: int) -> str:
    """Milliseconds as `1:02`."""
    return f"{time // 60_000}:{time // 1000 % 60:02}"
