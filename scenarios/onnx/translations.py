"""Every operator that an imported model may have. Importing a module registers what it translates."""

from stepgrad.scenarios.onnx import by_arithmetic, by_cell, by_shape, by_window
from stepgrad.scenarios.onnx.node import TRANSLATIONS

__all__ = ["TRANSLATIONS", "by_arithmetic", "by_cell", "by_shape", "by_window"]
