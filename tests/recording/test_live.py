"""What a presenter does, recorded as it happens."""

from __future__ import annotations

import asyncio
import errno
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyte
import pytest
from staged import Clock, shown
from textual import events

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.preview import preview
from stepgrad.tui.presenting.screen import TalkScreen
from stepgrad.tui.recording import live
from stepgrad.tui.recording.headless import Recorded
from stepgrad.tui.screens.player import PlayerScreen

NAME = "edge-detection-5x5"
SIZE = 80, 24


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STEPGRAD_HOME", str(tmp_path))
    return tmp_path


class Hand:
    """Presses keys on a terminal that is really written to, though only in memory."""

    def __init__(self, screen: PlayerScreen, app: Recorded, clock: Clock) -> None:
        self.screen, self.app, self.clock = screen, app, clock

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await self.rest()

    async def rest(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0.02)

    @property
    def path(self) -> Path:
        [path] = (Path(live.folders.data()) / live.FOLDER).iterdir()
        return path

    @property
    def events(self) -> list[list[Any]]:
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()[1:]]


@asynccontextmanager
async def at_hand(kind: type[PlayerScreen] = PlayerScreen) -> AsyncIterator[Hand]:
    clock = Clock()
    screen = kind(preview(NAME), lambda: open_lesson(NAME), clock=clock)
    app = Recorded(screen, "dark")
    task = asyncio.create_task(app.run_async(size=SIZE, mouse=False))
    while screen.player is None and not task.done():
        await asyncio.sleep(0.01)
    hand = Hand(screen, app, clock)
    await hand.rest()
    yield hand
    app.exit()
    await task


def replayed(path: Path) -> list[str]:
    """What a terminal shows at the end of a recording."""
    header, *rest = map(json.loads, path.read_text("utf-8").splitlines())
    terminal = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(terminal)
    for _, code, data in rest:
        if code == "o":
            stream.feed(data.replace("\x1b[?2026h", "").replace("\x1b[?2026l", ""))
    return [line.rstrip() for line in terminal.display]


async def test_it_shows_what_was_seen_and_when() -> None:
    async with at_hand() as hand:
        await hand.press("R")
        hand.clock.now = 3.0
        await hand.press("right")
        hand.clock.now = 4.5
        await hand.press("right")
        seen = shown(hand.screen).split("\n")
        assert "● rec" in seen[-1]
        assert replayed(hand.path) == seen, "before it has ended"
        hand.clock.now = 5.0
        await hand.press("R")
        assert "recorded 4 s:" in shown(hand.screen)
        assert hand.path.name in shown(hand.screen)
        length = len(hand.events)
        await hand.press("right")
        assert len(hand.events) == length
        assert "● rec" not in shown(hand.screen)
    header = json.loads(hand.path.read_text("utf-8").splitlines()[0])
    assert (header["version"], header["width"], header["height"]) == (2, *SIZE)
    assert header["title"] == "Left-edge detection on a 5x5 image"
    assert hand.path.name.startswith(f"{NAME}-")
    times = [time for time, _, _ in hand.events]
    assert times == sorted(times)
    assert {0.0, 3.0, 4.5} <= set(times)
    marks = [(time, data) for time, code, data in hand.events if code == "m"]
    assert [time for time, _ in marks] == [0.0, 3.0, 4.5]
    assert len({data for _, data in marks}) == 3


async def test_a_long_pause_is_cut_and_the_rest_is_as_it_was() -> None:
    async with at_hand() as hand:
        await hand.press("R")
        hand.clock.now = 3600.0
        await hand.press("right")
        hand.clock.now = 3602.0
        await hand.press("right", "R")
    assert hand.events[-1][0] == pytest.approx(live.PAUSE + 2.0)


async def test_q_asks_first_and_every_end_keeps_what_was_recorded() -> None:
    async with at_hand() as hand:
        await hand.press("R", "right", "q")
        assert "q again" in shown(hand.screen)
        assert hand.app.return_value is None
        before = len(hand.events)
        await hand.press("right", "q", "q")
        assert hand.app.return_value == 0
    assert len(hand.events) > before


async def test_in_a_talk_too() -> None:
    async with at_hand(TalkScreen) as hand:
        await hand.press("R", "right")
        assert "● rec" in shown(hand.screen)
        await hand.press("q")
        assert hand.app.return_value is None
        await hand.press("b")
        assert not "".join(replayed(hand.path)).strip()
        await hand.press("b", "R", "q")
        assert hand.app.return_value == 0


async def test_what_is_for_the_terminal_alone_is_left_out() -> None:
    async with at_hand() as hand:
        await hand.press("R")
        hand.app.copy_to_clipboard("secret")
        await hand.press("right", "R")
    assert "]52" not in hand.path.read_text("utf-8")


async def test_where_nothing_can_be_written_it_says_so(home: Path) -> None:
    (home / "data").mkdir()
    (home / "data" / live.FOLDER).write_text("in the way")
    async with at_hand() as hand:
        await hand.press("R")
        assert "nothing is recorded" in shown(hand.screen)
        assert "● rec" not in shown(hand.screen)
        await hand.press("q")
        assert hand.app.return_value == 0


async def test_a_full_disk_ends_the_recording_and_not_the_talk() -> None:
    async with at_hand() as hand:
        await hand.press("R", "right")
        tape = hand.screen._taping._tape  # type: ignore[union-attr]
        assert tape is not None

        def full(_: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        tape._file.write = full  # type: ignore[method-assign, assignment]
        await hand.press("right", "right")
        assert "No space left on device" in shown(hand.screen).replace("\n", "") or tape.fault
        await hand.press("right")
        assert "● rec" not in shown(hand.screen)
        assert "cell 4 of 9" in shown(hand.screen)
    assert hand.events


def test_a_name_that_is_a_path_or_a_variant_is_a_file_s_name_still(home: Path) -> None:
    path = live.file("../odd/na me:variant")
    assert path.parent == home / "data" / live.FOLDER
    assert path.name.startswith("..-odd-na-me-variant-")
    assert path.suffix == ".cast"
