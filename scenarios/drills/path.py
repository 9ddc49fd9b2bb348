"""What can be drilled, and in which order: the lessons as a course takes them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stepgrad.engine.errors import StepgradError, did_you_mean
from stepgrad.scenarios.catalogue import FOLDER, entries, locate
from stepgrad.scenarios.courses import courses
from stepgrad.scenarios.drills.authored import authored, names, topics
from stepgrad.scenarios.drills.generate import generated
from stepgrad.scenarios.drills.kinds import KINDS
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.subject import kinds
from stepgrad.scenarios.faults import ScenarioError


class DrillNameError(StepgradError):
    """Nothing to drill has that name."""


def lessons() -> list[str]:
    """Every scenario of the catalogue, in the order of the course that holds every lesson; others come last."""
    place = {name: i for i, name in enumerate(courses()[0].lessons)}
    return sorted((entry.name for entry in entries()), key=lambda name: (place.get(name, len(place)), name))


def chosen(wanted: str | None) -> list[str]:
    """The scenarios that a topic or a scenario's name stands for. Raises DrillNameError."""
    if not wanted:
        return lessons()
    by_topic = [name for name in lessons() if wanted.lower() in _topics(name)]
    if by_topic:
        return by_topic
    path, variant = _located(wanted)
    if path is not None:
        return [path if variant is None else f"{path}:{variant}"]
    known = {topic for name in lessons() for topic in _topics(name)}
    near = did_you_mean(wanted, [*lessons(), *known])
    raise DrillNameError(f"there is no topic and no scenario '{wanted}'{near or '; `stepgrad list` names them all'}")


def _located(wanted: str) -> tuple[str | None, str | None]:
    """A scenario by the name that progress is kept under: a catalogue's own, or the whole path of a file."""
    try:
        path, variant = locate(wanted)
    except ScenarioError:
        return None, None
    return (path.stem if path.parent == FOLDER else str(path.resolve())), variant


@lru_cache(maxsize=256)
def _topics(name: str) -> frozenset[str]:
    said = next((entry.topics for entry in entries() if entry.name == name), ())
    return frozenset(topic.lower() for topic in (*said, *topics(name)))


def topic(wanted: str | None) -> str:
    """The topic that a name stands for; empty where it is a scenario's, or none."""
    about = (wanted or "").lower()
    return about if about and any(about in _topics(name) for name in lessons()) else ""


def keys(name: str, about: str = "") -> Iterator[str]:
    """The keys of everything that can be asked about a scenario, or of a topic in it: what its file asks, then kinds.

    What a file asks is about the scenario itself, or names its variant: a variant has nothing of its own.
    """
    if locate(name)[1] is None:
        yield from (f"{name}#{drill}" for drill in names(name, about))
    yield from (f"{name}#{kind}" for kind in kinds(about, KINDS))


def asked(key: str, seed: int, difficulty: float = 0.0, about: str = "") -> Question | None:
    """The question of a key; None where the scenario has none of that kind. Raises StepgradError for its faults."""
    name, _, what = key.rpartition("#")
    if what in KINDS:
        return generated(name, what, seed, difficulty, about) if what in kinds(about, KINDS) else None
    return authored(name, what, seed) if not about or what in names(name, about) else None
