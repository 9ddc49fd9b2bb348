"""Where arrays live: the array namespace, its device, and the one way back to the host."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.op import Array

Device = Literal["cpu", "cuda", "auto"]
DEVICES: tuple[Device, ...] = ("cpu", "cuda", "auto")


@dataclass
class Backend:
    """An array namespace on a device. NumPy's numbers are the numbers of record."""

    name: str = "numpy"
    xp: Any = np
    device: Any = "cpu"
    transfers: int = field(default=0, compare=False)
    """How many tensors went to the host, counted: a hidden transfer is a defect."""

    def asarray(self, values: Any, dtype: str) -> Array:
        with np.errstate(over="ignore"):  # what float16 cannot hold is infinite
            host = np.asarray(values, dtype)
        return self.xp.asarray(host, device=self.device)

    def to_host(self, array: Array) -> np.ndarray[Any, Any]:
        """The tensor as a NumPy array: the only place where anything leaves the device."""
        if isinstance(array, (np.ndarray, np.generic)):  # NumPy gives a 0-d result as a scalar
            return np.asarray(array)
        self.transfers += 1
        return _to_host(array)


def _to_host(array: Array) -> np.ndarray[Any, Any]:
    if hasattr(array, "get"):
        return np.asarray(array.get())
    return np.asarray(array.to_device(array.__array_namespace__().Device("CPU_DEVICE")))


def _raise_malloc_thresholds() -> None:
    """Give one large block back, once: glibc then keeps freed memory instead of returning it after every op.

    Without it a training step spends half its time in page faults, in some processes and not in others. Elsewhere
    than under glibc it does nothing.
    """
    block = np.empty((32 << 20) - (64 << 10), np.uint8)
    block[0] = 1


_raise_malloc_thresholds()
NUMPY = Backend()


def choose(device: Device) -> Backend:
    """The backend of a device; `auto` is CUDA where it works. Raises StepgradError saying what CUDA lacks."""
    if device == "cpu":
        return NUMPY
    failed = next((probe for probe in cupy_probes() if not probe.passed), None)
    if failed is None:
        return Backend("cupy", import_module("array_api_compat.cupy"), import_module("cupy").cuda.Device())
    if device == "auto":
        return NUMPY
    raise StepgradError(f"device cuda cannot be used: {failed.question}: no, {failed.answer}")


@dataclass(frozen=True, slots=True)
class Probe:
    """One question about a backend, and what came of asking it."""

    question: str
    passed: bool
    answer: str


def cupy_probes() -> Iterator[Probe]:
    """What CuPy needs to be of use, one by one, up to the first that it lacks. Never raises.

    `is_available` alone is not enough: a driver can be there while the compiler of kernels is not.
    """
    questions: tuple[tuple[str, Callable[[], str]], ...] = (
        ("cupy is installed", _cupy_is_installed),
        ("cupy imports", lambda: f"version {import_module('cupy').__version__}"),
        ("a device is there", _device_is_there),
        ("a kernel runs", _kernel_runs),
    )
    for question, ask in questions:
        try:
            yield Probe(question, True, ask())
        except Exception as fault:
            first, *_ = str(fault).strip().splitlines() or [type(fault).__name__]
            yield Probe(question, False, first)
            return


def _cupy_is_installed() -> str:
    for module in ("cupy", "array_api_compat"):
        if find_spec(module) is None:
            raise ImportError(f"there is no module {module}; pip install 'stepgrad[cuda12]' or 'stepgrad[cuda13]'")
    return "module found"


def _device_is_there() -> str:
    cupy = import_module("cupy")
    if not cupy.is_available():
        raise RuntimeError("CuPy finds no CUDA device or driver")
    found: str = cupy.cuda.runtime.getDeviceProperties(cupy.cuda.Device().id)["name"].decode()
    return found


def _kernel_runs() -> str:
    cupy = import_module("cupy")
    if float((cupy.zeros(1) + 1)[0]) != 1:
        raise RuntimeError("0 + 1 did not give 1 on the device")
    return "0 + 1 = 1 on the device"
