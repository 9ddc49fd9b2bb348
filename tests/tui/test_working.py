"""The arithmetic on screen is honest: what is displayed, worked out again, comes to what is displayed."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from handmade import IMAGE, cs231n, edge, full, lesson, network

from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.tui.line import plain, width
from stepgrad.tui.scene import Scene, Scenery
from stepgrad.tui.working import Working, formula, work

WORDS: dict[str, Any] = {
    "max": max, "min": min, "where": lambda c, a, b: a if c else b, "exp": math.exp, "log": math.log,
    "sqrt": math.sqrt, "tanh": math.tanh, "abs": abs, "floor": math.floor, "round": round, "log1p": math.log1p,
    "sign": lambda a: (a > 0) - (a < 0), "cos": math.cos, "sin": math.sin,
    "argmax": lambda *a: max(range(len(a)), key=a.__getitem__), "nan": math.nan, "inf": math.inf,
}  # fmt: skip
RESULT = re.compile(
    r"^(?P<name>\S+?) (?P<first>[=~]) (?:(?P<sum>.+) (?P<sign>[=~]) )?(?P<value>\S+)(?P<dtype> in float32)?$"
)


def worked(text: str) -> float:
    """A displayed expression, worked out."""
    python = text.replace("×", "*").replace("0'", "0").replace("^2", "**2").replace("^", "**").replace("~0", "0")
    return float(eval(python, {"__builtins__": {}}, WORDS))


def digits_of(shown: str) -> float:
    """Half a unit of the last displayed digit."""
    mantissa, _, exponent = shown.lstrip("-").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return 0.5000001 * 10.0 ** (int(exponent or 0) - decimals)


def working(of: Any, number: int, room: int = 79, **state: Any) -> Working:
    step = of.step(number)
    scene, scenery = Scene(step), Scenery()
    return work(scene, scenery, scenery.plan(step), room, **state)


def check(of: Any, number: int, room: int = 79) -> None:
    """The result line, and each part's sum, from what is displayed."""
    found = working(of, number, room)
    lines = [plain(line) for line in found.result]
    assert all(width(line) <= room for line in found.result)
    match = RESULT.match(" ".join(lines))
    assert match is not None, lines
    shown = match["value"]
    value = of.step(number).value
    if shown == "~0" or not math.isfinite(value):
        return
    exactly = (match["sign"] or match["first"]) == "="
    # A whole number is shown in full, and may be what rounding left of one.
    slack = digits_of(shown) if not exactly else 1e-12 * abs(value)
    single = of.step(number).node.spec.dtype == "float32"
    assert float(shown) == pytest.approx(value, abs=slack, rel=1e-7 if single else 1e-12)
    if match["sum"] and "..." not in match["sum"]:
        assert worked(match["sum"]) == pytest.approx(float(shown), abs=2 * slack if not exactly else slack, rel=1e-12)
    if found.terms is not None:
        check_terms(found, room)


def check_terms(found: Working, room: int) -> None:
    terms = found.terms
    assert terms is not None
    pieces: dict[int, str] = {}
    for i in range(len(terms)):
        line = terms.line(i)
        assert width(line) <= room
        if len(terms._columns) > 1:
            return
        text = plain(line)
        part = terms.part_of(i)
        body, sign, shown = re.match(r"^(.*?)(?:(?:^| )([=~]) (\S+)(?: +\w+ \S+)?)?$", text).groups()  # type: ignore[union-attr]
        pieces[part] = f"{pieces.get(part, '')} {body}"
        if sign:
            slack = digits_of(shown) if sign == "~" else 1e-9 * abs(float(shown))
            assert worked(pieces[part].strip()) == pytest.approx(float(shown), abs=2 * slack, rel=1e-12)


@pytest.mark.parametrize("of", [edge(), edge(1), cs231n(), full()], ids=["edge", "edge-padded", "cs231n", "conv1d"])
def test_whole_numbers_are_shown_in_full(of: Any) -> None:
    for number in range(of.timeline.steps):
        check(of, number)
        assert "~" not in " ".join(plain(line) for line in working(of, number).result)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_drawn_numbers_add_up_as_displayed(dtype: str) -> None:
    of = network(dtype=dtype)
    for number in range(0, of.timeline.steps, 37):
        for room in (60, 79, 160):
            check(of, number, room)


@pytest.mark.parametrize("name", [entry.name for entry in entries()])
def test_the_catalogue_adds_up_as_displayed(name: str) -> None:
    of = open_lesson(name)
    steps = of.timeline.steps
    for number in sorted(
        {stop.position - 1 for stop in of.stops if stop.position} | set(range(0, steps, steps // 12 + 1))
    ):
        check(of, number)


def test_one_line_where_the_whole_sum_fits_else_the_window_s_own_shape() -> None:
    assert [plain(line) for line in working(full(), 2).result] == ["s[2] = 0'×8 + 1×7 + 2×6 + 3×5 = 34"]
    found = working(edge(), 0)
    assert found.terms is not None
    assert [plain(found.terms.line(i)) for i in range(len(found.terms))] == [
        "  1×1 + 1×0 + 1×0",
        "+ 1×1 + 0×0 + 0×0",
        "+ 1×1 + 0×0 + 0×0",
    ]
    assert [plain(line) for line in found.result] == ["feature_map[0,0] = 3"]


def test_a_number_that_is_not_shown_in_full_is_no_equation() -> None:
    third = lesson("Thirds", {"x": [1 / 3, 0.5]}, [("y", "relu", ("x",), {})])
    assert plain(working(third, 0).result[0]) == "y[0] = max(0.3333, 0) ~ 0.3333"
    assert plain(working(third, 1).result[0]) == "y[1] = max(0.5, 0) = 0.5"
    assert (
        plain(working(third, 0, all_digits=True).result[0]) == "y[0] = max(0.3333333333333333, 0) = 0.3333333333333333"
    )


def test_what_is_small_beside_a_number_that_ran_away_is_told_in_full() -> None:
    of = lesson("Diverged", {"x": [0.25, 1e30]}, [("y", "relu", ("x",), {})])
    assert plain(working(of, 0).result[0]) == "y[0] = max(0.25, 0) = 0.25"


def test_terms_that_cancel_leave_a_marked_zero() -> None:
    of = lesson(
        "Cancel",
        {"x": [[[[0.1, 0.2, 0.3], [5, 5, 5]]]], "w": [[[[1.0, 1, -1]]]]},
        [("y", "conv2d", ("x", "w", None), {})],
    )
    assert plain(working(of, 0).result[0]).endswith("~0")
    assert plain(working(of, 1).result[0]).endswith("= 5")


def test_not_a_number_and_infinity_are_shown_as_such() -> None:
    of = lesson("Odd", {"x": [math.nan, math.inf, -math.inf]}, [("y", "relu", ("x",), {})])
    assert [plain(working(of, i).result[0]).split()[-1] for i in range(3)] == ["nan", "inf", "0"]


def test_the_formula_names_the_tensors_and_its_note_gives_way() -> None:
    step = edge().step(0)
    rule, note = formula(step, 120)
    assert [plain(line) for line in rule] == [
        "feature_map[n,m,i,j] = sum image[n,c,i+u,j+v] × kernel[m,c,u,v]   kernel not flipped: cross-correlation"
    ]
    assert note == ()
    rule, note = formula(step, 79)
    assert len(rule) == 1
    assert plain(note) == "kernel not flipped: cross-correlation"


def test_a_long_sum_is_not_written_out_to_show_a_line_of_it() -> None:
    of = lesson("Long", {"x": [IMAGE[0] * 400], "w": [IMAGE[0] * 400]}, [("y", "linear", ("x", "w", None), {})])
    found = working(of, 0)
    assert found.terms is not None
    assert len(found.terms) > 100
    assert plain(found.terms.line(len(found.terms) - 1)).startswith("+ ")
    assert plain(found.result[0]) == "y[0] = 1600"
