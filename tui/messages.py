"""The messages of the player."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.tui.progress import Bar


class LessonOpened(Message):
    """The lesson stands ready; until then the screen shows what its file says."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.lesson = lesson


class LessonFailed(Message):
    """The lesson can not be opened."""

    def __init__(self, fault: Exception) -> None:
        super().__init__()
        self.fault = fault


class LessonChosen(Message):
    """Another lesson is to be played; the one that is there waits behind it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class LessonEdited(Message):
    """The lesson's file was edited, and opened anew."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.lesson = lesson


class LessonBroken(Message):
    """The lesson's file was edited, and can not be opened as it is now."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault


class Asked(Message):
    """An address was typed into the field."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Dismissed(Message):
    """The field was left without an address."""


class Clicked(Message):
    """On a column and a line of the board."""

    def __init__(self, x: int, y: int) -> None:
        super().__init__()
        self.x = x
        self.y = y


class Dragged(Message):
    """To a column of a timeline's bar; `first` where the button went down just now."""

    def __init__(self, bar: Bar, x: int, *, first: bool) -> None:
        super().__init__()
        self.bar = bar
        self.x = x
        self.first = first
