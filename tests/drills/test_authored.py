"""The drills of the course: where each is asked, what is right (by hand), and what works it out, or why not."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pytest
from written import HEAD, opened, write

from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.courses import courses
from stepgrad.scenarios.drills.authored import authored, names
from stepgrad.scenarios.drills.checking import drill_findings
from stepgrad.scenarios.drills.path import lessons
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.verdict import Outcome
from stepgrad.scenarios.drills.worth import worth
from stepgrad.scenarios.lesson import open_lesson

RUN = "the run works it out"
FORMULA = "arithmetic of the course that no op stands for"
LETTERS = "letters, not numbers: chosen from, and checked below"
WORDS = "words: chosen from"
COUNTED = "counted over the training: checked below"
SETTING = "a setting looked for: checked below"


class Row(NamedTuple):
    name: str
    scenario: str
    answer: str
    how: str = RUN


# The answers are those of the course's own table, worked out by hand or by PyTorch, never by this program.
TABLE = (
    Row("D01", "conv1d-full", "7"),
    Row("D02", "conv1d-full", "34"),
    Row("D03", "conv1d-full", "70"),
    Row("D04", "edge-detection-5x5", "3"),
    Row("D05a", "edge-detection-5x5", "2"),
    Row("D05b", "edge-detection-5x5", "3x3"),
    Row("D06", "feature-map-size", "1 2 3"),
    Row("D07", "same-padding-5x5", "0 2"),
    Row("D08", "edge-detection-5x5", "1 1 0; 0 0 0; 0 0 0"),
    Row("D09a", "edge-detection-5x5", "3"),
    Row("D09b", "edge-detection-5x5", "0"),
    Row("D10", "receptive-field", "7 8 15 15"),
    Row("D11", "receptive-field", "27 49"),
    Row("D12", "vanishing-gradient", "9.54e-7"),
    Row("D13", "residual-block", "1"),
    Row("D14a", "feature-map-size", "3x3"),
    Row("D14b", "feature-map-size", "3x3"),
    Row("D15", "cs231n-two-filters", "-6"),
    Row("D16", "cs231n-two-filters", "56"),
    Row("D17a", "parameter-counts", "832"),
    Row("D17b", "feature-map-size", "28x28x32"),
    Row("D18", "feature-map-size", "2"),
    Row("D19", "loss-functions", "0.105361"),
    Row("D20", "loss-functions", "0.356675"),
    Row("D21a", "rotation-pretraining", "1.386294"),
    Row("D21b", "softmax-cross-entropy", "2.302585"),
    Row("D22a", "feature-map-size", "4x4x16"),
    Row("D22b", "feature-map-size", "112x112x64"),
    Row("D23", "pooling-max-mean-l2", "6 3.75 8.426150 1"),
    Row("D24", "two-stream-shapes", "109"),
    Row("D25", "two-stream-shapes", "54"),
    Row("D26", "two-stream-shapes", "8,388,608"),
    Row("D27", "two-stream-shapes", "14112 94080"),
    Row("D28a", "rotation-pretraining", "4"),
    Row("D28b", "rotation-pretraining", "64-bit integer", WORDS),
    Row("D29", "space-carving", "48 30 29"),
    Row("D30", "space-carving", "0 <= x < w", LETTERS),
    Row("D31a", "space-carving", "25"),
    Row("D31b", "space-carving", "29"),
    Row("D32", "pytorch-training-loop", "zero_grad, forward, loss, backward, step", WORDS),
    Row("D33", "pytorch-training-loop", "Gradients add up from round to round", WORDS),
    Row("D34a", "perceptron-rule", "6", COUNTED),
    Row("D34b", "perceptron-rule", "-2 2 1"),
    Row("D34c", "perceptron-rule", "it never settles", COUNTED),
    Row("D35", "mlp-forward", "5x3"),
    Row("D36", "pixel-normalisation", "0.615686 1"),
    Row("D37", "parameter-counts", "3x10^9"),
    Row("D38", "inductive-deductive", "inductive", WORDS),
    Row("D39a", "translation-equivariance", "yes"),
    Row("D39b", "translation-equivariance", "yes"),
    Row("D39c", "translation-equivariance", "equivariant, invariant", WORDS),
    Row("D40a", "conv1d-kernel-stride-dilation", "4 9"),
    Row("D40b", "conv1d-kernel-stride-dilation", "4 -1 9 7"),
    Row("D41a", "conv1d-kernel-stride-dilation", "5"),
    Row("D41b", "conv1d-kernel-stride-dilation", "d*(k - 1) + 1", LETTERS),
    Row("D42a", "parameter-counts", "42 4"),
    Row("D42b", "fc-vs-conv-weight-matrix", "16"),
    Row("D43", "parameter-counts", "Ci*Co*K weights, Co biases", LETTERS),
    Row("D44", "parameter-counts", "250"),
    Row("D45", "parameter-counts", "1122"),
    Row("D46", "feature-map-size", "19 9 4"),
    Row("D47a", "mnist-1d", "2050"),
    Row("D47b", "mnist-1d", "59065"),
    Row("D48a", "translation-equivariance", "no"),
    Row("D48b", "translation-equivariance", "yes"),
    Row("D49", "conv2d-rgb-six-kernels", "3x3x3"),
    Row("D50", "conv2d-rgb-six-kernels", "162 168"),
    Row("D51", "relu-mask", "16 0"),
    Row("D52a", "feature-map-size", "98x98x6"),
    Row("D52b", "feature-map-size", "49x49x6"),
    Row("D53", "feature-map-size", "14x14x64"),
    Row("D54a", "parameter-counts", "3x3x32"),
    Row("D54b", "parameter-counts", "18432 64"),
    Row("D55", "pytorch-training-loop", "10", FORMULA),
    Row("D56", "feature-map-size", "10x98x98x32"),
    Row("D57", "batchnorm-channel-statistics", "96040 32"),
    Row("D58a", "parameter-counts", "64"),
    Row("D58b", "batchnorm-channel-statistics", "3.2"),
    Row("D59a", "neuron-forward-loss-update", "0.38 6.8644"),
    Row("D59b", "neuron-forward-loss-update", "0.5 6.25"),
    Row("D60", "neuron-forward-loss-update", "-3.144 -4.192"),
    Row("D61", "neuron-forward-loss-update", "0.2 0.497", FORMULA),
    Row("D62", "neuron-forward-loss-update", "0.53144 0.14192 6.592570"),
    Row("D63a", "neuron-forward-loss-update", "0.5", SETTING),
    Row("D63b", "neuron-forward-loss-update", "1", SETTING),
    Row("D64a", "image-classifier", "0.0900 0.2447 0.6652"),
    Row("D64b", "image-classifier", "2"),
    Row("D65", "batchnorm-channel-statistics", "Yes, but for the shift: it is affine", WORDS),
    Row("D66a", "channel-layouts", "[8,3,32,48]"),
    Row("D66b", "channel-layouts", "[8,32,48,3]"),
    Row("D67", "conv-vs-cross-correlation", "37 23"),
    Row("D68", "conv-symbolic-2x2", "aw + bx + ey + fz", LETTERS),
    Row("D69", "padding-choices", "8 10 12"),
    Row("D70a", "parameter-counts", "Cout*Cin*kx*ky + Cout", LETTERS),
    Row("D70b", "parameter-counts", "[N,Cout,H-ky+1,W-kx+1]", LETTERS),
    Row("D71", "activations", "-1"),
    Row("D72a", "activations", "0.25"),
    Row("D72b", "activations", "4.54e-5"),
)


def test_all_72_drills_of_the_course_are_asked() -> None:
    assert {row.name[:3] for row in TABLE} == {f"D{number:02}" for number in range(1, 73)}
    assert len({(row.scenario, row.name) for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_the_right_answer_is_right(row: Row) -> None:
    question = authored(row.scenario, row.name)
    assert question.check(row.answer).outcome is Outcome.RIGHT, (question.answer.written, question.text)
    for mistake in islice(question.mistakes(), 4):
        if not question.answer.same(mistake.value):
            assert question.check(question.answer.spelled(mistake.value)).outcome is not Outcome.RIGHT


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_there_is_help_before_the_solution_and_it_does_not_tell(row: Row) -> None:
    hints = authored(row.scenario, row.name).hints
    assert hints or row.name == "D38", "one of two words is no more to be hinted at than told"
    if row.how in (WORDS, LETTERS):
        assert row.answer not in " ".join(hints)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_answers_come_from_the_run_wherever_an_op_can_give_them(row: Row) -> None:
    lesson = open_lesson(row.scenario)
    written = next(drill for drill in lesson.scenario.drill if drill.name == row.name)
    tensors = list(lesson.timeline.graph(0).names) if lesson.timeline.steps else []
    named = isinstance(written.answer, str) and any(name in written.answer for name in tensors)
    assert (named and written.answer not in written.choices) == (row.how == RUN)


@pytest.mark.parametrize("name", lessons())
def test_the_drills_of_a_scenario_are_sound(name: str) -> None:
    assert not list(drill_findings(open_lesson(name)))


def test_drills_come_in_the_order_of_the_course_that_holds_every_lesson() -> None:
    order = courses()[0].lessons
    assert lessons()[: len(order)] == list(order)
    assert sorted(lessons()) == sorted(entry.name for entry in entries())


def test_how_large_something_is_hangs_on_no_step() -> None:
    question = authored("padding-choices", "D69")
    assert question.steps == ()
    assert question.hints == (
        "Valid: the window lies inside. Same: as many as there were. Full: every place where it still meets a cell.",
    )


def test_a_question_tells_all_the_numbers_that_it_takes() -> None:
    for name in ("D63a", "D63b"):
        assert "Inputs [0.6, 0.8], weights [0.5, 0.1]" in authored("neuron-forward-loss-update", name).prompt
    lost = authored("space-carving", "D31a")
    assert [plane.name for plane in lost.given] == ["front_silhouette", "side_silhouette", "top_silhouette"]


def test_letters_stand_for_what_the_kernel_meets() -> None:
    lesson = open_lesson("conv-symbolic-2x2")
    x, kernel = lesson.symbols["x"].squeeze(), lesson.symbols["kernel"].squeeze()
    met = [f"{x[u, v]}{kernel[u, v]}" for u in range(2) for v in range(2)]
    assert authored("conv-symbolic-2x2", "D68").check(" + ".join(met)).outcome is Outcome.RIGHT


def test_the_perceptron_needs_six_passes_and_for_xor_no_number_will_do() -> None:
    lesson = open_lesson("perceptron-rule")
    mistakes = [worth(f"max(abs(score.grad@{i}))", lesson).value[0] for i in range(24)]
    passes = [any(mistakes[4 * k : 4 * k + 4]) for k in range(6)]
    assert passes == [True] * 5 + [False]
    xor = open_lesson("perceptron-rule:xor")
    wrong = [worth(f"max(abs(score.grad@{i}))", xor).value[0] for i in range(xor.timeline.iterations)]
    assert all(any(wrong[k : k + 4]) for k in range(0, len(wrong), 4))


def test_one_rate_solves_the_neuron_at_once_and_another_never() -> None:
    losses = {}
    for rate in (0.01, 0.1, 0.5, 1.0):
        lesson = open_lesson("neuron-forward-loss-update", {"optimizer.lr": rate})
        losses[rate] = [worth(f"loss@{i}", lesson).value[0] for i in range(3)]
    assert losses[0.5][1] == pytest.approx(0, abs=1e-12)
    assert losses[1.0] == pytest.approx([6.8644] * 3)
    assert all(losses[rate][1] > 0.1 and losses[rate][2] < losses[rate][0] for rate in (0.01, 0.1))


def test_that_padding_keeps_the_size_and_no_other() -> None:
    for kernel, padding in zip((3, 5, 7), (1, 2, 3), strict=True):
        for tried in range(kernel):
            settings = {"inputs.demo_side": [9], "layers.demo.stride": [1], "layers.demo.kernel": [kernel],
                        "layers.demo.padding": [tried], "layers.windows.kernel": [1]}  # fmt: skip
            kept = worth("demo[0]", open_lesson("feature-map-size", settings)).value[0] == 9
            assert kept == (tried == padding)


def drill(tmp_path: Path, text: str) -> Question:
    network = HEAD + '[inputs]\nx = [[1, -2], [3, 4]]\n[[layers]]\nname = "y"\nop = "relu"\n'
    path = write(tmp_path, f'{network}[[drill]]\nname = "q"\n{text}\n')
    return authored(str(path), "q")


@pytest.mark.parametrize(
    ("text", "form", "written"),
    [
        ('prompt = "?"\nanswer = "y[0,1]"', "number", "0"),
        ('prompt = "?"\nanswer = "y"', "matrix", "1 0; 3 4"),
        ('prompt = "?"\nanswer = "y[1]"', "vector", "3 4"),
        ('prompt = "?"\nanswer = "y[0,0]; y[1,1]"', "vector", "1 4"),
        ('prompt = "?"\nanswer = "y.shape"', "shape", "2x2"),
        ('prompt = "?"\nanswer = "size(y) x 3"', "shape", "4x3"),
        ('prompt = "?"\nanswer = "sum(y)/3"', "number", "2.6667"),
        ('prompt = "?"\nanswer = "sum(y)/3"\ndecimals = 1', "number", "2.7"),
        ('prompt = "?"\nanswer = 2.5', "number", "2.5"),
        ('prompt = "?"\nanswer = "max(y) > 3"', "choice", "a) yes"),
        ('prompt = "?"\nanswer = "y[1,1]"\nchoices = [3, 4, 5]', "choice", "b) 4"),
        ('prompt = "?"\nanswer = "no"\nchoices = ["yes", "no"]', "choice", "b) no"),
        ('prompt = "?"\nanswer = "y[0,0]"\nsettings = { "inputs.x" = [[7, 0], [0, 0]] }', "number", "7"),
    ],
)
def test_what_an_answer_in_a_file_may_be(tmp_path: Path, text: str, form: str, written: str) -> None:
    question = drill(tmp_path, text)
    assert (question.answer.form, question.answer.written) == (form, written)


def test_prompt_and_choices_take_values_of_the_run_and_choices_are_shuffled_by_the_seed(tmp_path: Path) -> None:
    question = drill(tmp_path, 'prompt = "Of {x}?"\nanswer = "b"\nchoices = ["a", "b", "{y[1,1]}", "d"]\nshow = ["x"]')
    assert question.prompt == "Of [[1, -2], [3, 4]]?"
    assert question.answer.written == "b) b"
    assert str(question.given[0]) == "x = 1 -2; 3 4"
    path = str(tmp_path / "s.toml")
    orders = {authored(path, "q", seed).text for seed in range(1, 20)}
    assert len(orders) > 5
    assert all(authored(path, "q", seed).check("b").outcome for seed in range(1, 5))
    assert [authored(path, "q", seed).answer.written.split(") ")[1] for seed in range(1, 6)] == ["b"] * 5


def test_a_drill_without_a_name_has_one_that_hangs_on_its_wording(tmp_path: Path) -> None:
    path = write(
        tmp_path, HEAD + '[inputs]\nx = [1]\n[[layers]]\nname = "y"\nop = "relu"\n[[drill]]\nprompt = "?"\nanswer = 1\n'
    )
    [name] = names(str(path))
    assert len(name) == 12
    assert opened(tmp_path, path.read_text()).scenario.drill[0].name == ""
