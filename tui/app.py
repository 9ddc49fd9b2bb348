"""The application: the player on one lesson, or the catalogue with the player behind it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.reactive import Reactive
from textual.screen import Screen
from textual.theme import Theme

from stepgrad.engine.errors import StepgradError, did_you_mean
from stepgrad.scenarios.preview import preview
from stepgrad.tui.desk import Desk
from stepgrad.tui.messages import LessonChosen, LessonFailed
from stepgrad.tui.patience import listen_patiently
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.themes import DARK, THEMES

if TYPE_CHECKING:
    from textual.command import Provider

    from stepgrad.engine.backend import Device
    from stepgrad.engine.timeline import Level
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.tui.veil import Veil

INTERRUPTED = 130
DEFAULT = "dark"
WISH = "STEPGRAD_THEME"
"""Names the theme of a user who wants the same one always."""


def _palette() -> type[Provider]:
    from stepgrad.tui.palette import Offers

    return Offers


class StepgradApp(App[int]):
    """Runs a screen until it is left; `fault` is why, where something went wrong."""

    TITLE = "stepgrad"
    ALLOW_SELECT = False
    COMMANDS = {_palette}  # noqa: RUF012 - a class variable of Textual's
    theme: Reactive[str] = Reactive(DEFAULT)
    BINDINGS = [  # noqa: RUF012 - a class variable of Textual's
        # Textual's own Ctrl+C only says which key to press instead.
        Binding("ctrl+c", "interrupt", show=False, priority=True, system=True),
        # The library binds its own key for the palette only where nothing else opens it.
        Binding("ctrl+p", "command_palette", show=False, priority=True),
        Binding("colon", "command_palette", show=False),
    ]

    def __init__(self, first: Callable[[StepgradApp], Screen[Any]], theme: str = DEFAULT) -> None:
        super().__init__()
        self.fault: BaseException | None = None
        self._first = first
        if theme != DEFAULT:
            self.theme = theme

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Ours alone. They are there from the start: a theme set later makes Textual read all its CSS again."""
        return THEMES

    def get_default_screen(self) -> Screen[Any]:
        return self._first(self)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return DARK

    def on_key(self, event: events.Key) -> None:
        """A key that no binding took. It may have been typed for a field that is only on its way to the screen."""
        if isinstance(self.screen, PlayerScreen):
            self.screen.asking.type(event)

    def on_load(self) -> None:
        """A terminal that is closed, or a kill, leaves the screen as it was found too."""
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                # Windows has no such handlers, and only the main thread may set them.
                with suppress(NotImplementedError, RuntimeError, ValueError):
                    asyncio.get_running_loop().add_signal_handler(number, self.exit, 128 + number)

    def action_interrupt(self) -> None:
        self.exit(INTERRUPTED)

    def get_system_commands(self, screen: Screen[Any]) -> Iterator[SystemCommand]:
        """None of Textual's own: the palette offers the player's actions."""
        yield from ()

    def fail(self, fault: BaseException) -> None:
        """Leave because of what is wrong."""
        self.fault = fault
        self.exit(1)

    def end_input(self) -> None:
        """Let the thread that reads keys end. One left behind by a terminal that went away would never rest."""
        over = getattr(self._driver, "exit_event", None)
        if over is not None:
            over.set()

    def open_scenario(self, name: str) -> None:
        """Play a scenario of the catalogue, which is there again when it is left."""
        try:
            first = preview(name)
        except StepgradError as fault:
            self.post_message(LessonFailed(fault))
        else:
            self.push_screen(PlayerScreen(first, partial(_open, name), desk=Desk()))

    def on_lesson_chosen(self, message: LessonChosen) -> None:
        self.open_scenario(message.name)

    def on_lesson_failed(self, message: LessonFailed) -> None:
        """The catalogue says what is wrong; a player without one is left."""
        catalogue = self.screen_stack[0]
        if isinstance(catalogue, PlayerScreen):
            self.fail(message.fault)
            return
        while self.screen is not catalogue:
            self.pop_screen()
        catalogue.post_message(message)


def play(
    name: str,
    *,
    settings: Mapping[str, object] | None = None,
    at: str | None = None,
    level: Level = "cell",
    device: Device = "cpu",
    theme: str | None = None,
    present: bool = False,
    hide: Veil | None = None,
) -> int:
    """Play a scenario and return the exit code. Raises what is wrong with it, the terminal restored.

    To `present` it, less is shown, and larger; `hide` is what is kept back.
    """
    first = preview(name, settings)
    load = partial(_open, name, settings, device)
    if present:
        from stepgrad.tui.presenting.screen import TalkScreen

        return show(lambda _: TalkScreen(first, load, at=at, level=level, hidden=hide), theme)
    desk = Desk(remembers=not settings)
    return show(lambda _: PlayerScreen(first, load, at=at, level=level, desk=desk, hidden=hide), theme)


def browse(theme: str | None = None) -> int:
    """The catalogue, and the player on what is chosen there. Returns the exit code."""
    from stepgrad.tui.screens.catalogue import CatalogueScreen

    return show(lambda app: CatalogueScreen(app.open_scenario), theme)


def checked(theme: str | None) -> str:
    """The theme of that name; where none is named, the one that the user has set, or else the dark one."""
    wanted = theme or os.environ.get(WISH) or DEFAULT
    if wanted not in THEMES:
        from stepgrad.tui.arguments import UsageError

        where = "" if theme else f"{WISH}: "
        near = did_you_mean(wanted, THEMES)
        raise UsageError(f"{where}there is no theme '{wanted}'; give {' or '.join(THEMES)}{near}")
    return wanted


def _open(name: str, settings: Mapping[str, object] | None = None, device: Device = "cpu") -> Lesson:
    from stepgrad.engine.backend import choose
    from stepgrad.scenarios.lesson import open_lesson

    return open_lesson(name, settings or {}, backend=choose(device))


def show(first: Callable[[StepgradApp], Screen[Any]], theme: str | None = None) -> int:
    """Run the application on a screen and return its exit code. Raises what is wrong, the terminal restored."""
    app = StepgradApp(first, checked(theme))
    listen_patiently()
    try:
        code = app.run()
    finally:
        app.end_input()
    if app.fault is not None:
        raise app.fault
    return INTERRUPTED if code is None else code
