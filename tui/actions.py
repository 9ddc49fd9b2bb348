"""Every action of the player: one table. The keys, the footer, the help screen, the palette and the README read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Action(NamedTuple):
    """Something the player can be asked to do. The method that does it has its name."""

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
    pointing: bool = False
    """Whether it is there only while the cell cursor is on the board: its keys mean something else elsewhere."""
    pointed: int = 0
    """Its place in the footer while the cell cursor is on the board."""


MOVE, JUMP, PLAY, VIEW, PROGRAM = "Stepping", "Jumping", "Playing", "Looking", "Program"
DEBUG, WHAT_IF, CELL = "Stopping and watching", "What if", "Cell by cell"

ACTIONS = (
    Action("forward", ("right", "l"), "step", "a step forward", MOVE, shown=1, counted=True),
    Action("back", ("left", "h"), "back", "a step back", MOVE, shown=2, counted=True),
    Action("finer", ("s",), "finer", "finer steps: tensor, cell, term", MOVE, counted=True),
    Action("coarser", ("f",), "coarser", "coarser steps: layer, iteration", MOVE, counted=True),
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
    Action("retrace", ("backspace",), "back along", "back along the jumps", JUMP, counted=True),
    Action("restart", ("r",), "restart", "from the start, nothing changed", JUMP),
    Action("stop_here", ("b",), "stop here", "set a stop here, or take it away", DEBUG),
    Action("stops", ("B",), "stops", "the list of stops and watches", DEBUG),
    Action("continue_on", ("c",), "continue", "on to the next stop", DEBUG),
    Action("continue_back", ("C",), "continue back", "back to the stop before", DEBUG),
    Action("watch", ("t",), "watch", "watch this cell, an expression", DEBUG),
    Action("edit", ("e",), "what if", "another number or setting", WHAT_IF),
    Action("undo", ("u",), "undo", "take the last change back", WHAT_IF, counted=True),
    Action("redo", ("U",), "redo", "make it again", WHAT_IF, counted=True),
    Action("original", ("O",), "original", "the numbers of the file again", WHAT_IF),
    Action("flip", ("k",), "flip", "turn this layer's kernel round", WHAT_IF),
    Action("reseed", ("z",), "new seed", "other random numbers", WHAT_IF, counted=True),
    Action("save", ("S",), "save", "save the changes as a scenario", WHAT_IF),
    Action("next_matrix", ("tab",), "next matrix", "cell cursor to the next matrix", CELL, counted=True, pointed=4),
    Action("previous_matrix", ("shift+tab",), "matrix before", "to the matrix before", CELL, counted=True),
    Action("cell_up", ("up",), "up", "cell cursor up", CELL, counted=True, pointing=True),
    Action("cell_down", ("down",), "down", "cell cursor down", CELL, counted=True, pointing=True),
    Action("cell_left", ("left",), "left", "cell cursor to the left", CELL, counted=True, pointing=True),
    Action("cell_right", ("right",), "right", "cell cursor to the right", CELL, counted=True, pointing=True),
    Action("to_writer", ("enter",), "its step", "to the step that wrote the cell", CELL, pointing=True, pointed=3),
    Action("leave_cell", ("backspace",), "leave", "end the look-up, then the cursor", CELL, pointing=True),
    Action("cell_origin", ("w",), "why", "why this number; a level further", CELL, counted=True, pointed=1),
    Action("cell_uses", ("W",), "feeds", "what it goes into; further", CELL, counted=True, pointed=2),
    Action("next_channel", ("right_square_bracket", "greater_than_sign"), "on", "the next plane", CELL, counted=True),
    Action("previous_channel", ("left_square_bracket", "less_than_sign"), "back", "plane before", CELL, counted=True),
    Action("next_sample", ("right_parenthesis",), "sample", "the next sample of the batch", CELL, counted=True),
    Action("previous_sample", ("left_parenthesis",), "sample before", "the sample before", CELL, counted=True),
    Action("tree", ("T",), "tree", "all it is made of, as a tree", CELL),
    Action("check_cell", ("v",), "check", "check this number, this gradient", CELL),
    Action("scatter", ("a",), "scatter", "gradient: gather; scatter", CELL),
    Action("page_down", ("down",), "more terms", "on in a long sum", VIEW, counted=True),
    Action("page_up", ("up",), "fewer terms", "back in a long sum", VIEW, counted=True),
    Action("map", ("m",), "map", "a map beside the numbers; back", VIEW),
    Action("look", ("o",), "look", "maps, histograms, curves, norms", VIEW),
    Action("letters", ("i",), "letters", "letters; numbers", VIEW),
    Action("predict", ("d",), "predict", "say each number before it shows", VIEW),
    Action("hide", ("H",), "hide", "hide the answer, or show it", VIEW),
    Action("words", ("G",), "words", "what the words here mean", VIEW),
    Action("digits", ("x",), "all digits", "all digits; as many as it takes", VIEW),
    Action("copy", ("y",), "copy", "copy this step, as Markdown", PROGRAM),
    Action("record", ("R",), "record", "record to a file; end it", PROGRAM),
    Action("help", ("question_mark",), "keys", "these keys", PROGRAM, shown=6, pointed=5),
    Action("quit", ("q",), "quit", "leave", PROGRAM, shown=7, pointed=6),
)

COUNT_LIMIT = 10**18
"""A count beyond it is not taken further: no timeline is longer."""

SIGNS = {
    "right": "→", "left": "←", "up": "↑", "down": "↓", "space": "Space", "home": "Home", "end": "End",
    "pagedown": "PgDn", "pageup": "PgUp", "minus": "-", "plus": "+", "equals_sign": "=", "question_mark": "?",
    "tab": "Tab", "shift+tab": "Shift+Tab", "escape": "Esc", "left_square_bracket": "[", "right_square_bracket": "]",
    "left_parenthesis": "(", "right_parenthesis": ")", "less_than_sign": "<", "greater_than_sign": ">",
    "full_stop": ".", "backspace": "Bksp", "enter": "Enter", "colon": ":", "ctrl+p": "Ctrl+P", "ctrl+c": "Ctrl+C",
}  # fmt: skip


FIRST = {"forward": "step", "run_to_note": "next note", "help": "all keys"}
"""What who is here for the first time is told."""


def key_sign(key: str) -> str:
    """How a key is written for people."""
    return SIGNS.get(key, key)


def footer(actions: Iterable[Action] = ACTIONS, *, pointing: bool = False) -> Iterator[tuple[str, str]]:
    """(key, label) of what the footer names, the most wanted first."""
    ranked = ((action.pointed if pointing else action.shown, action) for action in actions if action.keys)
    for _, action in sorted((found for found in ranked if found[0]), key=lambda found: found[0]):
        yield key_sign(action.keys[0]), action.label


def hint(actions: Iterable[Action] = ACTIONS) -> str:
    """The three keys to begin with."""
    keys = {action.name: key_sign(action.keys[0]) for action in actions if action.name in FIRST}
    return f"New here?  {'   '.join(f'{keys[name]} {does}' for name, does in FIRST.items())}"


def groups(actions: Iterable[Action] = ACTIONS) -> dict[str, list[Action]]:
    """The actions by group, in the order of the table."""
    found: dict[str, list[Action]] = {}
    for action in actions:
        found.setdefault(action.group, []).append(action)
    return found
