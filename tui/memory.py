"""What is remembered from one run to the next: where each lesson was left, how far it was seen, what was greeted.

A small JSON file, written whole and moved into place. What can not be read or written is done without.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from stepgrad.scenarios import folders

FILE = "lessons.json"
LESSONS = 500
"""Lessons remembered; the one that was opened longest ago is forgotten first."""


class Memory:
    """Reads what is there whenever it is asked, as another window may have written since."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @property
    def path(self) -> Path:
        return (self._folder or folders.state()) / FILE

    def lesson(self, name: str) -> dict[str, Any]:
        """What is remembered of a lesson; nothing where it is new."""
        found = self._read()["lessons"].get(name, {})
        return found if isinstance(found, dict) else {}

    def lessons(self) -> dict[str, dict[str, Any]]:
        """Every lesson that was opened, the latest first."""
        known = {name: found for name, found in self._read()["lessons"].items() if isinstance(found, dict)}
        return dict(sorted(known.items(), key=lambda item: -_number(item[1].get("opened"))))

    def keep(self, name: str, **what: Any) -> None:
        """Remember something of a lesson. None forgets it."""
        found = self._read()
        lesson = {**found["lessons"].get(name, {}), "opened": time.time(), **what}
        found["lessons"][name] = {key: value for key, value in lesson.items() if value is not None}
        oldest = sorted(found["lessons"], key=lambda each: _number(found["lessons"][each].get("opened")))
        for each in oldest[: max(len(oldest) - LESSONS, 0)]:
            del found["lessons"][each]
        self._write(found)

    def greet(self) -> bool:
        """Whether nobody was greeted yet; from now on, somebody was."""
        found = self._read()
        if found["greeted"]:
            return False
        self._write({**found, "greeted": True})
        return True

    def _read(self) -> dict[str, Any]:
        import json  # nobody reads it before the first frame

        found: Any = {}
        with suppress(OSError, ValueError, RecursionError):
            found = json.loads(self.path.read_text("utf-8"))
        found = found if isinstance(found, dict) else {}
        lessons = found.get("lessons")
        known = {name: each for name, each in lessons.items() if isinstance(each, dict)} if _is_table(lessons) else {}
        return {"greeted": bool(found.get("greeted")), "lessons": known}

    def _write(self, found: Mapping[str, Any]) -> None:
        import json

        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = self.path.with_name(f"{self.path.name}.{os.getpid()}")
            new.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
            new.replace(self.path)


def _is_table(found: object) -> bool:
    return isinstance(found, dict)


def _number(found: object) -> float:
    return float(found) if isinstance(found, (int, float)) else 0.0
