"""The themes, dark, light, of high contrast and for colour-blind people, and the looks of every style by name.

The hues of all are those that colour-blind people tell apart, and no meaning rests on them alone: brackets, `?`, `.`
and primes say the same. The theme that is named after them keeps its hues, its grounds and both signs of a map at
least twice as far apart, for each kind of colour blindness.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = {
    "read0": "#10385c", "on-read0": "#b9e0ff", "hue0": "#7cc4ff",
    "read1": "#533a08", "on-read1": "#ffe1a3", "hue1": "#ffc24d",
    "read2": "#0d4534", "on-read2": "#a8f0d6", "hue2": "#5fd7ad",
    "read-shared": "#45285a", "on-read-shared": "#ecc9fb", "hue-shared": "#b57bee",
    "new": "#f5f7fa", "on-new": "#0f1419", "bright": "#f5f7fa", "faint": "#93a0ad", "ghost": "#74818e",
    "cold1": "#74c0ff", "cold0": "#2b6ea8", "zero": "#222a34", "warm0": "#a8600f", "warm1": "#ffb950",
    "rise0": "#1a2432", "rise1": "#2f5573", "rise2": "#6b8372", "rise3": "#c0a95c", "rise4": "#ffe27a",
    "nan": "#f06cd0", "inf": "#f5f7fa", "point": "#ffd75f", "on-point": "#1a1406",
}  # fmt: skip

LIGHT = {
    "read0": "#cfe6fb", "on-read0": "#083a63", "hue0": "#0b5fa5",
    "read1": "#fbdfa6", "on-read1": "#4f3300", "hue1": "#855400",
    "read2": "#c3ecdb", "on-read2": "#00452f", "hue2": "#00674a",
    "read-shared": "#ecd9f6", "on-read-shared": "#47195f", "hue-shared": "#6a14c8",
    "new": "#111827", "on-new": "#ffffff", "bright": "#0b0f14", "faint": "#56616d", "ghost": "#66717c",
    "cold1": "#0a4a85", "cold0": "#6ea7d6", "zero": "#ebe8e0", "warm0": "#dd9a4a", "warm1": "#7a3d00",
    "rise0": "#efece0", "rise1": "#cfc089", "rise2": "#8f9077", "rise3": "#456377", "rise4": "#0d2f55",
    "nan": "#b0158a", "inf": "#0b0f14", "point": "#b93a06", "on-point": "#ffffff",
}  # fmt: skip

HIGH_CONTRAST = {
    "read0": "#0a3f73", "on-read0": "#ffffff", "hue0": "#8fd0ff",
    "read1": "#5c3d00", "on-read1": "#ffffff", "hue1": "#ffd24d",
    "read2": "#00513a", "on-read2": "#ffffff", "hue2": "#6ff0c0",
    "read-shared": "#55306e", "on-read-shared": "#ffffff", "hue-shared": "#c084fc",
    "new": "#ffffff", "on-new": "#000000", "bright": "#ffffff", "faint": "#cfd6dd", "ghost": "#a9b2bb",
    "cold1": "#8fd0ff", "cold0": "#2f7fc4", "zero": "#262626", "warm0": "#bf6a00", "warm1": "#ffcf5a",
    "rise0": "#202020", "rise1": "#39607f", "rise2": "#7f967f", "rise3": "#d3ba62", "rise4": "#fff08a",
    "nan": "#ff7be0", "inf": "#ffffff", "point": "#ffe600", "on-point": "#000000",
}  # fmt: skip

# Okabe and Ito: Color Universal Design (2008): sky blue, yellow, vermillion and reddish purple, which are far apart in
# brightness too. The sequential scale is cividis (Nunez, Anderton, Renslow 2018): dark blue to yellow, without a turn.
COLOUR_BLIND = {
    "read0": "#0d4fa8", "on-read0": "#ffffff", "hue0": "#56b4e9",
    "read1": "#625f00", "on-read1": "#ffffff", "hue1": "#f0e442",
    "read2": "#4a2a10", "on-read2": "#ffffff", "hue2": "#d55e00",
    "read-shared": "#9a2268", "on-read-shared": "#ffffff", "hue-shared": "#cc79a7",
    "new": "#ffffff", "on-new": "#0b0e14", "bright": "#ffffff", "faint": "#a4adb8", "ghost": "#848d98",
    "cold1": "#7fcaf5", "cold0": "#0072b2", "zero": "#20252d", "warm0": "#b86a00", "warm1": "#ffc64a",
    "rise0": "#0a2f5e", "rise1": "#434e6c", "rise2": "#7d7c78", "rise3": "#bcaf6f", "rise4": "#fee838",
    "nan": "#cc79a7", "inf": "#ffffff", "point": "#f0e442", "on-point": "#0b0e14",
}  # fmt: skip

THEMES = {
    "dark": Theme(
        name="dark", dark=True, primary="#7cc4ff", accent="#ffc24d", foreground="#ccd5de", background="#0f1419",
        surface="#161c24", panel="#1d2530", variables=DARK,
    ),
    "light": Theme(
        name="light", dark=False, primary="#0b5fa5", accent="#855400", foreground="#1f2933", background="#fbfaf7",
        surface="#f1efe9", panel="#e6e3da", variables=LIGHT,
    ),
    "high-contrast": Theme(
        name="high-contrast", dark=True, primary="#8fd0ff", accent="#ffd24d", foreground="#ffffff",
        background="#000000", surface="#101010", panel="#1c1c1c", variables=HIGH_CONTRAST,
    ),
    "colour-blind": Theme(
        name="colour-blind", dark=True, primary="#56b4e9", accent="#f0e442", foreground="#dbe1e8",
        background="#0b0e14", surface="#141820", panel="#1c212b", variables=COLOUR_BLIND,
    ),
}  # fmt: skip

LOOKS: dict[str, tuple[str, str, bool]] = {
    "": ("foreground", "", False), "formula": ("foreground", "", False), "word": ("foreground", "", False),
    "strong": ("bright", "", True), "title": ("bright", "", True), "label-new": ("bright", "", True),
    "said": ("bright", "", False), "label": ("faint", "", False), "faint": ("faint", "", False),
    "phase": ("bright", "", False),
    "padding": ("ghost", "", False), "unwritten": ("ghost", "", False), "next": ("bright", "", True),
    "read0": ("on-read0", "read0", False), "read1": ("on-read1", "read1", False), "read2": ("on-read2", "read2", False),
    "read-shared": ("on-read-shared", "read-shared", False), "hue-shared": ("hue-shared", "", False),
    "hue0": ("hue0", "", False), "hue1": ("hue1", "", False), "hue2": ("hue2", "", False),
    "new": ("on-new", "new", True), "result": ("on-new", "new", True),
    "done": ("hue0", "", False), "todo": ("ghost", "", False), "here": ("bright", "", True),
    "rail-here": ("bright", "", True), "key": ("hue0", "", True), "wrong": ("hue1", "", True),
    "changed": ("hue1", "", True),
    "pointer": ("on-point", "point", True),
    "chosen": ("on-read0", "read0", True),
}  # fmt: skip
"""Style -> the theme variables of its text and of its background, and whether it is bold."""

UNDERLINED = {"word"}
