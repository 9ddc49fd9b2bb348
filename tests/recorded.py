"""Recordings for tests: a lesson's lecture, its recording, and the pictures of it one by one."""

from __future__ import annotations

from functools import cache
from typing import Any

from PIL import Image

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.recording.lecture import Lecture
from stepgrad.tui.recording.picture import Canvas
from stepgrad.tui.recording.recording import Recording
from stepgrad.tui.recording.replay import Frame, frames

SMALL = (80, 24)


@cache
def lesson(name: str) -> Lesson:
    return open_lesson(name)


def lecture(name: str = "edge-detection-5x5", last: int | None = None, **options: Any) -> Lecture:
    opened = lesson(name)
    return Lecture(opened, 0, opened.timeline.steps if last is None else last, **options)


def recording(
    name: str = "edge-detection-5x5", last: int | None = None, theme: str = "dark", **options: Any
) -> Recording:
    return Recording(lecture(name, last, **options), SMALL, theme)


def pictures(made: Recording) -> list[tuple[Frame, Image.Image]]:
    """Every frame of a recording, and what it looks like."""
    terminal = made.terminal()
    canvas = Canvas(terminal)
    found = []
    for frame in frames(terminal, made.events()):
        canvas.draw(frame.rows)
        found.append((frame, canvas.image.copy()))
    return found
