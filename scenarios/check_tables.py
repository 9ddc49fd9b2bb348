"""What is wrong with the tables beside the script: what nothing uses, entries that lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stepgrad.scenarios.build import Built
from stepgrad.scenarios.catalogue import locate
from stepgrad.scenarios.document import Document, read
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.overrides import Key, apply
from stepgrad.scenarios.validation import Finding


def unused(built: Built) -> set[Key]:
    """Inputs and parameters that no layer, and no loss, reads."""
    read = {name for graph, _ in built.timeline.graphs for node in graph.nodes for name in node.inputs}
    return {
        (section, name)
        for section in ("inputs", "parameters")
        for name in getattr(built.scenario, section)
        if name not in read
    }


def idle(document: Document, variant: str) -> Iterator[Finding]:
    """What a variant sets to the value that it has anyway."""
    table: dict[str, Any] = document.tables["variants"][variant]
    for key, value in table.items():
        _, at = apply(document.tables, key, value)
        if _same(_at(document.tables, at), value):
            yield ("variants", variant, key), "is what the scenario has without it; take it out, or give another value"
    if not table:
        yield ("variants", variant), "changes nothing; take it out, or set something"


def entry_findings(built: Built) -> Iterator[Finding]:
    """Entries of a card that lead to no lesson, and words that are explained twice."""
    known: dict[str, int] = {}
    for i, entry in enumerate(built.scenario.entries):
        first = known.setdefault(entry.term.lower(), i)
        if first != i:
            yield ("entries", i, "term"), f"'{entry.term}' is in entries.{first} already; join the two"
        if entry.lesson:
            try:
                path, variant = locate(entry.lesson)
                read(path).variant(variant)
            except ScenarioError as fault:
                yield ("entries", i, "lesson"), fault.faults[0].message


def _at(tables: Any, key: Key) -> object:
    """What stands at a key; None where nothing does."""
    for part in key:
        try:
            tables = tables[part]
        except (LookupError, TypeError):
            return None
    return tables


def _same(one: object, other: object) -> bool:
    """Whether two TOML values say the same: true is not 1."""
    return repr(one) == repr(other)
