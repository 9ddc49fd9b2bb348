"""`stepgrad print`: the fields of a JSON line, what is selected, text that adds up, and lines that come at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui import flat
from stepgrad.tui.cli import main
from stepgrad.tui.commands.print import write

Output = pytest.CaptureFixture[str]
EDGE = "edge-detection-5x5"

NETWORK = """
format_version = 1
title = "A filter, a rectifier and a pool"
[inputs]
x = [[1.0, -2.0, 0.5], [0.0, 3.0, -1.0], [2.0, 1.0, 1.0]]
[[layers]]
name = "out"
op = "conv2d"
weight = [[1, -1], [2, 0.5]]
bias = [1]
padding = 1
[[layers]]
name = "act"
op = "relu"
[[layers]]
name = "pool"
op = "max_pool2d"
kernel_size = 2
[[script]]
say = "Before it all."
[[script]]
at = "act[0,0]"
title = "The rectifier"
say = "It keeps **{act[0,0]}**."
"""

FIELDS = [
    "step", "address", "iteration", "phase", "layer", "op", "tensor", "index", "value", "reads", "formula",
    "arithmetic", "terms",
]  # fmt: skip


@pytest.fixture
def network(tmp_path: Path) -> str:
    path = tmp_path / "network.toml"
    path.write_text(NETWORK)
    return str(path)


def printed(capsys: Output, *argv: str) -> list[str]:
    assert main(["print", *argv]) == 0
    out, err = capsys.readouterr()
    assert not err
    return out.splitlines()


def records(capsys: Output, *argv: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed(capsys, *argv, "--format", "jsonl")]


def test_the_nine_steps_of_the_lecture(capsys: Output) -> None:
    steps = records(capsys, EDGE)
    assert [step["value"] for step in steps] == [3, 1, 1, 3, 0, 0, 2, 0, 0]
    assert [list(step) for step in steps] == [FIELDS] * 9
    for step in steps:
        tensors = [tensor for tensor, _, _ in step["reads"]]
        assert (tensors.count("image"), tensors.count("kernel"), len(tensors)) == (9, 9, 18)


def test_a_json_line_in_full(capsys: Output) -> None:
    [line] = printed(capsys, EDGE, "--format", "jsonl", "--from", "2", "--to", "feature_map[0,1]")
    assert line.startswith('{"step":1,"address":"feature_map[0,0,0,1]","iteration":0,"phase":"forward",')
    step = json.loads(line)
    assert step["reads"][:4] == [
        ["image", [0, 0, 0, 1], 1.0],
        ["kernel", [0, 0, 0, 0], 1.0],
        ["image", [0, 0, 0, 2], 1.0],
        ["kernel", [0, 0, 0, 1], 0.0],
    ]
    assert (step["layer"], step["op"], step["tensor"]) == ("feature_map", "conv2d", "feature_map")
    assert (step["index"], step["terms"]) == ([0, 0, 0, 1], 9)
    assert step["formula"] == "feature_map[n,m,i,j] = sum image[n,c,i+u,j+v] * kernel[m,c,u,v]"
    assert step["arithmetic"] == "(1*1) + (1*0) + (1*0) + (0*1) + (0*0) + (0*0) + (0*1) + (0*0) + (0*0) = 1"


def test_padding_is_a_read_of_nothing(capsys: Output, network: str) -> None:
    [step] = records(capsys, network, "--to", "out[0,0]")
    assert ["padding", [], 0.0] in step["reads"]
    assert step["reads"][-1] == ["out.bias", [0], 1.0]


def test_terms_are_lines_of_their_own_with_partial_results(capsys: Output, network: str) -> None:
    steps = records(capsys, network, "--from", "out[1,1]", "--to", "out[1,1]", "--level", "term")
    assert [step["term"] for step in steps] == [0, 1, 2, 3, 4]
    # 1*1, -2*-1, 0*2, 3*0.5, and the bias 1
    assert [step["partial"] for step in steps] == [1, 3, 3, 4.5, 5.5]
    assert {step["value"] for step in steps} == {5.5}
    assert [list(step) for step in steps] == [[*FIELDS, "term", "partial"]] * 5
    [whole] = records(capsys, network, "--from", "act[1,1]", "--to", "act[1,1]", "--level", "term")
    assert (whole["term"], whole["partial"], whole["terms"]) == (0, 5.5, 1)


@pytest.mark.parametrize(
    ("level", "addresses", "steps"),
    [
        ("tensor", ["out", "act", "pool"], [0, 16, 32]),
        ("layer", ["out", "act", "pool"], [0, 16, 32]),
        ("phase", [":forward"], [0]),
        ("iteration", ["@0"], [0]),
    ],
)
def test_coarser_levels_have_shapes_for_values(
    capsys: Output, network: str, level: str, addresses: list[str], steps: list[int]
) -> None:
    lines = records(capsys, network, "--level", level)
    assert [line["address"] for line in lines] == addresses
    assert [line["step"] for line in lines] == steps
    assert lines[-1]["value"] == [1, 1, 2, 2]
    absent = {"index", "reads", "arithmetic"}
    assert all(list(line) == [field for field in FIELDS if field not in absent] for line in lines)


def test_the_ends_are_both_included(capsys: Output, network: str) -> None:
    assert [step["step"] for step in records(capsys, network, "--from", "out[3,2]", "--to", "act[0,1]")] == [
        14,
        15,
        16,
        17,
    ]
    assert [step["step"] for step in records(capsys, network, "--from", "pool")] == [32, 33, 34, 35]
    assert len(records(capsys, network, "--to", "out")) == 16
    assert len(records(capsys, network, "--from", ":forward", "--to", "@0")) == 36
    assert len(records(capsys, network, "--to", ":end")) == 36
    assert [
        step["address"] for step in records(capsys, network, "--from", "20", "--to", "20", "--level", "tensor")
    ] == ["act"]
    assert len(records(capsys, network, "--phase", "forward")) == 36


def test_numbers_that_are_not_finite_are_strings(capsys: Output) -> None:
    huge = "[[1e308,1e308,1e308],[1e308,1e308,nan],[-inf,0,0]]"
    [step] = records(
        capsys, EDGE, "--set", f"inputs.image={huge}", "--set", "parameters.kernel=[[9,9,9],[9,9,9],[9,9,9]]"
    )
    assert step["value"] == "nan"
    assert [value for _, _, value in step["reads"] if isinstance(value, str)] == ["nan", "-inf"]


def test_text_has_addresses_arithmetic_values_and_narration(capsys: Output, network: str) -> None:
    lines = printed(capsys, network)
    assert lines[:2] == ["A filter, a rectifier and a pool", "> Before it all."]
    assert "out = conv2d, float64[1,1,4,4], forward" in lines
    assert "act[i] = max(out[i], 0)" in lines
    at = lines.index("17  act[0,0] = max(1.5, 0) = 1.5")
    assert lines[at + 1 : at + 3] == ["> The rectifier", "> It keeps 1.5."]
    assert "1  out[0,0] = (0'*1) + (0'*-1) + (0'*2) + (1*0.5) + 1 = 1.5" in lines


def test_the_arithmetic_of_text_comes_to_its_value(capsys: Output, network: str) -> None:
    checked = 0
    for line in printed(capsys, network):
        step = re.match(r"\d+  \S+ = (.*) = (\S+)$", line)
        if step:
            # Python itself does the sum; the prime only marks padding.
            assert eval(step[1].replace("'", ""), {"max": max}) == float(step[2])
            checked += 1
    assert checked == 36


def test_text_at_coarser_levels_is_a_line_a_part(capsys: Output, network: str) -> None:
    assert "17-32  act = relu, float64[1,1,4,4], forward" in printed(capsys, network, "--level", "tensor")
    [line] = [line for line in printed(capsys, network, "--level", "phase") if line[0].isdigit()]
    assert line == "1-36  :forward: out float64[1,1,4,4], act float64[1,1,4,4], pool float64[1,1,2,2]"


def test_text_shows_terms_with_the_result_so_far(capsys: Output, network: str) -> None:
    lines = printed(capsys, network, "--level", "term", "--from", "out[1,1]", "--to", "out[1,1]")
    assert lines[-5:] == [
        "    #0  1*1  so far 1",
        "    #1  -2*-1  so far 3",
        "    #2  0*2  so far 3",
        "    #3  3*0.5  so far 4.5",
        "    #4  1  so far 5.5",
    ]


def test_lines_are_made_one_by_one() -> None:
    big = {"inputs.image": [[1.0] * 600] * 600}
    lesson = open_lesson(EDGE, big)
    whole = flat.Selection(range(lesson.timeline.steps))
    assert lesson.timeline.steps == 598 * 598
    taken: list[int] = []
    step = lesson.step

    def counted(number: int) -> Any:
        taken.append(number)
        return step(number)

    lesson.step = counted  # type: ignore[method-assign]
    assert len(list(islice(flat.records(lesson, whole), 3))) == 3
    assert taken == [0, 1, 2]
    taken.clear()
    assert len(list(islice(flat.text(lesson, whole), 7))) == 7
    assert len(taken) <= 4


def test_the_first_line_is_on_its_way_before_the_second_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(StringIO):
        sent = ""

        def flush(self) -> None:
            self.sent = self.getvalue()

    pipe = Pipe()
    monkeypatch.setattr("sys.stdout", pipe)

    def lines() -> Iterator[str]:
        yield "first"
        assert pipe.sent == "first\n"
        yield "second"

    write(lines())
    assert pipe.getvalue() == "first\nsecond\n"
