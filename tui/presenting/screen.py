"""The player before an audience: the same player, with less on it, larger, and a clicker's keys."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from stepgrad.tui.layout import TALK, Layout
from stepgrad.tui.line import BLANK, Line, Run, clip
from stepgrad.tui.presenting.actions import LEADS, PRESENTED, STEPS, presented
from stepgrad.tui.presenting.notes import clock
from stepgrad.tui.presenting.podium import Podium
from stepgrad.tui.screens.bound import bindings
from stepgrad.tui.screens.player import PlayerScreen
from stepgrad.tui.sheet import Page
from stepgrad.tui.widgets.stage import has_signs

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson
    from stepgrad.tui.player import Player
    from stepgrad.tui.presenting.talk import Talk


class TalkScreen(PlayerScreen, inherit_bindings=False):
    """A talk. Whoever runs `stepgrad notes` is told what the speaker wants to know."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(PRESENTED)
    LAYOUT: Layout = TALK

    def __init__(self, *of: Any, **how: Any) -> None:
        super().__init__(*of, **how)
        self._podium = Podium()
        self._talk: Talk | None = None
        self._is_blank = False
        self._last = ""
        """The last action."""
        self._stop: tuple[int, int] | None = None
        """The stop that followers were told of last."""

    def on_mount(self) -> None:
        if not has_signs(self.app):
            # Large letters are drawn in blocks.
            self.LAYOUT = TALK._replace(large=False)
        from stepgrad.tui.keymap import table

        self._bind(presented(table()[0]))
        self.set_interval(1.0, self.stage.turn)
        self.run_worker(self._invite())

    def on_unmount(self) -> None:
        self._podium.close()

    async def _invite(self) -> None:
        with suppress(OSError):  # then nobody follows
            await self._podium.open()

    def action_perform(self, name: str) -> None:
        if self._is_blank or name == "blank":
            self._is_blank = not self._is_blank
            if self.player is not None:
                self.player.autoplay.stop()
            self.show()
            return
        if self._talk is not None and self._talk.began is None and name in LEADS | STEPS:
            self._talk.began = self._clock()
        self._last = name
        super().action_perform(name)

    def _made(self, lesson: Lesson) -> Player:
        from stepgrad.tui.presenting.talk import Talk

        player = super()._made(lesson)
        self._talk = Talk(player)
        return player

    def show(self) -> None:
        if self._talk is not None and self.player is not None:
            self._talk.went(self._last)
            self._tell(self._talk, self.player)
        super().show()

    def _tell(self, talk: Talk, player: Player) -> None:
        """Tell the followers; while steps are played, of a stop that is come to."""
        stop = player.cursor.stop
        at = stop.place if stop is not None else None
        if not player.autoplay.is_running or at != self._stop:
            self._stop = at
            self._podium.tell(talk.cue(self._clock(), "the screen is blank" if self._is_blank else ""))

    def _unfinished(self) -> str:
        """Changes are made for a question: nobody misses them."""
        return self._taping.unfinished if self._taping is not None else ""

    def _page(self, width: int, height: int) -> Page:
        return Page((BLANK,) * height) if self._is_blank else super()._page(width, height)

    def _footer(self, room: int) -> Line:
        """The time, and what the player is in the middle of."""
        if self._talk is None or self.player is None:
            return ()
        player, level = self.player, self.player.cursor.level
        runs: list[Run] = [*self._sign, (clock(self._talk.elapsed(self._clock())), "faint")]
        said = (f"{self._count}×" if self._count else "", player.notice or player.pointing.caption)
        for text in (*said, f"by {level}" if level != "cell" else ""):
            runs += [("   ", ""), (text, "strong")] if text else []
        return clip(tuple(runs), room)
