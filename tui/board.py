"""What a board is made of: planes of tensors, the slots that hold them, and where each is placed.

All of it is named tuples: a dataclass takes ten times as long to make, and somebody waits for the first frame.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from stepgrad.tui.glyphs import columns_of, lines_of

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


class Room(NamedTuple):
    """How far apart numbers stand: columns from one to the next at least, and lines under the first of each row.

    Of enlarged ones, columns between them.
    """

    pitch: int = 0
    under: int = 0
    scale: int = 0
    """How often its pixels the letters of numbers are enlarged; 0 are the terminal's own."""

    @property
    def lines(self) -> int:
        """Lines of a number."""
        return lines_of(self.scale)


TIGHT = Room()
ROOMS = (
    Room(14, 4), Room(11, 3), Room(8, 2), Room(6, 1), Room(5, 1), Room(4, 1), Room(3, 1), Room(0, 1),
    Room(5), Room(4), Room(3), TIGHT,
)  # fmt: skip
"""From the roomiest: small matrices fill a large terminal, their cells about as high as wide."""
LARGE_ROOMS = (Room(1, 5, 2), Room(0, 5, 2), Room(1, 3, 1), Room(0, 3, 1), Room(1, 2, 1), Room(0, 2, 1))
"""With numbers that are read from afar."""


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
    starred: bool = False
    """Whether a number may have a star behind it."""
    pointed: bool = False
    """Whether the widest number has a decimal point, which is narrow where letters are enlarged."""

    @property
    def full(self) -> tuple[int, int]:
        """Rows and columns with the ring."""
        return self.rows + self.ring.top + self.ring.bottom, self.cols + self.ring.left + self.ring.right

    @property
    def cell(self) -> int:
        """Columns of one number. Where there is a ring or a star, a place for the sign follows it."""
        return self.width + (self.ring != NO_RING or self.starred)

    def pitch(self, room: Room) -> int:
        """Columns from one number to the next."""
        if room.scale:
            return (
                columns_of(self.width - self.pointed, self.pointed + self.cell - self.width, room.scale)
                + 1
                + room.pitch
            )
        return max(self.cell + 1, room.pitch)


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
    """How many planes of the output may be shown."""

    @property
    def is_aligned(self) -> bool:
        """Whether the operands have as many columns each: cell by cell, what meets stands in one column."""
        return len(self.operands) > 1 and len({slot.full[1] for slot in self.operands}) == 1

    @property
    def is_flat(self) -> bool:
        """Whether there are only rows."""
        return all(slot.full[0] == 1 for slot in (*self.operands, *self.shared, self.output))

    def aligned(self) -> Plan:
        """With numbers of one width in operands that stand column under column."""
        if not self.is_aligned:
            return self
        widest = max(slot.width for slot in self.operands)
        pointed = all(slot.pointed for slot in self.operands if slot.width == widest)
        return self._replace(
            operands=tuple(slot._replace(width=widest, pointed=pointed) for slot in self.operands),
        )

    def with_usual_output(self) -> Plan:
        """With numbers in the output as wide as those of the operands let expect, whatever they turn out to be.

        By this the distances are chosen, so that they are the same before the output is known.
        """
        widest = max((slot.width for slot in (*self.operands, *self.shared)), default=1)
        return self._replace(output=self.output._replace(width=widest + 2))

    @property
    def longest(self) -> int:
        """Columns of the longest name."""
        return max(slot.label for slot in (*self.operands, *self.shared, self.output))

    def with_labels(self, most: int) -> Plan:
        """The plan with names of at most so many columns."""
        operands, shared, output = (
            tuple(slot._replace(label=min(slot.label, most)) for slot in slots)
            for slots in (self.operands, self.shared, (self.output,))
        )
        return self._replace(operands=operands, shared=shared, output=output[0])


class Placed(NamedTuple):
    """A slot with its place: the label stands at (x, y), the rows under it."""

    slot: Slot
    kind: Kind
    part: int
    """Which of the parts on the board, counted from the first of them."""
    number: int
    """Which slot of its kind (of its part)."""
    rows: int
    cols: int
    """How much of the plane is shown, ring included."""
    x: int = 0
    y: int = 0

    @property
    def is_whole(self) -> bool:
        return (self.rows, self.cols) == self.slot.full

    def lines(self, room: Room) -> int:
        """Lines it takes, its label included."""
        return 1 + max(self.rows - 1, 0) * (1 + room.under) + room.lines * (self.rows > 0)

    def span(self, room: Room) -> int:
        """Columns of its numbers: a bracket's place before each and after the last."""
        return self.cols * self.slot.pitch(room) + 1

    def columns(self, room: Room) -> int:
        """Columns it takes, its label included."""
        return max(self.span(room), self.slot.label)

    def cut(self, columns: int, lines: int) -> Placed:
        """A view of the plane in so many columns and lines, the label's not counted."""
        rows, cols = self.slot.full
        fitting = (columns - 1) // self.slot.pitch(TIGHT)
        return self._replace(rows=min(rows, max(lines, 0)), cols=max(1, min(cols, fitting)))

    def least(self, most: int) -> Placed:
        """The smallest view that still tells: what a step reads of it up to `most`, a few numbers at least."""
        (rows, cols), (high, wide) = self.slot.full, self.slot.span
        few = 5 if self.kind == "output" else 3
        return self._replace(rows=min(rows, max(high, 2), most), cols=min(cols, max(wide, few), most))


def whole(slot: Slot, kind: Kind, part: int, number: int) -> Placed:
    """A slot that shows all of its plane."""
    rows, cols = slot.full
    return Placed(slot, kind, part, number, rows, cols)


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
        return min(right) - 1 - item.x if right else max(self.width - item.x, item.columns(self.room))


def origin(first: int, span: int, shown: int, full: int) -> int:
    """Where a view starts so that it holds the `span` cells from `first`: by pages, a function of the place alone."""
    if shown >= full:
        return 0
    page = max(1, shown - span + 1)
    return max(0, min(first // page * page, full - shown))
