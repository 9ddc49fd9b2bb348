"""Numbers as people paste them: rows of text, CSV, or what Python prints. Standard library only, for the first frame.

A row a line, separated by blanks, commas, semicolons, tabs or bars; an empty line starts the next plane; what follows
a # is a comment. Where there are brackets they say what belongs together: `tensor([[1., 0.], [0., 1.]])`.
"""

from __future__ import annotations

import re
from typing import Any

_SEPARATOR = re.compile(r"[\s,;|]+")
_TOKEN = re.compile(r"[\[\]]|[^\s,;|\[\]]+")


def matrix(text: str) -> list[Any]:
    """The numbers of a text as nested lists. Raises ValueError saying which line is wrong, and how."""
    if "[" in text:
        return _bracketed(text)
    planes: list[list[list[float]]] = [[]]
    for number, line in enumerate(text.splitlines(), 1):
        content = line.partition("#")[0].strip(" \t,;|")
        if content:
            planes[-1].append([_number(word, number) for word in _SEPARATOR.split(content)])
        elif planes[-1]:
            planes.append([])
    found = [plane for plane in planes if plane]
    if not found:
        raise ValueError("there are no numbers in it")
    only = found[0] if len(found) == 1 else found
    return only if len(only) > 1 or len(found) > 1 else only[0]


def _bracketed(text: str) -> list[Any]:
    start, end = text.index("["), text.rfind("]") + 1
    line = text.count("\n", 0, start) + 1
    open_lists: list[list[Any]] = []
    for found in _TOKEN.finditer(text, start, end or len(text)):
        if found[0] == "[":
            inner: list[Any] = []
            if open_lists:
                open_lists[-1].append(inner)
            open_lists.append(inner)
        elif found[0] == "]":
            closed = open_lists.pop() if open_lists else None
            if closed is None or (not open_lists and found.end() != end):
                raise ValueError("the brackets do not match")
            if not open_lists:
                return closed
        else:
            open_lists[-1].append(_number(found[0], line + text.count("\n", start, found.start())))
    raise ValueError("a bracket is not closed")


def _number(word: str, line: int) -> float:
    try:
        return int(word) if re.fullmatch(r"[+-]?\d{1,15}", word) else float(word.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        hint = "; numbers were left out of this text" if word == "..." else ""
        raise ValueError(f"line {line}: '{word[:20]}' is no number{hint}") from None
