"""The policies of resources, and of the VPC endpoints that calls pass through."""

from collections.abc import Sequence
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.ec2.models import ec2_backends
from moto.ecr.models import ecr_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from ..stack import ACCOUNT_ID
from .policy import Statement, statements
from .sessions import Place

_GATEWAYS = ("s3", "dynamodb")


def resource_policy(arn: str) -> Sequence[Statement]:
    """The statements of a resource's own policy; empty if it has none."""
    if arn == "*":
        return ()
    _, _, service, region, _, resource = arn.split(":", 5)
    find = _SERVICES.get(service)
    document = find(region, resource) if find else None
    return statements(document, arn.split("/")[0] if service == "s3" else arn, "resource policy") if document else ()


def _of_bucket(_: str, resource: str) -> Any:
    bucket = s3_backends[ACCOUNT_ID]["aws"].buckets.get(resource.split("/")[0])
    return bucket.policy if bucket else None


def _of_key(region: str, resource: str) -> Any:
    return kms_backends[ACCOUNT_ID][region].keys[resource.removeprefix("key/")].policy


def _of_function(region: str, resource: str) -> Any:
    name = resource.split(":")[1]
    function = lambda_backends[ACCOUNT_ID][region].get_function(name)
    return {"Statement": function.policy.statements} if function.policy and function.policy.statements else None


def _of_secret(region: str, resource: str) -> Any:
    secrets = secretsmanager_backends[ACCOUNT_ID][region].secrets
    name = resource.removeprefix("secret:")
    return next((each.policy for each in secrets.values() if each.arn.endswith(f":secret:{name}")), None)


def _of_queue(region: str, resource: str) -> Any:
    queue = sqs_backends[ACCOUNT_ID][region].queues.get(resource)
    return queue.policy if queue else None


def _of_topic(region: str, resource: str) -> Any:
    topic = sns_backends[ACCOUNT_ID][region].topics.get(f"arn:aws:sns:{region}:{ACCOUNT_ID}:{resource}")
    return topic.policy if topic else None


def _of_repository(region: str, resource: str) -> Any:
    repository = ecr_backends[ACCOUNT_ID][region].repositories.get(resource.removeprefix("repository/"))
    return repository.policy if repository else None


_SERVICES = {
    "ecr": _of_repository,
    "kms": _of_key,
    "lambda": _of_function,
    "s3": _of_bucket,
    "secretsmanager": _of_secret,
    "sns": _of_topic,
    "sqs": _of_queue,
}


class NoWay(Exception):
    """The call does not reach the service."""


def endpoint_policy(place: Place, service: str, region: str) -> tuple[str, Sequence[Statement]] | None:
    """ID and statements of the endpoint that a call passes through; None if it uses the internet. @raises NoWay"""
    backend = ec2_backends[ACCOUNT_ID][place.region]
    subnet = backend.get_subnet(place.subnet_ids[0])
    tables = [
        table
        for table in backend.route_tables.values()
        if any(each.get("SubnetId") == subnet.id for each in table.associations)
    ]
    for endpoint in backend.vpc_end_points.values():
        if endpoint.vpc_id != subnet.vpc_id or endpoint.service_name != f"com.amazonaws.{region}.{service}":
            continue
        routed = any(each.id in (endpoint.route_table_ids or ()) for each in tables)
        if routed if service in _GATEWAYS else endpoint.private_dns_enabled:
            return endpoint.id, statements(endpoint.policy_document, endpoint.id, "endpoint policy")
    if not any(route.destination_cidr_block == "0.0.0.0/0" for each in tables for route in each.routes):
        raise NoWay(f"{subnet.id} has neither an endpoint for {service} in {region} nor a route to the internet.")
    return None


