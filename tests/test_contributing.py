"""What CONTRIBUTING says is so: its op is an op, and its parts of a lesson make one."""

from __future__ import annotations

import re
import textwrap
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from stepgrad.engine import ops
from stepgrad.engine.op import Op
from stepgrad.scenarios.check import check
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.template import starting
from stepgrad.tui.fitting import Fitting

TEXT = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", TEXT, re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(body) for _, body in found]


def test_the_op_is_all_of_an_op(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (op,) = blocks("python")
    (tmp_path / "square.py").write_text(op, "utf-8")
    head = 'format_version = 1\ntitle = "t"\ninputs.x = [[-1.5, 0, 2]]\n'
    layers = '[[layers]]\nname = "y"\nop = "square"\n[loss]\nop = "sum"\ngradients = ["x"]\n'
    (tmp_path / "s.toml").write_text(head + layers, "utf-8")
    monkeypatch.setattr(ops, "__path__", [*ops.__path__, str(tmp_path)])
    monkeypatch.setattr(Op, "registry", dict(Op.registry))
    import_module("stepgrad.engine.ops.square")
    lesson = open_lesson(str(tmp_path / "s.toml"))
    np.testing.assert_array_equal(lesson.tensors()["y"], [[2.25, 0, 4]])
    np.testing.assert_array_equal(lesson.tensors()["x.grad"], [[-3, 0, 4]])
    assert lesson.step(0).arithmetic() == "-1.5*-1.5 = 2.25"


def test_the_parts_of_a_lesson_make_one(tmp_path: Path) -> None:
    stop, variant, drill = blocks("toml")
    text = starting()
    at = text.index('[[script]]\nat = ":end"')
    text = f"{text[:at]}{stop}\n{text[at:]}\n{variant}\n{drill}"
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    report = check(str(path), Fitting())
    assert [str(fault) for fault in report.faults] == []
    assert report.variants == ("reversed", "wide")
    lesson = open_lesson(str(path))
    assert [lesson.say(each) for each in lesson.stops][2].startswith("Here the left column counts against: **-")


def test_every_verb_option_and_key_that_it_names_is_there() -> None:
    from stepgrad.tui.actions import ACTIONS
    from stepgrad.tui.arguments import HIDDEN, VERBS, parser, verbs_of

    verbs = verbs_of(parser())
    for line in re.findall(r"`stepgrad ([^`]+)`", TEXT):
        word = line.split()[0]
        assert word in VERBS or word.endswith(".toml") or word.startswith("--")
        known = verbs.get(word, verbs["run"]).options
        assert set(re.findall(r"(?<!\S)--[a-z-]+", line)) <= {*known, "--help"}
    assert {"e", "H", "S"} <= {key for action in ACTIONS for key in action.keys}
    assert all(f"`{word}`" in TEXT or f"--hide {word}" in TEXT for word in HIDDEN)
