"""The gradients of an iteration as bars, their norms on a logarithmic scale."""

from __future__ import annotations

from stepgrad.engine.run import Run
from stepgrad.tui.charts.axis import write
from stepgrad.tui.charts.bars import bar_lines, scale_of
from stepgrad.tui.charts.norms import gradients, norm_bars
from stepgrad.tui.line import BLANK, Line, wrapped

NONE = "This scenario has no gradients: it has no loss to differentiate, or nothing that learns."


def norms_of(run: Run, columns: int, *, unicode: bool) -> tuple[list[Line], str]:
    """The bars, those of the parameters first, and what their lengths mean."""
    groups = {what: list(norm_bars(run, names)) for what, names in gradients(run.graph).items() if names}
    if not groups:
        return wrapped(NONE, columns), ""
    bars = [bar for group in groups.values() for bar in group]
    drawn = bar_lines(bars, columns, log=True, unicode=unicode)
    lines: list[Line] = []
    at = 0
    for what, group in groups.items():
        lines += [BLANK] * bool(lines)
        lines.append(((f"gradients of the {what}" if what == "parameters" else f"gradients {what}", "strong"),))
        lines += drawn[at : at + len(group)]
        at += len(group)
    scale = scale_of([bar.amount for bar in bars], log=True)
    return lines, f"norm: root of the sum of squares; logarithmic, from {write(scale.low)} to {write(scale.high)}"
