"""What the catalogue lists: courses, what was opened lately, a user's own scenarios, and all there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios import folders
from stepgrad.scenarios.catalogue import Entry, entries, entry_of, split
from stepgrad.scenarios.courses import Course, courses, missing
from stepgrad.tui.memory import Memory
from stepgrad.tui.seen import ended, part, seen

RECENT = 5
"""How many of the lessons opened last have a place at the top."""
LATELY, OWN, ALL = "Opened lately", "Your own", "All scenarios"
EVERY = "all topics"


class Row(NamedTuple):
    """A scenario as the catalogue lists it."""

    name: str
    """What opens it."""
    label: str
    entry: Entry
    part: str
    """The part of the list that it stands in."""
    seen: float
    """How much of it was seen, from 0 to 1."""
    is_next: bool = False
    """Whether it is what its course goes on with."""


class Shelf:
    """The scenarios there are, and what is remembered of them."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.refresh()

    def refresh(self) -> None:
        """Look again: something may have been opened or saved meanwhile."""
        known = self._memory.lessons()
        self._seen = {name: part(found) for name, found in known.items()}
        self._scenarios = seen(known)
        self.ended = ended(self._scenarios)
        """The scenarios that were seen to their end."""
        self._every = every = {entry.name: entry for entry in entries()}
        self._all = [self._row(entry.name, entry.name, entry, ALL) for entry in every.values()]
        self._own = list(self._mine())
        lately: list[Row] = []
        for name in known:
            entry = every.get(split(name)[0]) or next((row.entry for row in self._own if row.name == name), None)
            if entry is not None and len(lately) < RECENT:
                lately.append(self._row(name, Path(name).name, entry, LATELY))
        self._lately = lately

    @property
    def courses(self) -> tuple[Course, ...]:
        """Every course; the first of them holds every scenario."""
        return courses()

    def course(self, course: Course) -> list[Row]:
        """The lessons of a course in its parts, and which of them comes next."""
        following = course.next(self.ended)
        return [
            Row(name, name, self._every[name], each.title, self._scenarios.get(name, 0.0), name == following)
            for each in course.parts
            for name in each.lessons
        ]

    def first(self, entry: Entry) -> tuple[str, ...]:
        """What a scenario takes for granted and was not seen yet, in the order to see it in."""
        return missing(entry.name, self.ended)

    @property
    def topics(self) -> list[str]:
        """Every topic, the one with the most scenarios first; before them, all."""
        counted = Counter(topic for row in self._all for topic in row.entry.topics)
        return [EVERY, *sorted(counted, key=lambda topic: (-counted[topic], topic))]

    @property
    def count(self) -> int:
        return len(self._all)

    def rows(self, search: str, topic: str) -> list[Row]:
        """What holds every word of the search, in its name, title, topics or summary, and is about a topic.

        Where a variant is named, it is listed. Where neither is asked for, what was opened lately comes first.
        """
        words = search.lower().split()
        listed = [*self._own, *self._all]
        if not words and topic == EVERY:
            return [*self._lately, *listed]
        about = [row for row in listed if topic in (EVERY, *row.entry.topics)]
        return [each for row in about for each in self._meant(row, words)]

    def _meant(self, row: Row, words: list[str]) -> list[Row]:
        """A scenario that holds every word; where it does not, those of its variants that do."""
        if row.part == OWN or _holds(row, words):
            return [row] if _holds(row, words) else []
        names = (f"{row.name}:{variant}" for variant in row.entry.variants)
        return [each for name in names if _holds(each := self._row(name, name, row.entry, row.part), words)]

    def _mine(self) -> Iterator[Row]:
        """What the user saved; each file's variants, as a file without them is what it was made from."""
        for path in sorted((folders.data() / "scenarios").glob("*.toml")):
            with suppress(StepgradError):
                entry = entry_of(path)
                for variant in entry.variants[-1:] or ("",):
                    name = f"{path}:{variant}" if variant else str(path)
                    yield self._row(name, variant or path.stem, entry, OWN)

    def _row(self, name: str, label: str, entry: Entry, part: str) -> Row:
        return Row(name, label, entry, part, self._seen.get(name, 0.0))


def _holds(row: Row, words: list[str]) -> bool:
    return all(word in _text(row) for word in words)


@lru_cache(1024)
def _text(row: Row) -> str:
    entry = row.entry
    return " ".join((row.label, entry.name, entry.title, entry.summary, *entry.topics)).lower()
