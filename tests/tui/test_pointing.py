"""The cell cursor without a screen: whatever is pressed, it is on a cell of the board, or off it."""

from __future__ import annotations

from functools import cache
from typing import Any

from handmade import edge, network
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from stepgrad.engine.timeline import Address
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.inquiry import Lookup, Scatter
from stepgrad.tui.player import Player
from stepgrad.tui.pointer import under

SIZES = ((80, 24), (120, 40), (200, 60), (40, 12), (20, 5))
LESSONS = ("edge", "network", "cnn-flow", "pytorch-training-loop", "neuron-forward-loss-update")
ARROWS = ("cell_up", "cell_down", "cell_left", "cell_right")
ASKING = ("cell_origin", "cell_uses", "check_cell", "scatter", "leave_cell")
LEAFING = ("next_channel", "previous_channel", "next_sample", "previous_sample")
STEPPING = ("forward", "back", "over", "over_back", "next_stop", "first", "last")


@cache
def lesson(name: str) -> Any:
    return edge() if name == "edge" else network(3, 6) if name == "network" else open_lesson(name)


class Cells(RuleBasedStateMachine):
    """Presses keys on cells, and checks after each what holds always."""

    @initialize(name=st.sampled_from(LESSONS), at=st.floats(0, 1), size=st.sampled_from(SIZES))
    def open(self, name: str, at: float, size: tuple[int, int]) -> None:
        self.lesson = lesson(name)
        self.player = Player(self.lesson)
        self.player.cursor.to(round(at * self.lesson.timeline.steps))
        self.size = size
        self.player.page(*size)

    def press(self, action: str, count: int = 1) -> None:
        self.player.perform(action, count, 0.0)

    @rule(action=st.sampled_from(("next_matrix", "previous_matrix")), count=st.sampled_from((1, 1, 2, 9)))
    def tab(self, action: str, count: int) -> None:
        before = self.player.cursor.position
        self.press(action, count)
        assert self.player.cursor.position == before
        if count == 9:
            assert len(self.views) >= 9 or self.player.pointing.pointer is None, "it falls out beyond the last matrix"

    @precondition(lambda self: self.player.pointing.is_on)
    @rule(action=st.sampled_from(ARROWS), count=st.sampled_from((1, 2, 50)))
    def arrow(self, action: str, count: int) -> None:
        before = self.player.cursor.position
        self.press(action, count)
        assert self.player.cursor.position == before

    @rule(action=st.sampled_from(ASKING), count=st.sampled_from((1, 1, 2)))
    def ask(self, action: str, count: int) -> None:
        before, cell = self.player.cursor.position, self.player.pointing.cell
        self.press(action, count)
        assert self.player.cursor.position == before, "a question moves nothing"
        asked = self.player.pointing.inquiring.inquiry
        if isinstance(asked, Lookup) and action in ("cell_origin", "cell_uses"):
            assert asked.start == cell
            assert self.player.pointing.pointer is None or self.player.pointing.cell == cell

    @rule(action=st.sampled_from(LEAFING), count=st.sampled_from((1, 3)))
    def leaf(self, action: str, count: int) -> None:
        self.press(action, count)

    @rule(action=st.sampled_from(STEPPING), count=st.sampled_from((1, 1, 5)))
    def step(self, action: str, count: int) -> None:
        before, asked = self.player.cursor.position, self.player.pointing.inquiring.inquiry
        self.press(action, count)
        if self.player.cursor.position != before:
            assert self.player.pointing.inquiring.inquiry is None
        elif action in ("forward", "back"):
            assert isinstance(asked, Scatter) or before in (0, self.lesson.timeline.steps)

    @precondition(lambda self: self.player.pointing.is_on)
    @rule()
    def go_to_the_step(self) -> None:
        cell, before = self.player.pointing.cell, self.player.cursor.position
        iteration = self.player.cursor.iteration
        self.press("to_writer")
        assert cell is not None
        name, index = cell
        graph = self.lesson.timeline.graph(iteration)
        if name in graph.sources:
            if name not in graph.state or iteration == 0:
                assert self.player.cursor.position == before
                assert "is given" in self.player.notice
                return
            name, iteration = graph.state[name], iteration - 1
        number = self.lesson.timeline.number(Address(name, index), iteration)
        assert self.player.cursor.position == number + 1
        assert self.player.pointing.cell == (name, index), "the cell just written is the one gone to"

    @rule(size=st.sampled_from(SIZES))
    def resize(self, size: tuple[int, int]) -> None:
        self.size = size

    @rule(x=st.integers(-2, 210), y=st.integers(-2, 60))
    def click(self, x: int, y: int) -> None:
        before = self.player.pointing.pointer
        hit = self.player.pointing.click(x, y)
        assert hit or self.player.pointing.pointer == before

    @property
    def views(self) -> Any:
        return self.player.pages.sight(self.player.state, *self.player.pointing.size).views

    @invariant()
    def the_page_is_whole_and_the_cursor_on_it(self) -> None:
        if not hasattr(self, "player"):
            return
        width, height = self.size
        page = self.player.page(width, height)
        assert len(page.lines) == height
        pointer = self.player.pointing.pointer
        if pointer is None:
            return
        view = under(self.views, pointer)
        assert view is not None, "it is on the board"
        assert 0 <= pointer.row < view.item.slot.rows
        assert 0 <= pointer.col < view.item.slot.cols
        assert pointer.row in view.rows, "and in sight"
        assert pointer.col in view.columns
        if page.cursor is not None:
            assert page.cursor[0] < width
            assert page.cursor[1] < height


Cells.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
TestCells = Cells.TestCase


def pointed_at(name: str, *keys: str, at: str = "0") -> Player:
    player = Player(open_lesson(name))
    player.go(at)
    player.page(80, 24)
    for key in keys:
        player.perform(key, 1, 0.0)
    return player


def test_after_a_change_the_cursor_is_on_the_same_cell() -> None:
    player = pointed_at("edge-detection-5x5", "next_matrix", "cell_right", "cell_down", at="feature_map[1,1]")
    cell = player.pointing.pointed
    player.answer("edit", "image[0,0] = 5")
    assert player.pointing.pointed == cell is not None
    player.answer("edit", "feature_map.stride = 2")
    assert player.pointing.pointed == cell, "the board is another one"
    for _ in "ab":
        player.perform("undo", 1, 0.0)
        assert player.pointing.pointed == cell
    player.answer("edit", "image = [[1,1,1],[1,1,1],[1,1,1]]")
    assert player.pointing.pointed == cell


def test_a_cell_that_is_gone_has_no_cursor() -> None:
    player = pointed_at("edge-detection-5x5", "next_matrix", *["cell_down"] * 4, at="feature_map[0,0]")
    assert player.pointing.pointed == ("image", (0, 0, 4, 0))
    player.answer("edit", "image = [[1,1,1],[1,1,1],[1,1,1]]")
    assert not player.pointing.is_on
    player.page(80, 24)


def test_a_plane_that_was_leafed_to_stays() -> None:
    player = pointed_at("batchnorm-channel-statistics", "last", "next_matrix", "next_sample")
    cell = player.pointing.pointed
    assert cell is not None
    assert cell[1][0] > 0
    player.answer("edit", f"{next(iter(player.lesson.scenario.inputs))}[0,0,0,0] = 9")
    assert player.pointing.pointed == cell
