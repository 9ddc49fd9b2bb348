"""The page: what a lesson looks like, at every stop, at every size."""

from __future__ import annotations

import re
from functools import cache

import pytest
from golden_file import golden
from handmade import cs231n, edge, network, square

from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.footer import footer_line
from stepgrad.tui.line import plain, width
from stepgrad.tui.page import Pages
from stepgrad.tui.sheet import Page
from stepgrad.tui.sight import State

NAMES = [entry.name for entry in entries()]
SIZES = [(80, 24), (120, 40), *(pytest.param(*size, marks=pytest.mark.slow) for size in [(100, 30), (200, 60)])]
SMALL = [(60, 20), (40, 12), (20, 5), (10, 3), (3, 2), (1, 1)]

DRAWING = """\
 x[0]  (0' = padding)   x[1]                   x[2]                   out[0]
 [0' 0' 0']0' 0' 0' 0'  [0' 0' 0']0' 0' 0' 0'  [0' 0' 0']0' 0' 0' 0'  [-6] ?  .
 [0' 1  2 ]0  0  1  0'  [0' 0  2 ]0  0  1  0'  [0' 2  2 ]1  0  0  0'    .  .  .
 [0' 2  2 ]0  1  0  0'  [0' 1  1 ]0  2  2  0'  [0' 2  1 ]0  0  1  0'    .  .  .
  0' 2  2  1  2  1  0'   0' 0  1  1  0  2  0'   0' 0  2  2  2  1  0'  out[1]
  0' 0  1  1  0  2  0'   0' 1  2  0  2  0  0'   0' 1  2  1  0  2  0'    .  .  .
  0' 2  1  0  2  1  0'   0' 0  2  0  1  0  0'   0' 2  1  1  1  1  0'    .  .  .
  0' 0' 0' 0' 0' 0' 0'   0' 0' 0' 0' 0' 0' 0'   0' 0' 0' 0' 0' 0' 0'    .  .  .
 out.weight[0,0]        out.weight[0,1]        out.weight[0,2]        out.bias
 [ 1 -1 -1]             [-1  0  1]             [-1 -1  1]             [1]0
 [-1  0  0]             [-1  0  0]             [ 0  0  0]
 [-1 -1  0]             [-1 -1 -1]             [ 1 -1 -1]
 out[n,m,i,j] = sum x[n,c,2i+u-1,2j+v-1] × out.weight[m,c,u,v] + out.bias[m]
   0'×1  + 0'×-1 + 0'×-1   0'×-1 + 0'×0  + 0'×1    0'×-1 + 0'×-1 + 0'×1
 + 0'×-1 + 1×0   + 2×0   + 0'×-1 + 0×0   + 2×0   + 0'×0  + 2×0   + 2×0
 + 0'×-1 + 2×-1  + 2×0   + 0'×-1 + 1×-1  + 1×-1  + 0'×1  + 2×-1  + 1×-1
 = -2                    = -2                    = -3                    bias 1
 out[0,0,0] = (-2) + (-2) + (-3) + 1 = -6"""
"""The page of the lecture's first cell, set by hand."""


@cache
def lesson(name: str) -> Lesson:
    return open_lesson(name)


def page(of: object, position: int, columns: int = 80, lines: int = 24, **state: object) -> Page:
    return Pages(of).page(State(position, **state), columns, lines, footer_line)  # type: ignore[arg-type]


def text(shown: Page) -> str:
    return "\n".join(plain(line).rstrip() for line in shown.lines)


def stops(of: Lesson) -> list[int]:
    return sorted({0, of.timeline.steps, *(stop.position for stop in of.stops)})


def test_the_lecture_s_volume_is_drawn_as_by_hand() -> None:
    shown = text(page(lesson("cs231n-two-filters"), 1)).split("\n")
    drawing = DRAWING.split("\n")
    assert shown[1 : len(drawing)] == drawing[:-1]
    assert shown[len(drawing)].startswith(drawing[-1])
    assert "kernel not flipped" in shown[len(drawing)]
    assert "step 1 of 18" in shown[-1]


def test_the_last_cell_of_the_lecture_s_volume_completes_the_printed_maps() -> None:
    shown = text(page(lesson("cs231n-two-filters"), 18))
    rows = [re.findall(r"-?\d+", line[69:]) for line in shown.split("\n")[2:9]]
    maps = golden("cs231n-two-filters").expected["out"]
    assert [[int(n) for n in row] for row in rows[:3]] == maps[0]
    assert [[int(n) for n in row] for row in rows[4:]] == maps[1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("columns", "lines"), SIZES, ids=lambda n: str(n))
def test_nothing_is_cut_at_any_stop(name: str, columns: int, lines: int) -> None:
    of = lesson(name)
    pages = Pages(of)
    for position in stops(of):
        shown = pages.page(State(position), columns, lines, footer_line)
        assert shown.cut == (), position
        assert len(shown.lines) == lines
        assert max(map(width, shown.lines)) <= columns
        stop = of.stop_at(position)
        words = of.say(stop).replace("**", "").split() if stop else []
        said = text(shown).replace("│", " ").split()
        missing = [word for word in words if word not in said and word not in " ".join(said)]
        assert not missing, position


@pytest.mark.parametrize("name", NAMES)
def test_every_plane_the_cell_reads_is_named_and_the_value_written(name: str) -> None:
    of = lesson(name)
    pages = Pages(of)
    for position in [at for at in stops(of) if at]:
        shown = pages.page(State(position), 80, 24)
        step = of.step(position - 1)
        body = text(shown)
        for tensor in {reading.tensor for reading in step.reads} - {"padding", "constant"}:
            assert tensor in body, (position, tensor)
        assert shown.cursor is not None
        x, y = shown.cursor
        assert body.split("\n")[y][x] not in " .?["


@pytest.mark.parametrize("name", ["cs231n-two-filters", "cnn-flow", "conv1d-full", "pytorch-training-loop"])
@pytest.mark.parametrize(("columns", "lines"), SMALL, ids=lambda n: str(n))
def test_a_small_terminal_shows_what_it_can(name: str, columns: int, lines: int) -> None:
    of = lesson(name)
    pages = Pages(of)
    for position in stops(of):
        for number in range(3):
            shown = pages.page(State(position, number), columns, lines, footer_line)
            assert len(shown.lines) == lines
            assert max(map(width, shown.lines)) <= columns


@pytest.mark.parametrize(
    "of",
    [edge(), edge(1), cs231n(), network(), square(28)],
    ids=["edge", "edge in iterations", "cs231n", "network", "square"],
)
@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])
def test_labels_and_columns_keep_still_within_a_node(of: object, columns: int, lines: int) -> None:
    """Only marks move: with brackets, values and dots blanked the board is the same at every cell."""
    pages = Pages(of)  # type: ignore[arg-type]
    node = of.timeline.graph(0).nodes[0]  # type: ignore[attr-defined]
    seen = set()
    for position in range(1, node.size + 1, max(node.size // 23, 1)):
        board = pages.sight(State(position), columns, lines).frame.board
        seen.add(tuple((item.x, item.y, item.rows, item.cols) for item in board.placed))
    assert len(seen) == 1


def test_before_the_first_step_nothing_is_marked_and_a_question_stands_in_the_first_cell() -> None:
    shown = page(edge(), 0)
    board = "\n".join(text(shown).split("\n")[2:12])
    assert board.count("?") == 1
    assert board.count(".") == 8
    assert "[" not in board
    assert shown.cursor is None


def test_brackets_stand_round_runs_of_read_cells_not_round_rectangles() -> None:
    """A window with dilation 2 reads every other cell."""
    from handmade import lesson as by_hand

    of = by_hand(
        "Dilation",
        {"x": [[[[1, 2, 3, 4, 5]] * 5]], "w": [[[[1, 1], [1, 1]]]]},
        [("y", "conv2d", ("x", "w", None), {"dilation": 2})],
    )
    rows = text(page(of, 1, 40, 20)).split("\n")
    marked = [re.sub(r"\s+", "", line) for line in rows if line.count("[") >= 2]
    assert any("[1]2[3]" in row for row in marked)
    assert sum("[1]2[3]" in row for row in marked) == 2


def test_a_cell_reads_padding_only_where_there_is_a_ring() -> None:
    assert "0'" in text(page(edge(1), 1))
    assert "0'" not in text(page(edge(0), 1))


def test_the_rail_lists_the_program_where_there_is_room() -> None:
    of = network()
    at = of.timeline.locate("relu1[0,1,0]") + 1
    wide = text(page(of, at, 120, 40))
    for entry in ("conv1.weight", "1×6×14×14", "✓ conv1", "▶ relu1", "pool1", "conv2"):
        assert entry in wide
    assert "✓" not in text(page(of, at, 80, 24))


def test_a_view_follows_the_window_by_pages() -> None:
    of = square(224)
    pages = Pages(of)
    labels = []
    for position in range(1, 200, 7):
        shown = text(pages.page(State(position), 80, 24))
        labels.append(re.findall(r"image +\[([-\d:, ]+)\]", shown)[0])
        marked = [line for line in shown.split("\n") if re.search(r"\[[0-9' ]+\]", line)]
        assert len(marked) == 3
    assert 5 < len(set(labels)) < 25


def test_a_long_sum_pages_and_the_board_follows() -> None:
    of = network(16, 16)
    at = of.timeline.locate("conv2[0,1,1]") + 1
    pages = Pages(of)
    first = pages.page(State(at), 80, 24)
    shown = [text(pages.page(State(at, number), 80, 24)) for number in range(first.pages)]
    assert first.pages > 3
    for channel in range(16):
        assert any(f"conv2.weight[0,{channel}]" in body for body in shown)
    assert text(pages.page(State(at, 99), 80, 24)) == shown[-1]


def test_all_digits() -> None:
    of = network()
    at = of.timeline.locate("relu1[0,0,0]") + 1
    value = float(of.tensors()["conv1"][0, 0, 0, 0])
    assert repr(value) not in text(page(of, at))
    assert repr(value) in text(page(of, at, all_digits=True))


def test_a_step_is_a_function_of_its_position_alone() -> None:
    """Rows are kept from step to step: what was seen before must not show through."""
    of = network()
    used = Pages(of)
    for position in (1, 700, 2, 1180, 0, 2400, 2700, 1, 2746, 300):
        kept = used.page(State(position), 100, 30)
        assert kept == Pages(of).page(State(position), 100, 30), position


def test_how_far_a_long_sum_is_paged_is_told_where_there_is_room_for_it() -> None:
    """Beside the first line of the formula, or else beside the next."""
    page = Pages(open_lesson("cs231n-two-filters")).page(State(6), 100, 30)
    assert page.pages == 2
    (formula,) = [plain(line)[:70] for line in page.lines if "out.bias[m]" in plain(line)]
    assert formula.split() == ["out.bias[m]", "↑↓", "1", "of", "2"]


def test_a_part_of_a_row_is_a_part_of_so_many_and_not_of_one_by_so_many() -> None:
    digits = open_lesson("digits-cnn")
    page = Pages(digits).page(State(digits.timeline.locate("scores.bias.new[9]@0") + 1), 80, 24)
    (names,) = [
        plain(line) for line in page.lines if "scores.bias.exp_avg_sq.new" in plain(line) and " of " in plain(line)
    ]
    assert "1x10" not in names
    assert names.rstrip().endswith("of 10")
