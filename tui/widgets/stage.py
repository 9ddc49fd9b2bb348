"""The stage: one widget that shows the lines of a page, and repaints only what changed."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from stepgrad.tui.line import BLANK, Line, Run, columns, width
from stepgrad.tui.messages import Clicked, Dragged
from stepgrad.tui.sheet import MARGIN, Page
from stepgrad.tui.terminal import has_unicode
from stepgrad.tui.themes import LOOKS, UNDERLINED

if TYPE_CHECKING:
    from stepgrad.tui.progress import Bar

Source = Callable[[int, int], Page]
"""Makes the page for a terminal of so many columns and lines."""

ASCII = str.maketrans("×━─●◆◇■□▶▸▾✓→←↑↓│…·░▒▓█▼┃┤┌┐└┘‹›▏–—−‘’“”", "*#-O+'#o>>v*><^v|..:o%#v||[][]<>_---''\"\"")
"""For terminals that can write nothing else."""


def has_signs(app: App[Any]) -> bool:
    """Whether more than ASCII can be written where the app is seen. What is recorded or served can hold anything."""
    return app.is_headless or app.is_web or has_unicode()


class Stage(Widget, can_focus=False):
    """Shows pages, and says what the mouse does on them. No key stops here: it takes no focus."""

    DEFAULT_CSS = "Stage { width: 1fr; height: 1fr; }"

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._page = Page(())
        self._made_for = (0, 0)
        self._looks: dict[str, Style] = {}
        self._bar: Bar | None = None
        """The bar of the timeline that the mouse drags on."""

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
        if not self._has_signs:
            line = tuple((_in_ascii(text), style) for text, style in line)
        segments = [Segment(text, self._look(style)) for text, style in line]
        return Strip(segments, width(line)).adjust_cell_length(self.size.width, self._look(""))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        bars = (bar for y, bar in self.page.bars if y == event.y and bar.x <= event.x < bar.x + bar.size)
        self._bar = next(bars, None)
        if self._bar is None:
            self.post_message(Clicked(int(event.x) - MARGIN, int(event.y) - self.page.top))
        else:
            self.capture_mouse()
            self.post_message(Dragged(self._bar, int(event.x), first=True))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._bar is not None:
            self.post_message(Dragged(self._bar, int(event.x), first=False))

    def on_mouse_up(self) -> None:
        if self._bar is not None:
            self._bar = None
            self.release_mouse()

    @cached_property
    def _has_signs(self) -> bool:
        return has_signs(self.app)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()

    def _look(self, name: str) -> Style:
        """The style of a name. One CSS rule for each would take longer to read than everything else on screen."""
        found = self._looks.get(name)
        if found is None:
            found = self._looks[name] = self._made(name)
        return found

    def _made(self, name: str) -> Style:
        variables = self.app.theme_variables
        if "/" in name:
            from stepgrad.tui.charts.shades import colours

            shade, behind = colours(name, variables)
            return Style(color=shade, bgcolor=behind)
        text, background, bold = LOOKS[name]
        behind = variables[background or "background"]
        return Style(color=variables[text], bgcolor=behind, bold=bold, underline=name in UNDERLINED)


def _in_ascii(text: str) -> str:
    """The text, each sign that is none of ASCII's by one that is much like it, or else by `?`."""
    if text.isascii():
        return text
    bare = (unicodedata.normalize("NFKD", sign)[:1] for sign in text.translate(ASCII))
    return "".join(sign if sign.isascii() else "?" for sign in bare)


def _changes(before: tuple[Line, ...], after: tuple[Line, ...]) -> Iterator[Region]:
    """The columns that differ: of each line, the runs that did not stand in the same place before."""
    for y, (old, new) in enumerate(zip_longest(before, after, fillvalue=BLANK)):
        if old is new or old == new:
            continue
        known = dict(_placed(old))
        start: int | None = None
        for x, run in _placed(new):
            if known.get(x) != run:
                start = x if start is None else start
            elif start is not None:
                yield Region(start, y, x - start, 1)
                start = None
        end = max(width(old), width(new))
        start = width(new) if start is None and end > width(new) else start
        if start is not None:
            yield Region(start, y, end - start, 1)


def _placed(line: Line) -> Iterator[tuple[int, Run]]:
    x = 0
    for run in line:
        yield x, run
        x += columns(run[0])
