"""The policies of roles in IAM, and a record of all statements that roles have had."""

from collections.abc import Sequence
from typing import Any

from moto.iam.models import IAMBackend, iam_backends

from ..stack import ACCOUNT_ID
from .policy import Source, Statement, statements

_TRUST = "trust policy"
_seen: dict[Source, Statement] = {}
# The statement that this run leaves out.
_left_out: list[Source] = []


def install() -> None:
    """Records the statements of roles, which are deleted with their roles."""
    backend: Any = IAMBackend
    for name in ("put_role_policy", "attach_role_policy", "create_policy_version"):
        _remember_after(backend, name)


def _remember_after(backend: Any, operation: str) -> None:
    original = getattr(backend, operation)

    def remembering(self: Any, *arguments: Any, **named: Any) -> Any:
        result = original(self, *arguments, **named)
        for role in list(self.roles.values()):
            if not role.name.startswith("cdk-"):
                _seen.update((each.source, each) for each in _all(role))
        return result

    setattr(backend, operation, remembering)


def identity_policies(role_name: str) -> Sequence[Statement]:
    """The statements of all policies of a role, except for the one that is left out."""
    return [each for each in _all(_role(role_name)) if each.source not in _left_out]


def boundary(role_name: str) -> Sequence[Statement] | None:
    """The statements of a role's permissions boundary, if it has one."""
    arn = _role(role_name).permissions_boundary_arn
    if arn is None:
        return None
    policy = iam_backends[ACCOUNT_ID]["aws"].managed_policies[arn]
    return statements(_document(policy), "permissions boundary", policy.name)


def trust(role_name: str) -> Sequence[Statement]:
    """Who may assume a role."""
    return statements(_role(role_name).assume_role_policy_document, role_name, _TRUST)


def leave_out(source: Source | None) -> None:
    """Leaves a statement out of every role from now on; None ends that."""
    _left_out[:] = [] if source is None else [source]


def every_statement() -> Sequence[Statement]:
    """All statements that roles have had, except for CDK's own roles."""
    return list(_seen.values())


def _role(name: str) -> Any:
    return iam_backends[ACCOUNT_ID]["aws"].get_role(name)


def _all(role: Any) -> list[Statement]:
    inline = [each for name, text in list(role.policies.items()) for each in statements(text, role.name, name)]
    managed = [
        each
        for policy in list(role.managed_policies.values())
        for each in statements(_document(policy), role.name, policy.name)
    ]
    return inline + managed


def _document(policy: Any) -> str:
    return next(str(each.document) for each in policy.versions if each.version_id == policy.default_version_id)
