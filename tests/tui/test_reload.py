"""A scenario that is edited while it is played: looked at by hand, no clock and no waiting."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from staged import playing, position, shown
from textual.pilot import Pilot
from written import EDGE, HEAD, write

from stepgrad.scenarios.lesson import Lesson, open_lesson
from stepgrad.tui.messages import LessonBroken, LessonEdited
from stepgrad.tui.reload import Reload, files, is_edited
from stepgrad.tui.screens.player import PlayerScreen

STOP = '[[script]]\nat = "map[0,1]"\nsay = "The sum is {map[0,1]} here."\n'
BROKEN = EDGE.replace("conv2d", "conv2dd") + STOP


class Watched:
    """A file, and what is told of it."""

    def __init__(self, folder: Path, text: str) -> None:
        self.path = write(folder, text)
        self.told: list[str] = []
        self.waiting: list[Callable[[], None]] = []
        self.reload = Reload(self._open(), self._open, self._tell, self.waiting.append)

    def _open(self) -> Lesson:
        return open_lesson(str(self.path))

    def _tell(self, message: LessonEdited | LessonBroken) -> None:
        if isinstance(message, LessonEdited):
            self.reload.follow(message.lesson)
            self.told.append(message.lesson.scenario.title)
        else:
            self.told.append(message.fault)

    def polled(self, times: int = 2) -> list[str]:
        """What is told after so many looks."""
        self.told.clear()
        for _ in range(times):
            self.reload.poll()
            while self.waiting:
                self.waiting.pop()()
        return self.told


def test_an_edit_is_read_once_when_the_file_has_come_to_rest(tmp_path: Path) -> None:
    watched = Watched(tmp_path, EDGE)
    assert watched.polled(5) == []
    watched.path.write_text(EDGE.replace('"t"', '"new title"'))
    assert watched.polled(1) == []  # it may still be being written
    assert watched.polled(1) == ["new title"]
    assert watched.polled(5) == []


def test_a_file_that_is_still_being_written_is_left_alone(tmp_path: Path) -> None:
    watched = Watched(tmp_path, EDGE)
    for text in ("", EDGE[:40], EDGE[:60]):
        watched.path.write_text(text)
        assert watched.polled(1) == []
    watched.path.write_text(EDGE.replace('"t"', '"whole again"'))
    assert watched.polled(2) == ["whole again"]


def test_a_file_replaced_taken_away_and_put_back(tmp_path: Path) -> None:
    """Editors write beside and move into place."""
    watched = Watched(tmp_path, EDGE)
    write(tmp_path, EDGE, "new").replace(watched.path)
    assert watched.polled() == ["t"]
    watched.path.unlink()
    assert watched.polled() == ["s.toml: there is no such file"]
    assert watched.polled() == []
    watched.path.write_text(EDGE)
    assert watched.polled() == ["t"]


def test_an_edit_during_the_opening_is_not_lost(tmp_path: Path) -> None:
    watched = Watched(tmp_path, EDGE)
    watched.path.write_text(EDGE.replace('"t"', '"first"'))
    watched.reload.poll()
    watched.reload.poll()
    (opening,) = watched.waiting
    watched.path.write_text(EDGE.replace('"t"', '"the second"'))
    for _ in range(3):
        watched.reload.poll()  # one is opened at a time
    assert watched.waiting == [opening]
    assert watched.polled() == ["the second", "the second"]
    assert watched.polled() == []


def test_the_first_fault_is_told_with_its_line_and_how_many_more_there_are(tmp_path: Path) -> None:
    watched = Watched(tmp_path, EDGE)
    watched.path.write_text(BROKEN)
    (fault,) = watched.polled()
    assert fault.startswith("s.toml:7:1: layers.map.op: ")
    assert "did you mean 'conv2d'" in fault
    assert str(tmp_path) not in fault
    watched.path.write_text(BROKEN + '[[script]]\nat = "nothing"\nsay = "{"\n')
    assert watched.polled()[0].endswith(" more)")
    watched.path.write_text("title =")
    assert watched.polled()[0].startswith("s.toml:1:8: not TOML: ")


def test_the_files_that_numbers_come_from_are_looked_at_too(tmp_path: Path) -> None:
    write(tmp_path, "1,2\n3,4\n", "x.csv")
    text = HEAD + 'inputs.x = { file = "x.csv" }\n[[layers]]\nname = "y"\nop = "relu"\n'
    watched = Watched(tmp_path, text)
    assert list(files(open_lesson(str(watched.path)))) == [watched.path, tmp_path / "x.csv"]
    write(tmp_path, "1,2\n3,40\n", "x.csv")
    assert watched.polled() == ["t"]


def test_the_catalogue_is_not_looked_at(tmp_path: Path) -> None:
    assert not is_edited(open_lesson("edge-detection-5x5"))
    assert is_edited(open_lesson(str(write(tmp_path, EDGE))))


async def edited(screen: PlayerScreen, pilot: Pilot[int], path: Path, text: str) -> None:
    """Write the file, look at it, and wait until it is opened."""
    assert screen.player is not None
    before = screen.player.lesson, screen.player.fault
    path.write_text(text)
    while (screen.player.lesson, screen.player.fault) == before:
        assert screen.reload is not None
        screen.reload.poll()
        await pilot.pause()


async def test_the_new_version_appears_where_the_player_stands(tmp_path: Path) -> None:
    path = write(tmp_path, EDGE + STOP)
    async with playing(None, load=lambda: open_lesson(str(path)), at="map[0,1]") as (screen, pilot):
        assert "The sum is 8 here." in shown(screen)
        await edited(
            screen, pilot, path, (EDGE + STOP).replace("[1, 2, 3]", "[1, 3, 3]").replace("The sum", "The total")
        )
        assert position(screen) == 2
        assert "The total is 9 here." in shown(screen)
        # The same cell, wherever it stands now.
        await edited(screen, pilot, path, EDGE.replace("[0, 1]]", "[0, 1]]\ninputs.b = [[1]]") + STOP)
        assert "map[0,1]" in shown(screen)


async def test_a_broken_edit_keeps_the_last_good_version_with_the_fault_beneath(tmp_path: Path) -> None:
    path = write(tmp_path, EDGE + STOP)
    async with playing(None, load=lambda: open_lesson(str(path)), at="map[0,1]") as (screen, pilot):
        good = shown(screen).split("\n")
        await edited(screen, pilot, path, BROKEN)
        broken = shown(screen).split("\n")
        assert broken[:10] == good[:10]
        assert any(line.startswith(" s.toml:7:1: layers.map.op: ") for line in broken[-4:-1])
        await pilot.press("left")
        assert position(screen) == 1
        assert "s.toml:7:1" in shown(screen)
        await pilot.press("right")
        await edited(screen, pilot, path, EDGE + STOP)
        assert "s.toml" not in shown(screen)
        await pilot.press("left", "right")
        assert shown(screen).split("\n") == good


async def test_what_if_changes_stay_as_long_as_they_fit(tmp_path: Path) -> None:
    path = write(tmp_path, EDGE + STOP)
    async with playing(None, load=lambda: open_lesson(str(path)), at="map[0,1]") as (screen, pilot):
        assert screen.player is not None
        screen.player.answer("edit", "image[0,1] = 10")
        screen.player.answer("edit", "image[1,2] = 0")
        await edited(screen, pilot, path, (EDGE + STOP).replace("The sum", "All of it"))
        assert "All of it is 10 here." in shown(screen)
        await pilot.press("u")
        assert "All of it is 8 here." in shown(screen)
        await pilot.press("U")
        smaller = EDGE.replace("[[1, 2, 3], [4, 5, 6], [7, 8, 9]]", "[[1, 2], [4, 5]]")
        await edited(screen, pilot, path, smaller)
        assert "the changes no longer fit" in shown(screen)
        await pilot.press("u")
        assert "nothing to undo" in shown(screen)
        assert position(screen) == 1


async def test_a_cell_that_a_half_written_file_has_not_is_come_back_to(tmp_path: Path) -> None:
    path = write(tmp_path, EDGE + STOP)
    async with playing(None, load=lambda: open_lesson(str(path)), at="map[1,0]") as (screen, pilot):
        good = shown(screen).split("\n")[:-1]
        for half in (EDGE.partition("[[layers]]")[0], HEAD, EDGE.replace("[7, 8, 9]", "[7, 8, 9], [7, 8, 9]")):
            await edited(screen, pilot, path, half)
        await edited(screen, pilot, path, EDGE + STOP)
        assert shown(screen).split("\n")[:-1] == good
        await edited(screen, pilot, path, HEAD)
        await edited(screen, pilot, path, EDGE + STOP)
        await pilot.press("right")
        await edited(screen, pilot, path, BROKEN)
        assert "as the file is now" not in shown(screen), "the file is not what is shown"
        assert position(screen) == 4


async def test_who_has_gone_on_is_not_taken_back(tmp_path: Path) -> None:
    path = write(tmp_path, EDGE + STOP)
    async with playing(None, load=lambda: open_lesson(str(path)), at="map[1,0]") as (screen, pilot):
        await edited(screen, pilot, path, EDGE.replace("[[1, 2, 3], [4, 5, 6], [7, 8, 9]]", "[[1, 2, 3], [4, 5, 6]]"))
        await pilot.press("end")
        await edited(screen, pilot, path, EDGE + STOP)
        assert position(screen) == 2
