"""Where each plane stands on the board: a pure layout, from what a node has to show and the room there is.

Of every operand, the planes the current cell reads stand side by side in the order of the sum. A sum in several parts
(channels, samples) has a column for each part, its planes on top of each other: weights stand under what they meet.
The last column holds what is written and what is read once (a bias). Places depend on the node and the room alone,
never on the cell, so nothing moves while stepping through a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["operand", "shared", "output"]


@dataclass(frozen=True, slots=True)
class Plane:
    """The last two axes of a tensor, at one index of the others."""

    tensor: str
    lead: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Ring:
    """How far padding reaches beyond a plane."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0


NO_RING = Ring()


@dataclass(frozen=True, slots=True)
class Slot:
    """Room for one plane: its size, its padding ring, and how wide its numbers are."""

    plane: Plane
    """The plane drawn where a cell reads none."""
    rows: int
    cols: int
    width: int
    label: int
    """Columns that the longest name of a plane of this tensor takes."""
    ring: Ring = NO_RING
    span: tuple[int, int] = (1, 1)
    """The box of cells that one step reads here."""

    @property
    def full(self) -> tuple[int, int]:
        """Rows and columns with the ring."""
        return self.rows + self.ring.top + self.ring.bottom, self.cols + self.ring.left + self.ring.right

    @property
    def cell(self) -> int:
        """Columns of one number. Where there is a ring, a place for the prime follows it."""
        return self.width + (self.ring != NO_RING)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a node's board has to hold, whichever of its cells is written."""

    parts: int
    """Parts of the sum, each with planes of its own."""
    operands: tuple[Slot, ...]
    """The planes one part reads."""
    shared: tuple[Slot, ...]
    """The planes read once, or by every part."""
    output: Slot
    outputs: int
    """How many planes the output has."""

    def with_usual_output(self) -> Plan:
        """With numbers in the output as wide as those of the operands let expect, whatever they turn out to be.

        By this the distances are chosen, so that they are the same before the output is known.
        """
        widest = max((slot.width for slot in (*self.operands, *self.shared)), default=1)
        return replace(self, output=replace(self.output, width=widest + 2))


@dataclass(frozen=True, slots=True)
class Room:
    """Empty columns beside each number, and empty lines under each row."""

    beside: int = 0
    under: int = 0


TIGHT = Room()
ROOMS = (Room(4, 1), Room(2, 1), Room(2, 0), Room(1, 0), TIGHT)
"""From the roomiest: small matrices fill a large terminal."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A slot with its place: the label stands at (x, y), the rows under it."""

    slot: Slot
    kind: Kind
    part: int
    """Which of the parts on the board, counted from the first of them."""
    number: int
    """Which slot of its kind (of its part)."""
    x: int = 0
    y: int = 0
    rows: int = 0
    cols: int = 0

    @property
    def whole(self) -> bool:
        return (self.rows, self.cols) == self.slot.full


@dataclass(frozen=True, slots=True)
class Board:
    """The placed planes, how many parts of the sum they show, and what found no place."""

    placed: tuple[Placed, ...]
    parts: int
    room: Room
    width: int
    height: int
    folded: tuple[Slot, ...] = ()

    def room_of(self, item: Placed) -> int:
        """Columns from an item to its neighbour at the right, a gap left between them."""
        right = [other.x for other in self.placed if other.x > item.x]
        return min(right) - 1 - item.x if right else max(self.width - item.x, span(item, self.room), item.slot.label)


Column = list[Placed]


def arrange(plan: Plan, width: int, height: int, roomy: int = 0) -> Board:
    """The board of a plan in `width` columns and `height` lines; numbers stand apart while that takes `roomy` lines."""
    usual = plan.with_usual_output()
    for columns in _arrangements(plan, plan.parts):
        for room in ROOMS:
            most = height if room == TIGHT else min(height, roomy)
            if room != TIGHT and _whole(usual, columns, room, width, most) is None:
                continue
            board = _whole(plan, columns, room, width, most)
            if board is not None:
                return board
    return _squeezed(plan, width, height)


def _arrangements(plan: Plan, parts: int) -> Iterator[list[Column]]:
    """The columns without the last: each plane its own where there is one part, then each part its own."""
    operands = [[Placed(s, "operand", p, i) for i, s in enumerate(plan.operands)] for p in range(parts)]
    if parts == 1:
        yield [[item] for item in operands[0]]
        if len(operands[0]) < 2:
            return
    yield operands


def _whole(plan: Plan, columns: list[Column], room: Room, width: int, height: int) -> Board | None:
    """The board with every plane in full, as many outputs as fit; None where the operands do not."""
    columns = [[replace(item, rows=item.slot.full[0], cols=item.slot.full[1]) for item in column] for column in columns]
    for outputs in range(plan.outputs, 0, -1):
        board = _stacked(plan, columns, _last(plan, outputs), room, width)
        if board.width > width:
            return None
        if board.height <= height:
            return board
        if outputs > height:
            continue
    return None


def _last(plan: Plan, outputs: int) -> Column:
    """The last column: what is written, and under it what is read once."""
    written = [Placed(plan.output, "output", 0, i) for i in range(outputs)]
    shared = [Placed(slot, "shared", 0, i) for i, slot in enumerate(plan.shared)]
    return [replace(item, rows=item.slot.full[0], cols=item.slot.full[1]) for item in [*written, *shared]]


def _stacked(plan: Plan, columns: list[Column], last: Column, room: Room, width: int) -> Board:
    """The columns side by side; the second planes of all of them start on one line, what is shared too."""
    bands = [0]
    for depth in range(max((len(column) for column in columns), default=0)):
        bands.append(bands[-1] + max(_lines(column[depth], room) for column in columns if len(column) > depth))
    every = [column for column in [*columns, last] if column]
    sizes = [max(_columns(item, room) for item in column) for column in every]
    usual = max(_columns(replace(last[0], slot=plan.with_usual_output().output), room), sizes[-1])
    gap = _gap(width - sum(sizes[:-1]) - usual, len(sizes))
    placed: list[Placed] = []
    x = 0
    for column, size in zip(every, sizes, strict=True):
        y = 0
        for depth, item in enumerate(column):
            if column is not last:
                y = bands[depth]
            elif item.kind == "shared" and item.number == 0 and len(bands) > 2:
                y = max(y, bands[1])
            placed.append(replace(item, x=x, y=y))
            y += _lines(item, room)
        x += size + gap
    height = max((item.y + _lines(item, room) for item in placed), default=0)
    return Board(tuple(placed), max(len({i.part for i in placed if i.kind == "operand"}), 1), room, x - gap, height)


def _gap(spare: int, columns: int) -> int:
    return max(1, min(3, spare // max(columns - 1, 1)))


def _lines(item: Placed, room: Room) -> int:
    """Lines of a placed plane, its label included."""
    return 1 + item.rows + (item.rows - 1) * room.under if item.rows else 1


def _columns(item: Placed, room: Room) -> int:
    return max(span(item, room), item.slot.label)


def span(item: Placed, room: Room) -> int:
    """Columns of a placed plane: its numbers, a bracket's place before each and after the last."""
    return item.cols * pitch(item.slot, room) + 1


def pitch(slot: Slot, room: Room) -> int:
    """Columns from one number to the next."""
    return slot.cell + room.beside + 1


def _squeezed(plan: Plan, width: int, height: int) -> Board:
    """The board where not everything fits: views into planes, as many parts as there is room for."""
    for parts in range(min(plan.parts, max(width // 4, 1)), 0, -1):
        for columns in _arrangements(plan, parts):
            board = _viewed(plan, columns, width, height)
            if board is not None:
                return board
    return _folded(plan, width, height)


def _viewed(plan: Plan, columns: list[Column], width: int, height: int) -> Board | None:
    """Planes cut to views that hold what one step reads; None where even that does not fit."""
    last = _last(plan, 1)
    every = [*columns, last]
    wants = [max(_columns(_full(item), TIGHT) for item in column) for column in every]
    floors = [min(want, max(_columns(_least(item), TIGHT) for item in column)) for want, column in zip(wants, every)]
    room = width - (len(every) - 1)
    if sum(floors) > room:
        return None
    sizes = shrunk(wants, floors, room)
    depth = max(len(column) for column in columns) if columns else 1
    bands = [[column[d] for column in columns if len(column) > d] for d in range(depth)]
    want_lines = [max(item.slot.full[0] for item in band) for band in bands]
    least_lines = [max(_least(item).rows for item in band) for band in bands]
    if sum(least_lines) + depth > height:
        return None
    lines = shrunk(want_lines, least_lines, height - depth)
    cut = [
        [_cut(item, size, lines[d]) for d, item in enumerate(column)]
        for column, size in zip(columns, sizes, strict=False)
    ]
    under = sum(1 + _cut(item, sizes[-1], item.slot.full[0]).rows for item in last[1:])
    room_left = height - 1 - under
    if room_left < 1:
        last, room_left = last[:1], height - 1
    ends = [_cut(item, sizes[-1], room_left if item.kind == "output" else item.slot.full[0]) for item in last]
    board = _stacked(plan, cut, ends, TIGHT, width)
    if board.height > height:
        ends[0] = replace(ends[0], rows=max(1, ends[0].rows - (board.height - height)))
        board = _stacked(plan, cut, ends, TIGHT, width)
    return board if board.height <= height and board.width <= width else None


def _folded(plan: Plan, width: int, height: int) -> Board:
    """What is written, in the room there is; the operands are only named."""
    item = _cut(_full(Placed(plan.output, "output", 0, 0)), width, max(height - 1, 0))
    folded = (*plan.operands, *plan.shared)
    return Board((item,), 1, TIGHT, span(item, TIGHT), min(height, 1 + item.rows), folded)


def _full(item: Placed) -> Placed:
    return replace(item, rows=item.slot.full[0], cols=item.slot.full[1])


def _least(item: Placed) -> Placed:
    """The smallest view of a plane that still tells: what a step reads of it, a few numbers at least."""
    (rows, cols), (high, wide) = item.slot.full, item.slot.span
    return replace(item, rows=min(rows, max(high, 2), 12), cols=min(cols, max(wide, 3), 12))


def _cut(item: Placed, columns: int, lines: int) -> Placed:
    """The plane cut to a view of so many columns and lines."""
    rows, cols = item.slot.full
    return replace(item, rows=min(rows, max(lines, 0)), cols=max(1, min(cols, (columns - 1) // (item.slot.cell + 1))))


def shrunk(wants: Sequence[int], floors: Sequence[int], room: int) -> list[int]:
    """Sizes within `room`: the largest give way first, none below its floor."""
    sizes = [min(want, max(room, floor)) for want, floor in zip(wants, floors, strict=True)]
    while sum(sizes) > room:
        largest = max((i for i, size in enumerate(sizes) if size > floors[i]), key=sizes.__getitem__, default=None)
        if largest is None:
            break
        sizes[largest] -= 1
    return sizes


def origin(first: int, span: int, shown: int, full: int) -> int:
    """Where a view starts so that it holds the `span` cells from `first`: by pages, a function of the place alone."""
    if shown >= full:
        return 0
    page = max(1, shown - span + 1)
    return max(0, min(first // page * page, full - shown))


def folded_names(slots: Iterable[Slot]) -> str:
    return ", ".join(f"{slot.plane.tensor} {slot.rows}x{slot.cols}" for slot in slots)
