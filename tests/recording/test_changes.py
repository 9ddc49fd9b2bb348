"""Paints in fewer letters: a terminal emulator shows the same after either."""

from __future__ import annotations

import pyte
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.tui.recording.changes import Changes

COLUMNS, ROWS = 12, 4
STYLES = st.sampled_from(["0", "1;38;2;1;2;3;48;2;4;5;6", "38;2;9;9;9;48;2;4;5;6"])
TEXT = st.text(st.sampled_from("ab ×─"), min_size=1, max_size=6)


@st.composite
def paints(draw: st.DrawFn) -> str:
    """What Textual writes: places, styles and text that stays on its line."""
    written = []
    for _ in range(draw(st.integers(1, 5))):
        row, column = draw(st.integers(1, ROWS)), draw(st.integers(1, COLUMNS - 11))
        runs = draw(st.lists(st.tuples(STYLES, TEXT), min_size=1, max_size=2))
        written.append(f"\x1b[{row};{column}H" + "".join(f"\x1b[{style}m{text}\x1b[0m" for style, text in runs))
    return "".join(written)


def screen() -> tuple[pyte.Screen, pyte.Stream]:
    shown = pyte.Screen(COLUMNS, ROWS)
    return shown, pyte.Stream(shown)


def cells(shown: pyte.Screen) -> list[list[pyte.screens.Char]]:
    return [[shown.buffer[y][x] for x in range(COLUMNS)] for y in range(ROWS)]


@given(st.lists(paints(), min_size=1, max_size=6))
def test_the_screen_is_the_same(painted: list[str]) -> None:
    blank = "".join(f"\x1b[{y + 1};1H{' ' * COLUMNS}" for y in range(ROWS))
    whole, write_whole = screen()
    short, write_short = screen()
    changes = Changes(COLUMNS, ROWS)
    for paint in [blank, *painted]:
        write_whole.feed(paint)
        write_short.feed(changes.of(paint))
        assert cells(short) == cells(whole)


def test_a_wide_character_is_written_whole() -> None:
    whole, write_whole = screen()
    short, write_short = screen()
    changes = Changes(COLUMNS, ROWS)
    for text in ("a漢b漢", "a漢c漢", "a文c漢", "abcd漢", "漢漢漢"):
        paint = f"\x1b[1;1H{text}{' ' * 4}"
        write_whole.feed(paint)
        write_short.feed(changes.of(paint))
        assert short.display == whole.display


def test_what_stands_there_already_is_not_written_again() -> None:
    changes = Changes(COLUMNS, ROWS)
    paint = "\x1b[2;1H\x1b[1mone two\x1b[0m"
    assert "one two" in changes.of(paint)
    assert changes.of(paint) == ""
    assert changes.of("\x1b[2;1H\x1b[1mone too\x1b[0m") == "\x1b[2;6H\x1b[0;1mo\x1b[0m"


def test_what_is_for_the_terminal_alone_is_left_out() -> None:
    assert Changes(COLUMNS, ROWS).of("\x1b]22;default\x07\x1b[>1u\x1b[?25h\x1b[1;1Hx").endswith("Hx")
