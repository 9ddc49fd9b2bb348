"""The compiler of lessons: what is wrong with a scenario and each of its variants, the numbers of the run included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.build import Built, Stop, build
from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.check_script import Screen, script_remarks
from stepgrad.scenarios.check_tables import entry_findings, idle, unused
from stepgrad.scenarios.document import Document, read
from stepgrad.scenarios.drills.checking import drill_findings
from stepgrad.scenarios.faults import Fault, ScenarioError
from stepgrad.scenarios.lesson import Lesson
from stepgrad.scenarios.overrides import Key


@dataclass(frozen=True)
class Report:
    """What a check found. Without faults the scenario opens, runs and says what it promises."""

    steps: int
    stops: int
    variants: tuple[str, ...]
    faults: tuple[Fault, ...]


def fits_anywhere(_lesson: Lesson, _stop: Stop) -> str:
    """For where there is no screen."""
    return ""


def check(name: str, screen: Screen = fits_anywhere) -> Report:
    """Check a scenario and all its variants, or the one that the name says.

    `screen` says of each stop whether it finds room. Raises ScenarioError where the file can not be read.
    """
    path, variant = locate(name)
    document = read(path)
    variants = document.tables.get("variants")
    names = [str(key) for key in variants] if isinstance(variants, dict) and variant is None else []
    main, faults = _checked(document.variant(variant), screen)
    if not faults and variant is None:
        faults = [document.fault(*finding) for finding in drill_findings(Lesson(path.stem, document, main))]
    spare = unused(main)
    for other in names:
        try:
            built, more = _checked(document.variant(other), screen)
        except ScenarioError as fault:
            faults += fault.faults
            continue
        spare &= unused(built)
        # What stands in the main part is not said again of every variant.
        known = {(fault.place, fault.message) for fault in faults}
        new = [fault for fault in more if (fault.place, fault.message) not in known]
        faults += [replace(fault, key=f"{fault.key} (in {other})") for fault in new]
        faults += [document.fault(*finding) for finding in idle(document, other)]
    if not faults:
        faults = [document.fault(key, "nothing reads it; name it as an input, or take it out") for key in spare]
    ordered = ScenarioError(faults).faults
    return Report(main.timeline.steps, len(main.stops), tuple(names), ordered)


def _checked(document: Document, screen: Screen) -> tuple[Built, list[Fault]]:
    built = build(document)
    faults = list(built.faults)
    if not faults:
        faults = [document.fault(*found) for found in _found(document, built, screen)]
    return built, faults


def _found(document: Document, built: Built, screen: Screen) -> Iterator[tuple[Key, str] | tuple[Key, str, str]]:
    yield from entry_findings(built)
    lesson = Lesson(document.path.stem, document, built)
    try:
        if built.timeline.steps:
            lesson.history.run(0)
    except StepgradError as fault:
        # A label out of range, no memory: only the numbers show it.
        yield _layer(built, str(fault)), str(fault)
        return
    yield from script_remarks(built, lesson, screen)


def _layer(built: Built, message: str) -> Key:
    """The layer that a fault of the run names first."""
    name = message.partition(":")[0]
    for i, table in enumerate(built.scenario.layers):
        if name == table.name or name.startswith(f"{table.name}."):
            return ("layers", i)
    return ("loss",) if name.startswith("loss") else ("layers",)
