"""Writes what the README shows of the program: its verbs, keys, commands, an example, a picture and an animation.

python .ci/readme.py           write them
python .ci/readme.py --check   exit 1 where one is not current
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops, ImageSequence, ImageStat

from stepgrad.tui.actions import ACTIONS, key_sign
from stepgrad.tui.arguments import VERBS, parser, verbs_of
from stepgrad.tui.cli import main
from stepgrad.tui.drilling.commands import COMMANDS as DRILL
from stepgrad.tui.drilling.commands import sign
from stepgrad.tui.plain_commands import COMMANDS

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
SHOWN = ROOT / ".github"
SCENARIO = "edge-detection-5x5"
PICTURES = {
    "player.svg": ["--size", "100x30", "--from", "feature_map[0,0]"],
    "lesson.gif": ["--size", "100x30", "--idle", "4"],
}
"""What `stepgrad record` makes, and how it is asked to."""


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A Markdown table; a stroke in a cell does not end it."""
    escaped = ([cell.replace("\\", "\\\\").replace("|", "\\|") for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *escaped))


def verbs() -> str:
    return table(("command", "does"), ((f"`{usage(verb)}`", what) for verb, (what, _) in VERBS.items()))


def usage(verb: str) -> str:
    """A verb and what it must be given; its options are in its help."""
    line = " ".join(verbs_of(parser())[verb].format_usage().removeprefix("usage: ").split())
    return re.sub(r" \[-(?:[^][]|\[[^][]*\])*\]", "", line)


def keys() -> str:
    rows = ((" ".join(f"`{key_sign(key)}`" for key in each.keys), each.help, f"`{each.name}`") for each in ACTIONS)
    return table(("keys", "do", "name"), rows)


def plain() -> str:
    return table(("command", "does"), ((f"`{command.usage}`", command.summary) for command in COMMANDS))


def drill() -> str:
    signs = ((each, map(sign, (*each.keys, *each.letters))) for each in DRILL)
    rows = ((f"`{each.word}`", " ".join(f"`{key}`" for key in keys), each.summary) for each, keys in signs)
    return table(("word", "keys", "does"), rows)


def printed() -> str:
    line = ["print", SCENARIO, "--from", "feature_map[1,0]", "--to", "feature_map[1,1]"]
    with redirect_stdout(StringIO()) as out:
        main(line)
    return f"```text\n$ stepgrad {' '.join(line)}\n{out.getvalue()}```"


PARTS: dict[str, Callable[[], str]] = {"verbs": verbs, "print": printed, "keys": keys, "drill": drill, "plain": plain}


def readme(text: str) -> str:
    """The README with its made parts as they should be."""
    for name, make in PARTS.items():
        head, start, rest = text.partition(f"<!-- {name}: made by .ci/readme.py -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        assert start, f"the README has no place for {name}"
        text = f"{head}{start}\n{make()}\n\n{end}{tail}"
    return text


def pictures(folder: Path) -> list[Path]:
    """The picture and the animation, made by the program itself."""
    with redirect_stderr(StringIO()) as said:
        for name, options in PICTURES.items():
            assert main(["record", SCENARIO, "-o", str(folder / name), *options]) == 0, said.getvalue()
    return [folder / name for name in PICTURES]


def same(picture: Path, other: Path) -> bool:
    """Whether two pictures show the same, whatever version of the font's renderer drew their letters."""
    if not picture.exists():
        return False
    if picture.suffix == ".svg":
        return picture.read_bytes() == other.read_bytes()
    with Image.open(picture) as one, Image.open(other) as two:
        if (one.size, one.n_frames) != (two.size, two.n_frames):
            return False
        return all(
            alike(*frames) for frames in zip(ImageSequence.Iterator(one), ImageSequence.Iterator(two), strict=True)
        )


def alike(one: Image.Image, two: Image.Image) -> bool:
    difference = ImageChops.difference(one.convert("L"), two.convert("L"))
    return one.info["duration"] == two.info["duration"] and ImageStat.Stat(difference).mean[0] < 0.5


def stale() -> list[str]:
    """What is not current."""
    text = README.read_text("utf-8")
    found = [] if readme(text) == text else [README.name]
    with TemporaryDirectory() as folder:
        return [*found, *(path.name for path in pictures(Path(folder)) if not same(SHOWN / path.name, path))]


def write() -> None:
    README.write_text(readme(README.read_text("utf-8")), "utf-8", newline="\n")
    SHOWN.mkdir(exist_ok=True)
    pictures(SHOWN)


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit("".join(f"{name} is not current: run python .ci/readme.py\n" for name in stale()) or 0)
    write()
