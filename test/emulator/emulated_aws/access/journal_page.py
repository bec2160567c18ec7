"""The journal over HTTP: GET returns it, PUT clears it and leaves a statement out."""

import json
from typing import Any

from . import journal
from .policy import Source
from .role_policies import leave_out


def access_journal(request: Any, full_url: str, headers: Any) -> Any:
    """The body of PUT is the statement, `{"role", "policy", "index"}`, or `null`."""
    if request.method == "PUT":
        wanted = json.loads(request.get_data())
        journal.forget()
        leave_out(None if wanted is None else Source(wanted["role"], wanted["policy"], wanted["index"]))
        return 200, {}, ""
    return 200, {}, json.dumps(journal.report())
