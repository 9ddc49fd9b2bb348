"""The commands of the player without a screen: one table. The session, its help and the README read it."""

from __future__ import annotations

import re
from typing import NamedTuple

from stepgrad.engine.errors import AddressError, did_you_mean

COUNT = 1_000_000
"""The most steps that one command takes."""


class Command(NamedTuple):
    """A command: its word, its letter, what it takes and what it does."""

    word: str
    letter: str
    takes: str
    summary: str
    method: str = ""
    """That of the session, where it has not the name of the word."""

    @property
    def usage(self) -> str:
        return " ".join(part for part in (self.word, self.takes, f"({self.letter})") if part)


COMMANDS = (
    Command("next", "n", "[COUNT]", "forward by a step of the level; so does an empty line"),
    Command("back", "b", "[COUNT]", "back by a step of the level"),
    Command("in", "i", "", "steps of a finer level", "finer"),
    Command("out", "o", "", "steps of a coarser level", "coarser"),
    Command("go", "g", "ADDRESS", "to a cell, a tensor, a step number, :end"),
    Command("why", "w", "[TERM]", "the arithmetic of the value"),
    Command("feeds", "f", "[CELL]", "the cells that the value goes into, or another one does"),
    Command("scatter", "t", "[NUMBER]", "what an upstream cell, by its number, adds to this gradient"),
    Command("check", "c", "", "the value from the digits told, a gradient against the loss"),
    Command("read", "r", "[TENSOR]", "the numbers of a tensor or a part of it, as in read image[0]"),
    Command("where", "p", "", "the position"),
    Command("repeat", "a", "", "the last answer again"),
    Command("say", "s", "", "the narration here"),
    Command("meaning", "m", "[WORD]", "what the words of the note mean, or any word of the glossary"),
    Command("show", "v", "", "the value, where it is hidden"),
    Command("help", "h", "", "this list"),
    Command("quit", "q", "", "the end"),
)
_BY_NAME = {name: command for command in COMMANDS for name in (command.word, command.letter)} | {"?": COMMANDS[-2]}


def parsed(line: str) -> tuple[Command, str]:
    """`next 5`, `n 5`, `5n` and the empty line, which is `next`. Raises AddressError where there is no such command."""
    text = line.strip()
    counted = re.fullmatch(r"(\d+)\s*([A-Za-z]+)", text)
    name, _, argument = f"{counted[2]} {counted[1]}".partition(" ") if counted else text.partition(" ")
    command = _BY_NAME.get(name.lower() or "next")
    if command is None:
        near = did_you_mean(name.lower(), [command.word for command in COMMANDS])
        raise AddressError(f"there is no command '{name[:40]}'{near or '; help lists them'}")
    return command, argument.strip()


def count(argument: str) -> int:
    """How often, where that is said; else once. Raises AddressError."""
    if not argument:
        return 1
    if not argument.isdecimal() or len(argument) > 7 or not 1 <= int(argument) <= COUNT:
        raise AddressError(f"'{argument[:40]}' is no count; give a whole number from 1 to {COUNT}")
    return int(argument)
