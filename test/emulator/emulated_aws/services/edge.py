"""CloudFront's policies and functions, which can only be stored, listed and deleted."""

import uuid
from dataclasses import dataclass
from typing import Any

from moto.cloudfront import urls
from moto.cloudfront.models import Invalidation
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow


@dataclass(frozen=True)
class Kind:
    """A policy type, by its name in the API."""

    operation: str
    member: str


_KINDS = (Kind("cache_policy", "CachePolicy"), Kind("response_headers_policy", "ResponseHeadersPolicy"))
_PLURALS = {"cache_policy": "cache_policies", "response_headers_policy": "response_headers_policies"}
_kept: dict[str, dict[str, Any]] = {}


def install() -> None:
    """Adds the operations to moto's CloudFront."""
    for kind in ("cache-policy", "response-headers-policy", "function"):
        urls.url_paths[f"{{0}}/2020-05-31/{kind}$"] = CloudFrontResponse.dispatch
        urls.url_paths[f"{{0}}/2020-05-31/{kind}/(?P<id>[^/]+)$"] = CloudFrontResponse.dispatch
    # moto returns it in capital letters, which no waiter accepts.
    Invalidation.status = property(lambda _: "Completed", lambda _, __: None)  # type: ignore[assignment]
    response: Any = CloudFrontResponse
    for kind in _KINDS:
        setattr(response, f"create_{kind.operation}", _creation(kind))
        setattr(response, f"delete_{kind.operation}", _deletion(kind.operation, "Id"))
        setattr(response, f"list_{_PLURALS[kind.operation]}", _listing(kind))
    response.create_function = _create_function
    response.list_functions = _list_functions
    response.delete_function = _deletion("function", "Name")


def _creation(kind: Kind) -> Any:
    def create(self: Any) -> ActionResult:
        config = self._get_params()[f"{kind.member}Config"]
        policy = {"Id": str(uuid.uuid4()), "LastModifiedTime": utcnow(), f"{kind.member}Config": config}
        _kept.setdefault(kind.operation, {})[policy["Id"]] = policy
        return ActionResult({kind.member: policy, "ETag": "E1"})

    return create


def _deletion(kind: str, key: str) -> Any:
    def delete(self: Any) -> EmptyResult:
        _kept[kind].pop(self._get_param(key))
        return EmptyResult()

    return delete


def _listing(kind: Kind) -> Any:
    def list_them(self: Any) -> ActionResult:
        items = [{"Type": "custom", kind.member: each} for each in _kept.get(kind.operation, {}).values()]
        return ActionResult({f"{kind.member}List": {"MaxItems": 100, "Quantity": len(items), "Items": items}})

    return list_them


def _create_function(self: Any) -> ActionResult:
    given = self._get_params()
    summary = {
        "Name": given["Name"],
        "Status": "UNASSOCIATED",
        "FunctionConfig": given["FunctionConfig"],
        "FunctionMetadata": {
            "FunctionARN": f"arn:aws:cloudfront::{self.current_account}:function/{given['Name']}",
            "Stage": "LIVE",
            "LastModifiedTime": utcnow(),
        },
    }
    _kept.setdefault("function", {})[given["Name"]] = summary
    return ActionResult({"FunctionSummary": summary, "ETag": "E1"})


def _list_functions(self: Any) -> ActionResult:
    items = list(_kept.get("function", {}).values())
    return ActionResult({"FunctionList": {"MaxItems": 100, "Quantity": len(items), "Items": items}})
