"""Ctrl+C while something is recorded: it ends between two pictures, where everything can be put away."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def between_pictures() -> Iterator[Callable[[], None]]:
    """What is given raises KeyboardInterrupt when called after Ctrl+C. A second Ctrl+C does not wait for that."""
    pressed = False
    before = signal.getsignal(signal.SIGINT)

    def press(_: int, __: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        signal.signal(signal.SIGINT, before)

    def check() -> None:
        if pressed:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, press)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)
