"""The resource types of the templates, by service."""

from collections.abc import Mapping

from ..resource_type import ResourceType
from . import containers, data, edge, functions, gateway, identity, network, observability

TYPES: Mapping[str, ResourceType] = {
    **network.TYPES,
    **identity.TYPES,
    **data.TYPES,
    **containers.TYPES,
    **functions.TYPES,
    **edge.TYPES,
    **gateway.TYPES,
    **observability.TYPES,
}
