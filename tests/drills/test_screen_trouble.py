"""How a drill's screen ends, and what may go wrong on it."""

from __future__ import annotations

from pathlib import Path

from drilled import EDGE, ask, drilling, running
from progress import Opener
from textual import events

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.drills.path import DrillNameError, chosen
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.store import Store
from stepgrad.tui.app import INTERRUPTED
from stepgrad.tui.drilling.commands import COMMANDS
from stepgrad.tui.line import width
from stepgrad.tui.messages import LessonFailed
from stepgrad.tui.palette import Offers


async def test_the_end_tells_how_it_went(store: Store) -> None:
    async with drilling(store) as drilled:
        await drilled.type("3")
        text = await drilled.press("q")
        assert "1 of 1 right at once." in text
        assert "1 answer. 0 due now, 1 by tomorrow" in text
        await drilled.press("enter")
    assert drilled.app.return_value == 0


async def test_ctrl_c_ends_at_once(store: Store) -> None:
    async with drilling(store) as drilled:
        await drilled.press("ctrl+c")
    assert drilled.app.return_value == INTERRUPTED


async def test_what_cannot_be_opened_ends_it() -> None:
    def load() -> Session:
        chosen("convolutoin")
        raise AssertionError

    async with running(load) as drilled:
        assert "Drill: edge-detection-5x5" in drilled.text
    assert isinstance(drilled.app.fault, DrillNameError)


async def test_a_solution_that_cannot_be_played_is_said(store: Store) -> None:
    async with drilling(store) as drilled:
        await drilled.press("ctrl+o")
        drilled.app.post_message(LessonFailed(StepgradError("it is gone")))
        text = await drilled.press()
        assert drilled.app.screen is drilled.screen
        assert "it is gone" in text


async def test_the_palette_offers_what_the_keys_do(store: Store) -> None:
    async with drilling(store) as drilled:
        offers = Offers(drilled.screen)
        found = {offer.name: offer for offer in offers._actions()}
        assert list(found) == [command.word for command in COMMANDS]
        found["skip"].call()
        assert "feature_map[2,0]?" in await drilled.press()


async def test_a_resize_while_answering_keeps_what_is_typed(store: Store) -> None:
    async with drilling(store) as drilled:
        await drilled.press("1", "2")
        for size in ((20, 5), (200, 60), (40, 12), (1, 1), (80, 24)):
            await drilled.pilot.resize_terminal(*size)
            await drilled.pilot.pause()
            page = drilled.screen.stage.page
            assert all(width(line) <= size[0] for line in page.lines)
            assert len(page.lines) <= size[1]
        assert drilled.line.value == "12"


async def test_a_question_longer_than_the_screen_scrolls(store: Store) -> None:
    async with drilling(store, (40, 12)) as drilled:
        assert "PgDn more" in await ask(drilled, f"{EDGE}#D08")
        assert "True convolution" in drilled.text
        assert "your answer" not in drilled.text
        assert ">    1<" in await drilled.press("1")
        assert "True convolution" in await drilled.press("pageup", "pageup", "pageup")


async def test_ten_thousand_characters_pasted(store: Store) -> None:
    async with drilling(store) as drilled:
        drilled.app.post_message(events.Paste("7" * 10_000))
        await drilled.press()
        assert len(drilled.line.value) <= 500
        await drilled.press("enter")
        await ask(drilled, f"{EDGE}#D08")
        drilled.app.post_message(events.Paste("1 2\n3\t4; 5 " + "6 " * 5000))
        await drilled.press()
        assert drilled.sitting.grid is not None
        assert drilled.sitting.grid.text == "1 2 3; 4 5 6; 6 6 6"


async def test_without_a_place_to_save_it_says_so_and_goes_on(opener: Opener, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with drilling(opener(tmp_path / "file" / "p.db")) as drilled:
        assert "question 1, nothing is saved" in drilled.text
        assert "Right." in await drilled.type("3")


async def test_the_next_question_is_made_while_the_learner_thinks(store: Store) -> None:
    async with drilling(store) as drilled:
        assert len(drilled.sitting.session.queue._ready) == 1
