"""Decides on one action on one resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from .conditions import holds, like, with_variables
from .context import Context
from .policy import Source, Statement


@dataclass(frozen=True)
class Authorization:
    """One action on one resource by one principal: a role's ARN, or a service such as `lambda.amazonaws.com`."""

    principal: str
    account: str
    action: str
    resource: str
    context: Context


@dataclass(frozen=True)
class Policies:
    """The policies that take part in the decision. None is a policy that does not exist and limits nothing."""

    identity: Sequence[Statement] = ()
    boundary: Sequence[Statement] | None = None
    endpoint: Sequence[Statement] | None = None
    resource: Sequence[Statement] = ()
    # Keys and roles: without a statement in the resource's own policy, nothing is allowed.
    resource_must_allow: bool = False


@dataclass(frozen=True)
class Decision:
    """`relies_on` has the allowing statements of the role, unless the resource's policy allows the action."""

    allowed: bool
    reason: str
    relies_on: tuple[Source, ...] = field(default=())


class _Grant(Enum):
    NONE = 0
    # Allows the account, which delegates the decision to the policies of its roles.
    TO_ACCOUNT = 1
    TO_PRINCIPAL = 2


def decide(wanted: Authorization, policies: Policies) -> Decision:
    """Returns whether the action is allowed, and by which statements."""
    limits = [policies.identity, policies.boundary or (), policies.endpoint or (), policies.resource]
    for each in (statement for group in limits for statement in group):
        if each.effect == "Deny" and _applies(each, wanted) is not _Grant.NONE:
            return Decision(False, f"with an explicit deny in {each.source}")
    for name, limit in (("the permissions boundary", policies.boundary), ("the VPC endpoint", policies.endpoint)):
        if limit is not None and not any(_allows(each, wanted) for each in limit):
            return Decision(False, f"because {name} does not allow it")
    allowing = tuple(each.source for each in policies.identity if _allows(each, wanted))
    by_resource = max(
        (_applies(each, wanted) for each in policies.resource if each.effect == "Allow"),
        key=lambda grant: grant.value,
        default=_Grant.NONE,
    )
    if by_resource is _Grant.TO_PRINCIPAL:
        return Decision(True, "by the resource's policy")
    if policies.resource_must_allow and by_resource is _Grant.NONE:
        return Decision(False, "because no resource-based policy allows it")
    if allowing:
        return Decision(True, "by the role's policies", allowing)
    return Decision(False, "because no identity-based policy allows it")


def _allows(statement: Statement, wanted: Authorization) -> bool:
    return statement.effect == "Allow" and _applies(statement, wanted) is not _Grant.NONE


def _applies(statement: Statement, wanted: Authorization) -> _Grant:
    grant = _names(statement, wanted)
    matches = (
        grant is not _Grant.NONE
        and _matches_action(statement, wanted.action)
        and _matches_resource(statement, wanted)
        and holds(statement.conditions, wanted.context)
    )
    return grant if matches else _Grant.NONE


def _names(statement: Statement, wanted: Authorization) -> _Grant:
    if statement.principals is None:
        return _Grant.TO_PRINCIPAL
    named = statement.principals.get("AWS" if wanted.principal.startswith("arn:") else "Service", ())
    if "*" in named or wanted.principal in named:
        return _Grant.TO_PRINCIPAL
    if wanted.account in named or f"arn:aws:iam::{wanted.account}:root" in named:
        return _Grant.TO_ACCOUNT
    return _Grant.NONE


def _matches_action(statement: Statement, action: str) -> bool:
    def among(patterns: Sequence[str]) -> bool:
        return any(like(each.lower(), action.lower()) for each in patterns)

    if statement.actions is not None:
        return among(statement.actions)
    return statement.not_actions is not None and not among(statement.not_actions)


def _matches_resource(statement: Statement, wanted: Authorization) -> bool:
    def among(patterns: Sequence[str]) -> bool:
        replaced = (with_variables(each, wanted.context) for each in patterns)
        return any(like(each, wanted.resource) for each in replaced if each is not None)

    if statement.resources is not None:
        return among(statement.resources)
    if statement.not_resources is not None:
        return not among(statement.not_resources)
    # A trust policy applies to its role.
    return True
