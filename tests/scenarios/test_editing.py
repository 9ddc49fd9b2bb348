"""What if: single cells and settings replaced, the lesson as it was untouched, and the change written down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import open_lesson


def test_a_cell_changed_changes_what_depends_on_it() -> None:
    """image[0,0] is under one window only, with weight 1: the first cell of the map grows by what the pixel does."""
    lesson = open_lesson("edge-detection-5x5")
    other = lesson.edited({"cells.image[0,0]": 5})
    assert other.tensors()["feature_map"].squeeze().tolist() == [[7, 1, 1], [3, 0, 0], [2, 0, 0]]
    assert lesson.tensors()["feature_map"].squeeze().tolist() == [[3, 1, 1], [3, 0, 0], [2, 0, 0]]


def test_a_number_too_large_for_its_dtype_is_infinite_without_a_warning() -> None:
    lesson = open_lesson("edge-detection-5x5", {"dtype": "float32"}).edited({"cells.image[0,0]": 1e300})
    assert lesson.tensors()["feature_map"].squeeze().tolist()[0] == [np.inf, 1, 1]


def test_edits_pile_up_and_settings_go_with_cells() -> None:
    lesson = open_lesson("edge-detection-5x5").edited({"cells.kernel[0,0]": 0}).edited({"layers.feature_map.stride": 2})
    assert lesson.tensors()["feature_map"].squeeze().tolist() == [[2, 0], [1, 0]]


def test_a_parameter_of_a_layer_and_one_drawn_from_the_seed_are_changed_by_address(tmp_path: Path) -> None:
    path = tmp_path / "drawn.toml"
    path.write_text(
        'format_version = 1\ntitle = "t"\n[inputs]\nx = [[1, 1]]\n'
        '[[layers]]\nname = "y"\nop = "linear"\ninput = "x"\nweight = true\nout_features = 2\n',
        encoding="utf-8",
    )
    lesson = open_lesson(str(path))
    other = lesson.edited({"cells.y.weight[1,0]": 0.5})
    before, after = lesson.tensors()["y.weight"], other.tensors()["y.weight"]
    assert after[1, 0] == 0.5
    assert np.count_nonzero(before != after) == 1


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("cells.imgae[0,0]", 1, "there is no tensor 'imgae'; did you mean 'image'?; only given tensors can be changed"),
        ("cells.feature_map[0,0]", 1, "'feature_map' is computed; only given tensors can be changed: image, kernel"),
        ("cells.image[9,9]", 1, "image[9,9] does not fit image, which is [1, 1, 5, 5]"),
        ("cells.image[", 1, "is no address"),
        ("cells.image[0,0]", "x", "cells.image[0,0]"),
        ("layers.feature_map.stride", 0, "stride is 0"),
    ],
)
def test_what_does_not_fit_is_told_and_nothing_is_lost(key: str, value: object, told: str) -> None:
    lesson = open_lesson("edge-detection-5x5")
    with pytest.raises(ScenarioError) as caught:
        lesson.edited({key: value})
    assert told in str(caught.value)
    assert lesson.tensors()["feature_map"].squeeze()[0, 0] == 3


def test_a_label_stays_a_whole_number() -> None:
    with pytest.raises(ScenarioError, match=r"received 0\.5; target holds whole numbers"):
        open_lesson("cnn-flow").edited({"cells.target[0]": 0.5})


def test_what_was_changed_is_saved_as_a_variant(tmp_path: Path) -> None:
    lesson = open_lesson("edge-detection-5x5:zero-sum").edited({"cells.image[0,0]": 5, "layers.feature_map.stride": 2})
    path = tmp_path / "mine.toml"
    path.write_text(lesson.saved("brighter"), encoding="utf-8")
    again = open_lesson(f"{path}:brighter")
    np.testing.assert_array_equal(again.tensors()["feature_map"], lesson.tensors()["feature_map"])
    np.testing.assert_array_equal(
        open_lesson(str(path)).tensors()["image"], open_lesson("edge-detection-5x5").tensors()["image"]
    )


@pytest.mark.parametrize(("name", "told"), [("zero-sum", "a variant 'zero-sum' already"), ("a b", "no variant's name")])
def test_a_name_that_will_not_do(name: str, told: str) -> None:
    lesson = open_lesson("edge-detection-5x5").edited({"cells.image[0,0]": 5})
    with pytest.raises(StepgradError, match=told):
        lesson.saved(name)


def test_without_a_change_there_is_nothing_to_save() -> None:
    with pytest.raises(StepgradError, match="nothing was changed"):
        open_lesson("edge-detection-5x5").saved("mine")
