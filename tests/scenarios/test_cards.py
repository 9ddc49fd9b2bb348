"""Lessons that compute nothing: lists of entries, and the words of the glossary."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepgrad.scenarios.check import check
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.glossary import used, words
from stepgrad.scenarios.lesson import Lesson, open_lesson


def test_a_card_is_a_list_of_entries() -> None:
    for name in ("glossary", "timeline", "applications", "inductive-deductive"):
        lesson: Lesson = open_lesson(name)
        assert lesson.timeline.steps == 0
        assert lesson.scenario.entries
        terms = [entry.term for entry in lesson.scenario.entries]
        assert len(set(terms)) == len(terms)


def test_the_words_of_a_text_are_found() -> None:
    found = [word.term for word in used("Two kernels and a max pooling, then pooling; ReLUs share no weight sharing.")]
    assert found == ["kernel, filter", "max pooling", "pooling", "ReLU", "weight sharing"]
    assert used("nothing of the kind") == ()
    assert words()["filter"] is words()["kernel"]


def test_the_name_of_a_lesson_is_not_made_of_words() -> None:
    assert used("Then open edge-kernel-learning:adam and relu-mask.") == ()
    assert [word.term for word in used("The edge-finding kernel of edge-detection-5x5: Adam found it.")] == [
        "edge",
        "kernel, filter",
        "Adam",
    ]


def test_an_entry_that_leads_nowhere_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "card.toml"
    head = 'format_version = 1\ntitle = "card"\n[[entries]]\nterm = "edge"\ntext = "a jump"\n'
    path.write_text(head + 'lesson = "edge-detektion"\n')
    (fault,) = check(str(path)).faults
    assert "there is no scenario 'edge-detektion'" in fault.message
    assert fault.key == "entries.0.lesson"
    path.write_text(head + 'lesson = "edge-detection-5x5:flipped"\n')
    assert check(str(path)).faults == ()
    path.write_text(head.replace('text = "a jump"\n', ""))
    with pytest.raises(ScenarioError, match=r"entries.0.text"):
        open_lesson(str(path))
