"""What is shown when: the script's pauses, reading time, paces, levels, and runs too long to be shown step by step."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from recorded import lecture

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.reading import LETTER, LOOK
from stepgrad.tui.recording.lecture import LAST, Lecture
from stepgrad.tui.recording.route import EDGE, FASTEST, LAPSE, RUN


def scenario(folder: Path, *stops: str) -> Lecture:
    """The lecture on nine cells, one number times another, with stops of one's own."""
    path = folder / "nine.toml"
    path.write_text(
        'format_version = 1\ntitle = "Nine"\n[inputs]\nx = [1, 2, 3, 4, 5, 6, 7, 8, 9]\n'
        '[[layers]]\nname = "y"\nop = "scale"\ninput = "x"\nfactor = 2.0\n'
        + "".join(f"[[script]]\n{stop}\n" for stop in stops)
    )
    lesson = open_lesson(str(path))
    return Lecture(lesson, 0, lesson.timeline.steps)


def rests(shown: Lecture) -> dict[int, int]:
    """Milliseconds at every position."""
    return {before.position: after.time - before.time for before, after in pairwise(shown.moments())}


def test_a_stop_lasts_as_long_as_the_script_says(tmp_path: Path) -> None:
    shown = scenario(tmp_path, 'at = "y[3]"\nsay = "Four, doubled."\npause = 1.25')
    assert rests(shown)[4] == 1250


def test_a_stop_without_a_pause_lasts_as_long_as_it_takes_to_read(tmp_path: Path) -> None:
    shown = scenario(tmp_path, 'at = "y[1]"\ntitle = "Two"\nsay = "It is {y[1]}."', 'at = "y[2]"\nsay = "Six."')
    assert rests(shown)[2] == LOOK + LETTER * len("Two It is 4.")
    assert rests(shown)[3] == LOOK + LETTER * len("Six.")


def test_the_end_stays_long_enough_to_be_seen(tmp_path: Path) -> None:
    assert rests(scenario(tmp_path))[9] == LAST


def test_a_pause_is_cut_where_no_picture_may_stay(tmp_path: Path) -> None:
    made = scenario(tmp_path, 'at = "y[3]"\nsay = "Four."\npause = 60.0')
    shown = Lecture(made.lesson, 0, 9, idle=1500)
    assert max(rests(shown).values()) == 1500


def test_every_step_is_shown_at_the_pace_that_is_given() -> None:
    shown = lecture("residual-block", pace=70)
    moments = list(shown.moments())
    assert [moment.position for moment in moments[:-1]] == list(range(89))
    assert all(rest == 70 for position, rest in rests(shown).items() if position not in shown.stops)


def test_a_run_too_long_to_be_shown_leaves_steps_out_and_no_stop() -> None:
    shown = lecture("pytorch-training-loop")
    moments = list(shown.moments())
    positions = [moment.position for moment in moments]
    stops = {moment.position for moment in moments if moment.stop is not None}
    assert stops == set(shown.stops)
    assert positions == sorted(positions)
    assert len(moments) < (len(stops) + 1) * (RUN // FASTEST + 2)
    assert all(after.time - before.time >= FASTEST for before, after in pairwise(moments))


def test_what_is_left_out_is_said_and_the_steps_around_it_are_shown_one_by_one() -> None:
    """Nothing is left out in silence: where the next picture is not the next step, its own line tells how many."""
    shown = lecture("pixel-normalisation")
    moments = list(shown.moments())[:-1]
    left_out = 0
    for before, after in pairwise(moments):
        if after.words:
            assert (
                after.words == f"» {moments[moments.index(after) + 1].position - before.position - 1:,} steps skipped"
            )
            assert after.position == before.position
            left_out += 1
        elif not before.words:
            assert after.position - before.position in (0, 1)
    assert left_out
    at = next(i for i, moment in enumerate(moments) if moment.words)
    assert all(moment.stop is None and not moment.words for moment in moments[at - EDGE + 1 : at])


def test_of_iterations_left_out_the_cell_of_the_next_stop_is_shown() -> None:
    shown = lecture("digits-cnn")
    timeline = shown.lesson.timeline
    lapse = [timeline.place(moment.position - 1) for moment in shown.moments() if moment.words]
    lapse = [place for place in lapse if place.iteration]
    accuracies = [place for place in lapse if place.node.name == "accuracy"]
    # Stops stand at accuracy@0, @27 and @108: every second iteration up to the one, every fifth or so up to the other.
    first = [place.iteration for place in accuracies if place.iteration < 27]
    second = [place.iteration for place in accuracies if place.iteration > 27]
    assert first == list(range(first[0], 27, 2))
    assert second == list(range(second[0], 108, 5))
    assert len(second) <= LAPSE
    # The last stop before the end is a cell of the confusion matrix.
    assert {place.address.index for place in lapse if place.node.name == "confusion"} == {(9, 9)}


def test_a_coarser_level_goes_from_boundary_to_boundary() -> None:
    shown = lecture("residual-block", level="tensor")
    timeline = shown.lesson.timeline
    bounds = {0}
    while max(bounds) < timeline.steps:
        bounds.add(timeline.move(max(bounds), "tensor", 1))
    assert {moment.position for moment in shown.moments()} == bounds | set(shown.stops)


def test_a_part_starts_and_ends_where_it_is_asked_to() -> None:
    lesson = lecture().lesson
    shown = list(Lecture(lesson, 3, 5).moments())
    assert [moment.position for moment in shown] == [3, 4, 5, 5]
    # The words on screen at its start are those of the stop before it.
    assert shown[0].stop is lesson.stop_at(3)


def test_chapters_are_the_stops_one_after_another() -> None:
    shown = lecture()
    chapters = shown.chapters()
    assert [chapter.title for chapter in chapters] == [stop.title for stop in shown.lesson.stops]
    assert chapters[0].start == 0
    assert all(before.end == after.start for before, after in pairwise(chapters))
    assert chapters[-1].end == list(shown.moments())[-1].time


def test_a_card_is_one_picture() -> None:
    assert [moment.position for moment in lecture("glossary").moments()] == [0, 0]
