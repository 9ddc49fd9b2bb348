"""What a tensor is given as: literal numbers, a file, an initialiser or a data set. The models of the file format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, TypeAlias

import numpy as np
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PlainValidator,
    ValidationError,
    WithJsonSchema,
    model_validator,
)

from stepgrad.engine.errors import did_you_mean
from stepgrad.scenarios import limits
from stepgrad.scenarios.matrix import matrix
from stepgrad.scenarios.overrides import Key
from stepgrad.scenarios.wording import quoted, with_keys, wrong, wrongs

Values: TypeAlias = np.ndarray[Any, Any]


class Table(BaseModel):
    """A table of a scenario file: no unknown keys, and nothing is taken for something else."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="wrap")
    @classmethod
    def _explained(cls, value: Any, check: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return check(value)
        except ValidationError as fault:
            known = {name: field.description for name, field in cls.model_fields.items()}
            raise with_keys(fault, known) from None


class RowsTable(Table):
    """Numbers whose first axis may be dealt out in batches."""

    batch: Annotated[
        int | None,
        Field(ge=1, le=limits.ELEMENTS, description="Rows of an iteration; the last batch of a pass may be short."),
    ] = None
    shuffle: Annotated[bool, Field(description="Whether every pass deals the rows out in an order of its own.")] = True


class ValuesTable(RowsTable):
    """Numbers written out, a row an example."""

    values: Annotated[list[Any], Field(min_length=1)]


class FileTable(RowsTable):
    """Numbers from a file in the scenario's folder."""

    file: Annotated[str, Field(min_length=1, description="A .npy, .csv or .txt file beside the scenario.")]


class DataTable(RowsTable):
    """Rows of a data set."""

    data: Annotated[str, Field(description="The data set's name.")]
    column: Annotated[Literal["input", "label"], Field(description="The inputs, or the class label of each.")] = "input"
    split: Annotated[str, Field(description="Which part of it: train or test.")] = "train"
    fraction: Annotated[float, Field(gt=0, le=1, description="How much of that part is used.")] = 1.0


Size = Annotated[int, Field(ge=1, le=limits.ELEMENTS)]
Shape = Annotated[list[Size], Field(max_length=limits.RANK)]


class InitTable(Table):
    """Numbers made by a rule; random ones are drawn from the scenario's seed."""

    init: str
    shape: Annotated[
        Shape | None, Field(description="The tensor's size, an axis each. A layer knows that of its parameters.")
    ] = None


class Normal(InitTable):
    """Random numbers around `mean`, spread by `std`."""

    init: Literal["normal"]
    mean: float = 0.0
    std: Annotated[float, Field(ge=0)] = 1.0


class Uniform(InitTable):
    """Random numbers from `low` up to `high`, all as likely."""

    init: Literal["uniform"]
    low: float = 0.0
    high: float = 1.0


class Zeros(InitTable):
    """Zeros."""

    init: Literal["zeros"]


class Ones(InitTable):
    """Ones."""

    init: Literal["ones"]


class Full(InitTable):
    """The same number everywhere."""

    init: Literal["full"]
    value: float


class Arange(InitTable):
    """`start`, `start + step`, ... in row order."""

    init: Literal["arange"]
    start: float = 0.0
    step: float = 1.0


INITIALISERS: Mapping[str, type[InitTable]] = {
    "normal": Normal,
    "uniform": Uniform,
    "zeros": Zeros,
    "ones": Ones,
    "full": Full,
    "arange": Arange,
}


def given(value: object) -> object:
    """A literal as an array, a table as its model."""
    if isinstance(value, dict):
        return _table(value)
    if isinstance(value, str):
        try:
            return literal(matrix(value))
        except ValueError as fault:
            if isinstance(fault, ValidationError):
                raise
            raise wrong(f"read as a matrix: {fault}", value) from None
    return literal(value)


def operand(value: object) -> object:
    """What a layer reads: a tensor's name, true or false (a parameter as PyTorch starts it, or none), or numbers."""
    return value if isinstance(value, (bool, str)) else given(value)


def _table(value: dict[str, Any]) -> Table:
    kinds = [kind for kind in ("file", "init", "data", "values") if kind in value]
    if len(kinds) != 1:
        message = "a table says where its numbers come from: by `file`, `init`, `data` or `values`, one of them"
        raise wrong(f"{message}; received {', '.join(map(str, value)) or 'an empty table'}", value)
    if kinds == ["file"]:
        return FileTable.model_validate(value)
    if kinds == ["values"]:
        return ValuesTable.model_validate(value)
    if kinds == ["data"]:
        return DataTable.model_validate(value)
    init = value["init"]
    model = INITIALISERS.get(init) if isinstance(init, str) else None
    if model is None:
        near = did_you_mean(str(init), INITIALISERS) or f"; give {', '.join(INITIALISERS)}"
        raise wrong(f"there is no initialiser {init!r}{near}", value, ("init",))
    return model.model_validate(value)


def literal(value: object) -> Values:
    """Nested lists as an array. Raises ValidationError at every element that is no number or does not fit its row."""
    faults: list[tuple[Key, str, object]] = []
    _shape(value, (), faults)
    if faults:
        raise wrongs(faults[: limits.FAULTS])
    try:
        return np.asarray(value, "float64")
    except OverflowError:
        raise wrong("a number in it is too large for float64", value) from None


def _shape(value: object, at: Key, faults: list[tuple[Key, str, object]]) -> tuple[int, ...] | None:
    """The shape of nested lists; None where something in them is wrong."""
    if type(value) in (int, float):
        return ()
    if not isinstance(value, list) or not value or len(at) == limits.RANK:
        what = f"{quoted(value)}; give a number" if not isinstance(value, list) else "an empty list; give a number"
        faults.append((at, f"received {what}" if len(at) < limits.RANK else f"more than {limits.RANK} axes", value))
        return None
    shapes = [_shape(element, (*at, i), faults) for i, element in enumerate(value)]
    first = shapes[0]
    odd = [i for i, shape in enumerate(shapes) if None not in (shape, first) and shape != first]
    faults += [((*at, i), f"received {_extent(shapes[i])}; the first has {_extent(first)}", value[i]) for i in odd]
    return None if odd or first is None or None in shapes else (len(value), *first)


def _extent(shape: tuple[int, ...] | None) -> str:
    sizes = "x".join(map(str, shape or ()))
    return f"{sizes} number{'' if sizes == '1' else 's'}" if sizes else "a single number"


Given = Annotated[Values | RowsTable | InitTable, PlainValidator(given), WithJsonSchema({"x-model": "given"})]
Operand = Annotated[
    Values | RowsTable | InitTable | str | bool,
    PlainValidator(operand),
    WithJsonSchema({"x-model": "operand"}),
]
