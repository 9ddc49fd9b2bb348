"""The scenarios that come with stepgrad: their numbers against the golden files, their words against the run."""

from __future__ import annotations

import re
import textwrap
import tomllib
from pathlib import Path

import numpy as np
import pytest
from golden_file import golden
from laws.parser import sides, value_of
from lessons import NAMES, every_file, every_lesson, steps_of, to_its_end, trains

from stepgrad.scenarios.catalogue import FOLDER, entries, find, locate, split
from stepgrad.scenarios.check import check
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import Lesson, open_lesson

SMALL = 3000
"""Scenarios with more steps than this are sampled."""


def maps(name: str, tensor: str) -> object:
    """A tensor of a scenario, its leading axes of 1 left out."""
    return np.squeeze(open_lesson(name).tensors()[tensor]).tolist()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("edge-detection-5x5", "feature_map"),
        ("edge-detection-5x5:flipped", "flipped_kernel_map"),
        ("edge-detection-5x5:zero-sum", "zero_sum_kernel_map"),
    ],
)
def test_edge_detection(name: str, expected: str) -> None:
    assert maps(name, "feature_map") == golden("edge-detection-5x5").expected[expected]


def test_every_window_and_product_of_the_edge_detection() -> None:
    lesson, expected = open_lesson("edge-detection-5x5"), golden("edge-detection-5x5").expected
    for number in range(9):
        step = lesson.step(number)
        i, j = divmod(number, 3)
        window = [reading.value for reading in step.reads if reading.tensor == "image"]
        products = [step.term(k).trace.value for k in range(step.terms)]
        assert window == np.ravel(expected["windows"][i][j]).tolist()
        assert products == np.ravel(expected["products"][i][j]).tolist()


def test_same_padding() -> None:
    assert maps("same-padding-5x5", "feature_map") == golden("same-padding-5x5").expected["feature_map"]
    inner = np.array(maps("same-padding-5x5", "feature_map"))[1:-1, 1:-1].tolist()
    assert inner == golden("edge-detection-5x5").expected["feature_map"]


def test_two_filters_and_their_channel_sums() -> None:
    lesson, expected = open_lesson("cs231n-two-filters"), golden("cs231n-two-filters").expected
    assert maps("cs231n-two-filters", "out") == expected["out"]
    for number in range(18):
        step = lesson.step(number)
        _, m, i, j = step.index
        assert step.terms == 28
        sums = np.cumsum([expected["channel_sums"][m][c][i][j] for c in range(3)]).tolist()
        assert [step.term(k).partial for k in (8, 17, 26)] == sums


def test_full_convolution_either_way_round() -> None:
    expected = golden("conv1d-full").expected
    assert maps("conv1d-full", "s") == maps("conv1d-full:swapped", "s") == expected["full"]
    unflipped = maps("conv1d-full:unflipped", "s")
    assert unflipped == np.correlate([1, 2, 3, 4], [5, 6, 7, 8], "full").tolist()
    assert unflipped[3] == expected["valid_cross_correlation"]  # type: ignore[index]


@every_file
def test_check_finds_nothing(name: str) -> None:
    assert check(name).faults == ()


@every_lesson
def test_the_printed_arithmetic_of_every_step_gives_its_value(name: str) -> None:
    lesson = open_lesson(name)
    steps, exact = steps_of(lesson), lesson.scenario.dtype == "float64"
    rel, abs_ = (1e-9, 1e-12) if exact else (1e-4, 1e-5)
    numbers = range(steps) if steps <= SMALL else np.random.default_rng(0).integers(0, steps, 200).tolist()
    for number in numbers:
        step = lesson.step(number)
        arithmetic, value = sides(step.arithmetic(limit=None))
        assert value_of(arithmetic) == pytest.approx(step.value, rel=rel, abs=abs_, nan_ok=True)
        assert value_of(value) == pytest.approx(step.value, rel=1e-15, nan_ok=True)


@to_its_end
def test_a_lecture_begins_before_the_first_step_ends_at_the_last_and_fits_the_screen(name: str) -> None:
    lesson = open_lesson(name)
    assert lesson.stops[0].position == 0
    assert lesson.stops[-1].position == lesson.timeline.steps
    for stop in lesson.stops:
        said = lesson.say(stop).replace("**", "")
        assert len(textwrap.wrap(said, 76)) <= 4, said
        assert bool(stop.erratum) == bool(stop.printed)
        lesson.notes(stop)


@pytest.mark.parametrize("name", [name for name in NAMES if trains(name)])
def test_a_lesson_that_trains_begins_at_once(name: str) -> None:
    """What it says in its first iterations takes no training; the rest of its script is a slow test."""
    lesson = open_lesson(name)
    near = [stop for stop in lesson.stops if stop.position <= steps_of(lesson)]
    assert lesson.stops[0].position == 0
    assert lesson.stops[-1].position == lesson.timeline.steps
    for stop in near:
        assert len(textwrap.wrap(lesson.say(stop).replace("**", ""), 76)) <= 4


@every_lesson
def test_no_number_of_the_run_is_typed(name: str) -> None:
    """Digits stand in braces, in what was printed, in a scenario's name, or in what the reader is asked to type."""
    for stop in open_lesson(name).stops:
        said = re.sub(r"\{[^}]*\}|--set \S+|Try this.*|[a-z0-9]+(-[a-z0-9]+)+|0'", "", stop.template)
        assert stop.erratum or not re.search(r"\d", said), said


def test_an_entry_says_what_a_list_shows() -> None:
    for entry in entries():
        tables = tomllib.loads(entry.path.read_text("utf-8"))
        assert (entry.title, entry.summary, entry.source) == (tables["title"], tables["summary"], tables["source"])
        assert entry.topics
        assert list(entry.variants) == list(tables.get("variants", {}))
        assert find(entry.name) == find(f"{entry.name}:any") == entry.path == FOLDER / f"{entry.name}.toml"


def test_a_name_that_nothing_has() -> None:
    with pytest.raises(
        ScenarioError, match=r"^there is no scenario 'edge-detektion', and no file .*did you mean 'edge"
    ):
        find("edge-detektion")
    with pytest.raises(ScenarioError, match="`stepgrad list` names them all"):
        find("zzzzzz")


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("edge", ("edge", None)),
        ("edge:flipped", ("edge", "flipped")),
        ("a/b.toml:v", ("a/b.toml", "v")),
        (r"C:\lessons\a.toml", (r"C:\lessons\a.toml", None)),
        (r"C:\lessons\a.toml:v", (r"C:\lessons\a.toml", "v")),
        (":v", (":v", None)),
    ],
)
def test_a_variant_stands_behind_the_last_colon(name: str, parts: tuple[str, str | None]) -> None:
    assert split(name) == parts


def test_a_path_is_a_path_and_a_word_is_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("s.toml", "odd:name.toml", "edge-detection-5x5"):
        (tmp_path / name).write_text("")
    assert locate("s.toml") == (Path("s.toml"), None)
    assert locate("s.toml:v") == (Path("s.toml"), "v")
    assert locate("odd:name.toml") == (Path("odd:name.toml"), None)
    assert locate("./none.toml:v") == (Path("./none.toml"), "v")
    assert locate("edge-detection-5x5")[0].parent == FOLDER


def test_a_lesson_is_the_same_from_its_name_and_from_its_file() -> None:
    by_name: Lesson = open_lesson("edge-detection-5x5:flipped")
    by_file = open_lesson(f"{FOLDER / 'edge-detection-5x5.toml'}:flipped")
    assert by_name.name == by_file.name
    assert by_name.stops == by_file.stops
