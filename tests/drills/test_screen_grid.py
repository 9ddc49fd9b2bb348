"""A row or a matrix is typed into a grid, cell by cell."""

from __future__ import annotations

from drilled import EDGE, ask, drilling

from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.store import Store


async def test_a_grid_is_typed_in_cell_by_cell_and_graded_so(store: Store) -> None:
    async with drilling(store) as drilled:
        assert "your answer: 9 whole numbers\n >    ?<    ?     ?" in await ask(drilled, f"{EDGE}#D08")
        await drilled.type("1 1 0 0 ? 0 0 0 9")
        text = drilled.text
        assert "7 RIGHT, 1 WRONG, 1 NOT DONE" in text
        assert "    1✓    1✓    0✓\n     0✓>   ? <   0✓\n     0✓    0✓[   9 ]" in text
        assert store.events()[0]["rating"] == Rating.AGAIN
        await drilled.press("backspace", "0", "down", "right", "backspace")
        assert drilled.sitting.grid is not None
        assert drilled.sitting.grid.text == "1 1 0; 0 0 0; 0 0 ?"
        assert "Right." in await drilled.press("0", "enter")
        assert ">" not in drilled.text


async def test_what_is_left_for_later_in_a_grid_is_no_mark(store: Store) -> None:
    async with drilling(store) as drilled:
        await ask(drilled, f"{EDGE}#D08")
        assert "8 left to do; that is no mark against you" in await drilled.type("1")
        assert drilled.sitting.grid is not None
        assert drilled.sitting.grid.at == 1
        assert "'a' is not a number" in await drilled.type("a")
        assert store.events() == []


async def test_a_word_in_a_grid_is_a_command(store: Store) -> None:
    async with drilling(store) as drilled:
        await ask(drilled, f"{EDGE}#D08")
        assert "It reads 9 cells of image" in await drilled.type("1 hint")
        assert drilled.sitting.grid is not None
        assert drilled.sitting.grid.text == "1 ? ?; ? ? ?; ? ? ?"


async def test_an_arrow_that_comes_in_pieces_moves_in_a_grid(store: Store) -> None:
    async with drilling(store) as drilled:
        await ask(drilled, f"{EDGE}#D08")
        await drilled.press("escape", "left_square_bracket", "B")
        assert drilled.sitting.grid is not None
        assert (drilled.sitting.grid.at, drilled.sitting.grid.cells[3]) == (3, "")
        await drilled.press("tab", "tab", "shift+tab", "end", "home", "right")
        assert drilled.sitting.grid.at == 1
