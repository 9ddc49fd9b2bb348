"""The JSON Schema of scenario files, for editors, made from the models.

`python -m stepgrad.scenarios.schema` writes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from stepgrad.scenarios.format import Scenario
from stepgrad.scenarios.given import INITIALISERS, DataTable, FileTable, ValuesTable
from stepgrad.scenarios.optables import layer_model, layers, loss_model, losses, optimizer_model, optimizers

PATH = Path(__file__).with_name("schema.json")

NUMBERS: dict[str, Any] = {
    "description": "Numbers: one, or nested lists of them.",
    "anyOf": [{"type": "number"}, {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Numbers"}}],
}
PASTED: dict[str, Any] = {"description": "A pasted matrix: a row a line.", "type": "string", "pattern": r"[0-9]"}


def schema() -> dict[str, Any]:
    """The schema of format version 1, with a model for every op that comes with stepgrad."""
    made = _Schema()
    root = made.of(Scenario)
    made.definitions["Numbers"] = NUMBERS
    models: list[type[BaseModel]] = [*INITIALISERS.values(), ValuesTable, FileTable, DataTable]
    tables = [made.named(model) for model in models]
    made.definitions["Given"] = {"anyOf": [{"$ref": "#/$defs/Numbers"}, PASTED, *tables]}
    by_name = [{"type": "string", "description": "A tensor's name."}, {"type": "boolean"}]
    made.definitions["Operand"] = {"anyOf": [{"$ref": "#/$defs/Numbers"}, *by_name, *tables]}
    made.definitions["Layer"] = made.choice(layers(), layer_model)
    made.definitions["Loss"] = made.choice(losses(), loss_model)
    made.definitions["Optimizer"] = made.choice(optimizers(), optimizer_model)
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "stepgrad scenario"}
    return {**named, **root, "$defs": dict(sorted(made.definitions.items()))}


class _Schema:
    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def of(self, model: type[BaseModel]) -> dict[str, Any]:
        """A model's schema; the models in it become definitions."""
        made = model.model_json_schema()
        self.definitions |= {name: _linked(part) for name, part in made.pop("$defs", {}).items()}
        linked: dict[str, Any] = _linked(made)
        return linked

    def named(self, model: type[BaseModel]) -> dict[str, str]:
        self.definitions[model.__name__] = self.of(model)
        return {"$ref": f"#/$defs/{model.__name__}"}

    def choice(self, known: Mapping[str, type[Any]], model: Callable[[Any], type[BaseModel]]) -> dict[str, Any]:
        """One of several ops, told apart by `op`."""
        # An op that a program adds is none of the file format's.
        ours = [op for op in known.values() if op.__module__.startswith("stepgrad.engine.")]
        refs = {op.name: self.named(model(op)) for op in ours}
        mapping = {name: ref["$ref"] for name, ref in refs.items()}
        return {"oneOf": list(refs.values()), "discriminator": {"propertyName": "op", "mapping": mapping}}


def _linked(part: Any) -> Any:
    """The schema with `x-model` marks as references, without made-up titles, and without null: TOML has none."""
    if isinstance(part, list):
        return [_linked(element) for element in part if element != {"type": "null"}]
    if not isinstance(part, dict):
        return part
    kept = {key: _linked(value) for key, value in part.items() if not _is_noise(key, value)}
    model = kept.pop("x-model", None)
    if model is not None:
        kept["$ref"] = f"#/$defs/{model.capitalize()}"
    if len(kept.get("anyOf", ())) == 1:
        kept |= kept.pop("anyOf")[0]
    return kept


def _is_noise(key: str, value: Any) -> bool:
    return (key == "title" and isinstance(value, str)) or (key == "default" and value in (None, [], {}))


def text() -> str:
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
