"""The protocol between CloudFormation and the functions of custom resources."""

import json
import unittest
from typing import Any
from urllib.parse import parse_qs, urlparse

from emulated_aws.custom_resources import CreationFailed, CustomResources, answered
from emulated_aws.resource_type import Resource
from emulated_aws.stack import Stack, StackError

_TOKEN = "arn:aws:lambda:eu-west-1:123456789012:function:provider"


class _Function:
    """Replaces the API and its only function, which responds immediately."""

    endpoint = "http://emulator"

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = answers
        self.events: list[dict[str, Any]] = []
        self.regions: list[str | None] = []

    def client(self, _: str, region: str | None = None) -> "_Function":
        """The function is its own client."""
        self.regions.append(region)
        return self

    def invoke(self, FunctionName: str, InvocationType: str, Payload: str) -> None:
        """Stores the event and responds to its URL."""
        assert (FunctionName, InvocationType) == (_TOKEN, "Event")
        event = json.loads(Payload)
        self.events.append(event)
        for each in self.answers:
            answered(self.token(event), each)

    @staticmethod
    def token(event: dict[str, Any]) -> str:
        """The token in the response URL."""
        return parse_qs(urlparse(event["ResponseURL"]).query)["token"][0]


def _success(ref: str, **data: str) -> dict[str, Any]:
    return {"Status": "SUCCESS", "PhysicalResourceId": ref, "Data": data}


class Protocol(unittest.TestCase):
    """The events of the function, and the effects of its response."""

    def setUp(self) -> None:
        self.stack = Stack("stack", "eu-west-1")

    def custom(self, function: Any) -> CustomResources:
        """Does not wait for a missing response."""
        return CustomResources(function, timeout_seconds=0)

    def create(self, function: _Function, **properties: Any) -> Resource:
        """A resource of the function."""
        given = {"ServiceToken": _TOKEN, **properties}
        return self.custom(function).create(self.stack, "Thing", "Custom::Thing", given)

    def test_creation(self) -> None:
        """The response names the resource and its attributes. The function receives numbers and booleans as strings."""
        function = _Function(_success("thing-1", Arn="arn"))
        made = self.create(function, Count=3, Flags=[True, {"Deep": False}])
        self.assertEqual((made.ref, made.attributes), ("thing-1", {"Arn": "arn"}))
        [event] = function.events
        self.assertEqual(function.regions, ["eu-west-1"])
        self.assertEqual(
            (event["RequestType"], event["LogicalResourceId"], event["ResourceType"], event["StackId"]),
            ("Create", "Thing", "Custom::Thing", self.stack.id),
        )
        self.assertTrue(event["ResponseURL"].startswith("http://emulator/cloudformation_eu-west-1/cfnresponse?"))
        self.assertEqual(
            event["ResourceProperties"],
            {"ServiceToken": _TOKEN, "Count": "3", "Flags": ["true", {"Deep": "false"}]},
        )
        # The stored properties stay as in the template, or the next update would see a difference.
        self.assertEqual(made.properties["Count"], 3)

    def test_update(self) -> None:
        """The event has the physical ID and the old properties. A different physical ID means a replacement."""
        function = _Function(_success("thing-2"))
        old = Resource("Thing", "Custom::Thing", "thing-1", {"ServiceToken": _TOKEN, "Count": 3}, {}, {})
        made = self.custom(function).update(self.stack, old, {"ServiceToken": _TOKEN, "Count": 4})
        [event] = function.events
        self.assertEqual((event["RequestType"], event["PhysicalResourceId"]), ("Update", "thing-1"))
        self.assertEqual((event["OldResourceProperties"]["Count"], event["ResourceProperties"]["Count"]), ("3", "4"))
        self.assertEqual((old.ref, made.ref), ("thing-1", "thing-2"))

    def test_deletion(self) -> None:
        """The event has the physical ID and the properties of the creation."""
        function = _Function(_success("thing-1"))
        self.custom(function).delete(self.stack, self.create(function, Count=3))
        event = function.events[-1]
        self.assertEqual((event["RequestType"], event["PhysicalResourceId"]), ("Delete", "thing-1"))
        self.assertEqual(event["ResourceProperties"]["Count"], "3")

    def test_failure(self) -> None:
        """A failed response has a reason."""
        with self.assertRaisesRegex(StackError, "no room"):
            self.create(_Function({"Status": "FAILED", "Reason": "no room"}))

    def test_rollback_of_a_failure(self) -> None:
        """A half-created resource is deleted by the ID of the response, or by a generated one."""
        for answer, ref in (({"PhysicalResourceId": "thing-1"}, "^thing-1$"), ({}, "^stack-Thing-")):
            with self.assertRaises(CreationFailed) as raised:
                self.create(_Function({"Status": "FAILED", **answer}))
            self.assertRegex(raised.exception.resource.ref, ref)

    def test_silence(self) -> None:
        """A missing response is a failure. A late one is ignored."""
        function = _Function()
        with self.assertRaisesRegex(StackError, "did not receive a response"):
            self.create(function)
        answered(function.token(function.events[0]), _success("late"))
        self.assertEqual(self.create(_Function(_success("thing-1"))).ref, "thing-1")

    def test_second_answer(self) -> None:
        """The first of two responses counts."""
        failed = {"Status": "FAILED", "Reason": "too late"}
        self.assertEqual(self.create(_Function(_success("thing-1"), failed)).ref, "thing-1")
