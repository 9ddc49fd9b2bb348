"""MP4 (H.264), made by ffmpeg from pictures that are handed to it one after another."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from stepgrad.engine.errors import StepgradError
from stepgrad.tui.recording.ffmpeg import ffmpeg
from stepgrad.tui.recording.headless import Event
from stepgrad.tui.recording.picture import Canvas
from stepgrad.tui.recording.replay import Terminal, frames

RATE = 20
"""Pictures a second: one for every 50 ms, of which every beat is a multiple."""
QUALITY = "18"
"""The constant rate factor: letters without visible smear."""
THREADS = "4"
"""As many on every machine: the encoder's result depends on their number."""


class VideoError(StepgradError):
    """ffmpeg could not make the video."""


def write(path: Path, title: str, terminal: Terminal, events: Iterable[Event]) -> None:
    """The recording as a video at `path`."""
    program = ffmpeg()
    assert program is not None, "asked for before the recording starts"
    canvas = Canvas(terminal)
    command = [program, *_options(canvas.image.size, title), str(path)]
    # A session of its own: Ctrl+C ends the recording, and that ends ffmpeg.
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        assert process.stdin is not None
        try:
            for frame in frames(terminal, events):
                canvas.draw(frame.rows)
                picture = canvas.image.tobytes()
                for _ in range(_place(frame.end) - _place(frame.start)):
                    process.stdin.write(picture)
        except BrokenPipeError:
            pass  # ffmpeg has stopped, and says why
        _, said = process.communicate()
        if process.returncode:
            lines = said.decode(errors="replace").splitlines()
            raise VideoError(f"ffmpeg could not make the video: {lines[-1] if lines else 'it said nothing'}")
    finally:
        process.kill()
        process.wait()


def _place(time: int) -> int:
    """The number of the picture at a time in milliseconds."""
    return round(time * RATE / 1000)


def _options(size: tuple[int, int], title: str) -> list[str]:
    width, height = size
    return [
        *("-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{width}x{height}", "-framerate", str(RATE)),
        *("-i", "-", "-an"),
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"),
        *("-codec:v", "libx264", "-preset", "medium", "-tune", "stillimage", "-crf", QUALITY, "-pix_fmt", "yuv420p"),
        *("-threads", THREADS, "-x264-params", "cpu-independent=1", "-g", str(RATE * 5)),
        # No versions and no dates in the file.
        *("-flags:v", "+bitexact", "-fflags", "+bitexact", "-map_metadata", "-1", "-metadata", f"title={title}"),
        *("-movflags", "+faststart", "-f", "mp4"),
    ]
