"""References between stacks, and the changes that CloudFormation refuses because of them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .stack import Stack, StackError


class OtherStacks:
    """All stacks, including deleted ones, from the point of view of one of them."""

    def __init__(self, stacks: Sequence[Stack]) -> None:
        self._stacks = stacks

    def output(self, where: Mapping[str, str]) -> str:
        """Fn::GetStackOutput: an output of another stack, in any region."""
        for stack in self._standing():
            is_meant = (stack.name, stack.region) == (where["StackName"], where["Region"])
            if is_meant and where["OutputName"] in stack.outputs:
                return str(stack.outputs[where["OutputName"]])
        raise StackError(f"Stack {where['StackName']} in {where['Region']} has no output {where['OutputName']}.")

    def export(self, region: str, name: str) -> str:
        """Fn::ImportValue: an output by the name of its export, which is unique in its region."""
        for stack in self._standing():
            if stack.region == region and name in exports_of(stack.output_details):
                return str(exports_of(stack.output_details)[name])
        raise StackError(f"No export named {name} found.")

    def keep_exports(self, stack: Stack, wanted: Sequence[Mapping[str, Any]]) -> None:
        """@raises StackError if another stack imports an output that `wanted` changes or removes"""
        new = exports_of(wanted)
        for name, value in exports_of(stack.output_details).items():
            if new.get(name) == value:
                continue
            users = [each.name for each in self._standing() if each is not stack and _imports(each, stack.region, name)]
            if users:
                verb = "updated" if name in new else "deleted"
                raise StackError(f"Export {name} cannot be {verb} as it is in use by {', '.join(users)}")

    def _standing(self) -> list[Stack]:
        return [stack for stack in self._stacks if stack.status != "DELETE_COMPLETE"]


def exports_of(outputs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The exported outputs: name -> value."""
    return {each["ExportName"]: each["OutputValue"] for each in outputs if each.get("ExportName")}


def _imports(stack: Stack, region: str, name: str) -> bool:
    return stack.region == region and json.dumps({"Fn::ImportValue": name}) in json.dumps(stack.definition.template)
