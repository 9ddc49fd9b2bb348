"""Handouts in LaTeX: a document for any engine, whose parts can be copied into slides. It needs amsmath alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stepgrad.tui.handout import WIDEST, Entry, Matrix, Section, Sheet

PREAMBLE = rf"""\documentclass{{article}}
\usepackage[T1]{{fontenc}}
\usepackage{{amsmath}}
\setcounter{{MaxMatrixCols}}{{{WIDEST + 2}}}
\setlength{{\parindent}}{{0pt}}
\begin{{document}}"""

SIGNS = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "×": r"$\times$", "−": "$-$", "·": r"$\cdot$",
    "→": r"$\to$", "←": r"$\leftarrow$", "≤": r"$\le$", "≥": r"$\ge$", "≈": r"$\approx$", "≠": r"$\ne$",
    "∂": r"$\partial$", "√": r"$\surd$", "∞": r"$\infty$", "²": "$^2$", "…": r"\dots{}", "–": "--", "—": "---",
    **{
        letter: rf"$\{name}$"
        for letter, name in {
            "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta",
            "λ": "lambda", "μ": "mu", "π": "pi", "ρ": "rho", "σ": "sigma", "φ": "phi", "ω": "omega",
            "Δ": "Delta", "Σ": "Sigma", "Ω": "Omega",
        }.items()
    },
}  # fmt: skip
"""What stands for a sign in prose."""

LOOKS = {"": "{}", "read": r"\mathbf{{{}}}", "new": r"\boxed{{{}}}", "unwritten": r"\cdot", "more": r"\dots"}
MATHS = {"*": r"\times ", "~": r"\approx ", "<=": r"\le ", ">=": r"\ge ", "==": "=", "inf": r"\infty ", "'": "'"}
_MATHS = re.compile(
    r"(?P<power>\d(?:\.\d+)?e[+-]?\d+)"
    r"|(?P<sign><=|>=|==|\*|~|\binf\b) *|(?P<word>[A-Za-z_]\w*)"
)


def lines(title: str, sections: Iterable[Section]) -> Iterator[str]:
    """The lines of the document."""
    yield PREAMBLE
    yield rf"\section*{{{_prose(title)}}}"
    for section in sections:
        heading = section.title or (section.sheet.name if section.sheet else "")
        if heading:
            yield from ("", rf"\subsection*{{{_prose(heading)}}}")
        for paragraph in section.words.splitlines():
            yield from ("", _prose(paragraph))
        if section.sheet is not None:
            yield from _sheet(section.sheet)
    yield from ("", r"\end{document}")


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield from ("", rf"\texttt{{{_prose(sheet.name)}}}, step {sheet.number}")
    for matrix in sheet.matrices:
        yield from _matrix(matrix)
    note = f" ({_prose(sheet.note)})" if sheet.note else ""
    yield from ("", rf"\texttt{{{_prose(sheet.formula)}}}{note}")
    if sheet.arithmetic:
        # Within a line, which LaTeX breaks at the plus signs; between brackets it would run off the page.
        sum_ = rf"\texttt{{{_prose(sheet.name)}}} = {maths(sheet.arithmetic)}"
        yield from ("", rf"\begin{{flushleft}}${sum_}$\end{{flushleft}}")


def _matrix(matrix: Matrix) -> Iterator[str]:
    yield rf"\[ \texttt{{{_prose(matrix.name)}}} = \begin{{bmatrix}}"
    yield " \\\\\n".join(f"  {' & '.join(map(_entry, entries))}" for _, entries in matrix.rows)
    yield r"\end{bmatrix} \]"


def _entry(entry: Entry) -> str:
    return LOOKS[entry.look].format(maths(entry.text))


def _prose(text: str) -> str:
    """Text; `**bold**` is bold."""
    signs = "".join(SIGNS.get(character, character) for character in text)
    return re.sub(r"\*\*(.+?)\*\*", r"\\textbf{\1}", signs)


def maths(text: str) -> str:
    """Arithmetic in ASCII as LaTeX writes it."""
    return _MATHS.sub(_translated, text)


def _translated(found: re.Match[str]) -> str:
    if found["power"]:
        digits, _, exponent = found["power"].partition("e")
        return rf"{digits}\cdot 10^{{{int(exponent)}}}"
    if found["sign"]:
        return MATHS[found["sign"]]
    return rf"\operatorname{{{_prose(found['word'])}}}"
