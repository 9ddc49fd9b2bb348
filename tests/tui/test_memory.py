"""What is remembered from run to run, whatever has become of the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stepgrad.tui import memory
from stepgrad.tui.memory import FILE, LESSONS, Memory


def test_a_lesson_is_remembered_and_forgotten_value_by_value(tmp_path: Path) -> None:
    Memory(tmp_path).keep("edge", at="feature_map[0,0]", step=1, of=9)
    Memory(tmp_path).keep("edge", at=None, step=9)
    found = Memory(tmp_path).lesson("edge")
    assert found.pop("opened") > 0
    assert found == {"step": 9, "of": 9}
    assert Memory(tmp_path).lesson("other") == {}


def test_the_latest_comes_first_and_the_oldest_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter(range(1, LESSONS + 10))
    monkeypatch.setattr(memory.time, "time", lambda: float(next(now)))
    kept = Memory(tmp_path)
    many = {"greeted": True, "lessons": {f"lesson{i}": {"opened": -i} for i in range(LESSONS)}}
    (tmp_path / FILE).write_text(json.dumps(many), "utf-8")
    for name in ("a", "b", "a"):
        kept.keep(name, step=1)
    assert list(kept.lessons())[:3] == ["a", "b", "lesson0"]
    assert len(kept.lessons()) == LESSONS
    assert f"lesson{LESSONS - 1}" not in kept.lessons()


def test_somebody_is_greeted_once(tmp_path: Path) -> None:
    kept = Memory(tmp_path)
    assert [kept.greet() for _ in range(3)] == [True, False, False]
    kept.keep("edge", step=1)
    assert not Memory(tmp_path).greet()


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"lessons": 3}', '{"lessons": {"edge": 3}}', "\x00", "[" * 100_000]
)
def test_a_file_that_can_not_be_read_is_done_without(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    kept = Memory(tmp_path)
    assert kept.lessons() == {}
    kept.keep("edge", step=1)
    assert kept.lesson("edge")["step"] == 1


def test_where_nothing_can_be_written_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    kept = Memory(tmp_path / "file")
    kept.keep("edge", step=1)
    assert kept.lesson("edge") == {}


def test_it_lives_where_a_user_s_files_do(home: Path) -> None:
    Memory().keep("edge", step=1)
    assert [path.name for path in (home / "state").iterdir()] == [FILE], "nothing else is left there"
