"""The footer: the keys that matter most, and what the player is in the middle of."""

from __future__ import annotations

from collections.abc import Callable

from stepgrad.tui.actions import footer
from stepgrad.tui.line import Line, Run, width

Footer = Callable[[int], Line]
"""Makes the footer in so many columns."""

APART: Run = ("   ", "")


def no_footer(room: int) -> Line:
    return ()


def footer_line(room: int, *, count: str = "", level: str = "cell", notice: str = "") -> Line:
    """The keys of the action table, as many as fit; before them a pending count, a notice, a level other than cells."""
    runs: list[Run] = []
    if count:
        runs += [(f"{count}×", "strong"), APART]
    if notice:
        runs += [(notice, "strong"), APART]
    if level != "cell":
        runs += [(f"by {level}", "strong"), APART]
    keys = list(footer())
    last = [run for key in keys[-2:] for run in _key(key)]
    for key in keys[:-2]:
        if width((*runs, *_key(key), *last)) <= room:
            runs += _key(key)
    runs += last
    return tuple(runs[:-1])


def _key(key: tuple[str, str]) -> list[Run]:
    sign, label = key
    return [(sign, "key"), (f" {label}", "faint"), APART]
