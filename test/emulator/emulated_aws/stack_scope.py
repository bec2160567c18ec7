"""Resolves the references of a template: parameters, resources of the stack, other stacks and secrets."""

import json
from typing import Any

from .api_call import Api
from .other_stacks import OtherStacks
from .stack import ACCOUNT_ID, Definition, Stack, StackError
from .template import Scope

_ZONES = ("a", "b", "c")


def stack_scope(stack: Stack, definition: Definition, api: Api, others: OtherStacks) -> Scope:
    """The scope of a definition that is being deployed. It sees resources as soon as they exist."""
    made = stack.made
    pseudo = {
        "AWS::AccountId": ACCOUNT_ID,
        "AWS::Partition": "aws",
        "AWS::Region": stack.region,
        "AWS::StackId": stack.id,
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": "amazonaws.com",
    }

    class References(dict[str, Any]):
        def __missing__(self, name: str) -> str:
            return made[name].ref

        def __contains__(self, name: object) -> bool:
            return super().__contains__(name) or name in made

    return Scope(
        references=References({**pseudo, **_parameter_values(definition, api)}),
        attribute=lambda logical_id, name: _attribute(stack, logical_id, name),
        stack_output=others.output,
        export=lambda name: others.export(stack.region, name),
        dynamic_reference=lambda service, argument: _dynamic_reference(api, service, argument),
        zones=lambda region: [f"{region}{zone}" for zone in _ZONES],
        mappings=definition.template.get("Mappings", {}),
        conditions=definition.template.get("Conditions", {}),
    )


def _parameter_values(definition: Definition, api: Api) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, declared in definition.template.get("Parameters", {}).items():
        value: Any = definition.parameters.get(name, declared.get("Default"))
        if declared["Type"] == "CommaDelimitedList":
            value = [each for each in str(value).split(",") if each]
        if declared["Type"].startswith("AWS::SSM::Parameter::Value"):
            value = api.client("ssm").get_parameter(Name=value)["Parameter"]["Value"]
        values[name] = value
    return values


def _attribute(stack: Stack, logical_id: str, name: str) -> Any:
    resource = stack.made.get(logical_id)
    value = None if resource is None else resource.attributes.get(name)
    if value is None:
        raise StackError(f"Fn::GetAtt asks for {logical_id}.{name}, which does not exist.")
    return value


def _dynamic_reference(api: Api, service: str, argument: str) -> str:
    if service != "secretsmanager":
        raise StackError(f"A dynamic reference names {service}, of which the emulator knows nothing.")
    secret, _, path = argument.partition(":SecretString")
    text = str(api.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"])
    key = path.split(":")[1] if path else ""
    return str(json.loads(text)[key]) if key else text
