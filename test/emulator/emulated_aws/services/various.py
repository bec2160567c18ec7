"""Smaller gaps of moto."""

from typing import Any, NoReturn

from moto.cloudtrail.responses import CloudTrailResponse
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.exceptions import ServiceException
from moto.core.responses import EmptyResult
from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.route53 import models as route53

_CLOUDFRONT_ADDRESSES = "com.amazonaws.global.cloudfront.origin-facing"


def install() -> None:
    """Patches moto."""
    response: Any = CloudWatchResponse
    response.put_composite_alarm = _put_composite_alarm
    trail: Any = CloudTrailResponse
    trail.lookup_events = _refuse
    prefixes: Any = ManagedPrefixListBackend
    create_default = prefixes.create_default_pls

    def create_default_pls(self: Any) -> None:
        create_default(self)
        self.create_managed_prefix_list(
            address_family="IPv4", prefix_list_name=_CLOUDFRONT_ADDRESSES, owner_id="AWS", max_entries="55"
        )

    prefixes.create_default_pls = create_default_pls
    zone_id = route53.create_route53_zone_id
    # As in all of Route 53.
    route53.create_route53_zone_id = lambda **named: f"Z{zone_id(**named)[1:]}"
    zones: Any = route53.Route53Backend
    zones.change_resource_record_sets = _forgetting_deleted_records(zones.change_resource_record_sets)
    gateways: Any = NatGatewayBackend
    delete_nat_gateway = gateways.delete_nat_gateway

    def delete_with_interface(self: Any, nat_gateway_id: str) -> Any:
        deleted = delete_nat_gateway(self, nat_gateway_id)
        self.delete_network_interface(deleted._eni.id)
        return deleted

    gateways.delete_nat_gateway = delete_with_interface


def _forgetting_deleted_records(change: Any) -> Any:
    """Lets a deleted record be created again. moto refuses it if other records follow: it searches its journal."""

    def change_and_forget(self: Any, zoneid: str, change_list: list[dict[str, Any]]) -> None:
        sets = [each["ResourceRecordSet"] for each in change_list if each["Action"] == "DELETE"]
        deleted = {(each["Name"].strip("."), each["Type"]) for each in sets}
        change(self, zoneid, change_list)
        journal = self.get_hosted_zone(zoneid).rr_changes
        journal[:] = [
            each
            for each in journal
            if (each["ResourceRecordSet"]["Name"].strip("."), each["ResourceRecordSet"]["Type"]) not in deleted
        ]

    return change_and_forget


class _NoTrail(ServiceException):
    """Refuses the CLI, which asks CloudTrail why a stack failed. It would repeat the question after a server error."""

    code = "AccessDeniedException"
    message = "The emulator keeps no trail."


def _refuse(_: Any) -> NoReturn:
    raise _NoTrail()


def _put_composite_alarm(self: Any) -> EmptyResult:
    given = self._get_params()
    alarm = self.cloudwatch_backend.put_metric_alarm(
        name=given["AlarmName"],
        rule=given["AlarmRule"],
        description=given.get("AlarmDescription", ""),
        actions_enabled=given.get("ActionsEnabled", True),
        alarm_actions=given.get("AlarmActions", []),
        ok_actions=given.get("OKActions", []),
        insufficient_data_actions=given.get("InsufficientDataActions", []),
        tags=given.get("Tags", []),
        namespace=None,
        metric_name=None,
        comparison_operator=None,
        evaluation_periods=None,
        period=None,
        threshold=None,
        statistic=None,
        dimensions=[],
    )
    alarm.rule = given["AlarmRule"]
    return EmptyResult()
