"""The driver of a player that is served: it ends with its input, which is how it notices that the server is gone."""

from __future__ import annotations

import os
from contextlib import suppress
from threading import Timer

from textual import messages
from textual.drivers.web_driver import WebDriver

GRACE = 2.0
"""Seconds a player has to end by itself."""


class ServedDriver(WebDriver):
    """Textual's driver for servers leaves a player running, deaf and alone, where its server was killed."""

    def run_input_thread(self) -> None:
        super().run_input_thread()
        if not self.exit_event.is_set():
            self.send_message(messages.ExitApp())
            last = Timer(GRACE, os._exit, (1,))
            last.daemon = True
            last.start()

    # Where nobody looks any more, the end of the input is on its way.
    def write(self, data: str) -> None:
        with suppress(BrokenPipeError):
            super().write(data)

    def write_meta(self, data: dict[str, object]) -> None:
        with suppress(BrokenPipeError):
            super().write_meta(data)
