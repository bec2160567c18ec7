"""Custom resources. Their functions are invoked and respond with a PUT request, as in AWS."""

import json
import queue
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from .access import journal
from .api_call import Api
from .resource_type import Resource
from .stack import Stack, StackError

_SECONDS_AFTER_REFUSAL = 15
_waiting: dict[str, "queue.Queue[dict[str, Any]]"] = {}


def answered(token: str, answer: dict[str, Any]) -> None:
    """Receives the response of a function. Only the first response counts."""
    if token in _waiting:
        _waiting[token].put(answer)


class CustomResources:
    """Implements CloudFormation's protocol for the functions of custom resources.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
    """

    def __init__(self, api: Api, timeout_seconds: int = 120) -> None:
        self._api = api
        self._timeout_seconds = timeout_seconds

    def create(self, stack: Stack, logical_id: str, type_name: str, properties: Mapping[str, Any]) -> Resource:
        """Creates the resource. @raises CreationFailed with the resource that a rollback deletes"""
        try:
            answer = self._ask(stack, "Create", logical_id, type_name, properties, {})
        except StackError as error:
            # If the response has no physical ID, CloudFormation generates one.
            answered_id = error.physical_id if isinstance(error, _Refused) else None
            ref = answered_id or f"{stack.name}-{logical_id}-{uuid.uuid4().hex[:12].upper()}"
            failed = Resource(logical_id, type_name, str(ref), properties, {}, {})
            raise CreationFailed(str(error), failed) from error
        return _resource(logical_id, type_name, properties, answer)

    def update(self, stack: Stack, old: Resource, properties: Mapping[str, Any]) -> Resource:
        """Updates the resource. A different physical ID means a replacement."""
        more = {"PhysicalResourceId": old.ref, "OldResourceProperties": _texts(old.properties)}
        answer = self._ask(stack, "Update", old.logical_id, old.type_name, properties, more)
        return _resource(old.logical_id, old.type_name, properties, answer)

    def delete(self, stack: Stack, resource: Resource) -> None:
        """Deletes the resource."""
        more = {"PhysicalResourceId": resource.ref}
        self._ask(stack, "Delete", resource.logical_id, resource.type_name, resource.properties, more)

    def _ask(
        self,
        stack: Stack,
        request: str,
        logical_id: str,
        type_name: str,
        properties: Mapping[str, Any],
        more: Mapping[str, Any],
    ) -> dict[str, Any]:
        token = str(uuid.uuid4())
        service_token = properties["ServiceToken"]
        path = f"cloudformation_{stack.region}/cfnresponse"
        event = {
            "RequestType": request,
            "ServiceToken": service_token,
            "ResponseURL": f"{self._api.endpoint}/{path}?{urlencode({'token': token})}",
            "StackId": stack.id,
            "RequestId": token,
            "LogicalResourceId": logical_id,
            "ResourceType": type_name,
            "ResourceProperties": _texts(properties),
            **more,
        }
        _waiting[token] = queue.Queue()
        try:
            self._api.client("lambda", service_token.split(":")[3]).invoke(
                FunctionName=service_token, InvocationType="Event", Payload=json.dumps(event)
            )
            answer = self._answer(_waiting[token], service_token)
        finally:
            del _waiting[token]
        if answer.get("Status") != "SUCCESS":
            raise _Refused(answer)
        return answer


    def _answer(self, answers: "queue.Queue[dict[str, Any]]", service_token: str) -> dict[str, Any]:
        """Waits for less time than AWS, and even less after a refusal, because then functions rarely respond."""
        refused_before, waited = len(journal.refusals()), 0
        while True:
            refused = journal.refusals()[refused_before:]
            limit = min(self._timeout_seconds, _SECONDS_AFTER_REFUSAL) if refused else self._timeout_seconds
            try:
                return answers.get(timeout=min(1, self._timeout_seconds))
            except queue.Empty:
                waited += 1
                if waited >= limit:
                    because = f" Refused: {refused[0]}" if refused else ""
                    raise StackError(
                        f"CloudFormation did not receive a response from {service_token}.{because}"
                    ) from None


class CreationFailed(StackError):
    """The creation of a custom resource failed. A rollback deletes the resource nevertheless.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes-delete.html
    """

    def __init__(self, reason: str, resource: Resource) -> None:
        super().__init__(reason)
        self.resource = resource


class _Refused(StackError):
    """The function responded with FAILED."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        super().__init__(f"Received response status [FAILED] from custom resource: {answer.get('Reason')}")
        self.physical_id = answer.get("PhysicalResourceId")


def _resource(logical_id: str, type_name: str, properties: Mapping[str, Any], answer: Mapping[str, Any]) -> Resource:
    data = answer.get("Data") or {}
    return Resource(logical_id, type_name, answer["PhysicalResourceId"], properties, data, answer)


def _texts(value: Any) -> Any:
    """CloudFormation passes numbers and booleans to functions as strings."""
    if isinstance(value, Mapping):
        return {key: _texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_texts(each) for each in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
