"""The messages of the player."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson


@dataclass
class LessonOpened(Message):
    """The lesson stands ready; until then the screen shows what its file says."""

    lesson: Lesson


@dataclass
class LessonFailed(Message):
    """The lesson can not be opened."""

    fault: BaseException


@dataclass
class Asked(Message):
    """An address was typed into the field."""

    text: str


class Dismissed(Message):
    """The field was left without an address."""
