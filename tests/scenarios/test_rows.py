"""Every row of the material is taught by a lesson, in words about it, and tested; every erratum is named by one."""

from __future__ import annotations

import pytest
from rows import COUNTS, DOCUMENTS, ERRATA, LEFT_OUT, ROWS, checks_of, errata, table, words_of

from stepgrad.scenarios.catalogue import entries

SOURCES = {entry.name: entry.source for entry in entries()}
CLAIMED = sorted({lesson for lessons in ROWS.values() for lesson in lessons})


def test_no_row_is_missing() -> None:
    wanted = [f"{document}.{k}" for document, count in enumerate(COUNTS, start=1) for k in range(1, count + 1)]
    assert list(ROWS) == wanted
    assert {row for row, lessons in ROWS.items() if not lessons} == set(LEFT_OUT)


@pytest.mark.parametrize(("row", "lesson"), [(row, lesson) for row, lessons in ROWS.items() for lesson in lessons])
def test_a_lesson_teaches_its_row(row: str, lesson: str) -> None:
    assert " ".join(ROWS[row][lesson].lower().split()) in words_of(lesson).lower()


@pytest.mark.parametrize("row", [row for row in ROWS if row not in LEFT_OUT])
def test_a_lesson_of_the_row_names_its_document(row: str) -> None:
    document = DOCUMENTS[int(row.partition(".")[0]) - 1]
    assert any(document in SOURCES[lesson] for lesson in ROWS[row])


@pytest.mark.parametrize("lesson", CLAIMED)
def test_a_lesson_that_teaches_a_row_is_tested(lesson: str) -> None:
    assert checks_of(lesson)


@pytest.mark.parametrize("number", ERRATA)
def test_every_erratum_is_named_with_what_was_printed(number: str) -> None:
    assert errata()[number]


def test_every_lesson_teaches_a_row() -> None:
    beside = {"same-padding-5x5", "digits-cnn"}
    assert set(SOURCES) - set(CLAIMED) <= beside


def test_the_table_has_a_line_for_every_row_and_erratum() -> None:
    lines = table().split("\n")[2:]
    assert {line.split(" | ")[0].strip("| ") for line in lines} == {*ROWS, *ERRATA}
