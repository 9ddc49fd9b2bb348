"""The one table of actions: every one of them is done, has keys of its own, and fits the help screen."""

from __future__ import annotations

import ast
import functools
import operator
from pathlib import Path

import pytest
from handmade import edge
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.tui.actions import ACTIONS, Action, footer, groups, key_sign
from stepgrad.tui.copying import Copying
from stepgrad.tui.footer import footer_line
from stepgrad.tui.line import plain, width
from stepgrad.tui.player import Player
from stepgrad.tui.predicting import Predicting
from stepgrad.tui.recording.taping import Taping
from stepgrad.tui.screens.doors import Doors
from stepgrad.tui.screens.player import ASKED, PlayerScreen


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_each_action_is_done_somewhere(action: Action) -> None:
    parts = (*Player(edge()).parts, Copying, Doors, Predicting, Taping)  # type: ignore[arg-type]
    assert any(hasattr(part, action.name) for part in parts) or action.name in {*ASKED, "quit"}
    assert action.label
    assert 0 < len(action.help) <= 32


def test_no_key_is_taken_twice() -> None:
    keys = [(key, action.pointing) for action in ACTIONS for key in action.keys]
    assert len(keys) == len(set(keys))
    assert not {key for key, _ in keys} & set("0123456789")
    assert len({action.name for action in ACTIONS}) == len(ACTIONS)


def test_every_action_is_bound() -> None:
    bound = {binding.id for binding in PlayerScreen.BINDINGS}
    assert {action.name for action in ACTIONS} <= bound


def test_groups_hold_every_action() -> None:
    assert functools.reduce(operator.iadd, groups().values(), []) == sorted(
        ACTIONS, key=lambda a: list(groups()).index(a.group)
    )


@given(st.integers(0, 120), st.text("0123456789", max_size=4))
def test_the_footer_fits_and_ends_with_the_ways_out(room: int, count: str) -> None:
    line = footer_line(room, count=count)
    assert width(line) <= room
    if room >= 40:
        assert plain(line).endswith("? keys   q quit")
    if room >= 80:
        assert "Space next note" in plain(line)


def test_keys_are_written_for_people() -> None:
    assert [key_sign(key) for key in ("right", "question_mark", "n", "pagedown")] == ["→", "?", "n", "PgDn"]
    assert ("→", "step") in list(footer())


def test_every_action_is_pressed_somewhere_in_these_tests() -> None:
    """A key of each action stands in a text of a test that presses keys: a new action without a test fails here."""
    known = {key for action in ACTIONS for key in action.keys} | set("0123456789") | {"enter", "escape"}
    pressed: set[str] = set()
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        source = path.read_text("utf-8")
        if path != Path(__file__) and ".press(" in source:
            texts = (node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant))
            pressed |= {key for text in texts if isinstance(text, str) for key in _keys(text, known)}
    assert [action.name for action in ACTIONS if not pressed & set(action.keys)] == []


def _keys(text: str, known: set[str]) -> list[str]:
    """The keys a text stands for, where all of it is keys."""
    keys = text.split()
    return keys if all(key in known for key in keys) else []
