"""SVG: the screen as text in its own font, with a title and a description; nothing is fetched from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from stepgrad.tui.recording.blocks import HEIGHT, WIDTH, rectangles
from stepgrad.tui.recording.files import FAMILY, font_faces
from stepgrad.tui.recording.picture import BASELINE, EDGE, SIZE, size
from stepgrad.tui.recording.replay import Style, Terminal

_STRETCH = re.compile(r"\S+(?: \S+)*")


def lines(terminal: Terminal, title: str, description: str) -> Iterator[str]:
    """The screen as a picture that a browser, an editor and a screen reader can take apart."""
    width, height = size(terminal.columns, terminal.rows)
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
    yield 'role="img" aria-labelledby="title description">'
    yield f'<title id="title">{escape(title)}</title>'
    yield f'<desc id="description">{escape(description)}</desc>'
    yield f"<style>{font_faces()}"
    yield f"text {{ font: {SIZE}px {FAMILY} }}"
    yield ".b { font-weight: bold } .u { text-decoration: underline }</style>"
    yield f'<rect width="{width}" height="{height}" fill={quoteattr(terminal.style.background)}/>'
    for row in range(terminal.rows):
        yield from _row(terminal, row)
    yield "</svg>"


def _row(terminal: Terminal, row: int) -> Iterator[str]:
    top = EDGE + row * HEIGHT
    for column, text, style in terminal.runs(row):
        left = EDGE + column * WIDTH
        if style.background != terminal.style.background:
            yield _rectangle(left, top, len(text) * WIDTH, HEIGHT, style.background)
        for i, character in enumerate(text):
            for x, y, width, height, cover in rectangles(character):
                yield _rectangle(left + i * WIDTH + x, top + y, width, height, style.foreground, cover)
        yield from _words(left, top + BASELINE, text, style)


def _words(left: int, baseline: int, text: str, style: Style) -> Iterator[str]:
    """The words of a run, each stretch of them over its own cells, whatever font the viewer has."""
    text = "".join(" " if rectangles(character) else character for character in text)
    looks = " ".join(name for name, has in (("b", style.bold), ("u", style.underlined)) if has)
    looks = f' class="{looks}"' if looks else ""
    for found in _STRETCH.finditer(text):
        size = f'textLength="{len(found[0]) * WIDTH}" lengthAdjust="spacingAndGlyphs"'
        place = f'x="{left + found.start() * WIDTH}" y="{baseline}" {size}'
        yield f'<text {place} fill="{style.foreground}"{looks}>{escape(found[0])}</text>'


def _rectangle(x: int, y: int, width: int, height: int, colour: str, cover: float = 1.0) -> str:
    opacity = "" if cover == 1 else f' fill-opacity="{cover:g}"'
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"{opacity}/>'
