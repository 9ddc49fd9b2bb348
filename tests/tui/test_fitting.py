"""Whether a narration finds room at 80x24: beside the board of its own cell, and beside those that come after it."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import EDGE, HEAD, write

from stepgrad.scenarios.check import check
from stepgrad.tui.cli import main
from stepgrad.tui.fitting import Fitting

WORDS = "It is said in many words, of which most could be left out. "

FLOW = HEAD + (
    "inputs.x = { init = 'arange', shape = [1, 3, 7, 7] }\n"
    '[[layers]]\nname = "small"\nop = "mean"\ninput = "x"\ndim = [2, 3]\n'
    '[[layers]]\nname = "large"\nop = "conv2d"\ninput = "x"\nout_channels = 2\nkernel_size = 3\npadding = 1\n'
)


def found(folder: Path, text: str) -> list[str]:
    path = write(folder, text)
    return [str(fault).replace(f"{path}:", "") for fault in check(str(path), Fitting()).faults]


def stop(at: str, count: int) -> str:
    return f'[[script]]\nat = "{at}"\nsay = "{(WORDS * count).strip()}"\n'


def test_a_few_lines_fit_everywhere(tmp_path: Path) -> None:
    assert found(tmp_path, EDGE + stop("map[0,1]", 4)) == []
    assert found(tmp_path, FLOW + stop("small[0,0]", 5)) == []


def test_a_narration_that_takes_more_lines_than_there_are(tmp_path: Path) -> None:
    """By hand: twenty sentences of 58 characters and a space are 1179, in lines of 79: fifteen at least."""
    (fault,) = found(tmp_path, EDGE + stop("map[0,1]", 20))
    assert fault.startswith("12:1: script.0.say: takes 15 lines and the screen has ")
    assert fault.endswith(" for it at 80x24; say it in fewer words, or in two stops")


def test_a_narration_that_a_later_board_leaves_no_room_for(tmp_path: Path) -> None:
    """Six lines stand beside the mean, not beside three channels and two filters."""
    (fault,) = found(tmp_path, FLOW + stop("small[0,0]", 8))
    assert "for it at 80x24 while large is on it; " in fault
    assert found(tmp_path, FLOW + stop("small[0,0]", 8) + stop("small[0,2]", 3)) == []


def test_a_card_needs_room_for_its_entries(tmp_path: Path) -> None:
    card = HEAD + '[[entries]]\nterm = "a"\ntext = "b"\n[[script]]\nsay = "{}"\n'
    assert found(tmp_path, card.replace("{}", WORDS)) == []
    (fault,) = found(tmp_path, card.replace("{}", WORDS * 40))
    assert fault.endswith("leaves no room for the entries at 80x24; say it in fewer words")


def test_the_command_asks_the_screen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, EDGE + stop("map[0,1]", 20))
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().out.startswith(f"{path}:12:1: script.0.say: takes 15 lines")
