"""Handouts in LaTeX: a document for any engine, whose parts can be copied into slides. It needs no rare package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from stepgrad.tui.handout import WIDEST, Entry, Matrix, Section, Sheet

PREAMBLE = rf"""\documentclass{{article}}
\usepackage[T1]{{fontenc}}
\usepackage[margin=2cm]{{geometry}}
\usepackage{{amsmath,graphicx}}
\setcounter{{MaxMatrixCols}}{{{WIDEST + 2}}}
\setlength{{\parindent}}{{0pt}}
\sloppy
\begin{{document}}"""

ROOM = 75
"""Letters that surely fit beside each other."""
SMALLER = r"\resizebox{\ifdim\width>\linewidth\linewidth\else\width\fi}{!}{$\displaystyle ", "$}"
"""Stands around a matrix that may be wider than the page; where it is, it is made as wide."""

SIGNS = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{c: f"\\{c}" for c in "&%$#_{}"},
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "×": r"$\times$", "−": "$-$", "·": r"$\cdot$",
    "→": r"$\to$", "←": r"$\leftarrow$", "≤": r"$\le$", "≥": r"$\ge$", "≈": r"$\approx$", "≠": r"$\ne$",
    "∂": r"$\partial$", "√": r"$\surd$", "∞": r"$\infty$", "²": "$^2$", "…": r"\dots{}",
    "–": r"\textendash{}", "—": r"\textemdash{}",
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
MATHS = {
    "*": r"\times ",
    "~": r"\approx ",
    "<=": r"\le ",
    ">=": r"\ge ",
    "==": "=",
    "inf": r"\infty ",
    ",": r",\allowbreak ",
}
_MATHS = re.compile(
    r"(?P<power>\d(?:\.\d+)?e[+-]?\d+)"
    r"|(?P<sign><=|>=|==|,|\*|~|\binf\b) *|(?P<word>[A-Za-z_]\w*)"
)


def lines(title: str, sections: Iterable[Section]) -> Iterator[str]:
    """The lines of the document."""
    yield PREAMBLE
    yield rf"\section*{{{_prose(title)}}}"
    yield from body(sections)
    yield from ("", r"\end{document}")


def body(sections: Iterable[Section]) -> Iterator[str]:
    """The lines of the sections, for a document of one's own that knows amsmath and graphicx."""
    for section in sections:
        heading = section.title or (section.sheet.name if section.sheet else "")
        if heading:
            yield from ("", rf"\subsection*{{{_prose(heading)}}}")
        for paragraph in section.words.splitlines():
            yield from ("", _prose(paragraph))
        if section.sheet is not None:
            yield from _sheet(section.sheet)


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield from ("", rf"\texttt{{{_prose(sheet.name)}}}, step {sheet.number}")
    for matrix in sheet.matrices:
        yield from _matrix(matrix)
    note = f" ({_prose(sheet.note)})" if sheet.note else ""
    yield from ("", rf"{{\raggedright\texttt{{{_code(sheet.formula)}}}{note}\par}}")
    if sheet.arithmetic:
        # Within a line, which LaTeX breaks at the plus signs; between brackets it would run off the page.
        sum_ = rf"\texttt{{{_prose(sheet.name)}}} = {maths(sheet.arithmetic)}"
        yield from ("", rf"\begin{{flushleft}}${sum_}$\end{{flushleft}}")


def _matrix(matrix: Matrix) -> Iterator[str]:
    start, end = SMALLER if _width(matrix) > ROOM else ("", "")
    yield rf"\[ {start}\texttt{{{_prose(matrix.name)}}} = \begin{{bmatrix}}"
    yield " \\\\\n".join(f"  {' & '.join(map(_entry, entries))}" for _, entries in matrix.rows)
    yield rf"\end{{bmatrix}}{end} \]"


def _width(matrix: Matrix) -> int:
    """Letters, the gaps between columns and around what is framed among them."""
    columns = zip(*(entries for _, entries in matrix.rows), strict=True)
    return len(matrix.name) + sum(max(len(entry.text) for entry in column) + 3 for column in columns)


def _entry(entry: Entry) -> str:
    return LOOKS[entry.look].format(maths(entry.text))


def _prose(text: str) -> str:
    """Text; `**bold**` is bold."""
    # Two hyphens would be a dash.
    signs = "".join(SIGNS.get(character, character) for character in text).replace("--", "-{}-")
    return re.sub(r"\*\*(.+?)\*\*", r"\\textbf{\1}", signs)


def _code(text: str) -> str:
    """A formula as it is typed, which may be broken where it has no space either."""
    return re.sub(r"[,/]", r"\g<0>\\allowbreak{}", _prose(text))


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
