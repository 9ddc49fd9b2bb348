"""stepgrad: a time-travel debugger for neural networks, in a terminal.

>>> import stepgrad
>>> lesson = stepgrad.open("edge-detection-5x5")
>>> lesson.step(0).arithmetic()
'(1*1) + (1*0) + (1*0) + (1*1) + (0*0) + (0*0) + (1*1) + (0*0) + (0*0) = 3'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

__version__ = "0.1.0"
__all__ = ["__version__", "open"]


def open(name: str, **settings: object) -> Lesson:
    """Open a scenario: a catalogue name, `NAME:variant`, or the path of a file.

    `settings` override keys of the scenario, as `--set` does: `open("edge-detection-5x5", **{"layers.0.stride": 2})`.
    """
    from stepgrad.scenarios.lesson import open_lesson

    return open_lesson(name, settings)
