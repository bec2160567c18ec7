"""Shifts the traffic of an ECS service from one task set to another, as CodeDeploy does."""

import json
from typing import Any

from moto.core.exceptions import ServiceException
from moto.ecs.models import ecs_backends
from moto.elbv2.models import elbv2_backends

from . import ecs


class Refused(ServiceException):
    """An error with the name that CodeDeploy uses."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def service_named(account: str, region: str, wanted: dict[str, str]) -> Any:
    """The service of a deployment group."""
    found, _ = ecs_backends[account][region].describe_services(wanted["clusterName"], [wanted["serviceName"]])
    if not found:
        raise Refused("InvalidECSServiceException", f"There is no service {wanted['serviceName']}.")
    return found[0]


def primary(service: Any) -> Any:
    """The task set that receives the traffic."""
    return next(each for each in service.task_sets if each.status == "PRIMARY")


def target_group(service: Any, name: str) -> Any:
    """The blue or the green target group, by name."""
    groups = elbv2_backends[service._account_id][service.region_name].target_groups.values()
    return next(each for each in groups if each.name == name)


def shift(service: Any, green: Any, pair: dict[str, Any]) -> None:
    """Points every listener rule of the old tasks to the new ones, and stops the old tasks."""
    blue = primary(service)
    old, new = (each.load_balancers[0]["targetGroupArn"] for each in (blue, green))
    weights = [{"TargetGroupArn": new, "Weight": 100}, {"TargetGroupArn": old, "Weight": 0}]
    action = {"Type": "forward", "Order": 1, "ForwardConfig": {"TargetGroups": weights}}
    balancing = elbv2_backends[service._account_id][service.region_name]
    for listener in pair["prodTrafficRoute"]["listenerArns"]:
        for rule in balancing.describe_rules(listener_arn=listener, rule_arns=None):
            if not rule.is_default and old in json.dumps([each.data for each in rule.actions]):
                balancing.modify_rule(rule_arn=rule.arn, conditions=[], actions=[action])
    ecs.fill(service, blue, 0)
    service.task_sets.remove(blue)
    green.status = "PRIMARY"
    service.load_balancers, service.task_definition = green.load_balancers, green.task_definition
