"""What a step shows of a long sum, and what turning its pages costs."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import lesson

from stepgrad.tui import arrange, gathering, scene
from stepgrad.tui.player import Player


def test_pages_of_a_long_sum_are_turned_without_adding_it_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One cell of a convolution over 40 channels: its working is made once, however its channels are leafed through."""
    draw = np.random.default_rng(0)
    sources = {"x": draw.normal(size=(1, 40, 4, 4)), "w": draw.normal(size=(1, 40, 3, 3))}
    player = Player(lesson("channels", sources, [("y", "conv2d", ["x", "w"], {})]))  # type: ignore[arg-type]
    player.perform("forward", 1, 0.0)
    worked = []
    work = gathering.work
    monkeypatch.setattr(gathering, "work", lambda *given, **named: worked.append(given) or work(*given, **named))
    shown = set()
    for _ in range(5):
        player.perform("next_channel", 1, 0.0)
        shown.add(tuple(player.page(80, 24).lines))
    player.perform("page_down", 1, 0.0)
    shown.add(tuple(player.page(80, 24).lines))
    assert len(shown) > 3
    assert not worked
    player.perform("forward", 1, 0.0)
    player.page(80, 24)
    assert len(worked) == 1


def test_a_node_s_cells_are_looked_at_once_for_its_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(0)
    sources = {"x": draw.normal(size=(1, 6, 9, 9)), "w": draw.normal(size=(4, 6, 3, 3))}
    player = Player(lesson("one look", sources, [("y", "conv2d", ["x", "w"], {})]))  # type: ignore[arg-type]
    made = []
    samples = scene.samples
    monkeypatch.setattr(scene, "samples", lambda step: made.append(step) or samples(step))  # type: ignore[func-returns-value]
    player.page(80, 24)
    assert len(made) == 1


def test_a_board_is_not_tried_with_more_columns_than_the_screen_has(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(0)
    sources = {"x": draw.normal(size=(1, 200, 9, 9)), "w": draw.normal(size=(1, 200, 3, 3))}
    player = Player(lesson("many channels", sources, [("y", "conv2d", ["x", "w"], {})]))  # type: ignore[arg-type]
    tried = []
    stacked = arrange._stacked
    monkeypatch.setattr(arrange, "_stacked", lambda *given: tried.append(len(given[1])) or stacked(*given))  # type: ignore[func-returns-value]
    player.page(120, 40)
    assert max(tried) < 120


def test_no_more_planes_are_placed_than_a_screen_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gradient of a weight of 300 x 300 kernels has 90,000 planes."""
    draw = np.random.default_rng(0)
    sources = {"x": draw.normal(size=(1, 300, 3, 3)), "w": draw.normal(size=(300, 300, 1, 1))}
    player = Player(lesson("many kernels", sources, [("y", "reshape", ["w"], {"shape": (300, 300, 1, 1)})]))  # type: ignore[arg-type]
    placed = []
    stacked = arrange._stacked
    monkeypatch.setattr(arrange, "_stacked", lambda *given: placed.append(len(given[2])) or stacked(*given))  # type: ignore[func-returns-value]
    player.page(120, 40)
    assert 0 < max(placed) <= 300
