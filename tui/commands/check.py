"""`stepgrad check`: opens scenarios, speaks every stop of their scripts, and reports every fault."""

from __future__ import annotations

from argparse import Namespace

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.lesson import open_lesson


def run(args: Namespace) -> int:
    faulty = 0
    for name in args.files:
        try:
            print(f"{name}: {checked(name)}")
        except StepgradError as fault:
            faulty += 1
            print(fault)
    return 1 if faulty else 0


def checked(name: str) -> str:
    """What is right about a scenario. Raises StepgradError with what is wrong."""
    lesson = open_lesson(name)
    for stop in lesson.stops:
        lesson.say(stop)
    return f"ok, {lesson.timeline.steps:,} steps, {len(lesson.stops)} stops"
