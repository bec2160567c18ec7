"""State machines run, by moto's own interpreter, but wait in compressed time."""

import copy
import sys
import time
import uuid
from types import SimpleNamespace
from typing import Any

import boto3
from botocore.config import Config
from moto.core.config import default_user_config
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.utils import boto_client
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from ..access.sessions import Session, credentials

# A second of a machine's waiting takes this long.
_SECOND = 0.02

_skipped_seconds = 0.0


def install(endpoint: str) -> None:
    """Has moto run what it starts."""
    _replace_everywhere("boto_client_for", boto_client, _clients_of_roles(endpoint))
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    retrier: Any = retrier_decl
    retrier.time = SimpleNamespace(sleep=_wait)
    # An execution begins with a copy of its machine, in which moto would copy other executions with their threads.
    machine: Any = StateMachine
    machine.__deepcopy__ = lambda self, _: copy.copy(self)
    # Nor does it name an execution that comes without a name.
    backend: Any = StepFunctionsParserBackend
    start = backend.start_execution
    backend.start_execution = lambda self, machine_arn, name, *more: start(
        self, machine_arn, name or str(uuid.uuid4()), *more
    )


def clock_ahead_milliseconds() -> int:
    """How much later it is for functions, which then see that their machine has waited."""
    return round(_skipped_seconds * 1000)


def _clients_of_roles(endpoint: str) -> Any:
    """A machine calls other services under its role."""

    def client_for(region: str, service: str, state_credentials: Any) -> Any:
        key = credentials(Session(state_credentials.role_arn, "state-machine"), region)
        return boto3.client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            aws_access_key_id=key.access_key_id,
            aws_secret_access_key=key.secret_access_key,
            aws_session_token=key.session_token,
            config=Config(parameter_validation=False, retries={"total_max_attempts": 1}, read_timeout=900),
        )

    return client_for


def _replace_everywhere(name: str, origin: Any, replacement: Any) -> None:
    """Modules of moto have imported the function by its name."""
    original = getattr(origin, name)
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("moto.") and getattr(module, name, None) is original:
            setattr(module, name, replacement)


def skip(seconds: float) -> None:
    """Makes it later for functions."""
    global _skipped_seconds
    _skipped_seconds += seconds


def _wait(seconds: float) -> None:
    time.sleep(seconds * _SECOND)
    skip(seconds * (1 - _SECOND))
