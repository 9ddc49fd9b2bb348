"""Files written aside, and put in their place when they are whole: what is interrupted leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stepgrad.tui.arguments import UsageError


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """A path to write to; it becomes `target` when the block ends well, and is gone when it does not."""
    part = target.with_name(f".{target.name}.part")
    try:
        with _named(target, part):
            part.touch()
            yield part
            os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def must_be_writable(target: Path) -> None:
    """Raise UsageError, in one line, where a file can not be written."""
    folder = target.parent
    if target.is_dir():
        raise UsageError(f"-o {target}: is a folder; give the name of a file")
    if not folder.is_dir():
        raise UsageError(f"-o {target}: there is no folder {folder}")
    if target.exists() and not target.is_file():
        raise UsageError(f"-o {target}: is no ordinary file")
    if not os.access(target if target.exists() else folder, os.W_OK) or not os.access(folder, os.W_OK):
        raise UsageError(f"-o {target}: no permission to write there")


@contextmanager
def _named(target: Path, part: Path) -> Iterator[None]:
    """A fault is reported with the file that was asked for: a full disk names none at all."""
    try:
        yield
    except OSError as fault:
        if fault.filename in (None, str(part)) and fault.strerror:
            raise OSError(fault.errno, fault.strerror, str(target)) from None
        raise
