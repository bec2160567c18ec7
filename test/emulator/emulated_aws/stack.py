"""The state of a stack: its resources, events and change sets."""

import datetime
import itertools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .resource_type import Resource

ACCOUNT_ID = "123456789012"
_numbers = itertools.count()


def now() -> datetime.datetime:
    """The time of an event."""
    return datetime.datetime.now(datetime.timezone.utc)


class StackError(Exception):
    """CloudFormation refuses the request."""


@dataclass
class Definition:
    """A template with its parameters, which an update starts from and a rollback returns to."""

    template: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def resources(self) -> Mapping[str, Any]:
        """The resources, including those whose condition is false."""
        return self.template.get("Resources", {})


@dataclass
class Stack:
    """A stack in one region."""

    name: str
    region: str
    status: str = "REVIEW_IN_PROGRESS"
    status_reason: str | None = None
    definition: Definition = field(default_factory=Definition)
    termination_protection: bool = False
    made: dict[str, Resource] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    output_details: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    change_sets: dict[str, "ChangeSet"] = field(default_factory=dict)
    created: datetime.datetime = field(default_factory=now)
    id: str = ""

    def __post_init__(self) -> None:
        self.id = f"arn:aws:cloudformation:{self.region}:{ACCOUNT_ID}:stack/{self.name}/{uuid.uuid4()}"

    def enter(self, status: str, reason: str | None = None) -> None:
        """Changes the status of the stack and adds an event."""
        self.status, self.status_reason = status, reason
        self.tell(self.name, "AWS::CloudFormation::Stack", self.id, status, reason)

    def tell(self, logical_id: str, type_name: str, ref: str, status: str, reason: str | None = None) -> None:
        """Adds an event."""
        self.events.append(
            {
                "StackId": self.id,
                "StackName": self.name,
                "EventId": f"{logical_id}-{next(_numbers)}",
                "LogicalResourceId": logical_id,
                "PhysicalResourceId": ref,
                "ResourceType": type_name,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
                "Timestamp": now(),
            }
        )

    def description(self) -> dict[str, Any]:
        """The stack in the response of DescribeStacks."""
        return {
            "StackId": self.id,
            "StackName": self.name,
            "Description": self.definition.template.get("Description"),
            "Parameters": _pairs(self.definition.parameters, "ParameterKey", "ParameterValue"),
            "Tags": _pairs(self.definition.tags, "Key", "Value"),
            "CreationTime": self.created,
            "StackStatus": self.status,
            "StackStatusReason": self.status_reason,
            "DisableRollback": False,
            "EnableTerminationProtection": self.termination_protection,
            "Outputs": self.output_details,
            "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        }


@dataclass
class ChangeSet:
    """A definition that may become that of a stack."""

    name: str
    stack: Stack
    kind: str
    definition: Definition
    changes: list[dict[str, Any]]
    id: str = ""

    def __post_init__(self) -> None:
        self.id = f"arn:aws:cloudformation:{self.stack.region}:{ACCOUNT_ID}:changeSet/{self.name}/{uuid.uuid4()}"

    @property
    def empty(self) -> bool:
        """Whether the change set contains no changes."""
        current = self.stack.definition
        same = (current.template, current.parameters, current.tags)
        return same == (self.definition.template, self.definition.parameters, self.definition.tags)

    def description(self) -> dict[str, Any]:
        """The response of DescribeChangeSet."""
        # The CLI recognizes by this text that there is nothing to deploy.
        reason = "The submitted information didn't contain changes."
        return {
            "ChangeSetName": self.name,
            "ChangeSetId": self.id,
            "StackId": self.stack.id,
            "StackName": self.stack.name,
            "CreationTime": now(),
            "ExecutionStatus": "UNAVAILABLE" if self.empty else "AVAILABLE",
            "Status": "FAILED" if self.empty else "CREATE_COMPLETE",
            "StatusReason": reason if self.empty else None,
            "Parameters": _pairs(self.definition.parameters, "ParameterKey", "ParameterValue"),
            "Tags": _pairs(self.definition.tags, "Key", "Value"),
            "Changes": self.changes,
        }


def _pairs(mapping: Mapping[str, str], key: str, value: str) -> list[dict[str, str]]:
    return [{key: each, value: mapping[each]} for each in mapping]
