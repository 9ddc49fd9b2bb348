"""A page that plays the recording from a file: player, font and all in it, and nothing fetched from anywhere.

The player is asciinema's, <https://docs.asciinema.org/manual/player/>. A policy in the page forbids every connection.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from stepgrad import __version__
from stepgrad.engine.timeline import short
from stepgrad.tui.digits import in_text
from stepgrad.tui.recording import cast, files
from stepgrad.tui.recording.headless import Event
from stepgrad.tui.recording.lecture import Chapter, Lecture
from stepgrad.tui.recording.text import clock
from stepgrad.tui.themes import THEMES

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Stop

TERMS = 12
"""Terms of a sum that the transcript writes out."""


def lines(lecture: Lecture, header: cast.Header, events: Iterable[Event]) -> Iterator[str]:
    """The lines of the page. The recording stands in the middle of it."""
    parts = _parts(lecture, header)
    before, after = files.text("page.html").split("{{cast}}")
    yield _filled(before, parts).rstrip()
    for line in cast.lines(header, events):
        # "</script>" would end the recording; in JSON the sign may be written so.
        yield line.replace("<", "\\u003c")
    yield _filled(after, parts)


def _parts(lecture: Lecture, header: cast.Header) -> dict[str, str]:
    theme, chapters = THEMES[header.theme], lecture.chapters()
    player, script = files.text("asciinema-player.min.js"), files.text("page.js")
    return {
        "hashes": " ".join(_hash(code) for code in (player, script)),
        "version": __version__,
        "title": escape(header.title),
        "fonts": files.font_faces(),
        "player-style": files.text("asciinema-player.css"),
        "scheme": "dark" if theme.dark else "light",
        "width": str(header.columns),
        "foreground": str(theme.foreground),
        "background": str(theme.background),
        "accent": theme.primary,
        "chapters": "\n".join(_button(chapter) for chapter in chapters),
        "transcript": "\n".join(_note(lecture, number, chapter) for number, chapter in enumerate(chapters)),
        "player": player,
        "script": script,
    }


def _filled(template: str, parts: Mapping[str, str]) -> str:
    return re.sub(r"\{\{([a-z-]+)\}\}", lambda found: parts[found[1]], template)


def _hash(code: str) -> str:
    """What the policy allows a script to be."""
    return f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'"


def _button(chapter: Chapter) -> str:
    title = escape(chapter.title)
    time = f'data-time="{chapter.start / 1000}" data-title="{title}"'
    return f'<li><button type="button" {time}>{clock(chapter.start)} {title}</button></li>'


def _note(lecture: Lecture, number: int, chapter: Chapter) -> str:
    """A stop in the transcript."""
    said = f'<h3>{escape(chapter.title)}</h3>\n<p class="said">{escape(chapter.words)}</p>'
    return f'<section id="note-{number}">{said}{_arithmetic(lecture, chapter.position, chapter.stop)}</section>'


def _arithmetic(lecture: Lecture, position: int, stop: Stop) -> str:
    # Of several stops at a cell, the last one has it.
    if not position or stop.number + 1 < stop.of:
        return ""
    step = lecture.lesson.step(position - 1)
    written = f"{short(step.address, step.node.spec.shape)} = {in_text(step).arithmetic(TERMS)}"
    return f"\n<pre>{escape(written)}</pre>"
