"""What the look screen shows: every view of every kind of tensor, as the player stands."""

from __future__ import annotations

import pytest
from handmade import edge, lesson, network
from looked import LESSONS, NO_COLOUR, SIZES, draw, looking, relu, text

from stepgrad.tui.charts.heat import FULL, Ink
from stepgrad.tui.charts.subject import Subject, tensor
from stepgrad.tui.line import width
from stepgrad.tui.look import Look
from stepgrad.tui.look_keys import LOOKING, MOVES, OF_TENSORS, VIEWS


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


@pytest.mark.parametrize(("name", "said"), [("all-nan", "no finite number"), ("empty", "computes nothing")])
def test_nothing_to_see_is_said(name: str, said: str) -> None:
    found, at = LESSONS[name]
    assert said in text(looking(found, at))


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
