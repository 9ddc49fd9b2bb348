"""The questions that a scenario's file asks: `[[drill]]`. Their answers are worked out by the run, not typed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import numpy as np

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.document import read
from stepgrad.scenarios.drills import subject, worked
from stepgrad.scenarios.drills.answers import YES_OR_NO, Answer, Choice, Shape
from stepgrad.scenarios.drills.diagnosis import Mistake, suspected, suspected_together
from stepgrad.scenarios.drills.figures import Digits
from stepgrad.scenarios.drills.material import opened
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.shown import Plane, matrices
from stepgrad.scenarios.drills.worth import DrillError, Worth, worth
from stepgrad.scenarios.format import DrillTable
from stepgrad.scenarios.lesson import Lesson
from stepgrad.scenarios.narration import figure


def names(scenario: str, about: str = "") -> list[str]:
    """The names of a scenario's drills, or of those about a topic, in the order of its file. Reads nothing else."""
    tables = _tables(scenario)
    if subject.is_known(about):
        first = _document(scenario).get("topics") or [""]
        tables = [table for table in tables if str(table.get("topic") or first[0]).lower() == about]
    return [name_of(table) for table in tables]


def topics(scenario: str) -> set[str]:
    """The topics that a scenario's drills name."""
    return {str(table["topic"]) for table in _tables(scenario) if table.get("topic")}


def _tables(scenario: str) -> list[dict[str, Any]]:
    found = _document(scenario).get("drill", [])
    return [table for table in found if isinstance(table, dict)] if isinstance(found, list) else []


def _document(scenario: str) -> dict[str, Any]:
    return read(locate(scenario)[0]).tables


def name_of(table: dict[str, Any]) -> str:
    """A drill's name; without one, what its wording comes to."""
    return str(table.get("name") or hashlib.sha256(str(table.get("prompt")).encode()).hexdigest()[:12])


def authored(scenario: str, name: str, seed: int = 0) -> Question:
    """A drill of a scenario, its choices shuffled by the seed. Raises DrillError, ScenarioError."""
    found = names(scenario)
    if name not in found:
        raise DrillError("", f"{scenario} has no drill '{name}'; it has {', '.join(found) or 'none'}")
    lesson = opened(scenario)
    table = lesson.scenario.drill[found.index(name)]
    if table.choices and seed and all(isinstance(choice, str) for choice in table.choices):
        choices = list(table.choices)
        Random(seed).shuffle(choices)
        table = table.model_copy(update={"choices": choices})
    lesson = opened(f"{scenario}:{table.variant}") if table.variant else lesson
    lesson = lesson.edited(table.settings) if table.settings else lesson
    return replace(question(f"{scenario}#{name}", table, lesson), seed=seed)


def question(key: str, table: DrillTable, lesson: Lesson) -> Question:
    """A drill asked about a lesson, opened as the drill wants it."""
    answer, found = _answer(table, lesson)
    steps = found.steps
    mistakes = [Mistake(_meant(table, i, answer, lesson), mistake.say) for i, mistake in enumerate(table.mistakes)]
    explain = _spoken(table.explain, "explain", lesson)
    hint = _spoken(table.hint, "hint", lesson)
    helped = worked.hints(steps[0]) if steps else ()
    return Question(
        key=key,
        kind="authored",
        topic=table.topic or next(iter(lesson.scenario.topics), lesson.name),
        prompt=_spoken(table.prompt, "prompt", lesson),
        answer=answer,
        given=tuple(plane for name in table.show for plane in _shown(lesson, name)),
        steps=steps,
        hidden=tuple((step.node.name, step.index) for step in steps),
        hints=(*((hint,) if hint else ()), *helped),
        solution=(*map(worked.solution, steps), *((explain,) if explain else ())),
        mistakes=partial(_mistakes, mistakes, found),
        lesson=lesson,
        settings=table.settings,
    )


def _mistakes(told: list[Mistake], found: Worth) -> Iterator[Mistake]:
    """Those that the author knows, then those that the engine finds."""
    yield from told
    if found.is_plain:
        yield from suspected(found.steps[0]) if len(found.steps) == 1 else suspected_together(found.steps)


def _answer(table: DrillTable, lesson: Lesson) -> tuple[Answer, Worth]:
    if isinstance(table.answer, str) and table.answer in table.choices:
        options = tuple(_option(choice, lesson) for choice in table.choices)
        return Choice(options, table.choices.index(table.answer)), Worth(())
    found = worth(table.answer, lesson)
    if table.choices or found.is_truth:
        options = tuple(_option(choice, lesson) for choice in table.choices) or YES_OR_NO
        return Choice(options, _chosen(found, options, table.answer)), replace(found, is_plain=False)
    if found.is_size:
        return Shape(tuple(map(int, found.value))), replace(found, is_plain=False)
    digits = Digits.of(found.value) if table.decimals is None else Digits(decimals=table.decimals)
    return Numbers(found.value, found.shape, digits), found


def _option(choice: str | float, lesson: Lesson) -> str:
    return figure(choice) if isinstance(choice, (int, float)) else _spoken(choice, "choices", lesson)


def _chosen(found: Worth, options: tuple[str, ...], answer: str | float) -> int:
    said = YES_OR_NO[not found.value[0]] if found.is_truth else figure(found.value[0])
    if said not in options:
        raise DrillError("answer", f"'{answer}' comes to {said}, which is none of the choices: {', '.join(options)}")
    return options.index(said)


def _meant(table: DrillTable, i: int, answer: Answer, lesson: Lesson) -> Any:
    """The value of a mistake, in the form of the answer."""
    given = table.mistakes[i].answer
    if isinstance(answer, Choice):
        said = given if isinstance(given, str) else figure(given)
        known = table.choices if given in table.choices else answer.options
        if said not in known and given not in known:
            raise DrillError("mistakes", f"'{given}' is none of the choices: {', '.join(answer.options)}")
        return list(known).index(given if given in known else said)
    try:
        found = worth(given, lesson).value
    except DrillError as fault:
        raise DrillError("mistakes", str(fault)) from None
    if len(found) != len(answer.value):
        raise DrillError("mistakes", f"'{given}' comes to {len(found)} numbers; the answer has {len(answer.value)}")
    return tuple(map(int, found)) if isinstance(answer, Shape) else found


def _shown(lesson: Lesson, name: str) -> list[Plane]:
    graph = lesson.timeline.graph(0)
    if name not in graph:
        raise DrillError("show", f"there is no tensor '{name}'")
    run = lesson.history.run(0)
    return matrices(run, name, list(np.ndindex(graph.spec(name).shape)))


def _spoken(template: str, key: str, lesson: Lesson) -> str:
    try:
        return lesson.spoken(template).replace("**", "").replace("\n", " ")
    except KeyError as fault:
        raise DrillError(key, f"there is no tensor {fault}") from None
    except (StepgradError, IndexError) as fault:
        raise DrillError(key, str(fault)) from None
