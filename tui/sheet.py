"""How the lines of a terminal are shared out between the parts of the page, and how these are put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from stepgrad.tui.arrange import arrange
from stepgrad.tui.board import Plan
from stepgrad.tui.layout import PLAYER, Layout
from stepgrad.tui.line import BLANK, Line, clip, filled, placed, plain, width

if TYPE_CHECKING:
    from stepgrad.tui.progress import Bar

MARGIN = 1
"""Empty columns at the left."""
TALL = 28
"""Lines of a terminal from which an empty one follows the title."""
UNBOUNDED = 1 << 20


class Page(NamedTuple):
    """Every line of the screen, where the cell just written stands, and what found no room."""

    lines: tuple[Line, ...]
    cursor: tuple[int, int] | None = None
    pages: int = 1
    """How many pages the sum has."""
    page: int = 0
    """Which of them this is."""
    top: int = 0
    """The line on which the board starts."""
    bars: tuple[tuple[int, Bar], ...] = ()
    """The line of each bar of the timeline, and the bar as it stands on the screen."""
    cut: tuple[str, ...] = ()
    """Parts that lost lines or columns; a long sum or a large plane that pages is not among them."""


class Heights(NamedTuple):
    """Lines of each part of the page."""

    title: int = 1
    board: int = 0
    formula: int = 0
    note: int = 0
    terms: int = 0
    result: int = 0
    narration: int = 0
    watches: int = 0
    progress: int = 1
    footer: int = 1
    blank: int = 0
    """Empty lines that are left over."""

    @property
    def taken(self) -> int:
        parts = (self.title, self.board, self.formula, self.note, self.terms, self.result)
        return sum(parts) + self.narration + self.watches + self.progress + self.footer

    def with_board(self, lines: int) -> Heights:
        return self._replace(board=lines)


# What is done without first, so that the planes stay whole: the note, the progress line (the footer takes it in).
_WITHOUT: tuple[dict[str, int], ...] = ({}, {"progress": 1}, {"note": 0, "progress": 1}, {"note": 0, "progress": 0})

# What gives way where that is not enough, and down to how many lines, in this order.
_CUTS = (
    ("note", 0), ("progress", 1), ("watches", 1), ("board", 11), ("terms", 4), ("narration", 4), ("board", 6),
    ("progress", 0), ("terms", 1), ("narration", 2), ("formula", 0), ("board", 4), ("title", 0), ("terms", 0),
    ("narration", 1), ("board", 2), ("narration", 0), ("watches", 0), ("footer", 0), ("result", 1), ("board", 0),
    ("result", 0),
)  # fmt: skip

# Half of these says nothing.
_UNCUT = {"note", "formula"}


def share(wanted: Heights, lines: int) -> Heights:
    """The heights that fit `lines`, which are all given out."""
    for without in _WITHOUT:
        heights = wanted._replace(**{part: min(size, getattr(wanted, part)) for part, size in without.items()})
        if heights.taken <= lines:
            return heights._replace(blank=lines - heights.taken)
    heights = wanted
    for part, floor in (("terms", max(lines // 3, 4)), *_CUTS):
        over = heights.taken - lines
        if over <= 0:
            break
        has: int = getattr(heights, part)
        heights = heights._replace(**{part: 0 if part in _UNCUT else min(has, max(floor, has - over))})
    return heights._replace(blank=max(lines - heights.taken, 0))


def silent(heights: Heights) -> Heights:
    """The heights without the working, whose lines are left over."""
    left = heights.formula + heights.note + heights.terms + heights.result
    return heights._replace(formula=0, note=0, terms=0, result=0, blank=heights.blank + left)


def speaking(heights: Heights, lines: int) -> Heights:
    """The heights with so many lines of narration: from what is left over, then from the note, then from the terms."""
    for part, least in (("blank", 0), ("note", 0), ("terms", 1), ("watches", 0)):
        size: int = getattr(heights, part)
        more = max(min(lines - heights.narration, size - least), 0)
        heights = heights._replace(narration=heights.narration + more, **{part: size - more})
    left = max(heights.narration - lines, 0)
    return heights._replace(narration=heights.narration - left, blank=heights.blank + left)


def whole_bands(heights: Heights, terms: int, band: int) -> Heights:
    """The heights with terms that page a whole number of bands at a time; the board gets what that leaves."""
    if heights.terms >= terms or heights.terms < band:
        return heights
    left = heights.terms % band
    return heights._replace(terms=heights.terms - left, board=heights.board + left)


def natural(
    wanted: Heights, plan: Plan, columns: int, lines: int, roomy_part: float = PLAYER.roomy, *, large: bool = False
) -> tuple[Heights, int]:
    """The heights with the board as large as it may be, and how many lines it may take to stand roomy.

    None where its numbers can not stand apart, or not `large`.
    """
    wanted = wanted._replace(title=2 if lines >= TALL else 1)
    room = int(lines * roomy_part)
    if large:
        room = max(min(room, lines - wanted.with_board(0).taken), 0)
    board = arrange(plan, columns, UNBOUNDED, room, large=large)
    roomy = wanted.with_board(board.height)
    if roomy.taken <= lines and (board.room.scale or not large):
        return share(roomy, lines), room
    return share(wanted.with_board(arrange(plan, columns, UNBOUNDED, 0).height), lines), 0


def spacious(
    wanted: Sequence[Heights], plan: Plan, columns: int, lines: int, layout: Layout
) -> tuple[bool, Heights, int]:
    """The first of the heights wished for with which the numbers can be large; else with which they stand apart.

    Whether they are large, the heights, and the lines of the board as of `natural`.
    """
    for large in (True, False) if layout.large else (False,):
        for one in wanted:
            heights, room = natural(one, plan, columns, lines, layout.roomy, large=large)
            if room:
                return large, heights, room
    return False, heights, room


def assemble(
    heights: Heights,
    columns: int,
    *,
    rail: Sequence[Line] = (),
    rail_at: int = 0,
    cursor: tuple[int, int] | None = None,
    pages: int = 1,
    page: int = 0,
    bars: Sequence[tuple[str, int, Bar]] = (),
    beneath: Sequence[Line] = (),
    **parts: Sequence[Line],
) -> Page:
    """The page: its parts from top to bottom, each in its own height, empty lines between them where there are any.

    What is `beneath` the words stands in the last of these, if there are enough.
    """
    lines: list[Line] = []
    cut = []
    tops = {}
    apart = {"formula": heights.blank > 1, "narration": heights.blank > 0}
    left = heights.blank - apart["formula"] - apart["narration"]
    for name in ("title", "board", "formula", "note", "terms", "result", "narration", "watches", "progress", "footer"):
        size: int = getattr(heights, name)
        if name == "watches":
            shown = beneath if len(beneath) < left else ()
            lines += [*[BLANK] * max(left - len(shown), 0), *(placed([(MARGIN, line)]) for line in shown)]
        elif apart.get(name):
            lines.append(BLANK)
        if name == "board" and cursor is not None:
            cursor = (cursor[0] + MARGIN, cursor[1] + len(lines)) if cursor[1] < size else None
        tops[name] = len(lines)
        found = list(parts.get(name, ()))
        if any(width(line) > columns - MARGIN for line in found) or len(found) > size:
            cut.append(name)
        lines += [placed([(MARGIN, line)]) for line in [*found, *[BLANK] * size][:size]]
    framed = [
        placed([(0, clip(line, rail_at)), (rail_at, rail[at])]) if at < len(rail) and rail[at] else line
        for at, line in enumerate(lines)
    ]
    placed_bars = tuple((tops[part] + line, bar._replace(x=bar.x + MARGIN)) for part, line, bar in bars)
    clipped = tuple(clip(line, columns) for line in framed)
    return Page(clipped, cursor, pages, page, tops["board"], placed_bars, tuple(cut))


def noticed(page: Page, notice: str, columns: int, style: str = "strong") -> Page:
    """The page with what there is to say over its last lines, where that is too long for the line of the keys."""
    if not notice or not page.lines or notice in plain(page.lines[-1]):
        return page
    said = [placed([(MARGIN, line)]) for line in filled([(notice, style)], columns - MARGIN)]
    above, keys = page.lines[:-1], page.lines[-1:]
    kept = above[: max(len(above) - len(said), 0)]
    return page._replace(lines=(*kept, *said, *keys)[: len(page.lines)])
