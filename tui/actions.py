"""Every action of the player: one table. The keys, the footer, the help screen, the palette and the README read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Action(NamedTuple):
    """Something the player can be asked to do. The method that does it is `action_<name>`."""

    name: str
    keys: tuple[str, ...]
    """As Textual names them."""
    label: str
    """One or two words for the footer."""
    help: str
    """At most 32 characters, so that the help screen has two columns at 80."""
    group: str
    shown: int = 0
    """Its place in the footer, from 1; 0 leaves it to the help screen."""
    counted: bool = False
    """Whether a number typed before it repeats it."""


MOVE, JUMP, PLAY, VIEW, PROGRAM = "Stepping", "Jumping", "Playing", "Looking", "Program"

ACTIONS = (
    Action("forward", ("right", "l"), "step", "a step forward", MOVE, shown=1, counted=True),
    Action("back", ("left", "h"), "back", "a step back", MOVE, shown=2, counted=True),
    Action("finer", ("s",), "finer", "finer steps: layer, tensor, cell", MOVE, counted=True),
    Action("coarser", ("f",), "coarser", "coarser steps: tensor, layer", MOVE, counted=True),
    Action("over", ("n",), "over", "over this layer", MOVE, counted=True),
    Action("over_back", ("N",), "over back", "back over this layer", MOVE, counted=True),
    Action("run_to_note", ("space",), "next note", "run to the next note; pause", PLAY, shown=3),
    Action("play", ("p",), "play", "play by itself; pause", PLAY, shown=5),
    Action("slower", ("minus",), "slower", "play slower", PLAY),
    Action("faster", ("plus", "equals_sign"), "faster", "play faster", PLAY),
    Action("go", ("g",), "go to", "to an address or a step number", JUMP, shown=4),
    Action("next_stop", ("pagedown",), "next stop", "to the next note", JUMP, counted=True),
    Action("previous_stop", ("pageup",), "previous stop", "to the note before", JUMP, counted=True),
    Action("first", ("home",), "start", "to the start", JUMP),
    Action("last", ("end",), "end", "to the end", JUMP),
    Action("page_down", ("down",), "more terms", "on in a long sum", VIEW, counted=True),
    Action("page_up", ("up",), "fewer terms", "back in a long sum", VIEW, counted=True),
    Action("digits", ("x",), "all digits", "all digits; as many as it takes", VIEW),
    Action("help", ("question_mark",), "keys", "these keys", PROGRAM, shown=6),
    Action("quit", ("q",), "quit", "leave", PROGRAM, shown=7),
)

COUNT_LIMIT = 10**18
"""A count beyond it is not taken further: no timeline is longer."""

_SIGNS = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "space": "Space", "home": "Home", "end": "End",
    "pagedown": "PgDn", "pageup": "PgUp", "minus": "-", "plus": "+", "equals_sign": "=", "question_mark": "?",
    "backspace": "Backspace", "enter": "Enter", "colon": ":", "ctrl+p": "Ctrl+P", "ctrl+c": "Ctrl+C",
}  # fmt: skip


def key_sign(key: str) -> str:
    """How a key is written for people."""
    return _SIGNS.get(key, key)


def footer(actions: Iterable[Action] = ACTIONS) -> Iterator[tuple[str, str]]:
    """(key, label) of what the footer names, the most wanted first."""
    for action in sorted((action for action in actions if action.shown), key=lambda action: action.shown):
        yield key_sign(action.keys[0]), action.label


def groups(actions: Iterable[Action] = ACTIONS) -> dict[str, list[Action]]:
    """The actions by group, in the order of the table."""
    found: dict[str, list[Action]] = {}
    for action in actions:
        found.setdefault(action.group, []).append(action)
    return found
