"""Pictures, taken apart again by other programs than made them: Pillow reads GIF and PNG, resvg draws the SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops
from recorded import SMALL, pictures, recording

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.recording.blocks import HEIGHT, WIDTH, Rectangle, rectangles
from stepgrad.tui.recording.cast import Header
from stepgrad.tui.recording.files import ASSETS, BOLD_FONT, FONT
from stepgrad.tui.recording.formats import FORMATS
from stepgrad.tui.recording.gif import _indexed, _pixels
from stepgrad.tui.recording.picture import EDGE, Canvas
from stepgrad.tui.recording.replay import Terminal

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def drawn(text: str) -> Image.Image:
    """A terminal of one line, white on black, without its edge."""
    terminal = Terminal(Header("", len(text), 1))
    terminal.feed(f"\x1b[0;38;2;255;255;255;48;2;0;0;0m{text}")
    canvas = Canvas(terminal)
    canvas.draw([0])
    return canvas.image.crop((EDGE, EDGE, EDGE + len(text) * WIDTH, EDGE + HEIGHT))


def test_a_gif_shows_every_picture_for_its_time(tmp_path: Path) -> None:
    target = tmp_path / "lecture.gif"
    list(FORMATS[".gif"].write(recording(), target))
    wanted = pictures(recording())
    with Image.open(target) as gif:
        assert gif.info["loop"] == 0
        assert gif.n_frames == len(wanted)
        for number, (frame, picture) in enumerate(wanted):
            gif.seek(number)
            assert ImageChops.difference(gif.convert("RGB"), picture).getbbox() is None
            assert gif.info["duration"] == frame.end - frame.start


def test_more_colours_than_a_gif_holds_are_shown_by_those_beside_them() -> None:
    shades = np.arange(2000, dtype=np.int32).reshape(40, 50) * 100
    places, colours = _indexed(shades, np.full_like(shades, -1))
    assert len(colours) <= 255
    assert np.abs(colours[places] - shades).max() <= 100 * 8


def test_pixels_that_stay_are_not_written() -> None:
    before = _pixels(Image.new("RGB", (3, 2), "#102030"))
    after = before.copy()
    after[1, 2] = 0xFFFFFF
    places, colours = _indexed(after, before)
    assert places.tolist() == [[255, 255, 255], [255, 255, 0]]
    assert colours.tolist() == [0xFFFFFF]


def test_blocks_fill_their_part_of_the_cell_to_the_pixel() -> None:
    assert drawn("█").getcolors() == [(WIDTH * HEIGHT, WHITE)]
    half = np.asarray(drawn("▀"))
    assert (half[: HEIGHT // 2] == 255).all()
    assert (half[HEIGHT // 2 :] == 0).all()
    assert rectangles("▂") == (Rectangle(0, 18, 12, 6),)
    assert rectangles("▐") == (Rectangle(6, 0, 6, 24),)
    assert rectangles("▚") == (Rectangle(0, 0, 6, 12), Rectangle(6, 12, 6, 12))
    [(_, (grey, _, _))] = drawn("▒").getcolors() or []
    assert grey == 128


def test_lines_meet_from_cell_to_cell() -> None:
    row = np.asarray(drawn("─━─"))[HEIGHT // 2]
    assert (row == 255).all()
    assert (np.asarray(drawn("│"))[:, WIDTH // 2] == 255).all()
    corner = np.asarray(drawn("┌"))[..., 0]
    assert corner[HEIGHT // 2, WIDTH - 1] == corner[HEIGHT - 1, WIDTH // 2] == 255
    assert corner[0].max() == corner[:, 0].max() == 0
    assert rectangles("a") == ()


def test_letters_are_drawn_and_no_box_stands_for_one_of_the_player() -> None:
    missing = np.asarray(drawn("\ue000"))
    for character in "aZ0×−·…●◆◇▶✓→←↑↓σ∂√≤≥≈":
        assert (np.asarray(drawn(character)) != missing).any(), character


def test_a_png_is_the_picture(tmp_path: Path) -> None:
    made = recording(last=0)
    target = tmp_path / "start.png"
    list(FORMATS[".png"].write(made, target))
    [(_, picture)] = pictures(made)
    with Image.open(target) as png:
        assert ImageChops.difference(png, picture).getbbox() is None


def test_a_number_in_the_name_asks_for_every_stop(tmp_path: Path) -> None:
    made = recording()
    written = list(FORMATS[".png"].write(made, tmp_path / "stop-%02d.png"))
    assert [path.name for path in written] == [f"stop-{i:02}.png" for i in range(1, len(made.lecture.stops) + 1)]
    shown = {frame.start: picture for frame, picture in pictures(made)}
    starts = [chapter.start for chapter in made.lecture.chapters()]
    for path, start in zip(written, starts, strict=True):
        with Image.open(path) as png:
            assert ImageChops.difference(png, shown[start]).getbbox() is None


def svg(tmp_path: Path) -> str:
    target = tmp_path / "stop.svg"
    made = recording()
    list(FORMATS[".svg"].write(made.at(2), target))
    return target.read_text("utf-8")


def test_an_svg_says_in_words_what_it_shows(tmp_path: Path) -> None:
    root = ElementTree.fromstring(svg(tmp_path))
    stop = open_lesson("edge-detection-5x5").stop_at(2)
    space = "{http://www.w3.org/2000/svg}"
    names = {
        part.tag.removeprefix(space): part.text for part in root if part.tag.removeprefix(space) in ("title", "desc")
    }
    assert stop is not None
    assert names["title"] == f"Left-edge detection on a 5x5 image: {stop.title}"
    assert names["desc"] is not None
    assert names["desc"].startswith("One pixel to the right: 1.")
    assert root.get("role") == "img"


def test_an_svg_asks_for_nothing_from_elsewhere(tmp_path: Path) -> None:
    text = svg(tmp_path).replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "http" not in text
    assert {found[:5] for found in re.findall(r"url\(([^)]*)\)", text)} == {"data:"}


def test_an_svg_drawn_by_another_program_looks_the_same(tmp_path: Path) -> None:
    resvg = pytest.importorskip("resvg_py")
    fonts = [str(ASSETS / name) for name in (FONT, BOLD_FONT)]
    png = bytes(resvg.svg_to_bytes(svg_string=svg(tmp_path), skip_system_fonts=True, font_files=fonts))
    [(_, picture)] = pictures(recording().at(2))
    with Image.open(BytesIO(png)) as other:
        found = np.asarray(other.convert("RGB"), dtype=float)
    wanted = np.asarray(picture, dtype=float)
    assert found.shape == wanted.shape
    # Letters lie on their cells: blurred by what hinting moves, the two hardly differ anywhere.
    cells = np.abs(_by_cell(found) - _by_cell(wanted))
    assert cells.max() < 25
    assert cells.mean() < 1


def _by_cell(image: np.ndarray) -> np.ndarray:  # type: ignore[type-arg] # of pixels
    """The mean colour of every cell."""
    columns, rows = SMALL
    inner = image[EDGE:-EDGE, EDGE:-EDGE]
    mean: np.ndarray = inner.reshape(rows, HEIGHT, columns, WIDTH, 3).mean(axis=(1, 3))  # type: ignore[type-arg]
    return mean
