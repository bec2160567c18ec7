"""Deployments and rollbacks with a table of two types and an in-memory service."""

import unittest
from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

from emulated_aws import deployment
from emulated_aws.other_stacks import OtherStacks
from emulated_aws.resource_type import Call, ResourceType
from emulated_aws.stack import Definition, Stack, StackError

_DELETE = Call("delete_thing", {"Id": "Ref"})
_TYPES = {
    # The size can be updated; another colour needs a replacement.
    "Thing": ResourceType(
        "things", Call("create_thing"), ref="Out.Id", attributes={"Arn": "Ref"}, update=Call("resize"), delete=_DELETE
    ),
    "NamedThing": ResourceType("things", Call("create_thing"), ref="Out.Id", name="Name", delete=_DELETE),
}


class _Things:
    """The service, with its resources, the calls so far and the calls that it refuses."""

    endpoint = ""
    region = "eu-west-1"

    def __init__(self) -> None:
        self.standing: list[str] = []
        self.calls: list[str] = []
        self.refused: set[str] = set()

    def accepts(self, _: str, operation: str, parameter: str) -> bool:
        """Only the size is a parameter of `resize`."""
        return operation == "create_thing" or parameter == "Size"

    def call(self, _: str, operation: str, parameters: Mapping[str, Any], __: str | None = None) -> dict[str, Any]:
        """Performs the call and returns the id of the thing."""
        label = str(parameters.get("Id") or parameters.get("Label") or parameters.get("Name") or "")
        told = f"{operation.removesuffix('_thing')} {label or parameters.get('Size')}"
        if told in self.refused:
            raise RuntimeError(f"{told} is refused")
        self.calls.append(told)
        if operation == "delete_thing":
            self.standing.remove(label)
        if operation != "create_thing":
            return {}
        while label in self.standing:
            label += "'"
        self.standing.append(label)
        return {"Id": label}


def _definition(resources: Mapping[str, Any], **more: Any) -> Definition:
    typed = {name: {"Type": "Thing", **each} for name, each in resources.items()}
    return Definition({"Resources": typed, **more})


def _thing(label: str, **more: Any) -> dict[str, Any]:
    return {"Properties": {"Label": label, **more}}


class DeploymentTest(unittest.TestCase):
    """A stack and its service."""

    def setUp(self) -> None:
        self.enterContext(patch.object(deployment, "TYPES", _TYPES))
        self.things = _Things()
        self.stack = Stack("stack", "eu-west-1")
        self.stacks = [self.stack]

    def deployment(self) -> deployment.Deployment:
        """The next operation."""
        things: Any = self.things
        nothing: Any = None
        return deployment.Deployment(self.stack, things, nothing, OtherStacks(self.stacks))

    def create(self, resources: Mapping[str, Any], **more: Any) -> None:
        """Creates the stack."""
        self.deployment().create(_definition(resources, **more))

    def update(self, resources: Mapping[str, Any], **more: Any) -> list[str]:
        """Updates the stack and returns the calls of the update."""
        self.things.calls.clear()
        self.deployment().update(_definition(resources, **more))
        return self.things.calls


class Creation(DeploymentTest):
    """Creation of a stack, and its rollback."""

    def test_order(self) -> None:
        """Resources are created in the order of their references, which are resolved. Outputs come last."""
        needy = _thing("needy", Size={"Ref": "Needed"})
        outputs = {"Arn": {"Value": {"Fn::GetAtt": ["Needy", "Arn"]}, "Export": {"Name": "exported"}}}
        self.create({"Needy": needy, "Needed": _thing("needed")}, Outputs=outputs)
        self.assertEqual(self.stack.status, "CREATE_COMPLETE")
        self.assertEqual(self.things.standing, ["needed", "needy"])
        self.assertEqual(self.stack.made["Needy"].properties["Size"], "needed")
        self.assertEqual(self.stack.outputs, {"Arn": "needy"})
        self.assertEqual(self.stack.output_details[0]["ExportName"], "exported")

    def test_failure(self) -> None:
        """Created resources are deleted, newest first."""
        self.things.refused.add("create c")
        self.create({"A": _thing("a"), "B": _thing("b"), "C": _thing("c"), "D": _thing("d")})
        self.assertEqual(self.stack.status, "ROLLBACK_COMPLETE")
        self.assertEqual(self.things.calls, ["create a", "create b", "delete b", "delete a"])
        self.assertEqual(self.stack.made, {})
        failed = [each["LogicalResourceId"] for each in self.stack.events if each["ResourceStatus"] == "CREATE_FAILED"]
        self.assertEqual(failed, ["C"])

    def test_failing_rollback(self) -> None:
        """Resources that cannot be deleted stay, and the status of the stack shows it."""
        self.things.refused.update(("create b", "delete a"))
        self.create({"A": _thing("a"), "B": _thing("b")})
        self.assertEqual((self.stack.status, list(self.stack.made)), ("ROLLBACK_FAILED", ["A"]))

    def test_deletion_after_a_failing_rollback(self) -> None:
        """Resources that stayed are deleted with the stack."""
        self.things.refused.update(("create b", "delete a"))
        self.create({"A": _thing("a"), "B": _thing("b")})
        self.things.refused.clear()
        self.deployment().delete()
        self.assertEqual((self.stack.status, self.things.standing), ("DELETE_COMPLETE", []))

    def test_condition(self) -> None:
        """Resources and outputs whose condition is false are not created."""
        never = {"Never": {"Fn::Equals": ["a", "b"]}}
        outputs = {"Out": {"Condition": "Never", "Value": {"Ref": "B"}}}
        self.create({"A": _thing("a"), "B": {**_thing("b"), "Condition": "Never"}}, Conditions=never, Outputs=outputs)
        self.assertEqual((self.stack.status, self.things.standing), ("CREATE_COMPLETE", ["a"]))
        self.assertEqual(self.stack.outputs, {})

    def test_unknown_type(self) -> None:
        """The status reason names the type."""
        self.create({"A": {**_thing("a"), "Type": "Thong"}})
        reasons = [str(each["ResourceStatusReason"]) for each in self.stack.events]
        self.assertTrue(any("Thong is unknown to the emulator" in each for each in reasons))


class Update(DeploymentTest):
    """Updates of a stack, and their rollback."""

    def test_difference(self) -> None:
        """Only differences are applied: updates, creations, and deletions at the end."""
        self.create({"A": _thing("a"), "B": _thing("b", Size=1), "C": _thing("c")})
        self.stack.events.clear()
        calls = self.update({"A": _thing("a"), "B": _thing("b", Size=2), "D": _thing("d")})
        self.assertEqual(calls, ["resize 2", "create d", "delete c"])
        self.assertEqual((self.stack.status, list(self.stack.made)), ("UPDATE_COMPLETE", ["A", "B", "D"]))
        self.assertNotIn("A", [each["LogicalResourceId"] for each in self.stack.events])

    def test_replacement(self) -> None:
        """A replacement is created, references move to it, and the old resource is deleted at the end."""
        needy = _thing("needy", Size={"Ref": "A"})
        self.create({"A": _thing("a", Colour="red"), "Needy": needy})
        calls = self.update({"A": _thing("a", Colour="blue"), "Needy": needy})
        self.assertEqual(calls, ["create a", "resize a'", "delete a"])
        self.assertEqual(self.things.standing, ["needy", "a'"])
        self.assertEqual(self.stack.made["A"].ref, "a'")

    def test_replacement_of_what_has_a_name(self) -> None:
        """CloudFormation does not replace resources with custom names. Nothing changes."""
        named = {"Type": "NamedThing", "Properties": {"Name": "n", "Colour": "red"}}
        self.create({"A": named})
        self.update({"A": {**named, "Properties": {"Name": "n", "Colour": "blue"}}})
        self.assertEqual((self.stack.status, self.things.standing), ("UPDATE_ROLLBACK_COMPLETE", ["n"]))
        self.assertEqual(self.stack.made["A"].properties["Colour"], "red")

    def test_generated_name(self) -> None:
        """A generated name stays the same."""
        unnamed = {"Type": "NamedThing", "Properties": {}}
        self.create({"A": unnamed})
        self.assertRegex(self.things.standing[0], "^stack-A[0-9a-f]{12}$")
        self.assertEqual(self.update({"A": unnamed, "B": _thing("b")}), ["create b"])

    def test_failure(self) -> None:
        """Everything is restored: updates are reverted, and no new resources or replacements remain."""
        before = {"A": _thing("a", Size=1), "B": _thing("b", Colour="red")}
        self.create(before)
        old = self.stack.definition
        self.things.refused.add("create d")
        changed = {"A": _thing("a", Size=2), "B": _thing("b", Colour="blue"), "C": _thing("c"), "D": _thing("d")}
        calls = self.update(changed)
        self.assertEqual(self.stack.status, "UPDATE_ROLLBACK_COMPLETE")
        self.assertEqual(calls, ["resize 2", "create b", "create c", "resize 1", "delete b'", "delete c"])
        self.assertEqual(self.things.standing, ["a", "b"])
        self.assertIs(self.stack.definition, old)

    def test_condition(self) -> None:
        """Resources whose condition becomes false are deleted, and created again if the update fails."""
        resources = {"A": {**_thing("a"), "Condition": "Wanted"}, "B": _thing("b")}
        wanted, unwanted = ({"Wanted": {"Fn::Equals": [each, "a"]}} for each in "ab")
        self.create(resources, Conditions=wanted)
        self.assertEqual(self.update(resources, Conditions=unwanted), ["delete a"])
        self.things.refused.add("create c")
        self.update({**resources, "C": {**_thing("c"), "DependsOn": "A"}}, Conditions=wanted)
        self.assertEqual((self.stack.status, self.things.standing), ("UPDATE_ROLLBACK_COMPLETE", ["b"]))


class Deletion(DeploymentTest):
    """Deletion of a stack."""

    def test_order(self) -> None:
        """Dependencies are deleted last, even if an update created them after their dependents."""
        self.create({"A": _thing("a"), "B": _thing("b")})
        self.update({"A": {**_thing("a"), "DependsOn": "C"}, "B": _thing("b"), "C": _thing("c")})
        self.things.calls.clear()
        self.deployment().delete()
        self.assertEqual(self.things.calls, ["delete b", "delete a", "delete c"])
        self.assertEqual((self.stack.status, self.stack.made), ("DELETE_COMPLETE", {}))

    def test_failure(self) -> None:
        """The deletion stops at a refusal, and continues from there once it succeeds."""
        self.create({"A": _thing("a"), "B": _thing("b"), "C": _thing("c")})
        self.things.refused.add("delete b")
        self.deployment().delete()
        self.assertEqual((self.stack.status, self.things.standing), ("DELETE_FAILED", ["a", "b"]))
        self.things.refused.clear()
        self.deployment().delete()
        self.assertEqual((self.stack.status, self.things.standing), ("DELETE_COMPLETE", []))

    def test_name_anew(self) -> None:
        """A new stack with the same name is a different stack: its outputs count, not those of the deleted one."""
        where = {"StackName": "stack", "Region": "eu-west-1", "OutputName": "Thing"}
        outputs = {"Thing": {"Value": {"Ref": "A"}}}
        self.create({"A": _thing("a")}, Outputs=outputs)
        others = OtherStacks(self.stacks)
        self.assertEqual(others.output(where), "a")
        self.deployment().delete()
        with self.assertRaises(StackError):
            others.output(where)
        self.stack = Stack("stack", "eu-west-1")
        self.stacks.append(self.stack)
        self.create({"A": _thing("b")}, Outputs=outputs)
        self.assertEqual(others.output(where), "b")


class Exports(DeploymentTest):
    """Outputs that other stacks of the region import."""

    def exporting(self, reference: str) -> dict[str, Any]:
        """The outputs of a stack that export the resource."""
        return {"Outputs": {"Thing": {"Value": {"Ref": reference}, "Export": {"Name": "stack:Thing"}}}}

    def importer(self, region: str = "eu-west-1") -> Stack:
        """Another stack, which imports the output."""
        other = Stack("importer", region)
        self.stacks.append(other)
        imported: Any = {"Fn::ImportValue": "stack:Thing"}
        things: Any = _Things()
        nothing: Any = None
        deployed = deployment.Deployment(other, things, nothing, OtherStacks(self.stacks))
        deployed.create(_definition({"User": _thing(imported)}))
        return other

    def test_import(self) -> None:
        """The export is visible in its own region only."""
        self.create({"A": _thing("a")}, **self.exporting("A"))
        self.assertEqual(self.importer().made["User"].properties["Label"], "a")
        self.assertEqual(self.importer("us-east-1").status, "ROLLBACK_COMPLETE")

    def test_in_use(self) -> None:
        """An imported output is neither changed nor deleted, and everything is rolled back."""
        self.create({"A": _thing("a"), "B": _thing("b")}, **self.exporting("A"))
        other = self.importer()
        self.update({"A": _thing("a"), "B": _thing("b")}, **self.exporting("B"))
        self.assertEqual(self.stack.status, "UPDATE_ROLLBACK_COMPLETE")
        self.update({"A": _thing("a"), "B": _thing("b")})
        self.assertEqual(self.stack.status, "UPDATE_ROLLBACK_COMPLETE")
        self.deployment().delete()
        self.assertEqual((self.stack.status, self.things.standing), ("DELETE_FAILED", ["a", "b"]))
        self.assertIn("in use by importer", str(self.stack.status_reason))
        other.status = "DELETE_COMPLETE"
        self.deployment().delete()
        self.assertEqual(self.stack.status, "DELETE_COMPLETE")
