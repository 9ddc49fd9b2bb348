"""What a kind of question is made of: an opened lesson, a source of chance, and steps that are worth asking about."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import cycle, islice
from random import Random
from typing import Any

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.graph import Node
from stepgrad.engine.number import Index, Padding, Read
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Address
from stepgrad.scenarios.drills import worked
from stepgrad.scenarios.drills.answers import Answer
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.shown import cells_read, operands
from stepgrad.scenarios.drills.subject import is_known, layers
from stepgrad.scenarios.drills.variation import varied
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.scenarios.narration import size

ITERATIONS = 3
"""Iterations, from the first, that questions come from: any later one would be run to first."""
READS = 40
"""Cells a question's step reads at most: more is no work for a head."""
LARGEST, SMALLEST = 1e9, 1e-6
"""Numbers beyond these are none to ask for."""
PLANES = 12
"""Matrices shown with a question at most."""
CANDIDATES = 10
"""Steps that are compared for how much work they are."""


@dataclass
class Material:
    """A lesson with its numbers varied by `seed`, and the chance that belongs to the seed."""

    name: str
    kind: str
    seed: int
    difficulty: float
    lesson: Lesson
    settings: Mapping[str, object]
    random: Random
    topic: str = ""
    """The topic that is asked about; empty for all that the lesson has."""

    def question(self, prompt: str, answer: Answer, **parts: Any) -> Question:
        """A question about this lesson."""
        topics = [self.topic] if is_known(self.topic) else self.lesson.scenario.topics
        return Question(
            key=f"{self.name}#{self.kind}",
            kind=self.kind,
            topic=topics[0] if topics else self.name,
            prompt=prompt,
            answer=answer,
            seed=self.seed,
            difficulty=self.difficulty,
            **{"lesson": self.lesson, "settings": self.settings, **parts},
        )

    def about(self, step: Step, prompt: str, answer: Answer, **parts: Any) -> Question:
        """A question whose worked solution is a step, with the help that the step itself gives."""
        made: dict[str, Any] = {
            "given": operands(step),
            "steps": (step,),
            "hints": worked.hints(step),
            "solution": (worked.solution(step),),
        }
        return self.question(prompt, answer, **{**made, **parts})

    def changed(self, settings: Mapping[str, object]) -> Material:
        """The same with more settings. Raises ScenarioError where they do not fit."""
        return replace(self, lesson=self.lesson.edited(settings), settings={**self.settings, **settings})

    @property
    def size(self) -> int:
        """How many cells the first iteration writes."""
        return sum(node.size for node in self.lesson.timeline.graph(0).nodes)

    def nodes(self) -> list[Node]:
        """The nodes of the first iteration that the topic is about, shuffled."""
        found = belonging(self.lesson, self.topic)
        self.random.shuffle(found)
        return found

    def steps(self) -> Iterator[Step]:
        """Steps worth asking about, those that are about as much work as the difficulty says first."""
        nodes = self.nodes()
        drawn = (self._step(node) for node in islice(cycle(nodes), max(2 * CANDIDATES, 2 * len(nodes))))
        askable = filter(is_askable, drawn)
        compared = sorted(islice(askable, CANDIDATES), key=effort)
        wanted = round(self.difficulty * (len(compared) - 1)) if compared else 0
        yield from compared[wanted:]
        yield from reversed(compared[:wanted])
        yield from askable

    def at(self, tensor: str, index: Index, iteration: int = 0) -> Step:
        """The step that writes a cell."""
        return self.lesson.step(self.lesson.timeline.number(Address(tensor, index), iteration))

    def _step(self, node: Node) -> Step:
        """Any cell of a node, in one of the first iterations."""
        timeline = self.lesson.timeline
        iteration = self.random.randrange(min(ITERATIONS, timeline.iterations))
        index = node.spec.index(self.random.randrange(node.size))
        return self.at(node.name, index, iteration if timeline.graph(iteration) is timeline.graph(0) else 0)


def material(name: str, kind: str, seed: int, difficulty: float, topic: str = "") -> Material:
    """A scenario with other numbers; with its own where these do not fit it."""
    random, settings = Random(f"{name}#{kind}:{seed}"), varied(name, seed)
    lesson = opened(name)
    try:
        changed = lesson.edited(settings) if settings else lesson
        if changed.timeline.steps:
            changed.history.run(0)
    except StepgradError:
        changed, settings = lesson, {}
    return Material(name, kind, seed, difficulty, changed, settings, random, topic)


def belonging(lesson: Lesson, topic: str) -> list[Node]:
    """The nodes of the first iteration that a topic is about; all of them without a topic."""
    if not lesson.timeline.steps:
        return []
    is_first = topic in map(str.lower, lesson.scenario.topics[:1])
    return layers(topic, [node for node in lesson.timeline.graph(0).nodes if node.size], is_first=is_first)


@lru_cache(maxsize=32)
def opened(name: str) -> Lesson:
    """A scenario as it stands in its file."""
    return open_lesson(name)


def is_askable(step: Step) -> bool:
    """Whether a step is arithmetic that a head can do, on numbers that a line can hold."""
    if step.terms > READS or isinstance(step.trace, (Read, Padding)):
        return False
    if not math.isfinite(step.value) or abs(step.value) > LARGEST or 0 < abs(step.value) < SMALLEST:
        return False
    read = cells_read(step)
    return (
        0 < sum(map(len, read.values())) <= READS
        and len({(name, index[:-2]) for name, cells in read.items() for index in cells}) <= PLANES
        and all(math.isfinite(reading.value) for reading in step.reads)
    )


def effort(step: Step) -> float:
    """How much work a step is: its terms that are not zero, and whether its numbers are whole."""
    fold = step.fold
    counted = sum(1 for term in fold if term.value) if fold is not None else 1
    crooked = sum(reading.value != round(reading.value) for reading in step.reads)
    return counted + 0.5 * step.terms + crooked


def sized(name: str, shape: Index) -> str:
    """A tensor and its size, in words."""
    written = size(shape)
    if "x" in written:
        return f"{name} is {written}"
    return f"{name} has {written} cell{'s' * (written != '1')}"
