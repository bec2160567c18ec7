"""Requests of roles, from the signature to the service's answer."""

import io
import json
import unittest
from collections.abc import Mapping
from typing import Any

from emulated_aws.access import journal, role_policies
from emulated_aws.access.enforcement import enforcing, error
from emulated_aws.access.policy import Source
from emulated_aws.access.sessions import Session, credentials
from emulated_aws.stack import ACCOUNT_ID
from moto.ecs.models import ecs_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends

_REGION = "eu-west-1"
_ANYBODY = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
_TRUST = json.dumps({"Version": "2012-10-17", "Statement": [_ANYBODY]})


def _role(name: str, *given: Mapping[str, Any]) -> str:
    iam = iam_backends[ACCOUNT_ID]["aws"]
    if name not in [each.name for each in iam.roles.values()]:
        iam.create_role(name, _TRUST, "/", None, "", {}, "3600")
    listed = [{"Effect": "Allow", "Resource": "*", **each} for each in given]
    iam.put_role_policy(name, "grants", json.dumps({"Version": "2012-10-17", "Statement": listed}))
    return f"arn:aws:iam::{ACCOUNT_ID}:role/{name}"


def _call(role_arn: str | None, service: str, target: str, parameters: Mapping[str, Any]) -> tuple[str, bytes]:
    """Status and body. An application that reports it answers requests that pass."""
    key = credentials(Session(role_arn, "caller"), _REGION).access_key_id if role_arn else "AKIAOTHER"
    body = json.dumps(parameters).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "CONTENT_TYPE": "application/x-amz-json-1.1",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_X_AMZ_TARGET": target,
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential={key}/20260101/{_REGION}/{service}/aws4_request",
        "wsgi.input": io.BytesIO(body),
    }
    statuses: list[str] = []

    def application(given: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        # The service still reads the whole body.
        return [given["wsgi.input"].read()]

    answer = b"".join(enforcing(application)(environ, lambda status, _: statuses.append(status)))
    return statuses[0], answer


class WritingASecret(unittest.TestCase):
    """A secret under a customer managed key: Secrets Manager uses the key with the permissions of its caller."""

    def setUp(self) -> None:
        journal.forget()
        keys = kms_backends[ACCOUNT_ID][_REGION]
        self.key = keys.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "", [], False)
        secretsmanager_backends[ACCOUNT_ID][_REGION].create_secret(
            name="login",
            secret_string="value",
            secret_binary=None,
            description=None,
            tags=[],
            kms_key_id=self.key.arn,
            client_request_token=None,
            replica_regions=[],
            force_overwrite=False,
        )

    def tearDown(self) -> None:
        secretsmanager_backends[ACCOUNT_ID][_REGION].secrets.clear()
        role_policies.leave_out(None)

    def put(self, role_arn: str | None) -> tuple[str, bytes]:
        """PutSecretValue."""
        parameters = {"SecretId": "login", "SecretString": "other"}
        return _call(role_arn, "secretsmanager", "secretsmanager.PutSecretValue", parameters)

    def test_needs_the_secret_and_the_key(self) -> None:
        """Needs both, and the key only through Secrets Manager in this region."""
        via = {"StringEquals": {"kms:ViaService": f"secretsmanager.{_REGION}.amazonaws.com"}}
        secret = {"Action": "secretsmanager:PutSecretValue"}
        key = {"Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": self.key.arn, "Condition": via}
        status, body = self.put(_role("writer", secret))
        self.assertEqual((status, json.loads(body)["__type"]), ("403 FORBIDDEN", "AccessDeniedException"))
        self.assertIn(f"is not authorized to perform: kms:GenerateDataKey on resource: {self.key.arn}", str(body))
        self.assertEqual(self.put(_role("writer", key))[0], "403 FORBIDDEN")
        status, body = self.put(_role("writer", secret, key))
        self.assertEqual((status, json.loads(body)["SecretId"]), ("200 OK", "login"))

    def test_the_secret_is_checked_by_its_whole_arn(self) -> None:
        """The ARN ends with random characters."""
        key = {"Action": "kms:*"}
        name = f"arn:aws:secretsmanager:{_REGION}:{ACCOUNT_ID}:secret:login"
        for resource, status in ((name, "403 FORBIDDEN"), (f"{name}-??????", "200 OK")):
            role = _role("writer", key, {"Action": "secretsmanager:*", "Resource": resource})
            self.assertEqual(self.put(role)[0], status)

    def test_the_journal_knows_what_was_relied_on_and_refused(self) -> None:
        """A statement that is left out has no effect."""
        role = _role("writer", {"Action": "secretsmanager:*"}, {"Action": "kms:*"})
        self.put(role)
        role_policies.leave_out(Source("writer", "grants", 1))
        self.put(role)
        [refusal] = journal.refusals()
        self.assertIn("writer is not authorized to perform kms:GenerateDataKey", refusal)

    def test_other_callers_pass(self) -> None:
        """Such as the CDK CLI."""
        self.assertEqual(self.put(None)[0], "200 OK")

    def test_what_cannot_be_decided_is_refused_and_kept(self) -> None:
        """A condition key that the emulator does not support."""
        unknown = {"StringEquals": {"secretsmanager:SecretPrimaryRegion": _REGION}}
        secret = {"Action": "secretsmanager:*", "Condition": unknown}
        status, body = self.put(_role("writer", secret, {"Action": "kms:*"}))
        [refusal] = journal.refusals()
        self.assertIn("cannot be decided on: UnknownKey", refusal)
        self.assertEqual((status, json.loads(body)["message"]), ("403 FORBIDDEN", refusal))


class RunningATask(unittest.TestCase):
    """Running a task passes its roles to ECS."""

    def setUp(self) -> None:
        self.definition = ecs_backends[ACCOUNT_ID][_REGION].register_task_definition(
            "api",
            [{"name": "api", "image": "api", "memory": 512}],
            task_role_arn=f"arn:aws:iam::{ACCOUNT_ID}:role/task",
            execution_role_arn=f"arn:aws:iam::{ACCOUNT_ID}:role/execution",
        )

    def run_task(self, *given: Mapping[str, Any]) -> str:
        """RunTask in the cluster `blue`."""
        parameters = {"cluster": "blue", "taskDefinition": self.definition.arn}
        return _call(_role("runner", *given), "ecs", "AmazonEC2ContainerServiceV20141113.RunTask", parameters)[0]

    def test_needs_to_pass_both_roles_to_ecs(self) -> None:
        """And to no other service."""
        cluster = {"ArnEquals": {"ecs:cluster": f"arn:aws:ecs:{_REGION}:{ACCOUNT_ID}:cluster/blue"}}
        run = {"Action": "ecs:RunTask", "Resource": self.definition.arn, "Condition": cluster}
        task, execution = (f"arn:aws:iam::{ACCOUNT_ID}:role/{name}" for name in ("task", "execution"))

        def passing(service: str, *roles: str) -> Mapping[str, Any]:
            condition = {"StringEquals": {"iam:PassedToService": service}}
            return {"Action": "iam:PassRole", "Resource": roles, "Condition": condition}

        self.assertEqual(self.run_task(run), "403 FORBIDDEN")
        self.assertEqual(self.run_task(run, passing("ecs-tasks.amazonaws.com", task)), "403 FORBIDDEN")
        self.assertEqual(self.run_task(run, passing("ec2.amazonaws.com", task, execution)), "403 FORBIDDEN")
        self.assertEqual(self.run_task(run, passing("ecs-tasks.amazonaws.com", task, execution)), "200 OK")
        elsewhere = {**run, "Condition": {"ArnEquals": {"ecs:cluster": "arn:aws:ecs:*:*:cluster/green"}}}
        self.assertEqual(self.run_task(elsewhere, passing("ecs-tasks.amazonaws.com", task, execution)), "403 FORBIDDEN")


class Errors(unittest.TestCase):
    """How services refuse."""

    def test_each_protocol_has_a_code_and_a_form(self) -> None:
        """Errors of S3 have no envelope, those of EC2 a code of their own."""
        for model, protocol, code, beginning in (
            ("ecs", "json", "AccessDeniedException", '{"__type"'),
            ("ec2", "ec2", "UnauthorizedOperation", "<Response><Errors>"),
            ("rds", "query", "AccessDenied", "<ErrorResponse><Error>"),
            ("s3", "rest-xml", "AccessDenied", "<Error><Code>AccessDenied"),
        ):
            with self.subTest(model):
                given, body = error(model, protocol, "User: a < b")
                self.assertEqual((given, body[: len(beginning)]), (code, beginning))
