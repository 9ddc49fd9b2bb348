"""A sum in parts: per channel, and then together."""

from __future__ import annotations

from handmade import cs231n, edge, network

from stepgrad.engine.arithmetic import written
from stepgrad.engine.parts import Parts


def parts(lesson, address: str) -> Parts:
    step = lesson.step(lesson.timeline.locate(address))
    return Parts(step.trace, step.fold)


def test_each_channel_is_a_part_and_the_bias_is_none_of_them() -> None:
    found = parts(cs231n(), "out[0,0,0]")
    assert [found[i].value for i in range(len(found))] == [-2, -2, -3]
    assert written(found.together) == "(-2) + (-2) + (-3) + 1"
    assert found.together.value == -6
    assert not found.is_root


def test_a_single_channel_is_one_part_and_the_whole_cell() -> None:
    found = parts(edge(), "feature_map[0,0]")
    assert len(found) == 1
    assert found.is_root
    assert found[0].value == found.together.value == 3


def test_what_has_no_sum_is_its_own_part() -> None:
    found = parts(network(), "relu1[0,3,3]")
    assert len(found) == 1
    assert found.together is found[0] is found.trace


def test_a_maximum_is_not_cut() -> None:
    lesson = network()
    found = parts(lesson, "pool1[0,0,0]")
    assert len(found) == 1
    assert found[0].value == lesson.tensors()["pool1"][0, 0, 0, 0]


def test_the_same_part_each_time() -> None:
    found = parts(cs231n(), "out[1,1,1]")
    assert found[2] is found[2]
    assert written(Parts(found.trace, found.fold, whole=True)[0]).count("*") == 12
