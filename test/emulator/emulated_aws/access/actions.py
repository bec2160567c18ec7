"""The IAM actions of a call. Their names can differ from that of the operation."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from moto.rds.models import rds_backends

from ..stack import ACCOUNT_ID
from .api_request import ApiRequest
from .resources import resources

_PREFIXES = {"monitoring": "cloudwatch"}
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
_RENAMED: Mapping[tuple[str, str], str] = {
    ("lambda", "Invoke"): "InvokeFunction",
    ("s3", "CompleteMultipartUpload"): "PutObject",
    ("s3", "CreateMultipartUpload"): "PutObject",
    ("s3", "HeadBucket"): "ListBucket",
    ("s3", "ListObjects"): "ListBucket",
    ("s3", "ListObjectsV2"): "ListBucket",
    ("s3", "ListObjectVersions"): "ListBucketVersions",
    ("s3", "UploadPart"): "PutObject",
}
_READS = ("GetObject", "HeadObject")


def actions_of(request: ApiRequest) -> Iterator[tuple[str, str]]:
    """Pairs of action and resource."""
    if request.service == "apigateway":
        # API Gateway's actions are HTTP methods on paths.
        yield f"apigateway:{request.method}", f"arn:aws:apigateway:{request.region}::{request.path.removeprefix('/v2')}"
    elif request.service == "s3":
        yield from _of_s3(request.operation, request.parameters, request.region)
    elif request.service == "codedeploy":
        yield from _of_code_deploy(request.operation, request.parameters, request.region)
    else:
        service = _PREFIXES.get(request.service, request.service)
        name = _RENAMED.get((service, request.operation), request.operation)
        given = _with_version(request) if service == "rds" else request.parameters
        for resource in resources(f"{service}:{name}", given, request.region):
            yield f"{service}:{name}", resource
        yield from _tagging(service, request)


def _of_s3(operation: str, given: Mapping[str, Any], region: str) -> Iterator[tuple[str, str]]:
    def on_object(action: str, key: str, bucket: str = str(given.get("Bucket"))) -> tuple[str, str]:
        return f"s3:{action}", f"arn:aws:s3:::{bucket}/{key}"

    if operation == "DeleteObjects":
        for each in given["Delete"]["Objects"]:
            yield on_object("DeleteObjectVersion" if each.get("VersionId") else "DeleteObject", each["Key"])
    elif operation in (*_READS, "DeleteObject"):
        name = "GetObject" if operation in _READS else operation
        yield on_object(f"{name}Version" if given.get("VersionId") else name, given["Key"])
    elif operation == "CopyObject":
        bucket, _, key = unquote(given["CopySource"]).lstrip("/").partition("/")
        yield on_object("GetObject", key.partition("?versionId=")[0], bucket)
        yield on_object("PutObject", given["Key"])
    else:
        name = _RENAMED.get(("s3", operation), operation)
        for resource in resources(f"s3:{name}", given, region):
            yield f"s3:{name}", resource
    if given.get("Tagging") and operation in ("PutObject", "CopyObject", "CreateMultipartUpload"):
        yield on_object("PutObjectTagging", given["Key"])
    if given.get("ACL") and operation in ("PutObject", "CopyObject", "CreateMultipartUpload"):
        yield on_object("PutObjectAcl", given["Key"])


def _of_code_deploy(operation: str, given: Mapping[str, Any], region: str) -> Iterator[tuple[str, str]]:
    """IAM checks deployments on their group. Their creation also needs the configuration and a registered revision."""
    # Services import this package.
    from ..services.code_deploy import deployment_parameters, group_parameters

    if "deploymentId" in given:
        given = {**given, **deployment_parameters(region, given["deploymentId"])}
    names = [operation]
    if operation == "CreateDeployment":
        names += ["GetDeploymentConfig", "RegisterApplicationRevision"]
        given = {**group_parameters(region, given["applicationName"], given["deploymentGroupName"]), **given}
    for action in (f"codedeploy:{name}" for name in names):
        for resource in resources(action, given, region):
            yield action, resource


def _with_version(request: ApiRequest) -> Mapping[str, Any]:
    """A restored database has the version of its snapshot, which determines the option group."""
    snapshot_id = str(request.parameters.get("SnapshotIdentifier", "")).split(":cluster-snapshot:")[-1]
    snapshot = rds_backends[ACCOUNT_ID][request.region].cluster_snapshots.get(snapshot_id)
    version = {"EngineVersion": snapshot.cluster.engine_version} if snapshot else {}
    return {**version, **request.parameters}


def _tagging(service: str, request: ApiRequest) -> Iterator[tuple[str, str]]:
    """Creating a resource with tags requires permission to tag it."""
    given = request.parameters
    if service == "rds" and given.get("Tags"):
        made = {"RestoreDBClusterFromSnapshot": "DBClusterIdentifier", "CreateDBInstance": "DBInstanceIdentifier"}
        name = {made[request.operation]: given[made[request.operation]]}
        for resource in resources("rds:AddTagsToResource", name, request.region):
            yield "rds:AddTagsToResource", resource
    elif service == "ecs" and given.get("tags") and request.operation != "TagResource":
        raise NotImplementedError(f"ecs:{request.operation} with tags needs ecs:TagResource; add it to actions.py.")
