"""Copying a step: what is put on the clipboard, in which form, and what of it a teacher keeps back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

from handmade import edge
from staged import playing, shown

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.copying import Copying
from stepgrad.tui.player import Player
from stepgrad.tui.veil import veil


def copied(player: Player, how: Callable[[Copying, int], None] = Copying.copy) -> str:
    put: list[str] = []
    how(Copying(player, SimpleNamespace(copy_to_clipboard=put.append)), 1)  # type: ignore[arg-type]  # all it uses of it
    return "".join(put)


def at(position: int, *hidden: str) -> Player:
    player = Player(open_lesson("edge-detection-5x5"), hidden=veil(hidden))
    player.cursor.to(position)
    return player


async def test_a_key_puts_the_step_on_the_clipboard_as_markdown() -> None:
    async with playing(edge(), size=(100, 30), at="2") as (screen, pilot):
        await pilot.press("y")
        text = pilot.app.clipboard
        assert "| 0 | 3 | **[1]** | · |\n" in text
        assert "= (1*1) + (1*0) + (1*0) + (0*1) + (0*0) + (0*0) + (0*1) + (0*0) + (0*0) = 1\n" in text
        assert "copied as Markdown: feature_map[0,1]" in shown(screen)


def test_what_is_said_there_is_copied_with_it() -> None:
    player = at(1)
    [title] = [stop.title for stop in player.lesson.stops if stop.position == 1]
    assert copied(player).startswith(f"## {title}\n\n")
    assert copied(at(0)).startswith(f"## {player.lesson.stops[0].title}\n\n")


def test_latex_is_a_part_of_a_document() -> None:
    text = copied(at(1), Copying.copy_latex)
    assert text.startswith(r"\subsection*{")
    assert r"\boxed{3}" in text
    assert "documentclass" not in text
    assert r"\end{document}" not in text


def test_the_lesson_is_copied_as_a_script() -> None:
    player = at(4)
    assert "F.conv2d(image, kernel" in copied(player, Copying.copy_torch)
    assert player.notice == "copied as PyTorch: the lesson"


def test_what_no_script_can_say_is_said() -> None:
    player = Player(open_lesson("space-carving"))
    assert copied(player, Copying.copy_torch) == ""
    assert "the op carve" in player.notice


def test_a_text_that_terminals_would_refuse_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "long.toml"
    path.write_text(
        'format_version = 1\ntitle = "Long"\n[inputs]\nx = [1, 2]\n[[layers]]\nname = "y"\nop = "relu"\n'
        f'[[script]]\nsay = "{"word " * 1900}"\n' + f'[[script]]\nat = "y[0]"\nsay = "{"word " * 1900}"\n' * 9
    )
    player = Player(open_lesson(str(path)))
    player.cursor.to(1)
    assert copied(player) == ""
    assert player.notice.endswith("--format md writes it")


def test_answers_that_are_hidden_are_not_copied() -> None:
    """The result stands three times in what is copied: in the map, behind the arithmetic, in the note."""
    assert [copied(at(1)).count(answer) for answer in ("**[3]**", "= 3\n", "**3**")] == [1, 1, 1]
    text = copied(at(1, "answers"))
    assert [text.count(answer) for answer in ("3]", "= 3", "**3**")] == [0, 0, 0]
    assert "**[?]**" in text
    assert "(1*1) + (1*0)" in text
    assert "= ?\n" in text
    latex = copied(at(1, "answers"), Copying.copy_latex)
    assert r"\boxed{?}" in latex
    assert [latex.count(answer) for answer in (r"\boxed{3}", "= 3", r"\textbf{3}")] == [0, 0, 0]


def test_the_working_that_is_hidden_is_not_copied() -> None:
    text = copied(at(1, "arithmetic"))
    assert "feature_map[0,0] = 3\n" in text
    assert "(1*1)" not in text


def test_values_that_are_hidden_are_not_copied() -> None:
    player = Player(open_lesson("relu-mask"), hidden=veil(["values"]))
    player.cursor.to(player.lesson.timeline.steps)
    opened = Player(open_lesson("relu-mask"))
    opened.cursor.to(player.lesson.timeline.steps)
    assert "**_**" in copied(player)
    assert "**_**" not in copied(opened)


def test_h_shows_what_is_hidden_to_the_clipboard_too() -> None:
    player = at(1, "answers")
    player.perform("hide", 1, 0.0)
    assert copied(player) == copied(at(1))
