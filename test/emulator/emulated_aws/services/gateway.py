"""Mutual TLS of API Gateway's domain names: stored and removed. (moto supports neither.)"""

import json
from typing import Any

from moto.apigateway.models import DomainName
from moto.apigateway.responses import APIGatewayResponse
from moto.core.exceptions import ServiceException

_TRUSTSTORE = "/mutualTlsAuthentication/truststoreUri"


class BadRequest(ServiceException):
    """API Gateway's error for invalid requests."""

    code = "BadRequestException"


def install() -> None:
    """Patches moto's domain names."""
    response: Any = APIGatewayResponse
    create_domain_name = response.create_domain_name

    def create(self: Any) -> Any:
        answer = create_domain_name(self)
        domain = self.backend.get_domain_name(self._get_param("domainName"))
        domain.mutual_tls = self._get_param("mutualTlsAuthentication")
        return *answer[:2], json.dumps(domain.to_json())

    def update(self: Any) -> str:
        domain = self.backend.get_domain_name(self.path.split("/")[2])
        for each in self._get_param("patchOperations"):
            if (each["op"], each["path"]) != ("replace", _TRUSTSTORE):
                raise BadRequest(f"The emulator does not {each['op']} {each['path']} of a domain name.")
            # An empty URI turns mutual TLS off.
            domain.mutual_tls = {"truststoreUri": each["value"]} if each["value"] else None
        return json.dumps(domain.to_json())

    response.create_domain_name, response.update_domain_name = create, update
    model: Any = DomainName
    to_json = model.to_json

    def with_mutual_tls(self: Any) -> dict[str, Any]:
        mutual_tls = getattr(self, "mutual_tls", None)
        return {**to_json(self), **({"mutualTlsAuthentication": mutual_tls} if mutual_tls else {})}

    model.to_json = with_mutual_tls
