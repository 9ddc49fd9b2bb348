"""The formats of a recording: for each ending of a file's name, what it needs and how it is written.

Each writes files, and yields the path of every one as soon as it is whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from stepgrad.engine.errors import did_you_mean
from stepgrad.tui.arguments import UsageError
from stepgrad.tui.recording.aside import aside
from stepgrad.tui.recording.ffmpeg import ffmpeg
from stepgrad.tui.recording.recording import Recording

# What writes a format is imported when it is asked for: pictures need packages that not everybody has.


def cast(recording: Recording, target: Path) -> Iterator[Path]:
    from stepgrad.tui.recording.cast import lines

    with closing(recording.events()) as events:
        yield _written(target, lines(recording.header, events, recording.version))


def gif(recording: Recording, target: Path) -> Iterator[Path]:
    from stepgrad.tui.recording.gif import write

    with aside(target) as path, path.open("wb") as file, closing(recording.events()) as events:
        write(file, recording.terminal(), events)
    yield target


def mp4(recording: Recording, target: Path) -> Iterator[Path]:
    from stepgrad.tui.recording.captions import lines
    from stepgrad.tui.recording.video import write

    with aside(target) as path, closing(recording.events()) as events:
        write(path, recording.header.title, recording.terminal(), events)
    yield target
    yield _written(target.with_suffix(".vtt"), lines(recording.lecture))


def html(recording: Recording, target: Path) -> Iterator[Path]:
    from stepgrad.tui.recording.html import lines

    with closing(recording.events()) as events:
        yield _written(target, lines(recording.lecture, recording.header, events))


def svg(recording: Recording, target: Path) -> Iterator[Path]:
    from stepgrad.tui.recording.pictures import pictures
    from stepgrad.tui.recording.svg import lines

    for path, picture in pictures(recording, target):
        yield _written(path, lines(picture.terminal, picture.title, picture.words))


def png(recording: Recording, target: Path) -> Iterator[Path]:
    from stepgrad.tui.recording.picture import Canvas
    from stepgrad.tui.recording.pictures import pictures

    for path, picture in pictures(recording, target):
        canvas = Canvas(picture.terminal)
        canvas.draw(range(picture.terminal.rows))
        with aside(path) as part:
            canvas.image.save(part, "PNG")
        yield path


def markdown(recording: Recording, target: Path) -> Iterator[Path]:
    from stepgrad.tui.handout import Handout
    from stepgrad.tui.handout_markdown import lines

    lecture = recording.lecture
    yield _written(target, lines(recording.header.title, Handout(lecture.lesson).of_stops(lecture.stops)))


def text(recording: Recording, target: Path) -> Iterator[Path]:
    from stepgrad.tui.recording.text import lines

    yield _written(target, lines(recording.lecture, recording.size))


def _written(target: Path, lines: Iterable[str]) -> Path:
    with aside(target) as path, path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
    return target


@dataclass(frozen=True)
class Format:
    """A format: how it is written, the packages it needs, and the extra of ours that brings them."""

    write: Callable[[Recording, Path], Iterator[Path]]
    packages: tuple[str, ...] = ()
    extra: str = "record"
    still: bool = False
    """Whether it is a picture; `%d` in the name of its file asks for one of every stop."""


PICTURES = ("pyte", "PIL")
NUMBER = r"%(0\d)?d"
"""In the name of a file: the number of a stop."""

FORMATS = {
    ".cast": Format(cast),
    ".gif": Format(gif, PICTURES),
    ".mp4": Format(mp4, (*PICTURES, "imageio_ffmpeg"), "video"),
    ".svg": Format(svg, PICTURES, still=True),
    ".png": Format(png, PICTURES, still=True),
    ".html": Format(html),
    ".md": Format(markdown),
    ".txt": Format(text),
}


def format_of(target: Path) -> Format:
    """The format that a file's ending asks for. Raises UsageError where there is none, or a package is missing."""
    ending = target.suffix.lower()
    if ending not in FORMATS:
        *others, last = FORMATS
        known = f"{', '.join(others)} or {last}"
        raise UsageError(f"-o {target}: write to a file that ends in {known}{did_you_mean(ending, FORMATS)}")
    found = FORMATS[ending]
    missing = [name for name in found.packages if not _is_there(name)]
    if missing:
        raise UsageError(f'a {ending} needs what is not installed: python -m pip install "stepgrad[{found.extra}]"')
    if re.search(NUMBER, target.name) and not found.still:
        raise UsageError(f"-o {target}: %d stands for the number of a stop, in .svg and .png only")
    return found


def _is_there(package: str) -> bool:
    if package == "imageio_ffmpeg":
        return ffmpeg() is not None
    return find_spec(package) is not None
