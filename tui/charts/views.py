"""The views of the look screen: what each shows in so many columns and lines, what it says above it and below."""

from __future__ import annotations

from typing import NamedTuple

from stepgrad.engine.run import Run
from stepgrad.engine.timeline import short
from stepgrad.tui.charts.axis import write
from stepgrad.tui.charts.bars import bar_lines
from stepgrad.tui.charts.curve import Curve, curve_lines, sparkline, told
from stepgrad.tui.charts.curves import Curves
from stepgrad.tui.charts.heat import Ink, legend
from stepgrad.tui.charts.histogram import bins, histogram_bars
from stepgrad.tui.charts.map_view import Asked, Window, map_of
from stepgrad.tui.charts.nearby import nearby
from stepgrad.tui.charts.norms_view import norms_of
from stepgrad.tui.charts.planes_view import planes_of
from stepgrad.tui.charts.series import Series
from stepgrad.tui.charts.subject import Subject, Tensor
from stepgrad.tui.charts.summary import summarise, summary_line, summary_lines
from stepgrad.tui.line import BLANK, Line, placed, spread, width, wrapped
from stepgrad.tui.line import Run as Styled
from stepgrad.tui.numbers import significant
from stepgrad.tui.spoken import count

NO_CELLS: Line = (("no cells, so nothing to see", "faint"),)
SHOWS_ALL: Line = (("e", "key"), (" shows all", "faint"))
PANEL = 30
"""Columns of the facts beside a map."""
PANEL_FROM = 84
"""Columns from which room is kept for it."""
APART = 3
NEARBY = 16
"""Lines of the numbers around the cursor, their name included."""
ODD_ROWS = 4
"""Bars of a histogram beside its bins: zeros, NaN, Inf, -Inf."""
SCALE = 13
"""Columns of a legend's colours."""


class Frame(NamedTuple):
    """The room of a view, and how it is to be drawn."""

    columns: int
    lines: int
    ink: Ink
    log: bool = False
    scroll: int = 0


class View(NamedTuple):
    """A view: a line above, the drawing, a line below; and how far it can be scrolled."""

    subtitle: Line
    body: list[Line]
    caption: Line = BLANK
    scrolled: int = 0


def map_view(subject: Subject, asked: Asked, frame: Frame) -> tuple[View, int]:
    """One plane as a map; beside it, where there is room, the facts and the numbers around the cursor."""
    if not subject.tensor.values.size:
        return View(_where(subject, asked), [NO_CELLS]), 0
    reserved = PANEL + APART if frame.columns >= PANEL_FROM else 0
    lines, window, largest = map_of(subject, asked, frame.columns - reserved, frame.lines, frame.ink)
    beside = max(map(width, lines)) + APART
    title = spread(_where(subject, asked), _state(subject), frame.columns)
    if beside + PANEL > frame.columns:
        return View(title, lines, _captioned(subject, asked, window, frame)), largest
    panel = [_legend(subject, frame.ink), BLANK]
    if subject.is_written:
        panel += [*summary_lines(subject.tensor.summary), BLANK]
    if not window.zoom.lines or window.folded or asked.composite:
        panel += nearby(subject, asked.plane, frame.columns - beside, min(NEARBY, frame.lines - len(panel)))
    rows = max(len(lines), len(panel))
    body = [
        placed([(0, line), (beside, other)])
        for line, other in zip(_padded(lines, rows), _padded(panel, rows), strict=True)
    ]
    return View(title, body, _caption(subject, asked, window)), largest


def _captioned(subject: Subject, asked: Asked, window: Window, frame: Frame) -> Line:
    """The caption where there is no panel: with the legend and the facts, as far as they fit."""
    found, scale = _caption(subject, asked, window), _legend(subject, frame.ink)
    if width(found) + width(scale) + APART > frame.columns:
        return found
    room = frame.columns - width(found) - width(scale) - 2 * APART
    facts = summary_line(subject.tensor.summary, room) if subject.is_written and room > 0 else BLANK
    return spread((*found, *facts), scale, frame.columns)


def planes_view(subject: Subject, plane: int, frame: Frame) -> View:
    """The planes, as many as fit on a page."""
    where = _where(subject, Asked(plane))
    if not subject.tensor.values.size:
        return View(where, [NO_CELLS])
    lines, page = planes_of(subject, plane, frame.columns, frame.lines, frame.ink)
    planes = subject.tensor.leads.size
    shown = f"planes {page.start + 1:,} to {page.stop:,} of {planes:,}" if len(page) < planes else ""
    caption = spread(_legend(subject, frame.ink), ((shown, "faint"),) if shown else BLANK, frame.columns)
    return View(spread(where, _state(subject), frame.columns), lines, caption)


def histogram_view(subject: Subject, frame: Frame) -> View:
    """How the values are spread: those that are written."""
    values = subject.values()
    found = subject.tensor.summary if subject.is_written else summarise(values)
    bars = histogram_bars(bins(values, max(frame.lines - ODD_ROWS, 2))) if values.size else []
    body = bar_lines(bars, frame.columns, log=frame.log, unicode=frame.ink.unicode)
    if found.is_constant:
        body += [BLANK, (("every cell is ", "faint"), (write(found.low), "strong"))]
    scale: Line = (("logarithmic" if frame.log else "how many cells", "faint"),)
    return View(spread(scale, _state(subject), frame.columns), body, summary_line(found, frame.columns))


def curve_view(curves: Curves, iteration: int, frame: Frame) -> View:
    """The chosen curve; below it, where there is room, all of them as sparklines."""
    if not curves.names:
        return View(
            BLANK, wrapped("No loss here. Press **Enter** and type what to draw, such as norm(x).", frame.columns)
        )
    drawn = {name: curves.series(name) for name in curves.names}
    series = drawn[curves.chosen]
    curve = Curve(series.points, series.iterations, iteration, frame.log)
    below = [] if len(drawn) < 2 else [BLANK, *(_spark(curves, name, iteration, frame) for name in drawn)]
    below = below if frame.lines - len(below) >= 10 else []
    subtitle: Line = ((series.text, "strong"), ("   ", ""), (", ".join(told(curve)), "faint"))
    if series.fault and not series.points:
        return View(((series.text, "strong"),), wrapped(series.fault, frame.columns))
    if series.iterations < 2:
        return View(subtitle, wrapped("One iteration only: there is no curve to draw.", frame.columns))
    body = curve_lines(curve, frame.columns, frame.lines - len(below), unicode=frame.ink.unicode)
    return View(subtitle, [*body, *below], _progress(curve, series, frame))


def norms_view(run: Run, iteration: int, frame: Frame) -> View:
    """The gradients of an iteration, one below the other."""
    lines, scale = norms_of(run, frame.columns, unicode=frame.ink.unicode)
    most = max(len(lines) - frame.lines, 0)
    first = min(frame.scroll, most)
    more: Line = ((f"lines {first + 1} to {first + frame.lines} of {len(lines)}", "faint"),) if most else BLANK
    title: Line = (("how large each gradient is, ", "faint"), (f"iteration {iteration}, whole", "faint"))
    return View(spread(title, more, frame.columns), lines[first : first + frame.lines], ((scale, "faint"),), most)


def _where(subject: Subject, asked: Asked) -> Line:
    """Which plane this is: its address, and which channel of which sample."""
    tensor = subject.tensor
    runs: list[Styled] = [(tensor.label(asked.plane) if not asked.composite else tensor.name, "strong")]
    samples = tensor.leads.size // max(tensor.channels, 1)
    if asked.composite:
        runs.append(("   red, green and blue", "faint"))
    elif tensor.channels > 1:
        runs.append((f"   channel {asked.plane % tensor.channels} of 0 to {tensor.channels - 1}", "faint"))
    if samples > 1:
        runs.append((f"   {_outer(tensor)} {asked.plane // tensor.channels} of 0 to {samples - 1}", "faint"))
    return tuple(runs)


def _outer(tensor: Tensor) -> str:
    """What the axis before the channels counts: filters of a weight, samples of everything else."""
    return "filter" if tensor.is_parameter else "sample"


def _state(subject: Subject) -> Line:
    """How far it is written, and what to press to see the rest."""
    if subject.whole and subject.first is not None:
        return (("at the end of the iteration   ", ""), ("e", "key"), (" as it is now", "faint"))
    if subject.is_written:
        return BLANK
    if not subject.written:
        return ((f"not written before step {(subject.first or 0) + 1:,}   ", "wrong"), *SHOWS_ALL)
    return ((f"{subject.written:,} of {subject.tensor.values.size:,} written   ", ""), *SHOWS_ALL)


def _caption(subject: Subject, asked: Asked, window: Window) -> Line:
    """The cell the step has written or how much it reads; and how many cells a cell of the map stands for."""
    runs: list[Styled] = []
    cursor = subject.cursor(asked.plane)
    if cursor is not None and subject.is_output:
        value = float(subject.tensor.planes[(asked.plane, *cursor)])
        address = short(subject.step.address, subject.step.node.spec.shape)
        runs += [(f"{address} = ", "faint"), (significant(value, 6), "strong"), ("   ", "")]
    elif cursor is not None:
        read = sum(map(len, subject.marks(asked.plane).values()))
        runs.append((f"{count(read, 'cell')} read   ", "faint"))
    if window.zoom.block > 1:
        rule = "the mean" if subject.tensor.is_picture else "the largest"
        across = "" if window.folded else f"{window.zoom.block}×"
        runs.append((f"each dot {rule} of {across}{window.zoom.block} cells", "faint"))
    return tuple(runs)


def _legend(subject: Subject, ink: Ink) -> Line:
    tensor = subject.tensor
    if tensor.is_picture:
        return ((f"black 0, white {write(tensor.white)}", "faint"),)
    low, limit = tensor.range.signed, tensor.range.limit
    if not tensor.summary.finite:
        return (("no finite number", "wrong"),)
    return tuple(legend(tensor.range.spectrum(SCALE), (write(-limit if low else 0.0), write(limit)), ink))


def _spark(curves: Curves, name: str, iteration: int, frame: Frame) -> Line:
    series = curves.series(name)
    value = Curve(series.points, series.iterations, iteration).value_at(iteration)
    label = f"{'▶' if name == curves.chosen else ' '} {name}"
    room = max(frame.columns - 36, 8)
    spark = sparkline(series.points, room, series.iterations, iteration, unicode=frame.ink.unicode)
    number = "" if value is None else write(value)
    return placed([(0, ((f"{label[:22]:<22} ", "strong" if name == curves.chosen else "label"),)), (23, spark),
                   (24 + room, ((number, ""),))])  # fmt: skip


def _progress(curve: Curve, series: Series, frame: Frame) -> Line:
    runs: list[Styled] = []
    if series.fault:
        runs.append((f"{series.fault}   ", "wrong"))
    elif series.done < series.iterations:
        runs.append((f"{series.done:,} of {series.iterations:,} iterations worked out   ", "strong"))
    if frame.log:
        runs.append(("logarithmic" if curve.can_be_log else "not above zero everywhere: no logarithm", "faint"))
    return tuple(runs)


def _padded(lines: list[Line], rows: int) -> list[Line]:
    return [*lines, *[BLANK] * (rows - len(lines))]
