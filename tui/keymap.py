"""The keys as a user has them: `keys.toml` in the user's folder, over the table of actions.

    forward = ["right", "l"]
    play = "P"
    stop_here = "F9"

A key is a character, a name (`right`, `space`, `pagedown`, `f9`, `ctrl+b`) or a sign of the help screen. An action that
is not named keeps its keys.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from stepgrad.engine.errors import did_you_mean
from stepgrad.scenarios import folders
from stepgrad.tui.actions import ACTIONS, SIGNS, Action

FILE = "keys.toml"
KEPT = {*"0123456789", "escape", "ctrl+c", "ctrl+p", "colon"}
"""Keys that mean the same always: counts, leaving, the palette."""
MODIFIERS = ("ctrl+", "shift+", "alt+")
NAMES = {"solidus": "slash", "reverse_solidus": "backslash", "hyphen_minus": "minus", "plus_sign": "plus",
         "low_line": "underscore", "commercial_at": "at"}  # fmt: skip
"""Characters that the library calls otherwise than Unicode does."""


def table(actions: Iterable[Action] = ACTIONS, path: Path | None = None) -> tuple[tuple[Action, ...], str]:
    """The actions with the user's keys, and in one line what is wrong with these; then the usual ones hold."""
    usual = tuple(actions)
    path = path or folders.config() / FILE
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return usual, ""
    except (OSError, ValueError) as fault:
        return usual, f"{path}: {fault}; the usual keys hold"
    faults: list[str] = []
    keys = dict(_read(found, usual, faults))
    mapped = tuple(action._replace(keys=keys.get(action.name, action.keys)) for action in usual)
    faults += _conflicts(mapped, keys)
    if not faults:
        return mapped, ""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return usual, f"{path}: {faults[0]}{more}; the usual keys hold"


def _read(
    found: Mapping[str, object], actions: Iterable[Action], faults: list[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    names = [action.name for action in actions]
    for name, value in found.items():
        keys = [value] if isinstance(value, str) else value
        if name not in names:
            faults.append(f"there is no action '{name}'{did_you_mean(name, names)}")
        elif not isinstance(keys, list) or not keys or not all(isinstance(key, str) for key in keys):
            faults.append(f"{name}: received {value!r}; give a key, or a list of keys")
        else:
            named = [(key, key_name(key)) for key in keys]
            faults += [f"{name}: there is no key '{key}'" for key, found in named if found is None]
            faults += [f"{name}: '{key}' always means the same; give another" for key, found in named if found in KEPT]
            yield name, tuple(found for _, found in named if found is not None)


def _conflicts(actions: Iterable[Action], chosen: Mapping[str, object]) -> Iterator[str]:
    """One line for every key that two actions would have."""
    owner: dict[tuple[str, bool], str] = {}
    for action in sorted(actions, key=lambda action: action.name not in chosen):
        for key in action.keys:
            if (key, action.pointing) in owner:
                yield f"'{SIGNS.get(key, key)}' is given to {owner[key, action.pointing]} and {action.name}"
            owner.setdefault((key, action.pointing), action.name)


def key_name(text: str) -> str | None:
    """What the library calls a key; None where it knows none of that name."""
    signs = {sign.lower(): key for key, sign in SIGNS.items()}
    text = text.strip()
    modifier = next((modifier for modifier in MODIFIERS if text.lower().startswith(modifier)), "")
    bare = text[len(modifier) :]
    if modifier:
        inner = key_name(bare.lower())
        return inner and f"{modifier}{inner}"
    if bare.lower() in signs:
        return signs[bare.lower()]
    if len(bare) == 1:
        return bare if bare.isalnum() else _named(bare)
    from textual.keys import Keys

    known = {key.value for key in Keys}
    named = bare.lower()
    return named if named in known or named in SIGNS else None


def _named(character: str) -> str | None:
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    return NAMES.get(name, name) or None
