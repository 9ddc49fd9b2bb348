"""A video, decoded by ffmpeg again: its pictures, its length, and captions that follow the narration."""

from __future__ import annotations

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from recorded import lecture, pictures, recording

from stepgrad.tui.recording import captions
from stepgrad.tui.recording.ffmpeg import ffmpeg
from stepgrad.tui.recording.formats import FORMATS
from stepgrad.tui.recording.video import RATE, VideoError, write

needs_ffmpeg = pytest.mark.skipif(ffmpeg() is None, reason="there is no ffmpeg")


def decoded(path: Path, size: tuple[int, int]) -> list[Image.Image]:
    """Every picture of a video."""
    program = ffmpeg()
    assert program is not None
    command = [program, "-loglevel", "error", "-i", str(path), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    length = size[0] * size[1] * 3
    return [Image.frombytes("RGB", size, raw[at : at + length]) for at in range(0, len(raw), length)]


@needs_ffmpeg
def test_every_picture_is_shown_for_its_time_and_can_be_read(tmp_path: Path) -> None:
    made = recording(last=4, idle=600)
    target = tmp_path / "lecture.mp4"
    assert [path.name for path in FORMATS[".mp4"].write(made, target)] == ["lecture.mp4", "lecture.vtt"]
    wanted = pictures(made)
    size = wanted[0][1].size
    assert all(side % 2 == 0 for side in size)
    shown = decoded(target, size)
    assert len(shown) == round(wanted[-1][0].end * RATE / 1000)
    for frame, picture in wanted:
        middle = (frame.start + frame.end) // 2 * RATE // 1000
        # Brightness is kept for every pixel, colour for every four: what can be read stays sharp.
        found, original = (np.asarray(image.convert("L"), dtype=float) for image in (shown[middle], picture))
        assert np.abs(found - original).mean() < 2
        assert np.abs(found - original).max() < 60


@needs_ffmpeg
def test_what_ffmpeg_refuses_is_one_line(tmp_path: Path) -> None:
    made = recording(last=1)
    with pytest.raises(VideoError, match=r"^ffmpeg could not make the video: [^\n]+$"):
        write(tmp_path / "no folder" / "lecture.mp4", "title", made.terminal(), made.events())


def test_captions_say_all_of_the_narration_while_it_is_shown() -> None:
    shown = lecture()
    head, *cues = "\n".join(captions.lines(shown)).strip().split("\n\n")
    assert head == "WEBVTT"
    times, texts = [], []
    for cue in cues:
        time, *text = cue.split("\n")
        found = re.fullmatch(r"(\d\d):(\d\d):(\d\d\.\d{3}) --> (\d\d):(\d\d):(\d\d\.\d{3})", time)
        assert found is not None
        hours, minutes, seconds = map(float, found.groups()[:3])
        times.append(3600 * hours + 60 * minutes + seconds)
        assert len(text) <= captions.HIGH
        texts += text
    assert all(before < after for before, after in pairwise(times))
    chapters = shown.chapters()
    assert " ".join(texts).split() == " ".join(f"{chapter.heading} {chapter.words}" for chapter in chapters).split()
    assert {chapter.start / 1000 for chapter in chapters} <= set(times)


def test_signs_of_the_format_are_written_so_that_they_are_read() -> None:
    assert captions.escaped("a < b & c --> d") == "a &lt; b &amp; c --&gt; d"
