"""Credentials of roles, as functions and state machines get them: whoever signs with such a key is known by it."""

from dataclasses import dataclass
from typing import Any

from moto.sts.models import sts_backends

from ..stack import ACCOUNT_ID

_HOUR = 3600


@dataclass(frozen=True)
class Place:
    """Where a function is in a VPC: its calls leave through its subnets."""

    region: str
    subnet_ids: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """A role that somebody has assumed."""

    role_arn: str
    name: str
    place: Place | None = None
    # The function whose code calls; what Lambda itself does for a function comes without.
    source_function_arn: str | None = None

    @property
    def role_name(self) -> str:
        """The role, without its path."""
        return self.role_arn.split("/")[-1]

    @property
    def arn(self) -> str:
        """The principal of the calls."""
        return f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{self.role_name}/{self.name}"


_sessions: dict[str, Session] = {}


def credentials(session: Session, region: str) -> Any:
    """New temporary credentials: `access_key_id`, `secret_access_key`, `session_token`."""
    made = sts_backends[ACCOUNT_ID]["aws"].assume_role(
        region_name=region,
        role_session_name=session.name,
        role_arn=session.role_arn,
        policy="",
        duration=_HOUR,
        external_id="",
    )
    _sessions[made.access_key_id] = session
    return made


def session_of(access_key_id: str | None) -> Session | None:
    """Whose key this is; None for any other caller, such as the CDK's CLI."""
    return _sessions.get(access_key_id or "")
