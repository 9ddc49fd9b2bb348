"""Writes what the README shows of the program: its verbs, keys, commands, an example and the picture.

python .ci/readme.py           write them
python .ci/readme.py --check   exit 1 where one is not current
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from stepgrad.scenarios.lesson import open_lesson
from stepgrad.scenarios.preview import preview
from stepgrad.tui.actions import ACTIONS, key_sign
from stepgrad.tui.app import StepgradApp
from stepgrad.tui.arguments import VERBS, parser, verbs_of
from stepgrad.tui.cli import main
from stepgrad.tui.plain import COMMANDS
from stepgrad.tui.screens.player import PlayerScreen

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PICTURE = ROOT / ".github" / "player.svg"
SCENARIO = "edge-detection-5x5"
SIZE = (100, 30)


def table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> str:
    cells = (f"| {left} | {right} |" for left, right in (head, ("---", "---"), *rows))
    return "\n".join(line.replace("\\", "\\\\") for line in cells)


def verbs() -> str:
    return table(("command", "does"), ((f"`{usage(verb)}`", what) for verb, (what, _) in VERBS.items()))


def usage(verb: str) -> str:
    """A verb and what it must be given; its options are in its help."""
    line = " ".join(verbs_of(parser())[verb].format_usage().removeprefix("usage: ").split())
    return re.sub(r" \[-.*?\]", "", line)


def keys() -> str:
    return table(("keys", "do"), ((" ".join(f"`{key_sign(key)}`" for key in a.keys), a.help) for a in ACTIONS))


def plain() -> str:
    return table(("command", "does"), ((f"`{command.usage}`", command.summary) for command in COMMANDS))


def printed() -> str:
    line = ["print", SCENARIO, "--from", "feature_map[1,0]", "--to", "feature_map[1,1]"]
    with redirect_stdout(StringIO()) as out:
        main(line)
    return f"```text\n$ stepgrad {' '.join(line)}\n{out.getvalue()}```"


PARTS: dict[str, Callable[[], str]] = {"verbs": verbs, "print": printed, "keys": keys, "plain": plain}


def readme(text: str) -> str:
    """The README with its made parts as they should be."""
    for name, make in PARTS.items():
        head, start, rest = text.partition(f"<!-- {name}: made by .ci/readme.py -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        assert start, f"the README has no place for {name}"
        text = f"{head}{start}\n{make()}\n\n{end}{tail}"
    return text


async def picture() -> str:
    """The player just after its first step, as SVG without fonts from elsewhere."""
    screen = PlayerScreen(preview(SCENARIO), lambda: open_lesson(SCENARIO), at="feature_map[0,0]")
    app = StepgradApp(lambda _: screen)
    async with app.run_test(size=SIZE) as pilot:
        while screen.player is None:
            await pilot.pause()
        svg = app.export_screenshot(title="stepgrad")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def words(svg: str) -> str:
    """The text of a picture: what must be current, whatever version of the library drew it."""
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", svg, flags=re.DOTALL).split())


def stale() -> list[str]:
    """What is not current."""
    text = README.read_text("utf-8")
    found = [] if readme(text) == text else [README.name]
    if not PICTURE.exists() or words(PICTURE.read_text("utf-8")) != words(asyncio.run(picture())):
        found.append(PICTURE.relative_to(ROOT).as_posix())
    return found


def write() -> None:
    README.write_text(readme(README.read_text("utf-8")), "utf-8", newline="\n")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(asyncio.run(picture()), "utf-8", newline="\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit("".join(f"{name} is not current: run python .ci/readme.py\n" for name in stale()) or 0)
    write()
