"""asciicast: headers, times and markers as the format's own description has them; asciinema plays it."""

from __future__ import annotations

import json
import os
import shutil
import sys
from contextlib import closing, suppress
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from recorded import lecture, recording

from stepgrad.tui.recording.cast import lines
from stepgrad.tui.recording.formats import FORMATS
from stepgrad.tui.recording.recording import Recording


def cast(made: Recording, version: int) -> tuple[dict[str, Any], list[list[Any]]]:
    header, *events = map(json.loads, lines(made.header, made.events(), version))  # type: ignore[arg-type] # 2 or 3
    return header, events


def test_version_2_counts_from_the_start() -> None:
    header, events = cast(recording(), 2)
    assert (header["version"], header["width"], header["height"]) == (2, 80, 24)
    assert header["title"] == "Left-edge detection on a 5x5 image"
    assert header["theme"]["bg"] == "#0f1419"
    assert len(header["theme"]["palette"].split(":")) == 16
    assert "timestamp" not in header
    times = [time for time, _, _ in events]
    assert times[0] == 0
    assert times == sorted(times)


def test_version_3_counts_from_the_event_before() -> None:
    header, events = cast(recording(), 3)
    assert (header["version"], header["term"]["cols"], header["term"]["rows"]) == (3, 80, 24)
    _, counted = cast(recording(), 2)
    assert [round(time, 3) for time in accumulate(time for time, _, _ in events)] == [time for time, _, _ in counted]
    assert [event[1:] for event in events] == [event[1:] for event in counted]


def test_every_stop_has_a_marker_with_its_title_once_it_is_drawn() -> None:
    made = recording()
    _, events = cast(made, 2)
    markers = [(time, title) for time, code, title in events if code == "m"]
    assert markers == [(chapter.start / 1000, chapter.title) for chapter in made.lecture.chapters()]
    assert all(
        events[i - 1][0] == time and events[i - 1][1] == "o" for i, (time, code, _) in enumerate(events) if code == "m"
    )


def test_it_ends_when_the_lecture_does() -> None:
    made = recording()
    *_, last = made.lecture.moments()
    assert cast(made, 2)[1][-1] == [last.time / 1000, "o", ""]


def test_the_longest_pause_is_in_the_header() -> None:
    assert cast(recording(idle=1500), 2)[0]["idle_time_limit"] == 1.5
    assert "idle_time_limit" not in cast(recording(), 2)[0]


def test_a_recording_is_made_as_it_is_asked_for() -> None:
    told: list[int] = []
    made = Recording(lecture("pytorch-training-loop"), watch=told.append)
    with closing(made.events()) as events:
        assert [next(events).code, next(events).code] == ["o", "m"]
        assert told == [0, 0]


@pytest.mark.slow
def test_asciinema_plays_it(tmp_path: Path) -> None:
    ptyprocess = pytest.importorskip("ptyprocess")
    program = shutil.which("asciinema") or shutil.which("asciinema", path=os.path.dirname(sys.executable))
    if program is None:
        pytest.skip("asciinema is not installed")
    target = tmp_path / "lecture.cast"
    made = recording()
    list(FORMATS[".cast"].write(made, target))
    columns, rows = made.size
    player = ptyprocess.PtyProcessUnicode.spawn(
        [program, "play", "-s", "1000", str(target)], dimensions=(rows, columns)
    )
    played = made.terminal()
    with suppress(EOFError):
        while True:
            played.feed(player.read())
    wanted = made.terminal()
    for _, code, data in cast(made, 2)[1]:
        wanted.feed(data if code == "o" else "")
    assert player.wait() == 0
    assert played.text() == wanted.text()
