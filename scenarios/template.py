"""What `stepgrad new` writes: a commented scenario to start from, or a copy of one that is there."""

from __future__ import annotations

from pathlib import Path

from stepgrad.scenarios.catalogue import find
from stepgrad.scenarios.document import read

STARTER = Path(__file__).with_name("starter.toml")
SCHEMA = "#:schema "
PATH = Path(__file__).with_name("schema.json")


def starting(name: str | None = None) -> str:
    """The text of a scenario to start from: the starter's, or that of a catalogue name or a file."""
    return with_schema(read(STARTER if name is None else find(name)).text)


def with_schema(text: str) -> str:
    """A scenario's text that names the schema where it is, so that an editor finds it from any folder."""
    lines = text.splitlines(keepends=True)
    return "".join([f"{SCHEMA}{PATH.as_uri()}\n", *(line for line in lines if not line.startswith(SCHEMA))])
