"""Numbers of tensors: literals, pasted text, files beside the scenario, initialisers."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from written import HEAD, faults, opened

from stepgrad.engine.op import Initial
from stepgrad.scenarios import limits
from stepgrad.scenarios.arrays import ArrayError, array, default
from stepgrad.scenarios.given import FileTable

READ = HEAD + 'inputs.x = {}\n[[layers]]\nname = "y"\nop = "relu"\n'


def x(folder: Path, given: str) -> np.ndarray:
    return opened(folder, READ.format(given)).tensors()["x"]


def refused(folder: Path, given: str) -> str:
    (fault,) = faults(folder, READ.format(given))
    return fault.partition(": ")[2]


@pytest.mark.parametrize("name", ["a.npy", "a.csv", "a.txt", "sub/a.csv"])
def test_a_file_beside_the_scenario(tmp_path: Path, name: str) -> None:
    (tmp_path / "sub").mkdir()
    if name.endswith(".npy"):
        np.save(tmp_path / name, np.array([[1, 2], [3, 4]], "uint8"))
    else:
        (tmp_path / name).write_text("# two rows\n1, 2\n3, 4\n")
    assert x(tmp_path, f'{{ file = "{name}" }}').tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("none.csv", "there is no file 'none.csv' beside the scenario"),
        ("../secret.csv", "'../secret.csv' leads out of the scenario's folder; put the file beside the scenario"),
        ("sub/../../secret.csv", "'sub/../../secret.csv' leads out of the scenario's folder; put the file beside"),
        ("sub", "'sub' ends in ''; give a .npy, .csv or .txt file"),
        ("a.pkl", "'a.pkl' ends in '.pkl'; give a .npy, .csv or .txt file"),
        ("s.toml", "'s.toml' ends in '.toml'; give a .npy, .csv or .txt file"),
        ("folder.csv", "there is no file 'folder.csv' beside the scenario"),
        ("word.csv", "'word.csv' cannot be read: line 1: 'one' is no number"),
        ("empty.csv", "'empty.csv' cannot be read: there are no numbers in it"),
        ("ragged.csv", "'ragged.csv' cannot be read: [1] received 1 number; the first has 2 numbers"),
        ("a\\u0000b.csv", "the sign U+0000 shows nothing"),
        ("wrod.csv", "there is no file 'wrod.csv' beside the scenario; did you mean 'word.csv'?"),
    ],
)
def test_what_is_no_readable_file_of_the_folder(tmp_path: Path, name: str, message: str) -> None:
    inside = tmp_path / "scenario"
    (inside / "folder.csv").mkdir(parents=True)
    (inside / "sub").mkdir()
    (tmp_path / "secret.csv").write_text("1")
    (inside / "word.csv").write_text("one, two")
    (inside / "empty.csv").write_text("\n")
    (inside / "ragged.csv").write_text("1,2\n3\n")
    assert message in refused(inside, f'{{ file = "{name}" }}')


def test_an_absolute_path_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("1")
    (tmp_path / "scenario").mkdir()
    found = refused(tmp_path / "scenario", f"{{ file = '{tmp_path / 'secret.csv'}' }}")
    assert "leads out of the scenario's folder" in found


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege there")
def test_a_link_leads_out_no_more_than_a_path(tmp_path: Path) -> None:
    inside = tmp_path / "scenario"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("1")
    (inside / "link.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "up").symlink_to(tmp_path)
    for name in ("link.csv", "up/secret.csv"):
        assert "leads out of the scenario's folder" in refused(inside, f'{{ file = "{name}" }}')


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert "there is no file 'pipe.csv'" in refused(tmp_path, '{ file = "pipe.csv" }')


def test_a_pickle_is_not_run(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object))
    assert "it holds object, not numbers" in refused(tmp_path, '{ file = "a.npy" }')


def test_a_header_that_claims_more_than_there_is(tmp_path: Path) -> None:
    """A file of a hundred bytes that says it holds four hundred million numbers."""
    for shape, message in (((20000, 20000), "its shape is"), ((1000, 1000), "it is cut short"), ((0,), "its shape is")):
        with (tmp_path / "a.npy").open("wb") as file:
            np.lib.format.write_array_header_1_0(file, {"descr": "<f8", "fortran_order": False, "shape": shape})
        assert message in refused(tmp_path, '{ file = "a.npy" }')


def test_what_is_no_npy_file(tmp_path: Path) -> None:
    (tmp_path / "a.npy").write_bytes(b"not one of those")
    assert "'a.npy' cannot be read: " in refused(tmp_path, '{ file = "a.npy" }')


def test_a_file_may_have_so_many_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DATA_BYTES", 3)
    (tmp_path / "a.csv").write_text("1, 2")
    with pytest.raises(ArrayError, match=r"'a\.csv' has 4 bytes; at most 3 are read"):
        array(FileTable(file="a.csv"), "x", 0, tmp_path)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('{ init = "zeros", shape = [2, 2] }', [[0, 0], [0, 0]]),
        ('{ init = "ones", shape = [3] }', [1, 1, 1]),
        ('{ init = "full", shape = [2], value = 2.5 }', [2.5, 2.5]),
        ('{ init = "arange", shape = [2, 2], start = 1, step = 2 }', [[1, 3], [5, 7]]),
        ("'''\n1 0\n0 1\n'''", [[1, 0], [0, 1]]),
        ("3", 3),
    ],
)
def test_numbers_made_by_a_rule(tmp_path: Path, given: str, expected: object) -> None:
    assert x(tmp_path, given).tolist() == expected


def test_random_numbers_follow_the_seed_and_the_name_alone(tmp_path: Path) -> None:
    drawn = {}
    for seed, other in ((0, ""), (0, "inputs.a = { init = 'normal', shape = [9] }\n"), (1, "")):
        text = HEAD + f"seed = {seed}\n{other}inputs.x = {{ init = 'normal', shape = [1000], mean = 5, std = 2 }}\n"
        lesson = opened(tmp_path, text + '[[layers]]\nname = "y"\nop = "relu"\ninput = "x"\n')
        drawn[seed, other] = lesson.tensors()["x"]
    first, beside, reseeded = drawn.values()
    assert np.array_equal(first, beside)
    assert not np.array_equal(first, reseeded)
    assert first.mean() == pytest.approx(5, abs=0.2)
    assert first.std() == pytest.approx(2, abs=0.2)


def test_uniform_numbers_keep_within_their_bounds(tmp_path: Path) -> None:
    drawn = x(tmp_path, '{ init = "uniform", shape = [1000], low = -2, high = 3 }')
    assert drawn.min() == pytest.approx(-2, abs=0.1)
    assert drawn.max() == pytest.approx(3, abs=0.1)


def test_too_many_numbers_are_refused_before_they_are_made(tmp_path: Path) -> None:
    message = refused(tmp_path, '{ init = "normal", shape = [60000, 60000] }')
    assert "[60000, 60000] has 3,600,000,000 numbers; at most 67,108,864 fit" in message
    with pytest.raises(ArrayError, match="at most"):
        default(Initial((10**6, 10**6), -1, 1), "w", 0)


def test_a_layer_that_would_write_too_much(tmp_path: Path) -> None:
    text = HEAD + 'inputs.x = [[1]]\n[[layers]]\nname = "y"\nop = "conv2d"\nweight = [[1]]\npadding = [4000, 4096]\n'
    assert faults(tmp_path, text + "dilation = 1\n") == []
    wide = text.replace("inputs.x = [[1]]", "inputs.x = { init = 'ones', shape = [1, 3000] }")
    assert faults(tmp_path, wide) == [
        "4:1: layers.y: 'y' would be float64[1,1,8001,11192]; at most 67,108,864 numbers fit"
    ]


def test_a_batch_of_a_data_set_that_is_not_there(tmp_path: Path) -> None:
    assert "there is no data set 'nist'" in refused(tmp_path, '{ data = "nist", batch = 8 }')


def test_pytorchs_start_of_a_convolution(tmp_path: Path) -> None:
    """Uniform within 1/sqrt(fan in), here sqrt(1/(3*5*5)), as in torch.nn.Conv2d. Source: its documentation."""
    text = HEAD + (
        "inputs.x = { init = 'ones', shape = [3, 8, 8] }\n"
        '[[layers]]\nname = "c"\nop = "conv2d"\nout_channels = 64\nkernel_size = 5\nbias = true\n'
    )
    tensors = opened(tmp_path, text).tensors()
    bound = 1 / math.sqrt(3 * 5 * 5)
    assert tensors["c.weight"].shape == (64, 3, 5, 5)
    assert tensors["c.bias"].shape == (64,)
    assert np.abs(tensors["c.weight"]).max() == pytest.approx(bound, rel=0.01)
    assert tensors["c.weight"].std() == pytest.approx(bound / math.sqrt(3), rel=0.03)
    assert np.abs(tensors["c.bias"]).max() <= bound
    again = opened(tmp_path, text.replace("bias = true\n", "")).tensors()
    assert np.array_equal(tensors["c.weight"], again["c.weight"])
    assert "c.bias" not in again


def test_an_initialiser_of_a_parameter_knows_its_size(tmp_path: Path) -> None:
    text = HEAD + (
        "inputs.x = [[1, 2], [3, 4]]\n"
        '[[layers]]\nname = "c"\nop = "conv2d"\nout_channels = 2\nkernel_size = 2\n'
        "weight = { init = 'ones' }\nbias = { init = 'full', value = 5 }\n"
    )
    assert opened(tmp_path, text).tensors()["c"].tolist() == [[[[15]], [[15]]]]
