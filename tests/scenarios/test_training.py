"""Iterations: batches, the short last one, stages, and a condition that ends them. Expected numbers are by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import Lesson, open_lesson

LINE = """
format_version = 1
title = "A line through five points"

[inputs]
x = { values = [[1], [2], [3], [4], [5]], batch = 2, shuffle = false }
t = { values = [[2], [4], [6], [8], [10]], batch = 2, shuffle = false }

[[layers]]
name = "y"
op = "linear"
input = "x"
weight = [[0]]

[loss]
op = "mse_loss"
target = "t"
"""

SGD = """
[optimizer]
op = "sgd"
lr = 0.1
iterations = 5
"""


def opened(folder: Path, text: str, **settings: object) -> Lesson:
    path = folder / "lesson.toml"
    path.write_text(text, encoding="utf-8")
    return open_lesson(str(path), settings)


def faults(folder: Path, text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        opened(folder, text)
    return str(caught.value)


def test_rows_are_dealt_out_and_the_last_batch_is_short(tmp_path: Path) -> None:
    lesson = opened(tmp_path, LINE + SGD)
    dealt = [lesson.tensors(i)["x"].ravel().tolist() for i in range(5)]
    assert dealt == [[1, 2], [3, 4], [5], [1, 2], [3, 4]]
    assert [lesson.tensors(i)["y.grad"].shape for i in range(3)] == [(2, 1), (2, 1), (1, 1)]


def test_a_step_on_a_batch_by_hand(tmp_path: Path) -> None:
    """w = 0, x = [1, 2], t = [2, 4]: dw = mean of 2 (wx - t) x = (2(-2)1 + 2(-4)2) / 2 = -10, so w becomes 1."""
    lesson = opened(tmp_path, LINE + SGD)
    assert lesson.tensors(0)["y.weight.grad"].item() == -10
    assert lesson.tensors(1)["y.weight"].item() == pytest.approx(1.0)


def test_the_state_of_the_optimizer_outlives_a_short_batch(tmp_path: Path) -> None:
    lesson = opened(tmp_path, LINE + SGD + "momentum = 0.9\n")
    before, after = lesson.tensors(2), lesson.tensors(3)
    assert before["y.weight.momentum_buffer.new"].item() == after["y.weight.momentum_buffer"].item() != 0


def test_a_shuffled_pass_deals_every_row_once_and_is_the_same_again(tmp_path: Path) -> None:
    text = (LINE + SGD).replace("shuffle = false", "shuffle = true")
    first, again = opened(tmp_path, text), opened(tmp_path, text)
    rows = [first.tensors(i)["x"].ravel().tolist() for i in range(3)]
    assert sorted(x for batch in rows for x in batch) == [1, 2, 3, 4, 5]
    assert again.tensors(2)["x"].ravel().tolist() == rows[2]
    assert np.array_equal(first.tensors(1)["t"], 2 * first.tensors(1)["x"])


def test_a_condition_ends_the_training(tmp_path: Path) -> None:
    """On the one point x = 1, t = 1 with lr 0.25, w - 1 halves each time: the loss is 1, 1/4, 1/16, 1/64, 1/256."""
    text = LINE.replace("[[1], [2], [3], [4], [5]], batch = 2, shuffle = false", "[[1]]")
    text = text.replace("[[2], [4], [6], [8], [10]], batch = 2, shuffle = false", "[[1]]")
    text = 'until = "loss < 0.02"' + text + SGD.replace("0.1", "0.25").replace("= 5", "= 1000")
    lesson = opened(tmp_path, text)
    assert lesson.timeline.iterations == 4
    assert [lesson.tensors(i)["loss"].item() for i in range(4)] == [1, 1 / 4, 1 / 16, 1 / 64]


STAGES = """
format_version = 1
title = "Pretrain, then transfer"

[inputs]
x = [[1]]
t = [[1]]

[[layers]]
name = "body"
op = "linear"
input = "x"
weight = [[0.5]]

[[layers]]
name = "head"
op = "linear"
weight = [[1]]

[[stages]]
name = "pretrain"
loss = { op = "mse_loss", input = "body", target = "t" }
optimizer = { op = "sgd", lr = 0.25, iterations = 100 }
until = "loss < 0.1"

[[stages]]
name = "transfer"
loss = { op = "mse_loss", input = "head", target = "t" }
optimizer = { op = "sgd", lr = 0.1, iterations = 3, momentum = 0.5 }
frozen = ["body"]
"""


def test_stages_follow_one_another(tmp_path: Path) -> None:
    """The body's error is 1/2, so the first loss is 1/4 and the second 1/16, which ends the stage after two."""
    lesson = opened(tmp_path, STAGES)
    assert lesson.timeline.iterations == 5
    pretrain, transfer = lesson.tensors(1), lesson.tensors(2)
    assert pretrain["loss"].item() == 1 / 16
    left = pretrain["body.weight.new"].item()
    assert left == transfer["body.weight"].item() == lesson.tensors(4)["body.weight"].item() == 0.875
    assert transfer["head.weight"].item() == 1
    assert lesson.tensors(3)["head.weight"].item() != 1


def test_a_stage_holds_what_its_loss_reaches_and_starts_with_fresh_state(tmp_path: Path) -> None:
    lesson = opened(tmp_path, STAGES)
    assert "body.weight.new" not in lesson.tensors(3)
    assert "head.weight.grad" not in lesson.tensors(0)
    assert lesson.tensors(2)["head.weight.momentum_buffer"].item() == 0
    assert "head" not in lesson.tensors(0)


def test_a_stage_measures_what_its_loss_does_not_reach(tmp_path: Path) -> None:
    """The body starts at 1/2 and its prediction for the held-out 3 is 1.5; after one step it is 3/4, and 2.25."""
    text = STAGES.replace("\nt = [[1]]", "\nt = [[1]]\nheld_out = [[3]]").replace(
        "[[stages]]", HELD_OUT + "[[stages]]", 1
    )
    text = text.replace('name = "pretrain"', 'name = "pretrain"\nmeasures = ["guess"]')
    lesson = opened(tmp_path, text)
    assert [lesson.tensors(i)["guess"].item() for i in range(2)] == [1.5, 2.25]
    assert "guess.grad" not in lesson.tensors(0)
    assert "guess" not in lesson.tensors(2)
    told = faults(tmp_path, text.replace('["guess"]', '["gess"]'))
    assert "stages.pretrain.measures.0: there is no layer 'gess'; did you mean 'guess'?" in told


HELD_OUT = """
[[layers]]
name = "guess"
op = "linear"
input = "held_out"
weight = "body.weight"

"""


def test_digits_are_read_by_name(tmp_path: Path) -> None:
    text = """
format_version = 1
title = "Digits"
seed = 3
[inputs]
image = { data = "digits", batch = 8, fraction = 0.05 }
label = { data = "digits", column = "label", batch = 8, fraction = 0.05 }
[[layers]]
name = "flat"
op = "flatten"
input = "image"
[[layers]]
name = "logits"
op = "linear"
out_features = 10
weight = true
[loss]
op = "cross_entropy"
target = "label"
[optimizer]
op = "sgd"
lr = 0.001
iterations = 30
"""
    lesson = opened(tmp_path, text)
    assert lesson.tensors(0)["image"].shape == (8, 1, 8, 8)
    assert lesson.tensors(29)["loss"] < lesson.tensors(0)["loss"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[10]], batch", "[10], [12]], batch", "t.batch: 6 rows in batches of 2; 'x' has 5 in batches of 2, and both"),
        ("batch = 2", "batch = 0", "inputs.x.batch"),
        ('op = "sgd"', 'op = "sdg"', "there is no optimizer 'sdg'; did you mean 'sgd'?"),
        (
            "format_version = 1",
            'format_version = 1\nuntil = "lss < 1"',
            "until: there is no tensor 'lss'; did you mean 'loss'?",
        ),
        ("values = [[1], [2]", "data = 'digts', x = [[1], [2]", "inputs.x"),
    ],
)
def test_faults_name_the_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in faults(tmp_path, (LINE + SGD).replace(old, new, 1))
