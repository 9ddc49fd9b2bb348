"""The scenario file, format version 1: what each table holds."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from stepgrad.scenarios import limits
from stepgrad.scenarios.given import Given, Table
from stepgrad.scenarios.names import TensorName
from stepgrad.scenarios.optables import Layer, Loss, Optimiser
from stepgrad.scenarios.prose import prose
from stepgrad.scenarios.wording import wrong

Text = Annotated[str, Field(max_length=limits.TEXT)]
Prose = Annotated[Text, AfterValidator(prose)]
Texts = Annotated[list[Text], Field(max_length=limits.ENTRIES)]
Names = Annotated[list[str], Field(max_length=limits.ENTRIES)]
Letters = str | list[Any]
"""A tensor's letters: "a b c d", or nested lists of them."""


class StopTable(Table):
    """A stop of the lecture."""

    at: Annotated[
        str | None,
        Field(
            description="The cell just written: feature_map[0,0]; :end is the end, and without it it is the beginning. "
            "Stops at one cell follow one another as they stand in the file."
        ),
    ] = None
    say: Annotated[
        Prose, Field(description="What is said; {feature_map[0,0]} and {loss@3:.2f} become values of the run.")
    ]
    title: Text = ""
    notes: Annotated[Prose, Field(description="For the speaker alone.")] = ""
    pause: Annotated[float | None, Field(ge=0, le=3600, description="Seconds that autoplay and recordings wait.")] = (
        None
    )
    erratum: Annotated[Text, Field(description="The number of the mistake in the material, E02.")] = ""
    printed: Annotated[Prose, Field(description="What the material says there; what is right comes from the run.")] = ""


class MistakeTable(Table):
    """A wrong answer that is worth recognising."""

    answer: Annotated[str | float, Field(description="Written as the right one is: an expression of addresses, say.")]
    say: Annotated[Prose, Field(min_length=1, description="What it comes from.")]


class DrillTable(Table):
    """A question about the scenario."""

    name: Annotated[
        str,
        Field(
            pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$|^$",
            max_length=40,
            description="Progress hangs on it: it stays when the wording changes.",
        ),
    ] = ""
    prompt: Annotated[Prose, Field(min_length=1, description="What is asked; {addresses} become values of the run.")]
    answer: Annotated[
        str | float,
        Field(
            description="map[0,0], map, map.shape, 3*size(map), loss@0; loss@1 for two numbers, side x side x 6 for a "
            "size, one of the choices, or a number."
        ),
    ]
    choices: Annotated[
        list[str | float], Field(max_length=limits.CHOICES, description="What there is to choose from.")
    ] = []
    mistakes: Annotated[list[MistakeTable], Field(max_length=limits.ENTRIES)] = []
    hint: Prose = ""
    explain: Annotated[Prose, Field(description="What is said once it is answered.")] = ""
    topic: Text = ""
    show: Annotated[Names, Field(description="Tensors whose numbers are shown with the question.")] = []
    variant: Annotated[Text, Field(description="The variant that it is asked about.")] = ""
    settings: Annotated[dict[str, Any], Field(description="What is set for it, as --set does: a what-if.")] = {}
    decimals: Annotated[
        int | None, Field(ge=0, le=9, description="How many are asked for; by itself as many as the number needs.")
    ] = None


class EntryTable(Table):
    """An entry of a card: a word, a date or a task, and what there is to say about it."""

    term: Annotated[str, Field(min_length=1, max_length=80)]
    text: Annotated[Prose, Field(min_length=1)]
    lesson: Annotated[Text, Field(description="The scenario that shows it, as NAME or NAME:variant.")] = ""
    erratum: Annotated[Text, Field(description="The number of the mistake in the material, E02.")] = ""
    printed: Annotated[Prose, Field(description="What the material says there; what is right stands in `text`.")] = ""


Until = Annotated[
    Text,
    Field(description="A condition that ends the training before its iterations do, as in loss < 0.1."),
]


class StageTable(Table):
    """A part of the training with a loss and an optimizer of its own."""

    name: TensorName
    loss: Loss
    optimizer: Optimiser | None = None
    frozen: Annotated[Names, Field(description="Parameters, or whole layers, that this stage leaves alone.")] = []
    measures: Annotated[
        Names, Field(description="Layers to compute beside those the loss reads: accuracy on what was held out.")
    ] = []
    until: Until = ""


class Scenario(Table):
    """A small network, its numbers, and a lecture script."""

    format_version: Annotated[Literal[1], Field(description="The version of this format.")]
    title: Annotated[str, Field(min_length=1, max_length=200)]
    summary: Annotated[Prose, Field(description="One sentence for the catalogue.")] = ""
    source: Annotated[Text, Field(description="Where the material comes from.")] = ""
    topics: Texts = []
    seed: Annotated[int, Field(ge=0, lt=2**64, description="What every random number is drawn from.")] = 0
    dtype: Annotated[
        Literal["float64", "float32", "float16"], Field(description="What every tensor but class labels is made of.")
    ] = "float64"
    inputs: Annotated[dict[TensorName, Given], Field(max_length=limits.ENTRIES)] = {}
    parameters: Annotated[
        dict[TensorName, Given],
        Field(max_length=limits.ENTRIES, description="Learned tensors with names of their own, or shared by layers."),
    ] = {}
    cells: Annotated[
        dict[str, float],
        Field(max_length=limits.ENTRIES, description='Single cells of given tensors, changed: "image[0,1]" = 5.'),
    ] = {}
    layers: Annotated[list[Layer], Field(max_length=limits.LAYERS)] = []
    loss: Loss | None = None
    optimizer: Optimiser | None = None
    until: Until = ""
    stages: Annotated[list[StageTable], Field(max_length=limits.ENTRIES)] = []
    symbols: Annotated[dict[TensorName, Letters], Field(max_length=limits.ENTRIES)] = {}
    script: Annotated[list[StopTable], Field(max_length=limits.ENTRIES)] = []
    entries: Annotated[
        list[EntryTable],
        Field(max_length=limits.ENTRIES, description="A card instead of a network: words, dates, tasks."),
    ] = []
    drill: Annotated[list[DrillTable], Field(max_length=limits.ENTRIES)] = []
    variants: Annotated[
        dict[TensorName, dict[str, Any]],
        Field(max_length=limits.ENTRIES, description="NAME:variant is the scenario with these values replaced."),
    ] = {}

    @model_validator(mode="after")
    def _stages_alone(self) -> Self:
        if self.stages and (self.loss or self.optimizer):
            raise wrong(
                "each stage has a loss and an optimizer of its own; take [loss] and [optimizer] out", None, ("stages",)
            )
        return self
