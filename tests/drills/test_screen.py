"""The drill's screen, by its keys: answers, hints, grades, commands, exams."""

from __future__ import annotations

from typing import Any

import pytest
from drilled import EDGE, ask, drilling
from textual.widgets import Input

from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.store import Store
from stepgrad.tui.drilling.commands import COMMANDS
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.screens.reading import ReadingScreen


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
