"""The JSON Schema is the models', and editors that use it agree with the loader."""

from __future__ import annotations

import json
import tomllib
from urllib.request import urlopen

import pytest
from written import EDGE, HEAD

from stepgrad.engine.op import Op
from stepgrad.scenarios.catalogue import FOLDER
from stepgrad.scenarios.schema import PATH, text
from stepgrad.scenarios.template import starting

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is in the extra dev")
SCHEMA = json.loads(PATH.read_text("utf-8"))


def wrong(source: str) -> list[str]:
    found = jsonschema.Draft202012Validator(SCHEMA).iter_errors(tomllib.loads(source))
    return [error.json_path for error in found]


def test_it_is_current() -> None:
    assert PATH.read_text("utf-8") == text(), "write it anew: python -m stepgrad.scenarios.schema"


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_every_scenario_of_the_catalogue_is_valid(path: object) -> None:
    source = (FOLDER / str(path)).read_text("utf-8")
    assert source.startswith("#:schema ../schema.json\n")
    assert wrong(source) == []


@pytest.mark.parametrize("name", [None, "edge-detection-5x5"])
def test_what_new_writes_is_valid_and_names_the_schema_where_it_lies(name: str | None) -> None:
    source = starting(name)
    assert wrong(source) == []
    address = source.partition("\n")[0].removeprefix("#:schema ")
    assert json.loads(urlopen(address).read()) == SCHEMA


@pytest.mark.parametrize(
    ("source", "place"),
    [
        (HEAD + "sed = 1\n", "$"),
        (HEAD + "seed = -1\n", "$.seed"),
        (EDGE + "strde = 2\n", "$.layers[0]"),
        (EDGE + 'stride = "two"\n', "$.layers[0]"),
        (EDGE.replace("conv2d", "conv2"), "$.layers[0]"),
        (EDGE.replace("[4, 5, 6]", '[4, "5", 6]'), "$.inputs.image"),
        (HEAD + '[[script]]\nat = "x"\n', "$.script[0]"),
    ],
)
def test_what_the_loader_refuses_is_not_valid(source: str, place: str) -> None:
    assert place in wrong(source)


def test_every_layer_op_is_in_it() -> None:
    layers = {name for name, op in Op.registry.items() if op.kind == "layer" and op.__module__.startswith("stepgrad.")}
    assert set(SCHEMA["$defs"]["Layer"]["discriminator"]["mapping"]) == layers
