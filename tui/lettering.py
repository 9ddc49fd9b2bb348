"""Letters in the place of numbers: the matrices of a lesson as it is written with symbols."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from stepgrad.engine.op import Spec
from stepgrad.tui.drawing import View
from stepgrad.tui.numbers import Letters
from stepgrad.tui.scene import size_of


def lettered(view: View, symbols: Mapping[str, np.ndarray[Any, Any]]) -> View:
    """The view with the letters of its tensor, where it has some."""
    found = symbols.get(view.plane.tensor)
    if found is None:
        return view
    leads, (rows, cols) = Spec(found.shape[:-2]), size_of(found.shape)
    plane = found.reshape(leads.size, rows * cols)[leads.number(view.plane.lead)]

    def piece(row: int, first: int, end: int) -> list[float]:
        return [float(row * cols + col) for col in range(first, end)]

    return view._replace(key=("letters", view.plane), scale=Letters(tuple(map(str, plane))), numbers=piece)
