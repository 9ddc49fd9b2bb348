"""What was changed is marked, whatever else is done to the numbers on the board."""

from __future__ import annotations

from staged import playing, shown

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.veil import Veil


async def test_a_change_in_a_lesson_with_letters() -> None:
    async with playing(open_lesson("conv-symbolic-2x2"), at="1") as (screen, pilot):
        await pilot.press("k")
        assert "* changed" in shown(screen)
        await pilot.press("i", "right")
        assert "step 2" in shown(screen)


async def test_a_change_where_values_are_hidden() -> None:
    async with playing(open_lesson("edge-kernel-learning"), at="@2", hidden=Veil(values=True)) as (screen, pilot):
        assert screen.player is not None
        screen.player.answer("edit", "lr = 0.5")
        await pilot.press("right")
        assert "* changed" in shown(screen)
