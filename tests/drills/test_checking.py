"""What `check` finds wrong with the drills of a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import write

from stepgrad.scenarios.check import check

FAULTY = """
format_version = 1
title = "Faults"
[inputs]
x = [[1, 2], [3, 4]]
[[layers]]
name = "y"
op = "relu"
"""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('prompt = "?"\nanswer = "z[0]"', "answer: there is no tensor 'z'"),
        ('prompt = "?"\nanswer = "y[5]"', "y[5] does not fit y, which is [2, 2]"),
        ('prompt = "?"\nanswer = "1 + ("', "a number, a tensor or a function was expected"),
        ('prompt = "?"\nanswer = "log(0-1)"', "an answer is a number, a row or a matrix"),
        ('prompt = "{q}?"\nanswer = 1', "prompt: there is no tensor 'q'"),
        ('prompt = "?"\nanswer = "three"\nchoices = ["one", "two"]', "answer: there is no tensor 'three'"),
        ('prompt = "?"\nanswer = "y[0,0]"\nchoices = [2, 3]', "comes to 1, which is none of the choices: 2, 3"),
        ('prompt = "?"\nanswer = "a"\nchoices = ["a", "a"]', "choices: two of the choices are the same"),
        ('prompt = "?"\nanswer = 1\nvariant = "nope"', "there is no variant 'nope'"),
        ('prompt = "?"\nanswer = 1\nsettings = { "layers.y.op" = "rellu" }', "did you mean 'relu'?"),
        ('prompt = "?"\nanswer = 1\nshow = ["w"]', "show: there is no tensor 'w'"),
        ('prompt = "?"\nanswer = "y[0,0]"\nmistakes = [{ answer = 1, say = "No." }]', "is the right answer"),
        (
            'prompt = "?"\nanswer = "y[0,0]"\nmistakes = [{ answer = "y", say = "No." }]',
            "comes to 4 numbers; the answer has 1",
        ),
        ('name = "cell"\nprompt = "?"\nanswer = 1', "give it a name of its own"),
    ],
)
def test_check_finds_what_is_wrong_with_a_drill(tmp_path: Path, text: str, says: str) -> None:
    [fault] = check(str(write(tmp_path, f"{FAULTY}[[drill]]\n{text}\n"))).faults
    assert says in str(fault)
    assert f"{tmp_path / 's.toml'}:" in str(fault)
