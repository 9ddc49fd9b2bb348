"""Scratch: work is kept while one iteration runs, for the very array it was made from, and no longer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import numpy as np
import pytest

from stepgrad.engine.scratch import keeping, once


def test_work_is_made_once_for_an_array_and_a_key() -> None:
    made = []

    def make() -> int:
        made.append(1)
        return len(made)

    x, same_numbers = np.ones(3), np.ones(3)
    with keeping():
        assert once(x, "columns", make) == once(x, "columns", make) == 1
        assert once(x, "other", make) == 2
        assert once(same_numbers, "columns", make) == 3
    with keeping():
        assert once(x, "columns", make) == 4


def test_it_is_off_outside_a_run_and_where_it_is_not_wanted() -> None:
    made = []
    x = np.ones(3)
    once(x, "key", lambda: made.append(1))
    with keeping(False):
        once(x, "key", lambda: made.append(1))
        once(x, "key", lambda: made.append(1))
    assert len(made) == 3


def test_a_run_within_a_run_has_a_store_of_its_own() -> None:
    x = np.ones(3)
    with keeping():
        assert once(x, "key", lambda: "outer") == "outer"
        with keeping():
            assert once(x, "key", lambda: "inner") == "inner"
        with keeping(False):
            assert once(x, "key", lambda: "off") == "off"
        assert once(x, "key", lambda: "lost") == "outer"


def test_runs_in_two_threads_do_not_share() -> None:
    x = np.ones(3)
    inside, done = Event(), Event()

    def other() -> str:
        with keeping():
            inside.set()
            done.wait(10)
            return once(x, "key", lambda: "other")

    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(other)
        inside.wait(10)
        with keeping():
            assert once(x, "key", lambda: "this") == "this"
        done.set()
        assert found.result() == "other"
    assert once(x, "key", lambda: "off") == "off"


def test_an_id_that_is_given_again_finds_nothing() -> None:
    with keeping():
        for k in range(50):
            assert once(np.full(100, k), "key", lambda k=k: k) == k


def test_the_store_is_gone_after_a_failure() -> None:
    def fail() -> None:
        with keeping():
            once(x, "key", lambda: 1)
            raise ZeroDivisionError

    x = np.ones(3)
    with pytest.raises(ZeroDivisionError):
        fail()
    assert once(x, "key", lambda: 2) == 2
