"""The colours of charts: readable in every theme, in order of brightness, and told apart by colour-blind people."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, pairwise

import numpy as np
import pytest

from stepgrad.tui.charts.shades import STEPS, colour, colours, contrast, luminance, rgb
from stepgrad.tui.themes import THEMES

# Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency (2009),
# severity 1, on linear RGB.
BLINDNESS = {
    "none": np.eye(3),
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def variables(theme: str) -> Mapping[str, str]:
    found = THEMES[theme]
    assert found.foreground is not None
    assert found.background is not None
    return {**found.variables, "foreground": found.foreground, "background": found.background}


def lab(colour: str, blindness: str) -> np.ndarray:
    """CIE L*a*b* of a colour as it is seen."""
    part = np.array(rgb(colour)) / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.asarray(BLINDNESS[blindness]) @ linear, 0, 1)
    x, y, z = np.cbrt(XYZ @ seen / (XYZ @ np.ones(3)) + 1e-9)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one: str, other: str, blindness: str) -> float:
    """CIE 1976 colour difference."""
    return float(np.linalg.norm(lab(one, blindness) - lab(other, blindness)))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#123456", "#123456", 1.0),
    ],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(expected, abs=0.005)


def test_a_style_is_two_shades() -> None:
    theme = variables("dark")
    assert colours("+16/-16", theme) == (theme["warm1"], theme["cold1"])
    assert colours("=0/", theme) == (theme["zero"], theme["background"])
    assert colours("s0/s32", theme) == (theme["rise0"], theme["rise4"])
    assert colours("ink/#ffee88", theme) == ("#000000", "#ffee88")
    assert colours("ink/#102030", theme) == ("#ffffff", "#102030")
    assert colours("/", theme) == (theme["foreground"], theme["background"])
    assert colours("nan/inf", theme) == (theme["nan"], theme["inf"])
    half = [round((a + b) / 2) for a, b in zip(rgb(theme["zero"]), rgb(theme["warm0"]), strict=True)]
    assert np.abs(np.array(rgb(colour("+4", theme))) - half).max() <= 1, "halfway between two stops"


@pytest.mark.parametrize("theme", THEMES)
def test_a_number_is_readable_in_a_cell_of_any_colour(theme: str) -> None:
    shades = [*(f"{i:+d}" if i else "=0" for i in range(-STEPS, STEPS + 1)), *(f"s{i}" for i in range(2 * STEPS + 1))]
    for shade in [*shades, "nan", "inf"]:
        assert contrast(*colours(f"ink/{shade}", variables(theme))) >= 4.5, shade


@pytest.mark.parametrize("theme", THEMES)
def test_marks_stand_out_from_the_page(theme: str) -> None:
    known = variables(theme)
    for mark in ("cold1", "warm1", "rise4", "nan", "inf"):
        assert contrast(known[mark], known["background"]) >= 3, mark
    assert contrast(known["cold1"], known["zero"]) >= 3
    assert contrast(known["warm1"], known["zero"]) >= 3
    assert contrast(known["rise4"], known["rise0"]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_more_is_always_farther_from_the_page(theme: str) -> None:
    known = variables(theme)
    towards = 1 if luminance(known["background"]) < 0.5 else -1
    for sign, last in (("+", STEPS), ("-", STEPS), ("s", 2 * STEPS)):
        levels = [luminance(colour(f"{sign}{i}" if i or sign == "s" else "=0", known)) for i in range(last + 1)]
        assert all((b - a) * towards > 0 for a, b in pairwise(levels)), sign


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("theme", THEMES)
def test_signs_are_told_apart_by_everyone(theme: str, blindness: str) -> None:
    known = variables(theme)
    for i in (2, 4, 8, 16):
        assert apart(colour(f"+{i}", known), colour(f"-{i}", known), blindness) > 10, i
    assert apart(known["nan"], known["inf"], blindness) > 20


@pytest.mark.parametrize("blindness", BLINDNESS)
@pytest.mark.parametrize("theme", THEMES)
def test_hues_are_told_apart_by_everyone(theme: str, blindness: str) -> None:
    known = variables(theme)
    for one, other in combinations(("hue0", "hue1", "hue2", "hue-shared"), 2):
        assert apart(known[one], known[other], blindness) > 10, (one, other)


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_the_theme_for_the_colour_blind_tells_more_apart(blindness: str) -> None:
    """Its hues, the grounds of what is read, and both signs at every strength: twice what every theme keeps."""
    known = variables("colour-blind")
    for one, other in combinations(("hue0", "hue1", "hue2", "hue-shared"), 2):
        assert apart(known[one], known[other], blindness) > 20, (one, other)
    for one, other in combinations(("read0", "read1", "read2", "read-shared", "background"), 2):
        assert apart(known[one], known[other], blindness) > 20, (one, other)
    for i in (2, 4, 8, 16):
        assert apart(colour(f"+{i}", known), colour(f"-{i}", known), blindness) > 20, i
    assert apart(known["nan"], known["warm1"], blindness) > 20
    assert apart(known["nan"], known["cold1"], blindness) > 20
