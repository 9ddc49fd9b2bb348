"""Values replaced: variants, `--set` and the settings of `stepgrad.open` are one mechanism."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from written import EDGE, opened, write

import stepgrad
from stepgrad.scenarios.faults import ScenarioError
from stepgrad.scenarios.overrides import apply, settings, value_of

TABLES: dict[str, Any] = {
    "seed": 0,
    "inputs": {"image": [[1, 2], [3, 4]]},
    "layers": [{"name": "a", "op": "relu"}, {"name": "b", "op": "relu"}],
}


@pytest.mark.parametrize(
    ("key", "value", "at"),
    [
        ("seed", 7, ("seed",)),
        ("inputs.image.1.0", 9, ("inputs", "image", 1, 0)),
        ("inputs.other", 9, ("inputs", "other")),
        ("layers.1.op", "abs", ("layers", 1, "op")),
        ("layers.b.op", "abs", ("layers", 1, "op")),
        ("layers.b", {"name": "c"}, ("layers", 1)),
        ("optimizer.lr", 0.1, ("optimizer", "lr")),
        ("inputs", {}, ("inputs",)),
    ],
)
def test_a_path_goes_through_keys_numbers_and_names(key: str, value: object, at: tuple[str | int, ...]) -> None:
    before = repr(TABLES)
    changed, where = apply(TABLES, key, value)
    assert where == at
    found: Any = changed
    for part in at:
        found = found[part]
    assert found == value
    assert repr(TABLES) == before


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("layers.c.op", "layers has no 'c'; give a number, counted from 0"),
        ("layers.bb.op", "layers has no 'bb'; did you mean 'b'?"),
        ("layers.2.op", "there is no layers.2; layers has 2, counted from 0"),
        ("seed.x", "'seed' is 0, it has no 'x'"),
        ("inputs..x", "'inputs..x' is no path; write names and numbers with points between, as in layers.0.stride"),
        ("variants.x", "a variant cannot change variants"),
    ],
)
def test_a_path_that_leads_nowhere(key: str, message: str) -> None:
    with pytest.raises(KeyError) as error:
        apply(TABLES, key, 1)
    assert error.value.args[0] == message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2),
        ("0.5", 0.5),
        ("true", True),
        ("[[1, 2]]", [[1, 2]]),
        ('"same"', "same"),
        ("same", "same"),
        ("{ file = 'a.csv' }", {"file": "a.csv"}),
        ("1\nx = 2", "1\nx = 2"),
        ("", ""),
    ],
)
def test_a_value_is_read_as_toml_or_taken_as_text(text: str, value: object) -> None:
    assert value_of(text) == value


def test_settings_are_pairs() -> None:
    assert settings(["seed=3", "layers.a.padding=same", "x = [1]"]) == {
        "seed": 3,
        "layers.a.padding": "same",
        "x": [1],
    }
    with pytest.raises(ValueError, match="'seed' is no setting; write KEY=VALUE"):
        settings(["seed"])


def test_a_variant_a_setting_and_open_do_the_same(tmp_path: Path) -> None:
    text = EDGE + '[variants.wide]\n"layers.map.padding" = 1\n[variants.other.parameters]\nkernel = [[2]]\n'
    wide = opened(tmp_path, text, variant="wide")
    path = str(write(tmp_path, text))
    set_from_outside = opened(tmp_path, text, {"layers.0.padding": 1})
    by_name = stepgrad.open(path, **{"layers.map.padding": 1})
    assert wide.name == "s:wide"
    for lesson in (wide, set_from_outside, by_name):
        assert lesson.tensors()["map"].tolist() == [[[[1, 2, 3, 0], [4, 6, 8, 3], [7, 12, 14, 6], [0, 7, 8, 9]]]]


def test_a_whole_table_is_replaced(tmp_path: Path) -> None:
    text = EDGE + "[variants.other.parameters]\nkernel = [[2]]\n"
    assert opened(tmp_path, text, variant="other").tensors()["map"][0, 0, 0].tolist() == [2, 4, 6]


def test_a_setting_goes_over_a_variant(tmp_path: Path) -> None:
    text = EDGE + '[variants.big]\n"layers.map.stride" = 2\n'
    assert opened(tmp_path, text, {"layers.map.stride": 1}, variant="big").timeline.steps == 4


def test_what_a_setting_takes_from_the_lecture_is_left_out_of_it(tmp_path: Path) -> None:
    text = EDGE + '[[script]]\nsay = "a"\n[[script]]\nat = "map[1,1]"\nsay = "b"\n[[script]]\nsay = "{map[1,1]}"\n'
    assert len(opened(tmp_path, text).stops) == 3
    assert [stop.template for stop in opened(tmp_path, text, {"layers.map.stride": 2}).stops] == ["a"]


@pytest.mark.parametrize(
    ("variant", "message"),
    [
        ("bgi", "10:2: variants: there is no variant 'bgi'; did you mean 'big'?"),
        ("x", "10:2: variants: there is no variant 'x'; its variants are big"),
    ],
)
def test_an_unknown_variant(tmp_path: Path, variant: str, message: str) -> None:
    text = EDGE + '[variants.big]\n"layers.map.stride" = 2\n'
    with pytest.raises(ScenarioError) as error:
        opened(tmp_path, text, variant=variant)
    assert str(error.value).endswith(message)


def test_a_variant_that_leads_nowhere(tmp_path: Path) -> None:
    text = EDGE + '[variants.big]\n"layers.mpa.stride" = 2\n'
    with pytest.raises(ScenarioError, match=r":11:1: variants.big.layers.mpa.stride: layers has no 'mpa'; did you"):
        opened(tmp_path, text, variant="big")
    with pytest.raises(ScenarioError, match=r"^--set layers.mpa.stride: layers has no 'mpa'; did you mean 'map'\?$"):
        opened(tmp_path, text, {"layers.mpa.stride": 2})
