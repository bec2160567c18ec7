"""API Gateway."""

from ..resource_type import Call, ResourceType

_API = {"restApiId": "P.RestApiId"}
_METHOD = {**_API, "resourceId": "P.ResourceId", "httpMethod": "P.HttpMethod"}
_LOG = "{op: 'replace', path: '/accessLogSettings/%s', value: Value.%s}"


def _setting(path: str, name: str) -> Call:
    """A setting of a method of a stage, such as `/~1v1~1payments/POST/throttling/rateLimit`."""
    operation = (
        f"{{op: 'replace', value: to_string(Value.{name}), "
        f"path: join('/', [Value.ResourcePath, Value.HttpMethod, '{path}'])}}"
    )
    return Call(
        "update_stage",
        {**_API, "stageName": "P.StageName", "patchOperations": f"[{operation}]"},
        each=f"Value[?{name} != `null`]",
    )


TYPES = {
    "AWS::ApiGateway::RestApi": ResourceType(
        "apigateway",
        Call("create_rest_api"),
        ref="Out.id",
        attributes={
            "RestApiId": "Ref",
            "RootResourceId": Call("get_resources", {"restApiId": "Ref"}, "Answer.items[?path=='/'].id | [0]"),
        },
        delete=Call("delete_rest_api", {"restApiId": "Ref"}),
        listed=Call("get_rest_apis", result="items[].name"),
    ),
    "AWS::ApiGateway::Resource": ResourceType(
        "apigateway",
        Call("create_resource"),
        ref="Out.id",
        attributes={"ResourceId": "Ref"},
        delete=Call("delete_resource", {**_API, "resourceId": "Ref"}),
    ),
    "AWS::ApiGateway::Method": ResourceType(
        "apigateway",
        Call("put_method"),
        ref="join('|', [P.RestApiId, P.ResourceId, P.HttpMethod])",
        apart={
            "Integration": Call(
                "put_integration",
                {
                    **_METHOD,
                    "type": "Value.Type",
                    "integrationHttpMethod": "Value.IntegrationHttpMethod",
                    "uri": "Value.Uri",
                    "connectionType": "Value.ConnectionType",
                    "connectionId": "Value.ConnectionId",
                    "requestParameters": "Value.RequestParameters",
                    "requestTemplates": "Value.RequestTemplates",
                    "passthroughBehavior": "Value.PassthroughBehavior",
                    "integrationTarget": "Value.IntegrationTarget",
                },
            )
        },
        delete=Call("delete_method", _METHOD),
    ),
    "AWS::ApiGateway::GatewayResponse": ResourceType(
        "apigateway",
        Call("put_gateway_response"),
        ref="join('|', [P.RestApiId, P.ResponseType])",
        update=Call("put_gateway_response"),
        delete=Call("delete_gateway_response", {**_API, "responseType": "P.ResponseType"}),
    ),
    "AWS::ApiGateway::RequestValidator": ResourceType(
        "apigateway",
        Call("create_request_validator"),
        ref="Out.id",
        delete=Call("delete_request_validator", {**_API, "requestValidatorId": "Ref"}),
    ),
    "AWS::ApiGateway::Deployment": ResourceType(
        "apigateway",
        Call("create_deployment"),
        ref="Out.id",
        attributes={"DeploymentId": "Ref"},
        delete=Call("delete_deployment", {**_API, "deploymentId": "Ref"}),
    ),
    "AWS::ApiGateway::Stage": ResourceType(
        "apigateway",
        Call("create_stage"),
        ref="P.StageName",
        apart={
            "AccessLogSetting": Call(
                "update_stage",
                {
                    **_API,
                    "stageName": "P.StageName",
                    "patchOperations": "[%s, %s]"
                    % (_LOG % ("destinationArn", "DestinationArn"), _LOG % ("format", "Format")),
                },
            ),
            "MethodSettings": (
                _setting("throttling/rateLimit", "ThrottlingRateLimit"),
                _setting("throttling/burstLimit", "ThrottlingBurstLimit"),
                _setting("logging/loglevel", "LoggingLevel"),
                _setting("logging/dataTrace", "DataTraceEnabled"),
                _setting("metrics/enabled", "MetricsEnabled"),
            ),
        },
        delete=Call("delete_stage", {**_API, "stageName": "Ref"}),
    ),
    "AWS::ApiGateway::UsagePlan": ResourceType(
        "apigateway",
        Call("create_usage_plan"),
        ref="Out.id",
        rename={"UsagePlanName": "name"},
        attributes={"Id": "Ref"},
        # Stages are removed from a usage plan before it is deleted.
        delete=Call("delete_usage_plan", {"usagePlanId": "Ref"}),
        listed=Call("get_usage_plans", result="items[].name"),
    ),
    "AWS::ApiGateway::ApiKey": ResourceType(
        "apigateway",
        Call("create_api_key"),
        ref="Out.id",
        attributes={"APIKeyId": "Ref"},
        delete=Call("delete_api_key", {"apiKey": "Ref"}),
        listed=Call("get_api_keys", result="items[].name"),
    ),
    "AWS::ApiGateway::UsagePlanKey": ResourceType(
        "apigateway",
        Call("create_usage_plan_key"),
        ref="join(':', [P.KeyId, P.UsagePlanId])",
        delete=Call("delete_usage_plan_key", {"usagePlanId": "P.UsagePlanId", "keyId": "P.KeyId"}),
    ),
    "AWS::ApiGateway::DomainName": ResourceType(
        "apigateway",
        Call("create_domain_name"),
        ref="P.DomainName",
        attributes={
            "RegionalDomainName": "Out.regionalDomainName",
            "RegionalHostedZoneId": "Out.regionalHostedZoneId",
        },
        delete=Call("delete_domain_name", {"domainName": "Ref"}),
        listed=Call("get_domain_names", result="items[].domainName"),
    ),
    "AWS::ApiGateway::BasePathMapping": ResourceType(
        "apigateway",
        Call("create_base_path_mapping"),
        ref="join('|', [P.DomainName, P.BasePath || '(none)'])",
        delete=Call("delete_base_path_mapping", {"domainName": "P.DomainName", "basePath": "P.BasePath || '(none)'"}),
    ),
    "AWS::ApiGatewayV2::VpcLink": ResourceType(
        "apigatewayv2",
        Call("create_vpc_link"),
        ref="Out.VpcLinkId",
        attributes={"VpcLinkId": "Ref"},
        delete=Call("delete_vpc_link", {"VpcLinkId": "Ref"}),
        listed=Call("get_vpc_links", result="Items[].Name"),
    ),
}
