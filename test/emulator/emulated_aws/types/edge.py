"""CloudFront, WAF and Route 53."""

from ..resource_type import Call, ResourceType

_CLOUDFRONT = "us-east-1"
_ACL = {"Id": "Ref | split('|', @)[1]", "Name": "P.Name", "Scope": "P.Scope"}


def _record(action: str) -> Call:
    record = (
        "{Name: P.Name, Type: P.Type, TTL: P.TTL, ResourceRecords: P.ResourceRecords[].{Value: @}, "
        "AliasTarget: P.AliasTarget && merge(`{\"EvaluateTargetHealth\": false}`, P.AliasTarget)}"
    )
    changes = f"{{Changes: [{{Action: '{action}', ResourceRecordSet: {record}}}]}}"
    return Call("change_resource_record_sets", {"HostedZoneId": "P.HostedZoneId", "ChangeBatch": changes})


_DISTRIBUTION_CONFIG = "merge(P.DistributionConfig, {CallerReference: At.LogicalId})"

TYPES = {
    "AWS::CloudFront::Distribution": ResourceType(
        "cloudfront",
        Call(
            "create_distribution_with_tags",
            {
                "DistributionConfigWithTags": "{Tags: {Items: P.Tags}, "
                f"DistributionConfig: {_DISTRIBUTION_CONFIG}}}"
            },
        ),
        ref="Out.Distribution.Id",
        region=_CLOUDFRONT,
        bare=True,
        attributes={"DomainName": "Out.Distribution.DomainName", "Id": "Ref"},
        # moto requires a version and accepts any.
        update=Call(
            "update_distribution",
            {"Id": "Ref", "IfMatch": "Out.ETag", "DistributionConfig": _DISTRIBUTION_CONFIG},
        ),
        delete=Call("emulator.delete_distribution", {"Id": "Ref"}),
        listed=Call("list_distributions", result="DistributionList.Items[].Id"),
    ),
    "AWS::CloudFront::OriginAccessControl": ResourceType(
        "cloudfront",
        Call("create_origin_access_control"),
        ref="Out.OriginAccessControl.Id",
        region=_CLOUDFRONT,
        attributes={"Id": "Ref"},
        delete=Call("delete_origin_access_control", {"Id": "Ref"}),
        listed=Call("list_origin_access_controls", result="OriginAccessControlList.Items[].Id"),
    ),
    "AWS::CloudFront::CachePolicy": ResourceType(
        "cloudfront",
        Call("create_cache_policy"),
        ref="Out.CachePolicy.Id",
        region=_CLOUDFRONT,
        attributes={"Id": "Ref"},
        delete=Call("delete_cache_policy", {"Id": "Ref"}),
        listed=Call("list_cache_policies", {"Type": "'custom'"}, "CachePolicyList.Items[].CachePolicy.Id"),
    ),
    "AWS::CloudFront::ResponseHeadersPolicy": ResourceType(
        "cloudfront",
        Call("create_response_headers_policy"),
        ref="Out.ResponseHeadersPolicy.Id",
        region=_CLOUDFRONT,
        attributes={"Id": "Ref"},
        delete=Call("delete_response_headers_policy", {"Id": "Ref"}),
        listed=Call(
            "list_response_headers_policies",
            {"Type": "'custom'"},
            "ResponseHeadersPolicyList.Items[].ResponseHeadersPolicy.Id",
        ),
    ),
    "AWS::CloudFront::Function": ResourceType(
        "cloudfront",
        Call("create_function"),
        ref="Out.FunctionSummary.FunctionMetadata.FunctionARN",
        name="Name",
        region=_CLOUDFRONT,
        ignored=("AutoPublish", "Tags"),
        attributes={"FunctionARN": "Ref"},
        delete=Call("delete_function", {"Name": "P.Name", "IfMatch": "Out.ETag"}),
        listed=Call("list_functions", result="FunctionList.Items[].Name"),
    ),
    "AWS::WAFv2::WebACL": ResourceType(
        "wafv2",
        Call("create_web_acl"),
        ref="join('|', [P.Name, Out.Summary.Id, P.Scope])",
        name="Name",
        attributes={"Arn": "Out.Summary.ARN", "Id": "Out.Summary.Id"},
        delete=Call("emulator.delete_web_acl", _ACL),
        listed=Call("list_web_acls", {"Scope": "'REGIONAL'"}, "WebACLs[].Name"),
    ),
    "AWS::WAFv2::RuleGroup": ResourceType(
        "wafv2",
        Call("create_rule_group"),
        ref="join('|', [P.Name, Out.Summary.Id, P.Scope])",
        name="Name",
        attributes={"Arn": "Out.Summary.ARN", "Id": "Out.Summary.Id"},
        delete=Call("emulator.delete_rule_group", _ACL),
        listed=Call("list_rule_groups", {"Scope": "'REGIONAL'"}, "RuleGroups[].Name"),
    ),
    "AWS::WAFv2::WebACLAssociation": ResourceType(
        "wafv2",
        Call("associate_web_acl"),
        ref="join('|', [P.WebACLArn, P.ResourceArn])",
        delete=Call("disassociate_web_acl", {"ResourceArn": "P.ResourceArn"}),
    ),
    "AWS::WAFv2::LoggingConfiguration": ResourceType(
        "wafv2",
        Call("put_logging_configuration", {"LoggingConfiguration": "P"}),
        ref="P.ResourceArn",
        bare=True,
        delete=Call("delete_logging_configuration", {"ResourceArn": "P.ResourceArn"}),
        listed=Call(
            "list_logging_configurations", {"Scope": "'REGIONAL'"}, "LoggingConfigurations[].ResourceArn"
        ),
    ),
    "AWS::Route53::HostedZone": ResourceType(
        "route53",
        Call("create_hosted_zone", {"CallerReference": "At.LogicalId"}),
        ref="Out.HostedZone.Id | split('/', @)[2]",
        attributes={"Id": "Ref", "NameServers": "Out.DelegationSet.NameServers"},
        apart={
            "HostedZoneTags": Call(
                "change_tags_for_resource", {"ResourceType": "'hostedzone'", "ResourceId": "Ref", "AddTags": "Value"}
            )
        },
        delete=Call("delete_hosted_zone", {"Id": "Ref"}),
        listed=Call("list_hosted_zones", result="HostedZones[].Name"),
    ),
    "AWS::Route53::RecordSet": ResourceType(
        "route53",
        _record("CREATE"),
        ref="P.Name",
        bare=True,
        delete=_record("DELETE"),
    ),
}
