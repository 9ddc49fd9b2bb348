"""What a speaker is told while the audience looks at the player: where the talk is, what to say, what comes next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True)
class Cue:
    """A place of a talk. Texts are as they are shown: values in their places, `**` around what is bold."""

    title: str
    """Of the lesson."""
    heading: str
    """Of the stop that is told."""
    say: str
    """What the audience reads."""
    notes: str
    following: str
    """The heading of the next stop; "" after the last."""
    at: str
    """The cell just written."""
    step: int
    steps: int
    stop: int
    """Counted from 1; 0 before the first."""
    stops: int
    began: float | None
    """When the talk began, in seconds since 1970; None where it has not."""
    aside: str = ""
    """What the audience sees in place of the script: a changed number, a blank screen."""

    def line(self) -> str:
        """As a line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, line: str) -> Cue:
        """What `line` wrote; another version of it may have had fields more. Raises ValueError."""
        found = json.loads(line)
        try:
            return cls(**{field.name: found[field.name] for field in fields(cls)})
        except (KeyError, TypeError):
            raise ValueError(f"no cue: {line[:60]}") from None
