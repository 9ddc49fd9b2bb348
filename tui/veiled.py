"""A page with what a teacher hides covered: nothing moves, and only what is hidden looks different."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from stepgrad.scenarios.narration import is_computed
from stepgrad.tui.drawing import View, Written
from stepgrad.tui.hues import hues
from stepgrad.tui.line import BLANK, Line, Run, filled, spread
from stepgrad.tui.veil import ANSWER, TOLD, VALUE, Veil
from stepgrad.tui.working import name_of

if TYPE_CHECKING:
    from stepgrad.engine.step import Step
    from stepgrad.tui.sight import Sight, State


class _Covered:
    """Writes every number alike."""

    def text(self, value: float) -> str:
        return VALUE


COVERED = _Covered()


def veiled(sight: Sight, state: State, last: Step) -> Sight:
    """What the player looks at, without what is hidden of it; `last` is the step just taken."""
    step, hidden, position = sight.step, state.veil, state.position
    # A look-up may be about another step than the one just taken.
    here = step.number == position - 1
    result = hidden.values or (hidden.answers and here)
    views = [_covered(view, step, hidden) for view in sight.views]
    if sight.words:
        # What is said of a check is its result, and what a cell goes into starts with the cell.
        if hidden.answers:
            views = [_blank(view) if view.plane.tensor == last.node.name else view for view in views]
        return sight._replace(views=views, words=filled([(TOLD, "faint")], sight.frame.inner))
    terms = [] if hidden.arithmetic else [_line(line, sight, hidden, result=result) for line in sight.terms]
    working = list(sight.result)
    if working and position > step.number and (result or hidden.arithmetic):
        within = 0 < state.term < step.terms
        # A sum's last line adds up what is hidden; what is no sum is all there, but for what it comes to.
        is_told_by = step.terms <= 1 and not hidden.arithmetic and not hidden.values
        working = [_asked(line) for line in working] if is_told_by else [_result(sight, hidden=result or within)]
    return sight._replace(
        views=[_unwritten(view) for view in views] if hidden.answers and here else views, terms=terms, result=working
    )


def _covered(view: View, step: Step, hidden: Veil) -> View:
    """A plane whose numbers are worked out."""
    if not hidden.values or not is_computed(step.graph, view.plane.tensor, step.iteration):
        return view
    return _blank(view)


def _blank(view: View) -> View:
    return view._replace(scale=COVERED, key=("hidden", view.key))


def _unwritten(view: View) -> View:
    """The plane that is written, as it was before its last cell; the mark stays."""
    cell = next(((row, col) for row, columns in view.marks.items() for col in columns), None)
    if view.style != "new" or view.written is None or cell is None:
        return view
    return view._replace(written=Written(view.written.cells - 1, cell))


def _line(line: Line, sight: Sight, hidden: Veil, *, result: bool) -> Line:
    """A line of terms: the partial sums are results too, and any operand may be a number that was worked out."""
    step = sight.step
    # Operands are told apart by their hue; where two share one, both are hidden.
    worked_out = {
        hue
        for name, hue in hues(sight.frame.plan).items()
        if hidden.values and is_computed(step.graph, name, step.iteration)
    }

    def runs() -> Iterator[Run]:
        for text, style in line:
            if result and style == "strong":
                yield ANSWER.ljust(len(text)), style
            elif style in worked_out:
                yield VALUE.ljust(len(text)), style
            else:
                yield text, style

    return tuple(runs())


def _asked(line: Line) -> Line:
    """`out[0,0] = max(3.5, 0) = ?`"""
    return tuple((ANSWER, "next") if style == "result" else (text, style) for text, style in line if style != "changed")


def _result(sight: Sight, *, hidden: bool) -> Line:
    """`out[0,0] = ?`, or the result alone."""
    found = [run for line in sight.result for run in line if run[1] == "result"]
    end: Run = (ANSWER, "next") if hidden or not found else found[-1]
    line: Line = ((name_of(sight.step), "label-new"), (" = ", ""), end)
    note = sight.note[0] if sight.note and not sight.heights.note else BLANK
    return spread(line, note, sight.frame.inner)
