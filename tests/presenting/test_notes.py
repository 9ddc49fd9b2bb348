"""The speaker's page, and the command that shows it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from staged import Clock
from talk import CUE

from stepgrad.tui.app import StepgradApp
from stepgrad.tui.cli import main
from stepgrad.tui.line import plain
from stepgrad.tui.presenting.cue import Cue
from stepgrad.tui.presenting.notes import clock, notes_page
from stepgrad.tui.screens.notes import NotesScreen


def lines(cue: Cue | None = CUE, size: tuple[int, int] = (80, 24)) -> list[str]:
    return [plain(line).rstrip() for line in notes_page(cue, 75.0, "14:05", *size).lines]


def test_it_says_what_to_say_what_is_read_and_what_comes_next() -> None:
    text = lines()
    assert text[0].startswith(" A lesson")
    assert text[0].endswith("0:01:15   14:05")
    assert text[1] == " stop 1 of 3   step 2 of 9   out[0,1]"
    assert text[3:6] == [" Zwölf", " ask", " them"]
    assert text[7:9] == [" The audience reads", " 3 again"]
    assert text[-2:] == [" Next: Next one", " q leaves; the talk goes on"]


def test_the_end_and_no_notes_and_an_aside() -> None:
    text = lines(replace(CUE, following="", notes="", aside="blank"))
    assert text[-2] == " The end comes next."
    assert " no notes at this stop" in text
    assert text[1].endswith("blank")


def test_between_talks_it_waits() -> None:
    assert any("ended" in line for line in lines(None))


@pytest.mark.parametrize("size", [(80, 24), (40, 10), (20, 5), (7, 3), (1, 1), (200, 60)])
def test_what_comes_next_has_its_place_in_any_size(size: tuple[int, int]) -> None:
    long = replace(CUE, notes="many words " * 200, say="more words " * 200)
    for cue in (long, CUE, None):
        page = notes_page(cue, 1.0, "14:05", *size)
        assert len(page.lines) <= size[1]
        assert all(len(plain(line)) <= size[0] for line in page.lines)
    if size[1] >= 10:
        text = lines(long, size)
        assert ("..." in text[-4]) is (size[0] < 200)
        assert text[-2] == " Next: Next one"


def test_clock() -> None:
    assert [clock(s) for s in (-1, 0, 59.9, 60, 3599, 36000)] == [
        "0:00:00", "0:00:00", "0:00:59", "0:01:00", "0:59:59", "10:00:00",
    ]  # fmt: skip


async def test_the_screen_follows_and_its_clock_goes_on() -> None:
    told: asyncio.Queue[Cue | None] = asyncio.Queue()
    now = Clock()
    now.now = 1_012.5

    async def heard() -> AsyncIterator[Cue | None]:
        while True:
            yield await told.get()

    screen = NotesScreen(heard, now, lambda: "14:05")

    def first() -> str:
        screen.stage.turn()
        return plain(screen.stage.page.lines[0])

    async with StepgradApp(lambda _: screen).run_test() as pilot:
        told.put_nowait(CUE)
        await pilot.pause()
        assert "0:00:12" in first()
        now.now += 10
        assert "0:00:22" in first()
        told.put_nowait(replace(CUE, began=None))
        await pilot.pause()
        now.now += 10
        assert "0:00:00" in first()
        told.put_nowait(None)
        await pilot.pause()
        assert "Speaker notes" in first()
        await pilot.press("q")
    assert pilot.app.return_value == 0


def test_without_a_talk_it_says_so_in_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STEPGRAD_HOME", str(tmp_path))
    assert main(["notes"]) == 1
    assert capsys.readouterr().err == (
        "stepgrad: nothing is being presented; `stepgrad run NAME --present` begins a talk\n"
    )
