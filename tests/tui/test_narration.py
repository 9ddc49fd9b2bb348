"""Words that were written for other numbers are marked, where that takes no room from anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.flat import Selection, text
from stepgrad.tui.line import plain
from stepgrad.tui.page import Pages
from stepgrad.tui.plain import Session
from stepgrad.tui.player import Player
from stepgrad.tui.sight import State

MARK = "written for the original numbers"
TOLD = "Numbers are changed: what is said was written for the original ones."
FILE = """
format_version = 1
title = "An edge"
inputs.image = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
[[layers]]
name = "map"
op = "conv2d"
weight = [[1, 0], [0, 1]]
[[script]]
at = "map[0,0]"
say = "%s"
"""
SHORT = "Six, where the window begins."
LONG = (
    "Six, where the window begins, and never was so much said about so little, for there was a line "
    "to be filled, and another one right behind it, to the end."
)


def opened(folder: Path, say: str, corner: int = 1) -> Lesson:
    path = folder / f"edge{corner}.toml"
    path.write_text((FILE % say).replace("[[1, 2", f"[[{corner}, 2"))
    return open_lesson(str(path))


def lines(lesson: Lesson, height: int) -> list[str]:
    return [plain(line).rstrip() for line in Pages(lesson).page(State(1), 80, height).lines]


@pytest.mark.parametrize("say", [SHORT, LONG])
def test_the_page_says_so_until_the_change_is_undone(tmp_path: Path, say: str) -> None:
    player = Player(opened(tmp_path, say))
    player.go("map[0,0]")

    def shown() -> str:
        return "\n".join(plain(line) for line in player.page(80, 24).lines)

    assert MARK not in shown()
    player.answer("edit", "image[0,0] = 5")
    assert MARK in shown()
    player.perform("undo", 1, 0.0)
    assert MARK not in shown()


@pytest.mark.parametrize("say", [SHORT, LONG])
def test_it_takes_no_room(tmp_path: Path, say: str) -> None:
    """Beside a lesson whose file has the new number nothing stands anywhere else, whatever room there is."""
    changed, written = opened(tmp_path, say).edited({"cells.image[0,0]": 5}), opened(tmp_path, say, 5)
    marked = 0
    for height in range(6, 40):
        found = lines(changed, height)
        marked += any(MARK in line for line in found)
        assert [line.replace(MARK, "").rstrip() for line in found] == lines(written, height)
    assert marked > 10


def test_nothing_is_marked_where_nothing_is_said(tmp_path: Path) -> None:
    lesson = opened(tmp_path, SHORT).edited({"cells.image[0,0]": 5})
    page = Pages(lesson).page(State(0), 80, 24)
    assert not any(MARK in plain(line) for line in page.lines)


def test_plain_lines_say_so_once(tmp_path: Path) -> None:
    lesson = opened(tmp_path, SHORT)
    changed = lesson.edited({"cells.image[0,0]": 5})
    for of, times in ((lesson, 0), (changed, 1)):
        session = Session(of)
        assert [*session.opening(), *session.next(""), *session.next("")].count(TOLD) == times
        assert [*text(of, Selection(range(4)))].count(TOLD) == times
