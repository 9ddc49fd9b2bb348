"""Courses: ordered paths through the catalogue, and what each lesson takes for granted. Standard library only."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stepgrad.engine.errors import StepgradError, did_you_mean

PATH = Path(__file__).with_name("courses.toml")


@dataclass(frozen=True)
class Part:
    """A part of a course: lessons on one thing, in order."""

    title: str
    lessons: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """A path through the catalogue."""

    name: str
    title: str
    summary: str
    parts: tuple[Part, ...]
    source: str = ""
    """The document that it follows; empty where it follows none."""

    @property
    def lessons(self) -> tuple[str, ...]:
        """Every lesson, in order."""
        return tuple(lesson for part in self.parts for lesson in part.lessons)

    def done(self, seen: Collection[str]) -> int:
        """How many of its lessons have been seen."""
        return sum(lesson in seen for lesson in self.lessons)

    def next(self, seen: Collection[str]) -> str | None:
        """The first lesson that has not been seen; None at the end of the course."""
        return next((lesson for lesson in self.lessons if lesson not in seen), None)


def courses() -> tuple[Course, ...]:
    """Every course. The first one holds every lesson; each of the others follows a document."""
    return tuple(_course(table) for table in _tables()["courses"])


def course(name: str) -> Course:
    """A course by name. Raises StepgradError with what there is."""
    known = {found.name: found for found in courses()}
    if name not in known:
        near = did_you_mean(name, known) or f"; known are {', '.join(known)}"
        raise StepgradError(f"there is no course '{name}'{near}")
    return known[name]


def requires(lesson: str) -> tuple[str, ...]:
    """The lessons that a lesson takes for granted; a variant takes what its scenario does."""
    return tuple(prerequisites().get(lesson.partition(":")[0], ()))


def missing(lesson: str, seen: Collection[str]) -> tuple[str, ...]:
    """What a lesson takes for granted, at whatever remove, and has not been seen: in the order to see it in."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        for before in requires(name):
            if before not in seen:
                visit(before)
                order.setdefault(before)

    visit(lesson)
    return tuple(order)


def prerequisites() -> Mapping[str, list[str]]:
    """Lesson -> the lessons it takes for granted."""
    found: Mapping[str, list[str]] = _tables()["requires"]
    return found


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(PATH.read_text("utf-8"))


def _course(table: dict[str, Any]) -> Course:
    parts = tuple(Part(part["title"], tuple(part["lessons"])) for part in table["parts"])
    return Course(table["name"], table["title"], table["summary"], parts, table.get("source", ""))
