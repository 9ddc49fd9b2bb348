"""Draws a board: rows of numbers, brackets round each run of read cells, a prime on padding, `?` next, a dot unwritten.

The cell cursor stands between angle brackets: `>3<`.

A row is made once and kept, so a step costs what it changes and not what is on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, Protocol

from stepgrad.tui.board import NO_RING, Board, Placed, Plane, Room
from stepgrad.tui.glyphs import columns_of, glyphs
from stepgrad.tui.line import BLANK, Line, Run, clip, placed

KEPT = 8192
"""Rows kept before all are forgotten."""

PADDING: Run = ("0'", "padding")
PADDING_NOTE = "0' = padding"

BRACKETS, BRACES, ANGLES = "[]", "{}", "><"
"""What stands round a run of marked cells, and round the cell cursor."""
TALL = {"[": ("┌", "│", "└"), "]": ("┐", "│", "┘")}
"""Brackets of several lines: the first, those between, the last."""

Columns = tuple[int, ...]
NO_MARKS: Mapping[int, Columns] = MappingProxyType({})
Numbers = Callable[[int, int, int], Sequence[float]]
"""The numbers of a plane: (row, first column, column after the last)."""


Flags = Callable[[int, int, int], Sequence[bool]]
CHANGED = "*"


class Texts(Protocol):
    """How numbers are written."""

    def text(self, value: float) -> str: ...


class Written(NamedTuple):
    """How far a plane of the output is written, in row order, and the cell that comes next."""

    cells: int
    next: tuple[int, int] | None


class View(NamedTuple):
    """A plane on the board: which numbers, which part of them, and which are marked."""

    item: Placed
    name: str
    key: Hashable
    """Stands for the numbers: two views with one key show the same ones."""
    scale: Texts
    numbers: Numbers
    top: int = 0
    left: int = 0
    """The first row and column shown, counted with the padding ring."""
    marks: Mapping[int, Columns] = NO_MARKS
    """Row -> marked columns, both as the tensor counts them: those of the ring lie outside it."""
    style: str = "read0"
    written: Written | None = None
    """None where the plane is whole."""
    plane: Plane = Plane("")
    signs: str = BRACKETS
    """What stands before and after a run of marked cells."""
    pointer: tuple[int, int] | None = None
    """The cell cursor, where it is in this plane."""
    changed: Flags | None = None
    """Which numbers are not what they were, asked for as the numbers are."""

    @property
    def rows(self) -> range:
        """The rows shown, as the tensor counts them."""
        first = self.top - self.item.slot.ring.top
        return range(first, first + self.item.rows)

    @property
    def columns(self) -> range:
        first = self.left - self.item.slot.ring.left
        return range(first, first + self.item.cols)


class Drawn(NamedTuple):
    """The lines of a board, and where the cell cursor stands in them, else the cell just written."""

    lines: list[Line]
    cursor: tuple[int, int] | None = None


class Drawing:
    """Draws boards, and keeps the rows it made."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, list[Line]] = {}

    def draw(self, board: Board, views: Iterable[View]) -> Drawn:
        lines: list[list[tuple[int, Line]]] = [[] for _ in range(board.height)]
        cursor, pointer = None, None
        noted = False
        for view in views:
            item = view.item
            label = _label(view, board.room_of(item), noted=noted)
            noted = noted or view.item.slot.ring != NO_RING
            for at, line in enumerate([label, *self._lines(view, board.room)], item.y):
                if at < board.height:
                    lines[at].append((item.x, line))
            cursor = cursor or _cursor(view, board.room)
            pointer = pointer or (view.pointer and _at(view, *view.pointer, board.room))
        if board.folded:
            names = ", ".join(f"{slot.plane.tensor} {slot.rows}x{slot.cols}" for slot in board.folded)
            lines[-1].append((0, ((f"reads {names}", "faint"),)))
        return Drawn([placed(sorted(pieces)) if pieces else BLANK for pieces in lines], pointer or cursor)

    def _lines(self, view: View, room: Room) -> Iterator[Line]:
        """The rows shown, each with the empty lines that keep it apart from the next."""
        last = view.rows[-1] if view.rows else 0
        for row in view.rows:
            marks = view.marks.get(row, ())
            below = view.marks.get(row + 1, ()) if room.under and row != last else None
            state = _state(view, row), _pointed(view, row)
            key = (view.key, row, view.left, view.item.cols, room, marks, below, state, view.style, view.signs)
            kept = self._kept.get(key)
            if kept is None:
                if len(self._kept) >= KEPT:
                    self._kept.clear()
                kept = self._kept[key] = list(_row(view, row, room, marks, below))
            yield from kept


def _row(view: View, row: int, room: Room, marks: Columns, below: Columns | None) -> Iterator[Line]:
    numbers, marked, pointed = _texts(view, row), set(marks), _pointed(view, row)
    # Dark letters that reach the edge of their bright ground would run into the dark around it.
    look = "strong" if room.scale and view.style == "new" else view.style
    for line in range(room.lines):
        runs: list[Run] = []
        was = ("", "")
        for col, (text, style) in zip(view.columns, numbers, strict=True):
            now = (ANGLES, "pointer") if col == pointed else (view.signs, look) if col in marked else ("", "")
            # A blank takes the look of its neighbour: the fewer runs, the less there is to paint.
            _add(runs, _between(was, now, line, room) or (" ", style))
            _add(runs, _fitted(text, view, room, now[1] or style, line))
            was = now
        _add(runs, _between(was, ("", ""), line, room) or (" ", runs[-1][1] if runs else ""))
        yield tuple(runs)
    if below is not None:
        under = _under(view, room, marked & set(below))
        for _ in range(room.under + 1 - room.lines):
            yield under


def _between(left: Run, right: Run, line: int, room: Room) -> Run | None:
    """What stands between two numbers, of which each is marked by its signs in its style; None where neither is."""
    if left == right:
        return (" ", left[1]) if left[0] else None
    sign, style = (right[0][0], right[1]) if right[0] and left[0] != ANGLES else (left[0][1], left[1])
    if room.lines > 1 and sign in TALL:
        top, between, bottom = TALL[sign]
        return top if line == 0 else bottom if line == room.lines - 1 else between, style
    return sign if line == room.lines // 2 else " ", style


def _texts(view: View, row: int) -> list[Run]:
    """The numbers of a row, each with its style."""
    slot, columns = view.item.slot, view.columns
    if not 0 <= row < slot.rows:
        return [PADDING] * len(columns)
    first = min(max(columns.start, 0), slot.cols)
    end = max(min(columns.stop, slot.cols), first)
    runs: list[Run] = [(view.scale.text(value), "") for value in view.numbers(row, first, end)]
    if view.changed is not None:
        for at, changed in enumerate(view.changed(row, first, end)):
            runs[at] = (runs[at][0] + CHANGED, "changed") if changed else runs[at]
    if view.written is not None:
        done, following = _written(view, row), view.written.next
        for at, col in enumerate(range(first, end)):
            if (row, col) == following:
                runs[at] = ("?", "next")
            elif col >= done:
                runs[at] = (".", "unwritten")
    before = min(max(-columns.start, 0), len(columns))
    return [PADDING] * before + runs + [PADDING] * (len(columns) - before - len(runs))


def _written(view: View, row: int) -> int:
    """How many cells of a row are written."""
    assert view.written is not None
    return min(max(view.written.cells - row * view.item.slot.cols, 0), view.item.slot.cols)


def _state(view: View, row: int) -> tuple[int, int | None] | None:
    """How many cells of a row are written, and the column that comes next if it is in this row."""
    if view.written is None:
        return None
    following = view.written.next
    return _written(view, row), following[1] if following is not None and following[0] == row else None


def _fitted(text: str, view: View, room: Room, style: str, line: int) -> Run:
    """A line of a number in its cell: its last digit stands in one column, the place for a prime behind it."""
    slot = view.item.slot
    if room.scale:
        enlarged = glyphs(text, room.scale) if style != "unwritten" else None
        size = slot.pitch(room) - 1
        room_behind = columns_of(0, slot.cell - slot.width, room.scale) * (not text.endswith(("'", CHANGED)))
        if enlarged is None or len(enlarged[line]) + room_behind > size:
            return f"{f'{text} ' if line == room.lines // 2 else '':>{size}}", style
        return f"{enlarged[line] + ' ' * room_behind:>{size}}", style
    tail = " " if slot.cell > slot.width and not text.endswith(("'", CHANGED)) else ""
    after = _after(view, room)
    return f"{text + tail:>{slot.pitch(room) - 1 - after}}{' ' * after}", style


def _after(view: View, room: Room) -> int:
    """Columns behind a number where the room is wider than it."""
    if room.scale:
        return room.scale
    return (view.item.slot.pitch(room) - 1 - view.item.slot.cell) // 2


def _under(view: View, room: Room, marked: set[int]) -> Line:
    """An empty line under a row, filled where the cells above and below are both marked."""
    runs: list[Run] = []
    size = view.item.slot.pitch(room)
    was = False
    for col in view.columns:
        now = col in marked
        _add(runs, (" ", view.style if was or now else ""))
        _add(runs, (" " * (size - 1), view.style if now else ""))
        was = now
    _add(runs, (" ", view.style if was else ""))
    return tuple(runs)


def _add(runs: list[Run], run: Run) -> None:
    """Append a run, joined to the one before where they look the same."""
    if runs and runs[-1][1] == run[1]:
        runs[-1] = (runs[-1][0] + run[0], run[1])
    else:
        runs.append(run)


def _label(view: View, room: int, *, noted: bool) -> Line:
    """The plane's name; then, where there is room, what the primes mean or which part of it is shown."""
    item, slot = view.item, view.item.slot
    shown = view.name if len(view.name) <= room else f"{view.name[: max(room - 1, 0)]}…"
    name: Run = (shown, "label-new" if view.style == "new" and view.marks else "label")
    left = room - len(shown) - 2
    more: list[str] = []
    if not item.is_whole:
        size = str(slot.cols) if slot.rows == 1 else f"{slot.rows}x{slot.cols}"
        more = [f"{_shown(view.rows, view.columns, slot.rows)} of {size}", f"of {size}"]
    elif slot.ring != NO_RING and not noted:
        more = [f"({PADDING_NOTE})", PADDING_NOTE]
    fitting = next((text for text in more if len(text) <= left), "")
    return clip((name, (f"  {fitting}", "faint")) if fitting else (name,), room)


def _shown(rows: range, columns: range, high: int) -> str:
    """`[3:9, 0:7]`, of a row `[0:4]`."""
    part = f"{columns.start}:{columns.stop}"
    return f"[{part}]" if high == 1 else f"[{rows.start}:{rows.stop}, {part}]"


def _cursor(view: View, room: Room) -> tuple[int, int] | None:
    """Where the cell just written stands: the last character of its number."""
    if view.style != "new":
        return None
    found = ((row, col) for row, columns in view.marks.items() for col in columns)
    return next((at for cell in found if (at := _at(view, *cell, room)) is not None), None)


def _at(view: View, row: int, col: int, room: Room) -> tuple[int, int] | None:
    """Where a cell stands: the last character of its number."""
    if row not in view.rows or col not in view.columns:
        return None
    line = (row - view.rows.start) * (1 + room.under) + room.lines // 2
    x = (col - view.columns.start + 1) * view.item.slot.pitch(room) - 1 - _after(view, room)
    return view.item.x + x, view.item.y + 1 + line


def _pointed(view: View, row: int) -> int | None:
    """The column of the cell cursor, where it is in this row."""
    return view.pointer[1] if view.pointer is not None and view.pointer[0] == row else None
