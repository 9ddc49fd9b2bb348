"""The numbers around a cell, for beside a map whose cells are too small to hold them."""

from __future__ import annotations

from stepgrad.tui.charts.subject import Subject
from stepgrad.tui.line import Line, Run


def nearby(subject: Subject, plane: int, columns: int, lines: int) -> list[Line]:
    """The numbers of a plane around its cursor, or from its first cell on; marked and unwritten cells as on a board."""
    _, high, wide = subject.tensor.planes.shape
    if not high or not wide:
        return []
    scale = subject.tensor.scale(plane)
    across, down = max((columns - 1) // (scale.width + 1), 1), max(lines, 1)
    cursor, marks = subject.cursor(plane), subject.marks(plane)
    row, col = cursor or (0, 0)
    top, left = max(0, min(row - down // 2, high - down)), max(0, min(col - across // 2, wide - across))
    found = []
    for y in range(top, min(top + down, high)):
        runs: list[Run] = []
        was = False
        for x in range(left, min(left + across, wide)):
            number = plane * high * wide + y * wide + x
            now = x in marks.get(y, ())
            text = scale.text(float(subject.tensor.planes[plane, y, x])) if number < subject.written else "."
            style = ("new" if subject.is_output else "read0") if now else "" if text != "." else "unwritten"
            runs += [
                ("]" if was and not now else "[" if now and not was else " ", ""),
                (f"{text:>{scale.width}}", style),
            ]
            was = now
        found.append((*runs, ("]" if was else " ", "")))
    return found
