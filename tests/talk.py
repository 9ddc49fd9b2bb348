"""A place of a talk."""

from __future__ import annotations

from stepgrad.tui.presenting.cue import Cue

CUE = Cue(
    title="A lesson",
    heading="Zwölf",
    say="**3** again",
    notes="ask\nthem",
    following="Next one",
    at="out[0,1]",
    step=2,
    steps=9,
    stop=1,
    stops=3,
    began=1_000.0,
)
