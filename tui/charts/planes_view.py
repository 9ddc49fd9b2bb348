"""All the planes of a tensor side by side: the kernels or feature maps of many channels, by pages."""

from __future__ import annotations

from functools import partial

from stepgrad.tui.charts.heat import Ink, Marks, map_lines
from stepgrad.tui.charts.map_view import Asked, Window, window_codes
from stepgrad.tui.charts.multiples import Grid, grid, tiled
from stepgrad.tui.charts.subject import Subject
from stepgrad.tui.line import Line

KEPT = 2048
"""Planes kept as they were drawn, of one tensor."""


def planes_of(subject: Subject, plane: int, columns: int, lines: int, ink: Ink) -> tuple[list[Line], range]:
    """The page of planes that shows one of them, and the planes on it."""
    tensor = subject.tensor
    planes, high, wide = tensor.planes.shape
    label = max(len(_named(subject, planes - 1)), 2) + 1
    found = grid(planes, high, wide, columns, lines, ink, label, tensor.channels)
    page = found.page(plane, planes)
    tiles = [(_label(subject, at, chosen=at == plane), partial(_tile, subject, at, found, ink)) for at in page]
    return tiled(found, tiles, columns), page


def _named(subject: Subject, plane: int) -> str:
    """`3,0`: its place among the leading axes."""
    index = list(subject.tensor.leads.index(plane))
    while len(index) > 1 and subject.tensor.shape[-2 - len(index)] == 1:
        del index[0]
    return ",".join(map(str, index))


def _label(subject: Subject, plane: int, *, chosen: bool) -> Line:
    return ((f"▶{_named(subject, plane)}", "here"),) if chosen else ((f" {_named(subject, plane)}", "label"),)


def _tile(subject: Subject, plane: int, found: Grid, ink: Ink) -> list[Line]:
    """The lines of a plane, kept as long as nothing is written in it and the step marks nothing else."""
    _, high, wide = subject.tensor.planes.shape
    zoom, size = found.zoom, high * wide
    marks: Marks = subject.marks(plane) if zoom.block == 1 and zoom.lines else {}
    written = min(max(subject.written - plane * size, 0), size)
    key = plane, zoom, ink, written, tuple((row, tuple(cols)) for row, cols in marks.items())
    kept = subject.tensor.tiles
    if key not in kept:
        if len(kept) >= KEPT:
            kept.clear()
        codes = window_codes(subject, Asked(plane), Window(0, 0, high, wide, zoom))
        kept[key] = map_lines(codes, zoom, ink, marks)
    return kept[key]
