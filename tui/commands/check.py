"""`stepgrad check`: every fault of every file, one a line."""

from __future__ import annotations

from argparse import Namespace

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.check import check
from stepgrad.tui.fitting import Fitting
from stepgrad.tui.spoken import count


def run(args: Namespace) -> int:
    wrong = [name for name in args.files if not is_right(name)]
    return 1 if wrong else 0


def is_right(name: str) -> bool:
    """Whether a scenario has no faults; says what was found."""
    try:
        report = check(name, Fitting())
    except StepgradError as fault:
        print(fault)
        return False
    for found in report.faults:
        print(found)
    if not report.faults:
        counts = ((report.steps, "step"), (report.stops, "stop"), (len(report.variants), "variant"))
        print(f"{name}: ok, {', '.join(count(amount, what) for amount, what in counts if amount)}")
    return not report.faults
