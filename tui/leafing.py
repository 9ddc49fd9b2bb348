"""Other planes of a tensor than those that the step shows: its next channels, another sample of the batch."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from stepgrad.tui.gaze import Leafed
from stepgrad.tui.pointer import under

if TYPE_CHECKING:
    from stepgrad.tui.pointing import Pointing
    from stepgrad.tui.sight import Sight


class Leafing:
    """The planes leafed to, of the matrix under the cell cursor or of what is written."""

    def __init__(self, pointing: Pointing) -> None:
        self._pointing = pointing
        self._on: dict[str, int] = {}
        """How many planes on each tensor is leafed."""

    @property
    def leafed(self) -> Leafed:
        return tuple(self._on.items())

    def leave(self) -> None:
        """The planes of the step itself."""
        self._on.clear()

    def next_channel(self, count: int) -> None:
        self._leaf(count, 1)

    def previous_channel(self, count: int) -> None:
        self._leaf(-count, 1)

    def next_sample(self, count: int) -> None:
        self._leaf(count, 0)

    def previous_sample(self, count: int) -> None:
        self._leaf(-count, 0)

    def _leaf(self, count: int, axis: int) -> None:
        """So many planes on, or samples."""
        pointing, player, sight = self._pointing, self._pointing.player, self._pointing.sight()
        if sight is None or pointing.inquiring.inquiry is not None:
            player.notice = "planes are leafed through on the board of a step" if sight is not None else ""
            return
        view = under(sight.views, pointing.pointer)
        if axis and sight.board.parts < sight.frame.plan.parts and (view is None or view.item.kind == "operand"):
            self._to_part(sight, count)
            return
        view = view or next(view for view in sight.views if view.item.kind == "output")
        name = view.plane.tensor
        leads = pointing.graph.spec(name).shape[:-2]
        if (axis == 0 and len(leads) < 2) or prod(leads) < 2:
            player.notice = f"{name} has one {'plane' if axis else 'sample'}"
            return
        shown = self._on.get(name, 0)
        self._on[name] = shown + (count if axis else count * prod(leads[1:]))
        after = pointing.sight()
        if after is not None and after.views[sight.views.index(view)].plane == view.plane:
            self._on[name] = shown
            player.notice = f"{name} ends here"

    def _to_part(self, sight: Sight, count: int) -> None:
        """To the planes of the sum so many parts on, and to their terms."""
        player = self._pointing.player
        target = min(max(sight.first_part + count, 0), sight.frame.plan.parts - sight.board.parts)
        player.turn(player.pages.page_with(target, player.state, *self._pointing.size))
