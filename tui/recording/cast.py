"""asciicast, the format of asciinema: version 2 (read by everything) and version 3.

<https://docs.asciinema.org/manual/asciicast/v2/>, <https://docs.asciinema.org/manual/asciicast/v3/>. There is no date
in the header, so that the same lecture is the same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from stepgrad.tui.recording.headless import Event
from stepgrad.tui.themes import THEMES

Version = Literal[2, 3]

ENVIRONMENT = {"TERM": "xterm-256color"}


@dataclass(frozen=True)
class Header:
    """What a player is told before the first event."""

    title: str
    columns: int
    rows: int
    theme: str = "dark"
    idle: float | None = None
    """Seconds that nothing happens at most."""

    @property
    def colours(self) -> dict[str, str]:
        theme = THEMES[self.theme]
        return {
            "fg": str(theme.foreground),
            "bg": str(theme.background),
            "palette": ":".join(PALETTES[theme.dark]),
        }

    def line(self, version: Version) -> str:
        """The first line of the file."""
        idle = {} if self.idle is None else {"idle_time_limit": self.idle}
        if version == 2:
            size: dict[str, Any] = {"width": self.columns, "height": self.rows, "theme": self.colours}
            return _json({"version": 2, **size, "title": self.title, **idle, "env": ENVIRONMENT})
        terminal = {"cols": self.columns, "rows": self.rows, "type": ENVIRONMENT["TERM"], "theme": self.colours}
        return _json({"version": 3, "term": terminal, **idle, "title": self.title})


PALETTES = {
    True: (
        "#1d2530", "#ff7a70", "#5fd7ad", "#ffc24d", "#7cc4ff", "#d69ff0", "#7fd7e0", "#ccd5de",
        "#74818e", "#ff9b93", "#a8f0d6", "#ffe1a3", "#b9e0ff", "#ecc9fb", "#b3eef4", "#f5f7fa",
    ),
    False: (
        "#1f2933", "#a5281b", "#00674a", "#855400", "#0b5fa5", "#6f2c91", "#00616b", "#e6e3da",
        "#747f8a", "#c23a2b", "#00805c", "#a36a00", "#1b74c4", "#8a3fb0", "#007985", "#ffffff",
    ),
}  # fmt: skip
"""The sixteen colours of a dark or a light terminal. The player writes none of them; a header must name all."""


def lines(header: Header, events: Iterable[Event], version: Version = 2) -> Iterator[str]:
    """The lines of the file."""
    yield header.line(version)
    before = 0
    for event in events:
        time = event.time - before if version == 3 else event.time
        before = event.time
        yield event_line(time / 1000, event.code, event.data)


def event_line(time: float, code: str, data: str) -> str:
    """The line of an event, so many seconds after the start, or after the one before it in version 3."""
    return _json([round(time, 6), code, data])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))
