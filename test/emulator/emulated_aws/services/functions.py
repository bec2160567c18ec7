"""Runs Lambda functions in child processes, with the emulator as their AWS. (moto runs them in Docker.)"""

import io
import os
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path
from typing import Any

from moto.awslambda.models import LambdaFunction, lambda_backends

from ..access.sessions import Place, Session, credentials
from .execution_roles import may_write_logs
from .state_machines import clock_ahead_milliseconds

_HERE = Path(__file__).parent
_REPOSITORY = _HERE.parents[3]
_TEMPORARY = tempfile.TemporaryDirectory(prefix="emulated-functions-")
_WORK = Path(_TEMPORARY.name)
_unpacking = threading.Lock()

# By the name of the runtime without its version.
_RUNTIMES = {
    "nodejs": ["node", str(_HERE / "node_runtime.mjs")],
    "python": [sys.executable, str(_HERE / "python_runtime.py")],
}


def install(endpoint: str) -> None:
    """Makes moto invoke functions in this process."""
    original = LambdaFunction.__init__

    def remember_log_group(self: Any, account_id: str, spec: dict[str, Any], *more: Any, **named: Any) -> None:
        original(self, account_id, spec, *more, **named)
        self.logs_group_name = spec.get("LoggingConfig", {}).get("LogGroup", self.logs_group_name)

    def invoke(self: Any, body: str, request_headers: Any, response_headers: Any) -> str | bytes:
        if request_headers.get("x-amz-invocation-type") == "Event":
            threading.Thread(target=_run, args=[self, body, endpoint], daemon=True).start()
            return b""
        failed, answer = _run(self, body, endpoint)
        if failed:
            response_headers["x-amz-function-error"] = "Unhandled"
        return answer

    LambdaFunction.__init__ = remember_log_group  # type: ignore[method-assign]
    LambdaFunction.invoke = invoke  # type: ignore[method-assign]


def _run(function: Any, event: str | bytes, endpoint: str) -> tuple[bool, bytes]:
    command = _RUNTIMES[str(function.run_time).rstrip("0123456789.x")]
    folder = _unpacked(function)
    with tempfile.TemporaryDirectory(dir=_WORK) as scratch:
        result = Path(scratch) / "result.json"
        done = subprocess.run(
            [*command, str(folder), function.handler, str(result)],
            input=event.encode() if isinstance(event, str) else event,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(function, endpoint, scratch),
            timeout=int(function.timeout),
            check=False,
        )
        answer = result.read_bytes() if result.exists() else b'{"errorMessage": "The function ended without an answer"}'
    output = done.stdout.decode(errors="replace")
    # Lambda creates a missing log group, so a group that is deleted before its function returns.
    backend = lambda_backends[function.account_id][function.region]
    stands = any(each is function for each in backend.list_functions())
    if stands and may_write_logs(function, _session(function)):
        function.logs_backend.ensure_log_group(function.logs_group_name)
        function.save_logs(output)
    if done.returncode != 0 and os.environ.get("EMULATOR_TRACEBACKS"):
        print(f"{function.function_name} failed: {answer.decode()}\n{output}", flush=True)
    return done.returncode != 0, answer


def _session(function: Any) -> Session:
    """The function makes every call as its role."""
    subnets = (function.vpc_config or {}).get("SubnetIds", [])
    place = Place(function.region, tuple(subnets)) if subnets else None
    return Session(function.role, function.function_name, place, function.function_arn)


def _environment(function: Any, endpoint: str, scratch: str) -> dict[str, str]:
    key = credentials(_session(function), function.region)
    return {
        "PATH": os.environ["PATH"],
        "HOME": scratch,
        "TMPDIR": scratch,
        # The AWS SDK is part of the runtime.
        "NODE_PATH": str(_REPOSITORY / "node_modules"),
        **{name: str(value) for name, value in function.environment_vars.items()},
        "AWS_ACCESS_KEY_ID": key.access_key_id,
        "AWS_SECRET_ACCESS_KEY": key.secret_access_key,
        "AWS_SESSION_TOKEN": key.session_token,
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "EMULATOR_CLOCK_AHEAD": str(clock_ahead_milliseconds()),
    }


def _unpacked(function: Any) -> Path:
    """The folder with the function's code. The layers are beside it, not at /opt as in Lambda."""
    backend = lambda_backends[function.account_id][function.region]
    layers = [backend.layers_versions_by_arn(layer["Arn"]) for layer in function.layers]
    folder = _WORK / "-".join(each.code_digest.removeprefix("sha256:") for each in (function, *layers))
    with _unpacking:
        if not folder.exists():
            _unzip(function.code_bytes, folder)
            for layer in layers:
                _unzip(layer.code_bytes, folder / "opt")
            for source in folder.glob("*.py") if layers else ():
                source.write_text(source.read_text().replace('"/opt/', f'"{folder}/opt/'))
    return folder


def _unzip(content: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
        for entry in archive.infolist():
            path = folder / entry.filename
            # extractall drops the executable bits, and Python's path differs from that in Lambda.
            if path.is_file() and entry.external_attr >> 16 & 0o111:
                path.chmod(0o755)
                path.write_bytes(path.read_bytes().replace(b"/var/lang/bin/python", sys.executable.encode(), 1))
