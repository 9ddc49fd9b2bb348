"""The errors of the engine: each message says what is wrong, what was received and what fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


class StepgradError(Exception):
    """Anything a user can mend. The message is one clear line."""


class ShapeError(StepgradError):
    """Shapes, dtypes or settings that do not fit each other."""


class AddressError(StepgradError):
    """An address that names nothing on the timeline."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a graph: the node it was found at, and what is wrong."""

    node: str
    message: str

    def __str__(self) -> str:
        return f"{self.node}: {self.message}"


class GraphError(StepgradError):
    """Everything wrong with a graph, found before anything runs."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` where something close is known, in capitals or not, else nothing."""
    from difflib import get_close_matches

    spelt = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), spelt, n=1, cutoff=0.6)
    return f"; did you mean '{spelt[near[0]]}'?" if near else ""
