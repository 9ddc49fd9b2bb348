"""The page of the catalogue: topics, the list in its parts, and what is known of the scenario that is chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.preview import Preview, preview
from stepgrad.tui.board import origin
from stepgrad.tui.footer import keys_line
from stepgrad.tui.line import BLANK, Line, Run, clip, placed, spread, width, wrapped
from stepgrad.tui.numbers import measure
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.shelf import Row

KEYS = (("↑↓", "choose"), ("←→", "topic"), ("Enter", "open"), ("letters", "search"), ("q", "quit"))
DETAILS = 7
"""Lines about the chosen scenario, where they stand under the list."""
BESIDE = 110
"""Columns from which they stand beside it."""
GUTTER = 3
SEEN = 5
"""Columns of how much of a scenario was seen."""
MATRIX = (12, 9)
"""The most columns and rows of the first matrix."""


@dataclass(frozen=True)
class Listing:
    """What the catalogue shows."""

    rows: Sequence[Row]
    chosen: int
    search: str
    topics: Sequence[str]
    topic: int
    count: int
    notice: str = ""


def catalogue_page(of: Listing, columns: int, lines: int) -> tuple[Page, list[tuple[int, int]]]:
    """The page, and on which line of it each row stands."""
    room = columns - MARGIN
    beside = columns >= BESIDE
    side = room * 2 // 5 if beside else 0
    left = room - side - (GUTTER if beside else 0)
    about = _about(of, side if beside else room, title=beside)
    under = [] if beside else [BLANK, *[*about, *[BLANK] * DETAILS][:DETAILS]]
    size = max(lines - 5 - len(under), 1)
    listed, at = _list(of, left, size)
    top: list[Line] = [
        spread((("stepgrad", "title"), ("   a time-travel debugger for neural networks", "faint")), _found(of), room),
        _topics(of, room),
        BLANK,
    ]
    body = [placed([(0, a), (left + GUTTER, b)]) for a, b in zip_longest(listed, about[:size], fillvalue=BLANK)]
    end: list[Line] = [((of.notice, "wrong"),) if of.notice else _search(of), keys_line(KEYS, room)]
    shown = [*top, *(body if beside else listed), *under, *end]
    page = Page(tuple(clip(placed([(MARGIN, line)]) if line else line, columns) for line in shown[:lines]))
    return page, [(len(top) + y, number) for y, number in at]


def _found(of: Listing) -> Line:
    return ((f"{len(of.rows)} of {of.count}" if of.search or of.topic else f"{of.count} scenarios", "faint"),)


def _search(of: Listing) -> Line:
    if not of.search:
        return (("type to search", "faint"),)
    return (("search: ", "faint"), (of.search, "strong"), ("▏", "here"))


def _topics(of: Listing, room: int) -> Line:
    """The topics, as many as fit, the chosen one among them."""
    names = list(of.topics)
    first = 0
    while first < of.topic and sum(len(name) + 3 for name in names[first : of.topic + 1]) > room - 2:
        first += 1
    runs: list[Run] = [("‹ ", "faint")] if first else []
    for i, name in enumerate(names[first:], first):
        run: Run = (f" {name} ", "chosen" if i == of.topic else "faint")
        if width((*runs, run)) > room - 2:
            runs.append(("›", "faint"))
            break
        runs += [run, (" ", "")]
    return tuple(runs)


def _list(of: Listing, room: int, size: int) -> tuple[list[Line], list[tuple[int, int]]]:
    """The rows under the names of their parts, as many as there are lines for, the chosen one among them."""
    if not of.rows:
        return [((f"nothing holds '{of.search}'", "faint"),), *[BLANK] * (size - 1)], []
    names = max(len(row.label) for row in of.rows) + 2
    lines: list[tuple[Line, int | None]] = []
    part = of.rows[0].part
    several = len({row.part for row in of.rows}) > 1
    for number, row in enumerate(of.rows):
        if several and (number == 0 or row.part != part):
            part = row.part
            lines += [(BLANK, None)] * bool(number) + [(((part, "strong"),), None)]
        lines.append((_row(row, number == of.chosen, min(names, room // 2), room), number))
    here = next((i for i, (_, number) in enumerate(lines) if number == of.chosen), 0)
    first = origin(here, 1, size, len(lines))
    shown = lines[first : first + size]
    at = [(y, number) for y, (_, number) in enumerate(shown) if number is not None]
    return [*(line for line, _ in shown), *[BLANK] * (size - len(shown))], at


def _row(row: Row, chosen: bool, names: int, room: int) -> Line:
    mark, style = ("▶ ", "chosen") if chosen else ("  ", "")
    title = max(room - names - SEEN - 3, 0)
    text = f"{mark}{_cut(row.label, names - 2):<{names}}{_cut(row.entry.title, title):<{title}} "
    return clip(((text, style), (f"{_seen(row):>{SEEN}}", style or "done")), room)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(room - 1, 0)]}…"


def _seen(row: Row) -> str:
    """How much of it was seen: `done`, `40%`, nothing."""
    if row.seen >= 1:
        return "done"
    return f"{max(int(100 * row.seen), 1)}%" if row.seen > 0 else ""


def _about(of: Listing, room: int, *, title: bool) -> list[Line]:
    """What is known of the chosen scenario: summary, topics, variants; the first matrix beside them or under them."""
    if not of.rows:
        return []
    entry = of.rows[min(of.chosen, len(of.rows) - 1)].entry
    matrix = list(_matrix(entry.name if entry.path.parent.name == "catalogue" else str(entry.path)))
    wide = max(map(width, matrix), default=0)
    beside = room >= 60 + wide
    text = room - wide - GUTTER if beside and matrix else room
    lines: list[Line] = [*wrapped(f"**{entry.title}**", text), BLANK] if title else []
    lines += wrapped(entry.summary, text)
    lines += [((line, "hue0"),) for line in _folded(", ".join(entry.topics), text)]
    if entry.variants:
        lines += [((line, "faint"),) for line in _folded(f"variants: {', '.join(entry.variants)}", text)]
    if not matrix:
        return lines
    if beside:
        return [placed([(0, a), (text + GUTTER, b)]) for a, b in zip_longest(lines, matrix, fillvalue=BLANK)]
    return [*lines, BLANK, *matrix]


def _folded(text: str, room: int) -> list[str]:
    return ["".join(run for run, _ in line) for line in wrapped(text, room)]


def _matrix(name: str) -> Iterator[Line]:
    """The first matrix of a scenario, or its first rows and columns."""
    found = _preview(name)
    if found is None or not found.planes:
        return
    label, rows = found.planes[0]
    wide, high = MATRIX
    shown = [[float(value) for value in row[:wide]] for row in rows[:high]]
    scale = measure([value for row in shown for value in row])
    size = f"{len(rows)}×{len(rows[0])}"
    yield ((label, "label-new"), (f"  {size}", "faint"))
    for row in shown:
        more = " …" if len(rows[0]) > wide else ""
        yield ((" ".join(f"{scale.text(value):>{scale.width}}" for value in row) + more, ""),)
    if len(rows) > high:
        yield (("…", "faint"),)


@lru_cache(64)
def _preview(name: str) -> Preview | None:
    try:
        return preview(name)
    except StepgradError:
        return None
