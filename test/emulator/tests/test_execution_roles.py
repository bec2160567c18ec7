"""The checks of Lambda and Step Functions on the roles that are passed to them."""

import json
import unittest
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from emulated_aws.access import journal
from emulated_aws.access.authorizer import may_assume
from emulated_aws.access.sessions import Session
from emulated_aws.services import execution_roles
from emulated_aws.stack import ACCOUNT_ID
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends
from moto.sqs.models import sqs_backends

_REGION = "eu-west-3"
_FUNCTION = f"arn:aws:lambda:{_REGION}:{ACCOUNT_ID}:function:consumer"


def _role(service: str, *given: Mapping[str, Any], condition: Mapping[str, Any] | None = None) -> str:
    iam = iam_backends[ACCOUNT_ID]["aws"]
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": service}}
    if condition:
        trust["Condition"] = condition  # type: ignore[assignment]
    for role in [each for each in iam.roles.values() if each.name == "consumer"]:
        del iam.roles[role.id]
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role("consumer", document, "/", None, "", {}, "3600")
    if given:
        listed = [{"Effect": "Allow", "Resource": "*", **each} for each in given]
        iam.put_role_policy("consumer", "grants", json.dumps({"Version": "2012-10-17", "Statement": listed}))
    return f"arn:aws:iam::{ACCOUNT_ID}:role/consumer"


class Trust(unittest.TestCase):
    """Who may assume a role."""

    def test_the_service_must_be_named(self) -> None:
        """The conditions must be true for the resource that the service acts for."""
        machine = f"arn:aws:states:{_REGION}:{ACCOUNT_ID}:stateMachine:drill"
        self.assertTrue(may_assume(_role("states.amazonaws.com"), "states.amazonaws.com", machine))
        self.assertFalse(may_assume(_role("lambda.amazonaws.com"), "states.amazonaws.com", machine))
        for account, expected in ((ACCOUNT_ID, True), ("210987654321", False)):
            condition = {"StringEquals": {"aws:SourceAccount": account}}
            role = _role("states.amazonaws.com", condition=condition)
            self.assertIs(may_assume(role, "states.amazonaws.com", machine), expected)


class Creation(unittest.TestCase):
    """Lambda creates a function only if its role has the permissions that Lambda needs."""

    def test_trust(self) -> None:
        """Lambda must be able to assume the role."""
        with self.assertRaisesRegex(InvalidParameterValueException, "cannot be assumed by Lambda"):
            execution_roles._check_function(_FUNCTION, _role("states.amazonaws.com"), None)
        execution_roles._check_function(_FUNCTION, _role("lambda.amazonaws.com"), None)

    def test_network_interfaces(self) -> None:
        """Only in a VPC, and with all six actions."""
        vpc = {"SubnetIds": ["subnet-1"]}
        with self.assertRaisesRegex(InvalidParameterValueException, "CreateNetworkInterface on EC2"):
            execution_roles._check_function(_FUNCTION, _role("lambda.amazonaws.com"), vpc)
        most = _role("lambda.amazonaws.com", {"Action": ["ec2:*NetworkInterface*", "ec2:DescribeSubnets"]})
        with self.assertRaisesRegex(InvalidParameterValueException, "AssignPrivateIpAddresses on EC2"):
            execution_roles._check_function(_FUNCTION, most, vpc)
        execution_roles._check_function(_FUNCTION, _role("lambda.amazonaws.com", {"Action": "ec2:*"}), vpc)

    def test_queue(self) -> None:
        """The messages, and the key that encrypts them."""
        key = kms_backends[ACCOUNT_ID][_REGION].create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", [], False)
        queue = sqs_backends[ACCOUNT_ID][_REGION].create_queue("events", {}, KmsMasterKeyId=key.arn)

        def check(*given: Mapping[str, Any]) -> None:
            function = SimpleNamespace(
                account_id=ACCOUNT_ID, function_arn=_FUNCTION, role=_role("lambda.amazonaws.com", *given)
            )
            execution_roles._check_queue(function, queue.queue_arn, _REGION)

        with self.assertRaisesRegex(InvalidParameterValueException, "DeleteMessage on SQS"):
            check({"Action": "sqs:ReceiveMessage"}, {"Action": "kms:Decrypt"})
        with self.assertRaisesRegex(InvalidParameterValueException, "Decrypt on SQS"):
            check({"Action": "sqs:*"})
        check({"Action": "sqs:*"}, {"Action": "kms:Decrypt"})


class Logs(unittest.TestCase):
    """Lambda writes the log of a function with the function's role."""

    def setUp(self) -> None:
        journal.forget()

    def may_write(self, group: str, *given: Mapping[str, Any]) -> bool:
        """Only to this group."""
        role = _role("lambda.amazonaws.com", *given)
        function = SimpleNamespace(account_id=ACCOUNT_ID, region=_REGION, logs_group_name=group)
        return execution_roles.may_write_logs(function, Session(role, "consumer"))

    def test_a_group_that_stands(self) -> None:
        """Streams and events. A refusal is a fault."""
        logs_backends[ACCOUNT_ID][_REGION].create_log_group("stands", {})
        writing = {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"]}
        self.assertTrue(self.may_write("stands", writing))
        self.assertEqual(journal.refusals(), [])
        self.assertFalse(self.may_write("stands", {"Action": "logs:CreateLogStream"}))
        self.assertEqual(len(journal.refusals()), 1)

    def test_a_group_that_is_missing(self) -> None:
        """The log returns only with permission. A missing permission is no fault."""
        self.assertTrue(self.may_write("missing", {"Action": "logs:*"}))
        self.assertFalse(self.may_write("missing", {"Action": "logs:PutLogEvents"}))
        self.assertEqual(journal.refusals(), [])
