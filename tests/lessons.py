"""The lessons of the catalogue as tests go through them: every name, and how far to go in one that trains."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stepgrad.scenarios.catalogue import entries, locate
from stepgrad.scenarios.document import read
from stepgrad.scenarios.lesson import Lesson


def _names() -> Iterator[str]:
    for entry in entries():
        yield entry.name
        yield from (f"{entry.name}:{variant}" for variant in entry.variants)


NAMES = list(_names())
"""Every scenario and every variant of it."""


def trains(name: str) -> bool:
    """Whether a scenario trains on a data set, for seconds."""
    path, variant = locate(name)
    inputs = read(path).variant(variant).tables.get("inputs", {})
    return any(isinstance(given, dict) and "data" in given for given in inputs.values())


def steps_of(lesson: Lesson) -> int:
    """The steps a quick test looks at: all of a lesson, and of one that trains those of its first two iterations."""
    return lesson.timeline.start(2) if trains(lesson.name) else lesson.timeline.steps


SLOW = {True: (pytest.mark.slow,), False: ()}

every_lesson = pytest.mark.parametrize("name", NAMES)
to_its_end = pytest.mark.parametrize("name", [pytest.param(name, marks=SLOW[trains(name)]) for name in NAMES])
"""Every lesson; those that train for seconds in the slow tests alone."""
every_file = pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=SLOW[any(trains(other) for other in NAMES if other.split(":")[0] == name)])
        for name in NAMES
        if ":" not in name
    ],
)
"""Every scenario, with its variants in it; likewise."""
