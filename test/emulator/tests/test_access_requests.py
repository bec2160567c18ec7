"""The operation of a request, its resources, and the actions that IAM checks."""

import io
import json
import unittest
from typing import Any

from emulated_aws.access.actions import actions_of
from emulated_aws.access.api_request import RequestError, api_request
from emulated_aws.access.needs import needs
from emulated_aws.access.resources import UnknownResource
from emulated_aws.access.service_reference import UnknownAction, action_details, arn_formats, carries, resource_types
from emulated_aws.services import code_deploy

_ACCOUNT = "123456789012"


def _request(method: str, uri: str, service: str, body: bytes = b"", **headers: str) -> Any:
    signature = f"AWS4-HMAC-SHA256 Credential=ASIA/20260101/eu-west-1/{service}/aws4_request, SignedHeaders=host"
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": uri.partition("?")[0],
        "RAW_URI": uri,
        "HTTP_AUTHORIZATION": signature,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **headers,
    }
    return api_request(environ)


def _form(text: str, service: str) -> Any:
    return _request("POST", "/", service, text.encode(), CONTENT_TYPE="application/x-www-form-urlencoded")


class Operations(unittest.TestCase):
    """Operations of REST services differ by path, query and headers."""

    def test_s3(self) -> None:
        """PUT on one path is five different operations."""
        for method, uri, headers, operation in (
            ("GET", "/bucket/a/b%20c", {}, "GetObject"),
            ("GET", "/bucket?list-type=2&prefix=x", {}, "ListObjectsV2"),
            ("GET", "/bucket?versions", {}, "ListObjectVersions"),
            ("GET", "/bucket/?tagging", {}, "GetBucketTagging"),
            ("PUT", "/bucket/key", {}, "PutObject"),
            ("PUT", "/bucket/key", {"HTTP_X_AMZ_COPY_SOURCE": "/other/key"}, "CopyObject"),
            ("PUT", "/bucket/key?partNumber=1&uploadId=2", {}, "UploadPart"),
            ("HEAD", "/bucket", {}, "HeadBucket"),
        ):
            with self.subTest(operation):
                self.assertEqual(_request(method, uri, "s3", **headers).operation, operation)

    def test_other_protocols(self) -> None:
        """By the target header or by the form."""
        path = f"/2015-03-31/functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A{_ACCOUNT}%3Afunction%3Aapi/invocations"
        invocation = _request("POST", path, "lambda", b"{}", CONTENT_TYPE="application/json")
        self.assertEqual(invocation.parameters["FunctionName"], f"arn:aws:lambda:eu-west-1:{_ACCOUNT}:function:api")
        described = _form("Action=DescribeDBClusters&DBClusterIdentifier=payments", "rds")
        self.assertEqual(described.operation, "DescribeDBClusters")
        self.assertEqual(described.parameters["DBClusterIdentifier"], "payments")
        with self.assertRaises(RequestError):
            _request("PATCH", "/nowhere", "lambda")


class Actions(unittest.TestCase):
    """The IAM actions of operations, and their resources."""

    def actions(self, request: Any) -> list[tuple[str, str]]:
        """All pairs."""
        return list(actions_of(request))

    def test_s3_actions_are_not_called_as_its_operations(self) -> None:
        """Versions have actions of their own. A copy needs to read and to write."""
        objects = b"<Delete><Object><Key>a</Key><VersionId>1</VersionId></Object><Object><Key>b</Key></Object></Delete>"
        for request, expected in (
            (_request("HEAD", "/bucket/key", "s3"), [("s3:GetObject", "arn:aws:s3:::bucket/key")]),
            (_request("GET", "/bucket?list-type=2", "s3"), [("s3:ListBucket", "arn:aws:s3:::bucket")]),
            (
                _request("POST", "/bucket?delete", "s3", objects),
                [("s3:DeleteObjectVersion", "arn:aws:s3:::bucket/a"), ("s3:DeleteObject", "arn:aws:s3:::bucket/b")],
            ),
            (
                _request("PUT", "/bucket/new", "s3", HTTP_X_AMZ_COPY_SOURCE="other/old"),
                [("s3:GetObject", "arn:aws:s3:::other/old"), ("s3:PutObject", "arn:aws:s3:::bucket/new")],
            ),
        ):
            with self.subTest(request.operation):
                self.assertEqual(self.actions(request), expected)

    def test_names_become_arns(self) -> None:
        """ARNs have the format of the reference."""
        headers = {
            "HTTP_X_AMZ_TARGET": "AmazonEC2ContainerServiceV20141113.DescribeTasks",
            "CONTENT_TYPE": "application/x-amz-json-1.1",
        }
        described = _request("POST", "/", "ecs", b'{"cluster": "blue", "tasks": ["1"]}', **headers)
        [(action, resource)] = self.actions(described)
        self.assertEqual((action, resource), ("ecs:DescribeTasks", f"arn:aws:ecs:eu-west-1:{_ACCOUNT}:task/blue/1"))
        self.assertRegex(resource, arn_formats("ecs", "task"))

    def test_a_list_of_rds_is_one_of_everything(self) -> None:
        """Also for the snapshots of one cluster."""
        listed = _form("Action=DescribeDBClusterSnapshots&DBClusterIdentifier=payments", "rds")
        resources = {resource.split(":", 5)[5] for _, resource in self.actions(listed)}
        self.assertEqual(resources, {"cluster:payments", "cluster-snapshot:*"})

    def test_what_rds_makes_is_tagged_and_has_groups(self) -> None:
        """Whether the call names them or not."""
        made = _form(
            "Action=RestoreDBClusterFromSnapshot&DBClusterIdentifier=copy&SnapshotIdentifier=rds:payments-1"
            "&Engine=aurora-postgresql&EngineVersion=17.7&DBSubnetGroupName=data"
            "&DBClusterParameterGroupName=parameters&Tags.Tag.1.Key=a&Tags.Tag.1.Value=b",
            "rds",
        )
        restored = {resource.split(":", 5)[5] for action, resource in self.actions(made) if action.endswith("Snapshot")}
        self.assertEqual(
            restored,
            {
                "cluster:copy",
                "cluster-snapshot:rds:payments-1",
                "subgrp:data",
                "cluster-pg:parameters",
                "og:default:aurora-postgresql-17",
            },
        )
        self.assertIn(("rds:AddTagsToResource", f"arn:aws:rds:eu-west-1:{_ACCOUNT}:cluster:copy"), self.actions(made))

    def test_a_deployment_is_checked_as_its_groups(self) -> None:
        """Creating a deployment also needs its configuration and revision. Stopping one needs no resource."""
        region = code_deploy._regions.setdefault("eu-west-1", code_deploy.Region())
        region.groups["api", "blue-green"] = {"deploymentConfigName": "linear"}
        names = {"applicationName": "api", "deploymentGroupName": "blue-green"}
        region.deployments["d-1"] = {"info": names}

        def called(operation: str, **parameters: str) -> list[tuple[str, str]]:
            headers = {
                "HTTP_X_AMZ_TARGET": f"CodeDeploy_20141006.{operation}",
                "CONTENT_TYPE": "application/x-amz-json-1.1",
            }
            pairs = self.actions(_request("POST", "/", "codedeploy", json.dumps(parameters).encode(), **headers))
            return [(action.split(":")[1], resource.split(":", 5)[-1]) for action, resource in pairs]

        self.assertEqual(
            called("CreateDeployment", **names),
            [
                ("CreateDeployment", "deploymentgroup:api/blue-green"),
                ("GetDeploymentConfig", "deploymentconfig:linear"),
                ("RegisterApplicationRevision", "application:api"),
            ],
        )
        group = "deploymentgroup:api/blue-green"
        self.assertEqual(called("GetDeployment", deploymentId="d-1"), [("GetDeployment", group)])
        self.assertEqual(called("StopDeployment", deploymentId="d-1"), [("StopDeployment", "*")])

    def test_api_gateway_has_actions_for_verbs_and_resources_for_paths(self) -> None:
        """The role of the account is passed to it."""
        role = f"arn:aws:iam::{_ACCOUNT}:role/logs"
        patch = f'{{"patchOperations": [{{"op": "replace", "path": "/cloudwatchRoleArn", "value": "{role}"}}]}}'
        request = _request("PATCH", "/account", "apigateway", patch.encode())
        wanted = [(need.action, need.resource) for need in needs(request)]
        self.assertEqual(
            wanted, [("apigateway:PATCH", "arn:aws:apigateway:eu-west-1::/account"), ("iam:PassRole", role)]
        )

    def test_both_versions_of_api_gateway_have_the_same_paths(self) -> None:
        """The path of version 2 starts with its number, but the ARN does not."""
        self.assertEqual(
            self.actions(_request("GET", "/v2/apis", "apigateway")),
            [("apigateway:GET", "arn:aws:apigateway:eu-west-1::/apis")],
        )

    def test_a_role_is_checked_without_a_region(self) -> None:
        """IAM is global. The request to attach a policy has the policy's ARN."""
        policy = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        (need,) = needs(_form(f"Action=AttachRolePolicy&RoleName=logs&PolicyArn={policy}", "iam"))
        self.assertEqual(
            (need.action, need.resource), ("iam:AttachRolePolicy", f"arn:aws:iam::{_ACCOUNT}:role/logs")
        )
        self.assertEqual(need.values["iam:PolicyARN"], policy)

    def test_what_is_not_in_the_tables_is_refused(self) -> None:
        """An operation without a known resource, and a role that might be passed."""
        with self.assertRaises(UnknownResource):
            self.actions(_form("Action=DeleteDBProxy&DBProxyName=a", "rds"))
        role = f"arn:aws:iam::{_ACCOUNT}:role/monitoring"
        with self.assertRaises(NotImplementedError):
            list(needs(_form(f"Action=CreateDBInstance&DBInstanceIdentifier=a&MonitoringRoleArn={role}", "rds")))


class Reference(unittest.TestCase):
    """AWS's own data."""

    def test_knows_actions_and_the_keys_that_they_carry(self) -> None:
        """And no others."""
        self.assertEqual(resource_types("codedeploy:StopDeployment"), {})
        self.assertTrue(carries("ecs:RunTask", "ecs:Cluster"))
        self.assertTrue(carries("kms:Decrypt", "kms:EncryptionContext:aws:s3:arn"))
        self.assertFalse(carries("ecs:RunTask", "kms:ViaService"))
        with self.assertRaises(UnknownAction):
            action_details("s3:ListObjectsV2")
