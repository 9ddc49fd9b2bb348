"""A sheet of questions to print, with its answer key, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from stepgrad.scenarios.drills.answers import Choice
from stepgrad.scenarios.drills.question import Question


def sheet(questions: Sequence[Question], title: str, made_by: str = "") -> str:
    """The questions with room for an answer, and the key on a page of its own."""
    key = (line for number, question in enumerate(questions, 1) for line in _solved(number, question))
    asked = (line for number, question in enumerate(questions, 1) for line in _asked(number, question))
    made = ["", f"<!-- {made_by} -->"] if made_by else []
    page = '<div style="page-break-before: always"></div>'
    return "\n".join([f"# {title}", *made, *asked, "", page, "", "# Answer key", "", *key]) + "\n"


def _asked(number: int, question: Question) -> Iterator[str]:
    yield from ("", f"## {number}", "", escaped(question.prompt))
    if question.given:
        yield from ("", "```text", *_matrices(question), "```")
    if isinstance(question.answer, Choice):
        yield ""
        yield from _options(question.answer)
    yield from ("", f"Answer ({question.answer.asks}): ______________________")


def _matrices(question: Question) -> Iterable[str]:
    for i, plane in enumerate(question.given):
        width = max(len(cell) for row in plane.rows for cell in row)
        yield from ([""] if i else [])
        yield plane.name
        yield from ("  ".join(cell.rjust(width) for cell in row) for row in plane.rows)


def _options(answer: Choice) -> Iterator[str]:
    for letter, option in zip(answer.letters, answer.options, strict=True):
        yield f"- {letter}) {escaped(option)}"


def _solved(number: int, question: Question) -> Iterator[str]:
    yield f"{number}. **{escaped(question.answer.written)}**"
    yield from (f"   {escaped(line)}" for line in question.solution)


def escaped(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return "".join(f"\\{sign}" if sign in r"\*_[]<>`#|" else sign for sign in text)
