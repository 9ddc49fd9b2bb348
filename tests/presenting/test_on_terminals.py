"""A talk on one terminal and its notes on another: pseudo-terminals, with an emulator that reads what is painted."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pyte")
pytest.importorskip("ptyprocess", reason="needs a pseudo-terminal, which Windows has not")

from terminal import Terminal

from stepgrad.scenarios.lesson import open_lesson

pytestmark = pytest.mark.slow
NAME = "edge-detection-5x5"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STEPGRAD_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def talk() -> Iterator[Terminal]:
    terminal = Terminal("run", NAME, "--present", columns=100, lines=30)
    terminal.until(lambda text: "step 0 of 9" in text)
    yield terminal
    terminal.process.terminate(force=True)


def test_the_notes_follow_the_talk_and_outlive_it(talk: Terminal) -> None:
    notes = Terminal("notes")
    try:
        notes.until(lambda text: "stop 1 of 6" in text and "Next: Multiply, then add" in text)
        talk.press(" ")
        talk.until(lambda text: "step 1 of 9" in text)
        notes.until(lambda text: "stop 2 of 6" in text and "feature_map[0,0]" in text)
        talk.press("b")
        talk.until(lambda text: not text.strip())
        notes.until(lambda text: "the screen is blank" in text)
        talk.press("b")
        talk.until(lambda text: "step 1 of 9" in text)
        talk.press("\x1b[15~")  # F5
        talk.press("\x1b[5~")
        talk.until(lambda text: "step 0 of 9" in text)
        talk.press("q")
        assert talk.end() == 0
        notes.until(lambda text: "The talk has ended" in text)
        notes.press("q")
        assert notes.end() == 0
    finally:
        notes.process.terminate(force=True)


def test_a_talk_that_is_killed_is_over_for_its_followers(talk: Terminal, home: Path) -> None:
    notes = Terminal("notes")
    try:
        notes.until(lambda text: "stop 1 of 6" in text)
        talk.process.kill(signal.SIGKILL)
        notes.until(lambda text: "The talk has ended" in text)
        other = Terminal("run", "cs231n-two-filters", "--present")
        notes.until(lambda text: "Two filters, three channels" in text)
        other.process.kill(signal.SIGTERM)
    finally:
        notes.process.terminate(force=True)
    assert home.exists()


def test_a_recording_is_there_after_a_crash(talk: Terminal, home: Path) -> None:
    talk.press("R")
    talk.until(lambda text: "● rec" in text)
    talk.press("l")
    talk.until(lambda text: "step 1 of 9" in text)
    talk.process.kill(signal.SIGKILL)
    [path] = (home / "data" / "recordings").iterdir()
    header, *events = map(json.loads, path.read_text("utf-8").splitlines())
    assert (header["width"], header["height"]) == (100, 30)
    told = [stop.title for stop in open_lesson(NAME).stops]
    assert [data for _, code, data in events if code == "m"] == told[:2]
    assert "3" in "".join(data for _, code, data in events if code == "o")
