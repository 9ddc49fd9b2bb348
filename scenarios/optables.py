"""The tables of ops: one model for every op, made from what the op itself says.

An op's fields are its settings, the parameters of its `infer` its inputs, the keywords of its `initial` the sizes that
a layer gives where it gives no weight. Nothing here knows an op by name.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from inspect import Parameter, signature
from types import GenericAlias, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, Field, PlainValidator, WithJsonSchema, create_model

import stepgrad.engine.ops  # noqa: F401 - defining an op registers it
from stepgrad.engine.errors import did_you_mean
from stepgrad.engine.op import Op, inputs_of, sizes_of
from stepgrad.engine.update import Optimizer
from stepgrad.scenarios import limits
from stepgrad.scenarios.given import Operand, Table
from stepgrad.scenarios.names import LayerName
from stepgrad.scenarios.wording import wrong


class OpTable(Table):
    """A table that says `op = ...`."""

    op: str

    @property
    def rule(self) -> type[Any]:
        """The class that the op names."""
        return Op.registry[self.op]

    def made(self, seed: int = 0) -> Any:
        """The op with its settings; what it draws it draws from the scenario's seed unless it has its own."""
        settings = {field.name: _hashable(getattr(self, field.name)) for field in fields(self.rule)}
        if "seed" in settings and "seed" not in self.model_fields_set:
            settings["seed"] = seed
        return self.rule(**settings)


class ReadingTable(OpTable):
    """An op that reads tensors."""

    input: Annotated[
        str | Annotated[list[str], Field(min_length=1, max_length=limits.ENTRIES)] | None,
        Field(description="The tensor it reads, or several; the previous layer unless given."),
    ] = None

    def operand(self, letter: str) -> Any:
        """What is given under an input's own name; None where nothing is."""
        return getattr(self, letter, None)

    @property
    def sizes(self) -> dict[str, Any]:
        """The sizes given for parameters that start as PyTorch starts them."""
        found = {name: _hashable(getattr(self, name)) for name in sizes_of(self.rule)}
        return {name: value for name, value in found.items() if value is not None}


class LayerTable(ReadingTable):
    """A layer: an op, what it reads, and what it owns."""

    name: LayerName

    @property
    def kept(self) -> tuple[str, ...]:
        """The parameters that the optimizer leaves alone."""
        frozen = getattr(self, "frozen", False)
        return tuple(frozen) if isinstance(frozen, list) else self.rule.parameters if frozen else ()


class LossTable(ReadingTable):
    """The loss: the number that training makes small."""

    gradients: Annotated[
        list[str], Field(max_length=limits.ENTRIES, description="Inputs whose gradients are wanted as well.")
    ] = []


class OptimizerTable(OpTable):
    """The rule of the update."""

    iterations: Annotated[int, Field(ge=1, le=limits.ITERATIONS, description="How often everything is run.")] = 1
    zero_grad: Annotated[
        bool | None,
        Field(description="true shows gradients being cleared, false lets them pile up; left out, nothing is shown."),
    ] = None

    @property
    def rule(self) -> type[Any]:
        return Optimizer.registry[self.op]


T = TypeVar("T", bound=OpTable)


def layers() -> Mapping[str, type[Op]]:
    """The ops a layer can be."""
    return _of_kind("layer")


def losses() -> Mapping[str, type[Op]]:
    """The ops a loss can be."""
    return _of_kind("loss")


def _of_kind(kind: str) -> Mapping[str, type[Op]]:
    return {name: op for name, op in sorted(Op.registry.items()) if op.kind == kind}


def optimizers() -> Mapping[str, type[Optimizer]]:
    return dict(sorted(Optimizer.registry.items()))


def layer(value: object) -> LayerTable:
    """A layer's table, checked by the model of its op."""
    return layer_model(_chosen(value, layers(), "op")).model_validate(value)


def loss(value: object) -> LossTable:
    return loss_model(_chosen(value, losses(), "loss")).model_validate(value)


def optimizer(value: object) -> OptimizerTable:
    return optimizer_model(_chosen(value, optimizers(), "optimizer")).model_validate(value)


def _chosen(value: object, known: Mapping[str, Any], what: str) -> Any:
    if not isinstance(value, dict):
        raise wrong("give a table, with `op` and its settings", value)
    if "op" not in value:
        raise wrong(f"is missing; say which {what}: {', '.join(known)}", value, ("op",))
    name = value["op"]
    found = known.get(name) if isinstance(name, str) else None
    if found is None:
        near = did_you_mean(str(name), known) or f"; known are {', '.join(known)}"
        raise wrong(f"there is no {what} '{name}'{near}", name, ("op",))
    return found


@cache
def layer_model(op: type[Op]) -> type[LayerTable]:
    parts = {**_operands(op), **_settings(op), **_sizes(op)}
    if op.parameters:
        several = GenericAlias(list, (_choice(op.parameters),))
        parts["frozen"] = (bool | several, Field(False, description="What the optimizer leaves alone."))
    return _model(LayerTable, op, parts)


@cache
def loss_model(op: type[Op]) -> type[LossTable]:
    return _model(LossTable, op, {**_operands(op), **_settings(op)})


@cache
def optimizer_model(rule: type[Optimizer]) -> type[OptimizerTable]:
    return _model(OptimizerTable, rule, _settings(rule))


Parts = dict[str, tuple[Any, Any]]
"""Field name -> (type, pydantic's field), as `create_model` takes them."""


def _model(base: type[T], op: type[Any], parts: Parts) -> type[T]:
    parts = {"op": (_choice((op.name,)), Field()), **parts}
    return create_model(f"{base.__name__[:-5]}_{op.name}", __base__=base, __doc__=_summary(op), **parts)  # type: ignore[call-overload, no-any-return]


def _summary(op: type[Any]) -> str:
    return (op.__doc__ or op.name).strip().partition("\n")[0]


def _operands(op: type[Op]) -> Parts:
    """Every input but the first, under its own name."""
    owned = (*op.parameters, *op.buffers)
    names = [name for name in inputs_of(op).names if name in owned or name != _first(op)]
    return {name: (Operand | None, Field(None, description=_role(op, name))) for name in names}


def _first(op: type[Op]) -> str | None:
    return next((name for name in inputs_of(op).names if name not in (*op.parameters, *op.buffers)), None)


def _role(op: type[Op], name: str) -> str:
    what = "parameter" if name in op.parameters else "buffer" if name in op.buffers else "input"
    return f"The {what} {name}: numbers, or a tensor's name."


def _settings(op: type[Any]) -> Parts:
    hints = get_type_hints(op)
    found: Parts = {}
    for field in fields(op):
        default = ... if field.default is MISSING else field.default
        found[field.name] = (_accepted(hints[field.name], field.name), Field(default))
    return found


def _sizes(op: type[Op]) -> Parts:
    hints = get_type_hints(op.initial)
    return {name: (_accepted(hints[name], name) | None, Field(None)) for name in sizes_of(op)}


def required_sizes(op: type[Op]) -> tuple[str, ...]:
    """The sizes without which no parameter can start."""
    found = signature(op.initial).parameters
    return tuple(name for name in sizes_of(op) if found[name].default is Parameter.empty)


def _accepted(hint: Any, name: str) -> Any:
    """A setting's type as a file writes it: a list for a tuple, and whole numbers within bounds."""
    if hint is int:
        most = limits.PADDING if "pad" in name else limits.SETTING
        return Annotated[int, Field(ge=-most, le=most)]
    if hint is float:
        return Annotated[float, AfterValidator(_not_nan)]
    origin, inner = get_origin(hint), get_args(hint)
    if origin is tuple:
        return GenericAlias(list, (_accepted(inner[0], name),))
    if origin in (Union, UnionType):
        return Union[tuple(_accepted(part, name) for part in inner)]  # noqa: UP007 - the parts are known at run time only
    return hint


def _not_nan(value: float) -> float:
    if math.isnan(value):
        raise wrong("received nan; give a number", value)
    return value


def _hashable(value: Any) -> Any:
    return tuple(map(_hashable, value)) if isinstance(value, list) else value


def _choice(names: tuple[str, ...]) -> Any:
    return Literal.__getitem__(names)


Layer = Annotated[LayerTable, PlainValidator(layer), WithJsonSchema({"x-model": "layer"})]
Loss = Annotated[LossTable, PlainValidator(loss), WithJsonSchema({"x-model": "loss"})]
Optimiser = Annotated[OptimizerTable, PlainValidator(optimizer), WithJsonSchema({"x-model": "optimizer"})]
