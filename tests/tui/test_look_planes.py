"""Planes as pictures: pages of them, colour, large ones reduced, and what is written on a map."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from handmade import network, square
from looked import LESSONS, draw, looking, relu, text

from stepgrad.tui.charts.heat import Zoom
from stepgrad.tui.charts.inset import overlaid
from stepgrad.tui.charts.levels import UNWRITTEN
from stepgrad.tui.charts.map_view import Asked, Window, window_codes
from stepgrad.tui.charts.subject import Subject, tensor
from stepgrad.tui.line import plain


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
