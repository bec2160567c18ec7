#!/usr/bin/env python3
"""Replaces Docker where the CDK CLI publishes images to the emulator (CDK_DOCKER).

It builds nothing and pushes a manifest without layers: the image's content is not tested here, but its tag, its
repository and everything that refers to them are.
"""

import hashlib
import json
import sys

import boto3


def push(name: str) -> None:
    """Puts a manifest into the repository: ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG."""
    address, tag = name.rsplit(":", 1)
    host, repository = address.split("/", 1)
    digest = f"sha256:{hashlib.sha256(tag.encode()).hexdigest()}"
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": digest},
        "layers": [],
    }
    ecr = boto3.client("ecr", region_name=host.split(".")[3])
    ecr.put_image(repositoryName=repository, imageTag=tag, imageManifest=json.dumps(manifest))
    print(f"STUB: {name} is a manifest without layers, not an image", file=sys.stderr)


def main() -> None:
    """Implements the Docker commands that the CDK CLI runs."""
    command, *arguments = sys.argv[1:]
    if command == "push":
        push(arguments[-1])
    elif command == "inspect":
        # The image has not been built yet.
        sys.exit(1)
    elif command not in ("login", "build", "tag"):
        sys.exit(f"docker_stub.py does not know '{command}'.")


if __name__ == "__main__":
    main()
