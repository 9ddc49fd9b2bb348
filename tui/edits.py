"""What if: values of the lesson replaced, everything after them worked out anew, undone, done again, written down."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios import folders
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.overrides import CELLS, value_of

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

Settings = dict[str, object]

LONGEST = 500
"""Characters of a change."""


class Edits:
    """The changes made to a lesson, one on another. The lesson as it was opened is never touched."""

    def __init__(self, lesson: Lesson) -> None:
        self.original = lesson
        self.lesson = lesson
        self._states: list[Settings] = [{}]
        self._at = 0
        self._saved: Settings = {}

    @property
    def settings(self) -> Settings:
        """What is replaced now, by the key that `--set` takes."""
        return self._states[self._at]

    @property
    def unsaved(self) -> bool:
        return self.settings not in ({}, self._saved)

    def make(self, text: str) -> str:
        """`image[0,0] = 5`, `conv.stride = 2`, or what a lesson has behind `--set`. Returns what was changed.

        Raises StepgradError.
        """
        if len(text) > LONGEST:
            raise StepgradError(f"a change may have {LONGEST} characters; received {len(text)}")
        what, sign, value = (part.strip() for part in text.strip().removeprefix("--set ").partition("="))
        if not sign or not what or not value:
            raise StepgradError("write what is to change and its new value, as in image[0,0] = 5 or conv.stride = 2")
        self.set(self.key(what), value_of(value))
        return f"{what} = {value}"

    def set(self, key: str, value: object) -> None:
        """Replace the value of a key as `--set` takes it. Raises StepgradError, and nothing is lost."""
        kept = {old: known for old, known in self.settings.items() if old != key and not _is_cell_of(old, key)}
        self._go({**kept, key: value})

    def reset(self) -> bool:
        """Back to the numbers of the file, which can be undone too. Returns whether anything was changed."""
        if not self.settings:
            return False
        self._go({})
        return True

    def rebase(self, lesson: Lesson) -> bool:
        """The same changes of a lesson whose file was edited. Returns whether they fit it; else nothing is changed."""
        self.original, settings = lesson, self.settings
        try:
            self.lesson = self._made(settings)
        except ScenarioError:
            self.lesson, settings = lesson, {}
        before, self._states = self.settings, [{}, settings] if settings else [{}]
        self._at = len(self._states) - 1
        return settings == before

    def undo(self, count: int) -> int:
        """So many changes back, or forward again where negative. Returns how many there were."""
        to = min(max(self._at - count, 0), len(self._states) - 1)
        moved, self._at = abs(self._at - to), to
        if moved:
            self.lesson = self._made(self.settings)
        return moved

    def key(self, what: str) -> str:
        """The key of what people write: a cell by its address, a layer's setting without `layers.`, `lr`."""
        scenario = self.original.scenario
        if "[" in what:
            return f"{CELLS}.{re.sub(r'[ ]', '', what)}"
        first, _, rest = what.partition(".")
        if not rest:
            for table in ("inputs", "parameters"):
                if what in getattr(scenario, table):
                    return f"{table}.{what}"
            known = type(scenario).model_fields
            return f"optimizer.{what}" if what not in known and hasattr(scenario.optimizer, what) else what
        return f"layers.{what}" if any(layer.name == first for layer in scenario.layers) else what

    def save(self, name: str) -> Path:
        """Write the changes as a variant of a scenario file: under a name in the user's folder, or at a path.

        Raises StepgradError where the name will not do or is taken, OSError where nothing can be written.
        """
        name = name.strip()
        path = Path(name).expanduser()
        if path.suffix != ".toml" and path.name == name:
            path = folders.data() / "scenarios" / f"{name}.toml"
        text = self.lesson.saved(path.stem)
        if path.exists():
            raise StepgradError(f"{path} is there already; give another name")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
        try:
            _check(path)
        except ScenarioError as fault:
            path.unlink()
            raise StepgradError(f"it can not be read back from {path.parent}: {told(fault)}") from None
        self._saved = dict(self.settings)
        return path

    def _go(self, settings: Settings) -> None:
        try:
            self.lesson = self._made(settings)
        except ScenarioError as fault:
            raise StepgradError(told(fault)) from None
        self._states[self._at + 1 :] = [settings]
        self._at += 1

    def _made(self, settings: Settings) -> Lesson:
        return self.original.edited(settings) if settings else self.original


def told(fault: ScenarioError) -> str:
    """The first of the faults, without the file it would stand in."""
    first, *more = fault.faults
    # A setting that leads nowhere has no key: what it says names the place.
    line = f"{first.key}: {first.message}" if first.key and first.key not in first.message else first.message
    return f"{line} (and {len(more)} more)" if more else line


def _is_cell_of(key: str, whole: str) -> bool:
    """Whether a key is a cell of the tensor that another key replaces whole."""
    name = whole.partition(".")[2]
    return bool(name) and key.startswith(f"{CELLS}.{name}[")


def _check(path: Path) -> None:
    from stepgrad.scenarios.lesson import open_lesson

    open_lesson(f"{path}:{path.stem}")
