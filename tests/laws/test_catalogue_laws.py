"""The laws on the lessons themselves: what a learner is shown in any cell of any scenario can be worked out again."""

from __future__ import annotations

import zlib

import numpy as np
from laws.tolerance import agree
from lessons import every_lesson, steps_of

from stepgrad.scenarios.lesson import Lesson, open_lesson

SAMPLED = 200
SMALL = 400
"""Steps of a scenario that is looked at whole."""


def numbers(lesson: Lesson, most: int = SAMPLED) -> list[int]:
    """Every step of a small scenario, or so many of a large one, in order."""
    steps = steps_of(lesson)
    if steps <= SMALL:
        return list(range(steps))
    random = np.random.default_rng(zlib.crc32(lesson.name.encode()))
    return sorted({0, steps - 1, *random.integers(0, steps, most).tolist()})


@every_lesson
def test_every_cell_is_what_was_written(name: str) -> None:
    lesson = open_lesson(name)
    for number in numbers(lesson):
        step = lesson.step(number)
        agree(step.trace, step.value, step.node.spec.dtype, f"{step.address}@{step.iteration}")


@every_lesson
def test_every_step_has_an_address_of_its_own(name: str) -> None:
    lesson = open_lesson(name)
    for number in numbers(lesson):
        place = lesson.timeline.place(number)
        assert lesson.timeline.number(place.address) == number
        assert lesson.timeline.locate(str(place.address)) == number


@every_lesson
def test_a_walk_to_and_fro_is_a_fresh_start(name: str) -> None:
    walked, fresh = open_lesson(name), open_lesson(name)
    there = numbers(walked)
    there = there[:: max(1, len(there) // 12)]
    forward = [walked.step(number).record() for number in there]
    back = [walked.step(number).record() for number in reversed(there)]
    assert forward == back[::-1]
    assert [fresh.step(number).record() for number in there[-1:]] == forward[-1:]  # a card has no steps
