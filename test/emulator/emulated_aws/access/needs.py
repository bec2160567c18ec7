"""The permissions that a call needs: its own actions, and those that services perform with the caller's permissions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.ecs.models import ecs_backends

from ..stack import ACCOUNT_ID
from . import keys
from .actions import actions_of
from .api_request import ApiRequest
from .key_uses import key_uses


@dataclass(frozen=True)
class Need:
    """An action on a resource. Actions of a service do not pass through the caller's VPC endpoint."""

    action: str
    resource: str
    values: keys.Values = field(default_factory=dict)
    by_service: bool = False


def needs(request: ApiRequest) -> Iterator[Need]:
    """All permissions that the caller needs."""
    service = _prefix(request)
    own = keys.of_request(service, request.parameters, request.region)
    for action, resource in actions_of(request):
        yield Need(action, resource, own)
    for role_arn, passed_to in _passed_roles(request):
        yield Need("iam:PassRole", role_arn, {"iam:PassedToService": passed_to, "iam:AssociatedResourceArn": None})
    for use in key_uses(request):
        values = keys.of_key_use(use.service, request.region, use.encryption_context)
        for action in use.actions:
            yield Need(action, use.key_arn, values, by_service=True)


def _prefix(request: ApiRequest) -> str:
    return {"monitoring": "cloudwatch"}.get(request.service, request.service)


def _passed_roles(request: ApiRequest) -> Iterator[tuple[str, str]]:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"""
    given = request.parameters
    if (request.service, request.operation) == ("ecs", "RunTask"):
        task = ecs_backends[ACCOUNT_ID][request.region].describe_task_definition(given["taskDefinition"])
        overrides: Mapping[str, Any] = given.get("overrides") or {}
        task_role = overrides.get("taskRoleArn") or task.task_role_arn
        execution_role = overrides.get("executionRoleArn") or task.execution_role_arn
        yield from ((role, "ecs-tasks.amazonaws.com") for role in (task_role, execution_role) if role)
    elif (request.service, request.operation) == ("apigateway", "UpdateAccount"):
        for patch in given.get("patchOperations", []):
            if patch.get("path") == "/cloudwatchRoleArn" and patch.get("value"):
                yield patch["value"], "apigateway.amazonaws.com"
    elif _mentions_role(given):
        raise NotImplementedError(f"{request.service}:{request.operation} names a role; add it to needs.py.")


def _mentions_role(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_mentions_role(each) for each in value.values())
    if isinstance(value, list):
        return any(map(_mentions_role, value))
    return isinstance(value, str) and value.startswith("arn:aws:iam::") and ":role/" in value
