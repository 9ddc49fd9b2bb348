"""The formats of a recording: for each ending of a file's name, what it needs and how it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from stepgrad.engine.errors import did_you_mean
from stepgrad.tui.arguments import UsageError
from stepgrad.tui.recording.aside import aside
from stepgrad.tui.recording.recording import Recording

# What writes a format is imported when it is asked for: pictures need packages that not everybody has.


def cast(recording: Recording, target: Path) -> None:
    from stepgrad.tui.recording.cast import lines

    _write(target, lines(recording.header, recording.events(), recording.version))


def gif(recording: Recording, target: Path) -> None:
    from stepgrad.tui.recording.gif import write

    with aside(target) as path, path.open("wb") as file:
        write(file, recording.terminal(), recording.events())


def mp4(recording: Recording, target: Path) -> None:
    from stepgrad.tui.recording.captions import lines
    from stepgrad.tui.recording.video import write

    with aside(target) as path:
        write(path, recording.header.title, recording.terminal(), recording.events())
        _write(target.with_suffix(".vtt"), lines(recording.lecture))


def html(recording: Recording, target: Path) -> None:
    from stepgrad.tui.recording.html import lines

    _write(target, lines(recording.lecture, recording.header, recording.events()))


def svg(recording: Recording, target: Path) -> None:
    from stepgrad.tui.recording.pictures import pictures
    from stepgrad.tui.recording.svg import lines

    for path, picture in pictures(recording, target):
        _write(path, lines(picture.terminal, picture.title, picture.words))


def png(recording: Recording, target: Path) -> None:
    from stepgrad.tui.recording.picture import Canvas
    from stepgrad.tui.recording.pictures import pictures

    for path, picture in pictures(recording, target):
        canvas = Canvas(picture.terminal)
        canvas.draw(range(picture.terminal.rows))
        with aside(path) as part:
            canvas.image.save(part, "PNG")


def markdown(recording: Recording, target: Path) -> None:
    from stepgrad.tui.handout import lecture

    _write(target, lecture(recording.lecture))


def text(recording: Recording, target: Path) -> None:
    from stepgrad.tui.recording.text import lines

    _write(target, lines(recording.lecture, recording.size))


def _write(target: Path, lines: Iterable[str]) -> None:
    with aside(target) as path, path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


@dataclass(frozen=True)
class Format:
    """A format: how it is written, the packages it needs, and the extra of ours that brings them."""

    write: Callable[[Recording, Path], None]
    packages: tuple[str, ...] = ()
    extra: str = "record"
    several: bool = False
    """Whether `%d` in the name of the file asks for one file a stop."""


PICTURES = ("pyte", "PIL")

FORMATS = {
    ".cast": Format(cast),
    ".gif": Format(gif, PICTURES),
    ".mp4": Format(mp4, (*PICTURES, "imageio_ffmpeg"), "video"),
    ".svg": Format(svg, PICTURES, several=True),
    ".png": Format(png, PICTURES, several=True),
    ".html": Format(html),
    ".md": Format(markdown),
    ".txt": Format(text),
}

NUMBER = re.compile(r"%(0\d)?d")


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
    if NUMBER.search(target.name) and not found.several:
        raise UsageError(f"-o {target}: %d stands for the number of a stop, in .svg and .png only")
    return found


def _is_there(package: str) -> bool:
    if package == "imageio_ffmpeg":
        from stepgrad.tui.recording.ffmpeg import program

        return program() is not None
    return find_spec(package) is not None
