"""The first frame: title, literal numbers and opening words of a scenario file, before anything heavy is imported.

The planes stand where the lesson's own board will have them, so nothing moves when that takes their place.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stepgrad.tui.arrange import arrange
from stepgrad.tui.board import NO_RING, Plan, Plane, Ring, Slot
from stepgrad.tui.drawing import Drawing, View, Written
from stepgrad.tui.footer import Footer
from stepgrad.tui.layout import PLAYER, Layout
from stepgrad.tui.line import Line, headed, wrapped
from stepgrad.tui.numbers import Letters, Scale, measure
from stepgrad.tui.sheet import MARGIN, UNBOUNDED, Heights, Page, assemble, share, spacious

if TYPE_CHECKING:
    from stepgrad.scenarios.preview import Preview, Rows


def first_page(preview: Preview, width: int, height: int, footer: Footer, *, layout: Layout = PLAYER) -> Page:
    """The page of a preview, room left for what the lesson will show at the right."""
    inner = layout.inner(width, MARGIN) if preview.planes else max(width - MARGIN, 1)
    words = wrapped(headed(preview.heading, preview.say), min(inner, layout.columns))
    words = layout.told(words, layout.lines(len(words)))
    tensors = _tensors(preview)
    wanted = Heights(narration=len(words))
    title: list[Line] = [((preview.title, "title"),)]
    if not tensors:
        return assemble(share(wanted, height), width, title=title, narration=words, footer=[footer(width - MARGIN)])
    plan, scales = _plan(preview, tensors)
    rows = plan.operands[-1].rows if len(plan.operands) > 1 else 1
    wanted = Heights(formula=2, terms=0 if rows == 1 else rows + (plan.parts > 1), result=1, narration=len(words))
    large, heights, room = spacious([wanted], plan, inner, height, layout)
    if heights.board < arrange(plan, inner, UNBOUNDED, 0).height:
        # A formula may take one line or two, which is not known yet: where the board is short of it, it takes one.
        large, heights, room = spacious([wanted._replace(formula=1)], plan, inner, height, layout)
    board = arrange(plan, inner, heights.board, room, large=large)
    heights = share(heights.with_board(board.height), height)
    views = []
    for item in board.placed:
        name = item.slot.plane.tensor
        if item.kind == "output":
            label = f"{name}[{item.number}]" if plan.outputs > 1 else name
            views.append(
                View(item, label, item, Scale(0, 1, 0), _nothing, written=Written(0, None if item.number else (0, 0)))
            )
        else:
            number = item.part if item.kind == "operand" else 0
            at = min(number, len(tensors[name]) - 1)
            label, values = tensors[name][at]
            letters = preview.symbols.get(name)
            if letters is None:
                views.append(View(item, label, (name, number), scales[name], partial(_piece, values)))
            else:
                rows, cols = len(values), len(values[0])
                plane = Letters(letters[at * rows * cols : (at + 1) * rows * cols])
                views.append(View(item, label, (name, number), plane, partial(_places, cols)))
    drawn = Drawing().draw(board, views)
    return assemble(heights, width, title=title, board=drawn.lines, narration=words, footer=[footer(width - MARGIN)])


def _tensors(preview: Preview) -> dict[str, list[tuple[str, Rows]]]:
    """The planes of each tensor, by its name: `x[0]` and `x[1]` are planes of `x`."""
    found: dict[str, list[tuple[str, Rows]]] = {}
    for name, rows in preview.planes:
        found.setdefault(name.partition("[")[0], []).append((name, rows))
    for first in list(found)[:1]:
        # The first cell is of the first sample: of several, the others are not read.
        found[first] = [(name, rows) for name, rows in found[first] if "," not in name or "[0," in name]
    return found


def _plan(preview: Preview, tensors: dict[str, list[tuple[str, Rows]]]) -> tuple[Plan, dict[str, Scale]]:
    """What the board will have to hold: the first tensor's planes are the parts, the second's stand under them."""
    scales = {
        name: measure([float(v) for _, rows in planes for row in rows for v in row]) for name, planes in tensors.items()
    }
    first, *others = tensors
    parts = len(tensors[first])
    beneath = others[:1] if others and len(tensors[others[0]]) % parts == 0 else []
    kernel = _size(tensors[beneath[0]]) if beneath else (1, 1)

    def slot(name: str, ring: Ring = NO_RING, span: tuple[int, int] = (1, 1)) -> Slot:
        label = max(len(label) for label, _ in tensors[name])
        wide = max(scales[name].width, *map(len, preview.symbols.get(name, ("",))))
        return Slot(Plane(name), *_size(tensors[name]), wide, label, ring, span)

    operands = [slot(first, Ring(*preview.ring), kernel), *(slot(name, span=kernel) for name in beneath)]
    rows, cols = preview.output or (1, 1)
    outputs = len(tensors[beneath[0]]) // parts if beneath else 1
    wide = max(scale.width for scale in scales.values())
    name = preview.layer
    output = Slot(Plane(name), rows, cols, wide, len(name) + 3 * (outputs > 1))
    shared = tuple(slot(name) for name in others if name not in beneath)
    return Plan(parts if beneath else 1, tuple(operands), shared, output, outputs).aligned(), scales


def _size(planes: list[tuple[str, Rows]]) -> tuple[int, int]:
    rows = planes[0][1]
    return len(rows), len(rows[0])


def _piece(rows: Rows, row: int, first: int, end: int) -> list[float]:
    return [float(value) for value in rows[row][first:end]]


def _places(cols: int, row: int, first: int, end: int) -> list[float]:
    return [float(row * cols + col) for col in range(first, end)]


def _nothing(_: int, first: int, end: int) -> list[float]:
    return [0.0] * (end - first)
