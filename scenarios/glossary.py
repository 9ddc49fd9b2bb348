"""The words of the lessons: what each means, which lesson shows it, and which of them a text uses. Standard library
only: a narration can be linked before anything heavy is imported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from stepgrad.scenarios.catalogue import FOLDER, find
from stepgrad.scenarios.document import read
from stepgrad.scenarios.prose import prose

CARD = "glossary"


@dataclass(frozen=True)
class Word:
    """A word of the glossary. `term` may name several, with commas between: "kernel, filter"."""

    term: str
    text: str
    lesson: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name.strip() for name in self.term.split(","))


@cache
def words() -> Mapping[str, Word]:
    """Every name of every word, in small letters -> the word."""
    entries = read(find(CARD)).tables["entries"]
    made = [Word(entry["term"], prose(entry["text"]), entry.get("lesson", "")) for entry in entries]
    return {name.lower(): word for word in made for name in word.names}


def found(text: str) -> Iterator[tuple[int, int, Word]]:
    """Where a text uses a word of the glossary: from, to, and which; the longest name counts, plurals too.

    The name of a lesson, `edge-detection-5x5` or `relu-mask:leaky`, is not made of words.
    """
    names = [match.span() for match in _lessons().finditer(text)]
    for match in _pattern().finditer(text):
        if not any(start <= match.start() < end for start, end in names):
            yield match.start(), match.end(), words()[match[1].lower()]


def used(text: str) -> tuple[Word, ...]:
    """The words of the glossary that a text uses, in order of first use."""
    return tuple(dict.fromkeys(word for _, _, word in found(text)))


def meaning(name: str) -> Word | None:
    """The word of that name, in the singular or the plural."""
    match = _pattern().fullmatch(name.strip())
    return words()[match[1].lower()] if match else None


@cache
def _lessons() -> re.Pattern[str]:
    """The names that `stepgrad run` takes. One without a hyphen may be a word as well."""
    names = sorted((path.stem for path in FOLDER.glob("*-*.toml")), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?::[\w-]+)?(?![\w-])")


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(words(), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, names))})(?:e?s)?\b", re.IGNORECASE)
