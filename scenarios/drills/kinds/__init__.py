"""The kinds of questions that any step can become, in the order in which they get harder. Each is one function."""

from __future__ import annotations

from collections.abc import Callable

from stepgrad.engine.graph import Node
from stepgrad.engine.step import Step
from stepgrad.scenarios.drills.kinds import inverse, numbers, places, sizes, slopes
from stepgrad.scenarios.drills.material import Material
from stepgrad.scenarios.drills.question import Question

Kind = Callable[[Material], Question | None]
"""Makes a question; None where the lesson has nothing that fits."""


def _of_step(make: Callable[[Material, Step], Question | None]) -> Kind:
    return lambda material: next(filter(None, (make(material, step) for step in material.steps())), None)


def _of_node(make: Callable[[Material, Node], Question | None]) -> Kind:
    return lambda material: next(filter(None, (make(material, node) for node in material.nodes())), None)


KINDS: dict[str, Kind] = {
    "cell": _of_step(numbers.cell),
    "next": _of_step(places.following),
    "window": _of_step(places.window),
    "row": _of_step(numbers.row),
    "winner": _of_step(places.winner),
    "shape": _of_node(sizes.shape),
    "feeds": _of_step(places.feeds),
    "operand": _of_step(inverse.operand),
    "padding": _of_node(sizes.padding),
    "count": _of_node(sizes.count),
    "what-if": _of_node(numbers.what_if),
    "sign": _of_step(slopes.sign),
    "larger": _of_step(slopes.larger),
    "mistake": _of_step(inverse.mistake),
}
"""By name, the easiest first."""
