"""The part of CloudFormation's API that the CDK CLI and the functions of the templates call."""

import json
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlparse

import yaml
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.utils import yaml_tag_constructor
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from .api_call import Api
from .custom_resources import CustomResources, answered
from .deployment import Deployment
from .inventory import inventory
from .other_stacks import OtherStacks
from .services import state_machines
from .stack import ChangeSet, Definition, Stack, StackError
from .types import TYPES

_stacks: list[Stack] = []


class ChangeSetNotFound(ServiceException):
    """The CLI recognizes a missing change set by this name."""

    code = "ChangeSetNotFound"


def _parsed(body: str) -> Mapping[str, Any]:
    yaml.add_multi_constructor("!", yaml_tag_constructor, Loader=yaml.SafeLoader)
    return json.loads(body) if body.lstrip().startswith("{") else yaml.safe_load(body)


class CloudFormation(BaseResponse):
    """Stacks and change sets. Deployments run in threads and report events."""

    endpoint = ""

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    @classmethod
    def cfnresponse(cls, request: Any, full_url: str, headers: Any) -> Any:
        """Receives the responses of custom resources."""
        answered(request.args["token"], json.loads(request.get_data()))
        return 200, {}, ""

    @classmethod
    def inventory(cls, request: Any, full_url: str, headers: Any) -> Any:
        """Lists the resources of a region: GET /cloudformation_REGION/inventory."""
        region = request.path.split("/")[1].removeprefix("cloudformation_")
        return 200, {}, json.dumps(inventory(Api(cls.endpoint, region)))

    @classmethod
    def kept_only(cls, request: Any, full_url: str, headers: Any) -> Any:
        """Lists the resource types so far that moto does not support: GET /cloudformation_REGION/kept-only."""
        used = {each["Type"] for stack in _stacks for each in stack.definition.resources.values()}
        return 200, {}, json.dumps(sorted(name for name in used & TYPES.keys() if TYPES[name].kept_only))

    @classmethod
    def clock(cls, request: Any, full_url: str, headers: Any) -> Any:
        """Advances the clock of functions by the seconds in the body: PUT /cloudformation_REGION/clock."""
        state_machines.skip(float(request.get_data()))
        return 200, {}, ""

    def create_change_set(self) -> ActionResult:
        """CreateChangeSet."""
        name = self._get_param("StackName")
        kind = self._get_param("ChangeSetType", "UPDATE")
        stack = self._find(name)
        if stack is None and kind == "CREATE":
            stack = Stack(name, self.region)
            stack.enter("REVIEW_IN_PROGRESS")
            _stacks.append(stack)
        if stack is None:
            raise ValidationError(name)
        change_set = ChangeSet(self._get_param("ChangeSetName"), stack, kind, *self._definition(stack))
        stack.change_sets[change_set.name] = change_set
        return ActionResult({"Id": change_set.id, "StackId": stack.id})

    def describe_change_set(self) -> ActionResult:
        """DescribeChangeSet."""
        return ActionResult(self._change_set().description())

    def execute_change_set(self) -> ActionResult:
        """ExecuteChangeSet."""
        change_set = self._change_set()
        stack = change_set.stack
        stack.change_sets.clear()
        # Set now, because a request may arrive before the thread runs.
        stack.status = f"{change_set.kind}_IN_PROGRESS"
        deployment = self._deployment(stack)
        work = deployment.create if change_set.kind == "CREATE" else deployment.update
        threading.Thread(target=work, args=[change_set.definition], daemon=True).start()
        return EmptyResult()

    def delete_change_set(self) -> ActionResult:
        """DeleteChangeSet."""
        stack = self._existing()
        stack.change_sets.pop(self._get_param("ChangeSetName"), None)
        return EmptyResult()

    def describe_stacks(self) -> ActionResult:
        """DescribeStacks."""
        stacks = [self._existing()] if self._get_param("StackName") else self._alive()
        return ActionResult({"Stacks": [each.description() for each in stacks]})

    def list_stacks(self) -> ActionResult:
        """ListStacks."""
        return ActionResult({"StackSummaries": [each.description() for each in self._alive()]})

    def describe_stack_events(self) -> ActionResult:
        """DescribeStackEvents, newest first."""
        return ActionResult({"StackEvents": list(reversed(self._existing().events))})

    def describe_stack_resources(self) -> ActionResult:
        """DescribeStackResources."""
        return ActionResult({"StackResources": _resources(self._existing())})

    def list_stack_resources(self) -> ActionResult:
        """ListStackResources."""
        return ActionResult({"StackResourceSummaries": _resources(self._existing())})

    def get_template(self) -> ActionResult:
        """GetTemplate."""
        return ActionResult({"TemplateBody": self._existing().definition.body, "StagesAvailable": ["Original"]})

    def update_termination_protection(self) -> ActionResult:
        """UpdateTerminationProtection."""
        stack = self._existing()
        stack.termination_protection = bool(self._get_param("EnableTerminationProtection"))
        return ActionResult({"StackId": stack.id})

    def delete_stack(self) -> ActionResult:
        """DeleteStack."""
        stack = self._find(self._get_param("StackName"))
        if stack is not None:
            stack.status = "DELETE_IN_PROGRESS"
            threading.Thread(target=self._deployment(stack).delete, daemon=True).start()
        return EmptyResult()

    def _deployment(self, stack: Stack) -> Deployment:
        api = Api(CloudFormation.endpoint, stack.region)
        return Deployment(stack, api, CustomResources(api), OtherStacks(_stacks))

    def _definition(self, stack: Stack) -> tuple[Definition, list[dict[str, Any]]]:
        body = self._get_param("TemplateBody")
        url = self._get_param("TemplateURL")
        if url:
            bucket, key = urlparse(url).path.lstrip("/").split("/", 1)
            stored = Api(CloudFormation.endpoint, self.region).client("s3").get_object(Bucket=bucket, Key=key)
            body = stored["Body"].read().decode()
        old = stack.definition
        parameters = {
            each["ParameterKey"]: old.parameters[each["ParameterKey"]]
            if each.get("UsePreviousValue")
            else each["ParameterValue"]
            for each in self._get_param("Parameters", [])
        }
        tags = {each["Key"]: each["Value"] for each in self._get_param("Tags", [])}
        new = Definition(_parsed(body), body, parameters, tags)
        return new, _changes(old.resources, new.resources)

    def _alive(self) -> list[Stack]:
        return [each for each in _stacks if each.region == self.region and each.status != "DELETE_COMPLETE"]

    def _find(self, name: str) -> Stack | None:
        return next((each for each in self._alive() if name in (each.name, each.id)), None)

    def _existing(self) -> Stack:
        name = self._get_param("StackName")
        # A deleted stack can still be found by its ID.
        stack = self._find(name) or next((each for each in _stacks if each.id == name), None)
        if stack is None:
            raise ValidationError(name)
        return stack

    def _change_set(self) -> ChangeSet:
        name = self._get_param("ChangeSetName")
        for stack in self._alive():
            for each in stack.change_sets.values():
                if name in (each.id, each.name) and self._get_param("StackName", stack.name) in (stack.name, stack.id):
                    return each
        raise ChangeSetNotFound(f"ChangeSet [{name}] does not exist")


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    actions = [("Add", name) for name in new if name not in old]
    actions += [("Modify", name) for name in new if name in old and new[name] != old[name]]
    actions += [("Remove", name) for name in old if name not in new]
    return [
        {
            "Type": "Resource",
            "ResourceChange": {
                "Action": action,
                "LogicalResourceId": name,
                "ResourceType": (new.get(name) or old[name])["Type"],
            },
        }
        for action, name in actions
    ]


def _resources(stack: Stack) -> list[dict[str, Any]]:
    return [
        {
            "StackName": stack.name,
            "StackId": stack.id,
            "LogicalResourceId": each.logical_id,
            "PhysicalResourceId": each.ref,
            "ResourceType": each.type_name,
            "LastUpdatedTimestamp": stack.created,
            "Timestamp": stack.created,
            "ResourceStatus": "CREATE_COMPLETE",
        }
        for each in stack.made.values()
    ]
