"""Ctrl+C, or a kill, while something is recorded: it ends between two pictures, where everything can be put away."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextmanager
def between_pictures() -> Iterator[Callable[[], None]]:
    """What is given raises KeyboardInterrupt when called after Ctrl+C, SystemExit after a kill.

    The second time the signal does what it does elsewhere: it does not wait.
    """
    came = 0
    before = {number: signal.getsignal(number) for number in SIGNALS}

    def come(number: int, _: FrameType | None) -> None:
        nonlocal came
        came = number
        signal.signal(number, before[number])

    def check() -> None:
        if came == signal.SIGINT:
            raise KeyboardInterrupt
        if came:
            raise SystemExit(128 + came)

    for number in SIGNALS:
        signal.signal(number, come)
    try:
        yield check
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
