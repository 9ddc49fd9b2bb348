"""Keys that come in pieces, by a clock that the test winds."""

from __future__ import annotations

import pytest
import textual._parser
from textual import events

from stepgrad.tui import patience
from stepgrad.tui.patience import PATIENCE, PatientParser

SOON, LATE = 0.3, PATIENCE + 0.1
"""Longer than the library waits; longer than we do."""


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> object:
    """Feeds pieces with seconds between them, and gives the names of the keys."""
    now = [100.0]
    monkeypatch.setattr(patience, "monotonic", lambda: now[0])
    monkeypatch.setattr(textual._parser, "get_time", lambda: now[0])

    def keys(*pieces: str | float) -> list[str]:
        parser, found = PatientParser(), []
        for piece in (*pieces, 10.0):
            if isinstance(piece, str):
                found += list(parser.feed(piece))
            else:
                for _ in range(20):
                    now[0] += piece / 20
                    found += list(parser.tick())
        return [event.key for event in found if isinstance(event, events.Key)]

    return keys


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["\x1b[C"], ["right"]),
        (["\x1b[", SOON, "C"], ["right"]),
        (["\x1b", SOON, "[C"], ["escape", "right"]),
        (["\x1b", SOON, "[", SOON, "C"], ["escape", "right"]),
        (["\x1b", SOON, "O", SOON, "D"], ["escape", "left"]),
        (["\x1b[", SOON, "5", SOON, "~"], ["pageup"]),
        (["\x1b[C\x1b", SOON, "[D"], ["right", "escape", "left"]),
        (["\x1b"], ["escape"]),
        (["\x1b", LATE, "[", LATE, "C"], ["escape", "left_square_bracket", "C"]),
        (["\x1b", SOON, "x"], ["escape", "x"]),
        (["\x1b", SOON, "[", SOON, "x"], ["escape", "left_square_bracket", "x"]),
        (["[", SOON, "C"], ["left_square_bracket", "C"]),
        (["\x1b[C", SOON, "[", "C"], ["right", "left_square_bracket", "C"]),
    ],
)
def test_pieces(parsed: object, pieces: list[str | float], expected: list[str]) -> None:
    assert parsed(*pieces) == expected  # type: ignore[operator]


def test_the_mouse_and_a_paste_in_pieces() -> None:
    parser = PatientParser()
    found = [event for piece in ("\x1b[<0;3", "4;5M", "\x1b[200~a[C", "b\x1b[201~x") for event in parser.feed(piece)]
    kinds = [type(event) for event in found]
    assert kinds[0] is events.MouseDown
    assert isinstance(found[1], events.Paste)
    assert found[1].text == "a[Cb"
