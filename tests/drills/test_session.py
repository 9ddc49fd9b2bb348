"""A learner and the questions: what comes next, what counts, what is saved, and what is taken back."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from progress import DAY, Clock
from written import HEAD, write

from stepgrad.scenarios.drills.path import DrillNameError, asked, chosen, keys, lessons
from stepgrad.scenarios.drills.queue import NEW, Queue
from stepgrad.scenarios.drills.schedule import Rating
from stepgrad.scenarios.drills.session import Session
from stepgrad.scenarios.drills.sheet import sheet
from stepgrad.scenarios.drills.store import Store
from stepgrad.scenarios.drills.verdict import Outcome

EDGE = "edge-detection-5x5"


def session(
    store: Store, names: list[str] | None = None, *, seed: int | None = None, exam: int | None = None
) -> Session:
    queue = Queue(store, names or [EDGE], chosen=True, seed=seed)
    return Session(store, queue, is_exam=exam is not None, length=exam)


def right(made: Session) -> str:
    assert made.current is not None
    return made.current.question.answer.written


def test_the_first_answer_that_counts_is_the_grade(store: Store) -> None:
    made = session(store)
    assert made.next() is not None
    assert made.answer("nonsense").outcome is Outcome.UNREADABLE
    assert store.events() == []
    assert made.answer("12345").outcome is Outcome.WRONG
    assert made.answer(right(made)).outcome is Outcome.RIGHT
    assert [event["rating"] for event in store.events()] == [Rating.AGAIN]
    assert store.events()[0]["answer"] == "12345"
    assert not made.is_open
    with pytest.raises(RuntimeError):
        made.answer("3")


def test_right_without_help_is_good_and_with_it_hard(store: Store) -> None:
    made = session(store)
    made.next()
    made.answer(right(made))
    made.next()
    hints = [made.hint() for _ in range(4)]
    assert all(hints[:3])
    assert hints[3] is None
    made.answer(right(made))
    assert [(event["rating"], event["hints"]) for event in store.events()] == [(Rating.GOOD, 0), (Rating.HARD, 3)]


def test_to_be_told_is_not_to_know(store: Store) -> None:
    made = session(store)
    made.next()
    solution = made.why()
    assert solution[0] == f"The answer is {right(made)}."
    made.answer(right(made))
    assert [event["rating"] for event in store.events()] == [Rating.AGAIN]
    made.next()
    made.answer(right(made))
    made.why()
    assert store.events()[-1]["rating"] == Rating.GOOD


def test_skipping_is_no_grade(store: Store) -> None:
    made = session(store)
    made.next()
    made.next()
    made.answer(right(made))
    assert (len(made.asked), len(made.graded), made.right, made.is_perfect) == (2, 1, 1, True)


def test_undo_opens_the_question_again(store: Store) -> None:
    made = session(store)
    assert made.undo() is None
    first = made.next()
    made.answer("12345")
    made.next()
    assert made.undo() is first
    assert store.known() == set()
    made.answer(right(made))
    assert made.is_perfect
    assert [event["what"] for event in store.events()] == ["review", "undo", "review"]


def test_the_grade_may_be_changed(store: Store, clock: Clock) -> None:
    made = session(store)
    assert made.rate(Rating.EASY) is None
    made.next()
    made.answer(right(made))
    soon = made.intervals()
    # The grade it has is one of them: that is when it comes back.
    card = store.card(store.events()[0]["key"])
    assert card is not None
    assert soon[Rating.GOOD] == card.memory.due - store.now()
    clock.at += timedelta(seconds=50)
    # It stays away for as long as was offered, whenever that is told.
    assert card.memory.away == soon[Rating.GOOD]
    made.rate(Rating.EASY)
    card = store.card(store.events()[0]["key"])
    assert card is not None
    assert card.memory.reviews == 1
    assert card.memory.due - store.now() > DAY
    assert list(soon) == list(Rating)


def test_what_is_due_is_asked_before_what_is_new(store: Store, clock: Clock) -> None:
    store.record(f"{EDGE}#window", "convolution", Rating.GOOD)
    store.record(f"{EDGE}#row", "convolution", Rating.AGAIN)
    clock.at += 3 * DAY
    made = session(store)
    found = [made.queue.next() for _ in range(4)]
    assert [question and question.key for question in found][:1] == [f"{EDGE}#row"]
    made = session(store)
    for _ in range(2):
        made.next()
        made.answer(right(made))
    assert {asked.question.key for asked in made.asked} == {f"{EDGE}#window", f"{EDGE}#row"}
    question = made.next()
    assert question is not None
    assert question.key == f"{EDGE}#D04"


def test_what_was_skipped_does_not_come_straight_back_and_what_is_learned_does(store: Store, clock: Clock) -> None:
    for kind in ("window", "row"):
        store.record(f"{EDGE}#{kind}", "convolution", Rating.GOOD)
    clock.at += 5 * DAY
    made = session(store)
    asked_now = []
    for _ in range(4):
        made.next()
        assert made.current is not None
        asked_now.append(made.current.question.key)
    assert [key in (f"{EDGE}#window", f"{EDGE}#row") for key in asked_now] == [True, True, False, False]
    made.answer(right(made))
    clock.at += timedelta(minutes=11)
    made.next()
    assert made.current is not None
    assert made.current.question.key == asked_now[-1]


def test_the_next_question_is_made_ahead_but_not_asked_ahead(store: Store) -> None:
    made = session(store, exam=1, seed=1)
    made.prepare()
    assert made.asked == []
    first = made.next()
    made.prepare()
    assert (made.next(), len(made.asked)) == (None, 1)
    assert first is made.asked[0].question


def test_new_questions_come_in_the_order_of_the_path_and_are_not_too_many(store: Store) -> None:
    queue = Queue(store, lessons())
    found = [question.key for question in iter(queue.next, None)]
    assert len(found) == NEW
    places = [lessons().index(key.partition("#")[0]) for key in found]
    assert places == sorted(places)
    assert places[0] == 0


def test_practice_on_a_chosen_lesson_never_ends(store: Store) -> None:
    made = session(store)
    for _ in range(40):
        assert made.next() is not None
        made.answer(right(made))
    kinds = [asked.question.kind for asked in made.asked]
    assert kinds.count("authored") == 6
    assert len({asked.question.text for asked in made.asked}) >= 25


def test_a_seed_asks_a_class_the_same_whatever_each_has_done(store: Store, tmp_path: Path, clock: Clock) -> None:
    for key in keys(EDGE):
        store.record(key, "t", Rating.GOOD)
    with closing(Store(tmp_path / "other.db", clock)) as other:
        first, second = (take(Queue(each, [EDGE], seed=5), 12) for each in (store, other))
    assert first == second
    assert first != take(Queue(store, [EDGE], seed=6), 12)


def take(queue: Queue, count: int) -> list[str]:
    return [question.text for _ in range(count) if (question := queue.next())]


def test_an_exam_has_no_help_and_one_answer_each(store: Store) -> None:
    made = session(store, seed=3, exam=2)
    made.next()
    assert made.hint() is None
    assert made.why() == ()
    assert not made.answer("no answer").counts
    made.next()
    assert made.next() is None
    assert not made.is_perfect
    assert sum(of for _, of, _ in made.report()) == 2
    assert sum(good for _, _, good in made.report()) == 0


def test_an_exam_that_is_all_right_is_perfect(store: Store) -> None:
    made = session(store, seed=3, exam=5)
    while made.next():
        made.answer(right(made))
    assert made.is_perfect
    assert made.right == 5


def test_a_scenario_with_a_fault_is_passed_over_and_said_so_once(store: Store, tmp_path: Path) -> None:
    bad = write(tmp_path, HEAD + '[[layers]]\nname = "y"\nop = "nothing"\n')
    notes: list[str] = []
    queue = Queue(store, [str(bad), EDGE], chosen=True, note=notes.append)
    question = queue.next()
    assert question is not None
    assert question.key.startswith(EDGE)
    assert len(notes) == 1
    assert "is passed over" in notes[0]


def test_a_card_whose_scenario_is_gone_does_not_stop_the_queue(store: Store, clock: Clock) -> None:
    for key in ("gone#cell", f"{EDGE}#gone", f"{EDGE}#cell"):
        store.record(key, "t", Rating.AGAIN)
    clock.at += DAY
    question = Queue(store, lessons()).next()
    assert question is not None
    assert question.key == f"{EDGE}#cell"


def test_a_file_of_ones_own_can_be_drilled(store: Store, tmp_path: Path) -> None:
    path = write(
        tmp_path, HEAD + '[inputs]\nx = [[1, 2], [3, 4]]\n[[layers]]\nname = "y"\nop = "linear"\nweight = [[1, 2]]\n'
    )
    [name] = chosen(str(path))
    assert name == str(path.resolve())
    made = session(store, [name])
    for _ in range(5):
        assert made.next() is not None
        made.answer(right(made))
    assert all(key.startswith(f"{path.resolve()}#") for key in store.known())


def test_what_can_be_drilled() -> None:
    assert chosen(None) == lessons()
    assert chosen(EDGE) == [EDGE]
    assert chosen(f"{EDGE}:flipped") == [f"{EDGE}:flipped"]
    assert EDGE in chosen("Convolution")
    assert chosen("pooling")
    with pytest.raises(DrillNameError, match="did you mean 'convolution'"):
        chosen("convolutoin")
    with pytest.raises(DrillNameError):
        chosen("zzz")


def test_the_drills_of_a_file_are_not_those_of_its_variants() -> None:
    assert f"{EDGE}#D04" in list(keys(EDGE))
    assert f"{EDGE}:flipped#D04" not in list(keys(f"{EDGE}:flipped"))
    question = asked(f"{EDGE}:flipped#cell", 3)
    assert question is not None
    assert "flip=True" in question.prompt


def test_a_sheet_has_questions_and_their_key(store: Store) -> None:
    made = session(store, seed=4)
    questions = [question for _ in range(6) if (question := made.next())]
    text = sheet(questions, "Drill", "made by hand")
    asked_part, key = text.split("# Answer key")
    assert asked_part.startswith("# Drill\n\n<!-- made by hand -->\n")
    for number, question in enumerate(questions, 1):
        assert f"## {number}\n" in asked_part
        assert f"\n{number}. **" in key
        assert question.solution[0][:10].replace("[", "\\[").replace("_", "\\_")[:8] in key
    assert "Answer (" in asked_part
    assert "The answer" not in asked_part
