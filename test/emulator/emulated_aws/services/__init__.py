"""Extensions of moto's services that the templates and functions need."""

from . import code_deploy, ecs, edge, execution_roles, functions, gateway, state_machines, storage, various


def install(endpoint: str) -> None:
    """Adds the extensions to moto, before the first request."""
    functions.install(endpoint)
    state_machines.install(endpoint)
    for service in (execution_roles, ecs, code_deploy, edge, gateway, storage, various):
        service.install()
