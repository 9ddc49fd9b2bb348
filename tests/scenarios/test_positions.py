"""Where keys and elements stand: counted by hand on a file with every way TOML has to write a key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from stepgrad.scenarios.catalogue import FOLDER
from stepgrad.scenarios.positions import Key, positions

TEXT = """\
title = "é" # a comment
a.b = 1
inline = { x = [1, { y = 2 }], "z w" = 3 }
[t."q r"]
rows = [
  [1, 2], # one
  [3,
   4],
]
[[list]]
name = '''
several
lines'''
[[list]]
[list.inner]
k = 5
[[list.deep]]
m = 6
[[list.deep]]
m = 7
"""

EXPECTED = {
    ("title",): (1, 1),
    ("a",): (2, 1),
    ("a", "b"): (2, 3),
    ("inline",): (3, 1),
    ("inline", "x"): (3, 12),
    ("inline", "x", 0): (3, 17),
    ("inline", "x", 1): (3, 20),
    ("inline", "x", 1, "y"): (3, 22),
    ("inline", "z w"): (3, 32),
    ("t",): (4, 2),
    ("t", "q r"): (4, 1),
    ("t", "q r", "rows"): (5, 1),
    ("t", "q r", "rows", 0): (6, 3),
    ("t", "q r", "rows", 0, 1): (6, 7),
    ("t", "q r", "rows", 1): (7, 3),
    ("t", "q r", "rows", 1, 1): (8, 4),
    ("list",): (10, 1),
    ("list", 0): (10, 1),
    ("list", 0, "name"): (11, 1),
    ("list", 1): (14, 1),
    ("list", 1, "inner"): (15, 1),
    ("list", 1, "inner", "k"): (16, 1),
    ("list", 1, "deep"): (17, 1),
    ("list", 1, "deep", 0): (17, 1),
    ("list", 1, "deep", 0, "m"): (18, 1),
    ("list", 1, "deep", 1): (19, 1),
    ("list", 1, "deep", 1, "m"): (20, 1),
}


def test_every_way_of_writing_a_key() -> None:
    found = positions(TEXT)
    assert {key: found[key] for key in EXPECTED} == EXPECTED


def keys(value: Any, at: Key = ()) -> Iterator[Key]:
    yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, element in inner:
        yield from keys(element, (*at, part))


def test_every_key_of_the_catalogue_has_a_place_and_stands_there() -> None:
    for path in FOLDER.glob("*.toml"):
        text = path.read_text("utf-8")
        found, lines = positions(text), text.split("\n")
        for key in keys(tomllib.loads(text)):
            line, column = found[key]
            there = lines[line - 1][column - 1 :]
            if key and isinstance(key[-1], str):
                assert re.match(rf'"?{re.escape(key[-1])}\b|\[', there), (path.name, key, there)


@given(st.recursive(st.integers(-9, 9), lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=12))
def test_elements_of_arrays_stand_where_they_are_written(value: Any) -> None:
    text = f"x = {value}"
    for key, (line, column) in positions(text).items():
        assert line == 1
        if len(key) > 1:
            element = value
            for i in key[1:]:
                element = element[i]
            assert text[column - 1 :].startswith(str(element))
