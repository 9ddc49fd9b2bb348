"""The first frame shows what the lesson then holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from written import EDGE, HEAD, write

from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.preview import preview

NAMES = [f"{entry.name}{v}" for entry in entries() for v in ("", *(f":{variant}" for variant in entry.variants))]


@pytest.mark.parametrize("name", NAMES)
def test_it_is_what_the_lesson_says(name: str) -> None:
    first, lesson = preview(name), open_lesson(name)
    tensors = lesson.tensors()
    assert first.title == lesson.scenario.title
    opening = [lesson.say(stop) for stop in lesson.stops if stop.position == 0]
    assert first.say in (*opening[:1], "") or "?" in first.say
    for plane, rows in first.planes:
        tensor, _, index = plane.partition("[")
        held = tensors[tensor]
        while held.ndim > 1 and held.shape[0] == 1:
            held = held[0]
        for i in index.rstrip("]").split(",") if index else ():
            held = held[int(i)]
        assert np.array_equal(np.atleast_2d(held), np.array(rows, float))


def test_the_operands_of_the_first_layer_in_order() -> None:
    planes = [name for name, _ in preview("cs231n-two-filters").planes]
    assert planes == [
        *(f"x[{c}]" for c in range(3)),
        *(f"out.weight[{m},{c}]" for m in range(2) for c in range(3)),
        "out.bias",
    ]


def test_settings_and_pasted_text_are_shown(tmp_path: Path) -> None:
    text = EDGE.replace("[[1, 2, 3], [4, 5, 6], [7, 8, 9]]", '"""\n1 2\n3 4\n"""')
    path = str(write(tmp_path, text))
    assert preview(path, {"parameters.kernel": [[7]]}).planes == (("image", ((1, 2), (3, 4))), ("kernel", ((7,),)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "title = 3\nlayers = 3\ninputs = 4\nscript = 5\n",
        'layers = [1]\nscript = [{ say = "x", at = "y" }]\n',
        'layers = [{ input = ["x", 3], weight = [[1], 2], bias = "b" }]\ninputs = { x = [[]] }\nparameters = [1]\n',
        'layers = [{}]\ninputs = { x = "no matrix" }\nscript = [{ say = 3 }]\n',
    ],
)
def test_a_faulty_scenario_is_the_lessons_business(tmp_path: Path, text: str) -> None:
    shown = preview(str(write(tmp_path, text)))
    assert (shown.title, shown.say) == ("s", "")


def test_values_that_are_not_there_yet_are_question_marks(tmp_path: Path) -> None:
    path = str(write(tmp_path, HEAD + '[[script]]\nsay = """\nA {map[0,0]}\nb\n"""\n'))
    assert preview(path).say == "A ? b"


def test_what_is_no_toml_says_so(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="not TOML"):
        preview(str(write(tmp_path, "title =")))


def test_it_imports_neither_numpy_nor_pydantic_nor_a_parser_of_positions() -> None:
    code = (
        "import sys, stepgrad.scenarios.catalogue as c, stepgrad.scenarios.preview as p;"
        "c.entries(); p.preview('edge-detection-5x5');"
        "print([m for m in ('numpy', 'pydantic', 'tree_sitter', 'textual', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_a_sound_scenario_is_opened_without_the_parser_of_positions() -> None:
    code = (
        "import sys, stepgrad; stepgrad.open('edge-detection-5x5');"
        "print([m for m in ('tree_sitter', 'textual', 'rich', 'jsonschema') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
