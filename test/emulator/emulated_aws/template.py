"""Evaluates the functions of a template and finds its dependencies."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

NO_VALUE = object()
_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")
_DYNAMIC = re.compile(r"\{\{resolve:([a-z-]+):(.*?)\}\}")


class TemplateError(Exception):
    """The template refers to something that does not exist."""


@dataclass
class Scope:
    """Resolves references. `attribute`, `stack_output` and `export` are called when a reference is evaluated."""

    references: Mapping[str, Any]
    attribute: Callable[[str, str], Any]
    stack_output: Callable[[Mapping[str, str]], str]
    export: Callable[[str], str]
    dynamic_reference: Callable[[str, str], str]
    zones: Callable[[str], list[str]]
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)

    def evaluate(self, value: Any) -> Any:
        """Replaces every function with its result and removes properties that are `AWS::NoValue`."""
        if isinstance(value, list):
            return [each for each in map(self.evaluate, value) if each is not NO_VALUE]
        if isinstance(value, str):
            return _DYNAMIC.sub(lambda match: self.dynamic_reference(match[1], match[2]), value)
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            [(name, argument)] = value.items()
            if name == "Ref" or name == "Condition" or name.startswith("Fn::"):
                return self._function(name, argument)
        evaluated = {key: self.evaluate(each) for key, each in value.items()}
        return {key: each for key, each in evaluated.items() if each is not NO_VALUE}

    def condition(self, name: str) -> bool:
        """Whether a named condition is true."""
        return bool(self.evaluate(self.conditions[name]))

    def _function(self, name: str, argument: Any) -> Any:
        if name == "Ref":
            return self._reference(argument)
        if name == "Fn::GetAtt":
            logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
            return self.attribute(logical_id, self.evaluate(attribute))
        if name == "Fn::If":
            return self.evaluate(argument[1] if self.condition(argument[0]) else argument[2])
        if name == "Condition":
            return self.condition(argument)
        if name == "Fn::Sub":
            return self._substitute(argument)
        function = _FUNCTIONS.get(name)
        if function is None:
            raise TemplateError(f"{name} is unknown; add it to template.py")
        return self.evaluate(function(self, self.evaluate(argument)))

    def _reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name not in self.references:
            raise TemplateError(f"Ref names {name}, which does not exist (yet)")
        return self.references[name]

    def _substitute(self, argument: Any) -> str:
        text, variables = argument if isinstance(argument, list) else (argument, {})

        def replacement(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return "${" + name + "}"
            if name in variables:
                return str(self.evaluate(variables[name]))
            return str(self._function("Fn::GetAtt" if "." in name else "Ref", name))

        return str(self.evaluate(_VARIABLE.sub(replacement, text)))


_FUNCTIONS: Mapping[str, Callable[[Scope, Any], Any]] = {
    "Fn::And": lambda _, values: all(values),
    "Fn::Base64": lambda _, value: base64.b64encode(value.encode()).decode(),
    "Fn::Contains": lambda _, argument: argument[1] in argument[0],
    "Fn::Equals": lambda _, values: values[0] == values[1],
    "Fn::FindInMap": lambda scope, path: scope.mappings[path[0]][path[1]][path[2]],
    "Fn::GetAZs": lambda scope, region: scope.zones(region or scope.references["AWS::Region"]),
    "Fn::GetStackOutput": lambda scope, where: scope.stack_output(where),
    "Fn::ImportValue": lambda scope, name: scope.export(name),
    "Fn::Join": lambda _, argument: argument[0].join(map(str, argument[1])),
    "Fn::Not": lambda _, values: not values[0],
    "Fn::Or": lambda _, values: any(values),
    "Fn::Select": lambda _, argument: argument[1][int(argument[0])],
    "Fn::Split": lambda _, argument: argument[1].split(argument[0]),
    "Fn::ToJsonString": lambda _, value: json.dumps(value),
}


def dependencies(resource: Mapping[str, Any], names: Mapping[str, Any]) -> set[str]:
    """The logical IDs that this resource depends on."""
    declared = resource.get("DependsOn", [])
    found = {declared} if isinstance(declared, str) else set(declared)
    return (found | set(_mentions(resource.get("Properties", {})))) & names.keys()


def in_order(resources: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The logical IDs in the order of their dependencies."""
    ordered: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            raise TemplateError(f"Circular dependency between resources: {' -> '.join([*above, name])}")
        if name not in ordered:
            for other in sorted(dependencies(resources[name], resources)):
                visit(other, (*above, name))
            ordered[name] = None

    for each in resources:
        visit(each, ())
    return list(ordered)


def _mentions(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _mentions(each)
    if not isinstance(value, dict):
        return
    for name, argument in value.items():
        if name == "Ref":
            yield argument
        elif name == "Fn::GetAtt":
            yield argument.split(".")[0] if isinstance(argument, str) else argument[0]
        elif name == "Fn::Sub":
            text = argument[0] if isinstance(argument, list) else argument
            yield from (match[2].split(".")[0] for match in _VARIABLE.finditer(text) if not match[1])
        yield from _mentions(argument)
