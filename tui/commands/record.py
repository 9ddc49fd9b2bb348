"""`stepgrad record`: a lecture as a file that anybody can play, without a terminal."""

from __future__ import annotations

import os
import re
import sys
from argparse import Namespace
from itertools import islice
from pathlib import Path

from stepgrad.scenarios.lesson import Lesson
from stepgrad.tui import places
from stepgrad.tui.arguments import UsageError
from stepgrad.tui.opening import opened

PICTURES = 200_000
"""Pictures of a recording at most: more than a day of them."""
HURRY = "1000"
"""Paints a second that the player may make; each is waited for, so it has no part in what is recorded."""


def run(args: Namespace) -> int:
    _forget_wishes()
    from stepgrad.tui.recording.aside import must_be_writable
    from stepgrad.tui.recording.formats import NUMBER, format_of
    from stepgrad.tui.recording.interruption import between_pictures
    from stepgrad.tui.recording.lecture import Lecture
    from stepgrad.tui.recording.progress import Progress
    from stepgrad.tui.recording.recording import Recording
    from stepgrad.tui.recording.sizes import fitting

    target = Path(args.output)
    kind = format_of(target)
    must_be_writable(target)
    lesson = opened(args)
    lecture = Lecture(lesson, *selected(lesson, args), args.level, args.pace, args.idle)
    if kind.still and not re.search(NUMBER, target.name):
        lecture = lecture.at(lecture.first if args.first else min(filter(None, lecture.stops), default=lecture.first))
    moments = list(islice((moment.time for moment in lecture.moments()), PICTURES + 1))
    if len(moments) > PICTURES:
        slower = "leave out --pace, " if args.pace is not None else ""
        less = f"{slower}give a coarser --level, or less with --from and --to"
        raise UsageError(f"more than {PICTURES:,} pictures; {less}")
    size = fitting(lecture, args.size)
    with Progress(sys.stderr, moments[-1]) as progress, between_pictures() as go_on:

        def watch(time: int) -> None:
            go_on()
            progress.reach(time)

        recording = Recording(lecture, size, args.theme or "dark", args.cast_version, watch)
        written = list(kind.write(recording, target))
    for path in written:
        print(f"wrote {path}, {path.stat().st_size:,} bytes", file=sys.stderr)
    return 0


def _forget_wishes() -> None:
    """Textual reads its settings from the environment when it is first imported: a recording has them of its own."""
    for name in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[name]
    os.environ["TEXTUAL_FPS"] = HURRY


def selected(lesson: Lesson, args: Namespace) -> tuple[int, int]:
    """The positions that `--from` and `--to` name: the first and the last cell written."""
    timeline = lesson.timeline
    first = places.position(timeline, args.first) if args.first else 0
    last = places.steps(timeline, args.last).stop if args.last else timeline.steps
    if first > last:
        raise UsageError(f"--from {args.first} comes after --to {args.last}: nothing lies between")
    return first, last
