"""`stepgrad drill`: questions about the scenarios, and what became of the answers."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from functools import partial
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

from stepgrad.tui import terminal
from stepgrad.tui.arguments import UsageError
from stepgrad.tui.spoken import count

if TYPE_CHECKING:
    from stepgrad.scenarios.drills.session import Session
    from stepgrad.scenarios.drills.store import Store

SHEET = 10
"""Questions of a sheet that no number was given for."""
SEEDS = 10**6


def run(args: Namespace) -> int:
    opened: list[Store] = []
    try:
        if _is_drill(args) and not args.plain and terminal.can_paint():
            from stepgrad.tui.screens.drill import play

            # The store is opened behind the first frame.
            return play(partial(_session, args, opened), args.name or "")
        return _run(args, _store(args, opened))
    finally:
        for store in opened:
            _tell(store)
            store.close()


def _tell(store: Store) -> None:
    """What a user should know of the progress file, once."""
    for notice in store.notices:
        print(f"stepgrad: {notice}", file=sys.stderr, flush=True)
    store.notices.clear()


def _store(args: Namespace, opened: list[Store]) -> Store:
    from stepgrad.scenarios.drills.store import Store
    from stepgrad.scenarios.drills.tables import FILE

    opened.append(Store(Path(args.data_dir) / FILE if args.data_dir else None))
    return opened[-1]


def _is_drill(args: Namespace) -> bool:
    """Whether questions are to be answered here and now."""
    return not (args.stats or args.export or args.take or args.reset or args.sheet)


def _run(args: Namespace, store: Store) -> int:
    if args.stats:
        from stepgrad.tui.drilling.standing import standing

        print("\n".join(standing(store)))
        return 0
    if args.export:
        return _export(store, Path(args.export))
    if args.take:
        return _import(store, Path(args.take))
    if args.reset:
        return _reset(store, args.reset)
    session = _session(args, [store])
    if args.sheet:
        return _sheet(args, session, Path(args.sheet))
    # Before the first question: an hour of answers that are not saved is too much to learn of at the end.
    _tell(store)
    return _converse(session)


def _converse(session: Session) -> int:
    from stepgrad.tui.drilling.plain import Drill, converse

    converse(Drill(session, patient=terminal.is_terminal(sys.stdin)), sys.stdin)
    return 0 if session.is_perfect else 1


def _session(args: Namespace, opened: list[Store]) -> Session:
    """The questions, on the store that is open, or on one that is opened now."""
    from stepgrad.scenarios.drills.path import DrillNameError, chosen, topic
    from stepgrad.scenarios.drills.queue import Queue
    from stepgrad.scenarios.drills.session import Session

    try:
        lessons = chosen(args.name)
    except DrillNameError as fault:
        raise UsageError(str(fault)) from None
    if args.exam == 0:
        raise UsageError("--exam 0: give 1 question or more")
    if args.seed is None and (args.sheet or args.exam):
        args.seed = SystemRandom().randrange(SEEDS)
    store = opened[0] if opened else _store(args, opened)
    about, named = topic(args.name), args.name is not None
    queue = Queue(store, lessons, chosen=named, about=about, seed=args.seed, note=store.notices.append)
    if named and queue.is_empty:
        raise UsageError(f"there is nothing to ask about '{args.name}'; `stepgrad list` names all there is")
    return Session(store, queue, is_exam=args.exam is not None, length=args.exam)


def _sheet(args: Namespace, session: Session, path: Path) -> int:
    from stepgrad.scenarios.drills.sheet import sheet

    session.length = args.exam or SHEET
    questions = list(iter(session.next, None))
    about = f" {args.name}" if args.name else ""
    again = f"stepgrad drill{about} --seed {args.seed} --exam {session.length} asks the same"
    path.write_text(sheet(questions, f"Drill{f': {args.name}' if args.name else ''}", again), "utf-8")
    print(f"{path}: {count(len(questions), 'question')} and their answers; {again}", file=sys.stderr)
    return 0


def _export(store: Store, path: Path) -> int:
    from stepgrad.scenarios.drills.exchange import exported

    events = store.events()
    # Moved into place when it is whole: an older export is not lost to a full disk.
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(exported(events), "utf-8")
        os.replace(part, path)
    except OSError as fault:
        raise OSError(fault.errno, fault.strerror, str(path)) from None
    print(f"{path}: {len(events)} events", file=sys.stderr)
    return 0


def _import(store: Store, path: Path) -> int:
    from stepgrad.scenarios.drills.exchange import ExchangeError, imported

    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise ExchangeError(f"{path}: not UTF-8 text") from None
    new = store.merge(imported(text, str(path)))
    print(f"{path}: {new} new events", file=sys.stderr)
    return 0 if store.saves else 1


def _reset(store: Store, what: str) -> int:
    begins = "" if what == "all" else what if "#" in what else f"{what}#"
    known = store.known(begins)
    if not known:
        raise UsageError(f"--reset {what}: nothing is known of it; give all, a scenario, or a card such as NAME#cell")
    print(f"This forgets {len(known)} of {len(store.known())} cards. Type yes to go on: ", end="", file=sys.stderr)
    sys.stderr.flush()
    if sys.stdin is None or sys.stdin.readline().strip().lower() != "yes":
        print("Nothing is forgotten.", file=sys.stderr)
        return 1
    print(f"{count(store.reset(begins), 'card')} forgotten.", file=sys.stderr)
    return 0 if store.saves else 1
