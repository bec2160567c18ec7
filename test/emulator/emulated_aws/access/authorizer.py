"""Decides on the calls of roles by the current policies."""

from collections.abc import Iterable

from ..stack import ACCOUNT_ID
from . import journal, keys
from .api_request import ApiRequest
from .context import Context
from .evaluation import Authorization, Decision, Policies, decide
from .needs import Need, needs
from .resource_policies import endpoint_policy, resource_policy
from .role_policies import boundary, identity_policies, trust
from .sessions import Session

# Nobody may use these without a statement in their own policy.
_STRICT = ("kms",)


class Refused(Exception):
    """The role may not make the call. The message is that of AWS."""

    def __init__(self, session: Session, need: Need, decision: Decision) -> None:
        on = "" if need.resource == "*" else f" on resource: {need.resource}"
        super().__init__(
            f"User: {session.arn} is not authorized to perform: {need.action}{on} {decision.reason}"
        )
        self.action = need.action


def authorize(session: Session, request: ApiRequest) -> None:
    """Checks a call. @raises Refused"""
    for need in needs(request):
        _demand(session, need, request.region, request.model)


def authorize_service(session: Session, wanted: Iterable[Need], region: str, quietly: bool = False) -> None:
    """Checks what a service does under a role. With `quietly`, a refusal is not a fault. @raises Refused"""
    for need in wanted:
        _demand(session, need, region, None, quietly)


def may_assume(role_arn: str, service: str, source_arn: str) -> bool:
    """Whether a role trusts a service."""
    wanted = Authorization(
        service,
        ACCOUNT_ID,
        "sts:AssumeRole",
        role_arn,
        Context("sts:AssumeRole", keys.of_service(service, source_arn)),
    )
    role_name = role_arn.split("/")[-1]
    return decide(wanted, Policies(resource=trust(role_name), resource_must_allow=True)).allowed


def _demand(session: Session, need: Need, region: str, endpoint_of: str | None, quietly: bool = False) -> None:
    values = {
        **keys.of_everything(session.role_arn, session.arn, region, need.resource),
        "aws:SourceVpc": None,
        "aws:SourceVpce": None,
        "lambda:SourceFunctionArn": session.source_function_arn,
        **need.values,
    }
    way = None
    if session.place and endpoint_of and not need.by_service and need.action != "iam:PassRole":
        way = endpoint_policy(session.place, _endpoint_name(endpoint_of), region)
        values["aws:SourceVpce"] = way[0] if way else None
    decision = decide(
        Authorization(session.role_arn, ACCOUNT_ID, need.action, need.resource, Context(need.action, values)),
        Policies(
            identity=identity_policies(session.role_name),
            boundary=boundary(session.role_name),
            endpoint=way[1] if way else None,
            resource=resource_policy(need.resource),
            resource_must_allow=need.action.split(":")[0] in _STRICT,
        ),
    )
    if decision.allowed or not quietly:
        journal.note(session.role_name, f"{need.action} on {need.resource}", decision)
    if not decision.allowed:
        raise Refused(session, need, decision)


def _endpoint_name(model: str) -> str:
    return {"cloudwatch": "monitoring", "stepfunctions": "states", "elbv2": "elasticloadbalancing"}.get(model, model)
