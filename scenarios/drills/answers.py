"""What is asked for and how it is graded: one class a form of answer, each with the right answer in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Any, ClassVar

from stepgrad.engine.number import Index
from stepgrad.engine.timeline import Address, complete, short
from stepgrad.scenarios.drills import reading
from stepgrad.scenarios.drills.reading import UnreadableError
from stepgrad.scenarios.drills.verdict import Outcome, Verdict
from stepgrad.scenarios.narration import size

YES_OR_NO = ("yes", "no")


class Answer(ABC):
    """The right answer to a question, and all that is known about telling it from others."""

    form: ClassVar[str]
    value: Any
    """The right answer."""

    @property
    @abstractmethod
    def asks(self) -> str:
        """What to type, in words: `a whole number`, `a size such as 3x3`."""

    @property
    def offers(self) -> str:
        """What there is to choose from; nothing where the answer is free."""
        return ""

    @abstractmethod
    def grade(self, text: str) -> Verdict:
        """Compare what was typed. Raises UnreadableError where that is no answer of this form."""

    @abstractmethod
    def spelled(self, value: Any) -> str:
        """A value of this form as a person would type it."""

    @abstractmethod
    def means(self, text: str, value: Any) -> bool:
        """Whether what was typed says `value`; of several cells, whether every wrong one does."""

    def same(self, value: Any) -> bool:
        """Whether a value would be graded right."""
        try:
            return self.grade(self.spelled(value)).outcome is Outcome.RIGHT
        except UnreadableError:
            return False

    @property
    def written(self) -> str:
        """The right answer as a person would type it."""
        return self.spelled(self.value)


@dataclass(frozen=True)
class Shape(Answer):
    """A size, an axis each. Leading axes of 1 may be left out."""

    form = "shape"
    value: Index

    @property
    def asks(self) -> str:
        return f"a size such as {size((5, 4, 3, 2)[-len(self.written.split('x')) :])}"

    def grade(self, text: str) -> Verdict:
        return Verdict(Outcome.RIGHT if self.means(text, self.value) else Outcome.WRONG)

    def spelled(self, value: Any) -> str:
        return size(value)

    def means(self, text: str, value: Any) -> bool:
        typed, wanted = size(reading.sizes(text)), self.written
        if typed.count("x") != wanted.count("x"):
            raise UnreadableError(f"{typed} has {_axes(typed)}; the size asked for has {_axes(wanted)}")
        return typed == size(value)


@dataclass(frozen=True)
class Cell(Answer):
    """A cell of a tensor."""

    form = "cell"
    tensor: str
    shape: Index
    value: Index

    @property
    def asks(self) -> str:
        return f"a cell of {self.tensor}, such as {self.spelled((0,) * len(self.shape))}"

    def grade(self, text: str) -> Verdict:
        return Verdict(Outcome.RIGHT if self._read(text) == {self.value} else Outcome.WRONG)

    def spelled(self, value: Any) -> str:
        return str(short(Address(self.tensor, value), self.shape))

    def means(self, text: str, value: Any) -> bool:
        return self._read(text) == {tuple(value)}

    def _read(self, text: str) -> set[Index]:
        found = reading.cells(text)
        if len(found) != 1:
            raise UnreadableError(f"received {len(found)} cells; it takes one, such as [0,1]")
        return {fitting(self.tensor, self.shape, name, index) for name, index in found}


@dataclass(frozen=True)
class Cells(Answer):
    """Some cells of a tensor, in any order."""

    form = "cells"
    tensor: str
    shape: Index
    value: frozenset[Index]

    @property
    def asks(self) -> str:
        first = islice(product(*(range(min(n, 2)) for n in self.shape)), 2)
        return f"cells of {self.tensor}, such as {self.spelled(first)}, or none"

    def grade(self, text: str) -> Verdict:
        typed = self._read(text)
        if typed == self.value:
            return Verdict(Outcome.RIGHT)
        missing, extra = len(self.value - typed), len(typed - self.value)
        parts = [f"{missing} missing"] if missing else []
        parts += [f"{extra} that do not belong"] if extra > 1 else ["1 that does not belong"] if extra else []
        return Verdict(Outcome.WRONG, say=" and ".join(parts))

    def spelled(self, value: Any) -> str:
        texts = [str(short(Address(self.tensor, index), self.shape).index or ()) for index in sorted(value)]
        return " ".join(f"[{text.strip('(),').replace(' ', '')}]" for text in texts) or "none"

    def means(self, text: str, value: Any) -> bool:
        return self._read(text) == set(value)

    def _read(self, text: str) -> set[Index]:
        if reading.cleaned(text).lower() in ("none", "no", "-"):
            return set()
        return {fitting(self.tensor, self.shape, name, index) for name, index in reading.cells(text)}


@dataclass(frozen=True)
class Choice(Answer):
    """One of several answers, by its letter or its text."""

    form = "choice"
    options: tuple[str, ...]
    value: int
    """Which one is right."""

    @property
    def asks(self) -> str:
        letters = self.letters
        return f"{', '.join(letters[:-1])} or {letters[-1]}"

    @property
    def offers(self) -> str:
        return " ".join(f"{letter}) {option}" for letter, option in zip(self.letters, self.options, strict=True))

    @cached_property
    def letters(self) -> tuple[str, ...]:
        return tuple("abcdefghijklmnopqrstuvwxyz"[: len(self.options)])

    def grade(self, text: str) -> Verdict:
        return Verdict(Outcome.RIGHT if self._read(text) == self.value else Outcome.WRONG)

    def spelled(self, value: Any) -> str:
        return self.letters[int(value)]

    def means(self, text: str, value: Any) -> bool:
        return self._read(text) == int(value)

    @property
    def written(self) -> str:
        return f"{self.letters[self.value]}) {self.options[self.value]}"

    def _read(self, text: str) -> int:
        plain = reading.cleaned(text).lower()
        letter = plain.strip("().:").strip()
        if letter in self.letters:
            return self.letters.index(letter)
        said = {_squeezed(plain), _squeezed(plain[2:])}
        same = [i for i, option in enumerate(self.options) if _squeezed(reading.cleaned(option).lower()) in said]
        if not same and self.options == YES_OR_NO:
            same = [i for i, option in enumerate(self.options) if option[0] == plain]
        if not same:
            raise UnreadableError(f"'{reading.cut(text)}' is none of them; type {self.asks}")
        return same[0]


def fitting(tensor: str, shape: Index, name: str, index: Index) -> Index:
    """A cell that was typed, as a full index of the tensor."""
    if name and name != tensor:
        raise UnreadableError(f"'{name}' is another tensor; a cell of {tensor} is asked for")
    full = complete(index, shape)
    if full is None:
        raise UnreadableError(f"{list(index)} is no cell of {tensor}, which is {size(shape)}, counted from 0")
    return full


def _squeezed(text: str) -> str:
    """A text as it is compared: without spaces, and without the stop at its end."""
    return "".join(text.split()).rstrip(".")


def _axes(written: str) -> str:
    count = written.count("x") + 1
    return f"{count} axis" if count == 1 else f"{count} axes"
