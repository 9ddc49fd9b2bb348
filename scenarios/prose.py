"""Text as authors write it in a file: lines are joined, an empty line starts a paragraph. Standard library only."""

from __future__ import annotations

import re


def prose(text: str) -> str:
    """The text with its lines joined: one line a paragraph."""
    return "\n".join(" ".join(paragraph.split()) for paragraph in re.split(r"\n[ \t\r]*\n", text.strip()))
