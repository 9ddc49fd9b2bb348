"""Work that `compute` leaves for its own gradient: kept while one iteration runs, and never read by a cell."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from stepgrad.engine.op import Array

T = TypeVar("T")

LIMIT = 4 << 20
"""Bytes: larger work is made again, which costs less than keeping it in memory."""

_store: ContextVar[dict[tuple[int, Hashable], tuple[Array, Any]] | None] = ContextVar("scratch", default=None)


@contextmanager
def keeping(on: bool = True) -> Iterator[None]:
    """Within the block, `once` remembers. With it off the bits are the same: work is only made again."""
    before = _store.set({} if on else None)
    try:
        yield
    finally:
        _store.reset(before)


def once(of: Array, key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gives for this very array and key, made once in an iteration."""
    store = _store.get()
    if store is None:
        return make()
    place = (id(of), key)
    found = store.get(place)
    if found is None:
        # The array is kept beside its work, so that its id is not given to another while the store lives.
        found = store[place] = (of, make())
    return found[1]


def taken(of: Array, key: Hashable, make: Callable[[], T]) -> T:
    """As `once`, but it is given away: the caller may write into it, and who asks next has it made again."""
    store = _store.get()
    found = None if store is None else store.pop((id(of), key), None)
    return make() if found is None else found[1]
