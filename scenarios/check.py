"""The compiler of lessons: what is wrong with a scenario and each of its variants, the numbers of the run included."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.build import Built, build
from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.document import Document, read
from stepgrad.scenarios.drills.checking import drill_findings
from stepgrad.scenarios.faults import Fault, ScenarioError
from stepgrad.scenarios.lesson import Lesson
from stepgrad.scenarios.narration import Slot, pieces, resolve
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.validation import Finding


@dataclass(frozen=True)
class Report:
    """What a check found. Without faults the scenario opens, runs and says what it promises."""

    steps: int
    stops: int
    variants: tuple[str, ...]
    faults: tuple[Fault, ...]


def check(name: str) -> Report:
    """Check a scenario and all its variants, or the one that the name says."""
    path, variant = locate(name)
    document = read(path)
    known = document.tables.get("variants")
    names = [str(key) for key in known] if isinstance(known, dict) and variant is None else []
    main, faults = _checked(document.variant(variant))
    if not faults and variant is None:
        faults = [document.fault(*finding) for finding in drill_findings(Lesson("", document, main))]
    unused = _unused(main)
    for other in names:
        try:
            built, more = _checked(document.variant(other))
        except ScenarioError as fault:
            faults += fault.faults
            continue
        unused &= _unused(built)
        faults += [replace(fault, key=f"{fault.key} (in {other})") for fault in more if fault not in faults]
    if not faults:
        faults = [document.fault(key, "nothing reads it; name it as an input, or take it out") for key in unused]
    ordered = ScenarioError(faults).faults
    return Report(main.timeline.steps, len(main.stops), tuple(names), ordered)


def _checked(document: Document) -> tuple[Built, list[Fault]]:
    built = build(document)
    faults = list(built.faults)
    if not faults:
        findings = [*_early(built), *_running(document, built), *_astray(built)]
        faults = [document.fault(key, message) for key, message in findings]
    return built, faults


def _early(built: Built) -> Iterator[Finding]:
    """Values that are shown before they are written."""
    for key, stop in built.stops:
        for piece in pieces(stop.template):
            if isinstance(piece, Slot) and (there := resolve(piece, built.timeline, stop.iteration)) > stop.position:
                where = f"the stop is at step {stop.position} of {built.timeline.steps}"
                yield (*key, "say"), f"{{{piece.text}}} is not written before step {there}; {where}"


def _astray(built: Built) -> Iterator[Finding]:
    """Entries of a card that lead to no lesson."""
    for i, entry in enumerate(built.scenario.entries):
        if entry.lesson:
            try:
                path, variant = locate(entry.lesson)
                read(path).variant(variant)
            except ScenarioError as fault:
                yield ("entries", i, "lesson"), fault.faults[0].message


def _running(document: Document, built: Built) -> Iterator[Finding]:
    """What only the numbers show: a label out of range, a term that a cell does not have."""
    lesson = Lesson("", document, built)
    try:
        if built.timeline.steps:
            lesson.history.run(0)
    except StepgradError as fault:
        yield _layer(built, str(fault)), str(fault)
        return
    for key, stop in built.stops:
        try:
            lesson.say(stop)
            lesson.notes(stop)
        except (StepgradError, IndexError) as fault:
            yield (*key, "say"), str(fault)


def _layer(built: Built, message: str) -> Key:
    """The layer that a fault of the run names first."""
    name = message.partition(":")[0]
    for i, table in enumerate(built.scenario.layers):
        if name == table.name or name.startswith(f"{table.name}."):
            return ("layers", i)
    return ("loss",) if name.startswith("loss") else ("layers",)


def _unused(built: Built) -> set[Key]:
    """Inputs and parameters that no layer, and no loss, reads."""
    read = {name for graph, _ in built.timeline.graphs for node in graph.nodes for name in node.inputs}
    return {
        (section, name)
        for section in ("inputs", "parameters")
        for name in getattr(built.scenario, section)
        if name not in read
    }
