"""Lambda, Step Functions, EventBridge and EventBridge Scheduler."""

from ..resource_type import Call, ResourceType

TYPES = {
    "AWS::Lambda::Function": ResourceType(
        "lambda",
        Call("create_function", {"Code": "P.Code"}),
        ref="Out.FunctionName",
        name="FunctionName",
        attributes={"Arn": "Out.FunctionArn"},
        apart={
            "Code": Call(
                "update_function_code",
                {"FunctionName": "Ref", "S3Bucket": "Value.S3Bucket", "S3Key": "Value.S3Key"},
            ),
            "ReservedConcurrentExecutions": Call(
                "put_function_concurrency", {"FunctionName": "Ref", "ReservedConcurrentExecutions": "Value"}
            ),
        },
        update=Call("update_function_configuration", {"FunctionName": "Ref"}),
        delete=Call("delete_function", {"FunctionName": "Ref"}),
        listed=Call("list_functions", result="Functions[].FunctionName"),
    ),
    "AWS::Lambda::LayerVersion": ResourceType(
        "lambda",
        Call("publish_layer_version"),
        ref="Out.LayerVersionArn",
        name="LayerName",
        delete=Call("delete_layer_version", {"LayerName": "P.LayerName", "VersionNumber": "Out.Version"}),
        listed=Call("list_layers", result="Layers[].LayerName"),
    ),
    "AWS::Lambda::Permission": ResourceType(
        "lambda",
        Call("add_permission", {"StatementId": "At.LogicalId"}),
        ref="At.LogicalId",
        delete=Call("remove_permission", {"FunctionName": "P.FunctionName", "StatementId": "Ref"}),
    ),
    "AWS::Lambda::EventSourceMapping": ResourceType(
        "lambda",
        Call("create_event_source_mapping"),
        ref="Out.UUID",
        attributes={"Id": "Ref"},
        delete=Call("delete_event_source_mapping", {"UUID": "Ref"}),
        listed=Call("list_event_source_mappings", result="EventSourceMappings[].EventSourceArn"),
    ),
    "AWS::Lambda::EventInvokeConfig": ResourceType(
        "lambda",
        Call("put_function_event_invoke_config"),
        ref="join('|', [P.FunctionName, P.Qualifier])",
        ignored=("Qualifier",),
        update=Call("put_function_event_invoke_config"),
        delete=Call("delete_function_event_invoke_config", {"FunctionName": "P.FunctionName"}),
    ),
    "AWS::StepFunctions::StateMachine": ResourceType(
        "stepfunctions",
        Call("create_state_machine"),
        ref="Out.stateMachineArn",
        name="StateMachineName",
        rename={"StateMachineName": "name", "DefinitionString": "definition"},
        attributes={"Arn": "Ref", "Name": "P.StateMachineName"},
        update=Call("update_state_machine", {"stateMachineArn": "Ref"}),
        delete=Call("delete_state_machine", {"stateMachineArn": "Ref"}),
        listed=Call("list_state_machines", result="stateMachines[].name"),
    ),
    "AWS::Scheduler::Schedule": ResourceType(
        "scheduler",
        Call("create_schedule"),
        ref="P.Name",
        name="Name",
        attributes={"Arn": "Out.ScheduleArn"},
        update=Call("update_schedule"),
        delete=Call("delete_schedule", {"Name": "Ref"}),
        listed=Call("list_schedules", result="Schedules[].Name"),
    ),
    "AWS::Events::Rule": ResourceType(
        "events",
        Call("put_rule"),
        ref="P.Name",
        name="Name",
        attributes={"Arn": "Out.RuleArn"},
        apart={"Targets": Call("put_targets", {"Rule": "Ref", "Targets": "Value"})},
        update=Call("put_rule"),
        delete=(
            Call("remove_targets", {"Rule": "Ref", "Ids": "P.Targets[].Id"}),
            Call("delete_rule", {"Name": "Ref"}),
        ),
        listed=Call("list_rules", result="Rules[].Name"),
    ),
}
