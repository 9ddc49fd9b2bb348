"""`stepgrad import`: what it writes, what it says, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from onnx_models import drawn, network, saved

from stepgrad.tui.cli import main

onnx = pytest.importorskip("onnx", reason="onnx is not installed")
node = onnx.helper.make_node

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small model in the folder that is worked in."""
    monkeypatch.chdir(tmp_path)
    nodes = [
        node("Conv", ["x", "w", "b"], ["a"], name="/conv/Conv"),
        node("Identity", ["a"], ["k"], name="same"),
        node("Relu", ["k"], ["y"], name="/Relu"),
    ]
    weights = {"w": drawn(2, 1, 2, 2), "b": drawn(2)}
    return saved(network(nodes, {"x": ["N", 1, 3, 3]}, weights), tmp_path, "net.v2.onnx")


def said(capsys: Output, *argv: str, code: int = 0) -> str:
    assert main(["import", *argv]) == code
    out, err = capsys.readouterr()
    assert out == ""
    return err


def written() -> set[str]:
    return {path.name for path in Path().rglob("*")} - {"net.v2.onnx"}


def test_it_writes_a_scenario_and_its_numbers_and_says_how_to_open_it(capsys: Output) -> None:
    assert said(capsys, "net.v2.onnx").splitlines() == [
        "wrote net_v2.toml, its numbers in net_v2-numbers (2 files)",
        "2 layers, 10 parameters, 16 steps",
        "input: x [1, 1, 3, 3], drawn from the seed",
        "left out, as they pass on what they read: Identity (same)",
        "step through it with: stepgrad net_v2.toml",
    ]
    assert written() == {"net_v2.toml", "net_v2-numbers", "conv.weight.npy", "conv.bias.npy"}
    assert main(["check", "net_v2.toml"]) == 0
    assert main(["print", "net_v2.toml", "--to", "conv[0,0,0]"]) == 0
    assert "conv[0,0,0] = " in capsys.readouterr().out


def test_what_is_fed_lies_beside_the_weights(capsys: Output) -> None:
    np.save("x.npy", np.arange(9).reshape(1, 1, 3, 3))
    assert "input: x [1, 1, 3, 3], as given" in said(capsys, "net.v2.onnx", "--input", "x.npy", "-o", "own")
    assert main(["tensors", "own.toml", "-o", "all.npz"]) == 0
    np.testing.assert_array_equal(np.load("all.npz")["x"].ravel(), np.arange(9))
    assert np.load("own-numbers/x.npy").dtype == np.float32


def test_it_works_from_another_folder(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("made").mkdir()
    assert 'stepgrad "made/my own.toml"' in said(capsys, "net.v2.onnx", "-o", "made/my own.toml")
    monkeypatch.chdir("made")
    assert main(["check", "my own.toml"]) == 0


@pytest.mark.parametrize("there", ["mine.toml", "mine-numbers"])
def test_what_is_there_is_left_as_it_is(there: str, capsys: Output) -> None:
    Path(there).write_text("precious")
    assert said(capsys, "net.v2.onnx", "-o", "mine.toml", code=2) == (
        f"stepgrad: {there}: exists already, and is left as it is; give another name with -o FILE.toml\n"
    )
    assert Path(there).read_text() == "precious"
    assert written() == {there}


def test_nothing_is_written_where_something_is_wrong(capsys: Output, tmp_path: Path) -> None:
    saved(network([node("Gelu", ["x"], ["y"], name="g")], {"x": [2]}), tmp_path, "net.v2.onnx")
    line = said(capsys, "net.v2.onnx", code=1)
    assert line.startswith("stepgrad: net.v2.onnx: there is no op for Gelu 1 (g")
    assert line.endswith("; nothing was written\n")
    assert line.count("\n") == 1
    assert not written()


def test_nothing_half_written_stays(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "conv.weight.npy")

    monkeypatch.setattr(np, "save", full)
    assert said(capsys, "net.v2.onnx", code=1) == "stepgrad: conv.weight.npy: No space left on device\n"
    assert not written()


class Pickled:
    """What runs when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("ran"),)  # type: ignore[return-value] # what matters is that it would run


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file; give a .npy"),
        (b"1,2,3", "is no .npy file that fits: "),
        (b"", "is no .npy file that fits: "),
        (np.array([1 + 2j]), "is no .npy file that fits: it holds complex128, not numbers"),
        (np.array(["a"]), "is no .npy file that fits: it holds <U1, not numbers"),
        (np.array([Pickled()]), "is no .npy file that fits: it holds object, not numbers"),
    ],
    ids=["none", "text", "empty", "complex", "letters", "pickled"],
)
def test_an_input_that_can_not_be_read(content: object, message: str, capsys: Output) -> None:
    if isinstance(content, bytes):
        Path("x.npy").write_bytes(content)
    elif content is not None:
        np.save("x.npy", content, allow_pickle=True)  # type: ignore[arg-type] # an array
    line = said(capsys, "net.v2.onnx", "--input", "x.npy", code=2)
    assert line.startswith(f"stepgrad: --input x.npy: {message}")
    assert line.count("\n") == 1
    assert written() <= {"x.npy"}


def test_an_input_of_another_shape(capsys: Output) -> None:
    np.save("x.npy", drawn(1, 2, 3, 3))
    line = said(capsys, "net.v2.onnx", "--input", "x.npy", code=1)
    assert line == "stepgrad: net.v2.onnx: the input 'x' is float32[N,1,3,3]; received [1, 2, 3, 3]\n"


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["net.v2.onnx", "-o", "x.yaml"], "-o x.yaml: a scenario is a TOML file; give it a name that ends in .toml"),
        ([], "the following arguments are required: MODEL.onnx; see stepgrad import --help"),
        (["net.v2.onnx", "--inptu", "x"], "stepgrad import does not take '--inptu'; did you mean '--input'?"),
    ],
)
def test_a_command_line_that_can_not_be_carried_out(argv: list[str], message: str, capsys: Output) -> None:
    assert said(capsys, *argv, code=2) == f"stepgrad: {message}\n"
    assert not written()
