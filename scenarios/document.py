"""A scenario file as it stands: its text and its tables. Standard library only, for the first frame."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from stepgrad.engine.errors import did_you_mean
from stepgrad.scenarios import limits
from stepgrad.scenarios.faults import Fault, ScenarioError
from stepgrad.scenarios.overrides import Key, Override, apply
from stepgrad.scenarios.signs import obeyed

SETTING = "--set"
BESIDE = 1000
"""Files of a folder that are looked at for a name that was meant."""


@dataclass(frozen=True)
class Document:
    """A file that was read, and its tables with the variant and the settings applied."""

    path: Path
    text: str
    tables: dict[str, Any]
    overrides: tuple[Override, ...] = ()
    """What replaced values of the file, in order."""

    @property
    def is_set(self) -> bool:
        """Whether something was set from outside the file."""
        return any(override.origin is None for override in self.overrides)

    def variant(self, name: str | None) -> Document:
        """The document with the overrides of `[variants.NAME]`."""
        if name is None:
            return self
        known = self.tables.get("variants")
        known = known if isinstance(known, dict) else {}
        if not isinstance(known.get(name), dict):
            from stepgrad.engine.errors import did_you_mean

            choice = f"its variants are {', '.join(known)}" if known else "it has none"
            message = f"there is no variant '{name}'{did_you_mean(name, known) or f'; {choice}'}"
            raise ScenarioError([self._placed(("variants",), "variants", message)])
        return self.override({key: (value, ("variants", name, key)) for key, value in known[name].items()})

    def set(self, settings: Mapping[str, object]) -> Document:
        """The document with settings from outside (`--set key=value`)."""
        return self.override({key: (value, None) for key, value in settings.items()})

    def override(self, values: Mapping[str, tuple[object, Key | None]]) -> Document:
        tables, done, faults = self.tables, list(self.overrides), []
        for key, (value, origin) in values.items():
            try:
                tables, at = apply(tables, key, value)
                done.append(Override(at, key, value, origin))
            except KeyError as fault:
                faults.append(self._astray(key, origin, str(fault.args[0])))
        if faults:
            raise ScenarioError(faults)
        return replace(self, tables=tables, overrides=tuple(done))

    def _astray(self, key: str, origin: Key | None, message: str) -> Fault:
        """The fault of a path that leads nowhere."""
        if origin is None:
            return Fault(f"{SETTING} {key}", "", message)
        return self._placed(origin, ".".join(map(str, origin)), message)

    def fault(self, key: Key, message: str, near: str = "") -> Fault:
        """A fault at a key, placed: in the file, in the variant that put the value there, or in the setting.

        `near` is the part of a text that it is about.
        """
        said = self.spelled(key)
        for override in reversed(self.overrides):
            if override.at == key[: len(override.at)]:
                if override.origin is None:
                    return Fault(f"{SETTING} {override.written}", "" if said == override.written else said, message)
                return self._placed((*override.origin, *key[len(override.at) :]), said, message, near)
        return self._placed(key, said, message, near)

    def _placed(self, key: Key, said: str, message: str, near: str = "") -> Fault:
        while key not in self._positions:
            key = key[:-1]
        line, column = self._within(self._positions[key], near)
        return Fault(f"{self.path}:{line}:{column}", said, message, (line, column))

    def _within(self, start: tuple[int, int], near: str) -> tuple[int, int]:
        """Where a text first stands in the value of a key; the key's own place where it is not written there as is."""
        if not near:
            return start
        end = min((place for place in self._positions.values() if place > start), default=(len(self.text), 0))
        for number, line in enumerate(self.text.split("\n")[start[0] - 1 : end[0]], start[0]):
            first = start[1] - 1 if number == start[0] else 0
            # A key may look like its value: `at = "at"`.
            at = line.find(near, line.find("=", first) if number == start[0] else 0)
            if at >= 0 and (number, at + 1) < end:
                return number, at + 1
        return start

    @cached_property
    def _positions(self) -> dict[Key, tuple[int, int]]:
        from stepgrad.scenarios.positions import positions

        return positions(self.text)

    def spelled(self, key: Key) -> str:
        """The key as `--set` takes it: elements of a list by their names, where they have one."""
        parts: list[str] = []
        at: Any = self.tables
        for part in key:
            try:
                at = at[part]
            except (LookupError, TypeError):
                at = {}
            name = at.get("name") if isinstance(part, int) and isinstance(at, dict) else None
            parts.append(name if isinstance(name, str) and name else str(part))
        return ".".join(parts)


def read(path: Path) -> Document:
    """A file, parsed. Raises ScenarioError where it is missing, too large, not UTF-8 or not TOML."""
    text = _text(path)
    try:
        tables = tomllib.loads(text)
        _check_depth(tables)
    except tomllib.TOMLDecodeError as fault:
        raise ScenarioError([_syntax(path, text, str(fault))]) from None
    except RecursionError:
        message = f"arrays and tables are nested too deep; {limits.NESTING} levels are read"
        raise ScenarioError([Fault(str(path), "", message)]) from None
    except ValueError as fault:
        why = "a whole number has more digits than are read" if "digits" in str(fault) else str(fault)
        raise ScenarioError([Fault(str(path), "", f"not readable as TOML: {why}")]) from None
    document = Document(path, text, tables)
    faults = [
        document.fault(key, f"the sign {sign} shows nothing and may change what is shown; leave it out")
        for key, sign in obeyed(tables, text)
    ]
    if faults:
        raise ScenarioError(faults)
    return document


def _check_depth(tables: dict[str, Any]) -> None:
    """Raise RecursionError here, and not in whatever walks the tables later."""
    level: list[Any] = [tables]
    for _ in range(limits.NESTING):
        inner = (part.values() if isinstance(part, dict) else part for part in level)
        level = [element for part in inner for element in part if isinstance(element, (dict, list))]
    if level:
        raise RecursionError


def missing(path: Path) -> str:
    """Why there is nothing to read, and what may have been meant."""
    if path.is_dir():
        return "is a folder, not a scenario file"
    if path.exists():
        return "is no plain file"
    return f"there is no such file{did_you_mean(path.name, scenario_files(path.parent))}"


def scenario_files(folder: Path) -> list[str]:
    """Names of the scenario files of a folder."""
    try:
        return [path.name for path in islice(folder.glob("*.toml"), BESIDE)]
    except OSError:
        return []


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise ScenarioError([Fault(str(path), "", missing(path))])
        size = path.stat().st_size
        if size > limits.SCENARIO_BYTES:
            message = (
                f"{size:,} bytes; a scenario may have {limits.SCENARIO_BYTES:,} (put large tensors in a .npy file)"
            )
            raise ScenarioError([Fault(str(path), "", message)])
        return path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise ScenarioError([Fault(str(path), "", f"cannot be read: {fault.strerror or fault}")]) from None
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        column = fault.start - fault.object.rfind(b"\n", 0, fault.start)
        raise ScenarioError([Fault(f"{path}:{line}:{column}", "", "not UTF-8 text")]) from None


def _syntax(path: Path, text: str, message: str) -> Fault:
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", message)
    if found is None:
        return Fault(str(path), "", message)
    lines = text.split("\n")
    line, column = (found[1], found[2]) if found[1] else (len(lines), len(lines[-1]) + 1)
    return Fault(f"{path}:{line}:{column}", "", f"not TOML: {message[: found.start()]}")
