"""Narration: values taken from the run, written as a person writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import EDGE, HEAD, opened

from stepgrad.engine.errors import AddressError
from stepgrad.scenarios.narration import figure, pieces
from stepgrad.scenarios.prose import prose


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-6.0, "-6"),
        (-0.0, "0"),
        (0.38, "0.38"),
        (6.864400000000001, "6.8644"),
        (1 / 3, "0.333333"),
        (-3.1440000000000001, "-3.144"),
        (123456.5, "123456"),
        (1234567.5, "1234567.5"),
        (1e-7, "1e-07"),
        (1e300, "1e+300"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_a_number_as_a_person_writes_it(value: float, text: str) -> None:
    assert figure(value) == text


@pytest.mark.parametrize(("spec", "text"), [(".2f", "0.00"), ("+.1f", "+0.0"), (".1%", "0.0%"), (".1e", "-1.0e-04")])
def test_what_rounds_to_zero_has_no_sign(spec: str, text: str) -> None:
    assert figure(-0.0001, spec) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("no value", "no value"),
        ("{map[0,0]}", "6"),
        ("{map[0,0,1,1]}", "14"),
        ("**{map[0,1]}**.", "**8**."),
        ("{map}", "[[6, 8], [12, 14]]"),
        ("{map[1]}", "[12, 14]"),
        ("{image}", "[[1, 2, 3], [4, 5, 6], [7, 8, 9]]"),
        ("{image[2,1]}", "8"),
        ("{map.shape} of {image.shape}", "2x2 of 3x3"),
        ("{map[0,0]:.2f}", "6.00"),
        ("{map:+.1f}", "[[+6.0, +8.0], [+12.0, +14.0]]"),
        ("{map[0,0]@0}", "6"),
        ("{map[1,1]#0} {map[1,1]#3}", "5 14"),
        ("{{map}} {{{map[0,0]}}}", "{map} {6}"),
    ],
)
def test_values_of_the_run(tmp_path: Path, template: str, text: str) -> None:
    """The map is [[1*1+5*1, 2+6], [4+8, 5+9]], by hand."""
    assert opened(tmp_path, EDGE).spoken(template) == text


def test_long_rows_are_cut(tmp_path: Path) -> None:
    text = HEAD + 'inputs.x = { init = "arange", shape = [10, 2] }\n[[layers]]\nname = "y"\nop = "relu"\n'
    assert opened(tmp_path, text).spoken("{y}") == "[[0, 1], [2, 3], [4, 5], ..., [18, 19]]"


TRAINING = HEAD + (
    "inputs.x = [0.6, 0.8]\ninputs.target = [3]\nparameters.w = [[0.5, 0.1]]\n"
    '[[layers]]\nname = "y_hat"\nop = "linear"\nweight = "w"\n'
    '[loss]\nop = "mse_loss"\ntarget = "target"\n'
    '[optimizer]\nop = "sgd"\nlr = 0.01\niterations = 3\n'
    '[[script]]\nat = "loss"\nsay = "{loss} {w}"\n[[script]]\nat = "loss@1"\n'
    'say = "{loss:.6f} {w.grad@0:.3f} {w.new}"\n'
)


def test_values_are_those_of_the_stops_iteration(tmp_path: Path) -> None:
    """The neuron of the notes, by hand: (0.38 - 3)^2 = 6.8644; its update with rate 0.01 gives 0.53144 and 0.14192."""
    lesson = opened(tmp_path, TRAINING)
    assert [lesson.say(stop).split(" [", 1)[0] for stop in lesson.stops] == ["6.8644", "6.592570"]
    assert "[-3.144, -4.192]" in lesson.say(lesson.stops[1])
    assert lesson.spoken("{w}", 1) == "[0.53144, 0.14192]"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{", "a single '{'; write {address} for a value and {{ for a brace"),
        ("a } b", "a single '}'; write {address} for a value and }} for a brace"),
        ("{}", "'' is no address; write tensor[i,j]#term@iteration, each part optional"),
        ("{map[0,}", "'map[0,' is no address; write tensor[i,j]#term@iteration, each part optional"),
        ("{@3}", "{@3} names no tensor; write it as in {feature_map[0,0]}"),
        ("{map:100d}", "'100d' in {map:100d} is no number format; write it as in {loss:.3f}"),
    ],
)
def test_what_is_no_address(template: str, message: str) -> None:
    with pytest.raises(AddressError) as error:
        pieces(template)
    assert str(error.value) == message


def test_lines_are_joined_and_an_empty_line_parts_paragraphs() -> None:
    assert prose("\nOne\n  two.\n\nThree\r\n \t\nfour.\n") == "One two.\nThree\nfour."
