"""`stepgrad completion`: a script for the shell, which asks `stepgrad` itself what may follow the line so far."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from stepgrad.scenarios.catalogue import entries
from stepgrad.scenarios.courses import courses
from stepgrad.tui.arguments import DEVICES, FORMATS, LEVELS, PHASES, SHELLS, THEMES, parser, verbs_of

SCRIPTS = {
    "bash": """\
# bash: put  source <(stepgrad completion bash)  into ~/.bashrc
_stepgrad() {
    local line="${COMP_LINE:0:COMP_POINT}" IFS=$'\\n'
    COMPREPLY=($(stepgrad completion bash --line "$line" 2>/dev/null))
    local word="${line##* }"
    # bash takes a word to start anew at a colon: leave out what stands before the last one
    if [[ $word == *:* ]]; then
        COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*:}"}"}")
    fi
}
complete -o default -F _stepgrad stepgrad
""",
    "zsh": """\
# zsh: put  source <(stepgrad completion zsh)  into ~/.zshrc, after compinit
_stepgrad() {
    local -a found
    found=("${(@f)$(stepgrad completion zsh --line "${(j: :)words[1,CURRENT]}" 2>/dev/null)}")
    compadd -- ${found:#} || _files
}
compdef _stepgrad stepgrad
""",
    "fish": """\
# fish: stepgrad completion fish > ~/.config/fish/completions/stepgrad.fish
complete -c stepgrad -a '(stepgrad completion fish --line (commandline -cp | string collect) 2>/dev/null)'
""",
}

WORDS = {
    "--device": DEVICES,
    "--format": FORMATS,
    "--level": LEVELS,
    "--phase": PHASES,
    "--theme": THEMES,
    "completion": SHELLS,
}
"""What follows a word that takes one of a few."""

NAMED = {"run", "print", "tensors", "check"}
"""Verbs that take the name of a scenario."""


def run(args: Namespace) -> int:
    if args.line is None:
        print(SCRIPTS[args.shell], end="")
    else:
        for candidate in candidates(args.line):
            print(candidate)
    return 0


def candidates(line: str) -> list[str]:
    """What the last word of a line may become. Nothing where a file is to be named: the shell knows those."""
    words = line.split()[1:]
    partial = "" if line[-1:].isspace() or not words else words.pop()
    return [word for word in _possible(words, partial) if word.startswith(partial)]


def _possible(before: Sequence[str], partial: str) -> Sequence[str]:
    top = parser()
    verbs = verbs_of(top)
    if not before:
        return top.options if partial.startswith("-") else [*verbs, *_names(partial)]
    verb = before[0] if before[0] in verbs else "run"
    if before[-1] in WORDS:
        return WORDS[before[-1]]
    if before[-1] == "--course":
        return [course.name for course in courses()]
    if partial.startswith("-"):
        return verbs[verb].options
    if before[-1].startswith("-") and (verb, before[-1]) != ("new", "--from"):
        return []  # an option that takes an address, a number or a file
    return _names(partial) if verb in NAMED or before[-1] == "--from" else []


def _names(partial: str) -> list[str]:
    """The catalogue's names, and with a colon their variants."""
    found = entries()
    if ":" not in partial:
        return [entry.name for entry in found]
    return [f"{entry.name}:{variant}" for entry in found for variant in entry.variants]
