"""The keys of a talk: the player's without those for studying alone, and those that every clicker has."""

from __future__ import annotations

from collections.abc import Iterable

from stepgrad.tui.actions import ACTIONS, JUMP, PLAY, PROGRAM, Action

LEFT_OUT = {
    "next_stop", "retrace", "stop_here", "stops", "continue_on", "continue_back", "watch", "leave_cell", "play",
    "slower", "faster", "save",
}  # fmt: skip
"""Actions that a talk does without: a clicker's key must never set a breakpoint, and Esc and F5 do nothing."""

TALKING = (
    Action("run_to_note", ("space", "pagedown"), "next", "the next note; at once", PLAY, shown=1),
    Action("previous_stop", ("pageup",), "back", "back to the note before", PLAY, shown=2),
    Action("blank", ("b", "full_stop"), "blank", "a blank screen; any key ends it", PLAY),
    Action("to_talk", ("backspace",), "to the talk", "back to the talk and its numbers", JUMP, shown=3),
    Action("restart", ("r",), "restart", "from the start, the time as well", JUMP),
)
LEADS = {"run_to_note", "previous_stop", "first", "last", "restart", "to_talk"}
"""Actions that are the talk itself."""
STEPS = {"forward", "back", "over", "over_back"}
"""Actions that go on from where one is, in the talk or aside."""
KEPT = {"help": 4, "quit": 5}
"""What else the line of the keys would name."""


def presented(actions: Iterable[Action]) -> tuple[Action, ...]:
    """The table of a talk, made of one of the player, with the keys that a user may have given it."""
    talking = {action.name for action in TALKING}
    taken = {key for action in TALKING for key in action.keys}
    others = [
        action._replace(keys=tuple(key for key in action.keys if key not in taken), shown=KEPT.get(action.name, 0))
        for action in actions
        if action.name not in LEFT_OUT | talking
    ]
    program = [action for action in others if action.group == PROGRAM]
    return (*TALKING, *(action for action in others if action.keys and action.group != PROGRAM), *program)


PRESENTED = presented(ACTIONS)
