"""The footer: the keys that matter most, and what the player is in the middle of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from stepgrad.tui.actions import ACTIONS, Action, footer
from stepgrad.tui.line import Line, Run, clip, width

Footer = Callable[[int], Line]
"""Makes the footer in so many columns."""

APART: Run = ("   ", "")
KEYS = 24
"""Columns that the most wanted keys need behind what there is to say."""


def no_footer(_: int) -> Line:
    return ()


def footer_line(
    room: int,
    *,
    count: str = "",
    level: str = "cell",
    notice: str = "",
    actions: Iterable[Action] = ACTIONS,
    pointing: bool = False,
) -> Line:
    """The keys of the action table, as many as fit; before them a pending count, a notice, a level other than cells.

    With `pointing` they are those for the cell under the cursor.
    A notice that leaves no room for keys is not for this line.
    """
    runs: list[Run] = []
    if count:
        runs += [(f"{count}×", "strong"), APART]
    if notice and len(notice) <= room - KEYS:
        runs += [(notice, "strong"), APART]
    if level != "cell":
        runs += [(f"by {level}", "strong"), APART]
    return clip((*runs, *keys_line(tuple(footer(actions, pointing=pointing)), room - width(tuple(runs)))), room)


def keys_line(keys: Sequence[tuple[str, str]], room: int) -> Line:
    """Keys and what they do, as many as fit; the last two, which lead out, before the others."""
    runs: list[Run] = []
    last = [run for key in keys[-2:] for run in _key(key)][:-1]
    for key in keys[:-2]:
        if width((*runs, *_key(key), *last)) <= room:
            runs += _key(key)
    return clip((*runs, *last), max(room, 0))


def _key(key: tuple[str, str]) -> list[Run]:
    sign, label = key
    return [(sign, "key"), (f" {label}", "faint"), APART]
