"""The arguments of every verb. Nothing heavy is imported here, so that `--help` and completion answer at once."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import NoReturn

from stepgrad import __version__
from stepgrad.engine.errors import StepgradError, did_you_mean

# Lists of others, written out because importing theirs costs more than answering `--help`; a test compares them.
LEVELS = ("iteration", "phase", "layer", "tensor", "cell", "term")
PHASES = ("forward", "loss", "backward", "update")
DEVICES = ("cpu", "cuda", "auto")
SHELLS = ("bash", "zsh", "fish")
FORMATS = ("text", "jsonl", "md", "latex", "torch")
THEMES = ("dark", "light", "high-contrast", "colour-blind")
HIDDEN = ("answers", "arithmetic", "values")

NAME = "a catalogue name, NAME:variant or the path of a scenario file"
ADDRESS = "an address such as 'feature_map[0,2]', 'feature_map', ':forward' or '@7', or a step number from 1"


class UsageError(StepgradError):
    """A command line that cannot be carried out: exit code 2."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")

    @property
    def options(self) -> list[str]:
        return list(dict.fromkeys(re.findall(r"(?<![\w-])--[a-z-]+", self.format_help())))


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments, with `verb` None where none was given. `stepgrad NAME` alone means `run`."""
    top = parser()
    verbs = verbs_of(top)
    words = list(argv)
    if words and words[0] not in {*verbs, *top.options, "-h"} and _is_run(words, verbs["run"]):
        words.insert(0, "run")
    args, unknown = top.parse_known_args(words)
    if unknown:
        known = verbs[args.verb] if args.verb else top
        near = did_you_mean(unknown[0].partition("=")[0], known.options) if unknown[0].startswith("-") else ""
        raise UsageError(f"{known.prog} does not take '{_cut(unknown[0])}'{near or f'; see {known.prog} --help'}")
    return args


def _is_run(words: Sequence[str], run: Parser) -> bool:
    """Whether words that start with no verb mean `run`: a name is among them, or one of its options."""
    return words[0] in run.options or any(not word.startswith("-") for word in words)


def verbs_of(top: Parser) -> dict[str, Parser]:
    """The parser of each verb, by name."""
    found: dict[str, Parser] = top.get_default("verbs")
    return found


def parser() -> Parser:
    top = Parser(
        prog="stepgrad",
        description="A time-travel debugger for neural networks, in a terminal.",
        epilog="`stepgrad` alone opens the catalogue; `stepgrad NAME` means `stepgrad run NAME`. "
        "Exit codes: 0 done, 1 the scenario is wrong, 2 usage, 130 Ctrl+C.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"stepgrad {__version__}")
    commands = top.add_subparsers(dest="verb", metavar="COMMAND", title="commands")
    verbs: dict[str, Parser] = {}
    for verb, (summary, add_arguments) in VERBS.items():
        verbs[verb] = commands.add_parser(verb, help=summary, description=f"{summary}.", allow_abbrev=False)
        add_arguments(verbs[verb])
    top.set_defaults(verbs=verbs)
    return top


def _run(verb: Parser) -> None:
    _opening(verb)
    verb.add_argument("--at", metavar="ADDRESS", help=f"start there: {ADDRESS}")
    verb.add_argument("--level", metavar="LEVEL", type=one_of("level", LEVELS), default="cell", help=_any(LEVELS))
    _hide(verb)
    verb.add_argument("--plain", action="store_true", help="linear text for screen readers, braille lines and pipes")
    verb.add_argument("--present", action="store_true", help="before an audience: larger, with the keys of a clicker")
    verb.add_argument("--theme", metavar="THEME", type=one_of("theme", THEMES), help=f"the player's, {_any(THEMES)}")


def _list(verb: Parser) -> None:
    verb.add_argument(
        "--course", metavar="NAME", nargs="?", const="",
        help="its lessons in order: seen, next, what to see before; without a NAME every course",
    )  # fmt: skip
    verb.add_argument("--json", action="store_true", help="one JSON array, for programs")


def _print(verb: Parser) -> None:
    _opening(verb)
    verb.add_argument("--format", metavar="FORMAT", type=one_of("format", FORMATS), default="text", help=_any(FORMATS))
    verb.add_argument("--level", metavar="LEVEL", type=one_of("level", LEVELS), default="cell", help=_any(LEVELS))
    verb.add_argument("--from", metavar="ADDRESS", dest="first", help=f"the first step: {ADDRESS}")
    verb.add_argument("--to", metavar="ADDRESS", dest="last", help="the last step, itself printed")
    verb.add_argument("--phase", metavar="PHASE", type=one_of("phase", PHASES), help=f"only {_any(PHASES)}")
    _hide(verb)


def _record(verb: Parser) -> None:
    _opening(verb)
    verb.add_argument(
        "-o", metavar="FILE", dest="output", required=True,
        help="FILE.cast, .gif, .mp4, .html, .svg, .png, .md or .txt; FILE-%%d.svg or .png is a picture of every stop",
    )  # fmt: skip
    verb.add_argument("--size", metavar="CxR", type=size, help="columns and rows, as in 100x30 (default: what fits)")
    verb.add_argument("--from", metavar="ADDRESS", dest="first", help=f"the first picture: {ADDRESS}")
    verb.add_argument("--to", metavar="ADDRESS", dest="last", help="the last step, itself recorded")
    verb.add_argument("--level", metavar="LEVEL", type=one_of("level", LEVELS), default="cell", help=_any(LEVELS))
    verb.add_argument("--theme", metavar="THEME", type=one_of("theme", THEMES), help=_any(THEMES))
    verb.add_argument(
        "--pace", metavar="SECONDS", type=seconds,
        help="of every step (default: half a second, faster where there are many between two stops)",
    )  # fmt: skip
    verb.add_argument("--idle", metavar="SECONDS", type=seconds, help="no picture stays for longer")
    verb.add_argument("--cast-version", metavar="N", type=int, choices=(2, 3), default=2, help="of a .cast: 2 or 3")


def _tensors(verb: Parser) -> None:
    _opening(verb)
    verb.add_argument("--iteration", metavar="K", type=whole_number, default=0, help="counted from 0 (default 0)")
    verb.add_argument("-o", metavar="FILE", dest="output", help="FILE.npz or FILE.json (default: JSON on stdout)")


def _check(verb: Parser) -> None:
    verb.add_argument("files", metavar="FILE", nargs="+", help=NAME)


def _new(verb: Parser) -> None:
    verb.add_argument("file", metavar="FILE", help="the TOML file to write; it must not exist")
    verb.add_argument("--from", metavar="NAME", dest="source", help="start from a copy of this scenario")


def _import(verb: Parser) -> None:
    verb.add_argument("model", metavar="MODEL.onnx", help="the model; PyTorch writes one by torch.onnx.export")
    verb.add_argument(
        "--input", metavar="X.npy", action="append", default=[],
        help="what the network is fed with (default: numbers drawn from the seed); again for a second input",
    )  # fmt: skip
    verb.add_argument("-o", metavar="FILE", dest="output", help="FILE.toml, which must not exist (default: MODEL.toml)")


def _notes(verb: Parser) -> None:
    verb.add_argument("--plain", action="store_true", help="lines of text, as the talk goes on")
    verb.add_argument("--theme", metavar="THEME", type=one_of("theme", THEMES), help=f"the page's, {_any(THEMES)}")


def _serve(verb: Parser) -> None:
    _opening(verb, nargs="?")
    verb.add_argument("--theme", metavar="THEME", type=one_of("theme", THEMES), help=f"the player's, {_any(THEMES)}")
    verb.add_argument("--host", metavar="HOST", default="127.0.0.1", help="default 127.0.0.1, this machine alone")
    verb.add_argument("--i-know", action="store_true", help="serve a --host that other machines can reach")
    verb.add_argument("--port", metavar="N", type=whole_number, default=0, help="default: one that is free")
    verb.add_argument("--tabs", metavar="N", type=whole_number, default=20, help="at most so many at a time (20)")


def _drill(verb: Parser) -> None:
    verb.add_argument("name", metavar="TOPIC|NAME", nargs="?", help="a topic, or a scenario (default: what is due)")
    verb.add_argument("--plain", action="store_true", help="linear text for screen readers, braille lines and pipes")
    verb.add_argument("--seed", metavar="N", type=whole_number, help="the same questions every time: for a class")
    verb.add_argument("--exam", metavar="N", type=whole_number, help="N questions without help, and a report")
    verb.add_argument("--sheet", metavar="FILE", help="write the questions and their answers as Markdown, to print")
    verb.add_argument("--stats", action="store_true", help="what is known, what is due, how fast it is forgotten")
    verb.add_argument("--export", metavar="FILE", help="write all progress as one text file")
    verb.add_argument("--import", metavar="FILE", dest="take", help="add the progress of an export to this one")
    verb.add_argument("--reset", metavar="WHAT", help="forget all, a scenario, or a card such as NAME#cell")
    verb.add_argument("--data-dir", metavar="DIR", help="where progress lives, in place of the user's data folder")


def _doctor(verb: Parser) -> None:
    """It takes nothing."""


def _completion(verb: Parser) -> None:
    verb.add_argument("shell", metavar="SHELL", type=one_of("shell", SHELLS), help=_any(SHELLS))
    verb.add_argument("--line", help=argparse.SUPPRESS)


def _opening(verb: Parser, nargs: str | None = None) -> None:
    """What every verb that opens a scenario takes."""
    verb.add_argument("name", metavar="NAME", nargs=nargs, help=NAME)
    verb.add_argument("--device", metavar="DEVICE", type=one_of("device", DEVICES), default="cpu", help=_any(DEVICES))
    verb.add_argument("--seed", metavar="N", type=whole_number, help="in place of the scenario's seed")
    verb.add_argument(
        "--set", metavar="KEY=VALUE", dest="settings", type=setting, action="append", default=[],
        help="in place of a key of the scenario, such as layers.feature_map.stride=2; may be given again",
    )  # fmt: skip


def _hide(verb: Parser) -> None:
    verb.add_argument(
        "--hide", metavar="WHAT", type=hidden, default=(),
        help="for a class: what each step comes to (answers), its arithmetic, every number worked out (values); "
        "several with commas between",
    )  # fmt: skip


VERBS: dict[str, tuple[str, Callable[[Parser], None]]] = {
    "run": ("Step through a scenario", _run),
    "list": ("List the catalogue and its courses", _list),
    "print": ("Print steps as text, JSON lines or a handout", _print),
    "record": ("Record a lecture as a file that anybody can play", _record),
    "tensors": ("Write every tensor of an iteration", _tensors),
    "check": ("Check scenario files, and report every fault", _check),
    "new": ("Write a commented scenario to start from", _new),
    "import": ("Make a scenario of an ONNX model: your own network", _import),
    "notes": ("Show the speaker's notes of a talk: run NAME --present, in another terminal", _notes),
    "serve": ("Put the player in a browser", _serve),
    "drill": ("Answer questions about scenarios, and meet them again before they are forgotten", _drill),
    "doctor": ("Say what this machine can do", _doctor),
    "completion": ("Print a completion script for a shell", _completion),
}


def one_of(what: str, known: Sequence[str]) -> Callable[[str], str]:
    """Reads one of a few words, and says which there are."""

    def read(text: str) -> str:
        if text not in known:
            near = did_you_mean(text, known)
            raise argparse.ArgumentTypeError(f"there is no {what} '{_cut(text)}'; give {_any(known)}{near}")
        return text

    return read


def hidden(text: str) -> tuple[str, ...]:
    """`answers,arithmetic` as words."""
    return tuple(map(one_of("thing to hide", HIDDEN), (word.strip() for word in text.split(","))))


def whole_number(text: str) -> int:
    if not re.fullmatch(r"\d{1,18}", text):
        raise argparse.ArgumentTypeError(f"'{_cut(text)}' is no whole number from 0 to 10^18")
    return int(text)


def seconds(text: str) -> int:
    """Seconds as milliseconds."""
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?|\.\d{1,3}", text) or not 0.05 <= float(text) <= 3600:
        raise argparse.ArgumentTypeError(f"'{_cut(text)}' is no time; give seconds from 0.05 to 3600")
    return round(float(text) * 1000)


def size(text: str) -> tuple[int, int]:
    """`100x30`: columns and rows of a terminal."""
    found = re.fullmatch(r"(\d{1,4})x(\d{1,4})", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"'{_cut(text)}' is no size; give columns and rows, as in 100x30")
    columns, rows = int(found[1]), int(found[2])
    if not (20 <= columns <= 400 and 6 <= rows <= 120):
        raise argparse.ArgumentTypeError(f"{text} is not possible; give from 20x6 to 400x120")
    return columns, rows


def setting(text: str) -> tuple[str, object]:
    """`KEY=VALUE` with a TOML value; what TOML cannot read is text, so that padding=same needs no quotes."""
    from stepgrad.scenarios.overrides import settings

    try:
        [(key, value)] = settings([text]).items()
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None
    return key, value


def _any(known: Sequence[str]) -> str:
    return f"{', '.join(known[:-1])} or {known[-1]}"


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."
