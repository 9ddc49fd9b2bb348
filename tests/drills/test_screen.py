"""The drill's screen, by its keys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from progress import Opener
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.drills.path import DrillNameError, asked, chosen
from stepgrad.scenarios.drills.queue import Queue
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.store import Store
from stepgrad.tui.app import INTERRUPTED, StepgradApp
from stepgrad.tui.drilling.commands import COMMANDS
from stepgrad.tui.drilling.sitting import Sitting
from stepgrad.tui.line import plain, width
from stepgrad.tui.messages import LessonFailed
from stepgrad.tui.palette import Offers
from stepgrad.tui.screens.drill import DrillScreen
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.screens.reading import ReadingScreen

EDGE = "edge-detection-5x5"
D08 = "1 1 0 0 0 0 0 0 0"
"""The drill D08 of the lesson, worked out by hand: the filter half round."""
NAMES = {" ": "space", "?": "question_mark", "-": "minus", ".": "full_stop", ";": "semicolon", ",": "comma"}


class Drilled:
    """A drill on a terminal that is not there."""

    def __init__(self, app: StepgradApp, screen: DrillScreen, pilot: Pilot[int]) -> None:
        self.app, self.screen, self.pilot = app, screen, pilot

    @property
    def sitting(self) -> Sitting:
        assert self.screen.sitting is not None
        return self.screen.sitting

    @property
    def text(self) -> str:
        stage: Any = self.app.screen
        return "\n".join(plain(line).rstrip() for line in stage.stage.page.lines)

    @property
    def line(self) -> Input:
        """Where a line is typed."""
        return self.screen.query_one(Input)

    async def press(self, *keys: str) -> str:
        await self.pilot.press(*keys)
        await self.pilot.pause()
        return self.text

    async def type(self, text: str) -> str:
        return await self.press(*(NAMES.get(character, character) for character in text), "enter")


@asynccontextmanager
async def drilling(
    store: Store, size: tuple[int, int] = (80, 24), *, exam: int | None = None, seed: int | None = None
) -> AsyncIterator[Drilled]:
    def load() -> Session:
        return Session(store, Queue(store, [EDGE], chosen=True, seed=seed), is_exam=exam is not None, length=exam)

    async with running(load, size) as drilled:
        yield drilled


@asynccontextmanager
async def running(load: Callable[[], Session], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Drilled]:
    app = StepgradApp(lambda app: DrillScreen(load, EDGE, app.fail))
    async with app.run_test(size=size) as pilot:
        screen = app.screen
        assert isinstance(screen, DrillScreen)
        while screen.sitting is None and app.fault is None:
            await pilot.pause()
        await pilot.pause()
        yield Drilled(app, screen, pilot)


async def ask(drilled: Drilled, key: str, seed: int = 3) -> str:
    """Let a certain question be the next one."""
    queue = drilled.sitting.session.queue
    queue._ready = [asked(key, seed)]
    drilled.sitting.skip()
    drilled.screen.show()
    return await drilled.press()


async def test_a_right_answer_is_told_and_the_next_question_asked(store: Store) -> None:
    async with drilling(store) as drilled:
        assert "What is feature_map[0,0]?" in drilled.text
        assert "    1     1     1     1     0         1     0     0" in drilled.text
        assert "Right. It comes back in 10 minutes." in await drilled.type("3")
        assert "feature_map[0,0] = (1*1) + (1*0) + (1*0) + (1*1)" in drilled.text
        assert "2 hard: 6 minutes" in drilled.text
        assert "4 easy: 8 days" in drilled.text
        assert not drilled.screen.query(Input)
        assert "What is\n feature_map[2,0]?" in await drilled.press("enter")
        assert "question 2, 1 of 1 right at once" in drilled.text
        assert [event["rating"] for event in store.events()] == [Rating.GOOD]


async def test_nonsense_is_no_mark_and_stays_in_the_field(store: Store) -> None:
    async with drilling(store) as drilled:
        await drilled.type("three")
        field: Any = drilled.line.parent
        assert "'three' is not a number; try 0.25 or 1/4; that is no mark" in str(field.query_one("Static").visual)
        assert drilled.line.value == "three"
        await drilled.press("enter")
        await drilled.press("backspace")
        assert "a whole number" in str(field.query_one("Static").visual)
        assert store.events() == []


async def test_a_wrong_answer_is_told_with_what_it_comes_from_and_may_be_mended(store: Store) -> None:
    async with drilling(store) as drilled:
        assert "Wrong. That is what comes out with the kernel flipped; here it is not." in await drilled.type("1")
        # What was typed gives way to what is typed next.
        assert "Right." in await drilled.type("3")
        assert "hard" not in drilled.text
        assert [event["rating"] for event in store.events()] == [Rating.AGAIN]
        await drilled.press("4")
        assert len(store.events()) == 1


async def test_three_hints_the_first_of_which_marks_what_is_read(store: Store) -> None:
    async with drilling(store) as drilled:
        assert "[ " not in drilled.text
        assert "[  1     1     1  ]  1     0      [  1     0     0  ]" in await drilled.press("ctrl+t")
        await drilled.type("hint")
        assert "sum image[n,c,i+u,j+v] * kernel[m,c,u,v]" in drilled.text
        assert "so far 1." in await drilled.press("ctrl+t")
        assert (await drilled.press("ctrl+t", "ctrl+t")).count("There are no more hints") == 1
        assert "Wrong." in await drilled.type("1")
        assert "so far 1." in drilled.text
        await drilled.type("3")
        assert store.events()[0]["hints"] == 3


async def test_the_solution_is_shown_and_played_and_q_comes_back(store: Store) -> None:
    async with drilling(store) as drilled:
        await drilled.press("ctrl+o")
        player = drilled.app.screen
        assert isinstance(player, PlayerScreen)
        while player.player is None:
            await drilled.pilot.pause()
        assert player.player.cursor.position == 1
        assert "feature_map[0,0] = 3" in await drilled.press()
        text = await drilled.press("q")
        assert "The answer is 3." in text
        assert "(0*0) = 3" in text
        assert [event["rating"] for event in store.events()] == [Rating.AGAIN]
        await drilled.press("w")
        assert isinstance(drilled.app.screen, PlayerScreen)
        assert "feature_map[2,0]?" in await drilled.press("q", "enter")


async def test_what_was_told_with_a_right_answer_is_not_told_twice(store: Store) -> None:
    async with drilling(store) as drilled:
        await drilled.type("3")
        await drilled.press("w", "q")
        assert drilled.text.count("feature_map[0,0] = (1*1)") == 1
        assert "Right." in drilled.text


async def test_undo_by_key_and_by_word(store: Store) -> None:
    async with drilling(store) as drilled:
        assert "There is nothing to take back." in await drilled.press("ctrl+z")
        await drilled.type("1")
        assert "Taken back." in await drilled.type("undo")
        assert drilled.line.value == ""
        await drilled.type("3")
        assert "Taken back." in await drilled.press("u")
        await drilled.type("3")
        await drilled.press("enter")
        assert "feature_map[0,0]?" in await drilled.press("ctrl+z")
        assert store.known() == set()


@pytest.mark.parametrize(("key", "rating"), [("4", Rating.EASY), ("2", Rating.HARD)])
async def test_how_it_went_may_be_said(store: Store, key: str, rating: Rating) -> None:
    async with drilling(store) as drilled:
        await drilled.type("3")
        assert f"Noted as {rating.name.lower()}: it comes back in" in await drilled.press(key)
        assert "feature_map[2,0]?" in drilled.text
        assert [event["rating"] for event in store.events() if event["what"] == "review"][-1] == rating


async def test_letters_are_text_while_there_is_something_to_answer(store: Store) -> None:
    async with drilling(store) as drilled:
        await drilled.press("q", "w", "u", "s", "n", "4", "question_mark")
        assert drilled.line.value == "qwusn4?"
        assert drilled.app.screen is drilled.screen


async def test_a_word_and_a_key_for_each_command(store: Store) -> None:
    known = {command.word: command for command in COMMANDS}
    async with drilling(store) as drilled:
        assert "feature_map[2,0]?" in await drilled.press(*known["skip"].keys)
        assert "How large is the map?" in await drilled.type("skip")
        assert "How large is the map?" in await drilled.type("again")
        assert drilled.line.value == ""
        for key in known["help"].keys:
            text = await drilled.press(key)
            words = " ".join(text.split())
            assert all(command.summary in words for command in COMMANDS if command.keys or command.letters)
            await drilled.press("q")
        for key in known["stats"].keys:
            assert "0 answers. 0 due now" in await drilled.press(key)
            await drilled.press("space")
        assert "0 answers" in await drilled.type("stats")
        await drilled.press("enter")
        await drilled.type("3x3")
        for key in (*known["help"].letters, *known["stats"].letters):
            await drilled.press(key)
            assert isinstance(drilled.app.screen, ReadingScreen)
            await drilled.press("q")
        for key in known["skip"].letters:
            number = len(drilled.sitting.session.asked)
            await ask(drilled, f"{EDGE}#D05b")
            await drilled.type("3x3")
            await drilled.press(key)
            assert len(drilled.sitting.session.asked) == number + 2
        assert "How it went" in await drilled.press(*known["quit"].keys)


async def test_the_forgetting_curve_is_a_key_away(store: Store) -> None:
    for _ in range(3):
        store.record(f"{EDGE}#D04", "convolution", Rating.GOOD)
    async with drilling(store) as drilled:
        assert "met again after  times  known\n the same day         2   100%" in await drilled.press("ctrl+r")


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


async def test_choices_by_letter(store: Store) -> None:
    async with drilling(store) as drilled:
        text = await ask(drilled, f"{EDGE}#next")
        assert "\n a) " in text
        assert "Right." in await drilled.type(drilled.sitting.session.current.question.answer.written[0])  # type: ignore[union-attr]  # it was asked


async def test_an_exam_has_no_help_and_a_report(store: Store) -> None:
    async with drilling(store, exam=2, seed=1) as drilled:
        assert "exam, question 1 of 2" in drilled.text
        assert "hint" not in drilled.text
        await drilled.press("ctrl+t", "ctrl+o", "ctrl+z", "ctrl+r")
        assert drilled.sitting.told == [("An exam: 2 questions, one answer each.", "")]
        answer = drilled.sitting.session.current
        assert answer is not None
        if drilled.sitting.grid is None:
            await drilled.type(answer.question.answer.written)
        assert "Noted." in drilled.text
        text = await drilled.press("ctrl+n")
        assert "How it went" in text
        assert "1 of 2 right." in text
        assert "2: no answer. The answer is" in text
        await drilled.press("q")
    assert drilled.app.return_value == 1


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
