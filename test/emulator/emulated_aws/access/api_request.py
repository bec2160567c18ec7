"""Parses a signed HTTP request as the call of an operation, by botocore's models."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import determine_request_protocol
from moto.core.utils import get_service_model
from werkzeug.datastructures import EnvironHeaders, MultiDict

# Services whose signing name differs from the name of their model.
_MODELS = {
    "elasticloadbalancing": "elbv2",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
}
_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/aws4_request")
# Uploaded files are irrelevant for decisions and can be large.
_STREAMED = {("s3", "PutObject"), ("s3", "UploadPart"), ("lambda", "Invoke")}


class RequestError(Exception):
    """The request cannot be parsed as the call of an operation."""


@dataclass(frozen=True)
class ApiRequest:
    """A call. `service` is its signing name, such as `states`."""

    access_key_id: str
    region: str
    service: str
    model: str
    operation: str
    parameters: Mapping[str, Any]
    method: str = "POST"
    path: str = "/"


def access_key_id_of(environ: Mapping[str, Any]) -> str | None:
    """The access key of a request's signature; None without a signature."""
    match = _CREDENTIAL.search(str(environ.get("HTTP_AUTHORIZATION", "")))
    return match[1] if match else None


def api_request(environ: dict[str, Any]) -> ApiRequest:
    """Parses the call of a WSGI request and leaves its body readable. @raises RequestError"""
    match = _CREDENTIAL.search(str(environ.get("HTTP_AUTHORIZATION", "")))
    if match is None:
        raise RequestError("The request has no signature of version 4.")
    access_key_id, region, service = match.groups()
    body = _body(environ)
    url = urlsplit(environ.get("RAW_URI") or environ.get("REQUEST_URI") or environ["PATH_INFO"])
    # Both versions of API Gateway have the same signing name.
    is_second_gateway = service == "apigateway" and url.path.startswith("/v2/")
    model = "apigatewayv2" if is_second_gateway else _MODELS.get(service, service)
    headers = EnvironHeaders(environ)
    values = MultiDict(parse_qsl(url.query, keep_blank_values=True))
    if str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded"):
        values.update(parse_qsl(body.decode(), keep_blank_values=True))
    operation, in_path = _operation(model, environ["REQUEST_METHOD"], url.path, values, headers)
    shape = get_service_model(model).operation_model(operation)
    protocol = determine_request_protocol(get_service_model(model), headers.get("Content-Type"))
    request = {
        "method": environ["REQUEST_METHOD"],
        "values": values,
        "headers": headers,
        "body": b"" if (model, operation) in _STREAMED else body,
        "url_path": url.path,
        "url_params": in_path,
    }
    parameters = PROTOCOL_PARSERS[protocol](shape, blob_parser=lambda value: value).parse(request)
    return ApiRequest(access_key_id, region, service, model, operation, parameters, environ["REQUEST_METHOD"], url.path)


def _body(environ: dict[str, Any]) -> bytes:
    if environ.get("HTTP_TRANSFER_ENCODING") == "chunked":
        content = environ["wsgi.input"].read()
    else:
        content = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(content)
    return bytes(content)


def _operation(
    model: str, method: str, path: str, values: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    if "X-Amz-Target" in headers:
        return headers["X-Amz-Target"].split(".")[-1], {}
    if "Action" in values:
        return values["Action"], {}
    found = [
        (route.weight, route.operation, dict(zip(route.names, match.groups(), strict=True)))
        for route in _routes(model)
        if route.method == method and (match := route.path.fullmatch(path)) and route.admits(values, headers)
    ]
    if not found:
        raise RequestError(f"No operation of {model} answers to {method} {path}.")
    _, operation, in_path = max(found, key=lambda each: each[0])
    return operation, in_path


@dataclass(frozen=True)
class _Route:
    """The route of an operation of a REST service."""

    operation: str
    method: str
    path: re.Pattern[str]
    names: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    required_query: tuple[str, ...]
    required_headers: tuple[str, ...]
    literals: int

    @property
    def weight(self) -> tuple[int, int]:
        """The most specific route wins."""
        return len(self.query) + len(self.required_query) + len(self.required_headers), self.literals

    def admits(self, values: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        """Whether the request has what the operation requires."""
        return (
            all(name in values and value in ("", values[name]) for name, value in self.query)
            and all(name in values for name in self.required_query)
            and all(name in headers for name in self.required_headers)
        )


@cache
def _routes(model: str) -> list[_Route]:
    service = get_service_model(model)
    return [_route(service.operation_model(name)) for name in service.operation_names]


def _route(operation: Any) -> _Route:
    path, _, query = operation.http["requestUri"].partition("?")
    shape = operation.input_shape
    required = {name: shape.members[name] for name in shape.required_members} if shape else {}

    def located(where: str) -> tuple[str, ...]:
        return tuple(
            member.serialization.get("name", name)
            for name, member in required.items()
            if member.serialization.get("location") == where
        )

    # Services accept paths with and without a trailing slash.
    path = path.rstrip("/") if path != "/" else path
    parts = re.split(r"\{([^}]+)\}", path)
    pattern = "".join(
        re.escape(part) if index % 2 == 0 else "(.+)" if part.endswith("+") else "([^/]+)"
        for index, part in enumerate(parts)
    )
    return _Route(
        operation=operation.name,
        method=operation.http["method"],
        path=re.compile(f"{pattern}/?" if not pattern.endswith("/") else pattern),
        names=tuple(part.rstrip("+") for part in parts[1::2]),
        query=tuple(parse_qsl(query, keep_blank_values=True)),
        required_query=located("querystring"),
        required_headers=located("header"),
        literals=sum(len(part) for part in parts[::2]),
    )
