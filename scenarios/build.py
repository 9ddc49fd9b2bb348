"""A document becomes a lesson's parts: the checked scenario, its timeline, its numbers, its stops and its letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stepgrad.engine.backend import NUMPY, Backend
from stepgrad.engine.errors import AddressError
from stepgrad.engine.history import History
from stepgrad.engine.timeline import Address, Timeline
from stepgrad.scenarios.document import Document
from stepgrad.scenarios.faults import Fault
from stepgrad.scenarios.format import Scenario, StopTable
from stepgrad.scenarios.given import Values
from stepgrad.scenarios.narration import Slot, pieces, resolve
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.training import Trained, trained
from stepgrad.scenarios.validation import Finding, Validated, validated

END = ":end"


@dataclass(frozen=True)
class Stop:
    """A stop of the script. `at` names the cell just written: its position is that step's number + 1."""

    position: int
    title: str
    template: str
    notes: str
    pause: float | None
    erratum: str
    printed: str
    iteration: int = 0
    """The iteration in which it stops; values without an @ are taken from it."""
    number: int = 0
    """How many stops come before it at the same position."""
    of: int = 1
    """How many stops there are at that position."""

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the script: its position, and its number there."""
        return self.position, self.number


@dataclass
class Built:
    """What could be built of a scenario, and everything that is wrong with it."""

    scenario: Scenario
    history: History
    stops: list[tuple[Key, Stop]] = field(default_factory=list)
    symbols: dict[str, Values] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def timeline(self) -> Timeline:
        return self.history.timeline


def build(document: Document, backend: Backend = NUMPY) -> Built:
    """Everything a lesson is made of."""
    checked = validated(document.tables)
    made = trained(checked, document.path.parent, backend)
    built = Built(checked.scenario, made.history)
    told = [*_script(checked, made, built), *_symbols(checked, made, built)]
    # A setting from outside may change sizes: what the lecture then no longer finds is left out of it.
    findings = [*checked.findings, *made.findings, *([] if document.is_set else told)]
    built.faults = [document.fault(key, message) for key, message in findings]
    return built


def _script(checked: Validated, made: Trained, built: Built) -> list[Finding]:
    findings: list[Finding] = []
    for i, table in enumerate(checked.scenario.script):
        key = checked.key("script", i)
        found: list[Finding] = []
        position, iteration = _position(table, key, made, found)
        for part in ("say", "notes"):
            _narration(getattr(table, part), (*key, part), iteration, made, found)
        if not found:
            built.stops.append((key, _stop(table, position, iteration)))
        findings += found
    return findings


def _stop(table: StopTable, position: int, iteration: int) -> Stop:
    return Stop(
        position=position,
        title=table.title,
        template=table.say,
        notes=table.notes,
        pause=table.pause,
        erratum=table.erratum,
        printed=table.printed,
        iteration=iteration,
    )


def _position(table: StopTable, key: Key, made: Trained, found: list[Finding]) -> tuple[int, int]:
    """Where a stop stands, and in which iteration that is."""
    timeline = made.timeline
    if table.at is None:
        return 0, 0
    if table.at == END:
        return timeline.steps, timeline.iterations - 1
    try:
        address = Address.parse(table.at)
        if address.term is not None:
            raise AddressError(f"'{table.at}' names a term; a stop stands at a cell, so leave out #{address.term}")
        return timeline.number(address) + 1, address.iteration or 0
    except AddressError as fault:
        if not _is_lost(table.at, made.lost):
            found.append(((*key, "at"), str(fault)))
        return 0, 0


def _narration(template: str, key: Key, iteration: int, made: Trained, found: list[Finding]) -> None:
    try:
        slots = [piece for piece in pieces(template) if isinstance(piece, Slot)]
    except AddressError as fault:
        found.append((key, str(fault)))
        return
    for slot in slots:
        try:
            resolve(slot, made.timeline, iteration)
        except AddressError as fault:
            if not _is_lost(slot.text, made.lost):
                found.append((key, f"{{{slot.text}}}: {fault}"))


def _is_lost(address: str, lost: set[str]) -> bool:
    """Whether an address names what a fault elsewhere keeps from being there."""
    name = address.partition("[")[0].partition("@")[0].partition(":")[0]
    root, _, rest = name.partition(".")
    return bool({name, root} & lost) or bool(rest and lost & {"loss", "optimizer", "stages"})


def _symbols(checked: Validated, made: Trained, built: Built) -> list[Finding]:
    """The letters of tensors, each as an array of the tensor's shape."""
    findings: list[Finding] = []
    graph = made.timeline.graph(0)
    for name, letters in checked.scenario.symbols.items():
        key = ("symbols", name)
        if name not in graph:
            if not _is_lost(name, made.lost):
                findings.append((key, f"there is no tensor '{name}'"))
            continue
        shape = graph.spec(name).shape
        array = _letters(letters)
        if array is None or array.size != graph.spec(name).size:
            count = "rows of unlike length" if array is None else f"{array.size} letters"
            findings.append((key, f"received {count}; {name} is {list(shape)} and takes {graph.spec(name).size}"))
            continue
        built.symbols[name] = array.reshape(shape)
    return findings


def _letters(letters: str | list[Any]) -> Values | None:
    if isinstance(letters, str):
        return np.asarray(letters.split() if len(letters.split()) > 1 else list(letters))
    try:
        return np.asarray(letters, dtype=np.str_)
    except ValueError:
        return None
