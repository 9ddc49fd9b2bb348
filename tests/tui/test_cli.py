"""The command line: verbs, shorthands, exit codes, and one line for every mistake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from stepgrad.engine.backend import DEVICES
from stepgrad.engine.graph import PHASES
from stepgrad.engine.timeline import Level
from stepgrad.tui import arguments
from stepgrad.tui.cli import main
from stepgrad.tui.themes import THEMES

Output = pytest.CaptureFixture[str]
EDGE = "edge-detection-5x5"


def fails(capsys: Output, code: int, *argv: str) -> str:
    """The one line on stderr of a command that fails with `code`."""
    assert main(argv) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.strip()


def test_the_words_are_those_of_the_engine_and_the_player() -> None:
    assert get_args(Level) == arguments.LEVELS
    assert PHASES == arguments.PHASES
    assert DEVICES == arguments.DEVICES
    assert tuple(THEMES) == arguments.THEMES


def test_help_names_every_verb_that_works_and_no_other(capsys: Output) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out.split("commands:")[1]
    assert [line.split()[0] for line in listed.splitlines() if re.match(" {4}[a-z]", line)] == list(arguments.VERBS)


@pytest.mark.parametrize("verb", arguments.VERBS)
def test_every_verb_explains_itself(capsys: Output, verb: str) -> None:
    assert main([verb, "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"usage: stepgrad {verb} ")
    assert not err


def test_version(capsys: Output) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("stepgrad 0.")


@pytest.mark.parametrize("argv", [[EDGE], ["run", EDGE], ["--level", "cell", EDGE]])
def test_a_name_alone_means_run_which_prints_where_there_is_no_screen(capsys: Output, argv: list[str]) -> None:
    assert main(argv) == 0
    out, err = capsys.readouterr()
    assert "9  feature_map[2,2] = " in out
    assert not err


def test_run_prints_from_an_address_on(capsys: Output) -> None:
    assert main([EDGE, "--at", "feature_map[2,1]"]) == 0
    out = capsys.readouterr().out
    assert "8  feature_map[2,1]" in out
    assert "7  feature_map[2,0]" not in out


def test_nothing_at_all_lists_the_catalogue_where_there_is_no_screen(capsys: Output) -> None:
    assert main([]) == 0
    assert EDGE in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["edge-detection-5x"], f"no scenario 'edge-detection-5x', and no file of that name; did you mean '{EDGE}'?"),
        (["nothing-like-it"], "`stepgrad list` names them all"),
        (["prnt"], "there is no scenario 'prnt', and no file of that name"),
        (["prnt", "x"], "stepgrad run does not take 'x'"),
        (["dotcor"], "did you mean the command 'doctor'?"),
        (["--plain"], "required: NAME; see stepgrad run --help"),
        (["print", EDGE, "--levl", "term"], "stepgrad print does not take '--levl'; did you mean '--level'?"),
        (["--verison"], "did you mean '--version'?"),
        (["print"], "the following arguments are required: NAME"),
        (["print", EDGE, "more"], "stepgrad print does not take 'more'"),
        (["print", EDGE, "--level", "tensr"], "no level 'tensr'; give iteration, phase"),
        (["print", EDGE, "--level", "tensr"], "did you mean 'tensor'?"),
        (["print", EDGE, "--format", "xml"], "no format 'xml'; give text, jsonl, md, latex or torch"),
        (["print", EDGE, "--phase", "backward"], "this scenario has only forward"),
        (["print", EDGE, "--from", "feature_mop"], "did you mean 'feature_map'?"),
        (["print", EDGE, "--from", "image"], "'image' is given, not computed"),
        (["print", EDGE, "--from", "feature_map[3,0]"], "does not fit feature_map, which is [1, 1, 3, 3]"),
        (["print", EDGE, "--from", "]["], "'][' is no address"),
        (["print", EDGE, "--from", "10"], "there is no step 10; steps run from 1 to 9"),
        (["print", EDGE, "--from", "0"], "there is no step 0"),
        (["print", EDGE, "--from", "9" * 50], "steps run from 1 to 9"),
        (["print", EDGE, "--from", "9" * 5000], "...' is no address"),
        (["print", EDGE, "--from", f"feature_map[{'9' * 5000}]"], "...' is no address"),
        (["print", EDGE, "--from", f"@{'9' * 50}"], "is no address"),
        (["print", EDGE, "--from", "@1"], "no iteration 1"),
        (["print", EDGE, "--from", "5", "--to", "4"], "--from 5 comes after --to 4"),
        (["run", EDGE, "--plain", "--at", "nowhere"], "no tensor 'nowhere'"),
        (["tensors", EDGE, "--iteration", "1"], "iterations run from 0 to 0"),
        (["tensors", EDGE, "--iteration", "-1"], "--iteration"),
        (["tensors", EDGE, "--iteration", "9" * 5000], "is no whole number"),
        (["tensors", EDGE, "-o", "out.csv"], "ends in .json or .npz"),
        (["print", EDGE, "--seed", "x"], "'x' is no whole number"),
        (["print", EDGE, "--set", "stride"], "'stride' is no setting; write KEY=VALUE"),
        (["run", EDGE, "--device", "gpu"], "no device 'gpu'"),
        (["run", EDGE, "--theme", "drak"], "give dark, light, high-contrast or colour-blind; did you mean 'dark'?"),
        (["run", EDGE, "--theme", "color-blind"], "no theme 'color-blind'; give dark, light"),
        (["record", EDGE, "-o", "x.cast", "--theme", "color-blind"], "did you mean 'colour-blind'?"),
        (["completion", "bsh"], "did you mean 'bash'?"),
        (["check"], "required: FILE"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_a_command_line_that_cannot_be_carried_out_says_why_in_one_line(
    capsys: Output, argv: list[str], said: str
) -> None:
    assert said in fails(capsys, 2, *argv)


@pytest.mark.parametrize("verb", ["print", "run", "tensors"])
def test_a_file_that_is_not_there_and_a_folder_are_usage_errors(capsys: Output, tmp_path: Path, verb: str) -> None:
    assert "there is no such file" in fails(capsys, 2, verb, str(tmp_path / "missing.toml"))
    assert "is a folder" in fails(capsys, 2, verb, str(tmp_path))


def test_a_file_that_is_no_scenario_is_told_so(capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.onnx").touch()
    (tmp_path / "net.json").touch()
    for name in ("net.onnx", "./net.onnx"):
        assert f"{name} is a model; `stepgrad import {name}` makes a scenario of it" in fails(capsys, 2, "run", name)
    assert "the file 'net.json' is no scenario: its name does not end in .toml" in fails(capsys, 2, "run", "net.json")


BROKEN = {
    "empty": b"",
    "binary": bytes(range(256)),
    "not-toml": b"title = \n",
    "unclosed": b"[inputs]\nx = [1, 2\n",
    "huge-number": b"format_version = 1\ntitle = 'x'\n[inputs]\nx = [1" + b"0" * 5000 + b"]\n",
    "wrong-type": b"format_version = 1\ntitle = 3\n",
    "newer": b"format_version = 99\ntitle = 'x'\n",
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("verb", ["print", "run", "tensors"])
def test_a_scenario_that_is_wrong_is_said_to_be_in_lines_that_say_where(
    capsys: Output, tmp_path: Path, verb: str, name: str
) -> None:
    path = tmp_path / f"{name}.toml"
    path.write_bytes(BROKEN[name])
    assert main([verb, str(path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert all(path.name in line for line in err.splitlines())
    assert "Traceback" not in err


def test_a_shape_that_does_not_fit_names_both_shapes(capsys: Output) -> None:
    assert main(["print", EDGE, "--set", "parameters.kernel=[[1,2,3,4,5,6]]"]) == 1
    err = capsys.readouterr().err
    assert "1x6" in err
    assert "5x5" in err


def test_a_device_that_is_not_there_says_what_it_lacks(capsys: Output) -> None:
    pytest.importorskip("numpy")
    from stepgrad.engine.backend import cupy_probes

    if all(probe.passed for probe in cupy_probes()):
        pytest.skip("this machine has a CUDA device")
    assert "device cuda cannot be used" in fails(capsys, 1, "print", EDGE, "--device", "cuda")


def test_a_file_that_cannot_be_written_is_named(capsys: Output, tmp_path: Path) -> None:
    target = str(tmp_path / "nowhere" / "t.json")
    assert f"{target}: No such file or directory" in fails(capsys, 1, "tensors", EDGE, "-o", target)


def test_ctrl_c_is_130(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    # The list comes first: imported afterwards, it would keep what stood in the catalogue's place.
    monkeypatch.setattr("stepgrad.tui.commands.list.entries", interrupted)
    monkeypatch.setattr("stepgrad.scenarios.catalogue.entries", interrupted)
    assert main(["list"]) == 130
    assert capsys.readouterr() == ("", "")


def test_settings_replace_keys_and_the_last_one_holds(capsys: Output) -> None:
    assert main(["print", EDGE, "--set", "layers.0.stride=1", "--set", "layers.feature_map.stride=2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" = ")[0] for line in lines if line[:1].isdigit()][-1] == "4  feature_map[1,1]"
