"""The values of the condition keys that the emulator supports.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ..api_call import select
from ..stack import ACCOUNT_ID
from .resources import arn

Values = Mapping[str, Any]

# Keys with values from the request: expressions over its parameters.
_OF_REQUESTS: Mapping[str, Mapping[str, str]] = {
    "iam": {"iam:PolicyARN": "PolicyArn"},
    "s3": {
        "s3:x-amz-acl": "ACL",
        "s3:x-amz-server-side-encryption": "ServerSideEncryption",
        "s3:x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
        "s3:x-amz-storage-class": "StorageClass",
        "s3:prefix": "Prefix",
        "s3:delimiter": "Delimiter",
        "s3:VersionId": "VersionId",
    },
    "secretsmanager": {"secretsmanager:VersionId": "VersionId", "secretsmanager:VersionStage": "VersionStage"},
}


def of_everything(role_arn: str, session_arn: str, region: str, resource: str) -> Values:
    """Global keys of a call by a role."""
    now = datetime.now(timezone.utc)
    owner = resource.split(":")[4] if resource.count(":") >= 5 else ""
    # ARNs of S3 contain no account, and there is only one.
    owner = ACCOUNT_ID if resource.startswith("arn:aws:s3:::") else owner
    return {
        "aws:CurrentTime": now.isoformat(),
        "aws:EpochTime": str(int(time.time())),
        "aws:PrincipalAccount": ACCOUNT_ID,
        "aws:PrincipalArn": role_arn,
        "aws:PrincipalIsAWSService": "false",
        "aws:PrincipalType": "AssumedRole",
        "aws:userid": session_arn.split("/", 1)[1].replace("/", ":"),
        "aws:RequestedRegion": region,
        "aws:ResourceAccount": owner or None,
        # The emulator speaks HTTP on loopback, where AWS's endpoints speak TLS 1.3.
        "aws:SecureTransport": "true",
        "s3:TlsVersion": "1.3",
        # Only services that act for a caller have this key.
        "aws:SourceAccount": None,
        "aws:SourceArn": None,
        "aws:SourceOrgID": None,
        "aws:ViaAWSService": "false",
        "aws:MultiFactorAuthPresent": None,
        "aws:PrincipalOrgID": None,
    }


def of_service(service: str, source_arn: str) -> Values:
    """Global keys if a service acts for one of its resources, such as Step Functions for a state machine."""
    return {
        "aws:PrincipalIsAWSService": "true",
        "aws:PrincipalServiceName": service,
        "aws:SourceAccount": ACCOUNT_ID,
        "aws:SourceArn": source_arn,
        "aws:PrincipalAccount": None,
        "aws:PrincipalArn": None,
        "aws:SecureTransport": "true",
    }


def of_request(service: str, parameters: Mapping[str, Any], region: str) -> Values:
    """Keys of the service that a call is for."""
    values: dict[str, Any] = {
        key: _text(select(expression, parameters)) for key, expression in _OF_REQUESTS.get(service, {}).items()
    }
    if service == "ecs":
        cluster = str(parameters.get("cluster", "default"))
        values["ecs:cluster"] = cluster if cluster.startswith("arn:") else arn("ecs", region, f"cluster/{cluster}")
    return values


def of_key_use(service: str, region: str, encryption_context: Mapping[str, str]) -> Values:
    """Keys of KMS if a service uses a key for its caller."""
    return {
        "aws:ViaAWSService": "true",
        "aws:CalledVia": (f"{service}.amazonaws.com",),
        "kms:CallerAccount": ACCOUNT_ID,
        "kms:ViaService": f"{service}.{region}.amazonaws.com",
        "kms:GrantIsForAWSResource": "true",
        "kms:EncryptionContextKeys": tuple(encryption_context) or None,
        **{f"kms:EncryptionContext:{name}": value for name, value in encryption_context.items()},
    }


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
