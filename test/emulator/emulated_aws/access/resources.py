"""The resources that a call names, as ARNs of the types that IAM checks its action on."""

from collections.abc import Mapping
from typing import Any

from moto.secretsmanager.models import secretsmanager_backends

from ..api_call import select
from ..stack import ACCOUNT_ID
from .service_reference import resource_types

# By service and type: the parameters with names or ARNs, and the part of the ARN after the account.
_TYPES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    # CloudFormation omits the ID from the ARN of a stack that a call names.
    "cloudformation": {"stack": ("[StackName]", "stack/{}/*")},
    "cloudfront": {"distribution": ("[DistributionId]", "distribution/{}")},
    "codedeploy": {
        "application": ("[applicationName]", "application:{}"),
        "deploymentconfig": ("[deploymentConfigName]", "deploymentconfig:{}"),
        "deploymentgroup": ("[deploymentGroupName]", "deploymentgroup:{applicationName}/{}"),
    },
    "ec2": {"security-group": ("[GroupId]", "security-group/{}")},
    "ecs": {
        "service": ("[service, services, resourceArn][]", "service/{cluster}/{}"),
        "task": ("[task, tasks][]", "task/{cluster}/{}"),
        "task-definition": ("[taskDefinition]", "task-definition/{}"),
    },
    "elasticloadbalancing": {
        "listener-rule/app": ("[RuleArn, Rules[].RuleArn][]", "{}"),
        # The reference lists the tags of Classic Load Balancers only; the ARNs may be of any type.
        "loadbalancer": ("ResourceArns", "{}"),
    },
    "iam": {"role": ("[RoleName]", "role/{}")},
    "kms": {"key": ("[KeyId]", "key/{}")},
    "lambda": {"function": ("[FunctionName]", "function:{}")},
    "logs": {
        "log-group": ("[logGroupName]", "log-group:{}"),
        "log-stream": ("[logStreamName]", "log-group:{logGroupName}:log-stream:{}"),
    },
    "rds": {
        "cluster": ("[DBClusterIdentifier]", "cluster:{}"),
        "cluster-pg": ("[DBClusterParameterGroupName]", "cluster-pg:{}"),
        "cluster-snapshot": ("[SnapshotIdentifier, DBClusterSnapshotIdentifier]", "cluster-snapshot:{}"),
        "db": ("[DBInstanceIdentifier]", "db:{}"),
        "og": ("[OptionGroupName]", "og:{}"),
        "pg": ("[DBParameterGroupName]", "pg:{}"),
        "subgrp": ("[DBSubnetGroupName]", "subgrp:{}"),
    },
    "route53": {"hostedzone": ("[HostedZoneId]", "hostedzone/{}")},
    "s3": {"bucket": ("[Bucket]", "{}"), "object": ("[Key]", "{Bucket}/{}")},
    "secretsmanager": {"Secret": ("[SecretId]", "secret:{}")},
    "sns": {"topic": ("[TopicArn]", "{}")},
    "sqs": {"queue": ("[(QueueUrl && split('/', QueueUrl)[-1]) || QueueName]", "{}")},
    "states": {
        "execution": ("[executionArn]", "execution:{}"),
        "statemachine": ("[stateMachineArn]", "stateMachine:{}"),
    },
}
_PREFIXES = {
    "cloudfront": "arn:aws:cloudfront::{account}:",
    "iam": "arn:aws:iam::{account}:",
    "route53": "arn:aws:route53:::",
    "s3": "arn:aws:s3:::",
}
# RDS assigns a group to each new resource and checks the caller's permissions on it.
_DEFAULTS = {
    "og": "[Engine && EngineVersion && join('', ['default:', Engine, '-', split('.', EngineVersion)[0]])]",
}


class UnknownResource(Exception):
    """The emulator cannot find the resource of the call."""


def resources(action: str, parameters: Mapping[str, Any], region: str) -> list[str]:
    """The ARNs on which IAM checks the action of a call. @raises UnknownResource"""
    service = action.partition(":")[0]
    declared = resource_types(action)
    if not declared:
        return ["*"]
    table = _TYPES.get(service, {})
    found = [arn for name in declared if name in table for arn in _arns(service, table[name], parameters, region)]
    if service == "rds":
        found += _of_rds(action, declared, table, parameters, region)
    if not found:
        raise UnknownResource(f"{action} names no {' or '.join(declared)} that is known here; add it to resources.py.")
    return found


def arn(service: str, region: str, resource: str) -> str:
    """An ARN of this account."""
    prefix = _PREFIXES.get(service, "arn:aws:{service}:{region}:{account}:")
    return prefix.format(service=service, region=region, account=ACCOUNT_ID) + resource


def _arns(service: str, row: tuple[str, str], parameters: Mapping[str, Any], region: str) -> list[str]:
    expression, form = row
    names = [name for name in select(expression, parameters) or [] if name]
    within = {**parameters, "cluster": str(parameters.get("cluster", "default")).split("/")[-1]}
    return [
        _stored(service, name if name.startswith("arn:") else arn(service, region, form.format(name, **within)), region)
        for name in names
    ]


def _stored(service: str, wanted: str, region: str) -> str:
    """Calls name a secret by its name, but IAM checks its ARN, which ends with random characters."""
    if service != "secretsmanager":
        return wanted
    name = wanted.split(":secret:")[1]
    secrets = secretsmanager_backends[ACCOUNT_ID][region].secrets
    return secrets[name].arn if name in secrets else wanted


def _of_rds(
    action: str,
    declared: Mapping[str, bool],
    table: Mapping[str, tuple[str, str]],
    parameters: Mapping[str, Any],
    region: str,
) -> list[str]:
    """A list without filters covers all resources. New resources have groups, whether the call names them or not."""
    missing = [name for name in declared if name in table and not _arns("rds", table[name], parameters, region)]
    if action.startswith("rds:Describe"):
        return [arn("rds", region, table[name][1].format("*")) for name in missing]
    return [
        each
        for name in missing
        if declared[name] and name in _DEFAULTS
        for each in _arns("rds", (_DEFAULTS[name], table[name][1]), parameters, region)
    ]
