"""A scenario's tables, checked: what is right as a `Scenario`, and every fault in what is not.

Parts with a fault are left out, so that the rest can still be built and its faults found in the same run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from stepgrad.scenarios.format import Scenario
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.wording import OWN, quoted, worded

Finding = tuple[Key, str]
"""A fault before it has a place in a file: the key, and what is wrong."""

VERSION = 1


@dataclass
class Validated:
    """What could be read of a scenario."""

    scenario: Scenario
    findings: list[Finding] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    """Names that a part left out would have given: what reads them is passed over."""
    rows: dict[str, list[int]] = field(default_factory=dict)
    """Of a list with parts left out: where in the file each part left stands."""

    first_input: str | None = None
    """What the first layer reads unless it says otherwise."""

    def key(self, section: str, i: int) -> Key:
        """The key of element i of a list."""
        return (section, self.rows[section][i] if section in self.rows else i)


def validated(tables: dict[str, Any]) -> Validated:
    """Check a scenario's tables."""
    version = tables.get("format_version")
    if type(version) is int and version != VERSION:
        message = f"received {quoted(version)}; this stepgrad reads format_version = {VERSION}"
        return Validated(_EMPTY, [(("format_version",), message)])
    try:
        found = Validated(Scenario.model_validate(tables))
    except ValidationError as fault:
        found = _without(tables, _findings(fault.errors(include_url=False), tables))
    inputs = tables.get("inputs")
    found.first_input = next(iter(inputs), None) if isinstance(inputs, dict) else None
    return found


_EMPTY = Scenario(format_version=1, title="?")


def _findings(errors: list[ErrorDetails], tables: dict[str, Any]) -> list[Finding]:
    """One finding a place. Of a union's branches the one that got furthest says what is wrong."""
    found: dict[Key, list[ErrorDetails]] = {}
    for error in errors:
        found.setdefault(_key(error, tables), []).append(error)
    passed = {key[:depth] for key in found for depth in range(len(key))}
    return [(key, worded(group)) for key, group in found.items() if key not in passed or group[0]["type"] == OWN]


def _key(error: ErrorDetails, tables: dict[str, Any]) -> Key:
    """The place in the tables: pydantic's, without the branches of unions that it puts in between."""
    at: Any = tables
    key: list[str | int] = []
    for part in error["loc"]:
        there = part in at if isinstance(at, dict) else isinstance(at, list) and part in range(len(at))
        if there:
            at = at[part]
        if there or (error["type"] == OWN and part != "[key]"):
            key.append(part)
    return tuple(key)


def _without(tables: dict[str, Any], findings: list[Finding]) -> Validated:
    """The scenario without its faulty parts."""
    left = dict(tables)
    lost: set[str] = set()
    rows: dict[str, list[int]] = {}
    faulty = {key[:2] for key, _ in findings}
    for section in {key[0] for key in faulty if key}:
        held = left.get(str(section))
        parts = {key[1] for key in faulty if key[0] == section and len(key) > 1}
        if isinstance(held, dict) and parts and section not in ("loss", "optimizer"):
            left[str(section)] = {name: value for name, value in held.items() if name not in parts}
            lost.update(map(str, parts))
        elif isinstance(held, list) and parts:
            rows[str(section)] = [i for i in range(len(held)) if i not in parts]
            left[str(section)] = [held[i] for i in rows[str(section)]]
            lost.update(
                str(part.get("name")) for part in held if isinstance(part, dict) and part not in left[str(section)]
            )
        else:
            left.pop(str(section), None)
            lost.add(str(section))
    left = {"title": "?", **left, "format_version": VERSION}
    try:
        return Validated(Scenario.model_validate(left), findings, lost, rows)
    except ValidationError:
        return Validated(_EMPTY, findings, lost, rows)
