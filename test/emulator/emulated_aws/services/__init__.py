"""What moto's services lack, and our templates and functions need."""

from . import code_deploy, ecs, edge, functions, gateway, state_machines, storage, various


def install(endpoint: str) -> None:
    """Adds it to moto, before the first request."""
    functions.install(endpoint)
    for service in (state_machines, ecs, code_deploy, edge, gateway, storage, various):
        service.install()
