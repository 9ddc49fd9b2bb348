"""Where each plane stands on the board: a pure layout, from what a node has to show and the room there is.

Of every operand, the planes the current cell reads stand side by side in the order of the sum. A sum in several parts
(channels, samples) has a column for each part, its planes on top of each other: weights stand under what they meet.
The last column holds what is written and what is read once (a bias). Places depend on the node and the room alone,
never on the cell, so nothing moves while stepping through a node.

What the first frame needs are named tuples: a dataclass takes five times as long to make, and somebody waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

Kind = Literal["operand", "shared", "output"]


class Plane(NamedTuple):
    """The last two axes of a tensor, at one index of the others."""

    tensor: str
    lead: tuple[int, ...] = ()


class Ring(NamedTuple):
    """How far padding reaches beyond a plane."""

    top: int = 0
    bottom: int = 0
    left: int = 0
    right: int = 0


NO_RING = Ring()


class Slot(NamedTuple):
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


class Plan(NamedTuple):
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

    @property
    def is_aligned(self) -> bool:
        """Whether the operands have as many columns each: cell by cell, what meets stands in one column."""
        return len(self.operands) > 1 and len({slot.full[1] for slot in self.operands}) == 1

    def aligned(self) -> Plan:
        """With numbers of one width in operands that stand column under column."""
        if not self.is_aligned:
            return self
        widest = max(slot.width for slot in self.operands)
        return self._replace(operands=tuple(slot._replace(width=widest) for slot in self.operands))

    def with_usual_output(self) -> Plan:
        """With numbers in the output as wide as those of the operands let expect, whatever they turn out to be.

        By this the distances are chosen, so that they are the same before the output is known.
        """
        widest = max((slot.width for slot in (*self.operands, *self.shared)), default=1)
        return self._replace(output=self.output._replace(width=widest + 2))


class Room(NamedTuple):
    """How far apart numbers stand: columns from one to the next at least, and empty lines under each row."""

    pitch: int = 0
    under: int = 0


TIGHT = Room()
ROOMS = (
    Room(14, 4), Room(11, 3), Room(8, 2), Room(6, 1), Room(5, 1), Room(4, 1), Room(3, 1), Room(0, 1),
    Room(5), Room(4), Room(3), TIGHT,
)  # fmt: skip
"""From the roomiest: small matrices fill a large terminal, their cells about as high as wide."""


class Placed(NamedTuple):
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


class Board(NamedTuple):
    """The placed planes, how many parts of the sum they show, and what found no place."""

    placed: tuple[Placed, ...]
    parts: int
    room: Room
    width: int
    height: int
    folded: tuple[Slot, ...] = ()

    @property
    def cells(self) -> int:
        """How many cells of operands are shown."""
        return sum(item.rows * item.cols for item in self.placed if item.kind == "operand")

    def room_of(self, item: Placed) -> int:
        """Columns from an item to its neighbour at the right, a gap left between them."""
        right = [other.x for other in self.placed if other.x > item.x]
        return min(right) - 1 - item.x if right else max(self.width - item.x, span(item, self.room), item.slot.label)


Column = list[Placed]

AIRY = 10
"""For so many lines that a roomy board may take, its rows stand one line further apart."""
NARROWEST = 4
"""Columns of the narrowest plane."""
LEAST = (12, 6, 3, 1)
"""Rows and columns above which a view may be smaller than what a step reads, the wished for first."""


def arrange(plan: Plan, width: int, height: int, roomy: int = 0) -> Board:
    """The board of a plan in `width` columns and `height` lines; numbers stand apart while that takes `roomy` lines."""
    usual = plan.with_usual_output()
    flat = all(slot.full[0] == 1 for slot in (*plan.operands, *plan.shared, plan.output))
    for columns in _arrangements(plan, plan.parts, plan.parts):
        for room in [room for room in ROOMS if room.under <= (0 if flat else roomy // AIRY)]:
            most = height if room == TIGHT else min(height, roomy)
            if room != TIGHT and _whole(usual, columns, room, width, most) is None:
                continue
            board = _whole(plan, columns, room, width, most)
            if board is not None:
                return board
    return _squeezed(plan, width, height)


def _arrangements(plan: Plan, parts: int, columns: int) -> Iterator[list[Column]]:
    """The columns without the last: each plane its own where there is one part, then each part its own.

    More parts than columns stand under the first ones.
    """
    operands = [[Placed(s, "operand", p, i) for i, s in enumerate(plan.operands)] for p in range(parts)]
    if parts == 1:
        yield [[item] for item in operands[0]]
    if parts > 1 or len(operands[0]) > 1:
        yield [[item for part in operands[first::columns] for item in part] for first in range(columns)]


def _whole(plan: Plan, columns: list[Column], room: Room, width: int, height: int) -> Board | None:
    """The board with every plane in full, as many outputs as fit; None where the operands do not."""
    full = [[_full(item) for item in column] for column in columns]
    most = max(1, min(plan.outputs, height // _lines(_full(_output(plan, 0)), room)))
    for outputs in range(most, 0, -1):
        last = [*(_output(plan, i) for i in range(outputs)), *_shared(plan)]
        board = _stacked(plan, full, [_full(item) for item in last], room, width)
        if board.width > width:
            return None
        if board.height <= height:
            return board
    return None


def _output(plan: Plan, number: int) -> Placed:
    return Placed(plan.output, "output", 0, number)


def _shared(plan: Plan) -> Column:
    return [Placed(slot, "shared", 0, i) for i, slot in enumerate(plan.shared)]


def _stacked(plan: Plan, columns: list[Column], last: Column, room: Room, width: int) -> Board:
    """The columns side by side; the second planes of all of them start on one line, what is shared too if it can."""
    bands = [0]
    for depth in range(max((len(column) for column in columns), default=0)):
        bands.append(bands[-1] + max(_lines(column[depth], room) for column in columns if len(column) > depth))
    under = sum(_lines(item, room) for item in last if item.kind == "shared")
    beneath = bands[1] if len(bands) > 2 and bands[1] + under <= bands[-1] else 0
    every = [column for column in [*columns, last] if column]
    sizes = [max(_columns(item, room) for item in column) for column in every]
    usual = max(_columns(last[0]._replace(slot=plan.with_usual_output().output), room), sizes[-1])
    gap = _gap(width - sum(sizes[:-1]) - usual, len(sizes))
    placed: list[Placed] = []
    x = 0
    for column, size in zip(every, sizes, strict=True):
        y = 0
        for depth, item in enumerate(column):
            y = max(y, bands[depth] if column is not last else beneath if item.kind == "shared" else 0)
            placed.append(item._replace(x=x, y=y))
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
    return max(slot.cell + 1, room.pitch)


def _squeezed(plan: Plan, width: int, height: int) -> Board:
    """The board where not everything fits: views into planes, of as many parts as there is room for."""
    for least in LEAST:
        part = sum(1 + _least(Placed(slot, "operand", 0, 0), least).rows for slot in plan.operands)
        best, score = None, (0, 0)
        for count in range(min(plan.parts, max(width // NARROWEST, 1)), 0, -1):
            parts = min(plan.parts, count * max(height // max(part, 1), 1))
            arrangements = list(_arrangements(plan, parts, count))
            if plan.is_aligned:
                arrangements.reverse()
            boards = [_viewed(plan, columns, width, height, least) for columns in arrangements]
            board = next((board for board in boards if board is not None), None)
            if board is not None and (board.parts, board.cells) > score:
                best, score = board, (board.parts, board.cells)
        if best is not None:
            return best
    return _folded(plan, width, height)


def _viewed(plan: Plan, columns: list[Column], width: int, height: int, least: int) -> Board | None:
    """Planes cut to views that hold what one step reads, up to `least`; None where that does not fit."""
    every = [*columns, [_output(plan, 0), *_shared(plan)]]
    wants = [max(_columns(_full(item), TIGHT) for item in column) for column in every]
    floors = [max(_columns(_least(item, least), TIGHT) for item in column) for column in every]
    room = width - len(columns)
    # The operands come first: what is written gets a third, unless they leave more.
    last = min(wants[-1], max(floors[-1], room // 3, room - sum(wants[:-1])))
    sizes = [*shrunk(wants[:-1], floors[:-1], room - last), last]
    depths = range(max(map(len, columns), default=0))
    bands = [[column[depth] for column in columns if len(column) > depth] for depth in depths]
    wants = [1 + max(item.slot.full[0] for item in band) for band in bands]
    floors = [1 + max(_least(item, least).rows for item in band) for band in bands]
    lines = shrunk(wants, floors, height)
    if sum(sizes) > room or sum(lines) > height:
        return None
    cut = [
        [_cut(item, size, lines[depth] - 1) for depth, item in enumerate(column)]
        for column, size in zip(columns, sizes, strict=False)
    ]
    board = _stacked(plan, cut, _ending(plan, sizes[-1], height), TIGHT, width)
    return board if board.height <= height and board.width <= width else None


def _ending(plan: Plan, size: int, height: int) -> Column:
    """The last column cut to a size: what is shared in full if it can be, above it as many outputs as fit."""
    shared = [_cut(item, size, item.slot.full[0]) for item in _shared(plan)]
    under = sum(_lines(item, TIGHT) for item in shared)
    if under + 2 > height:
        shared, under = [], 0
    one = min(plan.output.full[0], height - under - 1)
    outputs = min(plan.outputs, max((height - under) // (one + 1), 1))
    return [*(_cut(_output(plan, i), size, one) for i in range(outputs)), *shared]


def _folded(plan: Plan, width: int, height: int) -> Board:
    """What is written, in the room there is; the operands are only named."""
    item = _cut(_full(Placed(plan.output, "output", 0, 0)), width, max(height - 1, 0))
    folded = (*plan.operands, *plan.shared)
    return Board((item,), 1, TIGHT, span(item, TIGHT), min(height, 1 + item.rows), folded)


def _full(item: Placed) -> Placed:
    return item._replace(rows=item.slot.full[0], cols=item.slot.full[1])


def _least(item: Placed, least: int) -> Placed:
    """The smallest view of a plane that still tells: what a step reads of it, a few numbers at least."""
    (rows, cols), (high, wide) = item.slot.full, item.slot.span
    few = 5 if item.kind == "output" else 3
    return item._replace(rows=min(rows, max(high, 2), least), cols=min(cols, max(wide, few), least))


def _cut(item: Placed, columns: int, lines: int) -> Placed:
    """The plane cut to a view of so many columns and lines."""
    rows, cols = item.slot.full
    return item._replace(rows=min(rows, max(lines, 0)), cols=max(1, min(cols, (columns - 1) // (item.slot.cell + 1))))


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
