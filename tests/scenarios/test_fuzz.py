"""Scenarios broken at random: each is opened, or refused with places and reasons; nothing else ever comes out."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from written import HEAD

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.check import check
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.overrides import settings as pairs
from stepgrad.scenarios.preview import preview
from stepgrad.scenarios.template import starting

TRAINING = HEAD + (
    "inputs.x = [[0.6, 0.8]]\ninputs.target = [1]\nparameters.w = [[0.5, 0.1], [0.3, 0.2]]\n"
    "inputs.r = { init = 'normal', shape = [2, 2] }\nsymbols.x = 'a b'\n"
    '[[layers]]\nname = "y"\nop = "linear"\nweight = "w"\nbias = [0, 0]\nfrozen = ["bias"]\n'
    '[[layers]]\nname = "z"\nop = "add"\ninput = ["y", "y"]\n'
    '[loss]\nop = "cross_entropy"\ntarget = "target"\ngradients = ["x"]\n'
    '[optimizer]\nop = "sgd"\nlr = 0.1\nmomentum = 0.9\niterations = 3\nzero_grad = true\n'
    '[[script]]\nat = "loss@1"\nsay = "{loss:.3f} {w}"\n[[script]]\nat = ":end"\nsay = "{w.grad[0,1]@2}"\n'
    '[[drill]]\nprompt = "?"\nanswer = "loss"\nchoices = [1, "two"]\n'
    '[variants.fast]\n"optimizer.lr" = 1.0\n'
)
STARTS = [starting(name) for name in (None, "edge-detection-5x5", "cs231n-two-filters", "conv1d-full")] + [TRAINING]

PLACED = re.compile(r".+\.toml(:\d+:\d+)?: .+|--set .*: .+", re.DOTALL)


def is_sound_or_refused(path: Path, text: str, variant: str = "") -> None:
    path.write_text(text, "utf-8")
    name = f"{path}:{variant}" if variant else str(path)
    try:
        lesson = open_lesson(name)
    except ScenarioError as error:
        is_a_refusal(error)
    else:
        if lesson.timeline.steps < 10_000:
            for stop in lesson.stops:
                refusal_or_text(lesson.say, stop)
    refusal_or_text(preview, name)


def is_a_refusal(error: ScenarioError) -> None:
    assert error.faults
    assert all(PLACED.fullmatch(str(fault)) for fault in error.faults), str(error)
    assert "pydantic" not in str(error)


def refusal_or_text(ask: Any, *args: Any) -> None:
    try:
        ask(*args)
    except (StepgradError, IndexError) as error:
        assert str(error)  # noqa: PT017 - either is right


def inline(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {inline(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(inline, value))}]"
    return json.dumps(value) if not isinstance(value, float) else repr(value)


def dumped(tables: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(key)} = {inline(value)}\n" for key, value in tables.items())


WORDS = [
    "image",
    "kernel",
    "relu",
    "conv2d",
    "loss",
    "",
    "x",
    "{map}",
    "{",
    ":end",
    "same",
    "y[0,0]@1",
    "../x.csv",
    "é\n",
]
ATOMS = st.one_of(
    st.booleans(),
    st.sampled_from([0, 1, -1, 2, 3, 5, 100, 5000, 2**31, 2**70, 10**400]),
    st.sampled_from([0.0, -0.5, 1e300, float("inf"), float("nan")]),
    st.sampled_from(WORDS),
)
VALUES = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*WORDS, "op", "init", "file"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A sound scenario with a few values replaced, taken out or put in."""
    tables: Any = tomllib.loads(draw(st.sampled_from(STARTS)))
    for _ in range(draw(st.integers(1, 3))):
        at: Any = tables
        while True:
            places = list(at) if isinstance(at, dict) else range(len(at))
            if not places:
                break
            key = draw(st.sampled_from(places))
            inner = at[key]
            if isinstance(inner, (dict, list)) and inner and draw(st.booleans()):
                at = inner
                continue
            match draw(st.sampled_from(["replace", "remove", "add"])):
                case "replace":
                    at[key] = draw(VALUES)
                case "remove":
                    del at[key]
                case _ if isinstance(at, dict):
                    at[draw(st.sampled_from(["stride", "padding", "bias", "input", "name", "op", "at", "zz"]))] = draw(
                        VALUES
                    )
                case _:
                    at.append(draw(VALUES))
            break
    return dumped(tables)


@settings(max_examples=250, suppress_health_check=list(HealthCheck))
@given(text=mutated())
@example(text='format_version = true\ntitle = "t"\n')
@example(text='format_version = 1\ntitle = "t"\nlayers = [[]]\n')
def test_values_replaced_taken_out_and_put_in(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    is_sound_or_refused(tmp_path_factory.getbasetemp() / "mutated.toml", text)


@pytest.mark.slow
@settings(max_examples=2000, suppress_health_check=list(HealthCheck))
@given(text=mutated())
def test_thousands_of_broken_files(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    is_sound_or_refused(tmp_path_factory.getbasetemp() / "thousands.toml", text)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_characters_changed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(STARTS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        until = at + data.draw(st.sampled_from([0, 0, 1, 5, 40]))
        text = text[:at] + data.draw(st.text(alphabet='[]{}="\n.,#x10 -é\x00', max_size=3)) + text[until:]
    is_sound_or_refused(tmp_path_factory.getbasetemp() / "changed.toml", text)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    key=st.sampled_from(
        ["layers.0.stride", "layers.edges.weight", "inputs.image", "inputs", "layers", "seed", "script.0"]
    )
    | st.text(alphabet="layers.01inputs", max_size=12),
    value=VALUES,
)
def test_settings(tmp_path_factory: pytest.TempPathFactory, key: str, value: object) -> None:
    path = tmp_path_factory.getbasetemp() / "set.toml"
    path.write_text(starting(), "utf-8")
    try:
        open_lesson(str(path), {key: value})
    except ScenarioError as error:
        is_a_refusal(error)


@given(st.lists(st.text(max_size=20), max_size=3))
def test_pairs_of_the_command_line(texts: list[str]) -> None:
    try:
        assert len(pairs(texts)) <= len(texts)
    except ValueError as error:
        assert "write KEY=VALUE" in str(error)  # noqa: PT017 - either is right


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(text=mutated())
@example(text=STARTS[1].replace('name = "feature_map"', "name = []"))
def test_the_check_of_a_broken_lesson(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "checked.toml"
    path.write_text(text, "utf-8")
    try:
        assert all(PLACED.fullmatch(str(fault)) for fault in check(str(path)).faults)
    except ScenarioError as error:
        is_a_refusal(error)
