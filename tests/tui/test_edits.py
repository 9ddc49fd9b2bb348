"""What if: changes one on another, undone and done again, and written down."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.edits import Edits


@pytest.fixture
def edits() -> Edits:
    return Edits(open_lesson("edge-detection-5x5"))


def feature_map(lesson: Lesson) -> object:
    return lesson.tensors()["feature_map"].squeeze().tolist()


BEFORE = [[3, 1, 1], [3, 0, 0], [2, 0, 0]]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("image[0,0] = 5", "cells.image[0,0]"),
        ("image[0, 0]=5", "cells.image[0,0]"),
        ("feature_map.stride = 2", "layers.feature_map.stride"),
        ("layers.feature_map.stride = 2", "layers.feature_map.stride"),
        ("--set layers.feature_map.stride=2", "layers.feature_map.stride"),
        ("kernel = [[1,1],[0,0]]", "parameters.kernel"),
        ("seed = 3", "seed"),
    ],
)
def test_what_people_write_is_the_key_that_settings_take(edits: Edits, text: str, key: str) -> None:
    edits.make(text)
    assert list(edits.settings) == [key]


def test_the_learning_rate_by_its_name() -> None:
    edits = Edits(open_lesson("neuron-forward-loss-update"))
    edits.make("lr = 0.25")
    assert edits.settings == {"optimizer.lr": 0.25}


def test_cells_and_settings_pile_up() -> None:
    edits = Edits(open_lesson("edge-detection-5x5"))
    edits.make("image[0,0] = 5")
    edits.make("feature_map.stride = 2")
    assert feature_map(edits.lesson) == [[7, 1], [2, 0]]
    assert feature_map(edits.original) == BEFORE


def test_a_whole_tensor_takes_the_place_of_its_cells(edits: Edits) -> None:
    edits.make("image[0,0] = 5")
    edits.make(f"image = {[[0] * 5] * 5}")
    assert np.count_nonzero(edits.lesson.tensors()["image"]) == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("imgae[0,0] = 1", "there is no tensor 'imgae'; did you mean 'image'?"),
        ("image[9,9] = 1", "image[9,9] does not fit image, which is [1, 1, 5, 5]"),
        ("image[0,0] = five", 'received "five"'),
        ("feature_map[0,0] = 1", "'feature_map' is computed; only given tensors can be changed"),
        ("feature_map.strid = 2", "did you mean 'stride'?"),
        ("feature_map.stride = 0", "stride is 0"),
        ("feature_map.padding = -1", "padding"),
        ("kernel = [[1,2],[3]]", "received 1 number; the first has 2 numbers"),
        ("sed = 3", "did you mean 'seed'?"),
        ("image[0,0]", "write what is to change and its new value"),
        ("= 4", "write what is to change"),
        ("image[0,0] =", "write what is to change"),
        ("x" * 10_000, "may have 500 characters"),
        ("variants.x = 1", "a variant cannot change variants"),
        ("[[[[ = 1", "is no address"),
    ],
)
def test_what_does_not_fit_is_told_in_a_line_and_nothing_is_lost(edits: Edits, text: str, told: str) -> None:
    edits.make("image[0,0] = 5")
    with pytest.raises(StepgradError) as caught:
        edits.make(text)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "--set" not in str(caught.value)
    assert edits.settings == {"cells.image[0,0]": 5}
    assert feature_map(edits.lesson) == [[7, 1, 1], *BEFORE[1:]]


@given(st.lists(st.sampled_from(["make", "undo", "redo", "reset"]), max_size=30))
def test_undo_and_redo_are_a_walk_along_what_was_done(moves: list[str]) -> None:
    edits, states, at = Edits(SMALL), [0], 0
    for number, move in enumerate(moves, 1):
        if move == "make":
            edits.make(f"image[0,0] = {number}")
            states, at = [*states[: at + 1], number], at + 1
        elif move == "reset":
            if edits.reset():
                states, at = [*states[: at + 1], 0], at + 1
        else:
            edits.undo(1 if move == "undo" else -1)
            at = min(max(at + (-1 if move == "undo" else 1), 0), len(states) - 1)
        pixel = edits.lesson.tensors()["image"][0, 0, 0, 0]
        assert pixel == (states[at] or 1), moves[:number]


SMALL = open_lesson("edge-detection-5x5")


def test_saved_under_a_name_and_opened_again(edits: Edits, home: Path) -> None:
    edits.make("image[0,0] = 5")
    assert edits.unsaved
    path = edits.save("brighter")
    assert path == home / "data" / "scenarios" / "brighter.toml"
    assert not edits.unsaved
    assert feature_map(open_lesson(f"{path}:brighter")) == [[7, 1, 1], *BEFORE[1:]]
    edits.make("image[0,0] = 6")
    assert edits.unsaved


def test_saved_at_a_path(edits: Edits, tmp_path: Path) -> None:
    edits.make("feature_map.stride = 2")
    path = edits.save(str(tmp_path / "new" / "wide.toml"))
    assert feature_map(open_lesson(f"{path}:wide")) == [[3, 1], [2, 0]]


def test_a_name_that_is_taken_or_will_not_do(edits: Edits, tmp_path: Path) -> None:
    with pytest.raises(StepgradError, match="nothing was changed"):
        edits.save("mine")
    edits.make("image[0,0] = 5")
    path = edits.save(str(tmp_path / "mine.toml"))
    text = path.read_text("utf-8")
    for name, told in ((str(path), "is there already"), ("a b", "is no variant's name"), ("zero-sum", "zero-sum")):
        with pytest.raises(StepgradError, match=told):
            edits.save(name)
    assert path.read_text("utf-8") == text


def test_what_reads_files_beside_it_is_saved_beside_them_only(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("1,2\n3,4\n", "utf-8")
    file = tmp_path / "own.toml"
    file.write_text(
        'format_version = 1\ntitle = "t"\n[inputs]\nx = { file = "x.csv" }\n'
        '[[layers]]\nname = "y"\nop = "relu"\ninput = "x"\n',
        "utf-8",
    )
    edits = Edits(open_lesson(str(file)))
    edits.make("x[0,0] = -1")
    elsewhere = tmp_path / "elsewhere" / "own.toml"
    with pytest.raises(StepgradError, match="can not be read back"):
        edits.save(str(elsewhere))
    assert not elsewhere.exists()
    assert edits.save(str(tmp_path / "other.toml")).exists()
