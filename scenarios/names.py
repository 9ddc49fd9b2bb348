"""Names of tensors and layers: what an address can say."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from stepgrad.engine.graph import PHASES
from stepgrad.scenarios.wording import quoted, wrong

PATTERN = r"^[A-Za-z_][A-Za-z0-9_-]*$"


def _tensor(name: str) -> str:
    if not re.match(PATTERN, name) or not name.isascii():
        raise wrong(f"{quoted(name)} is no name; use letters, digits, _ and -, and start with a letter", name)
    return name


def _layer(name: str) -> str:
    if name in PHASES:
        raise wrong(f"'{name}' is the name of a phase ({', '.join(PHASES)}); give the layer another", name)
    return _tensor(name)


TensorName = Annotated[str, Field(max_length=64, json_schema_extra={"pattern": PATTERN}), AfterValidator(_tensor)]
LayerName = Annotated[
    str,
    Field(max_length=64, json_schema_extra={"pattern": PATTERN}, description="Its output tensor has the same name."),
    AfterValidator(_layer),
]
