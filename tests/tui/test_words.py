"""The words of a note: underlined where they are used, explained by a key, and the lessons that they lead to."""

from __future__ import annotations

from pathlib import Path

import pytest
from handmade import Stop, edge
from staged import playing, position, shown
from written import EDGE, HEAD, write

from stepgrad.scenarios.glossary import meaning, used
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.flat import Selection, text
from stepgrad.tui.glossed import glossed, printed
from stepgrad.tui.line import plain, wrapped
from stepgrad.tui.page import Pages
from stepgrad.tui.plain import Session
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.screens.words import WordsScreen
from stepgrad.tui.sight import State

NOTE = "A **kernel** slides over the image; each kernel has a bias, and the learning rate is of no use here."


def underlined(text: str, room: int = 79) -> list[str]:
    """The underlined words; one of two words stands in three runs."""
    return [run for line in glossed(text, room) for run, style in line if style == "word"]


def test_a_word_is_underlined_where_it_is_first_used() -> None:
    assert underlined(NOTE) == ["kernel", "bias", "learning", " ", "rate"]
    assert underlined("Paddings, strides and a bias; the bias again.") == ["Paddings", "strides", "bias"]
    assert underlined("nothing of the kind") == []


def test_underlining_changes_no_line() -> None:
    for room in (10, 20, 33, 79):
        assert list(map(plain, glossed(NOTE, room))) == list(map(plain, wrapped(NOTE, room)))
    # A word of two words is underlined on both lines.
    assert "".join(underlined("this is the learning rate", 12)) == "learningrate"


@pytest.mark.parametrize(("name", "term"), [("kernel", "kernel, filter"), ("Filters", "kernel, filter"), ("nix", None)])
def test_a_word_by_its_name(name: str, term: str | None) -> None:
    found = meaning(name)
    assert (found and found.term) == term


ERRATUM = (
    '[[script]]\nat = "map[0,1]"\nsay = "The filter is not turned."\n'
    'erratum = "E02"\nprinted = "A convolution turns it."\n'
)


def lesson(folder: Path, text: str) -> Lesson:
    return open_lesson(str(write(folder, text)))


def test_what_was_printed_stands_under_the_narration_where_there_is_room(tmp_path: Path) -> None:
    of = lesson(tmp_path, EDGE + ERRATUM)
    tall = [plain(line).strip() for line in Pages(of).page(State(2), 80, 24).lines]
    at = tall.index("The filter is not turned.")
    assert tall[at + 1] == "printed (E02): A convolution turns it."
    low = Pages(of).page(State(2), 80, 12)
    assert not any("printed" in plain(line) for line in low.lines)
    assert "narration" not in low.cut


def test_nothing_moves_where_something_was_printed(tmp_path: Path) -> None:
    """Whatever room there is: without it each line but those of the quotation stands where it stood."""
    with_it, without = lesson(tmp_path, EDGE + ERRATUM), lesson(tmp_path, EDGE + ERRATUM.partition("erratum")[0])
    for lines in range(8, 40):
        one = [plain(line) for line in Pages(with_it).page(State(2), 80, lines).lines]
        other = [plain(line) for line in Pages(without).page(State(2), 80, lines).lines]
        assert [("" if "printed (E02)" in line else line) for line in one] == other


def test_a_stop_without_a_mistake_quotes_nothing() -> None:
    assert printed(None, 80) == printed(Stop(0, "say"), 80) == []  # type: ignore[arg-type]


async def test_the_key_shows_the_words_of_the_note_and_leads_back(tmp_path: Path) -> None:
    of = lesson(tmp_path, EDGE + ERRATUM)
    async with playing(of, at="map[0,1]") as (screen, pilot):
        await pilot.press("G")
        words = pilot.app.screen
        assert isinstance(words, WordsScreen)
        text = "\n".join(plain(line) for line in words.stage.page.lines)
        assert "printed (E02): A convolution turns it." in text
        assert "▶ kernel, filter   -> cs231n-two-filters" in text
        (word,) = used("The filter is not turned.")
        assert " ".join(word.text.split()[:5]) in text
        await pilot.press("q")
        assert pilot.app.screen is screen
        assert position(screen) == 2


async def test_a_word_leads_to_its_lesson_and_q_back_to_the_words(tmp_path: Path) -> None:
    text = EDGE + '[[script]]\nsay = "First the stride, then the kernel."\n'
    async with playing(lesson(tmp_path, text)) as (screen, pilot):
        await pilot.press("G", "down", "down", "down", "enter")
        chosen = pilot.app.screen
        assert isinstance(chosen, PlayerScreen)
        assert chosen is not screen
        while chosen.player is None:
            await pilot.pause()
        assert chosen.player.lesson.name == "cs231n-two-filters"
        await pilot.press("q")
        assert isinstance(pilot.app.screen, WordsScreen)
        await pilot.press("escape")
        assert pilot.app.screen is screen


async def test_many_words_scroll(tmp_path: Path) -> None:
    say = "kernel, stride, padding, bias, ReLU, pooling, loss, gradient, softmax, batch, epoch, momentum, neuron"
    of = lesson(tmp_path, EDGE + f'[[script]]\nsay = "{say}"\n')
    async with playing(of, size=(40, 12)) as (_, pilot):
        await pilot.press("G")
        words = pilot.app.screen
        assert isinstance(words, WordsScreen)
        for word in words.words:
            text = [plain(line) for line in words.stage.page.lines]
            assert len(text) == 12
            assert any(line.startswith(f" ▶ {word.term[:20]}") for line in text)
            await pilot.press("down")


async def test_a_note_without_such_words_says_so() -> None:
    of = edge()
    of.stops = (Stop(0, "Nothing of the kind."),)
    async with playing(of) as (screen, pilot):
        await pilot.press("G")
        assert pilot.app.screen is screen
        assert "no word of this note is in the glossary" in shown(screen)


def test_a_card_has_words_too(tmp_path: Path) -> None:
    of = lesson(tmp_path, HEAD + '[[script]]\nsay = "A kernel."\n[[entries]]\nterm = "a"\ntext = "b"\n')
    page = Pages(of).page(State(0), 80, 24)
    assert ("kernel", "word") in [run for line in page.lines for run in line]


def test_plain_lines_name_new_words_and_explain_them(tmp_path: Path) -> None:
    stops = '[[script]]\nsay = "A kernel and a stride."\n[[script]]\nat = "map[0,1]"\nsay = "The kernel has a bias."\n'
    session = Session(lesson(tmp_path, EDGE + stops))
    assert "Words: kernel, filter; stride." in session.opening()
    assert session.answer("meaning")[1].startswith("stride: ")
    assert session.answer("go 2")[-1] == "Words: bias."
    assert session.answer("m")[0].startswith("kernel, filter: ")
    assert session.answer("meaning Paddings")[0].startswith("padding: ")
    assert session.answer("meaning nix") == ["'nix' is not in the glossary."]


def test_plain_lines_and_print_quote_what_was_printed(tmp_path: Path) -> None:
    of = lesson(tmp_path, EDGE + ERRATUM)
    assert "printed (E02): A convolution turns it." in Session(of).answer("go 2")
    assert "> printed (E02): A convolution turns it." in list(text(of, Selection(range(4))))


def test_plain_lines_without_such_words_say_so(tmp_path: Path) -> None:
    session = Session(lesson(tmp_path, EDGE))
    assert session.answer("meaning") == ["No word of this note is in the glossary."]
