"""Handouts: matrices with what is read marked, the arithmetic, the script; in Markdown and in LaTeX."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui import cli, handout_latex, handout_markdown
from stepgrad.tui.flat import Selection
from stepgrad.tui.handout import WIDEST, Handout, Section


@pytest.fixture(scope="module")
def edges() -> Lesson:
    return open_lesson("edge-detection-5x5")


def markdown(lesson: Lesson, *steps: int) -> str:
    selection = Selection(range(steps[0], steps[-1] + 1))
    return "\n".join(handout_markdown.lines(lesson.scenario.title, Handout(lesson).of_steps(selection)))


def latex(lesson: Lesson, *steps: int) -> str:
    selection = Selection(range(steps[0], steps[-1] + 1))
    return "\n".join(handout_latex.lines(lesson.scenario.title, Handout(lesson).of_steps(selection)))


def test_a_step_in_markdown_by_hand(edges: Lesson) -> None:
    assert markdown(edges, 1).split("\n\n")[3:] == [
        "`feature_map[0,1]`, step 2 of 9",
        "| `image` | 0 | 1 | 2 | 3 | 4 |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: |\n"
        "| 0 | 1 | **1** | **1** | **1** | 0 |\n"
        "| 1 | 1 | **0** | **0** | **0** | 0 |\n"
        "| 2 | 1 | **0** | **0** | **0** | 0 |\n"
        "| 3 | 1 | 0 | 0 | 0 | 0 |\n"
        "| 4 | 0 | 0 | 0 | 0 | 0 |",
        "| `kernel` | 0 | 1 | 2 |\n"
        "| --- | ---: | ---: | ---: |\n"
        "| 0 | **1** | **0** | **0** |\n"
        "| 1 | **1** | **0** | **0** |\n"
        "| 2 | **1** | **0** | **0** |",
        "| `feature_map` | 0 | 1 | 2 |\n"
        "| --- | ---: | ---: | ---: |\n"
        "| 0 | 3 | **[1]** | · |\n"
        "| 1 | · | · | · |\n"
        "| 2 | · | · | · |",
        "```text\n"
        "feature_map[n,m,i,j] = sum image[n,c,i+u,j+v] * kernel[m,c,u,v]   (kernel not flipped: cross-correlation)\n"
        "feature_map[0,1] = (1*1) + (1*0) + (1*0) + (0*1) + (0*0) + (0*0) + (0*1) + (0*0) + (0*0) = 1\n"
        "```",
    ]


def test_the_script_stands_over_its_step(edges: Lesson) -> None:
    text = markdown(edges, 0, 8)
    titles = [stop.title for stop in edges.stops]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE)[:2] == titles[:2]
    assert all(f"## {title}\n" in text for title in titles)
    assert "the nine products: **3**." in text


def test_a_large_plane_shows_what_is_around_the_cells_that_are_read(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    path.write_text(
        'format_version = 1\ntitle = "Large"\n[inputs]\nx = { init = "arange", shape = [1, 1, 40, 40] }\n'
        'kernel = [[0, 1], [1, 0]]\n[[layers]]\nname = "y"\nop = "conv2d"\ninput = "x"\nweight = "kernel"\n'
    )
    lesson = open_lesson(str(path))
    number = lesson.timeline.locate("y[20,30]")
    text = markdown(lesson, number)
    [table] = [part for part in text.split("\n\n") if part.startswith("| `x`")]
    head, _, *rows = table.split("\n")
    assert len(rows) == WIDEST + 2
    assert rows[0].count("…") == rows[-1].count("…") == head.count("|") - 2
    # Row 20 starts at 20*40 + 30 = 830; the window reads 830, 831, 870 and 871.
    assert re.findall(r"\*\*(\d+)\*\*", table) == ["830", "831", "870", "871"]


@pytest.mark.parametrize("format", ["md", "latex"])
def test_a_window_of_three_channels_and_its_bias_are_written_out(
    format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["print", "cs231n-two-filters", "--to", "1", "--format", format]) == 0
    [sum_] = [line for line in capsys.readouterr().out.splitlines() if "= -6" in line]
    assert "..." not in sum_
    assert "dots" not in sum_
    assert sum_.count("(") == 3 * 3 * 3


def test_coarser_levels_show_what_is_written(edges: Lesson) -> None:
    selection = Selection(range(9), "tensor")
    text = "\n".join(handout_markdown.lines("", Handout(edges).of_steps(selection)))
    assert "| 1 | 3 | 0 | 0 |" in text
    assert "steps 1 to 9 of 9" in text or "step 1 to 9 of 9" in text


def test_a_card_is_its_entries() -> None:
    lesson = open_lesson("glossary")
    text = "\n".join(handout_markdown.lines("", Handout(lesson).of_steps(Selection(range(0)))))
    assert all(f"## {handout_markdown.escaped(entry.term)}\n" in text for entry in lesson.scenario.entries)


def test_a_step_in_latex_by_hand(edges: Lesson) -> None:
    text = latex(edges, 1)
    assert text.startswith("\\documentclass{article}\n")
    assert text.endswith("\\end{document}")
    assert (
        "\\[ \\texttt{feature\\_map} = \\begin{bmatrix}\n"
        "  3 & \\boxed{1} & \\cdot \\\\\n"
        "  \\cdot & \\cdot & \\cdot \\\\\n"
        "  \\cdot & \\cdot & \\cdot\n"
        "\\end{bmatrix} \\]"
    ) in text
    assert "$\\texttt{feature\\_map[0,1]} = (1\\times 1) + (1\\times 0)" in text


@pytest.mark.parametrize("name", ["neuron-forward-loss-update", "residual-block", "image-classifier", "glossary"])
def test_latex_is_balanced_and_has_no_sign_that_means_something_else(name: str) -> None:
    lesson = open_lesson(name)
    text = latex(lesson, 0, max(lesson.timeline.steps - 1, 0)) if lesson.timeline.steps else latex(lesson, 0, -1)
    opened: list[str] = []
    for kind, environment in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            opened.append(environment)
        else:
            assert opened.pop() == environment
    assert not opened
    bare = re.sub(r"\\[\\{}%&$#_]", "", text)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    outside = re.sub(r"\$[^$]*\$|\\\[.*?\\\]", "", bare.partition("\\begin{document}")[2], flags=re.DOTALL)
    assert not re.search(r"[_^&#%~<>]", outside)
    assert outside.isascii() or set(re.findall(r"[^\x00-\x7f]", outside)) <= set("éèöüäß'’“”")


def test_two_hyphens_are_no_dash_in_latex() -> None:
    text = "\n".join(handout_latex.lines("--set lr=0.1", [Section(words="--set – and —")]))
    assert r"\section*{-{}-set lr=0.1}" in text
    assert r"-{}-set \textendash{} and \textemdash{}" in text


@pytest.mark.slow
@pytest.mark.parametrize("name", [entry.name for entry in entries()])
def test_latex_makes_pages_of_it_and_nothing_runs_off_them(name: str, tmp_path: Path) -> None:
    """The stops, the first steps, and every tensor of the first iteration."""
    program = shutil.which("pdflatex")
    if program is None:
        pytest.skip("pdflatex is not installed")
    lesson = open_lesson(name)
    timeline, stops = lesson.timeline, {stop.position: lesson.told_at(stop.position) for stop in lesson.stops}
    handout = Handout(lesson)
    sections = [*handout.of_stops(stops)]
    if timeline.steps:
        iteration = timeline.start(1) if timeline.iterations > 1 else timeline.steps
        sections += handout.of_steps(Selection(range(min(timeline.steps, 12))))
        sections += handout.of_steps(Selection(range(iteration), "tensor"))
    text = "\n".join(handout_latex.lines(lesson.scenario.title, sections))
    (tmp_path / "handout.tex").write_text(text, "utf-8")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", "handout.tex"]
    made = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    said = (tmp_path / "handout.log").read_text("utf-8", errors="replace")
    assert made.returncode == 0, re.findall(r"^! .*", said, re.MULTILINE)
    assert [float(points) for points in re.findall(r"Overfull \\hbox \((.*?)pt", said) if float(points) > 3] == []


def test_arithmetic_in_latex() -> None:
    assert handout_latex.maths("(2*-1.5e-05) + exp(3) ~ inf") == (
        r"(2\times -1.5\cdot 10^{-5}) + \operatorname{exp}(3) \approx \infty "
    )


def test_the_formats_of_print(capsys: pytest.CaptureFixture[str]) -> None:
    for form, start in (("md", "# Left-edge"), ("latex", "\\documentclass"), ("torch", '"""Left-edge')):
        assert cli.main(["print", "edge-detection-5x5", "--format", form]) == 0
        assert capsys.readouterr().out.startswith(start)
    assert cli.main(["print", "edge-detection-5x5", "--format", "torch", "--from", "2"]) == 2
    assert "whole scenario" in capsys.readouterr().err
