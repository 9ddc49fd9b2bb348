"""The same lecture is the same bytes: twice in one process, and in another one with other wishes in its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from recorded import recording

from stepgrad.tui.recording.formats import FORMATS

ENDINGS = sorted(FORMATS.keys() - {".mp4"})

SCRIPT = """
import sys
from pathlib import Path
from recorded import recording
from stepgrad.tui.recording.formats import FORMATS
for ending in sys.argv[2:]:
    list(FORMATS[ending].write(recording(last=3), Path(sys.argv[1]) / f"lecture{ending}"))
"""


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def recorded(folder: Path, endings: list[str]) -> dict[str, str]:
    folder.mkdir()
    for ending in endings:
        list(FORMATS[ending].write(recording(last=3), folder / f"lecture{ending}"))
    return digests(folder)


def recorded_elsewhere(folder: Path, endings: list[str], **wishes: str) -> dict[str, str]:
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **wishes}
    command = [sys.executable, "-c", SCRIPT, str(folder), *endings]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return digests(folder)


def test_every_format_is_the_same_bytes_again(tmp_path: Path) -> None:
    first = recorded(tmp_path / "first", ENDINGS)
    assert len(first) == len(ENDINGS)
    assert recorded(tmp_path / "second", ENDINGS) == first
    wishes = {
        "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "40", "LINES": "10", "LANG": "C", "TZ": "Asia/Tokyo",
        "PYTHONHASHSEED": "7", "TEXTUAL_FPS": "15", "COLORTERM": "",
    }  # fmt: skip
    assert recorded_elsewhere(tmp_path / "third", ENDINGS, **wishes) == first


@pytest.mark.slow
def test_a_video_is_the_same_bytes_again(tmp_path: Path) -> None:
    pytest.importorskip("imageio_ffmpeg", reason="the extra video is not installed")
    first = recorded(tmp_path / "first", [".mp4"])
    assert set(first) == {"lecture.mp4", "lecture.vtt"}
    assert recorded_elsewhere(tmp_path / "second", [".mp4"], PYTHONHASHSEED="7") == first
