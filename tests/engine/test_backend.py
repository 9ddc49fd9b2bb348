"""Backends: arrays go to the device as asked and come back by one counted way."""

from __future__ import annotations

import numpy as np
import pytest

from stepgrad.engine.backend import NUMPY, Backend


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64"])
def test_numpy_keeps_the_dtype_and_counts_nothing(dtype: str) -> None:
    backend = Backend()
    array = backend.asarray([[1, 2], [3, 4]], dtype)
    assert array.dtype == dtype
    assert backend.to_host(array) is array
    assert backend.transfers == 0


def test_a_number_without_axes_is_a_tensor_too() -> None:
    backend = Backend()
    for made in (np.sum(np.ones(3)), np.float32(3), backend.asarray(3, "float64")):
        host = backend.to_host(made)
        assert isinstance(host, np.ndarray)
        assert (host.shape, float(host[()])) == ((), 3.0)
    assert backend.transfers == 0


def test_what_float16_can_not_hold_is_infinite() -> None:
    assert NUMPY.asarray([1e6, -1e6, 1.0], "float16").tolist() == [np.inf, -np.inf, 1.0]


@pytest.mark.parametrize("device", ["CPU_DEVICE", "device1"])
def test_every_transfer_from_a_device_is_counted(device: str) -> None:
    xp = pytest.importorskip("array_api_strict", reason="array-api-strict is not installed")
    backend = Backend("strict", xp, xp.Device(device))
    for count, values in enumerate(([1.0, 2.0], [[3.0]], 4.0), start=1):
        array = backend.asarray(values, "float64")
        assert array.device == xp.Device(device)
        host = backend.to_host(array)
        assert type(host) is np.ndarray
        assert host.tolist() == values
        assert backend.transfers == count
