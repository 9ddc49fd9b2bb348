"""A fault found by a model of the format, in plain words: what was received, and what fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from stepgrad.engine.errors import did_you_mean
from stepgrad.scenarios import limits
from stepgrad.scenarios.overrides import Key

FITS = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "string_type": "a text",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "literal_error": "{expected}",
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
    "less_than": "less than {lt}",
    "string_too_short": "a text that is not empty",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} of them",
    "too_long": "at most {max_length} of them",
    "finite_number": "a finite number",
}
"""What fits, by pydantic's name for the error."""

OWN = "stepgrad"


def wrong(message: str, value: object, at: Key = ()) -> ValidationError:
    """One fault, as pydantic reports it; its message is kept as it is."""
    return wrongs([(at, message, value)])


def wrongs(faults: Iterable[tuple[Key, str, object]]) -> ValidationError:
    details = [
        InitErrorDetails(type=PydanticCustomError(OWN, "{message}", {"message": message}), loc=at, input=value)
        for at, message, value in faults
    ]
    return ValidationError.from_exception_data("scenario", details)


def with_keys(fault: ValidationError, known: Mapping[str, str | None]) -> ValidationError:
    """The errors of a table, with its unknown and missing keys explained. `known`: key -> description."""
    details = []
    for error in fault.errors(include_url=False):
        kind, at, context = error["type"], error["loc"], error.get("ctx", {})
        message = context.get("message") if kind == OWN else None
        if len(at) == 1 and kind == "extra_forbidden":
            message = "unknown key" + (did_you_mean(str(at[0]), known) or f"; known are {', '.join(known)}")
        elif len(at) == 1 and kind == "missing":
            what = known.get(str(at[0]))
            message = f"is missing{f': {what[0].lower()}{what[1:]}' if what else ''}".rstrip(".")
        custom = None if message is None else PydanticCustomError(OWN, "{message}", {"message": message})
        details.append(InitErrorDetails(type=custom or kind, loc=at, input=error["input"], ctx=context))
    return ValidationError.from_exception_data(fault.title, details)


def worded(errors: list[ErrorDetails]) -> str:
    """The errors of one value as one message: the branches of a union together say what fits."""
    own = [error["msg"] for error in errors if error["type"] == OWN]
    if own:
        return own[0]
    fits = dict.fromkeys(_fits(error) for error in errors)
    *others, last = list(fits)
    return f"received {quoted(errors[0]['input'])}; give {', '.join(others)}{' or ' if others else ''}{last}"


def _fits(error: ErrorDetails) -> str:
    context = {
        name: f"{value:g}" if isinstance(value, float) else value for name, value in error.get("ctx", {}).items()
    }
    is_empty_text = error["type"] == "too_short" and isinstance(error["input"], str)
    return FITS.get("string_too_short" if is_empty_text else error["type"], error["msg"]).format(**context)


def quoted(value: object) -> str:
    """A received value as a message shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = text.replace("\n", "\\n")
    return text if len(text) <= limits.SHOWN else f"{text[: limits.SHOWN]}..."
