"""Questions from steps: each has one right answer, which is accepted, and every other is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from written import HEAD, opened, write

from stepgrad.engine.number import Read
from stepgrad.engine.step import leaves
from stepgrad.scenarios.drills.answers import Choice
from stepgrad.scenarios.drills.diagnosis import Mistake
from stepgrad.scenarios.drills.generate import generated
from stepgrad.scenarios.drills.kinds import KINDS
from stepgrad.scenarios.drills.kinds.inverse import decides
from stepgrad.scenarios.drills.path import lessons
from stepgrad.scenarios.drills.question import Question
from stepgrad.scenarios.drills.reading import UnreadableError
from stepgrad.scenarios.drills.variation import varied
from stepgrad.scenarios.drills.verdict import Outcome, Verdict

FEW = ("edge-detection-5x5", "cs231n-two-filters", "cnn-flow", "residual-block", "pooling-max-mean-l2", "conv1d-full")


SAID = 3
"""Mistakes of a question that are diagnosed as well: it runs the op again for each."""


def graded(question: Question, mistake: Mistake) -> Verdict:
    """The grade alone; what cannot be read is none."""
    try:
        return question.answer.grade(question.answer.spelled(mistake.value))
    except UnreadableError:
        return Verdict(Outcome.UNREADABLE)


def check(question: Question) -> int:
    """How many wrong answers were tried, and refused; the right one was not."""
    answer = question.answer
    assert question.check(answer.written).outcome is Outcome.RIGHT, question.text
    assert question.check(answer.spelled(answer.value)).outcome is Outcome.RIGHT, question.text
    tried = 0
    for mistake in question.mistakes():
        if not answer.same(mistake.value):
            verdict = question.check(answer.spelled(mistake.value)) if tried < SAID else graded(question, mistake)
            assert verdict.outcome is not Outcome.RIGHT, question.text
            tried += 1
    if isinstance(answer, Choice):
        right = [question.check(letter).outcome for letter in answer.letters]
        assert right.count(Outcome.RIGHT) == 1
        assert right == [question.check(option).outcome for option in answer.options]
        tried += len(right) - 1
    assert question.check("no answer at all").outcome is Outcome.UNREADABLE
    return tried


@pytest.mark.parametrize("kind", KINDS)
def test_the_right_answer_is_accepted_and_every_other_refused(kind: str) -> None:
    made = [question for name in FEW for seed in (0, 1, 2) if (question := generated(name, kind, seed, seed / 2))]
    assert made
    assert sum(map(check, made)) or kind == "feeds"


def test_the_mark_of_padding_is_explained_where_it_is_used() -> None:
    made = [generated("same-padding-5x5", "operand", seed) for seed in range(1, 30)]
    asked = [question for question in made if question]
    assert any("0'" in question.prompt for question in asked)
    for question in asked:
        assert question.prompt.count("0' is a zero of the padding") == ("0'*" in question.prompt)
        assert ("zeros of the padding (0')" in question.hints[0]) == ("0'*" in question.prompt)


def test_no_place_is_asked_for_that_hangs_on_numbers_which_are_not_shown() -> None:
    made = [generated("softmax-cross-entropy", kind, seed) for kind in ("window", "feeds") for seed in range(1, 40)]
    asked = [question for question in made if question]
    assert asked
    # A label chooses which cell of its row the loss reads.
    assert not [question.prompt for question in asked if question.prompt.startswith("loss = label_sum(")]


@pytest.mark.slow
@pytest.mark.parametrize("name", lessons())
def test_every_kind_of_every_scenario_over_many_seeds(name: str) -> None:
    for kind in KINDS:
        for seed in range(8):
            question = generated(name, kind, seed, seed / 8)
            if question is not None:
                check(question)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_thousands_of_seeds(kind: str) -> None:
    count = sum(
        question is not None and check(question) >= 0
        for name in FEW
        for seed in range(1, 60)
        for question in [generated(name, kind, seed, seed % 5 / 4)]
    )
    assert count >= 50


def test_the_same_seed_asks_the_same() -> None:
    for kind in KINDS:
        first, second = (generated("cnn-flow", kind, 7, 0.5) for _ in range(2))
        assert (first and (first.text, first.answer.written)) == (second and (second.text, second.answer.written))


def test_other_seeds_ask_other_things() -> None:
    asked = {question.text + str(question.given) for seed in range(1, 30) if (question := edge("cell", seed))}
    assert len(asked) > 20


def edge(kind: str, seed: int, difficulty: float = 0.0) -> Question:
    question = generated("edge-detection-5x5", kind, seed, difficulty)
    assert question is not None
    return question


def test_seed_0_keeps_the_numbers_of_the_scenario() -> None:
    assert varied("edge-detection-5x5", 0) == {}
    assert any("1 1 1 1 0; 1 0 0 0 0" in str(plane) for plane in edge("cell", 0).given)


def test_numbers_are_varied_within_their_range_and_as_coarse() -> None:
    found = varied("neuron-forward-loss-update", 5)
    x = found["inputs.x"]
    assert isinstance(x, list)
    assert all(0.6 <= value <= 0.8 and round(value, 1) == value for value in x[0])
    assert varied("neuron-forward-loss-update", 5) == found != varied("neuron-forward-loss-update", 6)
    image = varied("edge-detection-5x5", 3)["inputs.image"]
    assert isinstance(image, list)
    assert {value for row in image for value in row} == {0, 1}


def test_harder_questions_are_more_work() -> None:
    def terms(difficulty: float) -> float:
        steps = [question.steps[0] for seed in range(1, 25) if (question := edge("cell", seed, difficulty)).steps]
        return sum(term.value != 0 for step in steps if step.fold is not None for term in step.fold) / len(steps)

    assert terms(0.0) < terms(0.5) < terms(1.0)


def test_hints_give_nothing_away_and_the_solution_does() -> None:
    for name in FEW:
        for seed in (1, 2, 3):
            question = generated(name, "cell", seed, 0.5)
            assert question is not None
            assert len(question.hints) == 3
            assert not any(hint.endswith(f"= {question.answer.written}") for hint in question.hints)
            assert question.steps[0].formula in question.hints[1]
            assert str(question.steps[0].address.tensor) in question.solution[0]


def test_what_if_is_asked_of_a_lesson_with_that_setting() -> None:
    question = edge("what-if", 4)
    assert question.settings["layers.feature_map.stride"] == 2
    assert question.lesson is not None
    assert question.lesson.timeline.graph(0).spec("feature_map").shape == (1, 1, 2, 2)


def test_the_wrong_number_is_the_only_one() -> None:
    for seed in range(1, 12):
        question = edge("mistake", seed)
        shown = [[float(cell) for cell in row] for row in question.given[0].rows]
        step = question.steps[0]
        right = step.run.host("feature_map")[0, 0].tolist()
        differ = [(i, j) for i in range(3) for j in range(3) if shown[i][j] != right[i][j]]
        assert differ == [step.index[2:]]


@pytest.mark.parametrize(
    ("op", "tensor", "index", "one"),
    [
        ('op = "linear"\nweight = [[2, 3]]', "x", (0, 0), True),
        ('op = "linear"\nweight = [[0, 3]]', "x", (0, 0), False),  # 0*x is 0 for every x
        ('op = "relu"', "x", (0, 0), False),  # -1 and -2 give the same
        ('op = "tanh"', "x", (0, 0), True),
        ('op = "abs"', "x", (0, 0), False),
        ('op = "mul"\ninput = ["x", "x"]', "x", (0, 0), False),  # 2 and -2 give the same
    ],
)
def test_an_operand_is_asked_for_only_where_one_number_fits(
    tmp_path: Path, op: str, tensor: str, index: tuple[int, ...], one: bool
) -> None:
    lesson = opened(tmp_path, HEAD + f'[inputs]\nx = [[1, 2]]\n[[layers]]\nname = "y"\n{op}\n')
    trace = lesson.step(0).trace
    leaf = next(
        leaf for leaf in leaves(trace) if isinstance(leaf, Read) and (leaf.cells.name, leaf.index) == (tensor, index)
    )
    assert decides(trace, leaf) is one


def test_no_winner_is_asked_for_where_there_is_a_tie(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEAD + '[inputs]\nx = { init = "ones", shape = [1, 1, 4, 4] }\n'
        '[[layers]]\nname = "y"\nop = "max_pool2d"\nkernel_size = 2\n',
    )
    assert generated(str(path), "winner", 0) is None


def test_every_kind_is_found_somewhere_in_the_catalogue() -> None:
    found = Counter(kind for kind in KINDS for name in FEW if generated(name, kind, 1, 0.3))
    assert set(found) == set(KINDS)


def test_the_numbers_that_are_shown_are_enough_to_work_the_answer_out(tmp_path: Path) -> None:
    text = HEAD + '[inputs]\nx = [[{}, {}]]\n[[layers]]\nname = "y"\nop = "linear"\nweight = [[3.1, 7]]\n'
    # Six digits of a third are enough for four decimals, but not those of a hundred thousand and a third.
    enough = generated(str(write(tmp_path, text.format(1 / 3, 2), "a.toml")), "cell", 0)
    assert enough is not None
    assert enough.answer.written == "15.0333"
    assert generated(str(write(tmp_path, text.format(1e5 + 1 / 3, 2.1234567), "b.toml")), "cell", 0) is None
