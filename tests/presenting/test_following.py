"""A talk and those who follow it, over a real socket."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from talk import CUE

from stepgrad.tui.presenting.cue import Cue
from stepgrad.tui.presenting.following import cues
from stepgrad.tui.presenting.podium import Podium, folder


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPGRAD_HOME", str(tmp_path))


@pytest.fixture
async def podium() -> AsyncIterator[Podium]:
    found = Podium()
    await found.open()
    yield found
    found.close()


def following() -> AsyncGenerator[Cue | None, None]:
    return cues(every=0.01)


async def heard(talk: AsyncIterator[Cue | None]) -> Cue | None:
    return await asyncio.wait_for(anext(talk), 10)


async def ended(talk: AsyncIterator[Cue | None]) -> None:
    while await heard(talk) is not None:
        pass


def test_a_cue_is_read_as_it_was_written() -> None:
    assert Cue.read(CUE.line()) == CUE
    assert "\n" not in CUE.line()
    assert Cue.read(json.dumps({**json.loads(CUE.line()), "more": 1})) == CUE


@pytest.mark.parametrize("line", ["", "{", "[]", "3", '{"title": "x"}'])
def test_what_is_no_cue(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own among them
        Cue.read(line)


async def test_each_follower_hears_all_and_who_comes_late_the_last(podium: Podium) -> None:
    async with aclosing(following()) as one, aclosing(following()) as late:
        podium.tell(CUE)
        assert await heard(one) == CUE
        after = replace(CUE, step=3, say="x" * 200_000)
        podium.tell(after)
        assert await heard(one) == after
        assert await heard(late) == after


async def test_a_follower_goes_from_talk_to_talk(podium: Podium) -> None:
    podium.tell(CUE)
    async with aclosing(following()) as talk:
        assert await heard(talk) == CUE
        podium.close()
        await ended(talk)
        other = Podium()
        await other.open()
        other.tell(replace(CUE, title="Another"))
        while (cue := await heard(talk)) is None:
            pass
        assert cue.title == "Another"
        other.close()


async def test_a_follower_may_leave(podium: Podium) -> None:
    podium.tell(CUE)
    async with aclosing(following()) as talk:
        await heard(talk)
    while podium._followers:
        podium.tell(CUE)
        await asyncio.sleep(0.001)


async def test_without_a_talk_there_is_nothing_to_hear() -> None:
    async with aclosing(following()) as talk:
        assert await heard(talk) is None
        assert await heard(talk) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"port": "x", "word": "y"}', '{"port": 99999999, "word": "y"}'])
async def test_a_file_that_is_none_is_passed_over(text: str, podium: Podium) -> None:
    podium.tell(CUE)
    file = folder() / "later.json"
    file.write_text(text)
    os.utime(file, (2e9, 2e9))
    async with aclosing(following()) as talk:
        assert await heard(talk) == CUE


async def test_the_file_of_a_talk_that_was_killed_is_removed(podium: Podium) -> None:
    gone = Podium()
    await gone.open()
    assert gone._server is not None
    gone._server.close()
    assert len(list(folder().iterdir())) == 2
    podium.tell(CUE)
    async with aclosing(following()) as talk:
        assert await heard(talk) == CUE
    assert len(list(folder().iterdir())) == 1


async def test_nobody_hears_without_the_word(podium: Podium) -> None:
    podium.tell(CUE)
    [file] = folder().iterdir()
    port = json.loads(file.read_text())["port"]
    for said in (b"\n", b"wrong\n", b"x" * 100_000 + b"\n"):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(said)
        with suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 10) == b""
        writer.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a user's folder is closed to others there anyway")
@pytest.mark.usefixtures("podium")
async def test_only_the_user_can_read_the_word() -> None:
    [file] = folder().iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700


async def test_the_file_is_gone_after_the_talk() -> None:
    podium = Podium()
    await podium.open()
    podium.close()
    assert not list(folder().iterdir())
