"""What was asked for and decided: which statements of roles were relied on, and which calls were refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .evaluation import Decision
from .policy import Source
from .role_policies import every_statement


@dataclass
class _Use:
    """Calls that a statement has allowed; `alone` are those that no other statement allows."""

    alone: dict[str, None] = field(default_factory=dict)
    shared: dict[str, None] = field(default_factory=dict)


_uses: dict[Source, _Use] = {}
_refusals: list[str] = []
_roles: set[str] = set()


def note(role_name: str, call: str, decision: Decision) -> None:
    """Keeps a decision on a call of a role."""
    _roles.add(role_name)
    for source in decision.relies_on:
        use = _uses.setdefault(source, _Use())
        (use.alone if len(decision.relies_on) == 1 else use.shared)[call] = None
    if not decision.allowed:
        _refusals.append(f"{role_name} is not authorized to perform {call} {decision.reason}")


def note_undecided(role_name: str, call: str, problem: Exception) -> str:
    """Keeps a call that could not be decided on: it counts as refused. @returns what was kept"""
    _refusals.append(f"{role_name}: {call} cannot be decided on: {type(problem).__name__}: {problem}")
    return _refusals[-1]


def refusals() -> list[str]:
    """Every call that was refused since the last `forget`, in their order."""
    return list(_refusals)


def forget() -> None:
    """Empties the journal."""
    _uses.clear()
    _refusals.clear()
    _roles.clear()


def report() -> Mapping[str, Any]:
    """Refusals, and each statement that allows a role something, with what relied on it."""
    return {
        "refusals": refusals(),
        "statements": [
            {
                "role": each.source.holder,
                "policy": each.source.policy,
                "index": each.source.index,
                "actions": each.actions or [],
                "ran": each.source.holder in _roles,
                "alone": list(_uses[each.source].alone) if each.source in _uses else [],
                "shared": list(_uses[each.source].shared) if each.source in _uses else [],
            }
            for each in every_statement()
            if each.effect == "Allow"
        ],
    }
