"""A topic is drilled with questions about it, whatever else its lessons hold."""

from __future__ import annotations

import pytest
from progress import DAY, Clock

from stepgrad.scenarios.drills.material import belonging, opened
from stepgrad.scenarios.drills.path import asked, chosen, keys, topic
from stepgrad.scenarios.drills.queue import Queue
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.store import Store
from stepgrad.tui.drilling.words import opening


@pytest.mark.parametrize(
    ("about", "ops", "first"),
    [
        ("convolution", ("conv",), "edge-detection-5x5#D04"),
        ("pooling", ("pool", "subsample"), "feature-map-size#D22a"),
    ],
)
def test_every_question_is_about_its_topic(store: Store, about: str, ops: tuple[str, ...], first: str) -> None:
    begun = Queue(store, chosen(about), chosen=True, about=topic(about)).next()
    assert begun is not None
    assert begun.key == first
    queue = Queue(store, chosen(about), chosen=True, about=topic(about), seed=1)
    found = [question for _ in range(40) if (question := queue.next())]
    assert len(found) == 40
    for question in found:
        assert question.topic == about, question.key
        if question.steps and question.kind not in ("next", "authored"):
            assert all(any(op in step.node.op.name for op in ops) for step in question.steps), question.key
        elif question.kind in ("shape", "padding", "count"):
            assert any(op in question.prompt for op in ops), question.key


def test_a_topic_is_no_scenario() -> None:
    assert topic("Convolution") == "convolution"
    assert topic("edge-detection-5x5") == topic(None) == topic("nix") == ""


def test_what_a_file_asks_about_another_topic_is_left_out() -> None:
    assert {"feature-map-size#D22a", "feature-map-size#D22b"} == {
        key for key in keys("feature-map-size", "pooling") if "#D" in key
    }
    assert asked("feature-map-size#D22a", 1, about="pooling") is not None
    assert asked("feature-map-size#D06", 1, about="pooling") is None
    assert asked("pooling-max-mean-l2#count", 1, about="pooling") is None
    assert [key for key in keys("mnist-1d", "parameters") if "#D" not in key] == ["mnist-1d#count"]


def test_a_lesson_without_layers_of_its_first_topic_is_about_it_altogether() -> None:
    # The sizes are worked out, and nothing is pooled; neurons have layers of many kinds.
    assert belonging(opened("feature-map-size"), "pooling") == []
    every = belonging(opened("neuron-forward-loss-update"), "")
    assert belonging(opened("neuron-forward-loss-update"), "neuron") == every
    assert {node.phase for node in belonging(opened("neuron-forward-loss-update"), "gradient")} == {"backward"}


def test_a_learner_is_told_what_is_due_of_the_topic(store: Store, clock: Clock) -> None:
    for key in ("edge-detection-5x5#D04", "edge-detection-5x5#cell", "pooling-max-mean-l2#D23"):
        store.record(key, "t", Rating.AGAIN)
    clock.at += DAY
    said = [
        opening(Session(store, Queue(store, chosen(about), chosen=about is not None, about=topic(about))))
        for about in ("pooling", "convolution", "loss", None)
    ]
    assert said == ["1 question is due.", "2 questions are due.", "", "3 questions are due."]
