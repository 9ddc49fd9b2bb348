"""`stepgrad run`: the player; flat text where there is no screen to paint on."""

from __future__ import annotations

import sys
from argparse import Namespace

from stepgrad.tui import terminal
from stepgrad.tui.opening import must_exist, settings


def run(args: Namespace) -> int:
    must_exist(args.name)
    if not args.plain and terminal.can_paint():
        from stepgrad.tui.app import play
        from stepgrad.tui.veil import veil

        return play(
            args.name,
            settings=settings(args),
            at=args.at,
            level=args.level,
            device=args.device,
            theme=args.theme,
            present=args.present,
            hide=veil(args.hide),
        )
    return _without_a_screen(args)


def _without_a_screen(args: Namespace) -> int:
    from stepgrad.tui.commands.print import write
    from stepgrad.tui.flat import Selection, text
    from stepgrad.tui.opening import opened
    from stepgrad.tui.places import steps
    from stepgrad.tui.plain import Session, converse
    from stepgrad.tui.veil import veil

    lesson = opened(args)
    if args.plain or terminal.is_terminal(sys.stdout):
        converse(Session(lesson, args.level, args.at, veil(args.hide)), sys.stdin)
    else:
        first = steps(lesson.timeline, args.at).start if args.at else 0
        write(text(lesson, Selection(range(first, lesson.timeline.steps), args.level, veil=veil(args.hide))))
    return 0
