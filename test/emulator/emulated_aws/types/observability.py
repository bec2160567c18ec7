"""CloudWatch, CloudWatch Logs with its destinations, and X-Ray."""

from ..resource_type import Call, ResourceType, kept

TYPES = {
    "AWS::CDK::Metadata": ResourceType("cloudformation", None, ref="At.LogicalId"),
    "AWS::CloudWatch::Alarm": ResourceType(
        "cloudwatch",
        Call("put_metric_alarm"),
        ref="P.AlarmName",
        name="AlarmName",
        attributes={"Arn": "join(':', ['arn:aws:cloudwatch', At.Region, At.AccountId, 'alarm', P.AlarmName])"},
        update=Call("put_metric_alarm"),
        delete=Call("delete_alarms", {"AlarmNames": "[Ref]"}),
        listed=Call("describe_alarms", {"AlarmTypes": "['MetricAlarm']"}, "MetricAlarms[].AlarmName"),
    ),
    "AWS::CloudWatch::CompositeAlarm": ResourceType(
        "cloudwatch",
        Call("put_composite_alarm"),
        ref="P.AlarmName",
        name="AlarmName",
        attributes={"Arn": "join(':', ['arn:aws:cloudwatch', At.Region, At.AccountId, 'alarm', P.AlarmName])"},
        update=Call("put_composite_alarm"),
        delete=Call("delete_alarms", {"AlarmNames": "[Ref]"}),
        listed=Call("describe_alarms", {"AlarmTypes": "['CompositeAlarm']"}, "CompositeAlarms[].AlarmName"),
    ),
    "AWS::CloudWatch::Dashboard": ResourceType(
        "cloudwatch",
        Call("put_dashboard"),
        ref="P.DashboardName",
        name="DashboardName",
        update=Call("put_dashboard"),
        delete=Call("delete_dashboards", {"DashboardNames": "[Ref]"}),
        listed=Call("list_dashboards", result="DashboardEntries[].DashboardName"),
    ),
    "AWS::Logs::LogGroup": ResourceType(
        "logs",
        Call("create_log_group"),
        ref="P.LogGroupName",
        name="LogGroupName",
        attributes={
            "Arn": "join(':', ['arn:aws:logs', At.Region, At.AccountId, 'log-group', P.LogGroupName, '*'])",
        },
        apart={
            "RetentionInDays": Call("put_retention_policy", {"logGroupName": "Ref", "retentionInDays": "Value"})
        },
        delete=Call("delete_log_group", {"logGroupName": "Ref"}),
        listed=Call("describe_log_groups", result="logGroups[].logGroupName"),
    ),
    "AWS::Logs::LogStream": ResourceType(
        "logs",
        Call("create_log_stream"),
        ref="P.LogStreamName",
        name="LogStreamName",
        delete=Call("delete_log_stream", {"logGroupName": "P.LogGroupName", "logStreamName": "Ref"}),
    ),
    "AWS::Logs::SubscriptionFilter": ResourceType(
        "logs",
        Call("put_subscription_filter"),
        ref="P.FilterName",
        name="FilterName",
        update=Call("put_subscription_filter"),
        delete=Call("delete_subscription_filter", {"logGroupName": "P.LogGroupName", "filterName": "Ref"}),
    ),
    "AWS::KinesisFirehose::DeliveryStream": ResourceType(
        "firehose",
        Call("create_delivery_stream"),
        ref="P.DeliveryStreamName",
        name="DeliveryStreamName",
        attributes={"Arn": "Out.DeliveryStreamARN"},
        delete=Call("delete_delivery_stream", {"DeliveryStreamName": "Ref"}),
        listed=Call("list_delivery_streams", result="DeliveryStreamNames[]"),
    ),
    # moto's X-Ray supports traces, but no sampling rules.
    "AWS::XRay::SamplingRule": kept(
        "P.SamplingRule.RuleName",
        {
            "RuleARN": "join(':', ['arn:aws:xray', At.Region, At.AccountId, "
            "join('/', ['sampling-rule', P.SamplingRule.RuleName])])"
        },
    ),
    "AWS::Logs::ResourcePolicy": ResourceType(
        "logs",
        Call("put_resource_policy"),
        ref="P.PolicyName",
        update=Call("put_resource_policy"),
        delete=Call("delete_resource_policy", {"PolicyName": "Ref"}),
        listed=Call("describe_resource_policies", result="resourcePolicies[].policyName"),
    ),
    "AWS::Logs::DeliverySource": ResourceType(
        "logs",
        Call("put_delivery_source"),
        ref="P.Name",
        attributes={"Arn": "Out.deliverySource.arn"},
        delete=Call("delete_delivery_source", {"name": "Ref"}),
        listed=Call("describe_delivery_sources", result="deliverySources[].name"),
    ),
    "AWS::Logs::DeliveryDestination": ResourceType(
        "logs",
        Call(
            "put_delivery_destination",
            {"deliveryDestinationConfiguration": "{destinationResourceArn: P.DestinationResourceArn}"},
        ),
        ref="P.Name",
        ignored=("DestinationResourceArn",),
        attributes={"Arn": "Out.deliveryDestination.arn"},
        delete=Call("delete_delivery_destination", {"name": "Ref"}),
        listed=Call("describe_delivery_destinations", result="deliveryDestinations[].name"),
    ),
    "AWS::Logs::Delivery": ResourceType(
        "logs",
        Call("create_delivery"),
        ref="Out.delivery.id",
        attributes={"Arn": "Out.delivery.arn", "DeliveryId": "Ref"},
        delete=Call("delete_delivery", {"id": "Ref"}),
        listed=Call("describe_deliveries", result="deliveries[].id"),
    ),
}
