"""How services use KMS keys with the permissions of the caller."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from moto.kms.models import kms_backends
from moto.rds.models import rds_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from ..stack import ACCOUNT_ID
from .api_request import ApiRequest

_READ = ("kms:Decrypt",)
_WRITE = ("kms:GenerateDataKey", "kms:Decrypt")


@dataclass(frozen=True)
class KeyUse:
    """Calls of KMS that `service` makes with the caller's permissions."""

    service: str
    key_arn: str
    actions: tuple[str, ...]
    encryption_context: Mapping[str, str] = field(default_factory=dict)


def key_uses(request: ApiRequest) -> Iterator[KeyUse]:
    """None for AWS managed keys: their policies allow every caller through the service."""
    find = _SERVICES.get(request.service)
    if find is not None:
        yield from find(request)


def key_arn(key_id: str | None, region: str) -> str | None:
    """The customer managed key behind an id, an ARN or an alias."""
    if not key_id or "alias/aws/" in key_id:
        return None
    key = kms_backends[ACCOUNT_ID][region].describe_key(key_id)
    return str(key.arn) if key.key_manager == "CUSTOMER" else None


def _secrets(request: ApiRequest) -> Iterator[KeyUse]:
    """https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"""
    actions = {"GetSecretValue": _READ, "BatchGetSecretValue": _READ, "PutSecretValue": _WRITE, "UpdateSecret": _WRITE}
    used = actions.get(request.operation, ())
    secrets = secretsmanager_backends[ACCOUNT_ID][request.region].secrets
    wanted = request.parameters.get("SecretId", "")
    if request.operation == "CreateSecret":
        raise NotImplementedError("secretsmanager:CreateSecret; add it to key_uses.py.")
    if used and wanted in secrets:
        secret = secrets[wanted]
        key = key_arn(secret.kms_key_id, request.region)
        if key:
            yield KeyUse("secretsmanager", key, used, {"SecretARN": secret.arn})


def _objects(request: ApiRequest) -> Iterator[KeyUse]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"""
    given = request.parameters
    buckets = s3_backends[ACCOUNT_ID]["aws"].buckets
    bucket = buckets.get(given.get("Bucket", ""))
    if bucket is None:
        return
    if request.operation in ("PutObject", "CreateMultipartUpload", "UploadPart", "CopyObject"):
        key = key_arn(given.get("SSEKMSKeyId") or _default_key(bucket, given), request.region)
        if key:
            yield KeyUse("s3", key, _WRITE, _object_context(bucket, given["Key"]))
    if request.operation == "CopyObject":
        name, _, object_key = unquote(given["CopySource"]).lstrip("/").partition("/")
        yield from _reading(buckets.get(name), object_key.partition("?versionId=")[0], request.region)
    # The checksum is encrypted with the object.
    with_checksum = request.operation == "HeadObject" and given.get("ChecksumMode") == "ENABLED"
    if request.operation == "GetObject" or with_checksum:
        yield from _reading(bucket, given["Key"], request.region)


def _default_key(bucket: Any, given: Mapping[str, Any]) -> str | None:
    if given.get("ServerSideEncryption") == "AES256":
        return None
    rule = (bucket.encryption or {}).get("Rule", {})
    return rule.get("ApplyServerSideEncryptionByDefault", {}).get("KMSMasterKeyID")


def _reading(bucket: Any, object_key: str, region: str) -> Iterator[KeyUse]:
    stored = bucket.keys.get(object_key) if bucket else None
    key = key_arn(stored.kms_key_id, region) if stored else None
    if key:
        yield KeyUse("s3", key, _READ, _object_context(bucket, object_key))


def _object_context(bucket: Any, object_key: str) -> Mapping[str, str]:
    rule = (bucket.encryption or {}).get("Rule", {})
    shared = str(rule.get("BucketKeyEnabled", "false")).lower() == "true"
    return {"aws:s3:arn": f"arn:aws:s3:::{bucket.name}" if shared else f"arn:aws:s3:::{bucket.name}/{object_key}"}


def _messages(request: ApiRequest) -> Iterator[KeyUse]:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"""
    used = {"SendMessage": _WRITE, "SendMessageBatch": _WRITE, "ReceiveMessage": _READ}.get(request.operation)
    if used:
        queue = sqs_backends[ACCOUNT_ID][request.region].queues[str(request.parameters["QueueUrl"]).split("/")[-1]]
        key = key_arn(queue.kms_master_key_id, request.region)
        if key:
            yield KeyUse("sqs", key, used, {"aws:sqs:arn": queue.queue_arn})


def _notifications(request: ApiRequest) -> Iterator[KeyUse]:
    """https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"""
    if request.operation in ("Publish", "PublishBatch"):
        topic = sns_backends[ACCOUNT_ID][request.region].topics[request.parameters["TopicArn"]]
        key = key_arn(topic.kms_master_key_id, request.region)
        if key:
            yield KeyUse("sns", key, _WRITE, {"aws:sns:topicArn": topic.arn})


def _databases(request: ApiRequest) -> Iterator[KeyUse]:
    """https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html"""
    given = request.parameters
    backend = rds_backends[ACCOUNT_ID][request.region]
    used = ("kms:CreateGrant", "kms:DescribeKey")
    key = None
    if request.operation == "RestoreDBClusterFromSnapshot":
        snapshot = backend.cluster_snapshots.get(given["SnapshotIdentifier"].split(":cluster-snapshot:")[-1])
        key = given.get("KmsKeyId") or getattr(snapshot, "kms_key_id", None)
    elif request.operation == "CreateDBInstance":
        cluster = backend.clusters.get(given.get("DBClusterIdentifier"))
        key = given.get("KmsKeyId") or getattr(cluster, "kms_key_id", None)
    arn = key_arn(key, request.region)
    if arn:
        yield KeyUse("rds", arn, used)


_SERVICES = {
    "rds": _databases,
    "s3": _objects,
    "secretsmanager": _secrets,
    "sns": _notifications,
    "sqs": _messages,
}
