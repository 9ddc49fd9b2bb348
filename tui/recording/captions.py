"""Captions for a video, from the narration: WebVTT, <https://www.w3.org/TR/webvtt1/>."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, pairwise
from textwrap import wrap

from stepgrad.tui.recording.lecture import Lecture

WIDE, HIGH = 42, 2
"""Letters of a line and lines of a caption, as subtitles have them."""


def lines(lecture: Lecture) -> Iterator[str]:
    """The lines of the file: what is said at a stop, in pieces, each shown for as long as it is."""
    yield from ("WEBVTT", "")
    for chapter in lecture.chapters():
        told = wrap(f"{chapter.heading} {chapter.words}", WIDE, break_on_hyphens=False)
        pieces = [told[i : i + HIGH] for i in range(0, len(told), HIGH)]
        read = [0, *accumulate(sum(map(len, piece)) for piece in pieces)]
        times = [chapter.start + (chapter.end - chapter.start) * letters // read[-1] for letters in read]
        for piece, (start, end) in zip(pieces, pairwise(times), strict=True):
            yield f"{_clock(start)} --> {_clock(end)}"
            yield from map(escaped, piece)
            yield ""


def escaped(line: str) -> str:
    """A line of a caption, in which some signs have a meaning."""
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(time: int) -> str:
    """`00:01:02.500`"""
    seconds, milliseconds = divmod(time, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"
