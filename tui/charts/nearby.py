"""The numbers around a cell, for beside a map whose cells are too small to hold them."""

from __future__ import annotations

from stepgrad.tui.charts.subject import Subject
from stepgrad.tui.line import Line, Run


def nearby(subject: Subject, plane: int, columns: int, lines: int) -> list[Line]:
    """The numbers of a plane around what is marked, or from its first cell on, under its name.

    Marked and unwritten cells look as they do on a board.
    """
    _, high, wide = subject.tensor.planes.shape
    if not high or not wide:
        return []
    scale = subject.tensor.scale(plane)
    across, down = max((columns - 1) // (scale.width + 1), 1), max(lines - 1, 1)
    marks = subject.marks(plane)
    rows, cols = list(marks) or [0], [col for found in marks.values() for col in found] or [0]
    top, left = _start(rows, down, high), _start(cols, across, wide)
    bottom, right = min(top + down, high), min(left + across, wide)
    part = f"[{top}:{bottom}, {left}:{right}]" if (bottom - top, right - left) != (high, wide) else ""
    found: list[Line] = [((subject.tensor.label(plane), "label"), (f"  {part}", "faint"))]
    for y in range(top, bottom):
        runs: list[Run] = []
        was = False
        for x in range(left, right):
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


def _start(marked: list[int], shown: int, full: int) -> int:
    """Where to begin, so that what is marked stands in the middle, its start in sight at least."""
    middle = (min(marked) + max(marked) + 1) // 2
    return max(0, min(middle - shown // 2, min(marked), full - shown))
