"""An opened scenario: where its stops are, and what it gives."""

from __future__ import annotations

import doctest
from pathlib import Path

import numpy as np
import pytest
from written import EDGE, opened, write

import stepgrad
from stepgrad.scenarios.lesson import open_lesson

SCRIPT = EDGE + (
    '[[script]]\nat = ":end"\nsay = "end"\n'
    '[[script]]\nat = "map[1,0]"\nsay = "third"\ntitle = "T"\nnotes = "{map[0,0]}!"\npause = 2\nerratum = "E01"\n'
    'printed = "wrong"\n'
    '[[script]]\nsay = "start"\n[[script]]\nat = "map"\nsay = "first"\n'
)


def test_stops_stand_behind_the_cell_they_name(tmp_path: Path) -> None:
    lesson = opened(tmp_path, SCRIPT)
    assert [(stop.position, stop.template) for stop in lesson.stops] == [
        (0, "start"),
        (1, "first"),
        (3, "third"),
        (4, "end"),
    ]
    third = lesson.stops[2]
    assert (third.title, third.pause, third.erratum, third.printed) == ("T", 2.0, "E01", "wrong")
    assert lesson.notes(third) == "6!"


def test_the_last_stop_at_or_before_a_position(tmp_path: Path) -> None:
    lesson = opened(tmp_path, SCRIPT)
    found = [lesson.stop_at(position) for position in range(5)]
    assert [stop.template if stop else None for stop in found] == ["start", "first", "first", "third", "end"]
    assert opened(tmp_path, EDGE).stop_at(3) is None


def test_every_tensor_sources_included(tmp_path: Path) -> None:
    tensors = opened(tmp_path, EDGE).tensors()
    assert list(tensors) == ["image", "kernel", "map"]
    assert all(isinstance(array, np.ndarray) for array in tensors.values())


def test_steps_are_counted_from_0(tmp_path: Path) -> None:
    lesson = opened(tmp_path, EDGE)
    assert [lesson.step(number).value for number in range(lesson.timeline.steps)] == [6, 8, 12, 14]


def test_the_name_is_the_catalogues_or_the_files(tmp_path: Path) -> None:
    assert open_lesson("edge-detection-5x5").name == "edge-detection-5x5"
    assert open_lesson("edge-detection-5x5:flipped").name == "edge-detection-5x5:flipped"
    assert open_lesson(str(write(tmp_path, EDGE, "mine.toml"))).name == "mine"


def test_the_same_scenario_twice_is_the_same_to_the_bit(tmp_path: Path) -> None:
    text = EDGE.replace("[[1, 2, 3], [4, 5, 6], [7, 8, 9]]", '{ init = "normal", shape = [6, 6] }')
    first, second = opened(tmp_path, text).tensors(), opened(tmp_path, text).tensors()
    assert all(np.array_equal(first[name], second[name]) for name in first)


@pytest.mark.filterwarnings("error")
def test_the_example_of_the_front_door_is_true() -> None:
    assert doctest.testmod(stepgrad).attempted == 3
    assert doctest.testmod(stepgrad).failed == 0
    assert len(stepgrad.open("edge-detection-5x5", **{"layers.0.stride": 2}).timeline) == 4
