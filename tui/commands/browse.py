"""`stepgrad` alone: the catalogue screen; where there is no screen to paint on, the list."""

from __future__ import annotations

from argparse import Namespace

from stepgrad.tui import terminal


def run(_: Namespace) -> int:
    if terminal.can_paint():
        from stepgrad.tui.app import browse

        return browse()
    from stepgrad.tui.commands import list as catalogue

    return catalogue.run(Namespace(json=False, course=None))
