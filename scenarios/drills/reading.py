"""What people type, as numbers, sizes and cells. Whatever cannot be read is no mark against the learner."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from stepgrad.engine.errors import StepgradError
from stepgrad.engine.number import Index

LENGTH = 4000
"""Characters of an answer; the largest matrix that is asked for takes far fewer."""

BLANKS = ("?", "_", ".")
"""What stands for a cell that is left for later."""


class UnreadableError(StepgradError):
    """Text that is no answer of the kind asked for: says what fits."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it was typed: its value, what 1 in its last digit is worth (0: exact), how many digits count."""

    value: float
    unit: float = 0.0
    digits: int = 0


_SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-", "－": "-", "＋": "+", "×": "x", "·": "*", "⋅": "*", "⁄": "/"})
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_VULGAR = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_DECIMAL = r"(?:\d+\.?\d*|\.\d+)"
_PLAIN = re.compile(rf"([+-]?)\s?({_DECIMAL})(?:e([+-]?\d{{1,3}}))?", re.IGNORECASE | re.ASCII)
_POWER = re.compile(
    rf"([+-]?)\s?(?:({_DECIMAL})\s*[x*]\s*)?10\s*(?:\^|\*\*)\s*\(?([+-]?\d{{1,3}})\)?", re.IGNORECASE | re.ASCII
)
_MIXED = re.compile(r"([+-]?)(\d+) (\d+)/(\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([ ,_'])\d{3})(?:\1\d{3})*", re.ASCII)


def cleaned(text: str) -> str:
    """The text with one sign for what looks alike: the real minus, a raised power, a fraction in one character."""
    if len(text) > LENGTH:
        raise UnreadableError(f"an answer may have {LENGTH} characters; received {len(text)}")
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda found: "^" + found[0].translate(_SUPERSCRIPT), text)
    for sign, fraction in _VULGAR.items():
        text = text.replace(sign, f" {fraction}")
    return re.sub(r"[^\S\n]+", " ", text.translate(_SIGNS)).strip()


def scalar(text: str) -> list[Figure]:
    """A single number, in every way it can be read: 1,250 is 1250 in one country and 1.25 in another."""
    plain = cleaned(text).removeprefix("=").strip()
    spellings = [plain]
    if plain.count(",") == 1:
        spellings.append(plain.replace(",", "."))
    if grouped := _GROUPED.fullmatch(plain):
        spellings.append(plain.replace(grouped[1], ""))
    found = [figure for figure in map(_figure, spellings) if figure is not None]
    if mixed := _MIXED.fullmatch(plain):
        sign, whole, top, bottom = mixed.groups()
        found += [Figure(float(f"{sign}1") * (int(whole) + int(top) / int(bottom)))] if int(bottom) else []
    if not found:
        raise UnreadableError(_not_a_number(plain))
    return list(dict.fromkeys(found))


def vector(text: str) -> list[Figure | None]:
    """Numbers with spaces, commas or semicolons between; None for one left for later."""
    return [_entry(word) for word in _words(_unbracketed(cleaned(text)).replace(";", " "))]


def matrix(text: str) -> list[list[Figure | None]]:
    """Rows of numbers, each on a line, behind a semicolon, or in brackets of its own."""
    lines = re.split(r"[\n;]|\]\s*,?\s*(?=\[)|\)\s*,?\s*(?=\()", cleaned(text))
    rows = [[_entry(word) for word in _words(_unbracketed(line))] for line in lines]
    return [row for row in rows if row]


def sizes(text: str) -> Index:
    """A size: 3x3x32, (3, 3, 32), 3 by 3 by 32."""
    plain = _unbracketed(cleaned(text).lower())
    words = [word for word in re.split(r"\s*(?:x|\*|,|;|\bby\b|\s)\s*", plain) if word]
    if not words or not all(re.fullmatch(r"\d{1,12}", word, re.ASCII) for word in words):
        raise UnreadableError(f"'{cut(text)}' is not a size; try 3x3x32 or (3, 3, 32)")
    return tuple(map(int, words))


def cells(text: str) -> list[tuple[str, Index]]:
    """Cells: image[0,1], [0,1] or 0,1; several with semicolons or brackets. The name is empty where none is given."""
    plain = cleaned(text)
    bracketed = list(re.finditer(r"([A-Za-z_][\w.\-]*)?\s*[\[(]([\d,; ]*)[\])]", plain, re.ASCII))
    rest = re.sub(r"([A-Za-z_][\w.\-]*)?\s*[\[(]([\d,; ]*)[\])]", " ", plain, flags=re.ASCII)
    if bracketed and not re.sub(r"[\s,;]|\band\b", "", rest):
        parts = [(found[1] or "", found[2]) for found in bracketed]
    else:
        parts = [("", part) for part in plain.split(";")]
    return [(name, _index(part, text)) for name, part in parts]


def _index(part: str, text: str) -> Index:
    words = re.split(r"[\s,;]+", part.strip(" ,;"))
    if not all(re.fullmatch(r"\d{1,9}", word, re.ASCII) for word in words):
        raise UnreadableError(f"'{cut(text)}' is not a cell; try [0,1]")
    return tuple(map(int, words))


def _entry(word: str) -> Figure | None:
    if word in BLANKS:
        return None
    figure = _figure(word)
    if figure is None:
        raise UnreadableError(_not_a_number(word))
    return figure


def _words(text: str) -> Iterator[str]:
    return (word for word in re.split(r"[\s,]+", text) if word)


def _unbracketed(text: str) -> str:
    return re.sub(r"[\[\](){}]", " ", text).strip()


def _figure(text: str) -> Figure | None:
    """One number, without doubt about its commas; None where it is none."""
    top, slash, bottom = text.partition("/")
    if slash:
        above, below = _decimal(top.strip()), _decimal(bottom.strip())
        if above is None or below is None:
            return None
        if not below.value:
            raise UnreadableError(f"'{cut(text)}': nothing can be divided by 0")
        return Figure(above.value / below.value)
    return _decimal(text)


def _decimal(text: str) -> Figure | None:
    if found := _POWER.fullmatch(text):
        sign, digits, exponent = found[1], found[2] or "1", int(found[3])
    elif found := _PLAIN.fullmatch(text):
        sign, digits, exponent = found[1], found[2], int(found[3] or 0)
    else:
        return None
    decimals = len(digits.partition(".")[2])
    counted = len(digits.replace(".", "").lstrip("0"))
    value, unit = float(f"{sign}{digits}e{exponent}"), float(f"1e{exponent - decimals}")
    return Figure(value, unit, counted) if math.isfinite(value) else None


def _not_a_number(text: str) -> str:
    return f"'{cut(text)}' is not a number; try 0.25 or 1/4" if text else "there is no number; try 0.25 or 1/4"


def cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:40]}..."
