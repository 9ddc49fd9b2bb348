"""Several stops at one cell: one after another with Space and back, wherever a script is told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from staged import Clock, playing, position, shown
from written import EDGE, opened, write

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.handout import Handout
from stepgrad.tui.line import plain
from stepgrad.tui.page import Pages
from stepgrad.tui.plain import Session
from stepgrad.tui.player import Player
from stepgrad.tui.presenting.talk import Talk
from stepgrad.tui.recording import captions, html, text
from stepgrad.tui.recording.headless import performed
from stepgrad.tui.recording.lecture import Lecture
from stepgrad.tui.recording.pictures import pictures
from stepgrad.tui.recording.recording import Recording
from stepgrad.tui.sight import State

STOPS = (
    ("", "Opening."), ("", "Still opening."), ("map[0,1]", "Ask."), ("map[0,1]", "Say {map[0,1]}."),
    ("map[0,1]", "Thank."), (":end", "Nearly."), (":end", "Goodbye."),
)  # fmt: skip
SAID = ["Opening.", "Still opening.", "Ask.", "Say 8.", "Thank.", "Nearly.", "Goodbye."]
PLACES = [(0, 0), (0, 1), (2, 0), (2, 1), (2, 2), (4, 0), (4, 1)]
SEVERAL = EDGE + "".join("[[script]]\n" + f'at = "{at}"\n' * bool(at) + f'say = "{say}"\n' for at, say in STOPS)


@pytest.fixture
def several(tmp_path: Path) -> Lesson:
    return opened(tmp_path, SEVERAL)


def told(player: Player) -> str:
    """What the pane says."""
    lines = [plain(line).strip() for line in player.page(80, 24).lines]
    return next(line for line in lines if any(line.startswith(said[:4]) for said in SAID))


def test_stops_stand_in_the_order_of_the_file(several: Lesson) -> None:
    assert [stop.place for stop in several.stops] == PLACES
    assert [several.say(stop) for stop in several.stops] == SAID
    assert [several.say(stop) for stop in several.told_at(2)] == ["Ask.", "Say 8.", "Thank."]
    assert [several.say(stop) for stop in several.told_at(3)] == ["Thank."]
    found = [several.stop_at(2, number) for number in (0, 1, 2, 7)]
    assert [several.say(stop) for stop in found if stop] == ["Ask.", "Say 8.", "Thank.", "Thank."]


def test_the_next_and_the_previous_stop(several: Lesson) -> None:
    player = Player(several)
    seen = [told(player)]
    for _ in range(8):
        player.perform("next_stop", 1, 0.0)
        seen.append(told(player))
    assert seen == [
        "Opening. (1 of 2)", "Still opening. (2 of 2)", "Ask. (1 of 3)", "Say 8. (2 of 3)", "Thank. (3 of 3)",
        "Nearly. (1 of 2)", "Goodbye. (2 of 2)", "Goodbye. (2 of 2)", "Goodbye. (2 of 2)",
    ]  # fmt: skip
    back = [told(player)]
    for _ in range(7):
        player.perform("previous_stop", 1, 0.0)
        back.append(told(player))
    assert back == [*reversed(seen[:7]), "Opening. (1 of 2)"]
    player.perform("next_stop", 4, 0.0)
    assert player.cursor.place.told == (2, 2)
    player.perform("retrace", 1, 0.0)
    assert player.cursor.place.told == (0, 0)


def test_a_step_leaves_the_cell_and_the_last_word_stays(several: Lesson) -> None:
    player = Player(several)
    player.perform("forward", 2, 0.0)
    assert told(player) == "Ask. (1 of 3)"
    player.perform("forward", 1, 0.0)
    assert told(player) == "Thank. (3 of 3)"
    player.perform("previous_stop", 1, 0.0)
    assert told(player) == "Thank. (3 of 3)"
    assert player.cursor.position == 2
    player.perform("forward", 9, 0.0)
    player.perform("next_stop", 1, 0.0)
    assert told(player) == "Goodbye. (2 of 2)"
    player.perform("forward", 1, 0.0)
    assert told(player) == "Goodbye. (2 of 2)", "at the end a step leads nowhere, and takes nothing back"
    player.perform("first", 1, 0.0)
    assert told(player) == "Opening. (1 of 2)"


async def test_space_goes_on_at_the_cell_and_runs_to_the_next(several: Lesson) -> None:
    clock = Clock()
    async with playing(several, clock=clock) as (screen, pilot):
        seen = []
        for _ in range(8):
            seen.append((position(screen), next(said for said in SAID if said in shown(screen))))
            await pilot.press("space")
            clock.now += 10
            screen.player.tick(clock.now)  # type: ignore[union-attr]
            screen.stage.turn()
        assert seen == [*zip((at for at, _ in PLACES), SAID, strict=True), (4, "Goodbye.")]


def test_a_play_rests_at_each_of_them(several: Lesson) -> None:
    player = Player(several)
    seen = []
    player.perform("play", 1, 0.0)
    while player.autoplay.is_running:
        player.tick(player.now + player.wait(player.now))
        seen.append(player.cursor.place.told)
    assert list(dict.fromkeys(seen)) == [(0, 1), (1, 0), (2, 0), (2, 1), (2, 2), (3, 0), (4, 0), (4, 1)]
    assert player.now > 2.0 * 6, "two seconds and the reading at every note"


def test_terms_keep_what_is_told(several: Lesson) -> None:
    player = Player(several)
    for _ in range(3):
        player.perform("next_stop", 1, 0.0)
    player.perform("finer", 1, 0.0)
    player.perform("forward", 1, 0.0)
    assert (told(player), player.cursor.term) == ("Say 8. (2 of 3)", 1)
    player.perform("back", 1, 0.0)
    assert player.cursor.position == 1


def test_another_stop_is_no_other_question(several: Lesson) -> None:
    player = Player(several)
    player.perform("hide", 1, 0.0)
    player.perform("next_stop", 3, 0.0)
    assert told(player) == "Say ?. (2 of 3)"
    player.curtain._asked = player.curtain.veil
    player.perform("hide", 1, 0.0)
    player.perform("next_stop", 1, 0.0)
    player.perform("previous_stop", 1, 0.0)
    assert told(player) == "Say 8. (2 of 3)", "what was shown of this step stays shown"


def test_a_speaker_is_told_which_one_it_is(several: Lesson) -> None:
    player = Player(several)
    talk = Talk(player)
    cues = []
    for place in PLACES:
        assert player.cursor.place.told == place
        cue = talk.cue(0.0, "")
        cues.append((cue.stop, cue.stops, cue.say))
        player.perform("run_to_note", 1, player.now)
        player.tick(player.now + 60)
    assert cues == [(i, 7, said) for i, said in enumerate(SAID, 1)]


def test_recordings_show_each_for_its_time(several: Lesson) -> None:
    lecture = Lecture(several, 0, 4)
    assert [moment.told for moment in lecture.moments() if moment.stop] == PLACES
    assert [chapter.words for chapter in lecture.chapters()] == SAID
    assert all(before.end == after.start for before, after in zip(lecture.chapters(), lecture.chapters()[1:]))  # noqa: B905 - pairs
    events = list(performed(lecture, (80, 24)))
    assert [event.code for event in events].count("m") == 7
    assert events == list(performed(lecture, (80, 24)))
    assert [line for line in captions.lines(lecture) if any(said in line for said in SAID)] != []
    screens = "\n".join(text.lines(lecture, (80, 24)))
    assert re.findall(r"(\w+)\. \(\d of \d\)", screens) == [
        "Opening",
        "opening",
        "Ask",
        "8",
        "Thank",
        "Nearly",
        "Goodbye",
    ]
    recording = Recording(lecture, (80, 24))
    page = "\n".join(html.lines(lecture, recording.header, recording.events()))
    assert page.count("<section id=") == 7
    assert page.count("<pre>map[") == 2


def test_a_part_of_a_recording_opens_with_what_is_said_there(several: Lesson) -> None:
    assert [moment.told for moment in Lecture(several, 3, 4).moments() if moment.stop] == [(3, 2), (4, 0), (4, 1)]
    assert [moment.told for moment in Lecture(several, 2, 2).moments() if moment.stop] == [(2, 0), (2, 1), (2, 2)]


def test_a_picture_of_each(several: Lesson, tmp_path: Path) -> None:
    pytest.importorskip("pyte")
    made = list(pictures(Recording(Lecture(several, 0, 4), (80, 24)), tmp_path / "stop-%d.svg"))
    assert [picture.words for _, picture in made] == SAID
    assert [path.name for path, _ in made] == [f"stop-{i}.svg" for i in range(1, 8)]


def test_a_handout_has_the_step_with_the_last_word(several: Lesson) -> None:
    sections = list(Handout(several).of_stops(Lecture(several, 0, 4).stops))
    assert [section.words for section in sections] == SAID
    assert [section.words for section in sections if section.sheet] == ["Thank.", "Goodbye."]


def test_plain_lines_say_all_of_it(several: Lesson) -> None:
    session = Session(several)
    assert [line for line in session.opening() if line in SAID] == SAID[:2]
    session.answer("next")
    assert [line for line in session.answer("next") if line in SAID] == SAID[2:5]
    assert session.answer("say") == SAID[2:5]
    assert not [line for line in session.answer("next") if line in SAID]
    assert session.answer("say") == ["Thank."]


def test_an_edit_of_the_file_keeps_what_is_told(tmp_path: Path) -> None:
    player = Player(opened(tmp_path, SEVERAL))
    player.perform("next_stop", 3, 0.0)
    path = write(tmp_path, SEVERAL.replace("Say {", "Now say {"))
    player.reload(open_lesson(str(path)))
    assert several_said(player) == "Now say 8."
    write(tmp_path, SEVERAL.partition("[[script]]\nat = ")[0] + '[[script]]\nat = "map[0,1]"\nsay = "Alone."\n')
    player.reload(open_lesson(str(path)))
    assert (several_said(player), player.cursor.place.told) == ("Alone.", (2, 0))


def several_said(player: Player) -> str:
    stop = player.cursor.stop
    assert stop is not None
    return player.lesson.say(stop)


def test_each_has_room_for_its_words(tmp_path: Path) -> None:
    """The longest decides, so that nothing moves from one to the next."""
    short, long = "Few words.", "Many words. " * 20
    say = f'[[script]]\nat = "map[0,1]"\nsay = "{short}"\n[[script]]\nat = "map[0,1]"\nsay = "{long}"\n'
    pages = Pages(opened(tmp_path, EDGE + say))
    one, other = (pages.page(State(2, stop=stop), 80, 24) for stop in (0, 1))
    assert not other.cut
    assert [plain(line) for line in one.lines[:9]] == [plain(line) for line in other.lines[:9]]
