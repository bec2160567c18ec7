"""Calls AWS APIs with the properties of a template. Names, nesting and types come from botocore's models."""

from functools import cache
import json
import threading
from collections.abc import Mapping
from typing import Any

import boto3
import jmespath
from botocore.config import Config
from botocore.model import Shape
from jmespath import functions

_lock = threading.Lock()


class PropertyError(Exception):
    """The API of the service has no such property."""


@cache
def _client(service: str, region: str, endpoint: str) -> Any:
    # Any credentials work: moto uses one default account for unknown keys.
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=endpoint,
        aws_access_key_id="emulator",
        aws_secret_access_key="emulator",
        config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )


class Api:
    """The emulated services of one region."""

    def __init__(self, endpoint: str, region: str) -> None:
        self.endpoint = endpoint
        self.region = region

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client. Clients are thread-safe, but their creation is not."""
        with _lock:
            return _client(service, region or self.region, self.endpoint)

    def accepts(self, service: str, operation: str, parameter: str) -> bool:
        """Whether an operation has a parameter of this name."""
        shape = self._input(service, operation)
        return shape is not None and _member(shape, parameter) is not None

    def call(self, service: str, operation: str, parameters: Mapping[str, Any], region: str | None = None) -> Any:
        """Calls an operation, such as `create_vpc`. The parameters are in the notation of templates."""
        shape = self._input(service, operation)
        given = {} if shape is None else converted(shape, parameters, f"{service}.{operation}")
        return getattr(self.client(service, region), operation)(**given)

    def _input(self, service: str, operation: str) -> Any:
        client = self.client(service)
        name = client.meta.method_to_api_mapping[operation]
        return client.meta.service_model.operation_model(name).input_shape


class _Functions(functions.Functions):
    """Functions that JMESPath lacks: `split(separator, text)` and `items(structure)`."""

    @functions.signature({"types": ["string"]}, {"types": ["string"]})
    def _func_split(self, separator: str, text: str) -> list[str]:
        return text.split(separator)

    @functions.signature({"types": ["object"]})
    def _func_items(self, structure: Mapping[str, Any]) -> list[list[Any]]:
        return [[key, value] for key, value in structure.items()]


_OPTIONS = jmespath.Options(custom_functions=_Functions())


def select(expression: str, context: Mapping[str, Any]) -> Any:
    """The result of a JMESPath expression; None if it finds nothing."""
    return jmespath.search(expression, context, options=_OPTIONS)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _member(shape: Any, name: str) -> str | None:
    """The API's name of a property: templates write `IPV6Enabled` or `Key` for `IsIPV6Enabled` or `TagKey`."""
    candidates = (_plain(name), f"is{_plain(name)}", f"tag{_plain(name)}", _plain(name).removeprefix("origin"))
    return next((each for each in shape.members if _plain(each) in candidates), None)


def converted(shape: Shape, value: Any, path: str) -> Any:
    """Converts a value to an API's shape. @raises PropertyError for a name that the shape does not have."""
    convert = _CONVERSIONS.get(shape.type_name)
    return value if convert is None else convert(shape, value, path)


def _structure(shape: Any, value: Any, path: str) -> Any:
    # CloudFront writes lists this way.
    if {"Quantity", "Items"} <= shape.members.keys():
        items = value if isinstance(value, list) else value.get("Items", [])
        value = {"Quantity": len(items), **(value if isinstance(value, Mapping) else {"Items": value})}
    if not isinstance(value, Mapping):
        raise PropertyError(f"{path} should be a structure, but is {value!r}")
    result = {}
    for name, each in value.items():
        if each is None:
            continue
        member = _member(shape, name)
        if member is None:
            raise PropertyError(f"{path}.{name} is unknown to the API, which has {', '.join(shape.members)}")
        result[member] = converted(shape.members[member], each, f"{path}.{name}")
    return result


def _list(shape: Any, value: Any, path: str) -> Any:
    if isinstance(value, Mapping):
        value = [{"Key": key, "Value": each} for key, each in value.items()]
    if not isinstance(value, list):
        raise PropertyError(f"{path} should be a list, but is {value!r}")
    return [converted(shape.member, each, f"{path}[{index}]") for index, each in enumerate(value)]


def _map(shape: Any, value: Any, path: str) -> Any:
    if isinstance(value, list):
        value = {each["Key"]: each["Value"] for each in value}
    return {key: converted(shape.value, each, f"{path}.{key}") for key, each in value.items() if each is not None}


def _string(_: Shape, value: Any, __: str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def _boolean(_: Shape, value: Any, path: str) -> bool:
    if str(value).lower() not in ("true", "false"):
        raise PropertyError(f"{path} should be true or false, but is {value!r}")
    return str(value).lower() == "true"


_CONVERSIONS: Mapping[str, Any] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "boolean": _boolean,
    "integer": lambda _, value, __: int(value),
    "long": lambda _, value, __: int(value),
    "float": lambda _, value, __: float(value),
    "double": lambda _, value, __: float(value),
    "blob": lambda _, value, __: value if isinstance(value, bytes) else str(value).encode(),
}
