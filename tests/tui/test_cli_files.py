"""`list`, `tensors`, `check`, `new`, `doctor`: what they say and what they write."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from stepgrad import __version__
from stepgrad.engine.backend import Probe
from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.courses import courses
from stepgrad.tui.cli import main
from stepgrad.tui.memory import Memory

Output = pytest.CaptureFixture[str]
EDGE = "edge-detection-5x5"


def stdout(capsys: Output, *argv: str, code: int = 0) -> str:
    assert main(argv) == code
    return capsys.readouterr().out


def test_the_list_has_a_line_for_every_scenario(capsys: Output) -> None:
    lines, _, listed = stdout(capsys, "list").partition("\n\n")
    assert [line.split()[0] for line in lines.splitlines()] == [entry.name for entry in entries()]
    assert [line.split()[0] for line in listed.splitlines()[1:]] == [course.name for course in courses()]
    [edge] = [line for line in lines.splitlines() if line.startswith(f"{EDGE} ")]
    assert edge.split()[1] == "9"


def test_the_list_for_programs(capsys: Output) -> None:
    listed = {entry["name"]: entry for entry in json.loads(stdout(capsys, "list", "--json"))}
    edge = listed[EDGE]
    assert edge["steps"] == 9
    assert "convolution" in edge["topics"]
    assert Path(edge["path"]).is_file()
    assert {"title", "source", "summary", "variants"} <= edge.keys()
    assert listed["padding-choices"]["requires"] == ["same-padding-5x5"]
    assert edge["seen"] == 0


def test_the_list_of_courses_says_how_far_each_was_gone(capsys: Output) -> None:
    course = courses()[0]
    Memory().keep(course.lessons[0], notes=[2, 2])
    lines = stdout(capsys, "list", "--course").splitlines()
    assert len(lines) == len(courses())
    assert lines[0].startswith(f"{course.name} ")
    assert f" 1 of {len(course.lessons)}  {course.title} " in lines[0]
    assert lines[0].endswith(f" next: {course.lessons[1]}")


def test_the_list_of_a_course_has_its_lessons_in_order(capsys: Output) -> None:
    course = courses()[1]
    Memory().keep("edge-detection-5x5", notes=[2, 2])
    Memory().keep("mlp-forward", notes=[1, 5])
    text = stdout(capsys, "list", "--course", course.name)
    lines = text.splitlines()
    assert lines[:2] == [f"{course.title}: 1 of {len(course.lessons)} done", course.summary]
    assert [line for line in lines[2:] if line and line[0] != " "] == [part.title for part in course.parts]
    rows = {line[8:].split()[0]: line for line in lines[2:] if line[:1] == " "}
    assert tuple(rows) == course.lessons
    assert rows["edge-detection-5x5"].startswith("  done  ")
    assert rows["image-classifier"].startswith("  next  ")
    assert rows["mlp-forward"].startswith("   20%  ")
    assert rows["conv-vs-cross-correlation"].endswith("first: conv1d-full")
    assert "first:" not in rows["same-padding-5x5"], "that was seen"


def test_a_course_for_programs(capsys: Output) -> None:
    [found] = json.loads(stdout(capsys, "list", "--json", "--course", "computer-vision"))
    assert (found["name"], found["done"], found["next"]) == ("computer-vision", 0, "space-carving")
    assert found["parts"][0] == {
        "title": "Carving space",
        "lessons": [{"name": "space-carving", "seen": 0, "requires": []}],
    }
    every = json.loads(stdout(capsys, "list", "--course", "--json"))
    assert [each["name"] for each in every] == [course.name for course in courses()]


def test_a_course_that_nothing_is_called(capsys: Output) -> None:
    assert main(["list", "--course", "computer-visoin"]) == 2
    assert "there is no course 'computer-visoin'; did you mean 'computer-vision'?" in capsys.readouterr().err


def test_tensors_are_one_json_object_with_the_sources_in_it(capsys: Output) -> None:
    tensors = json.loads(stdout(capsys, "tensors", EDGE))
    assert list(tensors) == ["image", "kernel", "feature_map"]
    assert tensors["feature_map"] == [[[[3, 1, 1], [3, 0, 0], [2, 0, 0]]]]
    assert tensors["kernel"] == [[[[1, 0, 0]] * 3]]


def test_tensors_in_files_are_the_same(capsys: Output, tmp_path: Path) -> None:
    assert stdout(capsys, "tensors", EDGE, "-o", str(tmp_path / "t.json")) == ""
    assert stdout(capsys, "tensors", EDGE, "-o", str(tmp_path / "t.npz")) == ""
    read = json.loads((tmp_path / "t.json").read_text())
    with np.load(tmp_path / "t.npz") as archive:
        assert list(archive) == list(read)
        for name, array in archive.items():
            np.testing.assert_array_equal(array, np.asarray(read[name]))


def test_archives_hold_tensors_of_any_name_and_are_the_same_bytes_again(capsys: Output, tmp_path: Path) -> None:
    path = tmp_path / "names.toml"
    path.write_text(
        "format_version = 1\ntitle = 'x'\n[inputs]\nx = [[1.0, -inf]]\n[[layers]]\nname = 'file'\nop = 'relu'\n"
    )
    stdout(capsys, "tensors", str(path), "-o", str(tmp_path / "a.npz"))
    with zipfile.ZipFile(tmp_path / "a.npz") as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    with np.load(tmp_path / "a.npz") as archive:
        assert archive["file"].ravel().tolist() == [1, 0]
    tensors = json.loads(stdout(capsys, "tensors", str(path)))
    assert np.ravel(tensors["x"]).tolist() == ["1.0", "-inf"]


def test_check_reports_every_file_and_every_fault(capsys: Output, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(
        "format_version = 1\ntitle = 3\ncolour = 1\n[inputs]\nx = [1]\n[[layers]]\nname = 'y'\nop = 'rilu'\n"
    )
    out = stdout(capsys, "check", str(wrong), EDGE, str(tmp_path / "missing.toml"), str(tmp_path), code=1)
    assert f"{EDGE}: ok, 9 steps" in out
    assert f"{wrong}:2:" in out
    assert f"{wrong}:3:" in out
    assert "did you mean 'relu'?" in out
    assert "there is no such file" in out
    assert "is a folder" in out
    assert stdout(capsys, "check", EDGE).startswith(f"{EDGE}: ok")


def test_a_new_scenario_opens_at_once(capsys: Output, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    assert main(["new", str(tmp_path / "mine")]) == 0
    out, err = capsys.readouterr()
    assert not out
    assert err == f"wrote {path}; step through it with: stepgrad {path}\n"
    assert stdout(capsys, "check", str(path), f"{path}:reversed").count(": ok, ") == 2
    # The window over rows 0 and 1, columns 1 and 2 of the starter's image: dark, bright, dark, bright.
    assert "2  edges[0,1] = (0*-1) + (1*1) + (0*-1) + (1*1) = 2" in stdout(capsys, "print", str(path))


def test_new_leaves_what_is_there(capsys: Output, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("precious")
    assert main(["new", str(path)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert path.read_text() == "precious"


def test_new_from_a_scenario_is_a_copy(capsys: Output, tmp_path: Path) -> None:
    path = tmp_path / "copy.toml"
    assert main(["new", str(path), "--from", EDGE]) == 0
    [edge] = [entry for entry in entries() if entry.name == EDGE]
    schema, _, text = edge.path.read_text("utf-8").partition("\n")
    assert schema.startswith("#:schema")
    first, _, rest = path.read_text("utf-8").partition("\n")
    assert first == f"#:schema {(edge.path.parents[1] / 'schema.json').as_uri()}"
    assert rest == text
    assert main(["new", str(tmp_path / "other.toml"), "--from", "nowhere-at-all"]) == 2
    assert not (tmp_path / "other.toml").exists()
    capsys.readouterr()


def test_the_doctor_looks_at_everything(capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STEPGRAD_HOME", str(tmp_path))
    (tmp_path / "state").mkdir()
    probes = [Probe("cupy is installed", True, "module found"), Probe("cupy imports", False, "no library")]
    monkeypatch.setattr("stepgrad.tui.commands.doctor.cupy_probes", lambda: iter(probes))
    out = stdout(capsys, "doctor")
    found = {line[:28].strip(): line[28:] for line in out.splitlines()}
    assert found["stepgrad"] == __version__
    assert found["numpy"] == np.__version__
    assert found["cuda: cupy is installed"] == "ok: module found"
    assert found["cuda: cupy imports"] == "no: no library"
    assert found["terminal"].startswith("no: ")
    assert "x" in found["terminal size"]
    assert Path(found["catalogue"].split(" (")[0]).is_dir()
    assert found["remembered"] == str(tmp_path / "state")
    assert found["saved"] == f"{tmp_path / 'data'} (nothing there yet)"
