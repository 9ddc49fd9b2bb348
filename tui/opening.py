"""The scenario that the arguments name, opened."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from stepgrad.engine.errors import did_you_mean
from stepgrad.scenarios.catalogue import find
from stepgrad.scenarios.document import missing
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.tui.arguments import VERBS, UsageError

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson


def settings(args: Namespace) -> dict[str, object]:
    """What `--seed` and `--set` put in place of the file's own; the last of several for a key holds."""
    seed = {} if args.seed is None else {"seed": args.seed}
    return {**seed, **dict(args.settings)}


def opened(args: Namespace) -> Lesson:
    """The lesson. Raises UsageError where nothing has that name, ScenarioError where what has it is wrong."""
    from stepgrad.engine.backend import choose
    from stepgrad.scenarios.lesson import open_lesson

    must_exist(args.name)
    return open_lesson(args.name, settings(args), backend=choose(args.device))


def must_exist(name: str) -> None:
    """Raise UsageError unless the name is a scenario's or a file's."""
    try:
        path = find(name)
    except ScenarioError as fault:
        near = did_you_mean(name, VERBS).replace("mean", "mean the command")
        raise UsageError(f"{fault}{near}") from None
    if not path.is_file():
        raise UsageError(f"{path}: {missing(path)}")
