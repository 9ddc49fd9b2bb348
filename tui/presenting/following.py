"""Follows talks: the one that began last, and when that ends the next one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from pathlib import Path

from stepgrad.tui.presenting.cue import Cue
from stepgrad.tui.presenting.podium import HOST, folder

EVERY = 0.5
"""Seconds between two looks for a talk."""
LONGEST = 1 << 22
"""Bytes of a cue."""


async def cues(every: float = EVERY) -> AsyncGenerator[Cue | None, None]:
    """What there is to tell, talk after talk, without an end. None says that there is no talk at the moment."""
    while True:
        async for cue in _talk():
            yield cue
        yield None
        await asyncio.sleep(every)


async def _talk() -> AsyncIterator[Cue]:
    """The talk that began last, until it ends."""
    for file in _files():
        is_told = False
        with suppress(OSError, ValueError, LookupError, TypeError, OverflowError):
            found = json.loads(file.read_text("utf-8"))
            async for line in _lines(file, int(found["port"]), str(found["word"])):
                yield Cue.read(line)
                is_told = True
        if is_told:
            break


async def _lines(file: Path, port: int, word: str) -> AsyncIterator[str]:
    """What is told at a port to who knows the word."""
    try:
        reader, writer = await asyncio.open_connection(HOST, port, limit=LONGEST)
    except ConnectionRefusedError:
        file.unlink(missing_ok=True)  # the talk ended without a goodbye
        raise
    try:
        writer.write(f"{word}\n".encode())
        while line := await reader.readline():
            yield line.decode("utf-8")
    finally:
        writer.close()


def _files() -> list[Path]:
    """The files of the talks, the latest first."""
    with suppress(OSError):
        return sorted(folder().glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    return []
