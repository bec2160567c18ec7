"""The resources of a region as the services list them. The inventory must be empty after everything is destroyed."""

from collections.abc import Mapping

from .api_call import Api, select
from .resource_type import Call
from .types import TYPES

# Resources that are in no template, because other resources or functions create them: service and call.
_BESIDES: Mapping[str, tuple[str, Call]] = {
    "network interface": ("ec2", Call("describe_network_interfaces", result="NetworkInterfaces[].NetworkInterfaceId")),
    # Automated snapshots are deleted with their database.
    "cluster snapshot": (
        "rds",
        Call(
            "describe_db_cluster_snapshots",
            result="DBClusterSnapshots[?SnapshotType!='automated'].DBClusterSnapshotIdentifier",
        ),
    ),
    "database snapshot": (
        "rds",
        Call("describe_db_snapshots", result="DBSnapshots[?SnapshotType!='automated'].DBSnapshotIdentifier"),
    ),
    "secret to be deleted": (
        "secretsmanager",
        Call("list_secrets", {"IncludePlannedDeletion": "`true`"}, "SecretList[?DeletedDate].Name"),
    ),
    "logging role of API Gateway": (
        "apigateway",
        Call("get_account", result="cloudwatchRoleArn && [cloudwatchRoleArn]"),
    ),
    "web ACL of CloudFront": ("wafv2", Call("list_web_acls", {"Scope": "'CLOUDFRONT'"}, "WebACLs[].Name")),
    "logging of CloudFront's web ACLs": (
        "wafv2",
        Call("list_logging_configurations", {"Scope": "'CLOUDFRONT'"}, "LoggingConfigurations[].ResourceArn"),
    ),
}


def inventory(api: Api) -> dict[str, list[str]]:
    """The names in each list of a region, without empty lists."""
    calls = {name: (row.service, row.listed, row.region) for name, row in TYPES.items() if row.listed}
    calls |= {name: (service, call, None) for name, (service, call) in _BESIDES.items()}
    found = {name: _listed(api, service, call, region) for name, (service, call, region) in calls.items()}
    found["AWS::KMS::Key"] = _usable_keys(api)
    return {name: sorted(items) for name, items in found.items() if items}


def _listed(api: Api, service: str, call: Call | None, region: str | None) -> list[str]:
    if call is None:
        return []
    parameters = {name: select(expression, {}) for name, expression in call.parameters.items()}
    return [str(each) for each in select(call.result, api.call(service, call.operation, parameters, region)) or []]


def _usable_keys(api: Api) -> list[str]:
    """KMS deletes keys after a waiting period, during which they do not count."""
    kms = api.client("kms")
    keys = [kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"] for each in kms.list_keys()["Keys"]]
    return [key["KeyId"] for key in keys if key["KeyState"] != "PendingDeletion" and key["KeyManager"] == "CUSTOMER"]
