"""State machines run, by moto's own interpreter, but wait in compressed time."""

import copy
import time
import uuid
from types import SimpleNamespace
from typing import Any

from moto.core.config import default_user_config
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

# A second of a machine's waiting takes this long.
_SECOND = 0.02

_skipped_seconds = 0.0


def install() -> None:
    """Has moto run what it starts."""
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


def _wait(seconds: float) -> None:
    global _skipped_seconds
    time.sleep(seconds * _SECOND)
    _skipped_seconds += seconds * (1 - _SECOND)
