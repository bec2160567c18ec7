"""State machines of Lambda tasks, run in compressed time: what CDK's provider framework waits with."""

import json
import threading
import time
from typing import Any

from moto.stepfunctions.models import StateMachine

from ..api_call import Api
from ..cloudformation import CloudFormation

# A second of a machine's waiting takes this long.
_SECOND = 0.02


def install() -> None:
    """Has moto run what it starts."""
    original = StateMachine.start_execution

    def start_execution(self: Any, *arguments: Any, **named: Any) -> Any:
        execution = original(self, *arguments, **named)
        threading.Thread(target=_execute, args=[self, execution], daemon=True).start()
        return execution

    StateMachine.start_execution = start_execution  # type: ignore[method-assign]


def _execute(machine: Any, execution: Any) -> None:
    states = json.loads(machine.definition)
    payload = execution.execution_input
    name: str | None = states["StartAt"]
    try:
        while name is not None:
            name, payload = _step(name, states["States"][name], payload)
        execution.status = "SUCCEEDED"
        execution.output = payload
    except Exception as error:
        execution.status = "FAILED"
        execution.cause = str(error)
        print(f"{execution.execution_arn}: {error}", flush=True)


def _step(name: str, state: dict[str, Any], payload: str) -> tuple[str | None, str]:
    unknown = state.keys() - {"Type", "Resource", "Retry", "Catch", "Next", "End"}
    if state["Type"] != "Task" or unknown:
        raise NotImplementedError(f"state {name} is more than the emulator understands: {state['Type']} {unknown}")
    retry = state.get("Retry", [{"MaxAttempts": 0, "IntervalSeconds": 0}])[0]
    for attempt in range(retry["MaxAttempts"] + 1):
        failed, answer = _invoke(state["Resource"], payload)
        if not failed:
            return state.get("Next"), answer
        if attempt < retry["MaxAttempts"]:
            time.sleep(retry["IntervalSeconds"] * _SECOND)
    if "Catch" not in state:
        raise RuntimeError(answer)
    # The error takes the place of the input, as CDK's onTimeout expects it.
    said = json.loads(answer)
    error = {"Error": said.get("errorType", "Error"), "Cause": answer}
    return state["Catch"][0]["Next"], json.dumps(error)


def _invoke(arn: str, payload: str) -> tuple[bool, str]:
    client = Api(CloudFormation.endpoint, arn.split(":")[3]).client("lambda")
    answer = client.invoke(FunctionName=arn, Payload=payload)
    return "FunctionError" in answer, answer["Payload"].read().decode()
