"""What was changed from outside, written down: a scenario file with one variant more."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence

from stepgrad.engine.errors import StepgradError
from stepgrad.scenarios.document import Document
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.template import SCHEMA, with_schema

NAME = re.compile(r"[A-Za-z0-9_\-]+")


def with_variant(document: Document, name: str, told: Sequence[Key]) -> str:
    """The file's text, and `[variants.NAME]` with what was set from outside. Raises StepgradError.

    `told` are the stops that still fit: where a change of size has cost some, the variant has the others.
    """
    if not NAME.fullmatch(name):
        raise StepgradError(f"'{name}' is no variant's name; write letters, digits, - and _")
    known = document.tables.get("variants", {})
    if isinstance(known, Mapping) and name in known:
        raise StepgradError(f"there is a variant '{name}' already; give another name")
    if not document.is_set:
        raise StepgradError("nothing was changed, so there is nothing to save")
    # A variant that was open when something was changed is part of what is saved.
    chosen = {override.written: override.value for override in document.overrides}
    script = document.tables.get("script", [])
    if len(told) < len(script):
        chosen["script"] = [script[key[1]] for key in told if isinstance(key[1], int)]
    # The copy lies elsewhere than the original, and so does the schema.
    text = with_schema(document.text) if document.text.startswith(SCHEMA) else document.text
    lines = [f"{json.dumps(key)} = {written(value)}" for key, value in chosen.items()]
    return "\n".join([text.rstrip(), "", f"[variants.{name}]", *lines, ""])


def written(value: object) -> str:
    """A value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{json.dumps(key)} = {written(inner)}' for key, inner in value.items())} }}"
    if isinstance(value, (int, float, str)):
        return json.dumps(value, ensure_ascii=False)
    raise StepgradError(f"{value!r} can not be written to a scenario file")
