"""The application: the player on one lesson, or the catalogue with the player behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from stepgrad.scenarios.preview import preview
from stepgrad.tui.messages import LessonFailed
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.themes import DARK, THEMES

if TYPE_CHECKING:
    from stepgrad.engine.timeline import Level
    from stepgrad.scenarios.lesson import Lesson

INTERRUPTED = 130


class StepgradApp(App[int]):
    """Runs a screen until it is left; `fault` is why, where something went wrong."""

    TITLE = "stepgrad"
    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        # Textual's own Ctrl+C only says which key to press instead.
        Binding("ctrl+c", "interrupt", show=False, priority=True, system=True),
        Binding("colon", "command_palette", show=False),
    ]

    def __init__(self, first: Callable[[], Screen[Any]], theme: str = "dark", **options: Any) -> None:
        super().__init__(**options)
        self.fault: BaseException | None = None
        self._first = first
        for known in THEMES.values():
            self.register_theme(known)
        self.theme = theme

    def get_default_screen(self) -> Screen[Any]:
        return self._first()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DARK

    def action_interrupt(self) -> None:
        self.exit(INTERRUPTED)

    def on_lesson_failed(self, message: LessonFailed) -> None:
        self.fault = message.fault
        self.exit(1)


def play(
    name: str,
    *,
    settings: Mapping[str, object] | None = None,
    at: str | None = None,
    level: Level = "cell",
    device: str = "cpu",
    theme: str | None = None,
) -> int:
    """Play a scenario and return the exit code. Raises what is wrong with it, the terminal restored."""
    first = preview(name, settings)
    load = partial(_open, name, dict(settings or {}), device)
    return _run(StepgradApp(lambda: PlayerScreen(first, load, at=at, level=level), checked(theme)))


def browse(theme: str | None = None) -> int:
    """The catalogue, and the player on what is chosen there. Returns the exit code."""
    from stepgrad.tui.screens.catalogue import CatalogueScreen

    return _run(StepgradApp(CatalogueScreen, checked(theme)))


def checked(theme: str | None) -> str:
    """The theme of that name, dark where none is named."""
    from stepgrad.tui.arguments import UsageError, did_you_mean

    if theme is not None and theme not in THEMES:
        raise UsageError(f"there is no theme '{theme}'; give {' or '.join(THEMES)}{did_you_mean(theme, THEMES)}")
    return theme or "dark"


def _open(name: str, settings: Mapping[str, object], device: str) -> Lesson:
    from stepgrad.engine.backend import choose
    from stepgrad.scenarios.lesson import open_lesson

    return open_lesson(name, settings, backend=choose(device))


def _run(app: StepgradApp) -> int:
    code = app.run()
    if app.fault is not None:
        raise app.fault
    return INTERRUPTED if code is None else code
