"""What is wrong with a scenario: every fault, each on one line that says where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.signs import escaped

KEY = 100
"""Letters of a key that are shown."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong: where (`file:line:column`, a file, or the setting), at which key, and what."""

    place: str
    key: str
    message: str
    order: tuple[int, int] = (0, 0)
    """Line and column, to sort by."""

    def __str__(self) -> str:
        key = self.key if len(self.key) <= KEY else f"{self.key[:KEY]}..."
        return escaped(": ".join(part for part in (self.place, key, self.message) if part))


class ScenarioError(StepgradError):
    """A scenario that cannot be opened: all its faults, one a line, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(dict.fromkeys(faults), key=lambda fault: fault.order))
        super().__init__("\n".join(map(str, self.faults)))
