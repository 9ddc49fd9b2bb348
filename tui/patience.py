"""Keys that a slow line takes apart: Esc, `[` and a letter that come one by one are an arrow still."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from textual._xterm_parser import XTermParser
from textual.message import Message

PATIENCE = 1.0
"""Seconds between two characters of one key. A lone Esc is taken for one after the library's own, shorter time."""
ESCAPE = "\x1b"
BEGINS = ("[", "O")
"""What follows Esc in the code of a key."""


class PatientParser(XTermParser):
    """Waits for the rest of a key that has begun, and takes it up again where Esc alone was given up on."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._begun = ""
        """What came since the last Esc, as long as it may be the beginning of a key."""
        self._until = 0.0
        self._escaped = float("-inf")
        """When a lone Esc was taken for one."""

    def feed(self, data: str) -> Iterable[Message]:
        now = monotonic()
        if data.startswith(BEGINS) and now - self._escaped < PATIENCE:
            data = ESCAPE + data
        self._escaped = float("-inf")
        _, escape, rest = data.rpartition(ESCAPE)
        self._begun = ESCAPE + rest if escape else self._begun + data if self._begun else ""
        self._until = now + PATIENCE
        return super().feed(data)

    def tick(self) -> Iterable[Message]:
        if self._timeout_time is not None and len(self._begun) > 1 and monotonic() < self._until:
            return
        alone = self._begun == ESCAPE and self._timeout_time is not None
        for message in super().tick():
            if alone:
                self._escaped = monotonic()
            self._begun = ""
            yield message


def listen_patiently() -> None:
    """Have the terminal read by the patient parser, on the systems where keys come as codes."""
    try:
        from textual.drivers import linux_driver
    except ImportError:  # Windows tells keys apart itself
        return
    linux_driver.XTermParser = PatientParser  # type: ignore[attr-defined]  # the library imports it by that name
