"""All adapters. Importing a module registers what it adapts."""

from onnx_nodes import by_cell, by_loss, by_optimizer, by_shape, by_window
from onnx_nodes.adapter import ADAPTERS, NotApplicable

__all__ = ["ADAPTERS", "NotApplicable", "by_cell", "by_loss", "by_optimizer", "by_shape", "by_window"]
