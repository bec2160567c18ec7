"""Runs state machines with moto's interpreter, but compresses the time of their waits."""

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

# The real duration of one second of waiting.
_SECOND = 0.02

_skipped_seconds = 0.0


def install(endpoint: str) -> None:
    """Makes moto run the executions that it starts."""
    _replace_everywhere("boto_client_for", boto_client, _clients_of_roles(endpoint))
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    retrier: Any = retrier_decl
    retrier.time = SimpleNamespace(sleep=_wait)
    # An execution starts with a copy of its state machine. moto would copy other executions and their threads, too.
    machine: Any = StateMachine
    machine.__deepcopy__ = lambda self, _: copy.copy(self)
    # moto does not name executions without a name either.
    backend: Any = StepFunctionsParserBackend
    start = backend.start_execution
    backend.start_execution = lambda self, machine_arn, name, *more: start(
        self, machine_arn, name or str(uuid.uuid4()), *more
    )


def clock_ahead_milliseconds() -> int:
    """The lead of the clock that functions see, so that they notice the wait of their state machine."""
    return round(_skipped_seconds * 1000)


def _clients_of_roles(endpoint: str) -> Any:
    """A state machine calls other services under its role."""

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
    """moto's modules have imported the function by name."""
    original = getattr(origin, name)
    for module in list(sys.modules.values()):
        if getattr(module, "__name__", "").startswith("moto.") and getattr(module, name, None) is original:
            setattr(module, name, replacement)


def skip(seconds: float) -> None:
    """Advances the clock that functions see."""
    global _skipped_seconds
    _skipped_seconds += seconds


def _wait(seconds: float) -> None:
    time.sleep(seconds * _SECOND)
    skip(seconds * (1 - _SECOND))
