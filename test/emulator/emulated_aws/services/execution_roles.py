"""What Lambda and Step Functions check about, and do with, the role of a function or a state machine."""

from collections.abc import Iterable
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend
from moto.core.exceptions import ServiceException
from moto.logs.models import logs_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from ..access.authorizer import Refused, authorize_service, may_assume
from ..access.key_uses import key_arn
from ..access.keys import of_key_use
from ..access.needs import Need
from ..access.sessions import Session

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
_IN_VPC = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
_ON_QUEUE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")


class _NotTrusted(ServiceException):
    code = "AccessDeniedException"


def install() -> None:
    """Makes moto check roles where AWS does."""
    functions: Any = LambdaBackend
    create, configure = functions.create_function, functions.update_function_configuration
    map_source = functions.create_event_source_mapping

    def create_function(self: Any, spec: dict[str, Any]) -> Any:
        arn = f"arn:aws:lambda:{self.region_name}:{self.account_id}:function:{spec['FunctionName']}"
        _check_function(arn, spec["Role"], spec.get("VpcConfig"))
        return create(self, spec)

    def update_function_configuration(self: Any, function_name: str, qualifier: Any, body: dict[str, Any]) -> Any:
        function = self.get_function(function_name)
        _check_function(
            function.function_arn, body.get("Role", function.role), body.get("VpcConfig", function.vpc_config)
        )
        return configure(self, function_name, qualifier, body)

    def create_event_source_mapping(self: Any, spec: dict[str, Any]) -> Any:
        if ":sqs:" in spec.get("EventSourceArn", ""):
            _check_queue(self.get_function(spec["FunctionName"]), spec["EventSourceArn"], self.region_name)
        return map_source(self, spec)

    functions.create_function = create_function
    functions.update_function_configuration = update_function_configuration
    functions.create_event_source_mapping = create_event_source_mapping
    machines: Any = StepFunctionsParserBackend
    create_machine = machines.create_state_machine

    def create_state_machine(self: Any, name: str, definition: str, roleArn: str, *more: Any, **named: Any) -> Any:
        arn = f"arn:aws:states:{self.region_name}:{self.account_id}:stateMachine:{name}"
        if not may_assume(roleArn, "states.amazonaws.com", arn):
            raise _NotTrusted(f"The service principal states.amazonaws.com is not authorized to assume {roleArn}.")
        return create_machine(self, name, definition, roleArn, *more, **named)

    machines.create_state_machine = create_state_machine


def may_write_logs(function: Any, session: Session) -> bool:
    """Whether Lambda can write the log of a function. Without it, the function runs all the same, as in AWS."""
    prefix = f"arn:aws:logs:{function.region}:{function.account_id}:log-group:{function.logs_group_name}"
    stream = f"{prefix}:log-stream:emulated"
    if function.logs_group_name not in logs_backends[function.account_id][function.region].groups:
        # The platform denies this, because a group that is deleted before its function must not return.
        return _is_allowed(session, [Need("logs:CreateLogGroup", prefix)], function.region, quietly=True)
    wanted = [Need("logs:CreateLogStream", stream), Need("logs:PutLogEvents", stream)]
    return _is_allowed(session, wanted, function.region)


def _is_allowed(session: Session, wanted: Iterable[Need], region: str, quietly: bool = False) -> bool:
    try:
        authorize_service(session, wanted, region, quietly)
    except Refused:
        return False
    return True


def _check_function(function_arn: str, role_arn: str, vpc: Any) -> None:
    if not may_assume(role_arn, "lambda.amazonaws.com", function_arn):
        raise InvalidParameterValueException("The role defined for the function cannot be assumed by Lambda.")
    if vpc and vpc.get("SubnetIds"):
        _check(function_arn, role_arn, [Need(action, "*") for action in _IN_VPC], "EC2")


def _check_queue(function: Any, queue_arn: str, region: str) -> None:
    wanted = [Need(action, queue_arn) for action in _ON_QUEUE]
    queue = sqs_backends[function.account_id][region].queues[queue_arn.split(":")[-1]]
    key = key_arn(queue.kms_master_key_id, region)
    if key:
        wanted.append(Need("kms:Decrypt", key, of_key_use("sqs", region, {"aws:sqs:arn": queue_arn}), by_service=True))
    _check(function.function_arn, function.role, wanted, "SQS")


def _check(function_arn: str, role_arn: str, wanted: list[Need], service: str) -> None:
    session = Session(role_arn, function_arn.split(":")[-1])
    try:
        authorize_service(session, wanted, function_arn.split(":")[3])
    except Refused as refused:
        action = refused.action.split(":")[1]
        raise InvalidParameterValueException(
            f"The provided execution role does not have permissions to call {action} on {service}"
        ) from None
