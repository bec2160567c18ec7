"""Behaviour of S3 and RDS that moto lacks: bucket policies, zones and logins."""

import json
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.rds.models import DBCluster, RDSBackend
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response


def install() -> None:
    """Patches moto's S3 and RDS."""
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
    databases: Any = RDSBackend
    restore = databases.restore_db_cluster_from_snapshot
    # RDS also accepts the ARN of a snapshot, which its list contains.
    databases.restore_db_cluster_from_snapshot = lambda self, from_snapshot_id, overrides: restore(
        self, from_snapshot_id.split(":cluster-snapshot:")[-1], overrides
    )
    databases.delete_db_cluster = _deleting_automated_snapshots(databases.delete_db_cluster)
    configuration = DBCluster.get_cfg

    def get_cfg(self: Any) -> Any:
        # A restored cluster has no managed password, which moto expects.
        self.__dict__.setdefault("_master_user_password", "restored")
        return {**configuration(self), "manage_master_user_password": False}

    DBCluster.get_cfg = get_cfg  # type: ignore[method-assign]
    # RDS distributes the instances of a cluster across zones.
    cluster: Any = DBCluster
    cluster.multi_az = property(lambda self: len(self._members) > 1)
    # moto stores a change in a second attribute and keeps returning the first.
    cluster.iam_database_authentication_enabled = property(
        lambda self: bool(getattr(self, "enable_iam_database_authentication", self.iam_auth))
    )


def _deleting_automated_snapshots(delete: Any) -> Any:
    """Deletes automated snapshots with their cluster, as RDS does. moto keeps them and then refuses their names.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBCluster.html (DeleteAutomatedBackups)
    """

    def delete_with_snapshots(self: Any, cluster_identifier: str, snapshot_name: str | None = None) -> Any:
        deleted = delete(self, cluster_identifier, snapshot_name)
        for identifier, snapshot in list(self.cluster_snapshots.items()):
            is_of_cluster = snapshot.cluster.db_cluster_identifier == cluster_identifier
            if is_of_cluster and snapshot.snapshot_type == "automated":
                del self.cluster_snapshots[identifier]
        return deleted

    return delete_with_snapshots


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
