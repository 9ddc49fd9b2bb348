"""What is wrong with the drills of a scenario: an answer that cannot be worked out, a mistake that is none."""

from __future__ import annotations

from collections.abc import Iterator

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.drills.authored import name_of, question
from stepgrad.scenarios.drills.generate import is_sound
from stepgrad.scenarios.drills.kinds import KINDS
from stepgrad.scenarios.drills.worth import DrillError
from stepgrad.scenarios.format import DrillTable
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.scenarios.validation import Finding


def drill_findings(lesson: Lesson) -> Iterator[Finding]:
    """Every fault in the drills of an opened scenario."""
    names: list[str] = []
    for i, table in enumerate(lesson.scenario.drill):
        name = name_of(table.model_dump(include={"name", "prompt"}))
        if name in names or name in KINDS:
            yield ("drill", i, "name"), f"received {name!r}; give it a name of its own"
        names.append(name)
        for key, message in _found(table, lesson):
            yield ("drill", i, key), message


def _found(table: DrillTable, lesson: Lesson) -> Iterator[tuple[str, str]]:
    try:
        asked = question("", table, _meant(table, lesson))
    except DrillError as fault:
        yield fault.key, str(fault)
        return
    except StepgradError as fault:
        yield "variant" if table.variant else "settings", str(fault).splitlines()[0]
        return
    if not is_sound(asked):
        yield "choices", "two of the choices are the same"
    for mistake, told in zip(asked.mistakes(), table.mistakes, strict=False):
        if asked.answer.same(mistake.value):
            yield "mistakes", f"'{told.answer}' is the right answer"


def _meant(table: DrillTable, lesson: Lesson) -> Lesson:
    """The lesson as a drill wants it."""
    if table.variant:
        return open_lesson(f"{lesson.path}:{table.variant}", table.settings)
    return lesson.edited(table.settings) if table.settings else lesson
