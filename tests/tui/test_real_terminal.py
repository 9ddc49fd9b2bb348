"""The player on a real terminal: a pseudo-terminal, with an emulator that reads what is painted."""

from __future__ import annotations

import os
import re
import select
import signal
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pyte")
pytest.importorskip("ptyprocess", reason="needs a pseudo-terminal, which Windows has not")

from terminal import Terminal


@pytest.fixture
def player() -> Iterator[Terminal]:
    terminal = Terminal("edge-detection-5x5")
    yield terminal
    terminal.process.terminate(force=True)


GAP = 0.2
"""Seconds between two pieces of a key: the library gives up on the rest after half of it."""
RIGHT, CTRL_C = "\x1b[C", "\x03"


def test_start_step_resize_and_ctrl_c(player: Terminal) -> None:
    player.until(lambda text: "step 0 of 9" in text)
    player.press(RIGHT)
    shown = player.until(lambda text: "step 1 of 9" in text)
    assert "feature_map[0,0] = 3" in shown
    assert "Left-edge detection" in shown
    player.resize(120, 40)
    player.until(lambda text: "▶ feature_map" in text and "step 1 of 9" in text)
    player.resize(20, 5)
    player.until(lambda text: "feature_map[0,0] = 3" in text.replace("\n", " ").replace("  ", " "))
    player.resize(1, 1)
    player.resize(80, 24)
    player.until(lambda text: "step 1 of 9" in text)
    player.press(CTRL_C)
    assert player.end() == 130
    assert b"\x1b[?1049l" in player.written
    assert player.written.rindex(b"\x1b[?25h") > player.written.rindex(b"\x1b[?25l")
    assert b"Traceback" not in player.written


def test_q_leaves_and_the_terminal_is_as_it_was(player: Terminal) -> None:
    player.until(lambda text: "step 0 of 9" in text)
    assert not termios.tcgetattr(player.process.fd)[3] & termios.ICANON
    player.press("q")
    assert player.end() == 0
    assert b"\x1b[?1049l" in player.written


@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_leaves_the_terminal_as_it_was(player: Terminal, name: str, code: int) -> None:
    player.until(lambda text: "step 0 of 9" in text)
    os.kill(player.process.pid, getattr(signal, name))
    assert player.end() == code
    assert b"\x1b[?1049l" in player.written


def test_keys_pressed_before_the_lesson_is_there_are_not_lost(player: Terminal) -> None:
    player.until(lambda text: "Left-edge" in text)
    player.press(RIGHT + RIGHT + RIGHT)
    player.until(lambda text: "step 3 of 9" in text)


def test_an_arrow_in_pieces_is_one_key(player: Terminal) -> None:
    """A slow line: Esc is long taken for a key by itself, or `[` has come and the letter is late."""
    player.until(lambda text: "step 0 of 9" in text)
    for position, pieces in enumerate((["\x1b", "[", "C"], ["\x1b[", "C"], ["\x1b", "[C"], ["\x1bO", "C"]), 1):
        for piece in pieces[:-1]:
            player.press(piece)
            select.select([], [], [], GAP)
        player.press(pieces[-1])
        player.until(lambda text, at=position: f"step {at} of 9" in text)  # type: ignore[misc]
    assert "stop" not in player.text, "nothing was taken for C, continue back"


def test_a_click_on_the_timeline(player: Terminal) -> None:
    player.until(lambda text: "step 0 of 9" in text)
    line, row = next((line, y) for y, line in enumerate(player.text.split("\n"), 1) if "step 0 of 9" in line)
    x = line.index("  step") - 1
    player.press(f"\x1b[<0;{x + 1};{row}M\x1b[<0;{x + 1};{row}m")
    player.until(lambda text: "step 9 of 9" in text)


def test_a_scenario_that_is_wrong_is_told_on_the_terminal_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(
        'format_version = 1\ntitle = "Wrong"\ninputs.x = [[1, 2], [3, 4]]\n'
        '[[layers]]\nname = "y"\nop = "conv2d"\ninput = "x"\nweight = [[1, 0], [0, 1]]\nstrid = 2\n'
    )
    terminal = Terminal(str(path))
    assert terminal.end() == 1
    told = terminal.written.rpartition(b"\x1b[?1049l")[2].decode()
    assert "wrong.toml:9:1" in told
    assert "did you mean 'stride'" in told
    assert "Traceback" not in told


def test_the_catalogue_opens_a_lesson() -> None:
    terminal = Terminal()
    try:
        terminal.until(lambda text: "type to search" in text)
        terminal.press("cs231n\r")
        shown = terminal.until(lambda text: "step 0 of 18" in text)
        assert "x[0]  (0' = padding)" in shown
        terminal.press(CTRL_C)
        assert terminal.end() == 130
    finally:
        terminal.process.terminate(force=True)


def test_the_look_screen(player: Terminal) -> None:
    """A map with colours, a histogram with bars, a curve that says why there is none; there and back by keys."""
    player.until(lambda text: "step 0 of 9" in text)
    player.press("5" + RIGHT + "o")
    player.until(lambda text: "feature_map[1,1] = 0" in text and "5 of 9 written" in text)
    grounds = {cell.bg for row in player.screen.buffer.values() for cell in row.values()}
    assert len(grounds) > 3, "a map is made of colours"
    player.press("\t\t")
    player.until(lambda text: "how many cells" in text and "█" in text and "mean 1.6" in text)
    player.press("\t")
    player.until(lambda text: "No loss here." in text)
    player.press("q")
    player.until(lambda text: "step 5 of 9" in text)
    assert b"Traceback" not in player.written


def test_a_curve_grows_on_the_look_screen() -> None:
    terminal = Terminal("neuron-forward-loss-update", columns=100, lines=30)
    try:
        terminal.until(lambda text: "step 0 of" in text)
        terminal.press("o\t\t\t")
        terminal.until(
            lambda text: re.search(r"loss +\S+ at iteration 0, from \S+ to \S+", text) and {*"▀▄█"} & {*text}
        )
        terminal.press("q")
        terminal.until(lambda text: "step 0 of" in text)
    finally:
        terminal.process.terminate(force=True)


def test_a_terminal_that_can_write_ascii_alone() -> None:
    """Player, look screen, catalogue: nothing else is sent to it, and what the signs meant is still there."""
    terminal = Terminal("edge-detection-5x5", PYTHONIOENCODING="ascii")
    try:
        terminal.until(lambda text: "step 0 of 9" in text)
        terminal.press(RIGHT)
        terminal.until(lambda text: "step 1 of 9" in text and "1*1 + 1*0 + 1*0" in text)
        terminal.until(lambda text: re.search(r"forward \S*O-", text))
        terminal.press("o")
        terminal.until(lambda text: "1 of 9 written" in text)
        terminal.press("q?")
        terminal.until(lambda text: "Stepping" in text)
        terminal.press(CTRL_C)
        terminal.end()
        assert terminal.written.isascii()
    finally:
        terminal.process.terminate(force=True)


def test_a_drill_from_the_first_question_to_the_report(home: Path) -> None:
    drill = Terminal("drill", "edge-detection-5x5")
    try:
        drill.until(lambda text: "What is feature_map[0,0]?" in text and "answer" in text.splitlines()[-1])
        drill.press("1\r")
        drill.until(lambda text: "That is what comes out with the kernel flipped" in text)
        drill.resize(20, 5)
        drill.until(lambda text: "The filter" in text)
        drill.resize(80, 24)
        drill.press("3\r")
        drill.until(lambda text: "Right. It comes back in" in text)
        drill.press("\r")
        drill.until(lambda text: "feature_map[2,0]?" in text)
        drill.press("2\r")
        drill.until(lambda text: "question 2, 1 of 2 right at once" in text)
        drill.press("q")
        drill.until(lambda text: "1 of 2 right at once." in text and "How it went" in text)
        drill.press("q")
        assert drill.end() == 1
    finally:
        drill.process.terminate(force=True)
    assert b"Traceback" not in drill.written
    assert (home / "data" / "progress.db").exists()


def test_a_drill_of_nothing_is_one_line() -> None:
    drill = Terminal("drill", "convolutoin")
    try:
        assert drill.end() == 2
    finally:
        drill.process.terminate(force=True)
    assert b"did you mean 'convolution'?" in drill.written
    assert b"Traceback" not in drill.written
