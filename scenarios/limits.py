"""How large things in a scenario may be. Every bound of the file format stands here."""

from __future__ import annotations

SCENARIO_BYTES = 4 << 20
"""A scenario file."""
DATA_BYTES = 256 << 20
"""A file that an input is read from."""
MODEL_BYTES = 512 << 20
"""A model that is imported, and as much again in the files beside it."""
ELEMENTS = 1 << 26
"""Numbers in one tensor."""
NESTING = 64
"""Arrays and tables within each other, in a file."""
RANK = 8
"""Axes of a tensor."""
PADDING = 4096
"""Cells of padding on a side."""
SETTING = 1 << 26
"""Any other whole-number setting."""
LAYERS = 1000
"""Layers of a network."""
ITERATIONS = 10**9
"""Iterations of an optimizer."""
DEALT = 10**5
"""Iterations of a stage whose rows are dealt out in batches."""
ENTRIES = 10_000
"""Stops of a script, drills, topics and the like."""
CHOICES = 26
"""Answers to choose from, a letter each."""
TEXT = 10_000
"""Characters of a text."""
FAULTS = 20
"""Faults reported in one tensor."""
SHOWN = 60
"""Characters of a received value that a message quotes."""
