"""Behaviour of S3 that moto lacks: conditions of bucket policies."""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response


def install() -> None:
    """Patches moto's S3."""
    bucket: Any = FakeBucket
    bucket.get_permission = _unconditional_permission
    response: Any = S3Response
    respond = response._bucket_response_get

    def respond_to_get(self: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
        if "policyStatus" in querystring:
            public = _is_public(self.backend.get_bucket_policy(bucket_name))
            return f"<PolicyStatus><IsPublic>{str(public).upper()}</IsPublic></PolicyStatus>"
        return respond(self, bucket_name, querystring)

    response._bucket_response_get = respond_to_get


def _statements(policy: bytes | None) -> list[dict[str, Any]]:
    return list(json.loads(policy)["Statement"]) if policy else []


def _unconditional_permission(self: Any, action: str, resource: str) -> Any:
    """Evaluates conditions of bucket policies, such as on requests without TLS, which moto ignores."""
    statements = [each for each in _statements(self.policy) if "Condition" not in each]
    if not statements:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps({"Statement": statements})).is_action_permitted(action, resource)


def _is_public(policy: bytes | None) -> bool:
    """Whether a policy allows everybody something without a condition.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    return any(
        each["Effect"] == "Allow" and "Condition" not in each and each.get("Principal") in ("*", {"AWS": "*"})
        for each in _statements(policy)
    )
