"""Operations of CloudFormation that take several calls, because their order or a response matters."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .api_call import Api


def _archive(name: str, source: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, source)
    return content.getvalue()


_WRITES_LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
_NOTHING_TO_DO = _archive("index.py", "def handler(event, context):\n    return None\n")


def _create_secret(api: Api, parameters: dict[str, Any]) -> Any:
    """A secret with a generated value, alone or inside a template."""
    generate = parameters.pop("GenerateSecretString", None)
    if generate is not None:
        about_template = ("SecretStringTemplate", "GenerateStringKey")
        wanted = {name: value for name, value in generate.items() if name not in about_template}
        password = api.call("secretsmanager", "get_random_password", wanted)["RandomPassword"]
        if "SecretStringTemplate" in generate:
            value = {**json.loads(generate["SecretStringTemplate"]), generate["GenerateStringKey"]: password}
            password = json.dumps(value)
        parameters["SecretString"] = password
    return api.call("secretsmanager", "create_secret", parameters)


def _delete_distribution(api: Api, parameters: dict[str, Any]) -> None:
    """Disables a distribution first, because CloudFront deletes only disabled ones."""
    cloudfront = api.client("cloudfront", "us-east-1")
    current = cloudfront.get_distribution_config(Id=parameters["Id"])
    config = {**current["DistributionConfig"], "Enabled": False}
    disabled = cloudfront.update_distribution(
        Id=parameters["Id"], IfMatch=current["ETag"], DistributionConfig=config
    )
    cloudfront.delete_distribution(Id=parameters["Id"], IfMatch=disabled["ETag"])


def _delete_locked(kind: str, api: Api, parameters: dict[str, Any]) -> None:
    """Reads the lock token first, because WAF deletes only with the latest one."""
    lock = {"LockToken": api.call("wafv2", f"get_{kind}", parameters)["LockToken"]}
    api.call("wafv2", f"delete_{kind}", {**parameters, **lock})


def _attach_secret(api: Api, parameters: dict[str, Any]) -> None:
    """Adds the connection details of the database to the secret."""
    clusters = api.call("rds", "describe_db_clusters", {"DBClusterIdentifier": parameters["TargetId"]})["DBClusters"]
    [cluster] = clusters
    current = api.call("secretsmanager", "get_secret_value", {"SecretId": parameters["SecretId"]})["SecretString"]
    value = {
        **json.loads(current),
        "engine": "postgres",
        "host": cluster["Endpoint"],
        "port": cluster["Port"],
        "dbname": cluster.get("DatabaseName"),
        "dbClusterIdentifier": cluster["DBClusterIdentifier"],
    }
    api.call("secretsmanager", "put_secret_value", {"SecretId": parameters["SecretId"], "SecretString": value})


def _rotate_secret(api: Api, parameters: dict[str, Any]) -> Any:
    """Creates the hosted rotation function: here a function with the requested name that does nothing."""
    hosted = parameters.pop("HostedRotationLambda", None)
    if hosted is not None:
        parameters["RotationLambdaARN"] = _create_rotation_function(api, hosted["RotationLambdaName"])
    # moto supports days only; it treats a secret with a schedule expression as not rotated.
    days = re.fullmatch(r"rate\((\d+) days?\)", parameters.get("RotationRules", {}).get("ScheduleExpression", ""))
    if days:
        parameters["RotationRules"] = {"AutomaticallyAfterDays": days[1]}
    return api.call("secretsmanager", "rotate_secret", parameters)


def _create_rotation_function(api: Api, name: str) -> str:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    policy = {"Version": "2012-10-17", "Statement": [trust]}
    role = api.call("iam", "create_role", {"RoleName": name, "AssumeRolePolicyDocument": policy})["Role"]
    api.call("iam", "attach_role_policy", {"RoleName": name, "PolicyArn": _WRITES_LOGS})
    function = {
        "FunctionName": name,
        "Role": role["Arn"],
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Code": {"ZipFile": _NOTHING_TO_DO},
    }
    return str(api.call("lambda", "create_function", function)["FunctionArn"])


def _stop_rotation(api: Api, parameters: dict[str, Any]) -> None:
    """Deletes the hosted function and its role together with the schedule."""
    hosted = parameters.get("HostedRotationLambda")
    if hosted or parameters.get("RotationLambdaARN"):
        api.call("secretsmanager", "cancel_rotate_secret", {"SecretId": parameters["SecretId"]})
    if hosted:
        api.call("lambda", "delete_function", {"FunctionName": hosted["RotationLambdaName"]})
        role = {"RoleName": hosted["RotationLambdaName"], "PolicyArn": _WRITES_LOGS}
        api.call("iam", "detach_role_policy", role)
        api.call("iam", "delete_role", {"RoleName": hosted["RotationLambdaName"]})


def _request_certificate(api: Api, parameters: dict[str, Any]) -> Any:
    """If the hosted zone is given, CloudFormation validates the certificate there and leaves the records behind."""
    zones = parameters.pop("DomainValidationOptions", [])
    made = api.call("acm", "request_certificate", parameters)
    arn = {"CertificateArn": made["CertificateArn"]}
    described = api.call("acm", "describe_certificate", arn)["Certificate"]
    records = [each["ResourceRecord"] for each in described["DomainValidationOptions"]]
    sets = [
        {"Name": each["Name"], "Type": each["Type"], "TTL": 300, "ResourceRecords": [{"Value": each["Value"]}]}
        for each in records
    ]
    changes = [{"Action": "UPSERT", "ResourceRecordSet": each} for each in sets]
    for zone in zones:
        batch = {"HostedZoneId": zone["HostedZoneId"], "ChangeBatch": {"Changes": changes}}
        api.call("route53", "change_resource_record_sets", batch)
    return made


COMPOUND_CALLS: Mapping[str, Callable[[Api, dict[str, Any]], Any]] = {
    "attach_secret": _attach_secret,
    "create_secret": _create_secret,
    "delete_distribution": _delete_distribution,
    "delete_rule_group": partial(_delete_locked, "rule_group"),
    "delete_web_acl": partial(_delete_locked, "web_acl"),
    "request_certificate": _request_certificate,
    "rotate_secret": _rotate_secret,
    "stop_rotation": _stop_rotation,
}
