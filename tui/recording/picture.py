"""Pictures of a terminal, drawn with the font that is in the package, so that they are the same on every machine."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from PIL import Image, ImageDraw, ImageFont

from stepgrad.tui.recording.blocks import HEIGHT, WIDTH, rectangles
from stepgrad.tui.recording.files import ASSETS, BOLD_FONT, FONT
from stepgrad.tui.recording.replay import Style, Terminal

SIZE = 20
"""Pixels of the font; its letters are then as wide as a cell."""
BASELINE = 18
"""Pixels from the top of a cell to the line the letters stand on."""
EDGE = 12
"""Empty pixels around the screen."""
LEVELS = 12
"""Shades of a letter's edge: enough to look smooth, and few colours to write."""
KEPT = 8192
"""Drawn cells kept before all are forgotten."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom, in pixels."""


def size(columns: int, rows: int) -> tuple[int, int]:
    """Width and height of the picture of a terminal, in pixels."""
    return columns * WIDTH + 2 * EDGE, rows * HEIGHT + 2 * EDGE


class Canvas:
    """The picture of a terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.image = Image.new("RGB", size(terminal.columns, terminal.rows), terminal.style.background)
        self._drawn: list[list[tuple[str, Style]]] = [[] for _ in range(terminal.rows)]
        self._tiles: dict[tuple[str, Style], Image.Image] = {}

    def draw(self, rows: Iterable[int]) -> Box | None:
        """Draw the cells of these rows that changed, and return the box around them."""
        left, right = self._terminal.columns, -1
        changed = []
        for row in rows:
            cells, before = self._terminal.cells(row), self._drawn[row]
            if cells == before:
                continue
            for x, cell in enumerate(cells):
                if not before or before[x] != cell:
                    self.image.paste(self._tile(*cell), (EDGE + x * WIDTH, EDGE + row * HEIGHT))
                    left, right = min(left, x), max(right, x)
            changed.append(row)
            self._drawn[row] = cells
        if not changed:
            return None
        top, bottom = changed[0], changed[-1] + 1
        return EDGE + left * WIDTH, EDGE + top * HEIGHT, EDGE + (right + 1) * WIDTH, EDGE + bottom * HEIGHT

    def _tile(self, character: str, style: Style) -> Image.Image:
        found = self._tiles.get((character, style))
        if found is None:
            if len(self._tiles) >= KEPT:
                self._tiles.clear()
            found = self._tiles[character, style] = self._cell(character, style)
        return found

    def _cell(self, character: str, style: Style) -> Image.Image:
        mask = Image.new("L", (WIDTH, HEIGHT), 0)
        draw = ImageDraw.Draw(mask)
        drawn = rectangles(character)
        for x, y, width, height, cover in drawn:
            draw.rectangle((x, y, x + width - 1, y + height - 1), fill=round(255 * cover))
        if character.strip() and not drawn:
            draw.text((0, BASELINE), character, fill=255, font=self._bold if style.bold else self._regular, anchor="ls")
            mask = mask.point([round(value * LEVELS / 255) * 255 // LEVELS for value in range(256)])
        if style.underlined:
            ImageDraw.Draw(mask).rectangle((0, BASELINE + 2, WIDTH, BASELINE + 3), fill=255)
        cell = Image.new("RGB", (WIDTH, HEIGHT), style.background)
        cell.paste(style.foreground, (0, 0, WIDTH, HEIGHT), mask)
        return cell

    @cached_property
    def _regular(self) -> ImageFont.FreeTypeFont:
        return _font(FONT)

    @cached_property
    def _bold(self) -> ImageFont.FreeTypeFont:
        return _font(BOLD_FONT)


def _font(name: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(ASSETS / name, SIZE, layout_engine=ImageFont.Layout.BASIC)
