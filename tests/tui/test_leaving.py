"""However the application ends, the thread that reads keys ends with it."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from textual.screen import Screen

from stepgrad.tui import app


def test_the_reader_of_keys_ends_where_the_terminal_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    over = Event()

    def run(self: Any) -> None:
        self._driver = SimpleNamespace(exit_event=over)
        raise OSError("the terminal is gone")

    monkeypatch.setattr(app.StepgradApp, "run", run)
    with pytest.raises(OSError, match="gone"):
        app.show(lambda _: Screen())
    assert over.is_set()
