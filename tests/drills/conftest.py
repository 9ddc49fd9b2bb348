"""A store in a folder of its own, by a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from progress import Clock, Opener

from stepgrad.scenarios.drills.store import Store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "p.db"


@pytest.fixture
def opener(path: Path, clock: Clock) -> Iterator[Opener]:
    """Opens stores, and closes them after the test."""
    made: list[Store] = []

    def make(at: Path = path) -> Store:
        made.append(Store(at, clock))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    return opener()
