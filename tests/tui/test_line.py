"""Lines: what is bold, where they break, and that none is longer than it may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.tui.line import clip, filled, headed, placed, plain, spread, width, wrapped


def test_bold_stands_between_double_asterisks() -> None:
    (line,) = wrapped("a **b c** d.", 80)
    assert plain(line) == "a b c d."
    assert "".join(text for text, style in line if style == "strong") == "b c"
    assert [plain(line) for line in wrapped("**3**.", 80)] == ["3."]
    assert plain(wrapped("2 ** 3", 80)[0]) == "2 ** 3"


def test_a_newline_starts_a_paragraph() -> None:
    assert [plain(line) for line in wrapped("one two\nthree\n\nfour", 80)] == ["one two", "three", "four"]


@given(st.text(alphabet="ab *é漢\n", max_size=80), st.integers(2, 20))
def test_no_line_is_longer_than_the_room_and_no_word_is_lost(text: str, room: int) -> None:
    lines = wrapped(text, room)
    assert all(width(line) <= room for line in lines)
    kept = "".join(plain(line) for line in lines).replace(" ", "")
    assert sorted(kept) == sorted(text.replace(" ", "").replace("\n", "")) or "**" in text


@pytest.mark.parametrize(("title", "said"), [("", "x"), ("Why", "**Why.** x"), ("Why?", "**Why?** x")])
def test_a_title_runs_in(title: str, said: str) -> None:
    assert headed(title, "x") == said


def test_the_right_end_gives_way() -> None:
    left, right = (("left", ""),), (("right", "faint"),)
    assert plain(spread(left, right, 12)) == "left   right"
    assert plain(spread(left, right, 10)) == "left"
    assert plain(spread(left, right, 3)) == "lef"


def test_wide_characters_count_twice() -> None:
    assert width((("漢字", ""),)) == 4
    assert plain(clip((("漢字", ""),), 3)) == "漢 "


def test_pieces_stand_in_their_columns() -> None:
    assert plain(placed([(1, (("a", ""),)), (5, (("b", ""),))])) == " a   b"


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert [plain(line) for line in filled([("abcdefg", "")], 3)] == ["abc", "def", "g"]
