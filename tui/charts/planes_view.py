"""All the planes of a sample side by side: the kernels or feature maps of many channels, by pages."""

from __future__ import annotations

from functools import partial

from stepgrad.tui.charts.heat import Ink, Marks, map_lines
from stepgrad.tui.charts.map_view import Asked, Window, window_codes
from stepgrad.tui.charts.multiples import Grid, grid, tiled
from stepgrad.tui.charts.subject import Subject
from stepgrad.tui.line import Line


def planes_of(subject: Subject, plane: int, columns: int, lines: int, ink: Ink) -> tuple[list[Line], range]:
    """The page of planes that shows one of them, and the channels on it."""
    channels = subject.tensor.channels
    _, high, wide = subject.tensor.planes.shape
    found = grid(channels, high, wide, columns, lines, ink, len(str(channels - 1)) + 2)
    first = plane - plane % channels
    page = found.page(plane - first, channels)
    tiles = [
        (_label(channel, chosen=first + channel == plane), partial(_tile, subject, first + channel, found, ink))
        for channel in page
    ]
    return tiled(found, tiles, columns), page


def _label(channel: int, *, chosen: bool) -> Line:
    return ((f"▶{channel}", "here"),) if chosen else ((f" {channel}", "label"),)


def _tile(subject: Subject, plane: int, found: Grid, ink: Ink) -> list[Line]:
    _, high, wide = subject.tensor.planes.shape
    zoom = found.zoom
    codes = window_codes(subject, Asked(plane), Window(0, 0, high, wide, zoom))
    marks: Marks = subject.marks(plane) if zoom.block == 1 else {}
    return map_lines(codes, zoom, ink, marks)
