"""The player under keys at random, against a model of a few lines and a player that was never anywhere else.

The model lists every cell and every term once and walks that list; the player bisects sizes and counts terms.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from written import EDGE, opened

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.timeline import LEVELS, Level
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.line import plain
from stepgrad.tui.player import Player

SEVERAL = "".join(
    f'[[script]]\n{at}say = "{i}"\n'
    for i, at in enumerate(["", "", "at = 'map[0,1]'\n", "at = 'map[0,1]'\n", "at = 'map[0,1]'\n", "at = ':end'\n"] * 2)
)
"""Two, six and two stops at one cell each."""


def lessons() -> list[Lesson]:
    with TemporaryDirectory() as folder:
        several = opened(Path(folder), EDGE + SEVERAL)
    return [*map(open_lesson, ("edge-detection-5x5", "neuron-forward-loss-update")), several]


LESSONS = lessons()
EDITS = {
    "s": ["image[0,0] = 5", "map.stride = 2", "map.padding = 1", "image[9,9] = 1"],
    "edge-detection-5x5": ["image[0,0] = 5", "feature_map.stride = 2", "feature_map.padding = 1", "image[9,9] = 1"],
    "neuron-forward-loss-update": ["lr = 0.5", "optimizer.iterations = 2", "lr = x", "optimizer.iterations = 5"],
}
STOPS = {
    "s": ["map[1,1]", "map > 1", "nan", "nowhere"],
    "edge-detection-5x5": ["feature_map[1,1]", "feature_map > 1", "feature_map[2,2]", "nan", "nowhere"],
    "neuron-forward-loss-update": ["loss", ":update", "@1", "loss < 1e-9", "loss changes", "loss <"],
}
COUNTS = st.sampled_from([1, 9, 2, 40, 3, 7, 10**15])


class Model:
    """Where a player should stand: a position, how many terms are in, and the jumps behind it."""

    def __init__(self, lesson: Lesson) -> None:
        self.level: Level = "cell"
        self.at = (0, 0)
        self.told = 0
        """Which of several stops at the position is told."""
        self.trail: list[tuple[int, int, Level, int]] = []
        self.follow(lesson)

    def follow(self, lesson: Lesson) -> None:
        self.lesson = lesson
        places = [lesson.timeline.place(step) for step in range(lesson.timeline.steps)]
        keys: dict[str, list[Any]] = {
            "iteration": [place.iteration for place in places],
            "phase": [(place.iteration, place.node.phase) for place in places],
            "layer": [(place.iteration, place.node.phase, place.node.layer) for place in places],
            "tensor": [(place.iteration, place.node.name) for place in places],
            "cell": list(range(len(places))),
        }
        self.bounds = {
            level: [0, *itertools.accumulate(len(list(group)) for _, group in itertools.groupby(found))]
            for level, found in keys.items()
        }
        self.terms = [lesson.step(step).terms for step in range(len(places))]
        self.names = [str(place.address) for place in places]

    @property
    def end(self) -> int:
        return len(self.terms)

    def move(self, count: int, level: str | None = None) -> None:
        level, before = level or self.level, self.at[0]
        for _ in range(min(abs(count), 500)):
            self.at = self._term(count > 0) if level == "term" else (self._bound(self.bounds[level], count > 0), 0)
        self.told = self.told if self.at[0] == before else 0

    def _bound(self, bounds: list[int], ahead: bool) -> int:
        position = self.at[0]
        if ahead:
            return next((bound for bound in bounds if bound > position), position)
        return next((bound for bound in reversed(bounds) if bound < position), 0)

    def _term(self, ahead: bool) -> tuple[int, int]:
        position, term = self.at
        if ahead:
            if position and term < self.terms[position - 1]:
                return position, term + 1
            return (position + 1, min(1, self.terms[position])) if position < self.end else self.at
        if term > 1:
            return position, term - 1
        return (position - 1, self.terms[position - 2]) if position > 1 else (0, 0)

    def jump(self, position: int, told: int = 0) -> None:
        here = (*self.at, self.level, self.told)
        if not self.trail or self.trail[-1] != here:
            self.trail.append(here)
        self.at, self.told = (min(max(position, 0), self.end), 0), told

    def stops(self) -> list[tuple[int, int]]:
        """Every stop, by its position and its number there, each found by counting."""
        places = [stop.position for stop in self.lesson.stops]
        return [(at, places[:i].count(at)) for i, at in enumerate(places)]


class Walk(RuleBasedStateMachine):
    @initialize(lesson=st.sampled_from(LESSONS), level=st.sampled_from(LEVELS), at=st.integers(0, 9))
    def begin(self, lesson: Lesson, level: Level, at: int) -> None:
        self.original, at = lesson, min(at, lesson.timeline.steps)
        self.player = Player(lesson, level)
        self.player.answer("go", str(at))
        self.model = Model(lesson)
        self.model.level = level
        self.model.jump(at)

    def press(self, action: str, count: int = 1) -> None:
        self.player.perform(action, count, 0.0)
        while self.player.debugger.is_searching:
            self.player.tick(0.0)

    def is_refused(self, question: str, text: str) -> bool:
        """Whether an answer is told, in a line, that it will not do."""
        told = ""
        try:
            self.player.answer(question, text)
        except StepgradError as fault:
            told = str(fault)
        assert "\n" not in told
        return bool(told)

    @rule(count=COUNTS, ahead=st.booleans())
    def step(self, count: int, ahead: bool) -> None:
        self.press("forward" if ahead else "back", count)
        self.model.move(count if ahead else -count)

    @rule(count=COUNTS, ahead=st.booleans())
    def over(self, count: int, ahead: bool) -> None:
        self.press("over" if ahead else "over_back", count)
        self.model.move(count if ahead else -count, "layer")

    @rule(count=st.integers(1, 7), finer=st.booleans())
    def change_level(self, count: int, finer: bool) -> None:
        self.press("finer" if finer else "coarser", count)
        at = LEVELS.index(self.model.level)
        found = LEVELS[min(max(at + (count if finer else -count), 0), len(LEVELS) - 1)]
        if found != self.model.level:
            self.model.at = (self.model.at[0], 0)
        self.model.level = found

    @rule(data=st.data())
    def jump(self, data: st.DataObject) -> None:
        how = data.draw(st.sampled_from(["last", "first", "go", "next_stop", "previous_stop"]))
        if how == "go":
            step = data.draw(st.integers(0, self.model.end - 1))
            self.player.answer("go", data.draw(st.sampled_from([str(step + 1), self.model.names[step]])))
            self.model.jump(step + 1, self.model.told if step + 1 == self.model.at[0] else 0)
        elif how in ("last", "first"):
            self.press(how)
            self.model.jump(self.model.end if how == "last" else 0)
        else:
            self.press(how)
            at, stops = (self.model.at[0], self.model.told), self.model.stops()
            ahead = how == "next_stop"
            beyond = [stop for stop in stops if stop > at] if ahead else [stop for stop in reversed(stops) if stop < at]
            last = max([number for position, number in stops if position == self.model.end], default=0)
            self.model.jump(*(beyond[0] if beyond else (self.model.end, last) if ahead else (0, 0)))

    @rule(text=st.sampled_from(["", "nowhere[0]", "99999999", "[[", "@77", "feature_map#1"]))
    def go_astray(self, text: str) -> None:
        place = self.player.cursor.place
        if self.is_refused("go", text):
            assert self.player.cursor.place == place
            return
        here = self.player.cursor.place
        self.model.jump(here.position, here.stop)
        self.model.at, self.model.level = (here.position, here.term), here.level

    @rule(count=st.integers(1, 3))
    def retrace(self, count: int) -> None:
        self.press("retrace", count)
        gone = self.model.trail[-count:]
        del self.model.trail[-count:]
        if gone:
            position, term, self.model.level, self.model.told = gone[0]
            self.model.at = (position, term)

    @rule(data=st.data(), back=st.booleans())
    def search(self, data: st.DataObject, back: bool) -> None:
        """Stops set, and gone to: the nearest step at which one holds, found by looking at every one."""
        for text in data.draw(st.lists(st.sampled_from(STOPS[self.original.name]), max_size=2)):
            self.is_refused("stop", text)
        self.press("continue_back" if back else "continue_on")
        hits = {
            at
            for point in self.player.debugger.breaks.active
            for iteration in range(self.model.lesson.timeline.iterations)
            for at in point.positions(self.model.lesson.history, iteration)
        }
        written = self.model.at[0] - (0 < self.model.at[1] < self.model.terms[self.model.at[0] - 1])
        ahead = [at for at in hits if (at < written if back else at > written)]
        if ahead:
            self.model.jump(max(ahead) if back else min(ahead))

    @rule(data=st.data(), count=st.integers(1, 3))
    def what_if(self, data: st.DataObject, count: int) -> None:
        """Something changed, or a change taken back; a change that does not fit leaves everything as it is."""
        edits = EDITS[self.original.name]
        chosen = data.draw(st.sampled_from([*edits, "undo", "redo", "original", "reseed"]))
        if chosen not in edits:
            self.press(chosen, count)
        else:
            before = self.player.lesson
            assert not self.is_refused("edit", chosen) or self.player.lesson is before
        if self.player.lesson is not self.model.lesson:
            self.followed()

    def followed(self) -> None:
        """Where the player stands in the other lesson is where its cell is; the model takes it from there."""
        before, name = self.model.at, self.model.names[self.model.at[0] - 1] if self.model.at[0] else None
        self.model.follow(self.player.lesson)
        place = self.player.cursor.place
        if name in self.model.names or name is None:
            assert place.position == (self.model.names.index(name) + 1 if name else 0), (before, name)
        here = [number for position, number in self.model.stops() if position == place.position]
        assert place.stop in (here or [0])
        self.model.at, self.model.told = (place.position, place.term), place.stop
        self.model.trail = [(at.position, at.term, at.level, at.stop) for at in self.player.cursor._trail]

    @rule(action=st.sampled_from(["digits", "page_down", "page_up", "stop_here", "slower", "faster"]))
    def look(self, action: str) -> None:
        self.press(action)

    @rule(seconds=st.floats(0.1, 5), rule=st.sampled_from(["play", "run_to_note"]))
    def play(self, seconds: float, rule: str) -> None:
        """Whatever the clock says, a play goes forward, past no note's rest and past no stop."""
        before = self.player.cursor.place.told
        self.press(rule)
        self.player.tick(seconds)
        self.player.autoplay.stop()
        place = self.player.cursor.place
        assert place.told >= before
        self.model.at, self.model.told = (place.position, place.term), place.stop

    @invariant()
    def stands_where_the_model_does(self) -> None:
        place = self.player.cursor.place
        assert ((place.position, place.term), place.level) == (self.model.at, self.model.level)
        assert place.stop == self.model.told

    @invariant()
    def shows_what_a_fresh_player_shows(self) -> None:
        """On screens of two sizes in turn, a player made only now, and put at the same place, shows the same lines."""
        settings = self.player.what_if.edits.settings
        fresh = Player(self.original)
        if settings:
            fresh.what_if.edits._go(dict(settings))
            fresh.follow(fresh.what_if.edits.lesson)
        fresh.cursor.place = self.player.cursor.place
        fresh._all_digits, fresh._page = self.player._all_digits, self.player._page
        fresh.debugger.resume(self.player.debugger.left())
        size = (80, 24) if self.player.cursor.position % 2 else (120, 40)
        kept, made = (player.pages.page(player.state, *size).lines for player in (self.player, fresh))
        assert [plain(line) for line in kept] == [plain(line) for line in made]


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=40, stateful_step_count=25)
