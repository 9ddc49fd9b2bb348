"""What the look screen shows: every view of every kind of tensor, as the player stands."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from handmade import Lesson, edge, lesson, network, square
from small_network import small_history

from stepgrad.engine.history import History
from stepgrad.tui.charts.heat import FULL, Ink, Zoom
from stepgrad.tui.charts.inset import overlaid
from stepgrad.tui.charts.levels import UNWRITTEN
from stepgrad.tui.charts.map_view import Asked, Window, window_codes
from stepgrad.tui.charts.series import Recorder
from stepgrad.tui.charts.subject import Subject, tensor
from stepgrad.tui.line import plain, width
from stepgrad.tui.look import Look
from stepgrad.tui.look_keys import LOOKING, MOVES, OF_TENSORS, VIEWS
from stepgrad.tui.places import position

nan, inf = math.nan, math.inf
NO_COLOUR = Ink(colour=False)
SIZES = [(80, 24), (100, 30), (120, 40), (200, 60), (40, 10), (20, 5), (1, 1)]
SECONDS = 30


class Stands:
    """A player as far as one looks on: a lesson, and a position that forward and back move."""

    def __init__(self, lesson: Any, at: str = "0") -> None:
        self.lesson = lesson
        self.recorder = Recorder(lesson.history)
        self.cursor = SimpleNamespace(position=position(lesson.timeline, at) if lesson.timeline.steps else 0)

    def perform(self, action: str, count: int, now: float) -> None:
        assert action in MOVES
        to = self.cursor.position + {"forward": count, "back": -count}[action]
        self.cursor.position = min(max(to, 0), self.lesson.timeline.steps)


def looking(lesson: Any, at: str = "0", *actions: str, ink: Ink = FULL) -> Look:
    look = Look(Stands(lesson, at), ink)
    for action in actions:
        look.perform(action)
    return look


def text(look: Look, size: tuple[int, int] = (80, 24)) -> str:
    look.page(*size)
    look.player.recorder.wait(SECONDS)
    return "\n".join(plain(line).rstrip() for line in look.page(*size).lines)


def relu(values: Any, dtype: str = "float64") -> Any:
    return lesson("By hand", {"x": values}, [("y", "relu", ("x",), {})], dtype=dtype)


def trained(lr: float = 0.1) -> Lesson:
    return Lesson("Two units", small_history(5, lr))


draw = np.random.default_rng(0).normal
LESSONS = {
    "edge": (edge(), "feature_map[1,1]"),
    "network": (network(), "conv1[3,5,6]"),
    "one-cell": (relu([2.0]), "y[0]"),
    "scalar-planes": (relu(draw(size=(2, 512, 1, 1))), "y[1,7,0,0]"),
    "row": (relu(draw(size=(1, 5000))), "y[0,4000]"),
    "column": (relu(draw(size=(700, 1))), "y[5,0]"),
    "channels": (relu(draw(size=(2, 512, 3, 3))), "y[1,200,1,1]"),
    "image-224": (square(224), "map[100,100]"),
    "five-axes": (relu(draw(size=(2, 2, 3, 4, 4))), "y[1,1,2,0,0]"),
    "all-nan": (relu([[nan, nan], [nan, nan]]), "y[1,1]"),
    "infinite": (relu([[inf, -inf]]), "y[0,1]"),
    "constant": (relu(np.full((3, 3), 0.1)), "y[1,1]"),
    "zeros": (relu(np.zeros((3, 3))), "y[1,1]"),
    "huge": (relu([[1e308, -1e308], [5e-324, 0]]), "y[1,1]"),
    "float16": (relu([[1, -65504]], "float16"), "y[0,1]"),
    "trained": (trained(), "loss@3"),
    "empty": (relu(np.zeros((2, 0))), "0"),
    "card": (lesson("A card", {}, []), "0"),
}


@pytest.mark.parametrize("ink", [FULL, NO_COLOUR, Ink(unicode=False), Ink(colour=False, unicode=False)])
@pytest.mark.parametrize("name", LESSONS)
def test_every_view_of_every_tensor_fits_every_terminal(name: str, ink: Ink) -> None:
    found, at = LESSONS[name]
    look = looking(found, at, ink=ink)
    for action in ("up", "up", "down"):
        look.perform(action)
        for _ in VIEWS:
            look.perform("next_view")
            for size in SIZES if ink is FULL and action == "up" else SIZES[:1]:
                page = look.page(*size)
                assert len(page.lines) == size[1]
                assert all(width(line) <= size[0] for line in page.lines)
    look.player.recorder.stop()


def test_the_map_of_what_is_being_written() -> None:
    shown = text(looking(edge(), "feature_map[1,1]"))
    assert "feature_map  1×1×3×3  float64" in shown
    assert "5 of 9 written   e shows all" in shown
    assert shown.count("·") == 4, "a dot for each cell that is not written"
    assert "feature_map[1,1] = 0" in shown
    lines = shown.splitlines()
    assert [line.split() for line in lines if line.split()[:1] == ["3"]] == [["3", "1", "1"]]
    assert lines[2].split()[0] == "▼"


def test_it_grows_as_the_player_steps() -> None:
    look = looking(edge(), "feature_map[1,1]")
    look.perform("forward")
    assert "6 of 9 written" in text(look)
    look.perform("back")
    look.perform("back")
    assert "4 of 9 written" in text(look)


def test_the_end_of_the_iteration_is_one_key_away() -> None:
    look = looking(edge(), "feature_map[1,1]", "whole")
    assert "at the end of the iteration" in text(look)
    assert "·" not in text(look)
    look.perform("whole")
    assert "5 of 9 written" in text(look)


def test_the_window_in_what_is_read() -> None:
    """Cell [1,1] of the map reads rows and columns 1 to 3 of the image."""
    found = edge()
    step = found.step(4)
    seen = Subject(tensor(step, "image"), step, 5)
    assert seen.marks(0) == {1: [1, 2, 3], 2: [1, 2, 3], 3: [1, 2, 3]}
    assert Subject(tensor(step, "image"), step, 4).marks(0) == {}, "before the step nothing is read yet"
    assert Subject(tensor(step, "feature_map"), step, 4).marks(0) == {}, "nor is anything written"
    assert Subject(tensor(step, "feature_map"), step, 5).marks(0) == {1: [1]}
    shown = text(looking(found, "feature_map[1,1]", "up", "up"))
    assert "9 cells read" in shown
    assert shown.count("┌") == shown.count("┐") == shown.count("└") == shown.count("┘") == 1


def test_a_weight_of_many_channels_is_marked_in_its_own() -> None:
    found = lesson(
        "Many channels",
        {"x": draw(size=(1, 64, 5, 5)), "k": draw(size=(2, 64, 3, 3)), "b": [1, 2]},
        [("y", "conv2d", ("x", "k", "b"), {})],
    )
    step = found.step(9 + 4)
    kernel = Subject(tensor(step, "k"), step, 14)
    assert kernel.active == 64, "the first channel of the second filter"
    assert kernel.marks(64 + 63) == {0: [0, 1, 2], 1: [0, 1, 2], 2: [0, 1, 2]}
    assert kernel.marks(63) == {}
    assert Subject(tensor(step, "x"), step, 14).marks(40) == {1: [1, 2, 3], 2: [1, 2, 3], 3: [1, 2, 3]}
    assert Subject(tensor(step, "b"), step, 14).marks(0) == {0: [1]}


def test_channels_and_samples() -> None:
    look = looking(LESSONS["channels"][0], "y[1,200,1,1]")
    assert "y[1,200]   channel 200 of 0 to 511   sample 1 of 0 to 1" in text(look)
    look.perform("next_channel")
    assert "y[1,201]" in text(look)
    look.perform("previous_sample")
    assert "y[0,201]" in text(look)
    look.perform("previous_sample")
    assert "y[0,201]" in text(look), "there is none before the first"
    look.perform("forward")
    assert "y[1,200]" in text(look), "a step leads back to what is written"


def test_the_ends_of_channels_stop() -> None:
    look = looking(relu(draw(size=(2, 3, 2, 2))), "y[1,2,1,1]", "next_channel")
    assert "y[1,2]" in text(look)
    for _ in range(5):
        look.perform("previous_channel")
    assert "y[1,0]" in text(look)


def test_planes_by_pages() -> None:
    look = looking(LESSONS["channels"][0], "y[1,200,1,1]", "next_view")
    shown = text(look)
    assert "▶1,200" in shown
    assert "planes 701 to 750 of 1,024" in shown
    for _ in range(40):
        look.perform("next_channel")
    assert "▶1,240" in text(look)


def test_kernels_of_a_bank_stand_line_by_line() -> None:
    look = looking(network(), "conv1[3,5,6]", "up", "up", "up", "next_view")
    shown = text(look, (120, 40))
    assert "conv1.weight  6×3×3×3" in shown
    assert "channel 0 of 0 to 2   filter 3 of 0 to 5" in shown
    labels = [line.split("│ ")[0].split() for line in shown.splitlines() if "0,0" in line or "▶3,0" in line]
    assert labels[0][0] == "0,0"
    assert len(labels[0]) % 3 == 0


def test_a_picture_in_colour() -> None:
    red = np.zeros((1, 3, 4, 4))
    red[0, 0] = 1.0
    look = looking(relu(red), "y[0,0,0,0]", "up")
    assert "red, green and blue" in text(look)
    styles = {style for line in look.page(80, 24).lines for _, style in line}
    assert "ink/#ff0000" in styles
    look.perform("next_channel")
    assert "channel 0 of 0 to 2" in text(look)
    styles = {style for line in look.page(80, 24).lines for _, style in line}
    assert {style for style in styles if "#" in style} == {"ink/#ffffff"}
    look.perform("next_channel")
    assert "channel 1 of 0 to 2" in text(look)
    look.perform("previous_channel")
    look.perform("previous_channel")
    assert "red, green and blue" in text(look)


@pytest.mark.parametrize(
    ("values", "white"),
    [([[[[0, 0.5]] * 2]], 1.0), ([[[[0, 200]] * 2]], 255.0), ([[[[0, 16]] * 2]], 16.0), ([[[[-1, 1]] * 2]], None)],
)
def test_which_inputs_are_pictures(values: Any, white: float | None) -> None:
    found = tensor(relu(values).step(0), "x")
    assert found.is_picture == (white is not None)
    assert white is None or found.white == white
    assert not tensor(relu(values).step(0), "y").is_picture, "what is computed is not"


def test_a_large_plane_is_reduced_and_magnified() -> None:
    look = looking(square(224), "map[100,100]", "up", "up")
    assert "each dot the mean of" in text(look)
    first = text(look)
    for _ in range(20):
        look.perform("larger")
    assert "each dot" not in text(look)
    assert "┌" in text(look), "the window is in sight"
    here = text(look)
    look.perform("pan_right")
    look.perform("pan_down")
    assert text(look) != here
    for _ in range(20):
        look.perform("smaller")
    assert text(look) == first


def test_the_numbers_stand_beside_a_map_whose_cells_are_too_small() -> None:
    shown = text(looking(network(), "conv1[3,5,6]"), (120, 40))
    value = network().history.run(0).value("conv1", (0, 3, 5, 6))
    assert f"{value:.4f}"[:6] in shown


def test_single_numbers_of_many_channels_are_one_plane() -> None:
    found = tensor(LESSONS["scalar-planes"][0].step(0), "x")
    assert found.planes.shape == (1, 2, 512)


def test_a_histogram_counts_everything() -> None:
    look = looking(relu([[nan, 1, -1], [0, 0, inf]]), "y[0,0]", "up", "next_view", "next_view")
    shown = text(look)
    assert [line.split()[0] for line in shown.splitlines()[2:7]] == ["-1", "0", "1", "Inf", "NaN"]
    assert "NaN 1 of 6   Inf 1 of 6   min -1   max 1   mean 0" in shown


def test_a_histogram_is_of_what_is_written() -> None:
    look = looking(relu([[1, 2, 3, 4]]), "y[0,1]", "next_view", "next_view")
    assert "min 1   max 2" in text(look)
    look.perform("whole")
    assert "min 1   max 4" in text(look)


def test_a_constant_tensor_is_called_constant() -> None:
    look = looking(LESSONS["constant"][0], "y[2,2]", "next_view", "next_view")
    assert "every cell is 0.1" in text(look)


@pytest.mark.parametrize(("name", "said"), [("all-nan", "no finite number"), ("empty", "computes nothing")])
def test_nothing_to_see_is_said(name: str, said: str) -> None:
    found, at = LESSONS[name]
    assert said in text(looking(found, at))


def test_the_loss_over_the_iterations() -> None:
    shown = text(looking(trained(), "loss@3", "previous_view", "previous_view"))
    assert "loss   6.5 at iteration 3, from 8 to 6, least 6" in shown
    assert "●" in shown
    assert shown.splitlines()[-3].split()[0] == "0"


def test_a_watched_expression() -> None:
    look = looking(trained(), "loss@3")
    look.watch("norm(w.grad)")
    assert "norm(w.grad)   2.236 at iteration 3" in text(look)
    look.perform("up")
    assert "loss   6.5" in text(look)
    look.watch("w")
    look.page(80, 24)
    look.player.recorder.wait(SECONDS)
    assert "not a single number; write norm(w), max(...)," in text(look)


def test_an_edited_lesson_is_looked_at_anew() -> None:
    look = looking(trained(), "loss@3")
    look.watch("loss - loss@0")
    assert "-1.5 at iteration 3" in text(look)
    look.player = Stands(trained(lr=0.2), "loss@3")
    assert "-3 at iteration 3" in text(look)


def test_gradient_norms_by_layer() -> None:
    """By hand: the gradient of w is [[1, 2], [0, 0]], that of s is [1, 1], that of a is [1, 0]."""
    shown = text(looking(trained(), "loss@3", "previous_view"))
    found = {line.split()[0]: line.split()[-1] for line in shown.splitlines() if "█" in line}
    assert found["w"] == f"{5**0.5:.4g}"
    assert found["s"] == f"{2**0.5:.4g}"
    assert found["a"] == "1"
    assert "iteration 3, whole" in shown


@pytest.mark.parametrize(
    ("weight", "said"), [(-1.0, "w exactly 0: nothing is learned here"), (nan, "x NaN in 2 of 2 cells")]
)
def test_gradients_that_vanish_or_burst_are_said_in_words(weight: float, said: str) -> None:
    """With negative weights both units are off; weights of NaN are what the gradient of x is multiplied by."""
    graph = small_history(1).timeline
    history = History(graph, {**small_history(1).sources, "w": np.full((2, 2), weight)})
    assert said in text(looking(Lesson("Dead", history), "loss", "previous_view"))


def test_a_lesson_without_gradients_says_so() -> None:
    assert "has no gradients" in text(looking(edge(), "feature_map[1,1]", "previous_view"))


def test_a_single_iteration_has_no_curve() -> None:
    found = lesson("x", {"x": [1.0, 2.0]}, [("y", "sum", ("x",), {})])
    shown = text(looking(found, "y", "next_view", "next_view", "next_view"))
    assert "y   3 at iteration 0" in shown
    assert "One iteration only" in shown


def test_a_list_of_tensors_stands_beside_where_there_is_room() -> None:
    wide = text(looking(network(), "conv1[3,5,6]"), (120, 40))
    assert "▶ conv1 " in wide
    assert "conv2.weight" in wide
    assert "conv2.weight" not in text(looking(network(), "conv1[3,5,6]"))


def test_without_colour_signs_and_densities_carry_the_meaning() -> None:
    shown = text(looking(relu([[-4, 4], [0, 1]]), "y[0,0]", "up", ink=NO_COLOUR))
    for sign in ("-█", "+█", "+░"):
        assert sign in shown


def test_every_action_of_the_table_has_its_method() -> None:
    apart = {*MOVES, "help", "close", "ask"}
    for action in LOOKING:
        assert action.name in apart or callable(getattr(Look, action.name))
        assert len(action.help) <= 32
    keys = [key for action in LOOKING for key in action.keys]
    assert len(keys) == len(set(keys)), "a key means one thing"
    assert {"map", "planes", "histogram"} == set(OF_TENSORS)


def test_a_half_written_block_stands_for_what_is_written() -> None:
    """Two rows to a block: of the second, -9 is not written yet, and does not show."""
    found = relu(np.abs(np.arange(96.0).reshape(96, 1) % 10 + 1) * np.ones((96, 200)))
    step = found.step(200)
    seen = Subject(tensor(step, "y"), step, 201)
    codes = window_codes(seen, Asked(0), Window(0, 0, 96, 200, Zoom(1, 0, 2)))
    written = seen.tensor.range.codes(np.array([2.0, 1.0]))
    assert codes[0, 0] == written[0], "the second row has one number: 2"
    assert codes[0, 1:].tolist() == [written[1]] * 99, "of the others only the first row: 1"
    assert set(codes[1:].ravel().tolist()) == {UNWRITTEN}


def test_a_block_of_text_is_laid_over_lines() -> None:
    lines = [(("abcdef", "faint"), ("ghi", "")), (("xy", ""),), ()]
    found = overlaid(lines, [(("12", "new"),), (("3456", ""),)], 3, 0, 4)
    assert [plain(line) for line in found] == ["abc12  hi", "xy 3456", ""]
    assert found[0][0] == ("abc", "faint")
