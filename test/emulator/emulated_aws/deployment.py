"""Deploys a definition to a stack, resource by resource in the order of dependencies, and rolls back on failure."""

import hashlib
import os
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .api_call import Api
from .custom_resources import CreationFailed, CustomResources
from .other_stacks import OtherStacks
from .resource_type import Maker, ReplacementNeeded, Resource, ResourceType
from .stack import ACCOUNT_ID, Definition, Stack, StackError
from .stack_scope import stack_scope
from .template import Scope, in_order
from .types import TYPES


class Deployment:
    """One operation on one stack."""

    def __init__(self, stack: Stack, api: Api, custom: CustomResources, others: OtherStacks) -> None:
        self._stack = stack
        self._api = api
        self._custom = custom
        self._others = others
        self._maker = Maker(
            api, {"AccountId": ACCOUNT_ID, "Region": stack.region, "StackName": stack.name, "StackId": stack.id}
        )
        # Replaced resources, which are deleted when the whole update has succeeded.
        self._replaced: list[Resource] = []

    def create(self, definition: Definition) -> None:
        """Creates all resources, or none."""
        self._stack.enter("CREATE_IN_PROGRESS")
        try:
            self._bring_to(definition)
            self._publish(definition)
        except Exception as error:
            self._stack.enter("ROLLBACK_IN_PROGRESS", _said(error))
            self._finish("ROLLBACK", lambda: self._delete_all(list(reversed(self._stack.made.values()))))
            return
        self._stack.definition = definition
        self._stack.enter("CREATE_COMPLETE")

    def update(self, definition: Definition) -> None:
        """Creates, updates and deletes resources that differ, or rolls everything back."""
        before = self._stack.definition
        self._stack.enter("UPDATE_IN_PROGRESS")
        try:
            self._bring_to(definition)
            self._publish(definition)
        except Exception as error:
            self._stack.enter("UPDATE_ROLLBACK_IN_PROGRESS", _said(error))
            self._finish("UPDATE_ROLLBACK", lambda: self._go_back(before))
            return
        self._stack.definition = definition
        self._stack.enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        self._finish("UPDATE", lambda: self._clean_up(definition))

    def delete(self) -> None:
        """Deletes every resource, in reverse order of dependencies."""
        self._stack.enter("DELETE_IN_PROGRESS")
        made = self._stack.made
        order = [name for name in in_order(self._stack.definition.resources) if name in made]
        # Resources that a rollback could not delete are in no definition; the newest is deleted first.
        order += [name for name in made if name not in order]

        def delete_everything() -> None:
            self._others.keep_exports(self._stack, [])
            self._delete_all([self._stack.made[name] for name in reversed(order)])

        self._finish("DELETE", delete_everything)

    def _finish(self, operation: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            self._stack.enter(f"{operation}_FAILED", _said(error))
        else:
            self._stack.enter(f"{operation}_COMPLETE")

    def _bring_to(self, definition: Definition) -> None:
        scope = self._scope(definition)
        wanted = _wanted(definition.resources, scope)
        for name in in_order(definition.resources):
            if name in wanted:
                self._bring(name, wanted[name]["Type"], scope.evaluate(wanted[name].get("Properties", {})))

    def _go_back(self, before: Definition) -> None:
        replacements = self._replaced
        self._replaced = []
        new = self._made_without(before)
        for old in replacements:
            new[f"{old.logical_id}-replacement"] = self._stack.made[old.logical_id]
            self._stack.made[old.logical_id] = old
        self._bring_to(before)
        self._delete_all(list(reversed(new.values())))

    def _clean_up(self, definition: Definition) -> None:
        gone = self._made_without(definition)
        self._delete_all([*reversed(self._replaced), *reversed(gone.values())])

    def _made_without(self, definition: Definition) -> dict[str, Resource]:
        """The resources that exist but that the definition does not contain."""
        wanted = _wanted(definition.resources, self._scope(definition))
        return {name: each for name, each in self._stack.made.items() if name not in wanted}

    def _scope(self, definition: Definition) -> Scope:
        return stack_scope(self._stack, definition, self._api, self._others)

    def _bring(self, name: str, type_name: str, properties: Mapping[str, Any]) -> None:
        old = self._stack.made.get(name)
        if old is not None and old.type_name == type_name and old.properties == properties:
            return
        verb = "CREATE" if old is None else "UPDATE"
        self._stack.tell(name, type_name, old.ref if old else "", f"{verb}_IN_PROGRESS")
        try:
            # A rollback restores the old state and must not fail.
            if self._stack.status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"):
                _fail_if_told(name, type_name)
            if old is None:
                made = self._create(name, type_name, properties)
            else:
                made = self._change(old, type_name, properties)
        except Exception as error:
            self._stack.tell(name, type_name, old.ref if old else "", f"{verb}_FAILED", _said(error))
            raise
        self._stack.made[name] = made
        self._stack.tell(name, type_name, made.ref, f"{verb}_COMPLETE")

    def _create(self, name: str, type_name: str, properties: Mapping[str, Any]) -> Resource:
        if _is_custom(type_name):
            try:
                return self._custom.create(self._stack, name, type_name, properties)
            except CreationFailed as failure:
                self._stack.made[name] = failure.resource
                raise
        row = _row(type_name)
        if row.name and row.name not in properties:
            properties = {**properties, row.name: self._generated_name(name)}
        return self._maker.create(name, type_name, row, properties)

    def _generated_name(self, logical_id: str) -> str:
        suffix = hashlib.sha256(f"{self._stack.id}{logical_id}".encode()).hexdigest()[:12]
        return f"{self._stack.name}-{logical_id}"[:50] + suffix

    def _change(self, old: Resource, type_name: str, properties: Mapping[str, Any]) -> Resource:
        if old.type_name != type_name:
            raise StackError(f"Update of resource type is not permitted: {old.type_name} is to become {type_name}.")
        if _is_custom(type_name):
            made = self._custom.update(self._stack, old, properties)
            if made.ref != old.ref:
                self._replaced.append(old)
            return made
        row = _row(type_name)
        if row.name and row.name not in properties:
            properties = {**properties, row.name: old.properties[row.name]}
        try:
            return self._maker.update(row, old, properties)
        except ReplacementNeeded as needed:
            if row.name and properties.get(row.name) == old.properties.get(row.name):
                raise StackError(
                    f"CloudFormation cannot update a stack when a custom-named resource requires replacing: "
                    f"{properties.get(row.name)} ({needed} changed)."
                ) from None
            made = self._maker.create(old.logical_id, type_name, row, properties)
            self._replaced.append(old)
            return made

    def _delete_all(self, resources: list[Resource]) -> None:
        for each in resources:
            self._stack.tell(each.logical_id, each.type_name, each.ref, "DELETE_IN_PROGRESS")
            try:
                if _is_custom(each.type_name):
                    self._custom.delete(self._stack, each)
                else:
                    self._maker.delete(_row(each.type_name), each)
            except Exception as error:
                self._stack.tell(each.logical_id, each.type_name, each.ref, "DELETE_FAILED", _said(error))
                raise
            if self._stack.made.get(each.logical_id) is each:
                del self._stack.made[each.logical_id]
            self._stack.tell(each.logical_id, each.type_name, each.ref, "DELETE_COMPLETE")

    def _publish(self, definition: Definition) -> None:
        scope = self._scope(definition)
        declared = _wanted(definition.template.get("Outputs", {}), scope)
        outputs = {name: str(scope.evaluate(each["Value"])) for name, each in declared.items()}
        details = [
            {
                "OutputKey": name,
                "OutputValue": outputs[name],
                "Description": each.get("Description"),
                "ExportName": scope.evaluate(each["Export"]["Name"]) if "Export" in each else None,
            }
            for name, each in declared.items()
        ]
        self._others.keep_exports(self._stack, details)
        self._stack.outputs, self._stack.output_details = outputs, details


def _row(type_name: str) -> ResourceType:
    if type_name not in TYPES:
        raise StackError(f"{type_name} is unknown to the emulator; add it to the tables in types/.")
    return TYPES[type_name]


def _wanted(declared: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    """The resources or outputs whose condition is true."""
    return {
        name: each
        for name, each in declared.items()
        if "Condition" not in each or scope.condition(each["Condition"])
    }


def _is_custom(type_name: str) -> bool:
    return type_name.startswith("Custom::") or type_name == "AWS::CloudFormation::CustomResource"


def _fail_if_told(logical_id: str, type_name: str) -> None:
    """Fails on purpose: tests name a logical ID or a type in a file to make a deployment fail half-way."""
    path = Path(os.environ.get("EMULATOR_FAIL_FILE", "/dev/null"))
    wanted = path.read_text().strip() if path.exists() else ""
    if wanted in (logical_id, type_name):
        raise StackError(f"{logical_id} fails, because EMULATOR_FAIL_FILE says so.")


def _said(error: Exception) -> str:
    if os.environ.get("EMULATOR_TRACEBACKS"):
        traceback.print_exception(error)
    return f"{type(error).__name__}: {error}"
