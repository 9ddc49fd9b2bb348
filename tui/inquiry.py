"""What can be asked about a cell. The page answers on its board, with marks and words."""

from __future__ import annotations

from dataclasses import dataclass

from stepgrad.engine.lookup import Cell
from stepgrad.tui.reach import Direction


@dataclass(frozen=True)
class Lookup:
    """Where a cell comes from (`why`), or what it goes into (`feeds`), so many levels far."""

    start: Cell
    direction: Direction
    depth: int = 1


@dataclass(frozen=True)
class Check:
    """Whether a cell is right: from the digits shown, and a gradient against the loss itself."""

    start: Cell


@dataclass(frozen=True)
class Scatter:
    """What the upstream cell of this number, from 0, adds to the gradient that the step's node writes."""

    upstream: int


Inquiry = Lookup | Check | Scatter
