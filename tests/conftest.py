"""What every test starts from: no colours asked for or refused, and the same hypotheses every time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "stepgrad",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("stepgrad")

HOMES = count()

for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "STEPGRAD_THEME"):
    os.environ.pop(name, None)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of its own for what a user keeps: no test finds what another left, nor what whoever runs it has."""
    found = tmp_path_factory.getbasetemp() / f"home{next(HOMES)}"
    before = os.environ.get("STEPGRAD_HOME")
    os.environ["STEPGRAD_HOME"] = str(found)
    yield found
    os.environ.pop("STEPGRAD_HOME") if before is None else os.environ.update(STEPGRAD_HOME=before)
