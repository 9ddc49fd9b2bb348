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

LOOKS = {
    "value": "", "strong": "color: $bright; text-style: bold;", "title": "color: $bright; text-style: bold;",
    "label": "color: $faint;", "label-new": "color: $bright; text-style: bold;",
    "faint": "color: $faint;", "formula": "color: $foreground;",
    "padding": "color: $ghost;", "unwritten": "color: $ghost;", "next": "color: $bright; text-style: bold;",
    "read0": "background: $read0; color: $on-read0;", "read1": "background: $read1; color: $on-read1;",
    "read2": "background: $read2; color: $on-read2;",
    "read-shared": "background: $read-shared; color: $on-read-shared;",
    "hue0": "color: $hue0;", "hue1": "color: $hue1;", "hue2": "color: $hue2;", "hue-shared": "color: $hue-shared;",
    "new": "background: $new; color: $on-new; text-style: bold;",
    "result": "background: $new; color: $on-new; text-style: bold;",
    "phase": "color: $bright;", "done": "color: $hue0;", "todo": "color: $ghost;",
    "here": "color: $bright; text-style: bold;", "rail-here": "color: $bright; text-style: bold;",
    "key": "color: $hue0; text-style: bold;", "wrong": "color: $hue1; text-style: bold;",
    "chosen": "background: $read0; color: $on-read0; text-style: bold;",
}  # fmt: skip
"""Style name -> CSS."""
