"""`stepgrad record`: what it writes, and the one line it says where it can not."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from stepgrad.tui import cli
from stepgrad.tui.recording import formats
from stepgrad.tui.recording.aside import aside
from stepgrad.tui.recording.formats import FORMATS

NAME = "edge-detection-5x5"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command sets what Textual reads; a test must not leave that behind."""
    monkeypatch.setattr(os, "environ", os.environ.copy())


Said = Callable[..., str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """What the command says, and the exit code it must have."""

    def run(*words: object, code: int = 2) -> str:
        assert cli.main(["record", NAME, *map(str, words)]) == code
        out, err = capsys.readouterr()
        assert out == ""
        assert err.count("\n") <= 2
        return err

    return run


@pytest.mark.parametrize("ending", sorted(FORMATS.keys() - {".mp4"}))
def test_every_format_is_written(said: Said, tmp_path: Path, ending: str) -> None:
    target = tmp_path / f"lecture{ending}"
    line = said("-o", target, "--to", "feature_map[0,1]", code=0)
    assert line == f"wrote {target}, {target.stat().st_size:,} bytes\n"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


def test_an_unknown_ending_names_the_known_ones(said: Said, tmp_path: Path) -> None:
    line = said("-o", tmp_path / "lecture.gid")
    assert line.endswith(
        "write to a file that ends in .cast, .gif, .mp4, .svg, .png, .html, .md or .txt; did you mean '.gif'?\n"
    )


def test_a_missing_package_is_named_by_the_line_to_type(
    said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "find_spec", lambda _: None)
    assert 'python -m pip install "stepgrad[record]"' in said("-o", tmp_path / "lecture.gif")
    monkeypatch.setattr(formats, "ffmpeg", lambda: None)
    assert 'python -m pip install "stepgrad[video]"' in said("-o", tmp_path / "lecture.mp4")
    assert "wrote" in said("-o", tmp_path / "lecture.cast", "--to", "1", code=0)


def test_a_size_too_small_says_which_is_large_enough(said: Said, tmp_path: Path) -> None:
    line = said("-o", tmp_path / "lecture.cast", "--size", "40x10")
    assert line.startswith("stepgrad: --size 40x10: the ")
    assert line.endswith(" is large enough\n")


@pytest.mark.parametrize("size", ["100", "0x0", "9999x9999", "100x30x2", "x"])
def test_what_is_no_size_is_refused(said: Said, tmp_path: Path, size: str) -> None:
    assert "give " in said("-o", tmp_path / "lecture.cast", "--size", size)


@pytest.mark.parametrize("time", ["0", "-1", "1e9", "nan", "fast"])
def test_what_is_no_time_is_refused(said: Said, tmp_path: Path, time: str) -> None:
    assert "give seconds from 0.05 to 3600" in said("-o", tmp_path / "lecture.cast", f"--pace={time}")


def test_addresses_that_lead_nowhere(said: Said, tmp_path: Path) -> None:
    assert "does not fit feature_map" in said("-o", tmp_path / "a.cast", "--from", "feature_map[9,9]")
    assert "there is no tensor 'nothing'" in said("-o", tmp_path / "a.cast", "--to", "nothing")
    assert "nothing lies between" in said("-o", tmp_path / "a.cast", "--from", "5", "--to", "2")


def test_a_script_with_an_address_that_does_not_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = tmp_path / "wrong.toml"
    scenario.write_text(
        'format_version = 1\ntitle = "Wrong"\n[inputs]\nx = [1]\n[[layers]]\nname = "y"\nop = "relu"\n'
        '[[script]]\nat = "z[0]"\nsay = "There is no z."\n'
    )
    assert cli.main(["record", str(scenario), "-o", str(tmp_path / "wrong.cast")]) == 1
    assert "there is no tensor 'z'" in capsys.readouterr().err
    assert not (tmp_path / "wrong.cast").exists()


def test_places_where_nothing_can_be_written(said: Said, tmp_path: Path) -> None:
    assert "there is no folder" in said("-o", tmp_path / "none" / "lecture.cast")
    (tmp_path / "folder.cast").mkdir()
    assert "is a folder" in said("-o", tmp_path / "folder.cast")
    assert "%d stands for the number of a stop" in said("-o", tmp_path / "lecture-%d.gif")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden here")
def test_a_folder_that_is_closed(said: Said, tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    assert "no permission" in said("-o", tmp_path / "lecture.cast")


def test_permission_is_asked_before_anything_is_recorded(
    said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert said("-o", tmp_path / "lecture.cast").endswith("no permission to write there\n")


def test_a_training_of_years_is_refused_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "years.cast"
    assert cli.main(["record", "digits-cnn", "-o", str(target), "--pace", "0.5"]) == 2
    assert "more than 200,000 pictures" in capsys.readouterr().err


def test_a_full_disk_leaves_nothing_behind_and_names_the_file(tmp_path: Path) -> None:
    target = tmp_path / "lecture.cast"
    target.write_text("the old one")

    def fill() -> None:
        with aside(target) as path:
            path.write_text("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left") as fault:
        fill()
    assert fault.value.filename == str(target)
    assert target.read_text() == "the old one"
    assert [left.name for left in tmp_path.iterdir()] == ["lecture.cast"]


def test_what_is_whole_takes_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "lecture.cast"
    target.write_text("the old one")
    with aside(target) as path:
        path.write_text("the new one")
        assert target.read_text() == "the old one"
    assert target.read_text() == "the new one"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
@pytest.mark.parametrize(
    ("ending", "number"),
    [
        (".cast", signal.SIGINT),
        (".cast", signal.SIGTERM),
        *(pytest.param(slow, signal.SIGINT, marks=pytest.mark.slow) for slow in (".gif", ".mp4")),
        pytest.param(".mp4", signal.SIGTERM, marks=pytest.mark.slow),
    ],
)
def test_ctrl_c_and_a_kill_leave_no_half_file(tmp_path: Path, ending: str, number: signal.Signals) -> None:
    if ending == ".mp4":
        pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    target = tmp_path / f"long{ending}"
    words = ["record", "pytorch-training-loop", "-o", str(target), "--pace", "0.5"]
    started = subprocess.Popen(
        [sys.executable, "-m", "stepgrad", *words], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    part = tmp_path / f".long{ending}.part"
    waited = time.monotonic() + 60
    while not (part.exists() and part.stat().st_size):
        assert time.monotonic() < waited
        with suppress(subprocess.TimeoutExpired):
            started.wait(timeout=0.05)
            raise AssertionError(started.stderr and started.stderr.read())
    started.send_signal(number)
    _, err = started.communicate(timeout=20)
    assert (started.returncode, err) == (128 + number, "")
    assert list(tmp_path.iterdir()) == []
