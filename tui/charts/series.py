"""Values over the iterations, worked out in the background while the player goes on, and kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np

from stepgrad.engine.errors import AddressError, StepgradError
from stepgrad.engine.expression import Expression
from stepgrad.engine.history import History
from stepgrad.engine.run import Run
from stepgrad.engine.timeline import Address, complete

KEPT = 1024
"""Points of a series; when there are more, every other one is dropped, as checkpoints are."""
SLICE = 0.002
"""Seconds of work, after which the keys are given time."""
PAUSE = 0.001
TOLD = 0.1
"""Seconds between two reports."""

Measure = Callable[[Run], float | None]
"""The value of an iteration; None where it has none. Raises StepgradError where it never will have."""


class Series:
    """A value of each iteration, as far as the iterations have been run."""

    def __init__(self, text: str, iterations: int) -> None:
        self.text = text
        self.iterations = iterations
        self.done = 0
        """How many iterations have been looked at."""
        self.fault = ""
        """Why there is no value."""
        self._points: list[tuple[int, float | None]] = []
        self._stride = 1

    @property
    def is_finished(self) -> bool:
        return bool(self.fault) or self.done >= self.iterations

    @property
    def points(self) -> list[tuple[int, float | None]]:
        """What is kept, and the newest point."""
        return list(self._points)

    def add(self, value: float | None) -> None:
        """The value of the next iteration."""
        if self.done % self._stride == 0 or self.done == self.iterations - 1:
            self._points.append((self.done, value))
        if len(self._points) > KEPT:
            self._stride *= 2
            self._points = [point for point in self._points if point[0] % self._stride == 0]
        self.done += 1


class Recorder:
    """Runs the iterations of a history once for all series that were asked for, in a thread of its own.

    Whatever of a lesson is drawn or watched asks the same one. The history itself is left alone: nothing the player
    keeps is lost to it.
    """

    def __init__(self, history: History) -> None:
        self.history = history
        self._listeners: list[Callable[[], object]] = []
        self._series: dict[str, Series] = {}
        self._measures: dict[str, Measure] = {}
        self._waiting: list[str] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def tell(self, listener: Callable[[], object]) -> None:
        """Have it called, from the thread, whenever more is known."""
        self._listeners.append(listener)

    def expression(self, expression: Expression) -> Series:
        """The series of an expression."""
        return self.series(expression.text, Watched(expression, self.history))

    def series(self, text: str, measure: Measure) -> Series:
        """The series of that name, which is begun where it is new."""
        with self._lock:
            if text not in self._series:
                self._series[text] = Series(text, self.history.timeline.iterations)
                self._measures[text] = measure
                self._waiting.append(text)
                if self._thread is None:
                    # A daemon, so that leaving never waits for it.
                    self._thread = threading.Thread(target=self._work, daemon=True)
                    self._thread.start()
            return self._series[text]

    def stop(self) -> None:
        """End the work where it is; what is there stays."""
        self._stopped.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until everything asked for is there. Returns whether it is."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return all(series.is_finished for series in self._series.values())

    def _changed(self) -> None:
        for listener in self._listeners:
            listener()

    def _work(self) -> None:
        while not self._stopped.is_set():
            with self._lock:
                asked, self._waiting = self._waiting, []
                if not asked:
                    self._thread = None
                    break
            self._record([(self._series[text], self._measures[text]) for text in asked])
        self._changed()

    def _record(self, wanted: list[tuple[Series, Measure]]) -> None:
        began = told = time.monotonic()
        try:
            for run in self.history.walk():
                for series, measure in wanted:
                    _measured(series, measure, run)
                now = time.monotonic()
                if self._stopped.is_set() or all(series.fault for series, _ in wanted):
                    return
                if now - told > TOLD:
                    told = now
                    self._changed()
                if now - began > SLICE:
                    time.sleep(PAUSE)
                    began = time.monotonic()
        except Exception as fault:
            # Nobody would hear of it: the thread would end, and the series never be finished.
            for series, _ in wanted:
                series.fault = str(fault) or type(fault).__name__


def _measured(series: Series, measure: Measure, run: Run) -> None:
    if not series.fault:
        try:
            series.add(measure(run))
        except StepgradError as fault:
            series.fault = str(fault)


class Watched:
    """An expression as a measure: what it comes to in an iteration, a single number."""

    def __init__(self, expression: Expression, history: History) -> None:
        self.expression = expression
        self._history = history
        self._fixed: dict[Address, Any] = {}

    def __call__(self, run: Run) -> float | None:
        """The value; None where the iteration has not the tensors it is about. Raises StepgradError."""
        if any(address.iteration is None and address.tensor not in run.graph for address in self.expression.addresses):
            return None
        found = np.asarray(self.expression.value(lambda address: self._read(run, address)))
        if found.size != 1:
            raise StepgradError(
                f"'{self.expression.text}' is {'x'.join(map(str, found.shape))}, not a single number; "
                f"write norm({self.expression.text}), max(...), mean(...) or one cell"
            )
        return float(found.reshape(()))

    def _read(self, run: Run, address: Address) -> Any:
        if address.iteration is None:
            return _cell(run, address)
        if address not in self._fixed:
            self._history.timeline.graph(address.iteration)  # raises where there is no such iteration
            at = next(islice(self._history.walk(), address.iteration, None))
            self._fixed[address] = _cell(at, address)
        return self._fixed[address]


def _cell(run: Run, address: Address) -> Any:
    """A cell of a run, or a whole tensor."""
    if address.tensor is None or address.tensor not in run.graph:
        raise AddressError(f"there is no tensor '{address.tensor}' in iteration {address.iteration}")
    host = run.host(address.tensor)
    if address.index is None:
        return host
    index = complete(address.index, host.shape)
    if index is None:
        raise AddressError(f"{address} does not fit {address.tensor}, which is {list(host.shape)}")
    return host[index]
