"""The speaker's page: what to say here, what the audience reads, what comes next, and the time."""

from __future__ import annotations

from stepgrad.tui.line import BLANK, Line, clip, headed, placed, spread, wrapped
from stepgrad.tui.presenting.cue import Cue
from stepgrad.tui.sheet import MARGIN, Page

READABLE = 90
"""Columns of a line of text, however wide the terminal."""
WAITING = "The talk has ended. The next one is followed as soon as it begins."


def clock(seconds: float) -> str:
    """`0:07:31`"""
    minutes, second = divmod(max(int(seconds), 0), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}"


def notes_page(cue: Cue | None, elapsed: float, time: str, columns: int, rows: int) -> Page:
    """The page of a cue; of none, while waiting for a talk. `elapsed` are the seconds of the talk by now."""
    room = max(columns - MARGIN, 1)
    text = min(room, READABLE)
    keys: Line = (("q", "key"), (" leaves; the talk goes on", "faint"))
    if cue is None:
        head = [spread((("Speaker notes", "title"),), ((time, "strong"),), room), BLANK]
        return _page([*head, *wrapped(WAITING, text)], [], keys, columns, rows)
    times: Line = ((f"{clock(elapsed)}", "faint" if cue.began is None else "strong"), ("   ", ""), (time, "faint"))
    where = f"stop {cue.stop} of {cue.stops}   step {cue.step} of {cue.steps}   {cue.at}".rstrip()
    head = [spread(((cue.title, "title"),), times, room), spread(((where, "faint"),), ((cue.aside, "wrong"),), room)]
    notes = wrapped(cue.notes, text) or [(("no notes at this stop", "faint"),)]
    body = [BLANK, *wrapped(f"**{cue.heading}**", text), *notes]
    said = [BLANK, (("The audience reads", "faint"),), *wrapped(cue.say, text)] if cue.say else []
    following = headed("Next:", cue.following) if cue.following else "The end comes next."
    foot = [BLANK, *wrapped(following, text)]
    return _page([*head, *body, *said], foot, keys, columns, rows)


def _page(above: list[Line], below: list[Line], keys: Line, columns: int, rows: int) -> Page:
    """What stands above gives way to what stands below."""
    size = max(rows - 1 - len(below), 0)
    cut = [*above[: max(size - 1, 0)], (("...", "faint"),)][:size] if len(above) > size else above
    lines = [*cut, *[BLANK] * (size - len(cut)), *below, keys]
    return Page(tuple(clip(placed([(MARGIN, line)]), columns) for line in lines[:rows]))
