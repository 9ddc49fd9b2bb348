"""Every action of the look screen: one table, which its keys, its footer and its help are read from."""

from __future__ import annotations

from stepgrad.tui.actions import Action

OF_TENSORS = ("map", "planes", "histogram")
VIEWS = (*OF_TENSORS, "curve", "norms")

LOOK, STEP = "Looking", "Stepping"
LOOKING = (
    Action("next_view", ("tab",), "view", "the next view", LOOK, shown=1),
    Action("previous_view", ("shift+tab",), "view back", "the view before", LOOK),
    Action("down", ("down", "j"), "tensor", "next tensor or curve; scroll", LOOK, shown=2),
    Action("up", ("up", "k"), "back", "the one before", LOOK),
    Action("next_channel", ("right_square_bracket", "greater_than_sign"), "channel", "next channel", LOOK, shown=3),
    Action("previous_channel", ("left_square_bracket", "less_than_sign"), "channel back", "channel before", LOOK),
    Action("next_sample", ("right_parenthesis",), "sample", "next of the batch", LOOK),
    Action("previous_sample", ("left_parenthesis",), "sample back", "the one before of the batch", LOOK),
    Action("larger", ("z", "plus", "equals_sign"), "larger", "cells larger", LOOK, shown=4),
    Action("smaller", ("Z", "minus"), "smaller", "cells smaller", LOOK),
    Action("pan_down", ("J", "shift+down"), "down", "on down a large map", LOOK),
    Action("pan_up", ("K", "shift+up"), "up", "up", LOOK),
    Action("pan_left", ("H", "shift+left"), "left", "to the left", LOOK),
    Action("pan_right", ("L", "shift+right"), "right", "to the right", LOOK),
    Action("whole", ("e",), "end", "as at the end of the iteration", LOOK, shown=5),
    Action("log", ("y",), "log", "logarithmic scale", LOOK, shown=6),
    Action("ask", ("enter", "t"), "expression", "a curve of an expression", LOOK, shown=7),
    Action("forward", ("right", "l"), "step", "a step forward", STEP, counted=True),
    Action("back", ("left", "h"), "back", "a step back", STEP, counted=True),
    Action("over", ("n",), "over", "over this layer", STEP, counted=True),
    Action("over_back", ("N",), "over back", "back over this layer", STEP, counted=True),
    Action("next_stop", ("pagedown",), "next stop", "to the next note", STEP),
    Action("previous_stop", ("pageup",), "previous stop", "to the note before", STEP),
    Action("first", ("home",), "start", "to the start", STEP),
    Action("last", ("end",), "end", "to the end", STEP),
    Action("help", ("question_mark",), "keys", "these keys", LOOK, shown=8),
    Action("close", ("o", "q", "escape"), "lesson", "back to the lesson", LOOK, shown=9),
)
"""Every action of the look screen."""

MOVES = ("forward", "back", "over", "over_back", "next_stop", "previous_stop", "first", "last")

ONLY = {
    "next_channel": ("map", "planes"), "larger": ("map",), "whole": OF_TENSORS, "log": ("histogram", "curve"),
    "ask": ("curve",),
}  # fmt: skip
"""What the footer names in some of the views alone."""
LISTED = {"curve": "curve", "norms": "scroll"}
"""What the arrow down leads on to, where that is no tensor."""


def named(view: str) -> list[Action]:
    """What the footer names in a view, in order."""
    shown = sorted((action for action in LOOKING if action.shown), key=lambda action: action.shown)
    here = (action for action in shown if view in ONLY.get(action.name, VIEWS))
    return [each._replace(label=LISTED.get(view, each.label)) if each.name == "down" else each for each in here]
