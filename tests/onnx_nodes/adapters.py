"""All adapters: what an imported model may have is put by the importer's translations, losses and optimizers here."""

from onnx_nodes import by_loss, by_optimizer
from onnx_nodes.adapter import ADAPTERS, NotApplicable, translated

from stepgrad.scenarios.onnx.translations import TRANSLATIONS

ADAPTERS.update(dict.fromkeys(TRANSLATIONS, translated))

__all__ = ["ADAPTERS", "NotApplicable", "by_loss", "by_optimizer"]
