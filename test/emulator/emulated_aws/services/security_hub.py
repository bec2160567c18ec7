"""Standards of Security Hub: enabled and listed. (moto supports neither.)"""

import json
from typing import Any

from moto.securityhub import urls
from moto.securityhub.responses import SecurityHubResponse


def install() -> None:
    """Patches moto's Security Hub."""
    response: Any = SecurityHubResponse
    response.batch_enable_standards, response.get_enabled_standards = _enable, _list
    for path in ("register", "get"):
        urls.url_paths[f"{{0}}/standards/{path}$"] = SecurityHubResponse.dispatch


def _subscriptions(backend: Any) -> list[dict[str, Any]]:
    # As for every call, the account must have subscribed.
    backend.describe_hub()
    return list(backend.__dict__.setdefault("standards", []))


def _enable(self: Any) -> str:
    backend = self.securityhub_backend
    requests = json.loads(self.body)["StandardsSubscriptionRequests"]
    wanted = [
        {"StandardsArn": each["StandardsArn"], "StandardsInput": {}, "StandardsStatus": "READY"} for each in requests
    ]
    backend.standards = [*_subscriptions(backend), *wanted]
    return json.dumps({"StandardsSubscriptions": wanted})


def _list(self: Any) -> str:
    return json.dumps({"StandardsSubscriptions": _subscriptions(self.securityhub_backend)})
