"""What is said at a stop, in lines: words of the glossary underlined, and beneath it what the material has wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from stepgrad.scenarios.glossary import Word, found
from stepgrad.tui.flat import quoted
from stepgrad.tui.line import Line, Run, emphasised, filled

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Stop


@lru_cache(256)
def glossed(text: str, room: int) -> tuple[Line, ...]:
    """Text with `**bold**` in lines of at most `room` columns, each word of the glossary underlined where it is new."""
    known: set[Word] = set()
    return tuple(
        line for paragraph in text.splitlines() for line in filled(_marked(emphasised(paragraph), known), room)
    )


def _marked(runs: Iterable[Run], known: set[Word]) -> Iterator[Run]:
    for text, style in runs:
        at = 0
        for start, end, word in found(text) if not style else ():
            if word not in known:
                known.add(word)
                yield text[at:start], style
                yield text[start:end], "word"
                at = end
        yield text[at:], style


def counted(stop: Stop, text: str) -> str:
    """A stop's text, with its number behind it where there are several at its cell."""
    return f"{text} ({stop.number + 1} of {stop.of})" if stop.of > 1 else text


def printed(stop: Stop | None, room: int) -> list[Line]:
    """What the material has at a stop, where it is wrong."""
    return filled([(quoted(stop), "faint")], room) if stop is not None and stop.printed else []
