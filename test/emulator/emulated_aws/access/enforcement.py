"""A filter in front of moto: a call of a role passes if the role is allowed to make it."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

from moto.core.utils import get_service_model

from . import journal
from .api_request import ApiRequest, access_key_id_of, api_request
from .authorizer import Refused, authorize
from .sessions import session_of

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]
_FORBIDDEN = "403 FORBIDDEN"
# Services with JSON protocols return AccessDeniedException.
_CODES = {"ec2": "UnauthorizedOperation", "query": "AccessDenied", "rest-xml": "AccessDenied"}


def enforcing(application: Application) -> Application:
    """Passes allowed calls to the application. Calls without a role's key, such as the CDK CLI's, always pass."""

    def enforce(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        session = session_of(access_key_id_of(environ))
        if session is None:
            return application(environ, start_response)
        request = None
        try:
            request = api_request(environ)
            authorize(session, request)
        except Refused as refused:
            return _answer(request, str(refused), start_response)
        except Exception as problem:
            # The emulator cannot decide: it must be extended.
            call = f"{request.service}:{request.operation}" if request else environ["PATH_INFO"]
            said = journal.note_undecided(session.role_name, call, problem)
            return _answer(request, said, start_response)
        return application(environ, start_response)

    return enforce


def _answer(request: ApiRequest | None, message: str, start_response: Any) -> list[bytes]:
    """The error in the format of the service."""
    if request is None:
        start_response(_FORBIDDEN, [("Content-Type", "text/plain")])
        return [message.encode()]
    protocol = str(get_service_model(request.model).protocol)
    code, text = error(request.model, protocol, message)
    kind = "application/x-amz-json-1.1" if text.startswith("{") else "application/xml"
    start_response(_FORBIDDEN, [("Content-Type", kind), ("x-amzn-ErrorType", code)])
    return [text.encode()]


def error(model: str, protocol: str, message: str) -> tuple[str, str]:
    """Code and body of a refusal."""
    code = _CODES.get(protocol, "AccessDeniedException")
    if protocol in ("json", "rest-json"):
        return code, json.dumps({"__type": code, "message": message, "Message": message})
    if protocol not in ("ec2", "query", "rest-xml"):
        raise NotImplementedError(f"Errors of {protocol} ({model}); add them to enforcement.py.")
    details = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    if protocol == "ec2":
        return code, f"<Response><Errors><Error>{details}</Error></Errors><RequestID>emulated</RequestID></Response>"
    if model == "s3":
        return code, f"<Error>{details}<RequestId>emulated</RequestId></Error>"
    wrapped = f"<Error><Type>Sender</Type>{details}</Error><RequestId>emulated</RequestId>"
    return code, f"<ErrorResponse>{wrapped}</ErrorResponse>"
