"""`stepgrad notes`: what a speaker wants to see, in a second terminal."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from contextlib import aclosing

from stepgrad.engine.errors import StepgradError
from stepgrad.tui import terminal
from stepgrad.tui.presenting.cue import Cue
from stepgrad.tui.presenting.following import cues

NONE = "nothing is being presented; `stepgrad run NAME --present` begins a talk"


def run(args: Namespace) -> int:
    if asyncio.run(_first()) is None:
        raise StepgradError(NONE)
    if not args.plain and terminal.can_paint():
        from stepgrad.tui.app import show
        from stepgrad.tui.screens.notes import NotesScreen

        return show(lambda _: NotesScreen(), args.theme)
    asyncio.run(_print())
    return 0


async def _first() -> Cue | None:
    async with aclosing(cues()) as heard:
        return await anext(heard)


async def _print() -> None:
    """The talk as lines of text, until it ends."""
    before = ""
    async with aclosing(cues()) as heard:
        async for cue in heard:
            if cue is None:
                break
            told = "\n".join(_lines(cue))
            if told != before:
                print(f"{told}\n", flush=True)
            before = told


def _lines(cue: Cue) -> list[str]:
    texts = (f"Stop {cue.stop} of {cue.stops}. {cue.heading}", cue.aside, cue.notes)
    return [text.replace("**", "") for text in (*texts, f"Next: {cue.following}" if cue.following else "") if text]
