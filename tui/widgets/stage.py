"""The stage: one widget that shows the lines of a page, and repaints only what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from stepgrad.tui.line import BLANK, Line, width
from stepgrad.tui.sheet import Page
from stepgrad.tui.themes import LOOKS

Source = Callable[[int, int], Page]
"""Makes the page for a terminal of so many columns and lines."""

ASCII = str.maketrans("×━─●◆◇▶✓→←↑↓│…", "*#-O+'>*><^v|.")
"""For terminals that can write nothing else."""


class Stage(Widget, can_focus=False):
    """Shows pages. It takes no focus, so that no key stops here on its way to the player."""

    COMPONENT_CLASSES = {f"stage--{name}" for name in LOOKS}  # noqa: RUF012 - a class variable of Textual's
    DEFAULT_CSS = "Stage { width: 1fr; height: 1fr; }\n" + "\n".join(
        f"Stage > .stage--{name} {{ {look} }}" for name, look in LOOKS.items()
    )

    def __init__(self, source: Source, *, ascii_only: bool = False) -> None:
        super().__init__()
        self._source = source
        self._page = Page(())
        self._made_for = (0, 0)
        self._ascii = ascii_only
        self._styles_by_name: dict[str, Style] = {}

    @property
    def page(self) -> Page:
        """The page on screen."""
        if self._made_for != self.size:
            self._page, self._made_for = self._source(*self.size), self.size
        return self._page

    def turn(self) -> None:
        """Show what the source makes now: repaint the columns of each line that differ."""
        if not self.size or self._made_for != self.size:
            self.refresh()
            return
        before, self._page = self._page, self._source(*self.size)
        changed = list(_changes(before.lines, self._page.lines))
        if changed:
            self.refresh(*changed)

    def render_line(self, y: int) -> Strip:
        lines = self.page.lines
        line = lines[y] if y < len(lines) else BLANK
        segments = [Segment(text.translate(ASCII) if self._ascii else text, self._look(style)) for text, style in line]
        return Strip(segments, width(line)).adjust_cell_length(self.size.width, self._look(""))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles_by_name.clear()

    def _look(self, name: str) -> Style:
        found = self._styles_by_name.get(name)
        if found is None:
            found = self.get_component_rich_style(f"stage--{name}") if name else self.rich_style
            self._styles_by_name[name] = found
        return found


def _changes(before: tuple[Line, ...], after: tuple[Line, ...]) -> Iterator[Region]:
    """For each line that differs, the columns between its first and its last difference."""
    for y, (old, new) in enumerate(zip_longest(before, after, fillvalue=BLANK)):
        if old is not new and old != new:
            same = 0
            for a, b in zip(old, new, strict=False):
                if a != b:
                    break
                same += 1
            left = width(new[:same])
            right = max(width(old), width(new))
            yield Region(left, y, max(right - left, 1), 1)
