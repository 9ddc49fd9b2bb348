"""Shorter paints: a style is written where it changes, not around every word."""

from __future__ import annotations

import re

_STYLE = re.compile(r"\x1b\[([\d;]*)m")
_MOVE = re.compile(r"(?:\n|\x1b\[\d+;\d+H|\x1b\[\?25l|\x1b\[2J)*")


def compact(painted: str) -> str:
    """The same paint without the styles that are written again for the text beside. It ends in no style, as it began."""
    kept: list[str] = []
    now = wanted = ""
    at = 0
    for found in _STYLE.finditer(painted):
        text = painted[at : found.start()]
        if text:
            if now != wanted and not _MOVE.fullmatch(text):
                kept.append(f"\x1b[0;{wanted}m" if wanted else "\x1b[0m")
                now = wanted
            kept.append(text)
        wanted = "" if found[1] in ("", "0") else ";".join(part for part in (wanted, found[1]) if part)
        at = found.end()
    return "".join([*kept, *(["\x1b[0m"] if now else []), painted[at:]])
