"""Keys as a user has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.keys import _character_to_key

from stepgrad.tui.actions import ACTIONS, key_sign
from stepgrad.tui.keymap import key_name, table


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "keys.toml"
    path.write_text(text, "utf-8")
    return path


def keys(tmp_path: Path, text: str) -> tuple[dict[str, tuple[str, ...]], str]:
    actions, fault = table(path=written(tmp_path, text))
    return {action.name: action.keys for action in actions}, fault


def test_without_a_file_the_usual_keys_hold(tmp_path: Path) -> None:
    assert table(path=tmp_path / "keys.toml") == (ACTIONS, "")


def test_it_is_looked_for_where_a_user_s_files_live(home: Path) -> None:
    (home / "config").mkdir(parents=True)
    written(home / "config", 'play = "P"')
    assert next(action.keys for action in table()[0] if action.name == "play") == ("P",)


def test_keys_by_character_name_and_sign(tmp_path: Path) -> None:
    found, fault = keys(tmp_path, 'play = "P"\nstop_here = ["F9", "ctrl+b"]\nforward = ["→", "+"]\nfaster = ">>"[0:0]')
    assert fault.endswith("the usual keys hold"), "that was no TOML"
    found, fault = keys(tmp_path, 'play = "P"\nstop_here = ["F9", "ctrl+b"]\nfaster = "="\nfirst = ["Home", "^"]')
    assert fault == ""
    assert found["play"] == ("P",)
    assert found["stop_here"] == ("f9", "ctrl+b")
    assert found["faster"] == ("equals_sign",)
    assert found["first"] == ("home", "circumflex_accent")
    assert found["back"] == ("left", "h")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('plya = "P"', "there is no action 'plya'; did you mean 'play'?"),
        ('play = "b"', "'b' is given to play and stop_here"),
        ('play = "P"\nquit = "P"', "'P' is given to play and quit"),
        ('play = "7"', "play: '7' always means the same"),
        ('play = "Ctrl+C"', "always means the same"),
        ('play = "hyperspace"', "play: there is no key 'hyperspace'"),
        ("play = 3", "play: received 3; give a key, or a list of keys"),
        ("play = []", "play: received []; give a key, or a list of keys"),
        ("play = ", "the usual keys hold"),
        ('a = "x1"\nb = "x2"', "(and 1 more)"),
    ],
)
def test_what_is_wrong_is_one_line_and_the_usual_keys_hold(tmp_path: Path, text: str, told: str) -> None:
    actions, fault = table(path=written(tmp_path, text))
    assert actions == ACTIONS
    assert told in fault
    assert "\n" not in fault
    assert "keys.toml" in fault


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_what_the_help_screen_shows_can_be_written(action: object) -> None:
    for key in action.keys:  # type: ignore[attr-defined]
        assert key_name(key_sign(key)) == key
        assert key_name(key) == key


def test_characters_are_called_as_the_library_calls_them() -> None:
    for character in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~äЖ":
        assert key_name(character) == _character_to_key(character)
