"""The page of the catalogue: courses or topics, the list in its parts, and what is known of what is chosen in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.catalogue import FOLDER, Entry
from stepgrad.scenarios.courses import Course, prerequisites, requires
from stepgrad.scenarios.preview import Preview, preview
from stepgrad.tui.board import origin
from stepgrad.tui.footer import keys_line
from stepgrad.tui.line import BLANK, READABLE, Line, Run, clip, filled, headed, placed, spread, width, wrapped
from stepgrad.tui.numbers import measure
from stepgrad.tui.seen import mark
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.shelf import Row

WAYS = COURSES, TOPICS = "courses", "topics"
"""The two ways through the catalogue."""
OTHER = {COURSES: TOPICS, TOPICS: COURSES}
TABS = 1
"""The line of the page with the names of the courses, or the topics."""
DETAILS = 7
"""Lines about the chosen scenario, where they stand under the list."""
AIRY = 28
"""Lines from which the list stands a line away from what is above and beneath it."""
BESIDE = 110
"""Columns from which they stand beside it."""
GUTTER = 3
SEEN = 5
"""Columns of how much of a scenario was seen."""
BAR = 16
"""Columns of how much of a course was."""
MATRIX = (12, 9)
"""The most columns and rows of the first matrix."""


@dataclass(frozen=True)
class Listing:
    """What the catalogue shows."""

    rows: Sequence[Row]
    chosen: int
    search: str
    way: str
    tabs: Sequence[str]
    """The names of the courses, or the topics."""
    tab: int
    """Which of them is chosen."""
    count: int
    """How many scenarios there are."""
    done: int
    """How many of them were seen to their end."""
    course: Course | None = None
    """The course that is listed."""
    first: Sequence[str] = ()
    """What to see before what is chosen."""
    notice: str = ""


def catalogue_page(of: Listing, columns: int, lines: int) -> tuple[Page, list[tuple[int, int]]]:
    """The page, and on which line of it each row stands."""
    room = columns - MARGIN
    beside = columns >= BESIDE
    side = room // 3 if beside else 0
    left = room - side - (GUTTER if beside else 0)
    about = _about(of, side if beside else room, title=beside)
    under = [] if beside else [BLANK, *[*about, *[BLANK] * DETAILS][:DETAILS]]
    air = [BLANK] if lines >= AIRY else []
    size = max(lines - 5 - len(under) - 2 * len(air), 1)
    listed, at = _list(of, left, size)
    top: list[Line] = [
        spread((("stepgrad", "title"), ("   a time-travel debugger for neural networks", "faint")), _found(of), room),
        _tabs(of, room),
        _heading(of, room),
        *air,
    ]
    body = [placed([(0, a), (left + GUTTER, b)]) for a, b in zip_longest(listed, about[:size], fillvalue=BLANK)]
    end: list[Line] = [*air, ((of.notice, "wrong"),) if of.notice else _search(of), keys_line(_keys(of), room)]
    shown = [*top, *(body if beside else listed), *under, *end]
    page = Page(tuple(clip(placed([(MARGIN, line)]) if line else line, columns) for line in shown[:lines]))
    return page, [(len(top) + y, number) for y, number in at]


def _keys(of: Listing) -> tuple[tuple[str, str], ...]:
    turn = ("←→", of.way.removesuffix("s"))
    return (("↑↓", "choose"), turn, ("Tab", OTHER[of.way]), ("Enter", "open"), ("letters", "search"), ("q", "quit"))


def _found(of: Listing) -> Line:
    if of.course is None and (of.search or of.tab):
        return ((f"{len(of.rows)} of {of.count}", "faint"),)
    return ((f"{of.count} scenarios, {of.done} done" if of.done else f"{of.count} scenarios", "faint"),)


def _heading(of: Listing, room: int) -> Line:
    """What is listed, and how much of it was seen."""
    names = {row.name: row.seen >= 1 for row in of.rows}
    count, done = len(names), sum(names.values())
    far = done * BAR // max(count, 1)
    bar: Line = (("━" * far, "done"), ("─" * (BAR - far), "todo"), (f" {done} of {count}", "faint"))
    return spread(clip(((_called(of), "strong"),), room - width(bar) - 2), bar, room)


def _called(of: Listing) -> str:
    if of.course is not None:
        return of.course.title
    if of.tab == 0:
        return "Every scenario"
    return f"Scenarios about {of.tabs[of.tab]}"


def _search(of: Listing) -> Line:
    if not of.search:
        return (("type to search", "faint"),)
    return (("search: ", "faint"), (of.search, "strong"), ("▏", "here"))


def _tabs(of: Listing, room: int) -> Line:
    """Courses and topics; then the names of those chosen, as many as fit, the chosen one among them."""
    ways: list[Run] = [(f" {way} ", "strong" if way == of.way else "faint") for way in WAYS]
    ways += [(" │ ", "faint")]
    room -= width(tuple(ways))
    names = list(of.tabs)
    first = 0
    while first < of.tab and sum(len(name) + 3 for name in names[first : of.tab + 1]) > room - 2:
        first += 1
    runs: list[Run] = [("‹ ", "faint")] if first else []
    for i, name in enumerate(names[first:], first):
        run: Run = (f" {name} ", "chosen" if i == of.tab else "faint")
        if width((*runs, run)) > room - 2:
            runs.append(("›", "faint"))
            break
        runs += [run, (" ", "")]
    return (*ways, *runs)


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
            lines += [(BLANK, None)] * bool(number) + [(((part, "faint"),), None)]
        lines.append((_row(row, number == of.chosen, min(names, room // 2), room), number))
    here = next((i for i, (_, number) in enumerate(lines) if number == of.chosen), 0)
    first = origin(here, 1, size, len(lines))
    shown = lines[first : first + size]
    at = [(y, number) for y, (_, number) in enumerate(shown) if number is not None]
    return [*(line for line, _ in shown), *[BLANK] * (size - len(shown))], at


def _row(row: Row, chosen: bool, names: int, room: int) -> Line:
    sign, style = ("▶ ", "chosen") if chosen else ("  ", "")
    title = max(room - names - SEEN - 3, 0)
    text = f"{sign}{_cut(row.label, names - 2):<{names}}{_cut(row.entry.title, title):<{title}} "
    return clip(((text, style), (f"{mark(row.seen, is_next=row.is_next):>{SEEN}}", style or "done")), room)


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(room - 1, 0)]}…"


def _about(of: Listing, room: int, *, title: bool) -> list[Line]:
    """What is known of the chosen scenario: summary, topics, variants; the first matrix beside them or under them."""
    if not of.rows:
        return []
    entry = of.rows[min(of.chosen, len(of.rows) - 1)].entry
    found = _preview(entry.name if entry.path.parent == FOLDER else str(entry.path))
    matrix = list(_matrix(found))
    wide = max(map(width, matrix), default=0)
    beside = room >= 60 + wide
    text = room - wide - GUTTER if beside and matrix else room
    lines: list[Line] = [*wrapped(f"**{entry.title}**", text), BLANK] if title else []
    lines += wrapped(entry.summary, text)
    lines += _before(of, entry, text)
    lines += [((line, "hue0"),) for line in _folded(", ".join(entry.topics), text)]
    if entry.variants:
        lines += [((line, "faint"),) for line in _folded(f"variants: {', '.join(entry.variants)}", text)]
    if title:
        lines += _after(entry, text)
    if title and found is not None:
        lines += [BLANK, *wrapped(headed(found.heading, found.say), min(text, READABLE))]
    if not matrix:
        return lines
    if beside:
        return [placed([(0, a), (text + GUTTER, b)]) for a, b in zip_longest(lines, matrix, fillvalue=BLANK)]
    return [*lines, BLANK, *matrix]


def _before(of: Listing, entry: Entry, room: int) -> list[Line]:
    """What a scenario takes for granted: what of it to see first, or else that all of it was seen."""
    if of.first:
        return filled([("first: ", "strong"), (", ".join(of.first), "changed")], room)
    known = requires(entry.name)
    return filled([(f"builds on {', '.join(known)}, which you have seen", "faint")], room) if known else []


def _after(entry: Entry, room: int) -> list[Line]:
    """The lessons that take it for granted."""
    built = [name for name, before in prerequisites().items() if entry.name in before]
    return filled([(f"leads to {', '.join(built)}", "faint")], room) if built else []


def _folded(text: str, room: int) -> list[str]:
    return ["".join(run for run, _ in line) for line in wrapped(text, room)]


def _matrix(found: Preview | None) -> Iterator[Line]:
    """The first matrix of a scenario, or its first rows and columns."""
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
