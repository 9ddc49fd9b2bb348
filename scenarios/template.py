"""What `stepgrad new` writes: a commented scenario to start from, or a copy of one that is there."""

from __future__ import annotations

from pathlib import Path

from stepgrad.scenarios.catalogue import find
from stepgrad.scenarios.document import read

STARTER = Path(__file__).with_name("starter.toml")
SCHEMA = "#:schema "


def starting(name: str | None = None) -> str:
    """The text of a scenario to start from: the starter's, or that of a catalogue name or a file.

    A copy does not name the schema, which lies beside the original only.
    """
    lines = read(STARTER if name is None else find(name)).text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(SCHEMA))
