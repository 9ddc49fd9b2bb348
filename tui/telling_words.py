"""What flat text says about words of the glossary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stepgrad.engine.errors import AddressError
from stepgrad.scenarios.glossary import Word, meaning, used

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Stop


def words_of(stop: Stop | None) -> tuple[Word, ...]:
    """The words that a note uses."""
    return () if stop is None else used(f"{stop.title}. {stop.template}")


def explained(stops: Sequence[Stop], name: str) -> list[str]:
    """What the words of notes mean, or the one that is named. Raises AddressError where there is none."""
    named = meaning(name) if name else None
    if name and named is None:
        raise AddressError(f"'{name[:40]}' is not in the glossary")
    words = dict.fromkeys(word for stop in stops for word in words_of(stop)) if named is None else (named,)
    told = [f"{word.term}: {word.text}" + f" See {word.lesson}." * bool(word.lesson) for word in words]
    return told or ["No word of this note is in the glossary."]


def heard(stop: Stop, known: set[Word]) -> list[str]:
    """The words that a note uses for the first time; they are known from now on."""
    new = [word for word in words_of(stop) if word not in known]
    known.update(new)
    return [f"Words: {'; '.join(word.term for word in new)}."] if new else []
