"""The themes: readable, and the same meaning without colour."""

from __future__ import annotations

import pytest
from handmade import edge
from staged import playing, shown
from textual.color import Color
from textual.command import CommandPalette
from textual.widgets import OptionList

from stepgrad.tui.app import DEFAULT, WISH, checked
from stepgrad.tui.arguments import UsageError
from stepgrad.tui.themes import LOOKS, THEMES

MARKS = {"todo", "done", "here", "unwritten", "next"}
"""Styles of signs, not of text."""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("style", LOOKS)
def test_contrast(theme: str, style: str) -> None:
    found = THEMES[theme]
    known = {**found.variables, "foreground": found.foreground, "background": found.background}
    text, background, *_ = LOOKS[style]
    ratio = _contrast(known[text], known[background or "background"])
    assert ratio >= (3 if style in MARKS else 4.5), ratio


def _contrast(a: str, b: str) -> float:
    """The WCAG 2 contrast ratio."""
    bright, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [part / 255 for part in Color.parse(colour).rgb]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
async def test_every_style_of_a_page_has_a_look(theme: str) -> None:
    async with playing(edge(1)) as (screen, pilot):
        pilot.app.theme = theme
        await pilot.press("right", "right")
        used = {style for line in screen.stage.page.lines for _, style in line}
        assert used <= set(LOOKS)
        assert len(used) > 10


async def test_without_colour_the_signs_carry_the_meaning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with playing(edge(1)) as (screen, pilot):
        await pilot.press("right")
        assert pilot.app.no_color
        text = shown(screen)
        for sign in ("[ 0 ]", "?", " . ", "0'", "[ 0'", "●", "◇"):
            assert sign in text


def test_a_theme_is_named_on_the_command_line_or_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WISH, raising=False)
    assert checked(None) == DEFAULT
    assert checked("light") == "light"
    monkeypatch.setenv(WISH, "colour-blind")
    assert checked(None) == "colour-blind"
    assert checked("light") == "light"
    monkeypatch.setenv(WISH, "color-blind")
    with pytest.raises(UsageError, match="STEPGRAD_THEME: there is no theme 'color-blind'") as told:
        checked(None)
    assert "did you mean 'colour-blind'?" in str(told.value)


async def test_the_palette_changes_the_theme() -> None:
    async with playing(edge()) as (_, pilot):
        await pilot.press("right", "ctrl+p")
        while not isinstance(pilot.app.screen, CommandPalette):
            await pilot.pause()
        await pilot.press(*"colour-blind")
        offers = pilot.app.screen.query_one(OptionList)
        while not offers.option_count or "colour-blind" not in str(offers.options[0].prompt):
            await pilot.pause()
        await pilot.press("enter")
        while pilot.app.theme == DEFAULT:
            await pilot.pause()
        assert pilot.app.theme == "colour-blind"
