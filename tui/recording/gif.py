"""GIF: each picture holds only the pixels that changed, in a colour table of its own.

Written piece by piece, so that memory does not grow with the length; Pillow compresses the pixels.
<https://www.w3.org/Graphics/GIF/spec-gif89a.txt>
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import IO, Any

import numpy as np
from PIL import GifImagePlugin, Image

from stepgrad.tui.recording.headless import Event
from stepgrad.tui.recording.picture import Box, Canvas
from stepgrad.tui.recording.replay import Terminal, frames

SAME = 255
"""The colour of pixels that stay as they are."""
LONGEST = 65_535
"""The longest time a picture is shown, in hundredths of a second."""

Pixels = np.ndarray[Any, Any]
"""Colours as whole numbers, 0xrrggbb."""


def write(file: IO[bytes], terminal: Terminal, events: Iterable[Event]) -> None:
    """The recording as an animation that starts again when it is over."""
    canvas = Canvas(terminal)
    width, height = canvas.image.size
    file.write(b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0))
    file.write(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")
    shown = np.full((height, width), -1, np.int32)
    for frame in frames(terminal, events):
        box = canvas.draw(frame.rows)
        # The first picture is the whole screen, its edges too; one without a change is a single pixel that waits.
        box = (0, 0, width, height) if frame.start == 0 else box or (0, 0, 1, 1)
        delay = min(round(frame.end / 10) - round(frame.start / 10), LONGEST)
        file.writelines(_picture(canvas.image, box, shown, delay))
    file.write(b";")


def _picture(image: Image.Image, box: Box, shown: Pixels, delay: int) -> list[bytes]:
    """The pixels of a box, those that are shown already left out."""
    left, top, right, bottom = box
    pixels, before = _pixels(image.crop(box)), shown[top:bottom, left:right]
    indexes, colours = _indexed(pixels, before)
    picture = Image.fromarray(indexes)
    picture.putpalette(b"".join(int(colour).to_bytes(3, "big") for colour in colours))
    before[...] = pixels
    found: list[bytes] = GifImagePlugin.getdata(
        picture, (left, top), duration=delay * 10, disposal=1, transparency=SAME, include_color_table=True
    )
    return found


def _pixels(image: Image.Image) -> Pixels:
    channels = np.asarray(image).astype(np.int32)
    return channels[..., 0] << 16 | channels[..., 1] << 8 | channels[..., 2]


def _indexed(pixels: Pixels, before: Pixels) -> tuple[Pixels, Pixels]:
    """Each pixel's place in a table of at most 255 colours."""
    changed = pixels != before
    values = pixels[changed]
    colours = np.unique(values)
    # A screen has few colours; where a heat map has more, those beside each other are shown alike.
    while len(colours) > SAME:
        colours = colours[::2]
    places = np.full(pixels.shape, SAME, np.uint8)
    places[changed] = np.minimum(np.searchsorted(colours, values), max(len(colours) - 1, 0))
    return places, colours
