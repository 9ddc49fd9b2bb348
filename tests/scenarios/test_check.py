"""The check of a lesson: what only the timeline and the numbers show."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import EDGE, HEAD, write

from stepgrad.engine.ops.conv import Conv2d
from stepgrad.scenarios.check import Report, check
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import Lesson, Stop, open_lesson
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
        "12:8: script.0.say: {map[1,0]} is not written before step 3; the stop is at step 2 of 4: "
        "move it there, or leave the value out",
        "12:19: script.0.say: {map} is not written before step 4; the stop is at step 2 of 4: "
        "move it there, or leave the value out",
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
    assert text.startswith("#:schema file:///")
    assert text.count("#:schema") == 1
    assert check(str(write(tmp_path, text))).faults == ()
    with pytest.raises(ScenarioError, match="did you mean 'edge-detection-5x5'"):
        starting("edge-detection-5x")


def test_several_stops_at_one_cell_follow_one_another(tmp_path: Path) -> None:
    """`:end` is the last cell too."""
    text = EDGE + '[[script]]\nat = "map[1,1]"\nsay = "first"\n[[script]]\nat = ":end"\nsay = "then"\n'
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("say", "number", "column"),
    [
        ("The map begins with 6.", "6", 28),
        ("A 3x3 picture", "3x3", 10),
        ("About 0.5 of {map[0,0]}", "0.5", 14),
        ("1e-5, all but nothing", "1e-5", 8),
        ("one, 1,250 and three", "1,250", 13),
    ],
)
def test_a_number_that_the_author_typed(tmp_path: Path, say: str, number: str, column: int) -> None:
    (fault,) = found(tmp_path, EDGE + f'[[script]]\nat = "map[0,1]"\nsay = "{say}"\n')
    assert fault.startswith(f"12:{column}: script.0.say: the number {number} is typed")


def test_the_address_of_a_typed_number_is_named_where_it_is_the_cell_just_written(tmp_path: Path) -> None:
    text = EDGE + '[[script]]\nat = "map[0,1]"\nsay = "The sum is 8 here."\n'
    assert found(tmp_path, text)[0].endswith("so nothing keeps it right; write {map[0,1]}")
    assert found(tmp_path, text.replace("sum is 8", "sum is 9"))[0].endswith("or quote it in `printed`")


@pytest.mark.parametrize(
    "say",
    [
        "the sum of {map[0,0]} and {map[0,1]:.2f}",
        "three windows, the first of them",
        "conv2d, w1, x_0, max_pool2d, edge-detection-5x5 and the 2nd",
        "a 2-D convolution, a 1D one, its padding 0'",
        "x^2, n-1, 1-p, (W-F+2P)/S",
        "set it with --set layers.map.stride=2",
        "Try this: what does the map become with a stride of 2?",
    ],
)
def test_what_is_no_typed_number(tmp_path: Path, say: str) -> None:
    assert not [
        fault for fault in found(tmp_path, EDGE + f'[[script]]\nat = "map[0,1]"\nsay = "{say}"\n') if "typed" in fault
    ]


def test_a_number_of_a_title_is_typed_too(tmp_path: Path) -> None:
    text = EDGE + '[[script]]\nat = "map[0,1]"\ntitle = "Now 8"\nsay = "So."\n'
    (fault,) = found(tmp_path, text)
    assert fault.startswith("12:14: script.0.title: the number 8 is typed")


def test_a_number_may_be_quoted_as_printed_and_no_other(tmp_path: Path) -> None:
    stop = '[[script]]\nat = "map[0,1]"\nsay = "The slide has {} on it."\nerratum = "E02"\nprinted = "1, 7x7 = 49"\n'
    assert found(tmp_path, EDGE + stop.replace("{}", "49 and 7x7")) == []
    (fault,) = found(tmp_path, EDGE + stop.replace("{}", "49 or 50"))
    assert "the number 50 is typed" in fault


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('erratum = "E02"', "13:1: script.0.erratum: E02 does not say what the material has; add `printed`"),
        ('printed = "no"', "13:1: script.0.printed: has no number; add `erratum`, as in E02"),
    ],
)
def test_a_mistake_has_a_number_and_says_what_was_printed(tmp_path: Path, line: str, fault: str) -> None:
    assert found(tmp_path, EDGE + f'[[script]]\nat = "map[0,1]"\nsay = "So."\n{line}\n') == [fault]


TRAINED = HEAD + (
    "inputs.x = [[1, 2]]\ninputs.y = [[1]]\n"
    '[[layers]]\nname = "out"\nop = "linear"\ninput = "x"\nweight = [[1, 1]]\n'
    '[loss]\nop = "mse_loss"\ntarget = "y"\n[optimizer]\nop = "sgd"\nlr = 0.001\niterations = 100000\n'
)


def test_a_stop_that_nobody_waits_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (
        TRAINED + '[[script]]\nat = "loss@90000"\nsay = "{loss:.3f}"\n[[script]]\nat = "loss@9"\nsay = "{loss:.3f}"\n'
    )
    monkeypatch.setattr("stepgrad.scenarios.check_script.PATIENCE", 0.0)
    (fault,) = found(tmp_path, text)
    assert fault.startswith("18:1: script.0.at: iteration 90000 is about ")
    assert fault.endswith(" of training away; stop at an earlier one")


def test_a_variant_that_sets_what_is_so_anyway(tmp_path: Path) -> None:
    text = EDGE + "[variants.same]\n\"parameters.kernel\" = [[1, 0], [0, 1]]\n'seed' = 1\n[variants.none]\n"
    assert found(tmp_path, text) == [
        "11:1: variants.same.parameters.kernel: is what the scenario has without it; "
        "take it out, or give another value",
        "13:1: variants.none: changes nothing; take it out, or set something",
    ]


def test_an_entry_given_twice(tmp_path: Path) -> None:
    entry = '[[entries]]\nterm = "Edge"\ntext = "a jump"\n'
    assert found(tmp_path, HEAD + entry + entry.replace("Edge", "edge")) == [
        "7:1: entries.1.term: 'edge' is in entries.0 already; join the two"
    ]


def test_a_fault_stands_where_the_text_does_whatever_the_key_looks_like(tmp_path: Path) -> None:
    """The place of a number in a text of several lines; a text that is escaped is placed at its key."""
    text = EDGE + '[[script]]\nat = "map[0,1]"\nsay = """\nThe first line,\nthe second with 8 in it.\n"""\n'
    assert found(tmp_path, text)[0].startswith("14:17: ")
    early = text.replace("with 8", "with {map[1,0]}")
    assert found(tmp_path, early)[0].startswith("14:17: script.0.say: {map[1,0]} is not written")
    assert found(tmp_path, early.replace("{", "\\u007b"))[0].startswith("12:1: ")


def test_the_same_fault_of_a_variant_is_told_once(tmp_path: Path) -> None:
    text = EDGE + '[[script]]\nat = "map[0,1]"\nsay = "It is 99."\n[variants.v]\nseed = 1\n'
    assert len(found(tmp_path, text)) == 1
    text = EDGE + '[variants.v]\nscript = [{ at = "map[0,1]", say = "It is 99." }]\n'
    (fault,) = found(tmp_path, text)
    assert fault.startswith("11:43: script.0.say (in v): the number 99 is typed")


def test_a_screen_is_asked_about_every_stop(tmp_path: Path) -> None:
    path = write(tmp_path, EDGE + '[[script]]\nsay = "a"\n[[script]]\nat = ":end"\nsay = "b"\n[variants.v]\nseed = 1\n')
    asked: list[str] = []

    def screen(lesson: Lesson, stop: Stop) -> str:
        asked.append(lesson.say(stop))
        return "too long" if stop.position else ""

    faults = [str(fault) for fault in check(str(path), screen).faults]
    assert asked == ["a", "b", "a", "b"]
    assert faults == [f"{path}:14:1: script.1.say: too long"]


def test_two_stops_at_one_cell_that_say_the_same(tmp_path: Path) -> None:
    """`:end` is the last cell too."""
    text = EDGE + '[[script]]\nat = "map[1,1]"\nsay = "again"\n[[script]]\nat = ":end"\nsay = "again"\n'
    message = "13:1: script.1: says what script.0 says at the same cell; leave one of them out"
    assert found(tmp_path, text) == [message]
    assert found(tmp_path, text.replace('"again"', '"and on"', 1)) == []
