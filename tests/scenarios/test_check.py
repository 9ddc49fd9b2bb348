"""The check of a lesson: what only the timeline and the numbers show."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import EDGE, HEAD, write

from stepgrad.engine.ops.conv import Conv2d
from stepgrad.scenarios.check import Report, check
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.template import starting


def report(folder: Path, text: str) -> Report:
    return check(str(write(folder, text)))


def found(folder: Path, text: str) -> list[str]:
    return [str(fault).replace(f"{folder / 's.toml'}:", "") for fault in report(folder, text).faults]


def test_a_sound_scenario(tmp_path: Path) -> None:
    text = EDGE + '[[script]]\nat = "map[0,1]"\nsay = "{map[0,0]} {map[0,1]} {image}"\n[variants.v]\n"seed" = 3\n'
    assert report(tmp_path, text) == Report(steps=4, stops=1, variants=("v",), faults=())


def test_a_value_shown_before_it_is_written(tmp_path: Path) -> None:
    text = EDGE + '[[script]]\nat = "map[0,1]"\nsay = "{map[1,0]} {map}"\n'
    assert found(tmp_path, text) == [
        "12:1: script.0.say: {map[1,0]} is not written before step 3; the stop is at step 2 of 4",
        "12:1: script.0.say: {map} is not written before step 4; the stop is at step 2 of 4",
    ]


def test_a_size_may_be_said_at_any_time(tmp_path: Path) -> None:
    assert found(tmp_path, EDGE + '[[script]]\nsay = "{map.shape}"\n') == []


def test_what_nothing_reads(tmp_path: Path) -> None:
    text = EDGE.replace("parameters.kernel", "inputs.spare = 1\nparameters.kernel")
    assert found(tmp_path, text) == ["4:8: inputs.spare: nothing reads it; name it as an input, or take it out"]


def test_what_only_a_variant_reads_is_used(tmp_path: Path) -> None:
    text = EDGE.replace("parameters.kernel", "inputs.spare = [[1, 1], [1, 1]]\nparameters.kernel")
    assert found(tmp_path, text + '[variants.v]\n"layers.map.input" = "spare"\n') == []


def test_a_term_that_a_cell_does_not_have(tmp_path: Path) -> None:
    text = EDGE + '[[script]]\nat = ":end"\nsay = "{map[0,0]#4}"\n'
    assert found(tmp_path, text) == ["12:1: script.0.say: map[0,0,0,0] has 4 terms, no term 4"]


def test_a_label_out_of_range(tmp_path: Path) -> None:
    text = HEAD + '[inputs]\nscores = [[1, 2, 3]]\nlabel = [3]\n[loss]\nop = "cross_entropy"\ntarget = "label"\n'
    (fault,) = found(tmp_path, text)
    assert fault.startswith("6:1: loss: loss")
    assert "3" in fault


def test_a_network_that_does_not_fit_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def compute(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Conv2d, "compute", compute)
    message = "5:1: layers.map: map: there is not enough memory to compute float64[1,1,2,2]"
    assert found(tmp_path, EDGE) == [message]


def test_faults_of_variants_say_in_which(tmp_path: Path) -> None:
    text = EDGE + (
        '[[script]]\nat = "map[1,1]"\nsay = ""\n'
        '[variants.small]\n"layers.map.stride" = 2\n[variants.lost]\n"layers.mpa.stride" = 2\n'
    )
    assert found(tmp_path, text) == [
        "11:1: script.0.at (in small): map[1,1] does not fit map, which is [1, 1, 1, 1]",
        "16:1: variants.lost.layers.mpa.stride: layers has no 'mpa'; did you mean 'map'?",
    ]


def test_all_faults_of_a_broken_file_are_reported(tmp_path: Path) -> None:
    assert len(found(tmp_path, EDGE + 'strde = 1\n[[script]]\nat = "nothing"\nsay = "{nix}"\n')) == 3


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="not TOML"):
        report(tmp_path, "a =")


def test_the_starting_scenario_is_sound_and_runs(tmp_path: Path) -> None:
    """By hand: the filter subtracts the left of two columns from the right one, over two rows."""
    path = write(tmp_path, starting())
    assert check(str(path)).faults == ()
    lesson = open_lesson(str(path))
    assert lesson.tensors()["edges"][0, 0, 0].tolist() == [0, 2, -1, 1, -2]
    assert [lesson.say(stop) for stop in lesson.stops][1].endswith("**2**.")


def test_the_starting_scenario_with_a_matrix_pasted_in(tmp_path: Path) -> None:
    text = starting()
    start = text.index('image = """') + len('image = """\n')
    pasted = text[:start] + "0.5, 1, 2\n3, 4, 5\n6, 7, 8\n" + text[text.index('"""', start) :]
    assert check(str(write(tmp_path, pasted))).faults == ()
    assert open_lesson(str(tmp_path / "s.toml")).tensors()["edges"].tolist() == [[[[1.5, 2], [2, 2]]]]


def test_a_start_from_another_scenario(tmp_path: Path) -> None:
    text = starting("edge-detection-5x5")
    assert not text.startswith("#:schema")
    assert check(str(write(tmp_path, text))).faults == ()
    with pytest.raises(ScenarioError, match="did you mean 'edge-detection-5x5'"):
        starting("edge-detection-5x")
