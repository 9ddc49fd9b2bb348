"""Everything a learner can ask of a drill beside answering: one table, for words that are typed and for keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stepgrad.tui.actions import key_sign


class Command(NamedTuple):
    """A word that is no answer. What does it, in plain mode and on the screen, has its name."""

    word: str
    summary: str
    keys: tuple[str, ...] = ()
    """As Textual names them: those that mean it whatever is typed just then."""
    letters: tuple[str, ...] = ()
    """Those that mean it while there is nothing to answer."""
    in_exam: bool = False


COMMANDS = (
    Command("hint", "the next of up to three hints: which operands, the formula, the first terms", ("ctrl+t",)),
    Command("why", "the answer and how it comes about", ("ctrl+o",), ("w",)),
    Command("skip", "another question; this one is not graded", ("ctrl+n",), ("enter", "space", "n"), in_exam=True),
    Command("again", "the question once more", in_exam=True),
    Command("undo", "take the last grade back, and answer again", ("ctrl+z",), ("u",)),
    Command("easy", "the last answer came without thinking: it may stay away longer", letters=("4",)),
    Command("hard", "the last answer was hard: it should come back sooner", letters=("2",)),
    Command("stats", "what is known, what is due, how fast it is forgotten", ("ctrl+r",), ("s",)),
    Command("help", "this list", ("f1",), ("question_mark",), in_exam=True),
    Command("quit", "the end; everything is saved already", ("ctrl+l",), ("q",), in_exam=True),
)


def sign(key: str) -> str:
    """How a key is written for people."""
    written = key_sign(key)
    return written.title() if written == key and len(key) > 1 else written


def described(known: Iterable[Command]) -> Iterator[str]:
    """What there is on a screen: the word, the keys that mean the same, what it does."""
    for each in known:
        if each.keys or each.letters:
            yield f"{each.word:<6}{' '.join(map(sign, (*each.keys, *each.letters)))}\t{each.summary}"
    yield ""
    yield "A letter or a digit alone is a key only while there is nothing to answer; a word is typed like an answer."


def command(line: str, *, is_exam: bool) -> Command | None:
    """The command that a line names; None where it is an answer."""
    return _BY_WORD.get(line.strip().lower()) if not is_exam else _IN_EXAM.get(line.strip().lower())


def commands(*, is_exam: bool) -> list[Command]:
    """Those that there are."""
    return [command for command in COMMANDS if command.in_exam or not is_exam]


_BY_WORD = {command.word: command for command in COMMANDS}
_IN_EXAM = {command.word: command for command in commands(is_exam=True)}
