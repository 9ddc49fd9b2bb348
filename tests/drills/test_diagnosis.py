"""Wrong answers that are recognised, by running the op again; and the right one, which never is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from written import HEAD, opened

from stepgrad.engine.step import Step
from stepgrad.scenarios.drills.answers import Answer, Cell, Choice, Shape
from stepgrad.scenarios.drills.authored import authored
from stepgrad.scenarios.drills.diagnosis import Mistake, diagnosed, suspected, suspected_together
from stepgrad.scenarios.drills.figures import Digits
from stepgrad.scenarios.drills.generate import generated
from stepgrad.scenarios.drills.numeric import Numbers
from stepgrad.scenarios.drills.verdict import Outcome
from stepgrad.scenarios.lesson import Lesson, open_lesson

NETWORK = (
    HEAD + "[inputs]\nx = [[1, 2, 0], [3, -1, 4], [2, 5, 6]]\nt = [[1, 2]]\n"
    '[[layers]]\nname = "conv"\nop = "conv2d"\ninput = "x"\nweight = [[1, 2], [3, 4]]\n'
    "bias = [10]\npadding = 1\nstride = 2\n"
    '[[layers]]\nname = "flat"\nop = "flatten"\n'
    '[[layers]]\nname = "y"\nop = "linear"\nweight = [[0.1, 0, 0, 0], [0, 0.2, 0, 0]]\n'
    '[[layers]]\nname = "a"\nop = "tanh"\n'
    '[loss]\nop = "mse_loss"\ninput = "a"\ntarget = "t"\n'
)


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    return opened(tmp_path, NETWORK)


def at(lesson: Lesson, address: str) -> Step:
    return lesson.step(lesson.timeline.locate(address))


def said(step: Step, text: str) -> str:
    answer = Numbers((step.value,), (), Digits.of((step.value,)))
    return diagnosed(text, answer, suspected(step))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("46", "without the bias"),
        ("34", "with the kernel flipped"),  # -1*4 + 4*3 + 5*2 + 6*1 + 10
        ("-56", "with the other sign"),
        ("32", "without the term 6*4"),
    ],
)
def test_a_convolution(lesson: Lesson, text: str, says: str) -> None:
    step = at(lesson, "conv[1,1]")
    assert step.value == -1 * 1 + 4 * 2 + 5 * 3 + 6 * 4 + 10
    assert says in said(step, text)


def test_padding_and_stride_that_were_forgotten(lesson: Lesson) -> None:
    step = at(lesson, "conv[0,0]")
    assert step.value == 1 * 4 + 10
    # Without the padding the window would lie on x[0,0]: 1*1 + 2*2 + 3*3 + -1*4 + 10.
    assert "without the padding" in said(step, "20")
    # With stride 1 conv[1,1] would read the window from x[0,0].
    assert "with stride 1" in said(at(lesson, "conv[1,1]"), "20")


def test_same_padding_is_only_told_where_it_keeps_the_size() -> None:
    kept = "That is what comes out with 'same' padding, which keeps the size."
    # The window of the corner would begin above and left of it, with the filter's column of ones in the padding.
    assert said(at(open_lesson("edge-detection-5x5"), "feature_map[0,0]"), "0") == kept
    # In the full convolution 'same' padding is less than the padding there: nothing is said of which is more.
    assert Mistake((61,), kept) in list(suspected(at(open_lesson("conv1d-full"), "s[2]")))
    for name, cell in (("cs231n-two-filters", "out[0,0,0]"), ("pooling-max-mean-l2", "max[0,0]")):
        assert kept not in {mistake.say for mistake in suspected(at(open_lesson(name), cell))}


@pytest.mark.parametrize(
    ("name", "cell", "other"),
    [
        ("relu-mask", "a[0,0]", {"softmax", "flip", "adaptive_max_pool2d"}),
        ("edge-detection-5x5", "feature_map[0,0]", {"conv_transpose2d"}),
        ("pooling-max-mean-l2", "max[0,0]", {"identity", "pad", "softmax"}),
    ],
)
def test_an_op_that_reads_other_cells_is_not_taken_for_it(name: str, cell: str, other: set[str]) -> None:
    says = [mistake.say for mistake in suspected(at(open_lesson(name), cell))]
    named = {say.split(" for ")[1].split(";")[0] for say in says if "; this is " in say}
    assert not named & other


def test_another_activation_and_another_pooling_are() -> None:
    assert "for identity; this is relu" in said(at(open_lesson("relu-mask"), "a[0,1]"), "-16")
    assert "for avg_pool2d; this is max_pool2d" in said(at(open_lesson("pooling-max-mean-l2"), "max[0,0]"), "3.75")


def test_the_slope_of_tanh_is_not_that_of_the_sigmoid_nor_without_the_square(lesson: Lesson) -> None:
    step = at(lesson, "y.grad[0,0]")
    y, dy = (reading.value for reading in step.reads if reading.tensor != "constant")
    t, up = (y, dy) if step.reads[0].tensor == "a" else (dy, y)
    assert step.value == pytest.approx(up * (1 - t * t))
    assert "the gradient of sigmoid" in said(step, f"{up * t * (1 - t):.6f}")
    assert "without the square" in said(step, f"{up * (1 - t):.6f}")


def test_the_loss(lesson: Lesson) -> None:
    step = at(lesson, "loss")
    first, second = ((step.run.value("a", (0, i)) - i - 1) for i in range(2))
    assert step.value == pytest.approx((first**2 + second**2) / 2)
    assert "for the sum, not divided" in said(step, f"{first**2 + second**2:.5f}")
    assert "l1_loss" in said(step, f"{(abs(first) + abs(second)) / 2:.5f}")


def test_97_for_98() -> None:
    step = at(open_lesson("feature-map-size"), "notes[0]")
    assert said(step, "98") == ""
    assert said(step, "97") == "That is what comes out without the + 1 at the end."
    drill = authored("feature-map-size", "D52a").check("97x97x6")
    assert drill.say == "97 is 100 - 3, the number of moves. The place it starts from counts too: 98."


@pytest.mark.parametrize(
    ("name", "drill", "text", "says"),
    [
        ("parameter-counts", "D45", "250", "one dimension"),
        ("parameter-counts", "D44", "236", "without the biases"),
        ("parameter-counts", "D44", "1122", "two dimensions"),
        ("cs231n-two-filters", "D16", "54", "without the biases"),
        ("cs231n-two-filters", "D15", "-7", "without the bias"),  # so it is with the kernel flipped
        ("loss-functions", "D19", "-0.105361", "A loss is positive"),
        ("loss-functions", "D20", "-0.356675", "A loss is positive"),
        ("conv1d-full", "D03", "60", "kernel flipped"),
        ("edge-detection-5x5", "D08", "3 1 1; 3 0 0; 2 0 0", "as it is written; here it is flipped"),
        ("neuron-forward-loss-update", "D60", "3.144 4.192", "The error is y_hat less the target"),
        ("batchnorm-channel-statistics", "D58b", "6.2", "First the scale, then the shift"),
    ],
)
def test_the_common_mistakes_of_the_course(name: str, drill: str, text: str, says: str) -> None:
    verdict = authored(name, drill).check(text)
    assert verdict.outcome is Outcome.WRONG
    assert says in verdict.say


def test_counts_in_one_dimension_and_without_biases() -> None:
    for seed in range(1, 30):
        question = generated("cs231n-two-filters", "count", seed, 0.5)
        assert question is not None
        says = [mistake.say for mistake in question.mistakes()]
        assert ("That is without the biases: there is one for every output channel." in says) == (
            "with a bias" in question.prompt
        )
        assert "That is the count for one dimension; this kernel has two." in says


def test_a_filter_is_spoken_of_where_there_is_one_and_its_bias_where_it_has_one() -> None:
    for name, seed in ((name, seed) for name in ("mlp-forward", "cs231n-two-filters") for seed in range(1, 20)):
        question = generated(name, "count", seed, 0.5)
        assert question is not None
        says = " ".join(mistake.say for mistake in question.mistakes())
        assert ("filter" in says) == (name != "mlp-forward")
        assert ("filter with its bias" in says) <= ("with a bias" in question.prompt)


def test_a_size_that_forgets_stride_or_padding() -> None:
    says: dict[str, int] = {}
    for seed in range(1, 40):
        question = generated("cs231n-two-filters", "shape", seed, 0.5)
        assert question is not None
        assert isinstance(question.answer, Shape)
        for mistake in question.mistakes():
            if not question.answer.same(mistake.value):
                verdict = question.check(question.answer.spelled(mistake.value))
                assert verdict.outcome is Outcome.WRONG
                says[verdict.say] = says.get(verdict.say, 0) + 1
    assert {"That is the size without the padding.", "That is the size with stride 1."} <= says.keys()
    assert "Every side is one too small: count the places, not the gaps." in says


def test_a_mistake_in_every_cell_of_a_row(lesson: Lesson) -> None:
    steps = [at(lesson, f"conv[{i},{j}]") for i in range(2) for j in range(2)]
    values = tuple(step.value for step in steps)
    answer = Numbers(values, (2, 2), Digits.of(values))
    without = "; ".join(" ".join(str(values[2 * i + j] - 10) for j in range(2)) for i in range(2))
    assert "without the bias" in diagnosed(without, answer, suspected_together(steps))
    # The cells that are right say nothing against it.
    mixed = f"{values[0]} {values[1] - 10}; {values[2]} {values[3] - 10}"
    assert "without the bias" in diagnosed(mixed, answer, suspected_together(steps))
    # Two different mistakes are none that is known.
    assert diagnosed(f"{values[0] - 10} {values[1] + 1}; ? ?", answer, suspected_together(steps)) == ""


def test_the_right_answer_is_never_a_mistake(lesson: Lesson) -> None:
    for number in range(lesson.timeline.steps):
        step = lesson.step(number)
        answer = Numbers((step.value,), (), Digits.of((step.value,)))
        assert diagnosed(answer.written, answer, suspected(step)) == ""
        assert diagnosed(answer.written, answer, [Mistake((step.value,), "none")]) == ""


@pytest.mark.parametrize(
    "answer",
    [Shape((3, 3)), Choice(("yes", "no"), 1), Cell("x", (3, 3), (1, 2)), Numbers((1 / 3,), (), Digits(decimals=2))],
)
def test_a_mistake_that_is_the_right_answer_is_none(answer: Answer) -> None:
    assert diagnosed(answer.spelled(answer.value), answer, [Mistake(answer.value, "none")]) == ""
