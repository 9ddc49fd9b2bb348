"""Iterations: any of them, at any time, bit for bit the same. A few starts are kept; the rest is run again."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from stepgrad.engine.backend import NUMPY, Backend
from stepgrad.engine.graph import Graph
from stepgrad.engine.op import Array
from stepgrad.engine.run import Run
from stepgrad.engine.step import Step
from stepgrad.engine.timeline import Timeline

BUDGET = 16 << 20
"""Bytes of checkpoints kept at least."""
STATES = 64
"""Checkpoints kept at least, however large."""
HEADER = 128
"""Bytes an array takes beside its numbers: small states are mostly this."""
RECENT = 3
"""Runs kept whole, so that stepping to and fro over an update costs nothing."""

State = Mapping[str, Array]
Feed = Callable[[int], State]
"""The input batch of an iteration, which depends on the iteration alone."""


class History:
    """The runs of a timeline. Iteration i + 1 starts from what iteration i wrote as `NAME.new`.

    Checkpoints follow the thinning policy: when full, every other one is dropped and the stride doubles, so no
    length need be known and any iteration is at most one stride of work away. The starts of the stretch that was run
    last are kept too, a quarter of what there is room for, so that going back costs few iterations again.
    """

    def __init__(
        self,
        timeline: Timeline,
        sources: State,
        backend: Backend = NUMPY,
        feed: Feed | None = None,
        *,
        budget: int = BUDGET,
    ) -> None:
        self.timeline = timeline
        self.backend = backend
        self.sources = sources
        self._feed = feed
        self._budget = budget
        self._starts: dict[int, State] = {0: self._initial()}
        self._stride = 1
        self._stretch: OrderedDict[int, State] = OrderedDict()
        self._recent: OrderedDict[int, Run] = OrderedDict()

    def step(self, number: int) -> Step:
        """Step `number`, from 0."""
        place = self.timeline.place(number)
        return Step(number, place, self.run(place.iteration))

    def run(self, iteration: int) -> Run:
        """All tensors of an iteration."""
        found = self._recent.get(iteration)
        if found is not None:
            self._recent.move_to_end(iteration)
            return found
        self.timeline.graph(iteration)  # raises where there is no such iteration
        at, state = self._nearest(iteration)
        while True:
            run = self._execute(at, state)
            self._remember(at, run)
            if at == iteration:
                return run
            state = self._after(at, run)
            at += 1
            self._checkpoint(at, state)

    def walk(self) -> Iterator[Run]:
        """Every iteration in turn, none of them kept: for who looks at all of them, in a thread of its own too."""
        state = self._initial()
        for at in range(self.timeline.iterations):
            run = self._execute(at, state)
            yield run
            state = self._after(at, run)

    def follow(self, timeline: Timeline) -> None:
        """Go on with another timeline, which agrees with this one as far as anything has run."""
        self.timeline = timeline

    def _nearest(self, iteration: int) -> tuple[int, State]:
        """The closest earlier start: a checkpoint, one of the last stretch, or what a recent run wrote."""
        if iteration in self._stretch:
            return iteration, self._stretch[iteration]
        if iteration - 1 in self._recent:
            return iteration, self._start_after(iteration - 1)
        # Checkpoints are every multiple of the stride, as far as anything has run.
        at = min(iteration - iteration % self._stride, next(reversed(self._starts)))
        passed = max((i for i in self._stretch if at < i <= iteration), default=at)
        recent = max((i + 1 for i in self._recent if passed < i + 1 <= iteration), default=None)
        if recent is None:
            return passed, self._starts[at] if passed == at else self._stretch[passed]
        return recent, self._start_after(recent - 1)

    def _start_after(self, at: int) -> State:
        """What the iteration after a recent one starts from."""
        state = self._after(at, self._recent[at])
        self._checkpoint(at + 1, state)
        return state

    def _execute(self, at: int, state: State) -> Run:
        graph = self.timeline.graph(at)
        fed = {} if self._feed is None else self._feed(at)
        return Run(graph, {**self._fresh(graph, state), **state, **fed}, self.backend)

    def _fresh(self, graph: Graph, state: State) -> State:
        """The state that nobody gave and no iteration has written yet, as it starts."""
        return {
            name: self.backend.asarray(np.full(source.spec.shape, source.start), source.spec.dtype)
            for name, source in graph.sources.items()
            if source.role == "state" and name not in state
        }

    def _remember(self, at: int, run: Run) -> None:
        self._recent[at] = run
        self._recent.move_to_end(at)
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)

    def _initial(self) -> State:
        """The first iteration's sources. Inputs never change unless they are fed."""
        return dict(self.sources)

    def _after(self, at: int, run: Run) -> State:
        """What iteration at + 1 starts from. A new stage keeps parameters and buffers; its optimizer starts fresh."""
        sources, written = run.graph.sources, run.graph.state
        kept = ("parameter", "buffer", "state") if self._goes_on(at) else ("parameter", "buffer")
        state = dict(self.sources)
        # What this stage does not reach goes on to the next as it is.
        state |= {name: run.tensors[name] for name in self.sources if name not in sources and name in run.tensors}
        return state | {
            name: run.tensors[written.get(name, name)] for name, source in sources.items() if source.role in kept
        }

    def _goes_on(self, at: int) -> bool:
        """Whether the iteration after this one is of the same stage."""
        if at + 1 >= self.timeline.iterations:
            return False
        here, there = self.timeline.graph(at), self.timeline.graph(at + 1)
        return here is there or (here.stage is not None and here.stage == there.stage)

    def _checkpoint(self, at: int, state: State) -> None:
        room = self._room(state)
        self._stretch[at] = state
        while len(self._stretch) > room // 4:
            self._stretch.popitem(last=False)
        if at % self._stride or at in self._starts:
            return
        self._starts[at] = state
        while len(self._starts) > room - room // 4:
            self._stride *= 2
            self._starts = {i: kept for i, kept in self._starts.items() if i % self._stride == 0}

    def _room(self, state: State) -> int:
        """How many checkpoints fit: only what an iteration changed takes memory of its own."""
        changed = [array for name, array in state.items() if array is not self.sources.get(name)]
        size: int = sys.getsizeof(state) + sum(HEADER + array.nbytes for array in changed)
        return max(STATES, self._budget // size)
