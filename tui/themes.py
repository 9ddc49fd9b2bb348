"""The two themes, dark and light, and the looks of every style by name.

The hues are those that colour-blind people tell apart (blue, orange, green, purple), and no meaning rests on them
alone: brackets, `?`, `.` and primes say the same.
"""

from __future__ import annotations

from textual.theme import Theme

DARK = {
    "read0": "#10385c", "on-read0": "#b9e0ff", "hue0": "#7cc4ff",
    "read1": "#533a08", "on-read1": "#ffe1a3", "hue1": "#ffc24d",
    "read2": "#0d4534", "on-read2": "#a8f0d6", "hue2": "#5fd7ad",
    "read-shared": "#45285a", "on-read-shared": "#ecc9fb", "hue-shared": "#d69ff0",
    "new": "#f5f7fa", "on-new": "#0f1419", "bright": "#f5f7fa", "faint": "#93a0ad", "ghost": "#74818e",
}  # fmt: skip

LIGHT = {
    "read0": "#cfe6fb", "on-read0": "#083a63", "hue0": "#0b5fa5",
    "read1": "#fbdfa6", "on-read1": "#4f3300", "hue1": "#855400",
    "read2": "#c3ecdb", "on-read2": "#00452f", "hue2": "#00674a",
    "read-shared": "#ecd9f6", "on-read-shared": "#47195f", "hue-shared": "#6f2c91",
    "new": "#111827", "on-new": "#ffffff", "bright": "#0b0f14", "faint": "#56616d", "ghost": "#747f8a",
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
}  # fmt: skip

LOOKS: dict[str, tuple[str, str, bool]] = {
    "": ("foreground", "", False), "formula": ("foreground", "", False),
    "strong": ("bright", "", True), "title": ("bright", "", True), "label-new": ("bright", "", True),
    "label": ("faint", "", False), "faint": ("faint", "", False), "phase": ("bright", "", False),
    "padding": ("ghost", "", False), "unwritten": ("ghost", "", False), "next": ("bright", "", True),
    "read0": ("on-read0", "read0", False), "read1": ("on-read1", "read1", False), "read2": ("on-read2", "read2", False),
    "read-shared": ("on-read-shared", "read-shared", False), "hue-shared": ("hue-shared", "", False),
    "hue0": ("hue0", "", False), "hue1": ("hue1", "", False), "hue2": ("hue2", "", False),
    "new": ("on-new", "new", True), "result": ("on-new", "new", True),
    "done": ("hue0", "", False), "todo": ("ghost", "", False), "here": ("bright", "", True),
    "rail-here": ("bright", "", True), "key": ("hue0", "", True), "wrong": ("hue1", "", True),
    "chosen": ("on-read0", "read0", True),
}  # fmt: skip
"""Style -> the theme variables of its text and of its background, and whether it is bold."""
