"""Policy documents as statements."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Source:
    """The location of a statement. `holder` is the role, key or bucket with the policy."""

    holder: str
    policy: str
    index: int

    def __str__(self) -> str:
        return f"{self.holder}, {self.policy}, statement {self.index + 1}"


@dataclass(frozen=True)
class Statement:
    """A statement. Elements that it does not have are None."""

    source: Source
    sid: str | None
    effect: str
    actions: tuple[str, ...] | None
    not_actions: tuple[str, ...] | None
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    principals: Mapping[str, Sequence[str]] | None
    conditions: Mapping[str, Mapping[str, Sequence[str]]]


class PolicyError(Exception):
    """The element of the statement is not implemented here."""


_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "Condition"}


def statements(document: str | bytes | Mapping[str, Any], holder: str, policy: str) -> tuple[Statement, ...]:
    """The statements of a document. @raises PolicyError"""
    text = document if isinstance(document, (str, bytes)) else json.dumps(document)
    return _parsed(text, holder, policy)


@cache
def _parsed(text: str | bytes, holder: str, policy: str) -> tuple[Statement, ...]:
    listed = json.loads(text)["Statement"]
    listed = listed if isinstance(listed, list) else [listed]
    return tuple(_statement(each, Source(holder, policy, index)) for index, each in enumerate(listed))


def _statement(given: Mapping[str, Any], source: Source) -> Statement:
    unknown = given.keys() - _ELEMENTS
    if unknown:
        raise PolicyError(f"{source} has {', '.join(sorted(unknown))}, which is not implemented.")
    principal = given.get("Principal")
    if isinstance(principal, str):
        principal = {"AWS": principal}
    return Statement(
        source=source,
        sid=given.get("Sid"),
        effect=given["Effect"],
        actions=_texts(given.get("Action")),
        not_actions=_texts(given.get("NotAction")),
        resources=_texts(given.get("Resource")),
        not_resources=_texts(given.get("NotResource")),
        principals=None if principal is None else {kind: _texts(each) or () for kind, each in principal.items()},
        conditions={
            operator: {key: _texts(value) or () for key, value in keys.items()}
            for operator, keys in given.get("Condition", {}).items()
        },
    )


def _texts(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    return tuple(_text(each) for each in (value if isinstance(value, list) else [value]))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
