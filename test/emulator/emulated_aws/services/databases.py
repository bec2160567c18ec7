"""Behaviour of RDS that moto lacks: logins, zones, renaming, restoring and automated snapshots."""

import random
import string
from typing import Any

from moto.rds.models import DBCluster, DBInstance, DBInstanceClustered, RDSBackend


def install() -> None:
    """Patches moto's RDS."""
    databases: Any = RDSBackend
    restore = databases.restore_db_cluster_from_snapshot
    # RDS also accepts the ARN of a snapshot, which its list contains.
    databases.restore_db_cluster_from_snapshot = lambda self, from_snapshot_id, overrides: restore(
        self, from_snapshot_id.split(":cluster-snapshot:")[-1], overrides
    )
    databases.restore_db_cluster_to_point_in_time = _as_rds_restores(databases.restore_db_cluster_to_point_in_time)
    databases.modify_db_cluster = _renaming_with_instances(databases.modify_db_cluster)
    databases.delete_db_cluster = _deleting_automated_snapshots(databases.delete_db_cluster)
    for name in ("create_auto_snapshot", "create_auto_cluster_snapshot"):
        setattr(databases, name, _once_a_minute(getattr(databases, name)))
    _patch_clusters()
    instance: Any = DBInstance
    create_instance = instance.__init__

    def create_with_resource_id(self: Any, *args: Any, **named: Any) -> None:
        create_instance(self, *args, **named)
        # moto gives the same one to all.
        self.dbi_resource_id = f"db-{''.join(random.choices(string.ascii_uppercase + string.digits, k=26))}"

    instance.__init__ = create_with_resource_id


def _patch_clusters() -> None:
    configuration = DBCluster.get_cfg

    def get_cfg(self: Any) -> Any:
        # A restored cluster has no managed password, which moto expects.
        self.__dict__.setdefault("_master_user_password", "restored")
        return {**configuration(self), "manage_master_user_password": False}

    DBCluster.get_cfg = get_cfg  # type: ignore[method-assign]
    cluster: Any = DBCluster
    # RDS distributes the instances of a cluster across zones.
    cluster.multi_az = property(lambda self: len(self._members) > 1)
    # moto stores a change in a second attribute and keeps returning the first.
    cluster.iam_database_authentication_enabled = property(
        lambda self: bool(getattr(self, "enable_iam_database_authentication", self.iam_auth))
    )


def _as_rds_restores(restore: Any) -> Any:
    """Restores a cluster whose password RDS does not manage yet, and which tells its key by ARN.

    moto copies the setting of the source, and keeps the key as it is given.
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html
    """

    def restore_as_rds(self: Any, **given: Any) -> Any:
        key = {"kms_key_id": self._validate_kms_key(given["kms_key_id"])} if given.get("kms_key_id") else {}
        password = {"manage_master_user_password": False, "master_user_password": "restored"}
        return restore(self, **{**given, **key, **password})

    return restore_as_rds


def _renaming_with_instances(modify: Any) -> Any:
    """Keeps the instances of a renamed cluster. moto leaves them to the next cluster of the former name."""

    def modify_with_instances(self: Any, kwargs: dict[str, Any]) -> Any:
        former, name = kwargs["db_cluster_identifier"], kwargs.get("new_db_cluster_identifier")
        modified = modify(self, kwargs)
        for instance in self.databases.values():
            if name and isinstance(instance, DBInstanceClustered) and instance.db_cluster_identifier == former:
                instance.db_cluster_identifier = name
        return modified

    return modify_with_instances


def _once_a_minute(create: Any) -> Any:
    """Names of automated snapshots contain the minute. Here, a database may take over a name within the same minute."""

    def create_unless_exists(self: Any, database: str, snapshot: str) -> Any:
        existing = self.cluster_snapshots.get(snapshot) or self.database_snapshots.get(snapshot)
        return existing or create(self, database, snapshot)

    return create_unless_exists


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
