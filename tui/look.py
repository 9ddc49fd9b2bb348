"""Looking at a tensor instead of reading it: a map, its planes, a histogram, curves, gradient norms; without a screen.

What is looked at follows the player, until another tensor or plane is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from stepgrad.engine.step import Step
from stepgrad.tui.actions import key_sign
from stepgrad.tui.charts.curves import Curves
from stepgrad.tui.charts.heat import FULL, Ink
from stepgrad.tui.charts.map_view import Asked
from stepgrad.tui.charts.series import Recorder
from stepgrad.tui.charts.subject import Subject, Tensor, tensor
from stepgrad.tui.charts.views import Frame, View, curve_view, histogram_view, map_view, norms_view, planes_view
from stepgrad.tui.footer import keys_line
from stepgrad.tui.line import BLANK, Line, clip, placed, spread, wrapped
from stepgrad.tui.look_keys import MOVES, OF_TENSORS, VIEWS, named
from stepgrad.tui.look_list import list_lines, list_width
from stepgrad.tui.sheet import MARGIN, Page

if TYPE_CHECKING:
    from stepgrad.scenarios.lesson import Lesson

KEPT = 8
"""Tensors kept with what was worked out about them."""
GUTTER = 2

NOTHING = "This scenario computes nothing, so there is nothing to look at."


class Standing(Protocol):
    @property
    def position(self) -> int: ...


class Stepper(Protocol):
    """What the player is to those who look on: a lesson, where it stands in it, and the keys that move it."""

    @property
    def lesson(self) -> Lesson: ...

    @property
    def cursor(self) -> Standing: ...

    @property
    def recorder(self) -> Recorder: ...

    def perform(self, action: str, count: int, now: float) -> None: ...


class Look:
    """What of a lesson is looked at, and how. Each action of the table has the method of its name."""

    def __init__(self, player: Stepper, ink: Ink = FULL) -> None:
        self.player = player
        self.ink = ink
        self.view = 0
        self.changed: Callable[[], object] = lambda: None
        """Called, from a thread, when more of a curve is known."""
        self._curves = Curves(player.recorder)
        player.recorder.tell(self._grew)
        self._tensor: str | None = None
        """None follows the player."""
        self._plane: int | None = None
        self._composite = True
        self._zoom = 0
        self._pan = (0, 0)
        self._whole = False
        self._log = False
        self._scroll = 0
        self._largest = 0
        self._kept: dict[str, tuple[object, Tensor]] = {}

    @property
    def name(self) -> str:
        return VIEWS[self.view]

    @property
    def curves(self) -> Curves:
        """The curves of the lesson as it is now: an edit of it begins them anew."""
        recorder = self.player.recorder
        if recorder is not self._curves.recorder:
            self._curves = self._curves.of(recorder)
            recorder.tell(self._grew)
        return self._curves

    @property
    def step(self) -> Step | None:
        """The step on screen; None in a scenario that has none."""
        lesson = self.player.lesson
        return lesson.step(max(self.player.cursor.position - 1, 0)) if lesson.timeline.steps else None

    def perform(self, action: str, count: int = 1, now: float = 0.0) -> None:
        """Do what a key asks for."""
        if action in MOVES:
            self.player.perform(action, count, now)
            self._pan = (0, 0)
            if self._tensor is None:
                self._plane = None
        else:
            getattr(self, action)()

    def watch(self, text: str) -> None:
        """Draw an expression over the iterations. Raises ExpressionError, and then nothing has changed."""
        self.curves.watch(text)
        self.view = VIEWS.index("curve")

    def next_view(self) -> None:
        self.view = (self.view + 1) % len(VIEWS)
        self._scroll = 0

    def previous_view(self) -> None:
        self.view = (self.view - 1) % len(VIEWS)
        self._scroll = 0

    def down(self) -> None:
        self._go(1)

    def up(self) -> None:
        self._go(-1)

    def next_channel(self) -> None:
        self._to_channel(1)

    def previous_channel(self) -> None:
        self._to_channel(-1)

    def next_sample(self) -> None:
        self._to_plane(1, whole_samples=True)

    def previous_sample(self) -> None:
        self._to_plane(-1, whole_samples=True)

    def larger(self) -> None:
        self._zoom = min(self._zoom + 1, self._largest)

    def smaller(self) -> None:
        self._zoom = max(self._zoom - 1, 0)
        self._pan = (0, 0) if not self._zoom else self._pan

    def pan_down(self) -> None:
        self._pan = (self._pan[0] + 1, self._pan[1])

    def pan_up(self) -> None:
        self._pan = (self._pan[0] - 1, self._pan[1])

    def pan_left(self) -> None:
        self._pan = (self._pan[0], self._pan[1] - 1)

    def pan_right(self) -> None:
        self._pan = (self._pan[0], self._pan[1] + 1)

    def whole(self) -> None:
        self._whole = not self._whole

    def log(self) -> None:
        self._log = not self._log

    def _grew(self) -> None:
        self.changed()

    def _go(self, by: int) -> None:
        """On in what the view lists: tensors, curves, or lines."""
        step = self.step
        if self.name == "curve":
            self.curves.choose(by)
        elif self.name == "norms":
            self._scroll = max(self._scroll + by, 0)
        elif step is not None:
            names = list(step.graph.names)
            at = names.index(self._named(step)) + by
            self._tensor = names[min(max(at, 0), len(names) - 1)]
            if self._tensor == step.node.name:
                self._tensor = None
            self._plane, self._zoom, self._pan, self._composite = None, 0, (0, 0), True

    def _named(self, step: Step) -> str:
        return self._tensor if self._tensor is not None and self._tensor in step.graph else step.node.name

    def _to_channel(self, by: int) -> None:
        """The next channel; before the first of a coloured picture stand all three together."""
        subject = self.subject
        if subject is not None and subject.tensor.is_coloured:
            at = -1 if self._composite else self._shown(subject) % 3
            self._composite = at + by < 0
            if self._composite or at < 0:
                self._plane = self._shown(subject) // 3 * 3
                return
        self._to_plane(by, whole_samples=False)

    def _to_plane(self, by: int, *, whole_samples: bool) -> None:
        subject = self.subject
        if subject is not None:
            channels, planes = max(subject.tensor.channels, 1), subject.tensor.leads.size
            at = self._shown(subject)
            sample = at // channels
            low, high = (0, planes) if whole_samples else (sample * channels, min((sample + 1) * channels, planes))
            to = at + by * (channels if whole_samples else 1)
            self._plane = to if low <= to < high else at
            self._pan = (0, 0)

    @property
    def subject(self) -> Subject | None:
        """The tensor that is looked at; None where a scenario has none."""
        step = self.step
        if step is None:
            return None
        name = self._named(step)
        kept = self._kept.get(name)
        if kept is None or kept[0] is not step.run:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            kept = self._kept[name] = step.run, tensor(step, name)
        return Subject(kept[1], step, self.player.cursor.position, self._whole)

    def _shown(self, subject: Subject) -> int:
        """The plane that is shown."""
        plane = subject.active if self._plane is None else self._plane
        return min(plane, max(subject.tensor.leads.size - 1, 0))

    def page(self, width: int, height: int) -> Page:
        """The lines of the screen, as many as it is high, none longer than it is wide."""
        subject = self.subject
        room = max(width - MARGIN, 1)
        footer = keys_line([(key_sign(action.keys[0]), action.label) for action in named(self.name)], room)
        if subject is None:
            lines: list[Line] = [*wrapped(NOTHING, room), *[BLANK] * height]
            return _page([*lines[: height - 1], footer], width, height)
        side = list_width(subject.step.graph, width) if self.name in OF_TENSORS else 0
        inner = max(room - (side + GUTTER if side else 0), 1)
        frame = Frame(inner, max(height - 4, 1), self.ink, self._log, self._scroll)
        view = self._viewed(subject, frame)
        body = [*view.body, *[BLANK] * frame.lines][: frame.lines]
        lines = [
            spread(self._title(subject), _tabs(self.view), room),
            *(clip(line, inner) for line in (view.subtitle, *body, view.caption)),
            footer,
        ]
        if side:
            listed = list_lines(subject.step, subject.position, subject.tensor.name, side, height - 2)
            lines[1:-1] = [
                placed([(0, line), (inner + GUTTER, beside)]) for line, beside in zip(lines[1:-1], listed, strict=True)
            ]
        return _page(lines, width, height)

    def _title(self, subject: Subject) -> Line:
        if self.name not in OF_TENSORS:
            return ((self.player.lesson.scenario.title, "title"),)
        spec = subject.step.graph.spec(subject.tensor.name)
        shape = "×".join(map(str, spec.shape)) or "a single number"
        return ((subject.tensor.name, "title"), (f"  {shape}  {spec.dtype}", "faint"))

    def _viewed(self, subject: Subject, frame: Frame) -> View:
        plane = self._shown(subject)
        if self.name == "map":
            asked = Asked(plane, self._composite and subject.tensor.is_coloured, self._zoom, self._pan)
            view, self._largest = map_view(subject, asked, frame)
            self._zoom = min(self._zoom, self._largest)
            return view
        if self.name == "planes":
            return planes_view(subject, plane, frame)
        if self.name == "histogram":
            return histogram_view(subject, frame)
        if self.name == "curve":
            return curve_view(self.curves, subject.step.iteration, frame)
        view = norms_view(subject.step.run, subject.step.iteration, frame)
        self._scroll = min(self._scroll, view.scrolled)
        return view


def _tabs(chosen: int) -> Line:
    return tuple((f" {name} ", "chosen" if i == chosen else "faint") for i, name in enumerate(VIEWS))


def _page(lines: list[Line], width: int, height: int) -> Page:
    return Page(tuple(clip(placed([(MARGIN, line)]) if line else line, width) for line in lines[:height]))
