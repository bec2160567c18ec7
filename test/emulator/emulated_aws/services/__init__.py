"""Extensions of moto's services that the templates and functions need."""

from . import (
    code_deploy,
    databases,
    ecs,
    edge,
    execution_roles,
    functions,
    gateway,
    security_hub,
    state_machines,
    storage,
    various,
)


def install(endpoint: str) -> None:
    """Adds the extensions to moto, before the first request."""
    functions.install(endpoint)
    state_machines.install(endpoint)
    for service in (execution_roles, ecs, code_deploy, databases, edge, gateway, security_hub, storage, various):
        service.install()
