"""Runs a handler once: python_runtime.py FOLDER MODULE.FUNCTION RESULT-FILE. The event is on standard input."""

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from types import SimpleNamespace


def main() -> None:
    """Writes the result, or the error and exits with 1."""
    folder, handler, result_file = sys.argv[1:]
    module_name, function_name = handler.rsplit(".", 1)
    sys.path.insert(0, folder)
    context = SimpleNamespace(
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        log_stream_name="emulated",
        aws_request_id=f"emulated-{os.getpid()}",
        get_remaining_time_in_millis=lambda: 60_000,
    )
    try:
        function = getattr(importlib.import_module(module_name), function_name)
        answer = function(json.load(sys.stdin), context)
    except Exception as error:
        traceback.print_exc()
        answer = {"errorType": type(error).__name__, "errorMessage": str(error)}
        Path(result_file).write_text(json.dumps(answer))
        sys.exit(1)
    Path(result_file).write_text(json.dumps(answer))


if __name__ == "__main__":
    main()
