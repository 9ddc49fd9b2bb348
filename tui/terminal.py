"""What the terminal at hand can do. Standard library only."""

from __future__ import annotations

import os
import sys
from typing import TextIO


def is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()


def can_paint() -> bool:
    """Whether the player can run here: keys come from a terminal, and the screen can be painted on.

    Where it is served, Textual's driver is told to take both from elsewhere.
    """
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return is_terminal(sys.stdin) and is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb"


def wants_colour() -> bool:
    """Whether lists may be coloured and framed: on a terminal that can, unless NO_COLOR is set."""
    return is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def size() -> tuple[int, int]:
    """Columns and rows."""
    import shutil  # it brings every compressor along, which `--help` need not wait for

    found = shutil.get_terminal_size()
    return found.columns, found.lines


def encoding() -> str:
    """That of what is written. While the player is on, what stands for stdout has none, and the terminal's counts."""
    return getattr(sys.stdout, "encoding", None) or getattr(sys.__stdout__, "encoding", None) or "ascii"


def has_unicode() -> bool:
    """Whether box drawing, the multiplication sign and the minus sign can be written."""
    try:
        "─│×−".encode(encoding())
    except (UnicodeEncodeError, LookupError):
        return False
    return True
