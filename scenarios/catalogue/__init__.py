"""The scenarios that come with stepgrad, and how a name is found. Standard library only, for the first frame."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from stepgrad.engine.errors import did_you_mean
from stepgrad.scenarios.document import read, scenario_files
from stepgrad.scenarios.faults import Fault, ScenarioError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Entry:
    """A scenario of the catalogue, as a list shows it."""

    name: str
    path: Path
    title: str
    topics: tuple[str, ...]
    source: str
    summary: str
    variants: tuple[str, ...]


def entries() -> list[Entry]:
    """Every scenario of the catalogue, by name."""
    return [entry_of(path) for path in sorted(FOLDER.glob("*.toml"))]


def find(name: str) -> Path:
    """The file of a catalogue name or a path; a `:variant` behind it is passed over."""
    return locate(name)[0]


def locate(name: str) -> tuple[Path, str | None]:
    """The file and the variant that `NAME`, `NAME:variant`, `FILE` or `FILE:variant` stand for."""
    if name.endswith(".onnx") and os.path.isfile(name):
        raise ScenarioError([Fault("", "", f"{name} is a model; `stepgrad import {name}` makes a scenario of it")])
    if _is_file(name):
        return Path(name), None
    stem, variant = split(name)
    if _is_file(stem):
        return Path(stem), variant
    if stem.endswith(".toml") or os.path.basename(stem) != stem:
        return Path(stem), variant
    known = {path.stem: path for path in FOLDER.glob("*.toml")}
    if stem in known:
        return known[stem], variant
    if os.path.isfile(stem):
        raise ScenarioError([Fault("", "", f"the file '{stem}' is no scenario: its name does not end in .toml")])
    beside = scenario_files(Path())
    meant = f"{stem}.toml"
    near = did_you_mean(meant if meant in beside else stem, [*known, *beside]) or "; `stepgrad list` names them all"
    raise ScenarioError([Fault("", "", f"there is no scenario '{stem}', and no file of that name{near}")])


def split(name: str) -> tuple[str, str | None]:
    """`edge:flipped` -> ("edge", "flipped"). The colon of a Windows drive is none of ours."""
    stem, sign, variant = name.rpartition(":")
    if not sign or not stem or "/" in variant or "\\" in variant:
        return name, None
    return stem, variant


def _is_file(name: str) -> bool:
    # A bare word is a catalogue name, even where a file or folder happens to be called so.
    return (name.endswith(".toml") or os.path.basename(name) != name) and os.path.isfile(name)


def entry_of(path: Path) -> Entry:
    """A scenario file as a list shows it. Raises ScenarioError where it can not be read."""
    return _entry(path, path.stat().st_mtime_ns)


@lru_cache(256)
def _entry(path: Path, _: int) -> Entry:
    tables: dict[str, Any] = read(path).tables
    return Entry(
        name=path.stem,
        path=path,
        title=tables.get("title", path.stem),
        topics=tuple(tables.get("topics", ())),
        source=tables.get("source", ""),
        summary=tables.get("summary", ""),
        variants=tuple(tables.get("variants", ())),
    )
