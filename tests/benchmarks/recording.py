"""How fast lectures are recorded, and what memory that takes.

python tests/benchmarks/recording.py

Must: 200 recorded steps a second to .cast, a GIF of 100 steps in 10 s, an MP4 in no longer than it plays. Beside the
time somebody waits stands the processor's own, which other work on the machine hardly changes (without that of ffmpeg).
"""

from __future__ import annotations

import os

os.environ["TEXTUAL_FPS"] = "1000"

import resource
import tempfile
import time
from pathlib import Path

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.recording.formats import FORMATS
from stepgrad.tui.recording.lecture import Lecture
from stepgrad.tui.recording.recording import Recording

LESSON = "pytorch-training-loop"
PACE = 500


def recorded(ending: str, steps: int) -> tuple[float, float, int, float]:
    """Seconds it took, seconds of the processor, bytes it is, seconds it plays."""
    lecture = Lecture(open_lesson(LESSON), 0, steps, pace=PACE, idle=PACE)
    *_, end = lecture.moments()
    with tempfile.TemporaryDirectory() as folder:
        start, worked = time.perf_counter(), time.process_time()
        target, *_ = FORMATS[ending].write(Recording(lecture), Path(folder) / f"lecture{ending}")
        took = time.perf_counter() - start, time.process_time() - worked
        return *took, target.stat().st_size, end.time / 1000


def memory() -> float:
    """The most that was ever taken, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    recorded(".cast", 10)  # what is loaded once
    for ending, steps in (
        (".cast", 100),
        (".cast", 1000),
        (".cast", 4000),
        (".gif", 100),
        (".gif", 400),
        (".mp4", 100),
    ):
        seconds, worked, size, length = recorded(ending, steps)
        print(
            f"{ending:5} {steps:5} steps  {seconds:6.2f} s, of the processor {worked:6.2f} s  "
            f"{steps / seconds:6.0f} steps/s, {steps / worked:6.0f}  "
            f"{size / steps:6.0f} bytes/step  plays {length:6.0f} s  {memory():5.0f} MiB at most"
        )


if __name__ == "__main__":
    main()
