"""A session as somebody sits before it: one question at a time, what was said of it, and the grid to type in."""

from __future__ import annotations

from collections.abc import Sequence

from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.verdict import Mark, Outcome, Verdict
from stepgrad.tui.drilling import words
from stepgrad.tui.drilling.commands import Command, command, commands
from stepgrad.tui.drilling.grid import Grid

FEW = 2
"""Lines of a solution that is told with a right answer."""
Told = tuple[str, str]
"""A text, and the name of its style."""


class Sitting:
    """What the drill's screen shows. Each command of the table that a screen has no part in has the method of its name.

    A question is open until it is answered right or its solution is shown; then it stays until the next one is wanted.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.told: list[Told] = []
        self.grid: Grid | None = None
        """Where the numbers of a row or a matrix are typed; None where a line is."""
        self.is_over = False
        self.first = 0
        """The first line shown of a question that is longer than the screen."""
        self.is_typing = False
        """Whether the grid was written in since the question was scrolled."""
        self.is_solved = False
        """Whether the solution is shown."""
        said = words.opening(session)
        self.skip()
        self._tell(said)

    @property
    def question(self) -> Question | None:
        asked = self.session.current
        return asked.question if asked is not None and not self.is_over else None

    @property
    def is_asking(self) -> bool:
        """Whether an answer is awaited."""
        return not self.is_over and self.session.is_open and not self.is_solved

    @property
    def is_rateable(self) -> bool:
        """Whether the last answer may be said to have come easy, or hard: it was right at once."""
        asked = self.session.current
        return bool(asked and asked.rating not in (None, Rating.AGAIN)) and not self.session.is_exam

    @property
    def commands(self) -> list[Command]:
        return commands(is_exam=self.session.is_exam)

    def named(self, line: str) -> Command | None:
        """The command that a line is; None where it is an answer."""
        return command(line, is_exam=self.session.is_exam)

    def answer(self, text: str) -> Verdict:
        """Grade an answer. What is no mark is for the field to say."""
        verdict = self.session.answer(text)
        if self.grid is not None:
            self.grid.grade(verdict.marks)
        if not verdict.counts:
            return verdict
        said = words.told(self.session, verdict)
        if self.session.is_exam:
            self.skip()
            self._tell(said)
            return verdict
        right = verdict.outcome is Outcome.RIGHT
        self.told = [(hint, "") for hint in self._hints]
        self._tell(
            said,
            *counted(verdict.marks),
            *(self._worked if right else ()),
            style="done" if right else "wrong",
        )
        return verdict

    def skip(self) -> None:
        """To the next question."""
        self.told = []
        self.is_over = self.session.next() is None
        self._lay()

    def hint(self) -> None:
        if self.is_asking:
            self.told = [told for told in self.told if told[0] not in (words.SPENT, words.NONE)]
            self._tell(words.hint(self.session))

    def why(self) -> None:
        """The solution. A question that is still open is closed by it, and counts as not known."""
        if not self.is_over and not self.is_solved:
            lines = self.session.why()
            self.told = [told for told in self.told if told[0] not in (*self._hints, *lines)]
            self._tell(*lines)
            self.is_solved = True

    def undo(self) -> None:
        if self.session.undo() is None:
            self._tell("There is nothing to take back.")
        else:
            self.told, self.is_over = [("Taken back.", "strong")], False
            self._lay()

    def easy(self) -> None:
        self._rate(Rating.EASY)

    def hard(self) -> None:
        self._rate(Rating.HARD)

    def again(self) -> None:
        """The question is on the screen already."""

    def scroll(self, by: int) -> None:
        self.first, self.is_typing = max(self.first + by, 0), False

    @property
    def _worked(self) -> tuple[str, ...]:
        """How the right answer comes about, where that is short."""
        solution = self.question.solution if self.question is not None else ()
        return solution if len(solution) <= FEW else ()

    @property
    def _hints(self) -> tuple[str, ...]:
        """The hints that were given for this question."""
        asked = self.session.current
        return asked.question.hints[: asked.hints] if asked is not None else ()

    def _rate(self, rating: Rating) -> None:
        if self.is_rateable:
            said = words.noted(self.session, rating)
            self.skip()
            self._tell(said)

    def _lay(self) -> None:
        """Begin with the question that is asked now."""
        self.first, self.is_solved, self.is_typing = 0, False, False
        answer = self.question.answer if self.question is not None else None
        self.grid = Grid(answer.shape) if isinstance(answer, Numbers) and answer.shape else None

    def _tell(self, *lines: str, style: str = "") -> None:
        """Add to what was said; the first line may stand out."""
        found = [line for line in lines if line]
        self.told += [(line, style if i == 0 else "") for i, line in enumerate(found)]


def counted(marks: Sequence[Mark]) -> list[str]:
    """`7 RIGHT, 1 WRONG, 1 NOT DONE`; nothing where there is one cell or all are right."""
    if not marks or set(marks) == {Mark.RIGHT}:
        return []
    return [", ".join(f"{marks.count(mark)} {mark}" for mark in Mark if mark in marks)]
