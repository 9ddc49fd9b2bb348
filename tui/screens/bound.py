"""The table of actions as Textual binds it to a screen."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingsMap, BindingType

from stepgrad.tui.actions import ACTIONS, Action

POINTING = {action.name for action in ACTIONS if action.pointing}


def bindings(actions: Iterable[Action]) -> list[BindingType]:
    """The keys of a table of actions, and the digits of a count."""
    return [
        # Of two actions with one key that for the cell under the cursor comes first; check_action says if it is on.
        *(
            Binding(",".join(a.keys), f"perform('{a.name}')", a.label, show=False, id=a.name)
            for a in sorted(actions, key=lambda action: not action.pointing)
        ),
        *(Binding(digit, f"count('{digit}')", show=False) for digit in "0123456789"),
    ]


def is_bound(action: str, parameters: tuple[object, ...], *, pointing: bool) -> bool:
    """Whether a key means something: some are about the cell cursor, while that is on the board."""
    return pointing or action != "perform" or parameters[0] not in POINTING


def rebound(bound: BindingsMap, actions: Iterable[Action]) -> BindingsMap:
    """What is bound, the actions to their keys. The library's own keymap is worked out anew four times for each key."""
    actions = tuple(actions)
    names = {action.name for action in actions}
    others = ((key, [b for b in each if b.id not in names]) for key, each in bound.key_to_bindings.items())
    named = [each for each in bindings(actions) if isinstance(each, Binding) and each.id is not None]
    return BindingsMap.merge([BindingsMap(named), BindingsMap.from_keys({key: kept for key, kept in others if kept})])
