"""Numbers typed into a grid."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stepgrad.scenarios.drills.answers import Answer
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.reading import UnreadableError
from stepgrad.scenarios.drills.verdict import Mark, Outcome
from stepgrad.tui.drilling.grid import LONGEST, Grid

SHAPES = st.one_of(st.tuples(st.integers(1, 9)), st.tuples(st.integers(1, 4), st.integers(1, 4)))


def test_a_decimal_comma_is_no_end_of_a_number() -> None:
    grid = Grid((2,))
    grid.paste("0,5 1/4")
    assert grid.text == "0.5 1/4"
    assert Numbers((0.5, 0.25), (2,)).grade(grid.text).outcome is Outcome.RIGHT


def test_what_is_written_anew_has_no_mark() -> None:
    grid = Grid((2, 2))
    grid.paste("1 2 3 4")
    grid.grade([Mark.RIGHT, Mark.WRONG, Mark.RIGHT, Mark.RIGHT])
    assert grid.at == 1
    grid.erase()
    assert grid.marks == [Mark.RIGHT, None, Mark.RIGHT, Mark.RIGHT]
    grid.erase()
    assert (grid.at, grid.cells) == (0, ["1", "", "3", "4"])


@given(SHAPES, st.lists(st.sampled_from("<>^vNPB01-./e; ?x,"), max_size=60))
def test_whatever_is_typed_is_graded_or_refused(shape: tuple[int, ...], keys: list[str]) -> None:
    """The keys are those of the grid, arrows and all; every cell stays short, and the text is one for its answer."""
    grid = Grid(shape)
    answer: Answer = Numbers(tuple(1.0 for _ in grid.cells), shape)
    moves = {"<": (0, -1), ">": (0, 1), "^": (-1, 0), "v": (1, 0)}
    for key in keys:
        if key in moves:
            grid.move(*moves[key])
        elif key in "NP":
            grid.step(1 if key == "N" else -1)
        elif key == "B":
            grid.erase()
        else:
            grid.type(key)
    assert 0 <= grid.at < len(grid.cells) == grid.rows * grid.columns
    assert all(len(cell) <= LONGEST for cell in grid.cells)
    said = ""
    try:
        grid.grade(answer.grade(grid.text).marks)
    except UnreadableError as fault:
        said = str(fault)
    # Where it is refused, then because a cell is no number, never for how many there are.
    assert "received" not in said
