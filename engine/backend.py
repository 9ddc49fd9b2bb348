"""Where arrays live: the array namespace, its device, and the one way back to the host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stepgrad.engine.op import Array


@dataclass
class Backend:
    """An array namespace on a device. NumPy's numbers are the numbers of record."""

    name: str = "numpy"
    xp: Any = np
    device: Any = "cpu"
    transfers: int = field(default=0, compare=False)
    """How many tensors went to the host, counted: a hidden transfer is a defect."""

    def asarray(self, values: Any, dtype: str) -> Array:
        return self.xp.asarray(np.asarray(values, dtype), device=self.device)

    def to_host(self, array: Array) -> np.ndarray[Any, Any]:
        """The tensor as a NumPy array: the only place where anything leaves the device."""
        if isinstance(array, np.ndarray):
            return array
        self.transfers += 1
        return _to_host(array)


def _to_host(array: Array) -> np.ndarray[Any, Any]:
    if hasattr(array, "get"):
        return np.asarray(array.get())
    return np.asarray(array.to_device(array.__array_namespace__().Device("CPU_DEVICE")))


NUMPY = Backend()
