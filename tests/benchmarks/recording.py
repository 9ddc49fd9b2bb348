"""How fast lectures are recorded, and what memory that takes.

python tests/benchmarks/recording.py

Must: 200 recorded steps a second to .cast, a GIF of 100 steps in 10 s, an MP4 in no longer than it plays, memory that
does not grow with the length. Beside the time somebody waits stands the processor's own, which other work on the
machine changes less (without that of ffmpeg). Each row is a process of its own, so that its memory is. The last one is
a training of 700 million steps as a lecturer records it: its stops, and some steps around them.
"""

from __future__ import annotations

import os

os.environ["TEXTUAL_FPS"] = "1000"

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.recording.formats import FORMATS
from stepgrad.tui.recording.lecture import Lecture
from stepgrad.tui.recording.recording import Recording

LESSON = "pytorch-training-loop"
PACE = 500


ROWS = [
    *((".cast", LESSON, steps) for steps in (100, 500, 5000)),
    *((".gif", LESSON, steps) for steps in (100, 500)),
    (".mp4", LESSON, 100),
    (".cast", "digits-cnn", 0),
]
"""The format, the lesson, and how many of its steps are recorded one by one; 0 records it along its script."""


def recorded(ending: str, name: str, steps: int) -> str:
    """What it took: seconds waited, seconds of the processor, bytes, seconds it plays, the most memory ever taken."""
    lesson = open_lesson(name)
    lecture = Lecture(lesson, 0, steps, pace=PACE, idle=PACE) if steps else Lecture(lesson, 0, lesson.timeline.steps)
    *moments, end = lecture.moments()
    with tempfile.TemporaryDirectory() as folder:
        start, worked = time.perf_counter(), time.process_time()
        target, *_ = FORMATS[ending].write(Recording(lecture), Path(folder) / f"lecture{ending}")
        seconds, worked = time.perf_counter() - start, time.process_time() - worked
        size = target.stat().st_size
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{ending:5} {name:22} {len(moments):5} pictures  {seconds:6.2f} s, of the processor {worked:6.2f} s  "
        f"{len(moments) / seconds:5.0f} a second, {len(moments) / worked:5.0f}  "
        f"{size / len(moments):6.0f} bytes each  plays {end.time / 1000:6.0f} s  {memory:4.0f} MiB at most"
    )


def main() -> None:
    if sys.argv[1:]:
        ending, name, steps = sys.argv[1:]
        print(recorded(ending, name, int(steps)))
        return
    for row in ROWS:
        subprocess.run([sys.executable, __file__, *map(str, row)], check=True)


if __name__ == "__main__":
    main()
