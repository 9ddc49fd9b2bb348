"""Courses: every lesson is on a path, and what it builds on comes first."""

from __future__ import annotations

import subprocess
import sys

import pytest

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.courses import Course, course, courses, missing, prerequisites, requires

LESSONS = {entry.name for entry in entries()}
SOURCES = {entry.name: entry.source for entry in entries()}
MAIN, *DOCUMENTS = courses()

every_course = pytest.mark.parametrize("path", courses(), ids=lambda path: path.name)


def test_the_first_course_holds_every_lesson_once() -> None:
    assert set(MAIN.lessons) == LESSONS
    assert len(MAIN.lessons) == len(LESSONS)


@every_course
def test_its_lessons_are_there_and_come_once(path: Course) -> None:
    assert set(path.lessons) <= LESSONS
    assert len(set(path.lessons)) == len(path.lessons)
    assert path.title
    assert path.summary
    assert all(part.title and part.lessons for part in path.parts)


@every_course
def test_what_a_lesson_builds_on_comes_first(path: Course) -> None:
    for place, lesson in enumerate(path.lessons):
        after = set(path.lessons[place:])
        assert not after & set(requires(lesson)), f"{lesson} comes before what it requires"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_s_path_holds_every_lesson_that_names_the_document(path: Course) -> None:
    assert set(path.lessons) == {name for name, source in SOURCES.items() if path.source in source.split(", ")}


def test_each_document_has_a_path() -> None:
    documents = {document for source in SOURCES.values() for document in source.split(", ")}
    assert len(documents) == 5
    assert [path.source for path in DOCUMENTS] == sorted(documents)


def test_prerequisites_are_lessons_of_the_catalogue() -> None:
    assert set(prerequisites()) <= LESSONS
    assert {name for names in prerequisites().values() for name in names} <= LESSONS


def test_the_course_goes_the_way_it_promises() -> None:
    """From a convolution over padding, channels, pooling, activations ... to training for real."""
    order = [
        "edge-detection-5x5", "same-padding-5x5", "cs231n-two-filters", "pooling-max-mean-l2", "activations",
        "batchnorm-channel-statistics", "loss-functions", "neuron-forward-loss-update", "cnn-flow",
        "pytorch-training-loop", "residual-block", "digits-cnn",
    ]  # fmt: skip
    assert [lesson for lesson in MAIN.lessons if lesson in order] == order


def test_progress() -> None:
    path = course("from-image-to-update")
    assert path.next(()) == path.lessons[0]
    assert path.next(path.lessons[:2]) == path.lessons[2]
    assert path.next(path.lessons) is None
    assert path.done([*path.lessons[:2], "space-carving"]) == 2


def test_what_is_missing_comes_in_an_order_to_see_it_in() -> None:
    assert missing("residual-block", LESSONS) == ()
    assert missing("padding-choices", ()) == ("edge-detection-5x5", "same-padding-5x5")
    assert missing("padding-choices", {"same-padding-5x5"}) == ()
    assert missing("mnist-1d:conv", ()) == missing("mnist-1d", ())
    found = missing("rotation-pretraining-digits", ())
    assert len(set(found)) == len(found)
    for place, lesson in enumerate(found):
        assert set(requires(lesson)) <= set(found[:place])


def test_a_course_that_nothing_is_called() -> None:
    with pytest.raises(StepgradError, match="there is no course 'computer-visoin'; did you mean 'computer-vision'"):
        course("computer-visoin")


def test_reading_them_takes_the_standard_library_alone() -> None:
    code = "import sys; from stepgrad.scenarios.courses import courses; courses(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "pydantic", "textual"} & set(loaded)
