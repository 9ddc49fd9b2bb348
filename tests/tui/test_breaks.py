"""Stops: set, turned off, looked for, and kept in a lesson with other numbers."""

from __future__ import annotations

import pytest

from stepgrad.engine.breakpoints import seek
from stepgrad.engine.errors import StepgradError
from stepgrad.engine.timeline import Address
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.breaks import Breaks, Diverges


@pytest.fixture(scope="module")
def neuron() -> Lesson:
    return open_lesson("neuron-forward-loss-update")


@pytest.fixture(scope="module")
def diverging() -> Lesson:
    """A learning rate far too large: the loss is not finite after a few iterations."""
    return open_lesson("neuron-forward-loss-update", {"optimizer.lr": 1e60, "optimizer.iterations": 12})


def never() -> bool:
    return False


def test_a_stop_is_set_and_taken_away_at_the_same_cell(neuron: Lesson) -> None:
    breaks = Breaks(neuron)
    cell = neuron.timeline.place(0).address
    found, is_set = breaks.toggle(cell)
    assert is_set
    assert breaks.ticks(0) == [1]
    assert breaks.ticks(2) == [neuron.timeline.start(2) + 1], "in every iteration"
    assert breaks.toggle(Address(cell.tensor, cell.index, iteration=2)) == (found, False)
    assert breaks.all == []


def test_one_that_was_typed_is_taken_away_at_its_cell() -> None:
    lesson = open_lesson("edge-detection-5x5")
    breaks = Breaks(lesson)
    breaks.add("feature_map[0,1]")
    assert breaks.toggle(Address("feature_map", (0, 0, 0, 1), iteration=0))[1] is False


def test_a_given_number_stops_where_it_changes(neuron: Lesson) -> None:
    breaks = Breaks(neuron)
    name, shape = next((n, s.spec.shape) for n, s in neuron.timeline.graph(0).sources.items() if s.role == "parameter")
    found, _ = breaks.toggle(Address(name, (0,) * len(shape)))
    assert found.text.endswith(" changes")
    at, point = seek(neuron.history, breaks.active, 0, 1)
    assert point is found.point
    assert neuron.timeline.place(at - 1).node.name == f"{name}.new"


def test_a_given_number_that_never_changes_is_no_place_to_stop() -> None:
    with pytest.raises(StepgradError, match=r"image\[0,0\] is given and never changes"):
        Breaks(open_lesson("edge-detection-5x5")).toggle(Address("image", (0, 0, 0, 0)))


def test_the_same_stop_twice_is_one(neuron: Lesson) -> None:
    breaks = Breaks(neuron)
    breaks.add("loss < 0.1").on = False
    assert breaks.add("loss < 0.1").on
    assert len(breaks.all) == 1


@pytest.mark.parametrize("text", ["", "loss <", "los < 1", "nowhere[0]", "loss[3]", "a" * 10_000, "((((" * 200])
def test_what_is_no_stop_says_so_and_changes_nothing(neuron: Lesson, text: str) -> None:
    breaks = Breaks(neuron)
    with pytest.raises(StepgradError) as caught:
        breaks.add(text)
    assert "\n" not in str(caught.value)
    assert breaks.all == []


def test_one_that_is_off_stops_nothing(neuron: Lesson) -> None:
    breaks = Breaks(neuron)
    breaks.add("loss")
    assert breaks.crossed(0, neuron.timeline.steps, never)[1] is not None
    breaks.turn(0)
    assert breaks.crossed(0, neuron.timeline.steps, never) == (neuron.timeline.steps, None)
    assert breaks.ticks(0) == []


def test_the_first_stop_on_the_way_counts(neuron: Lesson) -> None:
    breaks = Breaks(neuron)
    breaks.add(":backward")
    breaks.add("loss")
    at, point = breaks.crossed(0, neuron.timeline.steps, never)
    assert point is breaks.all[1].point
    assert neuron.timeline.place(at - 1).node.name == "loss"
    again, point = breaks.crossed(at, neuron.timeline.steps, never)
    assert point is breaks.all[0].point
    assert again > at


def test_who_has_no_time_goes_no_further_than_was_looked(neuron: Lesson) -> None:
    assert Breaks(neuron).crossed(0, neuron.timeline.steps, lambda: True) == (neuron.timeline.start(1), None)


def test_a_training_that_diverges_is_stopped_once(diverging: Lesson) -> None:
    breaks = Breaks(diverging)
    at, point = seek(diverging.history, breaks.active, 0, 1)
    assert isinstance(point, Diverges)
    place = diverging.timeline.place(at - 1)
    assert place.node.name == "loss"
    assert diverging.divergence(place.iteration) is not None
    assert diverging.divergence(place.iteration - 1) is None
    assert breaks.crossed(0, diverging.timeline.steps, never)[0] == at
    assert seek(diverging.history, breaks.active, at, 1) == (diverging.timeline.steps, None)


def test_in_a_lesson_where_it_does_not_fit_a_stop_waits() -> None:
    lesson = open_lesson("edge-detection-5x5")
    breaks = Breaks(lesson)
    breaks.add("feature_map[2,2]")
    breaks.follow(lesson.edited({"layers.feature_map.stride": 2}))
    assert breaks.all[0].point is None
    assert "does not fit" in breaks.all[0].fault
    assert breaks.active == []
    breaks.follow(lesson)
    assert breaks.all[0].fault == ""
    assert breaks.ticks(0) == [9]
