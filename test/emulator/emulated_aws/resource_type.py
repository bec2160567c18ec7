"""How a resource type is created, updated and deleted. Each type is a row of a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .api_call import Api, select
from .compound_calls import COMPOUND_CALLS


@dataclass(frozen=True)
class Call:
    """An operation of an API.

    Each parameter is a JMESPath expression over P (the properties), Ref, Out (the answer of the creation), At (stack,
    region) and, for a call that sets one property, its Value. With `each`, the call is made for every item of a list,
    which then is the Value. `emulator.` before an operation means several calls: see compound_calls.py.
    """

    operation: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    result: str = "@"
    when: str | None = None
    each: str | None = None


@dataclass(frozen=True)
class ResourceType:
    """One type of resource.

    A property is a parameter of `create`, by its own name or its name in `rename`, or has a call of its own in `apart`.
    `update` takes whatever of them it knows; a changed property that neither takes makes CloudFormation replace the
    resource. `bare` leaves all properties to expressions. `listed` lists what stands of the type. `kept_only` is a type
    that moto has no back-end for: its properties and attributes are remembered, and no more; see `kept`.
    """

    service: str
    create: Call | None
    ref: str
    delete: Call | tuple[Call, ...] = ()
    name: str | None = None
    attributes: Mapping[str, str | Call] = field(default_factory=dict)
    rename: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, Call | tuple[Call, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    update: Call | None = None
    tagged_as: str | None = None
    region: str | None = None
    listed: Call | None = None
    bare: bool = False
    kept_only: bool = False

    def parameters(self, properties: Mapping[str, Any]) -> dict[str, Any]:
        """The properties that `create` accepts, by the API's names."""
        if self.bare:
            return {}
        given = {
            self.rename.get(name, name): value
            for name, value in properties.items()
            if name not in self.apart and name not in self.ignored
        }
        if self.tagged_as and "Tags" in given:
            given["TagSpecifications"] = [{"ResourceType": self.tagged_as, "Tags": given.pop("Tags")}]
        return given


def kept(ref: str, attributes: Mapping[str, str]) -> ResourceType:
    """A type that moto does not support. The run lists it, because no API confirms what the template says."""
    return ResourceType("cloudformation", None, ref, attributes=attributes, kept_only=True)


@dataclass
class Resource:
    """A resource of a stack, as it was created."""

    logical_id: str
    type_name: str
    ref: str
    properties: Mapping[str, Any]
    attributes: Mapping[str, Any]
    out: Mapping[str, Any]


class ReplacementNeeded(Exception):
    """The property cannot be updated."""


class Maker:
    """Creates, updates and deletes resources of the types of a table."""

    def __init__(self, api: Api, at: Mapping[str, str]) -> None:
        self._api = api
        self._at = at

    def create(self, logical_id: str, type_name: str, row: ResourceType, properties: Mapping[str, Any]) -> Resource:
        """Creates the resource. If a later call fails, deletes it again."""
        context = {"P": properties, "At": {**self._at, "LogicalId": logical_id}}
        given = row.parameters(properties)
        out = self._call(row, row.create, context, given) if row.create else {}
        resource = Resource(logical_id, type_name, "", properties, {}, out or {})
        resource.ref = str(select(row.ref, self._context(resource)))
        try:
            for name in [each for each in row.apart if each in properties]:
                self._set_apart(row, resource, name)
            resource.attributes = self._attributes(row, resource)
        except Exception:
            self.delete(row, resource)
            raise
        return resource

    def update(self, row: ResourceType, old: Resource, properties: Mapping[str, Any]) -> Resource:
        """Updates the resource. @raises ReplacementNeeded before anything has changed"""
        changed = {name for name in {*properties, *old.properties} if properties.get(name) != old.properties.get(name)}
        changed -= set(row.ignored)
        resource = Resource(old.logical_id, old.type_name, old.ref, properties, old.attributes, old.out)
        apart = [name for name in row.apart if name in changed and name in properties]
        rest = changed - set(apart)
        takes = {
            name: row.rename.get(name, name)
            for name in properties
            if row.update and name not in row.apart and name not in row.ignored
            if self._api.accepts(row.service, row.update.operation, row.rename.get(name, name))
        }
        if not rest <= takes.keys():
            raise ReplacementNeeded(", ".join(sorted(rest - takes.keys())))
        if rest and row.update:
            given = {parameter: properties[name] for name, parameter in takes.items()}
            self._call(row, row.update, self._context(resource), given)
        for name in apart:
            self._set_apart(row, resource, name)
        resource.attributes = {**old.attributes, **self._attributes(row, resource)}
        return resource

    def delete(self, row: ResourceType, resource: Resource) -> None:
        """Deletes the resource. A missing resource is no error, as in AWS."""
        try:
            self._call_all(row, row.delete, self._context(resource))
        except Exception as error:
            if not _says_gone(error):
                raise

    def _set_apart(self, row: ResourceType, resource: Resource, name: str) -> None:
        self._call_all(row, row.apart[name], {**self._context(resource), "Value": resource.properties[name]})

    def _call_all(self, row: ResourceType, calls: Call | tuple[Call, ...], context: Mapping[str, Any]) -> None:
        for call in calls if isinstance(calls, tuple) else (calls,):
            if call.when is not None and not select(call.when, context):
                continue
            if call.each is None:
                self._call(row, call, context)
                continue
            for each in select(call.each, context) or ():
                self._call(row, call, {**context, "Value": each})

    def _attributes(self, row: ResourceType, resource: Resource) -> dict[str, Any]:
        context = self._context(resource)
        found: dict[str, Any] = {}
        for name, source in row.attributes.items():
            if isinstance(source, Call):
                found[name] = select(source.result, {"Answer": self._call(row, source, context)})
            else:
                found[name] = select(source, context)
        return found

    def _context(self, resource: Resource) -> dict[str, Any]:
        at = {**self._at, "LogicalId": resource.logical_id}
        return {"P": resource.properties, "Ref": resource.ref, "Out": resource.out, "At": at}

    def _call(self, row: ResourceType, call: Call, context: Mapping[str, Any], given: Mapping[str, Any] = {}) -> Any:
        extra = {name: select(expression, context) for name, expression in call.parameters.items()}
        service, _, operation = call.operation.rpartition(".")
        if service == "emulator":
            return COMPOUND_CALLS[operation](self._api, {**given, **extra})
        return self._api.call(service or row.service, operation, {**given, **extra}, row.region)


def _says_gone(error: Exception) -> bool:
    code = str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))
    return any(word in code for word in ("NotFound", "NoSuch", "DoesNotExist", "Nonexistent", "NonExistent"))
