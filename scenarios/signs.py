"""Signs that show nothing and may change what is shown: a terminal obeys them. Standard library only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from stepgrad.scenarios.overrides import Key

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and newline, and what turns the direction of writing."""
POSSIBLE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|" + r"\\[bfruU]")
"""How one can stand in TOML, which has no others unescaped."""
ANY = re.compile(f"{OBEYED.pattern}|[\t\n]")


def obeyed(tables: dict[str, Any], text: str) -> Iterator[tuple[Key, str]]:
    """The keys of texts with such signs, and each one's name, as U+001B; `text` is what the tables were read from."""
    if not POSSIBLE.search(text):
        return
    left: list[tuple[Key, Any]] = [((), tables)]
    while left:
        key, value = left.pop()
        parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for name, part in parts:
            at = (*key, name)
            found = OBEYED.search(f"{name}{part}" if isinstance(part, str) else str(name))
            if found:
                yield at, f"U+{ord(found[0]):04X}"
            left.append((at, part))


def escaped(text: str) -> str:
    """On one line, such signs as a programmer writes them."""
    return ANY.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
