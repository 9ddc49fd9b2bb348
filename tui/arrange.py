"""Where each plane stands on the board: a pure layout, from what a node has to show and the room there is.

Of every operand, the planes the current cell reads stand side by side in the order of the sum. A sum in several parts
(channels, samples) has a column for each part, its planes on top of each other: weights stand under what they meet.
The last column holds what is written and what is read once (a bias). Places depend on the node and the room alone,
never on the cell, so nothing moves while stepping through a node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, product

from stepgrad.tui.board import LARGE_ROOMS, ROOMS, TIGHT, Board, Placed, Plan, Room, whole

AIRY = 10
"""For so many lines that a roomy board may take, its rows stand one line further apart."""
SHORT = 12
"""Columns of a name that still tells, where there is no room for all of it."""
NARROWEST = 4
"""Columns of the narrowest plane."""
LEAST = (12, 6, 3, 1)
"""Rows and columns above which a view may be smaller than what a step reads, the wished for first."""
LONG = 3
"""Times the screen's width from which operands are so long that most of them is left out anyway."""

Column = list[Placed]


def arrange(plan: Plan, width: int, height: int, roomy: int = 0, *, large: bool = False) -> Board:
    """The board of a plan in `width` columns and `height` lines; numbers stand apart while that takes `roomy` lines.

    With `large` they are enlarged while it does.
    """
    usual, under = plan.with_usual_output(), 0 if plan.is_flat else roomy // AIRY
    arrangements = list(_arrangements(plan, plan.parts, plan.parts))
    tried: Iterable[tuple[list[Column], Room]] = product(arrangements, [room for room in ROOMS if room.under <= under])
    if large:
        tried = chain(((columns, room) for room in LARGE_ROOMS for columns in arrangements), tried)
    for columns, room in tried:
        most = height if room == TIGHT else min(height, roomy)
        if room != TIGHT and not room.scale and _in_full(usual, columns, room, width, most) is None:
            continue
        board = _in_full(plan, columns, room, width, most)
        if board is not None:
            return board
    board = _squeezed(plan, width, height)
    if board.folded and plan.longest > SHORT:
        # Names are cut before numbers are left out.
        return arrange(plan.with_labels(SHORT), width, height, roomy, large=large)
    return board


def _arrangements(plan: Plan, parts: int, columns: int) -> Iterator[list[Column]]:
    """The columns without the last: each plane its own where there is one part, then each part its own.

    More parts than columns stand under the first ones.
    """
    operands = [[whole(slot, "operand", p, i) for i, slot in enumerate(plan.operands)] for p in range(parts)]
    if parts == 1:
        yield [[item] for item in operands[0]]
    if parts > 1 or len(operands[0]) > 1:
        yield [[item for part in operands[first::columns] for item in part] for first in range(columns)]


def _in_full(plan: Plan, columns: list[Column], room: Room, width: int, height: int) -> Board | None:
    """The board with every plane in full, as many outputs as fit; None where the operands do not."""
    if 2 * len(columns) > width:
        return None
    most = max(1, min(plan.outputs, height // _output(plan, 0).lines(room)))
    for outputs in range(most, 0, -1):
        board = _stacked(plan, columns, [*(_output(plan, i) for i in range(outputs)), *_shared(plan)], room, width)
        if board.width > width:
            return None
        if board.height <= height:
            return board
    return None


def _output(plan: Plan, number: int) -> Placed:
    return whole(plan.output, "output", 0, number)


def _shared(plan: Plan) -> Column:
    return [whole(slot, "shared", 0, i) for i, slot in enumerate(plan.shared)]


def _stacked(plan: Plan, columns: list[Column], last: Column, room: Room, width: int) -> Board:
    """The columns side by side; the second planes of all of them start on one line, what is shared too if it can."""
    bands = [0]
    for depth in range(max(map(len, columns), default=0)):
        bands.append(bands[-1] + max(column[depth].lines(room) for column in columns if len(column) > depth))
    under = sum(item.lines(room) for item in last if item.kind == "shared")
    beneath = bands[1] if len(bands) > 2 and bands[1] + under <= bands[-1] else 0
    every = [column for column in [*columns, last] if column]
    sizes = [max(item.columns(room) for item in column) for column in every]
    usual = max(last[0]._replace(slot=plan.with_usual_output().output).columns(room), sizes[-1])
    gap = max(1, min(3, (width - sum(sizes[:-1]) - usual) // max(len(sizes) - 1, 1)))
    placed: list[Placed] = []
    x = 0
    for column, size in zip(every, sizes, strict=True):
        y = 0
        for depth, item in enumerate(column):
            y = max(y, bands[depth] if column is not last else beneath if item.kind == "shared" else 0)
            placed.append(item._replace(x=x, y=y))
            y += item.lines(room)
        x += size + gap
    height = max((item.y + item.lines(room) for item in placed), default=0)
    parts = len({item.part for item in placed if item.kind == "operand"})
    return Board(tuple(placed), max(parts, 1), room, x - gap, height)


def _squeezed(plan: Plan, width: int, height: int) -> Board:
    """The board where not everything fits: views into planes, of as many parts as there is room for."""
    for least in LEAST:
        part = sum(whole(slot, "operand", 0, 0).least(least).lines(TIGHT) for slot in plan.operands)
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
    wants = [max(item.columns(TIGHT) for item in column) for column in every]
    floors = [max(item.least(least).columns(TIGHT) for item in column) for column in every]
    room = width - len(columns)
    # The operands come first: what is written gets a third, unless they leave more. Beside a list of hundreds, of which
    # a few columns more would tell nothing, it may stand whole in a half.
    part = room // 2 if wants[-1] <= room // 2 and sum(wants[:-1]) > LONG * room else room // 3
    last = min(wants[-1], max(floors[-1], part, room - sum(wants[:-1])))
    sizes = [*shrunk(wants[:-1], floors[:-1], room - last), last]
    depths = range(max(map(len, columns), default=0))
    bands = [[column[depth] for column in columns if len(column) > depth] for depth in depths]
    wants = [max(item.lines(TIGHT) for item in band) for band in bands]
    floors = [max(item.least(least).lines(TIGHT) for item in band) for band in bands]
    lines = shrunk(wants, floors, height)
    if sum(sizes) > room or sum(lines) > height:
        return None
    cut = [
        [item.cut(size, lines[depth] - 1) for depth, item in enumerate(column)]
        for column, size in zip(columns, sizes, strict=False)
    ]
    board = _stacked(plan, cut, _ending(plan, last, height), TIGHT, width)
    return board if board.height <= height and board.width <= width else None


def _ending(plan: Plan, size: int, height: int) -> Column:
    """The last column cut to a size: what is shared in full if it can be, above it as many outputs as fit."""
    shared = [item.cut(size, item.rows) for item in _shared(plan)]
    under = sum(item.lines(TIGHT) for item in shared)
    if under + 2 > height:
        shared, under = [], 0
    one = min(plan.output.full[0], height - under - 1)
    outputs = min(plan.outputs, max((height - under) // (one + 1), 1))
    return [*(_output(plan, i).cut(size, one) for i in range(outputs)), *shared]


def _folded(plan: Plan, width: int, height: int) -> Board:
    """What is written, in the room there is; the operands are only named, on one line."""
    names = int(height > 2)
    item = _output(plan, 0).cut(width, height - 1 - names)
    folded = (*plan.operands, *plan.shared) if names else ()
    return Board((item,), 1, TIGHT, item.span(TIGHT), min(height, item.lines(TIGHT) + names), folded)


def shrunk(wants: Sequence[int], floors: Sequence[int], room: int) -> list[int]:
    """Sizes within `room`: the largest give way first, none below its floor."""
    sizes = [min(want, max(room, floor)) for want, floor in zip(wants, floors, strict=True)]
    while sum(sizes) > room:
        largest = max((i for i, size in enumerate(sizes) if size > floors[i]), key=sizes.__getitem__, default=None)
        if largest is None:
            break
        sizes[largest] -= 1
    return sizes
