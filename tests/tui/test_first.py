"""The first frame: nothing heavy is imported for it, and nothing moves when the lesson takes its place."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.preview import Preview, preview
from stepgrad.tui.first import first_page
from stepgrad.tui.footer import footer_line
from stepgrad.tui.line import plain, width
from stepgrad.tui.page import Pages
from stepgrad.tui.sight import State

LECTURES = ["edge-detection-5x5", "same-padding-5x5", "cs231n-two-filters", "conv1d-full"]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 60)])
@pytest.mark.parametrize("name", LECTURES)
def test_the_board_does_not_jump_when_the_lesson_arrives(name: str, size: tuple[int, int]) -> None:
    first = [plain(line).rstrip() for line in first_page(preview(name), *size, footer_line).lines]
    then = [plain(line).rstrip() for line in Pages(open_lesson(name)).page(State(0), *size, footer_line).lines]
    operands = next(i for i, line in enumerate(then) if " = sum " in line)
    # The output's own width is known only when it is there.
    at = min(line.index("?") for line in first[1:operands] if "?" in line) - 4
    for before, after in list(zip(first, then, strict=True))[1:operands]:
        assert after.startswith(before[:at].rstrip())


def test_the_first_frame_holds_numbers_and_words() -> None:
    first = preview("edge-detection-5x5")
    text = "\n".join(plain(line) for line in first_page(first, 80, 24, footer_line).lines)
    assert "Left-edge detection" in text
    assert " ".join(first.say.split()) in " ".join(text.split())
    assert text.count("1") >= 10
    assert "feature_map" in text
    assert "? keys" in text


@pytest.mark.parametrize("settings", [{}, {"symbols.x": [["aa", "bb", "c", "d"], list("efgh"), list("ijkl")]}])
def test_a_lesson_in_letters_begins_with_letters(settings: dict[str, object]) -> None:
    """The rows of both matrices are those that the lesson then has, sign by sign."""
    name = "conv-symbolic-2x2"
    first = [plain(line) for line in first_page(preview(name, settings), 80, 24, footer_line).lines]
    lesson = open_lesson(name, settings)
    then = [plain(line) for line in Pages(lesson, in_letters=True).page(State(0), 80, 24, footer_line).lines]
    for letters in (lesson.symbols["x"].ravel(), lesson.symbols["kernel"].ravel()):
        held = [[line.split() for line in lines if set(line.split()) & set(letters)] for lines in (first, then)]
        assert held[0]
        for before, after in zip(*held, strict=False):
            assert [word for word in before if word in letters] == [word for word in after if word in letters]
    board = slice(1, 7)
    assert [line[:40] for line in first[board]] == [line[:40] for line in then[board]]


@pytest.mark.parametrize(("columns", "lines"), [(1, 1), (20, 5), (80, 24), (200, 60)])
@pytest.mark.parametrize("name", LECTURES)
def test_any_size(name: str, columns: int, lines: int) -> None:
    page = first_page(preview(name), columns, lines, footer_line)
    assert len(page.lines) == lines
    assert all(width(line) <= columns for line in page.lines)


def test_a_file_without_literals_shows_its_title() -> None:
    page = first_page(Preview("Only a title", (), ""), 80, 24, footer_line)
    assert plain(page.lines[0]) == " Only a title"


def test_neither_numpy_nor_pydantic_is_imported_for_it() -> None:
    code = """
import sys
import stepgrad.tui.app
from stepgrad.scenarios.preview import preview
from stepgrad.tui.first import first_page
from stepgrad.tui.footer import footer_line
first_page(preview("cs231n-two-filters"), 80, 24, footer_line)
print([name for name in ("numpy", "pydantic", "stepgrad.engine.ops", "stepgrad.engine.run") if name in sys.modules])
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
