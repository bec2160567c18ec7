"""What CloudFormation makes of several calls where the order or an answer matters."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from .api_call import Api


def _create_secret(api: Api, parameters: dict[str, Any]) -> Any:
    """A secret whose value Secrets Manager thinks of, alone or inside of a template."""
    generate = parameters.pop("GenerateSecretString", None)
    if generate is not None:
        about_template = ("SecretStringTemplate", "GenerateStringKey")
        wanted = {name: value for name, value in generate.items() if name not in about_template}
        password = api.call("secretsmanager", "get_random_password", wanted)["RandomPassword"]
        if "SecretStringTemplate" in generate:
            value = {**json.loads(generate["SecretStringTemplate"]), generate["GenerateStringKey"]: password}
            password = json.dumps(value)
        parameters["SecretString"] = password
    return api.call("secretsmanager", "create_secret", parameters)


def _delete_distribution(api: Api, parameters: dict[str, Any]) -> None:
    """CloudFront deletes only what is disabled."""
    cloudfront = api.client("cloudfront", "us-east-1")
    current = cloudfront.get_distribution_config(Id=parameters["Id"])
    config = {**current["DistributionConfig"], "Enabled": False}
    disabled = cloudfront.update_distribution(
        Id=parameters["Id"], IfMatch=current["ETag"], DistributionConfig=config
    )
    cloudfront.delete_distribution(Id=parameters["Id"], IfMatch=disabled["ETag"])


COMPOUND_CALLS: Mapping[str, Callable[[Api, dict[str, Any]], Any]] = {
    "create_secret": _create_secret,
    "delete_distribution": _delete_distribution,
}
