"""Starts the emulator. Run it in the parent folder: `python3 -m emulated_aws --port 4566`."""

import argparse
import logging
import os
import socket
from typing import Any, cast

from moto.cloudformation import urls as cloudformation_urls
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

from .access import role_policies
from .access.enforcement import enforcing
from .access.journal_page import access_journal
from .cloudformation import CloudFormation
from .services import install


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Serves on loopback until the process is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="a free one, if not given")
    port = parser.parse_args().port or _free_port()
    CloudFormation.endpoint = f"http://127.0.0.1:{port}"
    os.environ["MOTO_PORT"] = str(port)
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    install(CloudFormation.endpoint)
    role_policies.install()
    cloudformation_urls.url_paths = {
        "{0}/$": CloudFormation.dispatch,
        "{0}/cloudformation_(?P<region>[^/]+)/cfnresponse$": CloudFormation.cfnresponse,
        "{0}/cloudformation_(?P<region>[^/]+)/inventory$": CloudFormation.inventory,
        "{0}/cloudformation_(?P<region>[^/]+)/kept-only$": CloudFormation.kept_only,
        "{0}/cloudformation_(?P<region>[^/]+)/clock$": CloudFormation.clock,
        "{0}/cloudformation_(?P<region>[^/]+)/access$": access_journal,
    }
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = enforcing(cast(Any, DomainDispatcherApplication(create_backend_app)))
    print(CloudFormation.endpoint, flush=True)
    run_simple("127.0.0.1", port, application, threaded=True)


if __name__ == "__main__":
    main()
