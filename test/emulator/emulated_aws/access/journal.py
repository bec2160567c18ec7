"""A record of decisions: which statements of roles calls relied on, and which calls were refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .evaluation import Decision
from .policy import Source
from .role_policies import every_statement


@dataclass
class _Use:
    """The calls that a statement allowed. `alone` contains those that no other statement allows."""

    alone: dict[str, None] = field(default_factory=dict)
    shared: dict[str, None] = field(default_factory=dict)


_uses: dict[Source, _Use] = {}
_refusals: list[str] = []
_roles: set[str] = set()


def note(role_name: str, call: str, decision: Decision) -> None:
    """Records a decision on a call of a role."""
    _roles.add(role_name)
    for source in decision.relies_on:
        use = _uses.setdefault(source, _Use())
        (use.alone if len(decision.relies_on) == 1 else use.shared)[call] = None
    if not decision.allowed:
        _refusals.append(f"{role_name} is not authorized to perform {call} {decision.reason}")


def note_undecided(role_name: str, call: str, problem: Exception) -> str:
    """Records a call without a decision, which counts as refused. @returns the record"""
    _refusals.append(f"{role_name}: {call} cannot be decided on: {type(problem).__name__}: {problem}")
    return _refusals[-1]


def refusals() -> list[str]:
    """The calls that were refused since the last `forget`, in order."""
    return list(_refusals)


def forget() -> None:
    """Clears the journal."""
    _uses.clear()
    _refusals.clear()
    _roles.clear()


def report() -> Mapping[str, Any]:
    """The refusals, and each allowing statement of roles with the calls that relied on it."""
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
