"""What a step shows of a long sum, and what turning its pages costs."""

from __future__ import annotations

import numpy as np
import pytest
from handmade import lesson

from stepgrad.tui import gathering
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
