"""The scenario format, version 1."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class Script(BaseModel):
    at: str | None = None
    title: str = ""
    say: str = ""
    notes: str = ""
    pause: float | None = None
    erratum: str = ""
    printed: str = ""


class Scenario(BaseModel):
    format_version: int
    title: str
    summary: str = ""
    source: str = ""
    topics: list[str] = []
    seed: int = 0
    dtype: str = "float64"
    inputs: dict[str, Any] = {}
    parameters: dict[str, Any] = {}
    layers: list[dict[str, Any]] = []
    script: list[Script] = []
